//! Hashing of passwords: argon2id, away from the threads that answer, and never more at once than the machine has cores.

use crate::password::Password;
use argon2::{
    Algorithm, Argon2, Params, PasswordHash, PasswordHasher, PasswordVerifier, Version,
    password_hash::Error as HashError,
};
use sanbian_runtime::{Refusal, seal::random, secret::Secret};
use std::{sync::Arc, thread, time::Duration};
use tokio::sync::Semaphore;

/// Memory in KiB, passes and lanes: the OWASP Password Storage Cheat Sheet's first choice for argon2id. 19 MiB a guess is dear to a
/// guesser's graphics card, and a county's small machine bears it on every core at once.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// How long a call waits for its turn. Beyond it the answer is "try again", not an ever longer queue.
const WAIT: Duration = Duration::from_secs(10);

/// Makes and checks password hashes. Cheap to clone.
///
/// Hashes are keyed with a secret of the installation beside their salt, so a stolen database alone gives nothing to guess at.
#[derive(Clone)]
pub struct Passwords(Arc<Inner>);

struct Inner {
    pepper: [u8; 32],
    /// A hash that no password fits, checked in the place of one that is not there.
    decoy: String,
    turns: Arc<Semaphore>,
}

impl Passwords {
    /// The hasher of an installation. Makes one hash, so it takes as long as a sign-in.
    pub fn new(secret: &Secret) -> Self {
        let pepper = secret.derive::<32>("identity/pepper");
        let unknowable = Password::new(hex::encode(random::<32>()));
        let decoy = hash(&pepper, &unknowable).expect("fixed parameters and a salt of 16 bytes are in range");
        let cores = thread::available_parallelism().map_or(1, usize::from);
        Self(Arc::new(Inner { pepper, decoy, turns: Arc::new(Semaphore::new(cores)) }))
    }

    /// The PHC string of a new password.
    ///
    /// # Errors
    /// Unavailable where the machine is too busy.
    pub async fn hash(&self, password: Password) -> Result<String, Refusal> {
        self.in_turn(move |inner| hash(&inner.pepper, &password)).await?.map_err(Refusal::internal)
    }

    /// Whether `password` is the one behind `phc`. Without `phc`, as for a name that nobody has, it takes as long and says no.
    ///
    /// # Errors
    /// Unavailable where the machine is too busy; internal where `phc` can't be read.
    pub async fn verify(&self, password: Password, phc: Option<String>) -> Result<bool, Refusal> {
        self.in_turn(move |inner| {
            let fits = verify(&inner.pepper, &password, phc.as_deref().unwrap_or(&inner.decoy))?;
            Ok(fits && phc.is_some())
        })
        .await?
        .map_err(|error: HashError| Refusal::internal(error))
    }

    async fn in_turn<T: Send + 'static>(&self, work: impl FnOnce(&Inner) -> T + Send + 'static) -> Result<T, Refusal> {
        let turn = tokio::time::timeout(WAIT, self.0.turns.clone().acquire_owned())
            .await
            .map_err(|_| Refusal::unavailable("too many passwords wait to be hashed"))?
            .map_err(Refusal::internal)?;
        let inner = self.0.clone();
        // The turn ends with the work, not with the caller: one who goes away does not free a core that is still busy.
        tokio::task::spawn_blocking(move || {
            let done = work(&inner);
            drop(turn);
            done
        })
        .await
        .map_err(Refusal::internal)
    }
}

fn argon2(pepper: &[u8; 32]) -> Argon2<'_> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).expect("the constants are in range");
    Argon2::new_with_secret(pepper, Algorithm::Argon2id, Version::V0x13, params).expect("32 bytes are in range")
}

fn hash(pepper: &[u8; 32], password: &Password) -> Result<String, HashError> {
    Ok(argon2(pepper).hash_password_with_salt(password.expose().as_bytes(), &random::<16>())?.to_string())
}

fn verify(pepper: &[u8; 32], password: &Password, phc: &str) -> Result<bool, HashError> {
    let parsed = PasswordHash::new(phc).map_err(|_| HashError::EncodingInvalid)?;
    match argon2(pepper).verify_password(password.expose().as_bytes(), &parsed) {
        Ok(()) => Ok(true),
        Err(HashError::PasswordInvalid) => Ok(false),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn passwords() -> Passwords {
        Passwords::new(&Secret::for_tests())
    }

    #[tokio::test]
    async fn is_argon2id_with_the_stated_cost_and_a_fresh_salt() {
        let passwords = passwords();
        let first = passwords.hash(Password::new("correct horse battery")).await.unwrap();
        let second = passwords.hash(Password::new("correct horse battery")).await.unwrap();
        assert!(first.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{first}");
        assert_ne!(first, second);
        let cost = |phc: &str| phc.rsplitn(3, '$').last().map(str::to_owned);
        assert_eq!(cost(&passwords.0.decoy), cost(&first), "a name that nobody has costs the same work");
        assert!(passwords.verify(Password::new("correct horse battery"), Some(first)).await.unwrap());
    }

    #[tokio::test]
    async fn a_stolen_hash_is_nothing_without_the_installations_secret() {
        let phc = passwords().hash(Password::new("correct horse battery")).await.unwrap();
        assert!(!verify(&[1; 32], &Password::new("correct horse battery"), &phc).unwrap());
        let plain = Argon2::default();
        let parsed = PasswordHash::new(&phc).unwrap();
        assert!(plain.verify_password(b"correct horse battery", &parsed).is_err());
    }

    #[tokio::test]
    async fn nobodys_password_never_fits_and_a_broken_hash_is_a_fault() {
        let passwords = passwords();
        assert!(!passwords.verify(Password::new(""), None).await.unwrap());
        assert!(passwords.verify(Password::new("x"), Some("plain".into())).await.is_err());
    }

    proptest! {
        // Each case hashes three times; a hundred cases take seconds.
        #![proptest_config(ProptestConfig::with_cases(24))]

        /// A password fits its own hash and no other does, whatever the characters.
        #[test]
        fn only_the_same_password_fits(password in "\\PC{1,40}", other in "\\PC{1,40}") {
            let pepper = [7; 32];
            let phc = hash(&pepper, &Password::new(password.as_str())).unwrap();
            prop_assert!(verify(&pepper, &Password::new(password.as_str()), &phc).unwrap());
            prop_assert_eq!(verify(&pepper, &Password::new(other.as_str()), &phc).unwrap(), password == other);
        }
    }
}
