//! A reader with a PIN pad: a driver for pcscd that hands everything on to the virtual reader's own driver, and has a
//! PIN pad besides, by PC/SC part 10. As a real reader does, it makes the command for the card itself, from the
//! structure that it is given and what was typed.
//!
//! The folder that the environment variable `KEYREEVE_RIG_PAD` names has what it says of itself, and its keys:
//!
//! | file | holds |
//! | --- | --- |
//! | `announced` | the list of its features, in hexadecimal; where it is missing, the virtual reader answers |
//! | `properties` | its properties, in hexadecimal |
//! | `keys/N` | what is typed next: digits, `cancel`, `timeout`, `broken`, or `answer=6B80`; each once, in their order |
//! | `unplugged` | where it is there, the reader is not |
//! | `asked/N` | written by this: the Nth structure `PIN_VERIFY`, in hexadecimal, once it waits for keys |

use std::fs;
use std::path::PathBuf;
use std::slice;
use std::sync::OnceLock;
use std::thread::sleep;
use std::time::{Duration, Instant};

use libc::{c_char, c_long, c_uchar, c_ulong};
use libloading::{Library, Symbol};

type Answer = c_long;

const VIRTUAL: &str = "/usr/lib/pcsc/drivers/serial/libifdvpcd.so";

const SUCCESS: Answer = 0;
const COMMUNICATION_ERROR: Answer = 612;
const NOT_SUPPORTED: Answer = 614;
const PRESENT: Answer = 615;
const NO_SUCH_DEVICE: Answer = 617;

/// `CM_IOCTL_GET_FEATURE_REQUEST`, as pcsc-lite has it.
const GET_FEATURES: c_ulong = 0x4200_0000 + 3_400;
/// What this reader calls its two features.
const VERIFY_PIN_DIRECT: c_ulong = 0x4233_0006;
const GET_PROPERTIES: c_ulong = 0x4233_0012;

/// How long someone at the keys may take, so that a test that types nothing ends: longer than a real reader waits, for
/// pictures that are taken meanwhile on a slow machine.
const PATIENCE: Duration = Duration::from_secs(90);

/// `SCARD_IO_HEADER`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct Header {
    protocol: c_ulong,
    length: c_ulong,
}

fn library() -> &'static Library {
    static LIBRARY: OnceLock<Library> = OnceLock::new();
    // SAFETY: the driver's initialisation does nothing but what pcscd would let it do.
    LIBRARY.get_or_init(|| unsafe { Library::new(VIRTUAL) }.expect("vsmartcard-vpcd is installed"))
}

/// Functions that are the virtual reader's.
macro_rules! handed_on {
    ($($name:ident($($argument:ident: $kind:ty),*);)*) => {$(
        /// # Safety
        /// As `ifdhandler.h` says.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $name($($argument: $kind),*) -> Answer {
            type Function = unsafe extern "C" fn($($kind),*) -> Answer;
            if is_unplugged() {
                return NO_SUCH_DEVICE;
            }
            // SAFETY: both have the signature of `ifdhandler.h`.
            unsafe {
                let function: Symbol<'_, Function> =
                    library().get(stringify!($name).as_bytes()).expect("the driver has it");
                function($($argument),*)
            }
        }
    )*};
}

mod virtual_reader {
    use super::*;

    /// # Safety
    /// As `ifdhandler.h` says.
    pub unsafe fn control(
        lun: c_ulong,
        code: c_ulong,
        (sent, sent_len): (*mut c_uchar, c_ulong),
        (got, got_len): (*mut c_uchar, c_ulong),
        returned: *mut c_ulong,
    ) -> Answer {
        type Function = unsafe extern "C" fn(
            c_ulong,
            c_ulong,
            *mut c_uchar,
            c_ulong,
            *mut c_uchar,
            c_ulong,
            *mut c_ulong,
        ) -> Answer;
        // SAFETY: both have the signature of `ifdhandler.h`.
        unsafe {
            let function: Symbol<'_, Function> =
                library().get(b"IFDHControl").expect("the driver has it");
            function(lun, code, sent, sent_len, got, got_len, returned)
        }
    }
}

handed_on! {
    IFDHCreateChannelByName(lun: c_ulong, name: *mut c_char);
    IFDHCreateChannel(lun: c_ulong, channel: c_ulong);
    IFDHCloseChannel(lun: c_ulong);
    IFDHGetCapabilities(lun: c_ulong, tag: c_ulong, length: *mut c_ulong, value: *mut c_uchar);
    IFDHSetCapabilities(lun: c_ulong, tag: c_ulong, length: c_ulong, value: *mut c_uchar);
    IFDHSetProtocolParameters(
        lun: c_ulong, protocol: c_ulong, flags: c_uchar, one: c_uchar, two: c_uchar, three: c_uchar
    );
    IFDHPowerICC(lun: c_ulong, action: c_ulong, atr: *mut c_uchar, length: *mut c_ulong);
    IFDHTransmitToICC(
        lun: c_ulong, header: Header, sent: *mut c_uchar, sent_len: c_ulong, got: *mut c_uchar,
        got_len: *mut c_ulong, got_header: *mut Header
    );
    IFDHICCPresence(lun: c_ulong);
}

/// # Safety
/// As `ifdhandler.h` says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn IFDHControl(
    lun: c_ulong,
    code: c_ulong,
    sent: *mut c_uchar,
    sent_len: c_ulong,
    got: *mut c_uchar,
    got_len: c_ulong,
    returned: *mut c_ulong,
) -> Answer {
    let answer = match code {
        _ if is_unplugged() => Err(Some(NO_SUCH_DEVICE)),
        GET_FEATURES => file("announced").ok_or(None),
        GET_PROPERTIES => file("properties").ok_or(Some(NOT_SUPPORTED)),
        VERIFY_PIN_DIRECT => {
            // SAFETY: pcscd gives a buffer of this length.
            let asked = unsafe { slice::from_raw_parts(sent, sent_len as usize) };
            verify(lun, asked).map_err(Some)
        }
        _ => Err(None),
    };
    match answer {
        Ok(answer) if answer.len() <= got_len as usize => {
            // SAFETY: it was seen to have the room.
            unsafe {
                slice::from_raw_parts_mut(got, answer.len()).copy_from_slice(&answer);
                *returned = answer.len() as c_ulong;
            }
            SUCCESS
        }
        Ok(_) => COMMUNICATION_ERROR,
        Err(Some(error)) => error,
        // SAFETY: it is what this was given.
        Err(None) => unsafe {
            virtual_reader::control(lun, code, (sent, sent_len), (got, got_len), returned)
        },
    }
}

fn folder() -> PathBuf {
    std::env::var_os("KEYREEVE_RIG_PAD").expect("the rig names the folder").into()
}

fn is_unplugged() -> bool {
    folder().join("unplugged").exists()
}

/// What a file says in hexadecimal.
fn file(name: &str) -> Option<Vec<u8>> {
    hex(fs::read_to_string(folder().join(name)).ok()?.trim())
}

fn hex(digits: &str) -> Option<Vec<u8>> {
    let pairs = (0..digits.len()).step_by(2);
    pairs.map(|at| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok()).collect()
}

/// Lets a PIN be typed, and gives it to the card.
fn verify(lun: c_ulong, asked: &[u8]) -> Result<Vec<u8>, Answer> {
    let [_, _, format, block, 0, max, min, 2, 1, 9, 4, _, 0, 0, 0, length @ ..] = asked else {
        return Ok(vec![0x6B, 0x80]);
    };
    let Some((length, command)) = length.split_first_chunk::<4>() else {
        return Ok(vec![0x6B, 0x80]);
    };
    let is_sound = u32::from_le_bytes(*length) as usize == command.len() && *format == 0x82;
    let ([class, instruction, p1, p2, _, data @ ..], true) = (command, is_sound) else {
        return Ok(vec![0x6B, 0x80]);
    };
    let keys = wait_for_keys(lun, asked)?;
    let pin = match keys.split_once('=') {
        Some(("answer", status)) => return hex(status).ok_or(COMMUNICATION_ERROR),
        _ => match keys.as_str() {
            "cancel" => return Ok(vec![0x64, 0x01]),
            "timeout" => return Ok(vec![0x64, 0x00]),
            "broken" => return Err(COMMUNICATION_ERROR),
            digits => digits.as_bytes(),
        },
    };
    if !(usize::from(*min)..=usize::from(*max)).contains(&pin.len()) {
        return Ok(vec![0x64, 0x03]);
    }
    let mut block = data.get(..usize::from(*block)).ok_or(COMMUNICATION_ERROR)?.to_vec();
    if block.is_empty() {
        block = pin.to_vec();
    } else {
        block.get_mut(..pin.len()).ok_or(COMMUNICATION_ERROR)?.copy_from_slice(pin);
    }
    let length = u8::try_from(block.len()).map_err(|_| COMMUNICATION_ERROR)?;
    let mut command = [&[*class, *instruction, *p1, *p2, length][..], &block].concat();
    let mut answer = vec![0; 258];
    let mut answered = answer.len() as c_ulong;
    let header = Header { protocol: 1, length: size_of::<Header>() as c_ulong };
    let mut answered_header = header;
    // SAFETY: the lengths are those of the buffers.
    let outcome = unsafe {
        IFDHTransmitToICC(
            lun,
            header,
            command.as_mut_ptr(),
            command.len() as c_ulong,
            answer.as_mut_ptr(),
            &raw mut answered,
            &raw mut answered_header,
        )
    };
    if outcome != SUCCESS {
        return Err(outcome);
    }
    answer.truncate(answered as usize);
    Ok(answer)
}

/// Waits until someone types, the card is pulled, or the time is over.
fn wait_for_keys(lun: c_ulong, asked: &[u8]) -> Result<String, Answer> {
    let (asked_in, keys) = (folder().join("asked"), folder().join("keys"));
    let number = fs::read_dir(&asked_in).map_or(0, Iterator::count);
    let text: String = asked.iter().map(|byte| format!("{byte:02x}")).collect();
    _ = fs::write(asked_in.join(format!("{number:04}")), text);
    let until = Instant::now() + PATIENCE;
    while Instant::now() < until {
        let mut typed: Vec<_> =
            fs::read_dir(&keys).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
        typed.sort();
        if let Some(first) = typed.first() {
            let text = fs::read_to_string(first).map_err(|_| COMMUNICATION_ERROR)?;
            fs::remove_file(first).map_err(|_| COMMUNICATION_ERROR)?;
            return Ok(text);
        }
        if is_unplugged() {
            return Err(NO_SUCH_DEVICE);
        }
        // SAFETY: it only looks.
        if unsafe { IFDHICCPresence(lun) } != PRESENT {
            return Err(COMMUNICATION_ERROR);
        }
        // pcscd has no other way to let a driver wait, and the keys are files.
        sleep(Duration::from_millis(5));
    }
    Ok("timeout".into())
}
