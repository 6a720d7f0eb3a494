//! A card rig: a private pcscd with a virtual reader of two slots, and virtual smartcards in it.
//!
//! Started as `unshare --mount --net --pid --fork --kill-child [--map-root-user] keyreeve-rig-cards FOLDER`, it has
//! /run/pcscd, the loopback interface and the process numbers to itself, so any number of rigs run side by side and
//! none outlives the test that started it. Programs outside reach its pcscd through the socket `FOLDER/run/pcscd.comm`,
//! which they find in the environment variable `PCSCLITE_CSOCK_NAME`. [`control`] has the words it takes.
//!
//! With the word `card` first, the program is one card; the rig starts it so.

mod apdu;
mod card;
mod control;
mod platform;
mod trussed_client;

use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["card", options @ ..] => card::run(&card::Options::parse(options)?),
        [folder] => control::run(folder.as_ref()),
        _ => Err("usage: keyreeve-rig-cards FOLDER".into()),
    }
}
