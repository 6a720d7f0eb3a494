//! `keyreeve lock` where no window listens; that a window locks is tested with the real one, in `tests/e2e`.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::net::UnixListener;
use std::thread;

use serde_json::json;

use crate::desk::{Desk, Done};

fn lock(desk: &Desk) -> Done {
    let mut command = desk.command(&["lock", "--json"]);
    Done::of(command.env("XDG_RUNTIME_DIR", desk.path("run")).output().unwrap())
}

#[test]
fn where_no_window_runs_there_is_nothing_to_lock() {
    let desk = Desk::empty();
    let nothing = json!({ "window": false, "locked": false });
    let done = lock(&desk);
    assert_eq!((done.exit, done.json()), (0, nothing.clone()), "{done:?}");
    // What a window left behind that did not end well.
    fs::create_dir_all(desk.path("run/keyreeve")).unwrap();
    drop(UnixListener::bind(desk.path("run/keyreeve/window")).unwrap());
    let done = lock(&desk);
    assert_eq!((done.exit, done.json()), (0, nothing), "{done:?}");
}

#[test]
fn what_is_no_window_is_not_taken_for_one() {
    let desk = Desk::empty();
    fs::create_dir_all(desk.path("run/keyreeve")).unwrap();
    for answer in [&b""[..], b"unlocked\n", b"locked", b"LOCKED\n", b"\xff\xfe\n", &[b'x'; 100_000]]
    {
        let door = desk.path("run/keyreeve/window");
        _ = fs::remove_file(&door);
        let listener = UnixListener::bind(&door).unwrap();
        let stranger = thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut asked = String::new();
            BufReader::new(&stream).read_line(&mut asked).unwrap();
            // Whoever asked need not listen to all of it.
            _ = stream.write_all(answer);
            asked
        });
        lock(&desk).refused(7, "window_unreachable");
        assert_eq!(stranger.join().unwrap(), "lock\n");
    }
}
