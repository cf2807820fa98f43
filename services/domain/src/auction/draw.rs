//! The public draw (摇号, 抽签): an order of bidders that nobody can steer and anyone can repeat.
//!
//! # Procedure
//! 1. The seed is SHA-256 over the label `sanbian draw v1` and one newline byte (0x0A), the 16 bytes of the lot's id, then the bytes
//!    of the checkpoint exactly as the log published it (the first one after the close, with its cosignatures). Nobody knows it before
//!    the close, and nobody can choose it without forging the log.
//! 2. Random numbers: block *i* (from 0) is SHA-256 over the seed and *i* as 8 bytes, big end first. Each block is read as four
//!    unsigned 64-bit numbers, big end first, in turn.
//! 3. The entrants are sorted by number, ascending (so the order in which they are given steers nothing).
//! 4. Fisher–Yates: for *k* from the last place down to the second, take a number *v*; where *v* is not below the greatest multiple
//!    of *k* + 1 (places count from 0) that fits 2^64, throw it away and take the next (rejection, so that no place is likelier); swap places
//!    *k* and *v* mod (*k* + 1).
//! 5. The list is the result: first place wins, the rest follow in order.

use super::BidderNumber;
use crate::ids::LotId;
use ring::digest;

/// The label that begins the seed; a change of the procedure changes the label.
pub const LABEL: &str = "sanbian draw v1\n";

/// The seed of a draw for `lot` from the published bytes of `checkpoint`.
pub fn seed(lot: LotId, checkpoint: &[u8]) -> [u8; 32] {
    sha256(&[LABEL.as_bytes(), lot.0.as_bytes(), checkpoint])
}

/// Draws among `entrants`: all of them, first place first. Twice the same number counts once.
pub fn draw(lot: LotId, checkpoint: &[u8], entrants: &[BidderNumber]) -> Vec<BidderNumber> {
    let mut places = entrants.to_vec();
    places.sort_unstable();
    places.dedup();
    shuffle(&mut places, &mut Numbers::new(seed(lot, checkpoint)));
    places
}

fn shuffle<T>(places: &mut [T], numbers: &mut Numbers) {
    for last in (1..places.len()).rev() {
        let chosen = numbers.below(last + 1);
        places.swap(last, chosen);
    }
}

/// The stream of 64-bit numbers that a seed stands for.
struct Numbers {
    seed: [u8; 32],
    block: [u8; 32],
    /// How many numbers were taken in all; four to a block.
    taken: u64,
}

impl Numbers {
    fn new(seed: [u8; 32]) -> Self {
        Self { seed, block: [0; 32], taken: 0 }
    }

    fn next(&mut self) -> u64 {
        if self.taken.is_multiple_of(4) {
            self.block = sha256(&[&self.seed, &(self.taken / 4).to_be_bytes()]);
        }
        let at = usize::try_from(self.taken % 4).expect("below 4") * 8;
        self.taken += 1;
        let bytes = self.block[at..at + 8].try_into().expect("eight bytes");
        u64::from_be_bytes(bytes)
    }

    /// A number from 0 to `bound` − 1, each as likely as the other.
    fn below(&mut self, bound: usize) -> usize {
        let bound = u64::try_from(bound).expect("a slice's length fits 64 bits");
        let odd_ones = (u64::MAX % bound + 1) % bound;
        loop {
            let value = self.next();
            if value <= u64::MAX - odd_ones {
                return usize::try_from(value % bound).expect("below a usize");
            }
        }
    }
}

fn sha256(parts: &[&[u8]]) -> [u8; 32] {
    let mut context = digest::Context::new(&digest::SHA256);
    for part in parts {
        context.update(part);
    }
    context.finish().as_ref().try_into().expect("SHA-256 has 32 bytes")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn lot(n: u128) -> LotId {
        LotId(Uuid::from_u128(n))
    }

    fn numbers(values: &[u32]) -> Vec<BidderNumber> {
        values.iter().map(|n| BidderNumber(*n)).collect()
    }

    /// Worked out apart from this program, with Python's hashlib after the text above.
    #[test]
    fn agrees_with_the_worked_example() {
        let checkpoint = b"example.org/log\n42\nAAAA\n";
        assert_eq!(
            hex::encode(seed(lot(7), checkpoint)),
            "77cd9b7adf78a887c591619972047058d4e84808e1f5bfa09c4827600ac7662c"
        );
        assert_eq!(draw(lot(7), checkpoint, &numbers(&[5, 1, 4, 2, 3, 6, 7])), numbers(&[5, 4, 1, 2, 3, 7, 6]));
    }

    #[test]
    fn a_draw_of_one_or_none_is_no_draw() {
        assert_eq!(draw(lot(1), b"x", &[]), []);
        assert_eq!(draw(lot(1), b"x", &numbers(&[9])), numbers(&[9]));
    }

    #[test]
    fn each_bidder_wins_about_as_often() {
        let mut wins = [0_u32; 5];
        for n in 0..5_000_u128 {
            let first = draw(lot(n), b"checkpoint", &numbers(&[0, 1, 2, 3, 4]))[0];
            wins[usize::try_from(first.0).expect("small")] += 1;
        }
        // 1,000 expected, standard deviation 28: five deviations on either side.
        assert!(wins.iter().all(|n| (860..=1_140).contains(n)), "{wins:?}");
    }

    #[test]
    fn throws_away_the_numbers_that_would_tip_the_scale() {
        // 2^64 = 3 k + 1: the one number above 3 k is thrown away for a bound of 3; none is for a power of two.
        let stream = || {
            let mut block = [0; 32];
            block[8..16].copy_from_slice(&u64::MAX.to_be_bytes());
            block[16..24].copy_from_slice(&4_u64.to_be_bytes());
            Numbers { seed: [0; 32], block, taken: 1 }
        };
        assert_eq!(stream().below(3), 1, "the next number, 4, counts");
        assert_eq!(stream().below(4), 3, "the greatest number itself counts");
    }

    proptest! {
        #[test]
        fn is_a_permutation_whatever_the_order_given(mut entrants in prop::collection::vec(any::<u32>(), 0..40), checkpoint: Vec<u8>) {
            let drawn = draw(lot(3), &checkpoint, &numbers(&entrants));
            entrants.reverse();
            prop_assert_eq!(&drawn, &draw(lot(3), &checkpoint, &numbers(&entrants)));
            entrants.sort_unstable();
            entrants.dedup();
            let mut sorted = drawn;
            sorted.sort_unstable();
            prop_assert_eq!(sorted, numbers(&entrants));
        }
    }
}
