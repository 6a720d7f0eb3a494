//! A stream's length and SHA-256, taken as it passes.

use std::io::{self, Read, Write};

use sha2::{Digest as _, Sha256};

/// Counts and hashes what is read or written through it.
pub struct Tally<T> {
    inner: T,
    hasher: Sha256,
    bytes: u64,
}

impl<T> Tally<T> {
    pub fn new(inner: T) -> Self {
        Self { inner, hasher: Sha256::new(), bytes: 0 }
    }

    /// The number of bytes and their SHA-256.
    pub fn finish(self) -> (u64, [u8; 32]) {
        (self.bytes, self.hasher.finalize().into())
    }

    fn take(&mut self, part: &[u8]) {
        self.hasher.update(part);
        self.bytes += part.len() as u64;
    }
}

impl<R: Read> Read for Tally<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let len = self.inner.read(buffer)?;
        self.take(&buffer[..len]);
        Ok(len)
    }
}

impl<W: Write> Write for Tally<W> {
    fn write(&mut self, part: &[u8]) -> io::Result<usize> {
        let len = self.inner.write(part)?;
        self.take(&part[..len]);
        Ok(len)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}
