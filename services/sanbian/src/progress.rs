//! Progress of long work, on standard error; silent where that is not a terminal.

use indicatif::{ProgressBar, ProgressStyle};

/// A bar over `length` steps named `what`.
pub fn bar(length: u64, what: &'static str) -> ProgressBar {
    let style =
        ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len}  {elapsed}").unwrap_or(ProgressStyle::default_bar());
    ProgressBar::new(length).with_style(style).with_message(what)
}
