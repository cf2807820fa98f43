//! What a check needs to know beside the notice: facts of the registry, of the collective and of the calendar.

use crate::calendar::Calendar;
use crate::money::Money;
use crate::rights::NeverTradable;
use chrono::NaiveDate;
use rust_decimal::Decimal;

/// How the collective's decision stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DecisionStanding {
    /// Nobody looked (while a form is typed, for an imported notice).
    #[default]
    NotLooked,
    /// There is none yet.
    Missing,
    /// It was held and carried.
    Carried,
}

/// What comparable deals came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ComparableMedian {
    /// How many deals.
    pub count: u32,
    /// Their median in fen per mu and year.
    pub mu_year: Money,
}

/// The offer this lot is a relisting of, its amounts in the basis of this notice's reserve.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Relisted {
    /// The first reserve of all.
    pub first: Money,
    /// The reserve of the offer before this one.
    pub before: Money,
    /// How many cuts there have been before this one.
    pub cuts: u32,
    /// Whether the collective decided anew.
    pub decided: bool,
}

/// The facts that rules look at beside the notice. What is not known stays none, and the rule that needs it stays silent.
#[derive(Clone, Debug)]
pub struct CheckContext<'a> {
    /// The day of law (Asia/Shanghai).
    pub today: NaiveDate,
    /// Working days.
    pub calendar: &'a Calendar,
    /// How the collective's decision stands.
    pub decision: DecisionStanding,
    /// Last day of the title or contract the right comes from.
    pub title_term_end: Option<NaiveDate>,
    /// Bars the registry knows of: dispute, seal, mortgage, expropriation.
    pub bars: &'a [NeverTradable],
    /// Area computed from the geometry, in mu.
    pub measured_mu: Option<Decimal>,
    /// What comparable deals came to.
    pub comparables: Option<ComparableMedian>,
    /// The earlier offer, for a relisting.
    pub relisted: Option<Relisted>,
}

impl CheckContext<'static> {
    /// A context that knows only the day.
    pub fn on(today: NaiveDate) -> Self {
        Self {
            today,
            calendar: Calendar::official(),
            decision: DecisionStanding::NotLooked,
            title_term_end: None,
            bars: &[],
            measured_mu: None,
            comparables: None,
            relisted: None,
        }
    }
}
