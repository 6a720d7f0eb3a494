//! The fields of Java's `DataOutput`: numbers in big endian, and lengths before what they measure.

/// What is still to be read.
pub(super) struct Fields<'a>(pub(super) &'a [u8]);

impl<'a> Fields<'a> {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn bytes(&mut self, len: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        Some(taken)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (taken, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*taken)
    }

    pub(super) fn number(&mut self) -> Option<u32> {
        self.array().map(u32::from_be_bytes)
    }

    /// Bytes behind a length of four bytes.
    pub(super) fn long_bytes(&mut self) -> Option<&'a [u8]> {
        let len = self.number()?;
        self.bytes(usize::try_from(len).ok()?)
    }

    /// `DataOutput.writeUTF`: the units of UTF-16, each in one to three bytes.
    pub(super) fn text(&mut self) -> Option<String> {
        let len = u16::from_be_bytes(self.array()?);
        let mut rest = self.bytes(len.into())?;
        let mut units = Vec::with_capacity(rest.len());
        while let [first, ..] = rest {
            let bits = |byte: &u8| u16::from(byte & 0x3f);
            let (unit, behind) = match rest {
                [0x01..=0x7f, behind @ ..] => (u16::from(*first), behind),
                [0xc0..=0xdf, second @ 0x80..=0xbf, behind @ ..] => {
                    (u16::from(first & 0x1f) << 6 | bits(second), behind)
                }
                [0xe0..=0xef, second @ 0x80..=0xbf, third @ 0x80..=0xbf, behind @ ..] => {
                    (u16::from(*first) << 12 | bits(second) << 6 | bits(third), behind)
                }
                _ => return None,
            };
            units.push(unit);
            rest = behind;
        }
        Some(String::from_utf16_lossy(&units))
    }

    /// Goes on behind these bytes; stays where it is when others stand there.
    pub(super) fn skip(&mut self, expected: &[u8]) -> Option<()> {
        self.0 = self.0.strip_prefix(expected)?;
        Some(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn text_is_javas_own() {
        let text = |bytes: &[u8]| {
            let len = u16::try_from(bytes.len()).unwrap().to_be_bytes();
            Fields(&[&len, bytes].concat()).text()
        };
        // A zero, an umlaut, a sign of three bytes, and one beyond them as two units.
        let all = b"a\xc0\x80\xc3\xbc\xe2\x82\xac\xed\xa0\xbd\xed\xb4\x91";
        assert_eq!(text(all).unwrap(), "a\0ü€🔑");
        assert_eq!(text(b"").unwrap(), "");
        assert_eq!(text(b"\xed\xa0\xbd").unwrap(), "\u{fffd}");
        for damaged in [&b"\0"[..], b"\x80", b"\xc3", b"\xc3(", b"\xe2\x82", b"\xf0\x9f\x94\x91"] {
            assert_eq!(text(damaged), None, "{damaged:?}");
        }
        assert_eq!(Fields(b"\0\x02a").text(), None);
        assert_eq!(Fields(b"\xff\xff\xff\xffa").long_bytes(), None);
    }
}
