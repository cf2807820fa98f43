//! What money does, whoever sets it off: the log or a person. Each step decides by the core, books, keeps, and says its facts.

pub(crate) mod contracts;
pub(crate) mod deposits;
pub(crate) mod lines;
pub(crate) mod payouts;

/// Why a bank line does not count for what it names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Unmatched {
    /// No code in the remark, or several.
    NoReference,
    /// Another amount than is due.
    WrongAmount,
    /// Not the bidder's own account; for money that left, not the payee's.
    WrongPayer,
    /// After the deadline.
    TooLate,
    /// Nothing is due on that code now.
    NotDue,
    /// Paid out before a second person confirmed it.
    NotApproved,
    /// A code of nothing.
    Unknown,
}

impl Unmatched {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::NoReference => "no-reference",
            Self::WrongAmount => "wrong-amount",
            Self::WrongPayer => "wrong-payer",
            Self::TooLate => "too-late",
            Self::NotDue => "not-due",
            Self::NotApproved => "not-approved",
            Self::Unknown => "unknown",
        }
    }

    /// The reason in words: Chinese and English.
    pub(crate) const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::NoReference => ("附言中没有唯一的附言码", "the remark has no code, or several"),
            Self::WrongAmount => ("金额与应缴金额不符", "the amount is not the one due"),
            Self::WrongPayer => ("对方账户与登记的账户不符", "the other side's account is not the one registered"),
            Self::TooLate => ("到账晚于截止时间", "the money came after the deadline"),
            Self::NotDue => ("该附言码目前没有应收款", "nothing is due on this code now"),
            Self::NotApproved => ("付款先于复核", "it was paid before a second person confirmed it"),
            Self::Unknown => ("附言码不存在", "there is no such code"),
        }
    }
}

/// Whether a line counted.
pub(crate) type Counted = Result<(), Unmatched>;
