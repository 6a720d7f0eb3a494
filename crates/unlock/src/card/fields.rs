//! Data objects of PIV cards: a tag of one byte or two, a length as in BER, and a value.
//!
//! The crates for BER-TLV look at a bit of the tag to see whether there are more objects inside. PIV's
//! tags do not keep to that (30, 34, 70 and 71 would all be constructed), so this reads one level and
//! leaves values alone.

/// The value of the first object with this tag; `None` when it is not there, or the data is cut short.
pub fn field(data: &[u8], wanted: u16) -> Option<&[u8]> {
    fields(data).find(|(tag, _)| *tag == wanted).map(|(_, value)| value)
}

/// The objects with their tags, of one byte or two, up to the end or to where the data is cut short.
pub fn fields(mut data: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    std::iter::from_fn(move || {
        let (tag, rest) = match data {
            [first, second, rest @ ..] if first & 0x1F == 0x1F => {
                (u16::from_be_bytes([*first, *second]), rest)
            }
            [tag, rest @ ..] => (u16::from(*tag), rest),
            [] => return None,
        };
        let (length, rest) = length(rest)?;
        let (value, after) = rest.split_at_checked(length)?;
        data = after;
        Some((tag, value))
    })
}

/// A length as in BER, of at most three bytes, and what follows it.
fn length(data: &[u8]) -> Option<(usize, &[u8])> {
    let (first, rest) = data.split_first()?;
    match first {
        0..=0x7F => Some((usize::from(*first), rest)),
        0x81 => Some((usize::from(*rest.first()?), rest.get(1..)?)),
        0x82 => {
            let (length, rest) = rest.split_first_chunk::<2>()?;
            Some((usize::from(u16::from_be_bytes(*length)), rest))
        }
        _ => None,
    }
}

/// An object with this tag, of one byte or two, and this value, of at most 65,535 bytes.
pub fn made(tag: u16, value: &[u8]) -> Option<Vec<u8>> {
    let [high, low] = tag.to_be_bytes();
    let tag = if high == 0 { vec![low] } else { vec![high, low] };
    let [high, low] = u16::try_from(value.len()).ok()?.to_be_bytes();
    let length = match (high, low) {
        (0, 0..=0x7F) => vec![low],
        (0, _) => vec![0x81, low],
        _ => vec![0x82, high, low],
    };
    Some([&tag, &length, value].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_are_found_by_their_tag_and_left_as_they_are() {
        let long = vec![7; 300];
        let data =
            [&[0x30, 2, 0x70, 9, 0x71, 0, 0x70, 0x82, 1, 44][..], &long, &[0xFE, 0x81, 1, 5]];
        let data = data.concat();
        assert_eq!(field(&data, 0x30), Some(&[0x70, 9][..]));
        assert_eq!(field(&data, 0x71), Some(&[][..]));
        assert_eq!(field(&data, 0x70), Some(long.as_slice()));
        assert_eq!(field(&data, 0xFE), Some(&[5][..]));
        assert_eq!(field(&data, 0x31), None);
        // Whatever is cut off, nothing is made up.
        for len in 0..data.len() {
            assert_eq!(field(&data[..len], 0xFE), None);
        }
    }

    #[test]
    fn tags_of_two_bytes_and_objects_made_here_are_read_too() {
        for len in [0, 0x7F, 0x80, 0xFF, 0x100, 0xFFFF] {
            let value = vec![0x5F; len];
            let data = [made(0x7F49, &value).unwrap(), made(0x82, &[1]).unwrap()].concat();
            assert_eq!(field(&data, 0x7F49), Some(value.as_slice()), "{len}");
            assert_eq!(field(&data, 0x82), Some(&[1][..]), "{len}");
        }
        assert_eq!(made(0x53, &[0; 0x1_0000]), None);
        assert_eq!(field(&[0x7F], 0x7F), None);
        assert_eq!(field(&[0x7F, 0x49], 0x7F49), None);
    }

    #[test]
    fn lengths_are_written_as_short_as_they_can_be() {
        for (len, beginning) in [
            (0x7F, &[0x53, 0x7F][..]),
            (0x80, &[0x53, 0x81, 0x80]),
            (0xFF, &[0x53, 0x81, 0xFF]),
            (0x100, &[0x53, 0x82, 1, 0]),
        ] {
            let made = made(0x53, &vec![7; len]).unwrap();
            assert_eq!(made, [beginning, &vec![7; len]].concat(), "{len}");
        }
    }

    #[test]
    fn lengths_that_no_card_has_are_refused() {
        for data in [&[1, 0x80, 0][..], &[1, 0x83, 0, 0, 1, 5], &[1, 0xFF, 5], &[1], &[]] {
            assert_eq!(field(data, 1), None, "{data:?}");
        }
    }
}
