//! The working-day calendar of this installation: the State Council's notices that the program carries, and later years that the
//! office has loaded.

use sanbian_domain::{calendar::Calendar, finding::Finding};
use std::sync::OnceLock;

static CALENDAR: OnceLock<Calendar> = OnceLock::new();

/// Adds years to the calendar, once a process, before any service starts. Each text is a TOML file of one year.
///
/// # Errors
/// Where a text is no calendar, or the calendar was used or extended before.
pub fn extend<'t>(years: impl IntoIterator<Item = &'t str>) -> Result<(), Finding> {
    let mut calendar = Calendar::official().clone();
    for year in years {
        calendar = calendar.with(year)?;
    }
    // Set once: a second start in the same process (a test) keeps the first.
    let _ = CALENDAR.set(calendar);
    Ok(())
}

/// The calendar by which this process counts working days.
pub fn calendar() -> &'static Calendar {
    CALENDAR.get_or_init(|| Calendar::official().clone())
}
