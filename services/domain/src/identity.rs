//! Numbers that identify people, organisations, telephones and accounts: checked when they come in, masked when they are shown.
//!
//! **Invariants**
//! - A value of these types has passed its standard's checks, so no caller checks again.
//! - **`Debug` and `Display` are masked**, and none of the types serialises: a number leaves only through `expose()`, which is easy
//!   to search for. Findings about a number never repeat it.
//! - The finding's field is left to the caller, who knows the form.

mod account;
mod mobile;
mod resident;
mod uscc;

pub use account::BankAccount;
pub use mobile::MobileNumber;
pub use resident::ResidentId;
pub use uscc::{OrganisationKind, Uscc};

/// The type's constructor and accessors that are the same for each number.
macro_rules! masked_text {
    ($name:ident) => {
        impl $name {
            /// The full number. Each look at an unmasked number is logged by the service that shows it.
            pub fn expose(&self) -> &str {
                &self.0
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::finding::Finding;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::parse(text)
            }
        }

        impl std::fmt::Display for $name {
            /// The masked number.
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(&self.masked())
            }
        }

        impl std::fmt::Debug for $name {
            /// The masked number, so that no log or panic tells it.
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.masked())
            }
        }
    };
}
use masked_text;

/// `text` with all but its first `head` and last `tail` characters starred. ASCII only, which all these numbers are.
fn mask(text: &str, head: usize, tail: usize) -> String {
    let hidden = text.len().saturating_sub(head + tail);
    if hidden == 0 {
        return "*".repeat(text.len());
    }
    format!("{}{}{}", &text[..head], "*".repeat(hidden), &text[text.len() - tail..])
}

/// What people put between the digits of a number, taken out; letters in upper case.
fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && *c != '-').map(|c| c.to_ascii_uppercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_show_head_and_tail_only_where_something_is_hidden() {
        assert_eq!(mask("123456789", 2, 3), "12****789");
        assert_eq!(mask("12345", 2, 3), "*****");
        assert_eq!(mask("123", 2, 3), "***");
        assert_eq!(squeezed(" 13 8-0a "), "1380A");
    }
}
