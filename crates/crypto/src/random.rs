//! Random bytes from the operating system.

/// The operating system gave no random bytes.
#[derive(Debug, thiserror::Error)]
#[error("the operating system gave no random bytes; nothing was changed, try again")]
pub struct RandomError(#[from] getrandom::Error);

/// Fills `out` with random bytes.
///
/// # Errors
/// When the operating system's generator fails.
pub fn fill_random(out: &mut [u8]) -> Result<(), RandomError> {
    Ok(getrandom::fill(out)?)
}

/// Makes `N` random bytes that are not secret (an identifier, a salt, a nonce).
///
/// # Errors
/// When the operating system's generator fails.
pub fn make_array<const N: usize>() -> Result<[u8; N], RandomError> {
    let mut out = [0; N];
    fill_random(&mut out)?;
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_arrays_are_alike() {
        let (one, other): ([u8; 16], [u8; 16]) = (make_array().unwrap(), make_array().unwrap());
        assert_ne!(one, other);
        assert_ne!(one, [0; 16]);
    }
}
