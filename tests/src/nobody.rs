//! Numbers of people and firms that do not exist: well-formed, their check characters found by trying.

use sanbian_domain::identity::{ResidentId, Uscc};

/// A resident identity number (居民身份证号).
///
/// # Panics
/// Never: one of the eleven check characters fits.
pub fn resident(year: u16, serial: u32) -> String {
    let head = format!("500229{year:04}01{:02}{:03}", serial / 1000 + 1, serial % 1000);
    checked(&head, "0123456789X", |text| ResidentId::parse(text).is_ok())
}

/// A unified social credit code (统一社会信用代码).
///
/// # Panics
/// Never: one of the check characters fits.
pub fn uscc(serial: u32) -> String {
    checked(&format!("N2500229MACEX{serial:03}1"), "0123456789ABCDEFGHJKLMNPQRTUWXY", |text| Uscc::parse(text).is_ok())
}

/// The same number with another check character: a slip of the pen.
///
/// # Panics
/// Never: numbers end in a character.
pub fn mistyped(number: &str) -> String {
    let (head, last) = number.split_at(number.len() - 1);
    format!("{head}{}", if last == "1" { "2" } else { "1" })
}

/// A bank account number.
pub fn bank_account(serial: u32) -> String {
    format!("6222020000{serial:09}")
}

fn checked(head: &str, characters: &str, valid: impl Fn(&str) -> bool) -> String {
    characters.chars().map(|last| format!("{head}{last}")).find(|text| valid(text)).expect("a check character fits")
}
