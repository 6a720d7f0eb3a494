//! systemd's logind: sleep, a locked session, another session in front.
//!
//! <https://www.freedesktop.org/software/systemd/man/latest/org.freedesktop.login1.html>

use std::collections::HashMap;

use zbus::blocking::{Connection, MessageIterator, fdo::DBusProxy};
use zbus::message::Type;
use zbus::zvariant::{OwnedFd, OwnedObjectPath, OwnedValue};
use zbus::{MatchRule, Message};

use crate::DesktopEvent;

const NAME: &str = "org.freedesktop.login1";
const PLACE: &str = "/org/freedesktop/login1";
const MANAGER: &str = "org.freedesktop.login1.Manager";
const SESSION: &str = "org.freedesktop.login1.Session";
const PROPERTIES: &str = "org.freedesktop.DBus.Properties";
const BUS: &str = "org.freedesktop.DBus";

/// Calls `on` with what logind says, until the bus goes away.
pub(super) fn watch(bus: &Connection, on: &dyn Fn(DesktopEvent)) -> zbus::Result<()> {
    // Taken before anything is asked, so that nothing is missed in between.
    let messages = MessageIterator::from(bus);
    let rules = DBusProxy::new(bus)?;
    let from_logind = || MatchRule::builder().msg_type(Type::Signal).sender(NAME);
    rules.add_match_rule(from_logind()?.interface(MANAGER)?.member("PrepareForSleep")?.build())?;
    rules.add_match_rule(from_logind()?.interface(SESSION)?.build())?;
    rules.add_match_rule(from_logind()?.interface(PROPERTIES)?.build())?;
    let restarts = MatchRule::builder().msg_type(Type::Signal).sender(BUS)?.interface(BUS)?;
    rules.add_match_rule(restarts.member("NameOwnerChanged")?.arg(0, NAME)?.build())?;

    let mut session = own_session(bus);
    let mut delay = delay_sleep(bus);
    for message in messages {
        match heard(&message?, session.as_ref()) {
            Some(Heard::Event(event)) => {
                on(event);
                if event == DesktopEvent::Sleep {
                    // Letting go of it says that nothing has to be done any more.
                    drop(delay.take());
                }
            }
            Some(Heard::Awake) => delay = delay_sleep(bus),
            Some(Heard::Restarted) => {
                session = own_session(bus);
                delay = delay_sleep(bus);
            }
            None => {}
        }
    }
    Ok(())
}

enum Heard {
    Event(DesktopEvent),
    Awake,
    Restarted,
}

fn heard(message: &Message, session: Option<&OwnedObjectPath>) -> Option<Heard> {
    let header = message.header();
    if message.message_type() != Type::Signal {
        return None;
    }
    let ours = header.path().is_some_and(|path| session.is_some_and(|own| *path == **own));
    let event = match (header.interface()?.as_str(), header.member()?.as_str()) {
        (MANAGER, "PrepareForSleep") => {
            let sleeps: bool = message.body().deserialize().ok()?;
            return Some(if sleeps { Heard::Event(DesktopEvent::Sleep) } else { Heard::Awake });
        }
        (SESSION, "Lock") if ours => DesktopEvent::ScreenLocked,
        (PROPERTIES, "PropertiesChanged") if ours => changed(message)?,
        (BUS, "NameOwnerChanged") => {
            let (name, _, new): (String, String, String) = message.body().deserialize().ok()?;
            return (name == NAME && !new.is_empty()).then_some(Heard::Restarted);
        }
        _ => return None,
    };
    Some(Heard::Event(event))
}

fn changed(message: &Message) -> Option<DesktopEvent> {
    type Changed = (String, HashMap<String, OwnedValue>, Vec<String>);
    let body = message.body();
    let (interface, values, _): Changed = body.deserialize().ok()?;
    let is = |name: &str, wanted: bool| {
        values.get(name).is_some_and(|value| bool::try_from(value).is_ok_and(|is| is == wanted))
    };
    if interface != SESSION {
        None
    } else if is("Active", false) {
        Some(DesktopEvent::UserSwitched)
    } else if is("LockedHint", true) {
        Some(DesktopEvent::ScreenLocked)
    } else {
        None
    }
}

/// The session that this program belongs to, or its user's on the screen. None where there is no logind.
fn own_session(bus: &Connection) -> Option<OwnedObjectPath> {
    let answer = bus.call_method(Some(NAME), PLACE, Some(MANAGER), "GetSession", &"auto");
    answer.ok()?.body().deserialize().ok()
}

/// Makes the computer wait with going to sleep, for as long as what is returned is held and no longer than
/// logind allows (5 seconds unless configured otherwise).
fn delay_sleep(bus: &Connection) -> Option<OwnedFd> {
    let asked = ("sleep", "Keyreeve", "The vault is locked first", "delay");
    let answer = bus.call_method(Some(NAME), PLACE, Some(MANAGER), "Inhibit", &asked);
    answer.ok()?.body().deserialize().ok()
}

#[cfg(test)]
mod tests {
    use std::io::{ErrorKind, Read as _};
    use std::os::unix::net::UnixStream;
    use std::sync::mpsc::{Receiver, channel};
    use std::sync::{Arc, Mutex};

    use super::*;
    use crate::desktop::test_bus::Bus;
    use crate::desktop::test_logind::{LogindRig, OWN};

    struct Rig {
        _bus: Bus,
        logind: LogindRig,
        events: Receiver<DesktopEvent>,
        /// What is asked before an event counts as handled.
        during: Arc<Mutex<Option<UnixStream>>>,
    }

    impl Rig {
        fn start() -> Self {
            let bus = Bus::start();
            let logind = LogindRig::at(bus.connect());
            let (told, events) = channel();
            let watching = bus.connect();
            let during = Arc::new(Mutex::new(None::<UnixStream>));
            let held = during.clone();
            std::thread::spawn(move || {
                _ = watch(&watching, &|event| {
                    if let Some(delay) = &*held.lock().unwrap() {
                        delay.set_nonblocking(true).unwrap();
                        let read = (&*delay).read(&mut [0]).map_err(|error| error.kind());
                        assert_eq!(read, Err(ErrorKind::WouldBlock), "sleep is still held back");
                        delay.set_nonblocking(false).unwrap();
                    }
                    told.send(event).unwrap();
                });
            });
            Self { _bus: bus, logind, events, during }
        }
    }

    #[test]
    fn sleep_waits_until_the_event_was_handled_and_again_the_next_time() {
        let rig = Rig::start();
        for _ in 0..2 {
            let mut delay = rig.logind.delays.recv().unwrap();
            *rig.during.lock().unwrap() = Some(delay.try_clone().unwrap());
            rig.logind.say_sleep(true);
            assert_eq!(rig.events.recv().unwrap(), DesktopEvent::Sleep);
            rig.during.lock().unwrap().take();
            assert_eq!(delay.read(&mut [0]).unwrap(), 0, "let go of");
            rig.logind.say_sleep(false);
        }
        rig.logind.delays.recv().unwrap();
    }

    #[test]
    fn only_what_concerns_this_session_is_told() {
        let rig = Rig::start();
        rig.logind.delays.recv().unwrap();
        let other = "/org/freedesktop/login1/session/_32";
        let properties = |name: &str, value: bool| {
            let values = HashMap::from([(name.to_owned(), zbus::zvariant::Value::from(value))]);
            (SESSION.to_owned(), values, Vec::<String>::new())
        };
        rig.logind.signal(other, SESSION, "Lock", &());
        rig.logind.signal(other, PROPERTIES, "PropertiesChanged", &properties("Active", false));
        rig.logind.signal(OWN, PROPERTIES, "PropertiesChanged", &properties("Active", true));
        rig.logind.signal(OWN, PROPERTIES, "PropertiesChanged", &properties("LockedHint", false));
        rig.logind.signal(OWN, PROPERTIES, "PropertiesChanged", &properties("IdleHint", true));
        rig.logind.signal(OWN, PROPERTIES, "PropertiesChanged", &"nonsense");
        rig.logind.signal(OWN, SESSION, "Unlock", &());
        rig.logind.signal(OWN, SESSION, "Lock", &());
        assert_eq!(rig.events.recv().unwrap(), DesktopEvent::ScreenLocked);
        rig.logind.signal(OWN, PROPERTIES, "PropertiesChanged", &properties("LockedHint", true));
        assert_eq!(rig.events.recv().unwrap(), DesktopEvent::ScreenLocked);
        rig.logind.signal(OWN, PROPERTIES, "PropertiesChanged", &properties("Active", false));
        assert_eq!(rig.events.recv().unwrap(), DesktopEvent::UserSwitched);
        assert!(rig.events.try_recv().is_err());
    }

    #[test]
    fn a_logind_that_is_restarted_is_asked_to_wait_again() {
        let rig = Rig::start();
        rig.logind.delays.recv().unwrap();
        rig.logind.connection.release_name(NAME).unwrap();
        rig.logind.connection.request_name(NAME).unwrap();
        rig.logind.delays.recv().unwrap();
        rig.logind.say_sleep(true);
        assert_eq!(rig.events.recv().unwrap(), DesktopEvent::Sleep);
    }
}
