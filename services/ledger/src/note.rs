//! Signed notes (C2SP signed-note): a text and the signatures under it.

use crate::key::{SigningKey, VerifierKey, is_key_name};
use base64::{Engine, engine::general_purpose::STANDARD};
use std::{fmt, str::FromStr};

/// Most signatures a note may carry; the specification asks for at least 16.
const MAX_SIGNATURES: usize = 64;
/// Most bytes a note may have.
const MAX_BYTES: usize = 256 * 1024;

/// Why a note is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// Not a note: no blank line, no signature, a control character, or a line that is no signature where one must be.
    #[error("malformed note: {0}")]
    Malformed(&'static str),
    /// A key that is known made no such signature.
    #[error("the signature by {0} does not verify")]
    BadSignature(String),
    /// Nobody known signed it.
    #[error("the note is signed by no known key")]
    Unsigned,
}

/// One signature line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// Name of the key.
    pub name: String,
    /// Id of the key.
    pub id: [u8; 4],
    /// The signature's own bytes.
    pub bytes: Vec<u8>,
}

/// A text with signatures. The text must not be believed before [`Note::verify`] says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<Signature>,
}

impl Note {
    /// Signs `text`.
    ///
    /// # Errors
    /// Where the text does not end in a newline or has control characters in it.
    pub fn sign(text: String, key: &SigningKey) -> Result<Self, NoteError> {
        check_text(&text)?;
        let verifier = key.verifier();
        let bytes = key.sign(text.as_bytes());
        Ok(Self { signatures: vec![Signature { name: verifier.name().to_owned(), id: verifier.id(), bytes }], text })
    }

    /// The text, its last newline included, after `key` has been seen to have signed it. Signatures by other keys are ignored.
    ///
    /// # Errors
    /// Where the key's signature is wrong or missing.
    pub fn verify(&self, key: &VerifierKey) -> Result<&str, NoteError> {
        let mut verified = false;
        for signature in self.signatures.iter().filter(|line| line.name == key.name() && line.id == key.id()) {
            if !key.verifies(self.text.as_bytes(), &signature.bytes) {
                return Err(NoteError::BadSignature(signature.name.clone()));
            }
            verified = true;
        }
        if verified { Ok(&self.text) } else { Err(NoteError::Unsigned) }
    }

    /// The text without any check.
    pub fn unverified_text(&self) -> &str {
        &self.text
    }

    /// The signature lines, unverified.
    pub fn signatures(&self) -> &[Signature] {
        &self.signatures
    }

    /// Adds a signature line made elsewhere, such as a witness's.
    pub fn add(&mut self, signature: Signature) {
        self.signatures.push(signature);
    }
}

fn check_text(text: &str) -> Result<(), NoteError> {
    if !text.ends_with('\n') {
        return Err(NoteError::Malformed("the text does not end in a newline"));
    }
    if text.bytes().any(|byte| byte < 0x20 && byte != b'\n') {
        return Err(NoteError::Malformed("control character"));
    }
    Ok(())
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.signatures.iter().try_for_each(|line| {
            let bytes = STANDARD.encode([line.id.as_slice(), &line.bytes].concat());
            writeln!(f, "— {} {bytes}", line.name)
        })
    }
}

impl FromStr for Note {
    type Err = NoteError;
    fn from_str(note: &str) -> Result<Self, NoteError> {
        if note.len() > MAX_BYTES {
            return Err(NoteError::Malformed("too large"));
        }
        check_text(note)?;
        // The last empty line ends the text, which may have empty lines of its own.
        let end = note.rfind("\n\n").ok_or(NoteError::Malformed("no blank line before the signatures"))? + 1;
        let (text, lines) = (&note[..end], &note[end + 1..]);
        let signatures =
            lines.lines().map(signature).collect::<Option<Vec<_>>>().ok_or(NoteError::Malformed("signature line"))?;
        if signatures.is_empty() {
            return Err(NoteError::Malformed("no signature"));
        }
        if signatures.len() > MAX_SIGNATURES {
            return Err(NoteError::Malformed("too many signatures"));
        }
        Ok(Self { text: text.to_owned(), signatures })
    }
}

fn signature(line: &str) -> Option<Signature> {
    let (name, bytes) = line.strip_prefix("— ")?.split_once(' ')?;
    let bytes = STANDARD.decode(bytes).ok()?;
    let (id, bytes) = bytes.split_first_chunk::<4>()?;
    (is_key_name(name) && !bytes.is_empty()).then(|| Signature {
        name: name.to_owned(),
        id: *id,
        bytes: bytes.to_vec(),
    })
}
