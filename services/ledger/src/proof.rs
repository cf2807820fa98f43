//! Proofs to take home (C2SP tlog-proof): one text that shows, offline, that an entry is in the log.

use crate::{
    checkpoint::{Checkpoint, CheckpointError},
    hash::Hash,
    key::VerifierKey,
    merkle::{self, ProofError},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use std::{fmt, str::FromStr};

const HEADER: &str = "c2sp.org/tlog-proof@v1";

/// Why a proof text is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TlogProofError {
    /// The text is not a proof.
    #[error("malformed proof: {0}")]
    Malformed(&'static str),
    /// The checkpoint in it is refused.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// The hashes do not prove it.
    #[error(transparent)]
    Proof(#[from] ProofError),
}

/// An entry's place in the log, the hashes that lead from it to a root, and the signed checkpoint of that root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlogProof {
    /// Data of the application's own. Nothing vouches for it.
    pub extra: Option<Vec<u8>>,
    /// The entry's index in the log.
    pub index: u64,
    /// Inclusion proof, from the leaf's sibling to the root's child.
    pub hashes: Vec<Hash>,
    /// The signed checkpoint, as it was published.
    pub checkpoint: String,
}

impl TlogProof {
    /// Checks that `entry` stands at [`Self::index`] of the log whose key is `key`, and gives the checkpoint that says so.
    ///
    /// # Errors
    /// Where that is not proved.
    pub fn verify(&self, entry: &[u8], key: &VerifierKey) -> Result<Checkpoint, TlogProofError> {
        let checkpoint = Checkpoint::open(&self.checkpoint, key)?;
        merkle::check_inclusion(self.index, checkpoint.size, Hash::of_leaf(entry), &self.hashes, checkpoint.root)?;
        Ok(checkpoint)
    }
}

impl fmt::Display for TlogProof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{HEADER}")?;
        if let Some(extra) = &self.extra {
            writeln!(f, "extra {}", STANDARD.encode(extra))?;
        }
        writeln!(f, "index {}", self.index)?;
        self.hashes.iter().try_for_each(|hash| writeln!(f, "{hash}"))?;
        write!(f, "\n{}", self.checkpoint)
    }
}

impl FromStr for TlogProof {
    type Err = TlogProofError;
    fn from_str(text: &str) -> Result<Self, TlogProofError> {
        let malformed = TlogProofError::Malformed;
        let (head, checkpoint) = text.split_once("\n\n").ok_or(malformed("no checkpoint"))?;
        let mut lines = head.split('\n').peekable();
        if lines.next() != Some(HEADER) {
            return Err(malformed("header"));
        }
        let extra = lines
            .next_if(|line| line.starts_with("extra "))
            .map(|line| STANDARD.decode(&line["extra ".len()..]))
            .transpose()
            .map_err(|_| malformed("extra"))?;
        let index_text = lines.next().and_then(|line| line.strip_prefix("index ")).ok_or(malformed("index"))?;
        let index: u64 = index_text.parse().map_err(|_| malformed("index"))?;
        if index.to_string() != index_text {
            return Err(malformed("index"));
        }
        let hashes = lines.map(str::parse).collect::<Result<_, _>>().map_err(|_| malformed("hash"))?;
        Ok(Self { extra, index, hashes, checkpoint: checkpoint.to_owned() })
    }
}
