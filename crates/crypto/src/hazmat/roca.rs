//! Whether an RSA modulus has the mark of the flawed generator of CVE-2017-15361 ("ROCA").
//!
//! The generator's primes have the form k·M + (65537^a mod M) with M the product of the first
//! primes, so that the modulus is a power of 65537 modulo each of them (Nemec and others, "The
//! Return of Coppersmith's Attack", section 2.3). For a modulus from any other generator that
//! happens with a chance below 2⁻²⁷.

/// The primes of the published fingerprint: those modulo which 65537 does not generate everything.
pub(crate) const PRIMES: [u32; 17] =
    [11, 13, 17, 19, 37, 53, 61, 71, 73, 79, 97, 103, 107, 109, 127, 151, 157];

pub(crate) fn has_mark(modulus: &[u8]) -> bool {
    PRIMES.iter().all(|&prime| is_power(remainder(modulus, prime), prime))
}

fn remainder(modulus: &[u8], prime: u32) -> u32 {
    modulus.iter().fold(0, |rest, &byte| (rest * 256 + u32::from(byte)) % prime)
}

/// Whether `value` is a power of 65537 modulo `prime`.
fn is_power(value: u32, prime: u32) -> bool {
    let mut power = 1;
    for _ in 0..prime {
        if power == value {
            return true;
        }
        power = power * 65_537 % prime;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 65537^exponent, big endian.
    fn power(exponent: usize) -> Vec<u8> {
        let mut digits = vec![1_u8];
        for _ in 0..exponent {
            // Times 65536, plus itself.
            let mut sum = [vec![0, 0, 0], digits.clone()].concat();
            let shifted = [vec![0], digits, vec![0, 0]].concat();
            let mut carry = 0;
            for (digit, other) in sum.iter_mut().zip(shifted).rev() {
                let value = u16::from(*digit) + u16::from(other) + carry;
                *digit = value.to_le_bytes()[0];
                carry = value >> 8;
            }
            digits = sum.into_iter().skip_while(|&digit| digit == 0).collect();
        }
        digits
    }

    #[test]
    fn a_number_of_the_flawed_form_has_the_mark_and_its_neighbour_has_not() {
        assert_eq!(power(2), 65_537_u64.pow(2).to_be_bytes()[3..]);
        for exponent in [1, 3, 100, 127] {
            let mut number = power(exponent);
            assert!(has_mark(&number), "{exponent}");
            *number.last_mut().unwrap() += 2;
            assert!(!has_mark(&number), "{exponent}");
        }
    }
}
