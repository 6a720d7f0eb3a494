//! As much of systemd's logind as Keyreeve asks for, on a bus of one test's own: the real one needs to be the system's
//! first process. Test files take it in with `#[path]`.

use std::os::unix::net::UnixStream;
use std::sync::mpsc::{Receiver, Sender, channel};

use zbus::blocking::Connection;
use zbus::fdo;
use zbus::zvariant::{DynamicType, OwnedFd, OwnedObjectPath};

pub const NAME: &str = "org.freedesktop.login1";
const PLACE: &str = "/org/freedesktop/login1";
/// The session of who asks.
pub const OWN: &str = "/org/freedesktop/login1/session/_31";

/// It, on a bus.
pub struct LogindRig {
    pub connection: Connection,
    /// Our ends of what holds sleep back, oldest first.
    pub delays: Receiver<UnixStream>,
}

struct Manager {
    delays: Sender<UnixStream>,
}

#[zbus::interface(name = "org.freedesktop.login1.Manager")]
impl Manager {
    #[allow(clippy::unused_self)]
    fn get_session(&self, id: &str) -> fdo::Result<OwnedObjectPath> {
        if id == "auto" {
            Ok(OwnedObjectPath::try_from(OWN).unwrap())
        } else {
            Err(fdo::Error::InvalidArgs(id.into()))
        }
    }

    fn inhibit(&self, what: &str, _who: &str, _why: &str, mode: &str) -> fdo::Result<OwnedFd> {
        if (what, mode) != ("sleep", "delay") {
            return Err(fdo::Error::InvalidArgs(what.into()));
        }
        let (ours, theirs) = UnixStream::pair().unwrap();
        self.delays.send(ours).unwrap();
        Ok(OwnedFd::from(std::os::fd::OwnedFd::from(theirs)))
    }
}

impl LogindRig {
    /// Answers for logind at this end of a bus.
    pub fn at(connection: Connection) -> Self {
        let (sender, delays) = channel();
        connection.object_server().at(PLACE, Manager { delays: sender }).unwrap();
        connection.request_name(NAME).unwrap();
        Self { connection, delays }
    }

    /// Says that the computer is about to sleep, or awake again.
    pub fn say_sleep(&self, sleeps: bool) {
        self.signal(PLACE, "org.freedesktop.login1.Manager", "PrepareForSleep", &sleeps);
    }

    /// Sends a signal.
    pub fn signal<B: serde::Serialize + DynamicType>(
        &self,
        path: &str,
        interface: &str,
        member: &str,
        body: &B,
    ) {
        self.connection.emit_signal(None::<&str>, path, interface, member, body).unwrap();
    }
}
