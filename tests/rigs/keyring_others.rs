//! Others at the session bus that `keyring_rig.rs` keeps in a folder: who answers in a keyring's stead, and the window in
//! which a keyring asks. Test files take it in with `#[path]`.

use std::collections::HashMap;
use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use zbus::blocking::connection::Builder;
use zbus::blocking::{Connection, MessageIterator};
use zbus::message::Type;
use zbus::zvariant::{OwnedObjectPath, OwnedValue};

/// The name by which a keyring is found.
pub const SECRETS: &str = "org.freedesktop.secrets";

/// Another program of the same user.
pub fn connect(home: &Path) -> Connection {
    let address = format!("unix:path={}", home.join("bus").display());
    Builder::address(address.as_str()).unwrap().build().unwrap()
}

/// Answers for a name on the bus, and does with every call what `done` says until that is an end.
pub fn answer_for(
    home: &Path,
    name: &str,
    mut done: impl FnMut(&Connection, &zbus::Message) -> bool + Send + 'static,
) {
    let connection = connect(home);
    let calls = MessageIterator::from(&connection);
    connection.request_name(name).unwrap();
    thread::spawn(move || {
        let calls = calls.map(Result::unwrap);
        for call in calls.filter(|message| message.message_type() == Type::MethodCall) {
            if !done(&connection, &call) {
                // The bus tells whoever waits for an answer that none will come.
                return connection.close().unwrap();
            }
        }
    });
}

/// Stands in for the desktop's window in which the keyring asks its question; what it gives tells
/// of each question. A person who closes it says no; another never looks.
pub fn question_window(home: &Path, closed: bool) -> Receiver<()> {
    let (asked, questions) = channel();
    answer_for(home, "org.gnome.keyring.SystemPrompter", move |connection, call| {
        let (header, body) = (call.header(), call.body());
        connection.reply(&header, &()).unwrap();
        let asker = header.sender().unwrap().to_owned();
        let ready = |callback: &OwnedObjectPath, reply: &str| {
            let answer = (reply, HashMap::<&str, OwnedValue>::new(), "");
            let callback_of = Some("org.gnome.keyring.internal.Prompter.Callback");
            let asker = Some(asker.clone());
            connection.call_method(asker, callback, callback_of, "PromptReady", &answer).unwrap();
        };
        match header.member().unwrap().as_str() {
            "BeginPrompting" => ready(&body.deserialize().unwrap(), ""),
            "PerformPrompt" => {
                type Question = (OwnedObjectPath, String, HashMap<String, OwnedValue>, String);
                let (callback, ..) = body.deserialize::<Question>().unwrap();
                asked.send(()).unwrap();
                if closed {
                    ready(&callback, "no");
                }
            }
            _ => {}
        }
        true
    });
    questions
}
