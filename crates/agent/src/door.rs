//! The door of a running window: whoever of the same user knocks asks it to lock.
//!
//! The request is the line `lock`. The window locks and answers with one line, `locked` or `nothing-open`;
//! the answer comes when the keys are wiped.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::path::Path;
use std::time::Duration;

use interprocess::local_socket::prelude::*;
use interprocess::local_socket::{GenericFilePath, Listener, ListenerOptions, Stream};

use crate::DoorError;

const REQUEST: &str = "lock\n";

/// No request or answer is longer.
const MAX_LINE: u64 = 64;

/// How long one who knocked may take to say what for; others wait meanwhile.
const PATIENCE: Duration = Duration::from_secs(2);

/// What a window did when it was asked to lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Locked {
    /// It had a vault open and locked it.
    Now,
    /// It had none open.
    NothingOpen,
}

impl Locked {
    fn word(self) -> &'static str {
        match self {
            Self::Now => "locked",
            Self::NothingOpen => "nothing-open",
        }
    }
}

/// Asks the window that listens at `door` to lock, and waits until it has.
///
/// None when no window listens there.
///
/// # Errors
/// When something else answers, or the operating system fails.
pub fn ask_to_lock(door: &Path) -> Result<Option<Locked>, DoorError> {
    let mut stream = match Stream::connect(door.to_fs_name::<GenericFilePath>()?) {
        Ok(stream) => stream,
        Err(error) if is_nobody(&error) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let asked = stream.write_all(REQUEST.as_bytes());
    let answer = asked.and_then(|()| line(&stream)).map_err(|error| match error.kind() {
        // No text, or nobody there any more: not to read the request, or not to answer it.
        io::ErrorKind::InvalidData | io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe => {
            DoorError::Stranger
        }
        _ => error.into(),
    })?;
    let known = [Locked::Now, Locked::NothingOpen];
    let said = known.into_iter().find(|known| answer.strip_suffix('\n') == Some(known.word()));
    said.map(Some).ok_or(DoorError::Stranger)
}

/// Answers at `door` for as long as the program runs, by `lock`, in a thread of its own.
///
/// # Errors
/// When the door cannot be made. The window then runs as well, but nobody outside can ask it to lock.
pub fn answer_requests(
    door: &Path,
    lock: impl Fn() -> Locked + Send + 'static,
) -> Result<(), DoorError> {
    let listener = open(door)?;
    std::thread::Builder::new().name("lock-requests".into()).spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { continue };
            let asked = stream.set_recv_timeout(Some(PATIENCE)).and_then(|()| line(&stream));
            if asked.is_ok_and(|asked| asked == REQUEST) {
                let answer = lock().word();
                // Whoever hung up has asked nonetheless.
                _ = stream.write_all(format!("{answer}\n").as_bytes());
            }
        }
    })?;
    Ok(())
}

fn line(stream: &Stream) -> io::Result<String> {
    let mut line = String::new();
    BufReader::new(stream.take(MAX_LINE)).read_line(&mut line)?;
    Ok(line)
}

fn open(door: &Path) -> Result<Listener, DoorError> {
    #[cfg(unix)]
    if let Some(folder) = door.parent() {
        use std::os::unix::fs::DirBuilderExt as _;
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        // What a window that did not end well left behind.
        if matches!(ask_who(door), Err(error) if is_nobody(&error)) {
            _ = std::fs::remove_file(door);
        }
    }
    Ok(ListenerOptions::new().name(door.to_fs_name::<GenericFilePath>()?).create_sync()?)
}

/// Whether someone listens at `door`, without asking for anything.
#[cfg(unix)]
fn ask_who(door: &Path) -> io::Result<()> {
    std::os::unix::net::UnixStream::connect(door).map(drop)
}

fn is_nobody(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused)
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[test]
    fn who_knocks_gets_the_answer_after_the_lock() {
        let folder = tempfile::tempdir().unwrap();
        let door = folder.path().join("keyreeve").join("window");
        assert_eq!(ask_to_lock(&door).unwrap(), None);
        let (told, locks) = mpsc::channel();
        let open = std::sync::atomic::AtomicBool::new(true);
        answer_requests(&door, move || {
            told.send(()).unwrap();
            if open.swap(false, std::sync::atomic::Ordering::SeqCst) {
                Locked::Now
            } else {
                Locked::NothingOpen
            }
        })
        .unwrap();
        assert_eq!(ask_to_lock(&door).unwrap(), Some(Locked::Now));
        assert_eq!(ask_to_lock(&door).unwrap(), Some(Locked::NothingOpen));
        assert_eq!(locks.try_iter().count(), 2);
    }

    #[cfg(unix)]
    #[test]
    fn a_door_left_behind_is_taken_over_and_a_stranger_is_named() {
        use std::os::unix::fs::PermissionsExt as _;
        use std::os::unix::net::UnixListener;

        let folder = tempfile::tempdir().unwrap();
        let door = folder.path().join("keyreeve").join("window");
        std::fs::create_dir(door.parent().unwrap()).unwrap();
        drop(UnixListener::bind(&door).unwrap());
        assert!(door.exists());
        assert_eq!(ask_to_lock(&door).unwrap(), None);
        answer_requests(&door, || Locked::NothingOpen).unwrap();
        assert_eq!(ask_to_lock(&door).unwrap(), Some(Locked::NothingOpen));

        let own = tempfile::tempdir().unwrap();
        let fresh = own.path().join("new").join("window");
        answer_requests(&fresh, || Locked::NothingOpen).unwrap();
        let mode = std::fs::metadata(fresh.parent().unwrap()).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700);

        for nonsense in [&b""[..], b"locked", b"locked?\n", b"\xFF\xFE\n", &[b'x'; 100_000]] {
            let stranger = own.path().join("stranger");
            _ = std::fs::remove_file(&stranger);
            let listener = UnixListener::bind(&stranger).unwrap();
            let answering = std::thread::spawn(move || {
                // Whoever asks hangs up before all of it is written.
                _ = listener.accept().unwrap().0.write_all(nonsense);
            });
            let said = ask_to_lock(&stranger);
            assert!(matches!(said, Err(DoorError::Stranger)), "{said:?}");
            answering.join().unwrap();
        }
    }

    #[cfg(unix)]
    #[test]
    fn who_hangs_up_before_the_request_is_a_stranger() {
        let folder = tempfile::tempdir().unwrap();
        let stranger = folder.path().join("stranger");
        let listener = std::os::unix::net::UnixListener::bind(&stranger).unwrap();
        let answering = std::thread::spawn(move || {
            for _ in 0..200 {
                drop(listener.accept().unwrap());
            }
        });
        for _ in 0..200 {
            let said = ask_to_lock(&stranger);
            assert!(matches!(said, Err(DoorError::Stranger)), "{said:?}");
        }
        answering.join().unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn who_says_something_else_or_nothing_asks_for_nothing() {
        use std::os::unix::net::UnixStream;

        let folder = tempfile::tempdir().unwrap();
        let door = folder.path().join("window");
        let (told, locks) = mpsc::channel();
        answer_requests(&door, move || {
            told.send(()).unwrap();
            Locked::Now
        })
        .unwrap();
        for said in [&b""[..], b"lock", b"unlock\n", b"\xFF\n", &[b'x'; 100_000]] {
            let mut stream = UnixStream::connect(&door).unwrap();
            // The other side hangs up before all of it is written.
            _ = stream.write_all(said);
            _ = stream.shutdown(std::net::Shutdown::Write);
            let mut answer = Vec::new();
            _ = stream.read_to_end(&mut answer);
            assert!(answer.is_empty());
        }
        assert_eq!(locks.try_iter().count(), 0);
        assert_eq!(ask_to_lock(&door).unwrap(), Some(Locked::Now));
    }

    /// A second window must not take the door from the first.
    #[cfg(unix)]
    #[test]
    fn a_door_in_use_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let door = folder.path().join("window");
        let (told, locks) = mpsc::channel();
        answer_requests(&door, move || {
            told.send(()).unwrap();
            Locked::Now
        })
        .unwrap();
        assert!(answer_requests(&door, || Locked::NothingOpen).is_err());
        assert_eq!(ask_to_lock(&door).unwrap(), Some(Locked::Now));
        assert_eq!(
            locks.try_iter().count(),
            1,
            "looking whether someone is there asks for nothing"
        );
    }
}
