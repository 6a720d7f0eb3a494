//! The session's screen saver: whether it covers the screen.

use zbus::blocking::fdo::DBusProxy;
use zbus::blocking::{Connection, MessageIterator};
use zbus::message::Type;
use zbus::{MatchRule, Message};

use crate::DesktopEvent;

/// Each desktop has an interface of its own with the same signal.
const INTERFACES: [&str; 5] = [
    "org.freedesktop.ScreenSaver",
    "org.gnome.ScreenSaver",
    "org.cinnamon.ScreenSaver",
    "org.mate.ScreenSaver",
    "org.xfce.ScreenSaver",
];

/// Calls `on` whenever a screen saver comes up, until the bus goes away.
///
/// Who says so is not asked: several programs may play this part, and all that comes of it is a lock.
pub(super) fn watch(bus: &Connection, on: &dyn Fn(DesktopEvent)) -> zbus::Result<()> {
    follow(listen(bus)?, on)
}

/// Tells the bus what is to be heard.
fn listen(bus: &Connection) -> zbus::Result<MessageIterator> {
    let messages = MessageIterator::from(bus);
    let rules = DBusProxy::new(bus)?;
    for interface in INTERFACES {
        let rule = MatchRule::builder().msg_type(Type::Signal).interface(interface)?;
        rules.add_match_rule(rule.member("ActiveChanged")?.build())?;
    }
    Ok(messages)
}

fn follow(messages: MessageIterator, on: &dyn Fn(DesktopEvent)) -> zbus::Result<()> {
    for message in messages {
        if comes_up(&message?) {
            on(DesktopEvent::ScreenLocked);
        }
    }
    Ok(())
}

fn comes_up(message: &Message) -> bool {
    let header = message.header();
    message.message_type() == Type::Signal
        && header.interface().is_some_and(|interface| INTERFACES.contains(&interface.as_str()))
        && header.member().is_some_and(|member| member.as_str() == "ActiveChanged")
        && message.body().deserialize::<bool>().unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;
    use crate::desktop::test_bus::Bus;

    #[test]
    fn each_desktops_screen_saver_is_heard_when_it_comes_up() {
        let bus = Bus::start();
        let (told, events) = channel();
        let watching = bus.connect();
        let saver = bus.connect();
        let emit = |interface: &str, member: &str, up: bool| {
            saver.emit_signal(None::<&str>, "/ScreenSaver", interface, member, &up).unwrap();
        };
        let messages = listen(&watching).unwrap();
        std::thread::spawn(move || follow(messages, &|event| told.send(event).unwrap()));
        for interface in INTERFACES {
            emit(interface, "ActiveChanged", false);
            emit(interface, "SessionIdleChanged", true);
            emit(interface, "ActiveChanged", true);
            assert_eq!(events.recv().unwrap(), DesktopEvent::ScreenLocked, "{interface}");
        }
        emit("org.example.ScreenSaver", "ActiveChanged", true);
        emit("org.gnome.ScreenSaver", "ActiveChanged", true);
        assert_eq!(events.recv().unwrap(), DesktopEvent::ScreenLocked);
        assert!(events.try_recv().is_err());
    }
}
