//! Reference codes (附言码): what a payer writes into a transfer's remark so that the bank's line finds what it is for.
//!
//! Nine characters: `D` (deposit), `C` (contract) or `P` (payout), seven more, and a check character. The alphabet has 31 characters (no 0, 1,
//! I, L, O); 31 is a prime, so a weighted sum modulo 31 finds every single wrong character and every two that changed places.

use std::fmt;

const ALPHABET: &[u8; 31] = b"23456789ABCDEFGHJKMNPQRSTUVWXYZ";
const LENGTH: usize = 9;

/// What a code stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Purpose {
    /// A registration's deposit.
    Deposit,
    /// A contract's payment.
    Contract,
    /// A payout.
    Payout,
}

impl Purpose {
    const fn letter(self) -> u8 {
        match self {
            Self::Deposit => b'D',
            Self::Contract => b'C',
            Self::Payout => b'P',
        }
    }
}

/// A code whose check character is right.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Reference {
    pub(crate) purpose: Purpose,
    code: String,
}

impl Reference {
    /// The code of a seed: the same seed gives the same code, so that a retried act asks for the same one.
    pub(crate) fn derive(purpose: Purpose, seed: &[u8]) -> Self {
        let mut number = seed.iter().take(8).fold(0_u64, |number, byte| (number << 8) | u64::from(*byte));
        let mut code = vec![purpose.letter()];
        for _ in 0..LENGTH - 2 {
            let place = usize::try_from(number % 31).expect("below 31");
            code.push(ALPHABET[place]);
            number /= 31;
        }
        let sum = weighted(&code).expect("letters of the alphabet");
        code.push(ALPHABET[(31 - sum % 31) % 31]);
        Self { purpose, code: String::from_utf8(code).expect("ASCII letters and digits") }
    }

    /// Reads a code as a person types it.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let found = find(text);
        match found.as_slice() {
            [only] => Some(only.clone()),
            _ => None,
        }
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.code
    }

    fn read(code: &[u8]) -> Option<Self> {
        let purpose = [Purpose::Deposit, Purpose::Contract, Purpose::Payout]
            .into_iter()
            .find(|purpose| code.first() == Some(&purpose.letter()))?;
        let sound = code.len() == LENGTH && weighted(code)? % 31 == 0;
        sound.then(|| Self { purpose, code: String::from_utf8_lossy(code).into_owned() })
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.code)
    }
}

/// Every code in a remark, each once. Case, full-width forms, spaces and hyphens don't matter; what stands around a code does not either.
pub(crate) fn find(remark: &str) -> Vec<Reference> {
    let mut runs = vec![Vec::new()];
    for c in remark.chars() {
        // Full-width forms (Ａ１) are the ASCII ones, moved.
        let c = match u32::from(c) {
            wide @ 0xFF01..=0xFF5E => char::from_u32(wide - 0xFEE0).unwrap_or(c),
            _ => c,
        };
        if c.is_ascii_alphanumeric() {
            let byte = u8::try_from(c.to_ascii_uppercase()).expect("ASCII");
            runs.last_mut().expect("at least one run").push(byte);
        } else if !c.is_whitespace() && c != '-' {
            runs.push(Vec::new());
        }
    }
    let mut found: Vec<Reference> = Vec::new();
    for code in runs.iter().flat_map(|run| run.windows(LENGTH)).filter_map(Reference::read) {
        if !found.contains(&code) {
            found.push(code);
        }
    }
    found
}

/// The sum of the characters' values, each weighted by its distance from the end; none for a character outside the alphabet.
fn weighted(code: &[u8]) -> Option<usize> {
    code.iter().enumerate().try_fold(0, |sum, (place, byte)| {
        let value = ALPHABET.iter().position(|letter| letter == byte)?;
        Some(sum + value * (LENGTH - place))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn seed() -> impl Strategy<Value = [u8; 8]> {
        any::<[u8; 8]>()
    }

    #[test]
    fn is_found_however_a_bank_or_a_person_writes_it() {
        let code = Reference::derive(Purpose::Deposit, b"a registration");
        let text = code.as_str();
        let wide: String = text.chars().map(|c| char::from_u32(u32::from(c) + 0xFEE0).unwrap()).collect();
        for remark in [
            text.to_owned(),
            text.to_lowercase(),
            wide,
            format!("保证金{text}张三"),
            format!("{}-{} {}", &text[..3], &text[3..6], &text[6..]),
            format!("20260302{text}001"),
        ] {
            assert_eq!(find(&remark), std::slice::from_ref(&code), "{remark}");
        }
        assert!(find("").is_empty());
        assert!(find("保证金 2026年3月").is_empty());
        let other = Reference::derive(Purpose::Contract, b"a contract");
        assert_eq!(find(&format!("{code},{other}")).len(), 2);
        assert_eq!(Reference::parse(&format!("{code},{other}")), None, "two codes are none");
    }

    proptest! {
        #[test]
        fn a_wrong_or_misplaced_character_is_found(seed in seed(), at in 0_usize..9, with in 0_usize..31, swap in 0_usize..9) {
            for purpose in [Purpose::Deposit, Purpose::Contract, Purpose::Payout] {
                let code = Reference::derive(purpose, &seed);
                prop_assert_eq!(Reference::read(code.as_str().as_bytes()), Some(code.clone()));
                let mut wrong = code.as_str().as_bytes().to_vec();
                wrong[at] = ALPHABET[with];
                prop_assert!(wrong == code.as_str().as_bytes() || Reference::read(&wrong).is_none());
                let mut swapped = code.as_str().as_bytes().to_vec();
                swapped.swap(at, swap);
                prop_assert!(swapped == code.as_str().as_bytes() || Reference::read(&swapped).is_none());
            }
        }

        #[test]
        fn any_remark_is_read(remark in "\\PC{0,60}") {
            let _ = find(&remark);
        }
    }
}
