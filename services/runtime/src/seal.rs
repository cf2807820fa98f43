//! Sealing: personal data at rest (AEAD), look-ups over it (keyed hashes), and salted commitments for the log.

use crate::secret::Secret;
use ring::{
    aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    digest, hmac,
    rand::{SecureRandom, SystemRandom},
};
use std::sync::Arc;

/// Seals and opens personal data of one service (AES-256-GCM, random nonce, bound to what it belongs to).
#[derive(Clone)]
pub struct Sealer {
    key: Arc<LessSafeKey>,
    lookup: Arc<hmac::Key>,
}

/// The sealed bytes were altered, belong to something else, or were sealed under another key.
#[derive(Debug, thiserror::Error)]
#[error("sealed data does not open")]
pub struct Unsealable;

impl Sealer {
    /// The sealer of `service`.
    pub fn new(secret: &Secret, service: &str) -> Self {
        let key =
            UnboundKey::new(&AES_256_GCM, &secret.derive::<32>(&format!("seal/{service}"))).expect("a key of 32 bytes");
        let lookup = hmac::Key::new(hmac::HMAC_SHA256, &secret.derive::<32>(&format!("lookup/{service}")));
        Self { key: Arc::new(LessSafeKey::new(key)), lookup: Arc::new(lookup) }
    }

    /// Seals `plain`; `bound_to` (such as `party:<id>`) must be the same at opening, so that rows can't be swapped.
    pub fn seal(&self, bound_to: &str, plain: &[u8]) -> Vec<u8> {
        let nonce = random::<NONCE_LEN>();
        let mut sealed = plain.to_vec();
        self.key
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(bound_to.as_bytes()), &mut sealed)
            .expect("plain text is far below the cipher's limit");
        let mut out = nonce.to_vec();
        out.append(&mut sealed);
        out
    }

    /// Opens what [`Self::seal`] sealed.
    ///
    /// # Errors
    /// [`Unsealable`].
    pub fn open(&self, bound_to: &str, sealed: &[u8]) -> Result<Vec<u8>, Unsealable> {
        let (nonce, body) = sealed.split_at_checked(NONCE_LEN).ok_or(Unsealable)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| Unsealable)?;
        let mut body = body.to_vec();
        let plain = self.key.open_in_place(nonce, Aad::from(bound_to.as_bytes()), &mut body).map_err(|_| Unsealable)?;
        Ok(plain.to_vec())
    }

    /// A keyed hash to find equal values (such as an identity number) without keeping them readable.
    pub fn lookup(&self, value: &str) -> Vec<u8> {
        hmac::sign(&self.lookup, value.as_bytes()).as_ref().to_vec()
    }
}

/// `N` random bytes.
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    SystemRandom::new().fill(&mut bytes).expect("the system gives random bytes");
    bytes
}

/// SHA-256, hex.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex::encode(digest::digest(&digest::SHA256, bytes))
}

/// A salted commitment for the log: SHA-256 over salt and value, hex. Deleting the salt makes the value unfindable.
pub fn commitment(salt: &[u8; 32], value: &str) -> String {
    let mut context = digest::Context::new(&digest::SHA256);
    context.update(salt);
    context.update(value.as_bytes());
    hex::encode(context.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opens_only_where_it_belongs() {
        let dir = std::env::temp_dir().join(format!("sanbian-seal-{}", uuid::Uuid::now_v7()));
        let secret = Secret::open(&dir).unwrap();
        std::fs::remove_file(dir).unwrap();
        let sealer = Sealer::new(&secret, "registry");
        let sealed = sealer.seal("party:1", "张三".as_bytes());
        assert_eq!(sealer.open("party:1", &sealed).unwrap(), "张三".as_bytes());
        assert!(sealer.open("party:2", &sealed).is_err());
        assert!(Sealer::new(&secret, "listing").open("party:1", &sealed).is_err());
        let mut altered = sealed.clone();
        *altered.last_mut().unwrap() ^= 1;
        assert!(sealer.open("party:1", &altered).is_err());
        assert!(sealer.open("party:1", &sealed[..5]).is_err());
        assert_ne!(sealed, sealer.seal("party:1", "张三".as_bytes()));
    }
}
