//! The rig in `tests/rigs/logind_rig.rs` as a program, for tests of the window: it answers for logind on the bus that
//! `DBUS_SYSTEM_BUS_ADDRESS` names, says `ready`, and obeys the words on its standard input, one a line. Each is
//! answered with one line, `ok`.
//!
//! | word | does |
//! | --- | --- |
//! | `await-delay` | waits until someone holds sleep back |
//! | `sleep` | says that the computer is about to sleep, and waits until nobody holds that back |
//! | `wake` | says that it is awake again |
//! | `lock` | says that the session is to be locked |
//! | `switch` | says that another session is in front now |
#![allow(clippy::unwrap_used, clippy::print_stdout)]

#[cfg(target_os = "linux")]
#[path = "../../../tests/rigs/logind_rig.rs"]
mod logind_rig;

#[cfg(target_os = "linux")]
fn main() {
    use std::collections::HashMap;
    use std::io::{ErrorKind, Read as _, stdin};
    use std::os::unix::net::UnixStream;

    use logind_rig::{LogindRig, OWN};
    use zbus::zvariant::Value;

    const SESSION: &str = "org.freedesktop.login1.Session";

    let logind = LogindRig::at(zbus::blocking::Connection::system().unwrap());
    let mut held: Option<UnixStream> = None;
    let answer = |word: &str| println!("{word}");
    answer("ready");
    for line in stdin().lines() {
        match line.unwrap().as_str() {
            "await-delay" => held = Some(logind.delays.recv().unwrap()),
            "sleep" => {
                let mut delay = held.take().unwrap();
                delay.set_nonblocking(true).unwrap();
                let read = delay.read(&mut [0]).map_err(|error| error.kind());
                assert_eq!(read, Err(ErrorKind::WouldBlock), "sleep is held back");
                delay.set_nonblocking(false).unwrap();
                logind.say_sleep(true);
                assert_eq!(delay.read(&mut [0]).unwrap(), 0, "let go of");
            }
            "wake" => logind.say_sleep(false),
            "lock" => logind.signal(OWN, SESSION, "Lock", &()),
            "switch" => {
                let values = HashMap::from([("Active", Value::from(false))]);
                let changed = (SESSION, values, Vec::<String>::new());
                let properties = "org.freedesktop.DBus.Properties";
                logind.signal(OWN, properties, "PropertiesChanged", &changed);
            }
            word => panic!("there is no word {word}"),
        }
        answer("ok");
    }
}

#[cfg(not(target_os = "linux"))]
fn main() {}
