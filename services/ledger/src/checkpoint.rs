//! Checkpoints (C2SP tlog-checkpoint): a log's name, its size and its root, as the text of a signed note.

use crate::{
    hash::Hash,
    key::{SigningKey, VerifierKey},
    note::{Note, NoteError},
};
use std::{fmt, str::FromStr};

/// Why a checkpoint is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// The note around it is refused.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// The text is not a checkpoint.
    #[error("malformed checkpoint: {0}")]
    Malformed(&'static str),
    /// A checkpoint of another log.
    #[error("checkpoint of {found:?}, not of {expected:?}")]
    Origin {
        /// The log it must be of.
        expected: String,
        /// The log it is of.
        found: String,
    },
}

/// A log's tree at one size.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// The log's name: also the name of its key.
    pub origin: String,
    /// Number of entries.
    pub size: u64,
    /// Root hash over them.
    pub root: Hash,
    /// Further lines. Ours has none: nobody can audit them.
    pub extensions: Vec<String>,
}

impl Checkpoint {
    /// The checkpoint of a tree.
    pub fn new(origin: &str, size: u64, root: Hash) -> Self {
        Self { origin: origin.to_owned(), size, root, extensions: Vec::new() }
    }

    /// The checkpoint of a tree, signed by the log's key, whose name is the origin.
    ///
    /// # Panics
    /// Never: a key's name is a valid origin, and the text is well formed.
    pub fn signed(size: u64, root: Hash, key: &SigningKey) -> String {
        let text = Self::new(key.verifier().name(), size, root).to_string();
        Note::sign(text, key).expect("a checkpoint is a valid note text").to_string()
    }

    /// Reads a signed checkpoint of the log whose key is `key`.
    ///
    /// # Errors
    /// Where it is malformed, not signed by the key, or of another origin than the key's name.
    pub fn open(note: &str, key: &VerifierKey) -> Result<Self, CheckpointError> {
        let checkpoint: Self = note.parse::<Note>()?.verify(key)?.parse()?;
        if checkpoint.origin == key.name() {
            Ok(checkpoint)
        } else {
            Err(CheckpointError::Origin { expected: key.name().to_owned(), found: checkpoint.origin })
        }
    }
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n{}\n{}\n", self.origin, self.size, self.root)?;
        self.extensions.iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}

impl FromStr for Checkpoint {
    type Err = CheckpointError;
    fn from_str(text: &str) -> Result<Self, CheckpointError> {
        let malformed = CheckpointError::Malformed;
        let text = text.strip_suffix('\n').ok_or(malformed("no newline at the end"))?;
        let mut lines = text.split('\n');
        let origin = lines.next().filter(|line| !line.is_empty()).ok_or(malformed("no origin"))?;
        let size_text = lines.next().ok_or(malformed("no size"))?;
        let size: u64 = size_text.parse().map_err(|_| malformed("size"))?;
        if size.to_string() != size_text {
            return Err(malformed("size"));
        }
        let root = lines.next().and_then(|line| line.parse().ok()).ok_or(malformed("root"))?;
        let extensions: Vec<String> = lines.map(str::to_owned).collect();
        if extensions.iter().any(String::is_empty) {
            return Err(malformed("empty line"));
        }
        Ok(Self { origin: origin.to_owned(), size, root, extensions })
    }
}
