//! Key and certificate formats: bytes in, bytes out, no input or output of its own.
