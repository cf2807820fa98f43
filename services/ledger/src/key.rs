//! Ed25519 keys of notes (C2SP signed-note), and their texts.
//!
//! A verifier key is `<name>+<id in hex>+<base64 of 0x01 || public key>`; a signing key is the same with `PRIVATE+KEY+` before it and
//! the seed in place of the public key, as Go's `note` package writes it.

use base64::{Engine, engine::general_purpose::STANDARD};
use ring::{
    digest::{SHA256, digest},
    signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey},
};
use std::{fmt, str::FromStr};

/// Signature type byte of Ed25519 over the note's text.
const ED25519_NOTE: u8 = 0x01;
const PRIVATE: &str = "PRIVATE+KEY+";

/// The text is not a key of this format, or its parts do not belong together.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// A name must not be empty or have spaces, plus signs or control characters in it.
    #[error("not a key name: {0:?}")]
    Name(String),
    /// Not `<name>+<id>+<key>`.
    #[error("not a key of the form name+id+base64")]
    Form,
    /// Another algorithm than Ed25519.
    #[error("key of unknown algorithm {0:#04x}")]
    Algorithm(u8),
    /// The id was not made from this name and key: the text was cut or changed.
    #[error("the key's id does not belong to its name and key")]
    Id,
}

/// Whether `name` may name a key.
pub fn is_key_name(name: &str) -> bool {
    !name.is_empty() && !name.chars().any(|c| c.is_whitespace() || c.is_control() || c == '+')
}

fn key_id(name: &str, public: &[u8; 32]) -> [u8; 4] {
    let bytes = [name.as_bytes(), b"\n", &[ED25519_NOTE], public].concat();
    digest(&SHA256, &bytes).as_ref()[..4].try_into().expect("SHA-256 gives 32 bytes")
}

fn hex_id(id: [u8; 4]) -> String {
    format!("{:08x}", u32::from_be_bytes(id))
}

/// Splits `<name>+<id>+<base64 of 0x01 || 32 bytes>`.
fn split(text: &str) -> Result<(&str, &str, [u8; 32]), KeyError> {
    let mut parts = text.splitn(3, '+');
    let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(KeyError::Form);
    };
    if !is_key_name(name) {
        return Err(KeyError::Name(name.to_owned()));
    }
    let key = STANDARD.decode(key).map_err(|_| KeyError::Form)?;
    match key.split_first() {
        Some((&ED25519_NOTE, bytes)) => Ok((name, id, bytes.try_into().map_err(|_| KeyError::Form)?)),
        Some((&other, _)) => Err(KeyError::Algorithm(other)),
        None => Err(KeyError::Form),
    }
}

/// What checks a log's signatures. Clients pin it: the name is the log's origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    id: [u8; 4],
    public: [u8; 32],
}

impl VerifierKey {
    fn new(name: &str, public: [u8; 32]) -> Self {
        Self { name: name.to_owned(), id: key_id(name, &public), public }
    }

    /// The key's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// First four bytes of the hash of name and key: tells keys apart, proves nothing.
    pub const fn id(&self) -> [u8; 4] {
        self.id
    }

    /// Whether `signature` over `text` was made by this key.
    pub fn verifies(&self, text: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&ED25519, &self.public).verify(text, signature).is_ok()
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = STANDARD.encode([&[ED25519_NOTE], self.public.as_slice()].concat());
        write!(f, "{}+{}+{key}", self.name, hex_id(self.id))
    }
}

impl FromStr for VerifierKey {
    type Err = KeyError;
    fn from_str(text: &str) -> Result<Self, KeyError> {
        let (name, id, public) = split(text)?;
        let key = Self::new(name, public);
        if hex_id(key.id) == id { Ok(key) } else { Err(KeyError::Id) }
    }
}

/// What signs a log's checkpoints. `Debug` shows the public half only.
pub struct SigningKey {
    pair: Ed25519KeyPair,
    seed: [u8; 32],
    verifier: VerifierKey,
}

impl SigningKey {
    /// The key of `name` from its secret seed.
    ///
    /// # Errors
    /// [`KeyError::Name`].
    pub fn from_seed(name: &str, seed: [u8; 32]) -> Result<Self, KeyError> {
        if !is_key_name(name) {
            return Err(KeyError::Name(name.to_owned()));
        }
        let pair = Ed25519KeyPair::from_seed_unchecked(&seed).expect("any 32 bytes are a seed");
        let public = pair.public_key().as_ref().try_into().expect("an Ed25519 public key has 32 bytes");
        Ok(Self { pair, seed, verifier: VerifierKey::new(name, public) })
    }

    /// The half that checks.
    pub const fn verifier(&self) -> &VerifierKey {
        &self.verifier
    }

    /// Signature over `text`.
    pub fn sign(&self, text: &[u8]) -> Vec<u8> {
        self.pair.sign(text).as_ref().to_vec()
    }

    /// The secret text that [`FromStr`] reads.
    pub fn to_secret_text(&self) -> String {
        let key = STANDARD.encode([&[ED25519_NOTE], self.seed.as_slice()].concat());
        format!("{PRIVATE}{}+{}+{key}", self.verifier.name, hex_id(self.verifier.id))
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({})", self.verifier)
    }
}

impl FromStr for SigningKey {
    type Err = KeyError;
    fn from_str(text: &str) -> Result<Self, KeyError> {
        let (name, id, seed) = split(text.strip_prefix(PRIVATE).ok_or(KeyError::Form)?)?;
        let key = Self::from_seed(name, seed)?;
        if hex_id(key.verifier.id) == id { Ok(key) } else { Err(KeyError::Id) }
    }
}
