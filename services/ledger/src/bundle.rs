//! Entry bundles: entries one after the other, each behind its length as a big-endian 16-bit number (C2SP tlog-tiles).

use sanbian_domain::fact::Entry;

/// The bytes are not a bundle, or an entry does not fit into one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BundleError {
    /// Larger than the length prefix can say.
    #[error("entry of {0} bytes is larger than 65535")]
    EntryTooLarge(usize),
    /// The bytes end inside an entry.
    #[error("bundle ends inside an entry")]
    Truncated,
}

/// Adds an entry to a bundle's bytes.
///
/// # Errors
/// [`BundleError::EntryTooLarge`]: nothing was added.
pub fn push(bundle: &mut Vec<u8>, entry: &[u8]) -> Result<(), BundleError> {
    let length = u16::try_from(entry.len()).map_err(|_| BundleError::EntryTooLarge(entry.len()))?;
    debug_assert!(entry.len() <= Entry::MAX_BYTES);
    bundle.extend_from_slice(&length.to_be_bytes());
    bundle.extend_from_slice(entry);
    Ok(())
}

/// The entries of a bundle's bytes.
///
/// # Errors
/// [`BundleError::Truncated`].
pub fn split(bundle: &[u8]) -> Result<Vec<&[u8]>, BundleError> {
    let mut entries = Vec::new();
    let mut rest = bundle;
    while !rest.is_empty() {
        let (length, after) = rest.split_first_chunk::<2>().ok_or(BundleError::Truncated)?;
        let length = usize::from(u16::from_be_bytes(*length));
        let (entry, after) = after.split_at_checked(length).ok_or(BundleError::Truncated)?;
        entries.push(entry);
        rest = after;
    }
    Ok(entries)
}
