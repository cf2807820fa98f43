//! The tree's hashes: SHA-256 as RFC 6962, section 2.1 uses it.

use base64::{Engine, engine::general_purpose::STANDARD};
use ring::digest::{Context, SHA256, digest};
use std::{fmt, str::FromStr};

/// A SHA-256 hash of the tree. Shown in base64, as checkpoints and proofs write it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash(pub [u8; 32]);

/// The text or bytes are not a hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a SHA-256 hash (32 bytes, in base64 where it is text)")]
pub struct NotAHash;

impl Hash {
    /// Bytes of a hash.
    pub const BYTES: usize = 32;

    /// Root of the tree without leaves: the hash of nothing.
    pub fn of_nothing() -> Self {
        Self::from_digest(digest(&SHA256, b""))
    }

    /// Hash of a leaf: `SHA-256(0x00 || data)`.
    pub fn of_leaf(data: &[u8]) -> Self {
        let mut context = Context::new(&SHA256);
        context.update(&[0x00]);
        context.update(data);
        Self::from_digest(context.finish())
    }

    /// Hash of an inner node: `SHA-256(0x01 || left || right)`. The prefix keeps a node from passing as a leaf.
    pub fn of_children(left: &Self, right: &Self) -> Self {
        let mut bytes = [0x01; 65];
        bytes[1..33].copy_from_slice(&left.0);
        bytes[33..].copy_from_slice(&right.0);
        Self::from_digest(digest(&SHA256, &bytes))
    }

    /// The hashes that stand in `bytes` one after the other, as in a tile.
    ///
    /// # Errors
    /// Where the length is no multiple of 32.
    pub fn list(bytes: &[u8]) -> Result<Vec<Self>, NotAHash> {
        let (hashes, rest) = bytes.as_chunks::<{ Self::BYTES }>();
        if rest.is_empty() { Ok(hashes.iter().map(|hash| Self(*hash)).collect()) } else { Err(NotAHash) }
    }

    /// The bytes of `hashes` one after the other, as in a tile.
    pub fn concat(hashes: &[Self]) -> Vec<u8> {
        hashes.iter().flat_map(|hash| hash.0).collect()
    }

    fn from_digest(digest: ring::digest::Digest) -> Self {
        Self(digest.as_ref().try_into().expect("SHA-256 gives 32 bytes"))
    }
}

impl TryFrom<&[u8]> for Hash {
    type Error = NotAHash;
    fn try_from(bytes: &[u8]) -> Result<Self, NotAHash> {
        bytes.try_into().map(Self).map_err(|_| NotAHash)
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&STANDARD.encode(self.0))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hash({self})")
    }
}

impl FromStr for Hash {
    type Err = NotAHash;
    fn from_str(text: &str) -> Result<Self, NotAHash> {
        let bytes = STANDARD.decode(text).map_err(|_| NotAHash)?;
        Self::try_from(bytes.as_slice())
    }
}
