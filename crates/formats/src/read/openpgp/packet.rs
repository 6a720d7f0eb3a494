//! The frames of packets, and the fields inside.

use pgp::packet::PacketHeader;
use pgp::types::PacketLength;

/// The packets one after the other; `None` where the bytes are none, which ends them. Those of keys
/// and signatures have a length that is told in one piece (RFC 9580, section 4.2.1.4).
pub(super) fn packets(bytes: &[u8]) -> impl Iterator<Item = Option<(PacketHeader, &[u8])>> {
    let mut rest = Some(bytes);
    std::iter::from_fn(move || {
        let mut left = rest.take().filter(|left| !left.is_empty())?;
        let packet = PacketHeader::try_from_reader(&mut left).ok().and_then(|header| {
            let PacketLength::Fixed(len) = header.packet_length() else { return None };
            let (body, after) = left.split_at_checked(usize::try_from(len).ok()?)?;
            rest = Some(after);
            Some((header, body))
        });
        Some(packet)
    })
}

/// Reads fields where they stand, so that no copy of a secret is left behind.
pub(super) struct Fields<'a>(pub(super) &'a [u8]);

impl<'a> Fields<'a> {
    pub(super) fn take(&mut self, len: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        Some(taken)
    }

    pub(super) fn byte(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }

    pub(super) fn number(&mut self) -> Option<u32> {
        Some(u32::from_be_bytes(self.take(4)?.try_into().ok()?))
    }

    /// A field that a byte tells the length of.
    pub(super) fn short(&mut self) -> Option<&'a [u8]> {
        let len = self.byte()?;
        self.take(len.into())
    }

    /// A multiprecision integer (RFC 9580, section 3.2): its length in bits, then its bytes.
    pub(super) fn integer(&mut self) -> Option<&'a [u8]> {
        let bits = u16::from_be_bytes(self.take(2)?.try_into().ok()?);
        self.take(usize::from(bits).div_ceil(8))
    }
}
