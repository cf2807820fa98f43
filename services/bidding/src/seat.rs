//! Seats: who sits behind a bidder's number. Sealed until the close, and then opened for the winner alone.

use sanbian_domain::ids::{AccountId, LotId, PartyId, RegistrationId};
use sanbian_runtime::{Refusal, seal, seal::Sealer};
use serde::{Deserialize, Serialize};

/// The tie between a number and a registration.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Seat {
    pub(crate) registration: RegistrationId,
    pub(crate) account: AccountId,
    pub(crate) party: PartyId,
    /// Salt of the commitment that stands in the log, hex.
    pub(crate) salt: String,
}

impl Seat {
    /// A seat with a fresh salt, and the commitment for the log: SHA-256 over salt and registration id.
    pub(crate) fn new(registration: RegistrationId, account: AccountId, party: PartyId) -> (Self, String) {
        let salt = seal::random::<32>();
        let commitment = seal::commitment(&salt, &registration.to_string());
        (Self { registration, account, party, salt: hex::encode(salt) }, commitment)
    }

    pub(crate) fn seal(&self, sealer: &Sealer, lot: LotId, number: u32) -> Vec<u8> {
        let plain = serde_json::to_vec(self).expect("a seat is plain data");
        sealer.seal(&bound(lot, number), &plain)
    }

    pub(crate) fn open(sealer: &Sealer, lot: LotId, number: u32, sealed: &[u8]) -> Result<Self, Refusal> {
        let plain = sealer.open(&bound(lot, number), sealed).map_err(Refusal::internal)?;
        serde_json::from_slice(&plain).map_err(Refusal::internal)
    }
}

fn bound(lot: LotId, number: u32) -> String {
    format!("seat:{lot}:{number}")
}

/// By which an account's seat in a lot is found without the row saying whose it is.
pub(crate) fn account_hash(sealer: &Sealer, lot: LotId, account: AccountId) -> Vec<u8> {
    sealer.lookup(&format!("seat:{lot}:{account}"))
}

/// By which a repeated offer is known: the client's key, bound to its account.
pub(crate) fn key_hash(sealer: &Sealer, lot: LotId, account: AccountId, key: &str) -> Vec<u8> {
    sealer.lookup(&format!("offer:{lot}:{account}:{key}"))[..16].to_vec()
}

/// `count` different numbers from 101 up, in random order, so that a number says nothing about when its bearer registered.
pub(crate) fn numbers(count: usize) -> Vec<u32> {
    use rand::seq::SliceRandom;
    let span = u32::try_from(count.saturating_mul(4).max(899)).unwrap_or(u32::MAX - 101);
    let mut pool: Vec<u32> = (101..=100 + span).collect();
    pool.shuffle(&mut rand::rng());
    pool.truncate(count);
    pool
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn numbers_are_different_and_in_no_order() {
        for count in [0, 1, 7, 1000] {
            let given = numbers(count);
            assert_eq!(given.len(), count);
            assert_eq!(given.iter().collect::<HashSet<_>>().len(), count);
        }
        let given = numbers(500);
        assert!(!given.is_sorted());
    }
}
