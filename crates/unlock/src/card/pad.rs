//! A reader's PIN pad: the PIN is typed on the reader, which puts it into the command for the card, and never
//! reaches the computer.
//!
//! By PC/SC part 10, "IFDs with secure PIN entry capabilities" (revision 2.02.09). What a reader says of itself is
//! not trusted: a list of features that is cut short or nonsense is one without a PIN pad.

use std::sync::Arc;

use keyreeve_domain::ports::{CardError, PadRequest};
use pcsc::ffi::DWORD;
use pcsc::{Card, Error as Pcsc, ctl_code};

/// Told when a reader's PIN pad begins to wait for someone, and with `None` when it does so no more.
pub type PadWatch = Arc<dyn Fn(Option<&PadRequest>) + Send + Sync>;

/// `CM_IOCTL_GET_FEATURE_REQUEST`, which needs no reader's own code.
const GET_FEATURES: DWORD = ctl_code(3_400);
/// `FEATURE_VERIFY_PIN_DIRECT`.
const VERIFY_PIN_DIRECT: u8 = 0x06;
/// `FEATURE_GET_TLV_PROPERTIES`.
const GET_PROPERTIES: u8 = 0x12;
/// The properties `bMinPINSize` and `bMaxPINSize`.
const MIN_PIN_SIZE: u8 = 0x06;
const MAX_PIN_SIZE: u8 = 0x07;
/// The most digits of a reader that does not tell: a length of four bits is what all of them can count to.
const USUAL_MAX: u8 = 15;
/// The longest answer that is listened to.
const LONGEST: usize = 512;

/// VERIFY (ISO 7816-4).
pub(super) const VERIFY: u8 = 0x20;
/// How long the reader waits for the first key and for each next one, in seconds.
const PATIENCE: u8 = 30;
/// ASCII, from the left, counted in bytes, at the beginning of the command's data.
const ASCII_FROM_THE_LEFT: u8 = 0x82;
/// The key that confirms ends the entry.
const WHEN_CONFIRMED: u8 = 0x02;
/// English (United States), the only language that every reader has to know.
const LANGUAGE: u16 = 0x0409;

/// How a card takes a PIN.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// The number of the PIN on the card.
    pub reference: u8,
    /// The fewest characters.
    pub min: u8,
    /// The most.
    pub max: u8,
    /// How many bytes it is filled up to with FF; 0 where it is sent as long as it is.
    pub filled: u8,
}

/// A reader's PIN pad.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pad {
    /// The reader's code for "verify a PIN".
    verify: DWORD,
    /// The fewest and the most digits that it takes.
    digits: (u8, u8),
}

impl Pad {
    /// The pad of the reader that a card is in.
    pub fn of(card: &Card) -> Option<Self> {
        let mut buffer = [0; LONGEST];
        // A reader without features may answer nothing at all.
        let features = features(card.control(GET_FEATURES, &[], &mut buffer).ok()?)?;
        let code = |wanted| features.iter().find(|(tag, _)| *tag == wanted).map(|(_, code)| *code);
        let verify = code(VERIFY_PIN_DIRECT)?;
        let mut buffer = [0; LONGEST];
        let told = code(GET_PROPERTIES)
            .and_then(|code| card.control(code, &[], &mut buffer).ok())
            .map_or((0, 0), digits);
        Some(Self { verify, digits: told })
    }

    /// Whether it can take such a PIN.
    pub fn takes(&self, entry: Entry) -> bool {
        self.lengths(entry).is_some()
    }

    /// Lets the reader ask for the PIN and give it to the card, once; waits until it has. The status may be the card's
    /// or the reader's.
    pub fn verify(&self, card: &Card, entry: Entry) -> Result<u16, Pcsc> {
        let request = self.request(entry).ok_or(Pcsc::UnsupportedFeature)?;
        let mut buffer = [0; LONGEST];
        match card.control(self.verify, &request, &mut buffer)? {
            [.., high, low] => Ok(u16::from_be_bytes([*high, *low])),
            _ => Err(Pcsc::CommError),
        }
    }

    /// The fewest and the most digits that both the reader and the card take.
    fn lengths(&self, entry: Entry) -> Option<(u8, u8)> {
        let (min, max) = self.digits;
        let max = if max == 0 { USUAL_MAX } else { max };
        let (min, max) = (entry.min.max(min), entry.max.min(max));
        (min <= max).then_some((min, max))
    }

    /// The structure `PIN_VERIFY` with the command that the reader puts the PIN into. Numbers are as the
    /// computer has them.
    fn request(&self, entry: Entry) -> Option<Vec<u8>> {
        let (min, max) = self.lengths(entry)?;
        let Entry { reference, filled, .. } = entry;
        let mut command = vec![0, VERIFY, 0, reference, filled];
        command.extend(std::iter::repeat_n(0xFF, usize::from(filled)));
        let length = u32::try_from(command.len()).ok()?;
        let (one_message, its_index, no_length_in_command) = (1, 0, 0);
        let mut request =
            vec![PATIENCE, PATIENCE, ASCII_FROM_THE_LEFT, filled, no_length_in_command];
        request.extend(u16::from_be_bytes([min, max]).to_ne_bytes());
        request.extend([WHEN_CONFIRMED, one_message]);
        request.extend(LANGUAGE.to_ne_bytes());
        // The prologue of T=1 is the reader's business.
        request.extend([its_index, 0, 0, 0]);
        request.extend(length.to_ne_bytes());
        request.extend(command);
        Some(request)
    }
}

/// What a status says that is the reader's and not the card's; `None` for what a card says of a PIN.
pub fn refusal(status: u16) -> Option<CardError> {
    match status {
        0x9000 | 0x6300..=0x63FF | 0x6982..=0x6984 | 0x6A88 => None,
        0x6400 => Some(CardError::PadTimedOut),
        0x6401 => Some(CardError::PadCancelled),
        0x6402 | 0x6403 => Some(CardError::PadPinLength),
        status => Some(CardError::PadFailed { answer: format!("{status:04X}") }),
    }
}

/// The features that a reader lists with their codes, which are big-endian everywhere; `None` for a list that is
/// none.
fn features(list: &[u8]) -> Option<Vec<(u8, DWORD)>> {
    let feature = |feature: &[u8]| match *feature {
        [tag, 4, a, b, c, d] => Some((tag, DWORD::from(u32::from_be_bytes([a, b, c, d])))),
        _ => None,
    };
    list.chunks(6).map(feature).collect()
}

/// The fewest and the most digits of a PIN that a reader's properties name, up to where they are cut short; 0 for what
/// they do not.
fn digits(mut properties: &[u8]) -> (u8, u8) {
    let (mut min, mut max) = (0, 0);
    while let [tag, length, rest @ ..] = properties {
        let Some((value, after)) = rest.split_at_checked(usize::from(*length)) else { break };
        match (*tag, value) {
            (MIN_PIN_SIZE, [size]) => min = *size,
            (MAX_PIN_SIZE, [size]) => max = *size,
            _ => {}
        }
        properties = after;
    }
    (min, max)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PIV: Entry = Entry { reference: 0x80, min: 6, max: 8, filled: 8 };
    const OPENPGP: Entry = Entry { reference: 0x82, min: 6, max: 127, filled: 0 };

    fn pad(digits: (u8, u8)) -> Pad {
        Pad { verify: 1, digits }
    }

    #[test]
    fn the_request_is_pinned() {
        let [high, low] = 0x0608_u16.to_ne_bytes();
        let [first, second] = 0x0409_u16.to_ne_bytes();
        let mut piv = vec![30, 30, 0x82, 8, 0, high, low, 2, 1, first, second, 0, 0, 0, 0];
        piv.extend(13_u32.to_ne_bytes());
        piv.extend([0, 0x20, 0, 0x80, 8, 255, 255, 255, 255, 255, 255, 255, 255]);
        assert_eq!(pad((0, 0)).request(PIV).unwrap(), piv);

        let [high, low] = 0x060F_u16.to_ne_bytes();
        let mut openpgp = vec![30, 30, 0x82, 0, 0, high, low, 2, 1, first, second, 0, 0, 0, 0];
        openpgp.extend(5_u32.to_ne_bytes());
        openpgp.extend([0, 0x20, 0, 0x82, 0]);
        assert_eq!(pad((0, 0)).request(OPENPGP).unwrap(), openpgp);
    }

    #[test]
    fn a_pad_takes_what_both_it_and_the_card_take() {
        assert_eq!(pad((4, 25)).lengths(OPENPGP), Some((6, 25)));
        assert_eq!(pad((8, 12)).lengths(OPENPGP), Some((8, 12)));
        assert_eq!(pad((4, 25)).lengths(PIV), Some((6, 8)));
        assert!(!pad((9, 25)).takes(PIV));
        assert!(!pad((0, 5)).takes(OPENPGP));
    }

    #[test]
    fn a_list_of_features_that_is_none_has_no_pad() {
        let list = [0x12, 4, 0x42, 0x33, 0, 0x12, 0x06, 4, 0x42, 0x33, 0, 0x06];
        assert_eq!(features(&list), Some(vec![(0x12, 0x4233_0012), (0x06, 0x4233_0006)]));
        assert_eq!(features(&[]), Some(Vec::new()));
        for len in 1..list.len() {
            assert_eq!(features(&list[..len]).is_some(), len == 6, "{len}");
        }
        for length in [0, 3, 5, 255] {
            assert_eq!(features(&[0x06, length, 1, 2, 3, 4]), None);
        }
    }

    #[test]
    fn properties_are_read_up_to_where_they_make_no_sense() {
        assert_eq!(digits(&[1, 2, 0, 0, 6, 1, 4, 7, 1, 25]), (4, 25));
        assert_eq!(digits(&[6, 1, 4, 7, 255, 25]), (4, 0));
        assert_eq!(digits(&[6, 2, 4, 0, 7, 1]), (0, 0));
        assert_eq!(digits(&[6]), (0, 0));
        assert_eq!(digits(&[]), (0, 0));
    }

    #[test]
    fn what_the_reader_says_is_told_from_what_the_card_says() {
        for of_the_card in [0x9000, 0x6300, 0x63C2, 0x6982, 0x6983, 0x6984, 0x6A88] {
            assert_eq!(refusal(of_the_card), None, "{of_the_card:04X}");
        }
        assert_eq!(refusal(0x6400), Some(CardError::PadTimedOut));
        assert_eq!(refusal(0x6401), Some(CardError::PadCancelled));
        assert_eq!(refusal(0x6403), Some(CardError::PadPinLength));
        for failed in [0, 0x6B80, 0x6D00, 0xFFFF] {
            assert!(matches!(refusal(failed), Some(CardError::PadFailed { .. })), "{failed:04X}");
        }
    }
}
