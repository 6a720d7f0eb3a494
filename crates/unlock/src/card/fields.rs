//! Data objects of PIV cards: a tag of one byte, a length as in BER, and a value.
//!
//! The crates for BER-TLV look at a bit of the tag to see whether there are more objects inside. PIV's
//! tags do not keep to that (30, 34, 70 and 71 would all be constructed), so this reads one level and
//! leaves values alone.

/// The value of the first object with this tag; `None` when it is not there, or the data is cut short.
pub fn field(mut data: &[u8], wanted: u8) -> Option<&[u8]> {
    loop {
        let [tag, length, rest @ ..] = data else { return None };
        let (length, rest) = match length {
            0..=0x7F => (usize::from(*length), rest),
            0x81 => (usize::from(*rest.first()?), rest.get(1..)?),
            0x82 => {
                let (length, rest) = rest.split_first_chunk::<2>()?;
                (usize::from(u16::from_be_bytes(*length)), rest)
            }
            _ => return None,
        };
        let (value, after) = rest.split_at_checked(length)?;
        if *tag == wanted {
            return Some(value);
        }
        data = after;
    }
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
    fn lengths_that_no_card_has_are_refused() {
        for data in [&[1, 0x80, 0][..], &[1, 0x83, 0, 0, 1, 5], &[1, 0xFF, 5], &[1], &[]] {
            assert_eq!(field(data, 1), None, "{data:?}");
        }
    }
}
