//! What listing needs beside the life of a lot itself ([`crate::lot`]): pure, so that the verifier can work it out again.
//!
//! | module | what it answers |
//! |---|---|
//! | [`rules`] | which parameters of a lot's life its notice and rulebook give |
//! | [`draft`] | when a draft may still be written |
//! | [`dates`] | which dates an announcement, a correction or a resumption has by rule and calendar |
//! | [`change`] | which fields of a notice a correction changes |
//! | [`vote`] | whether a collective's decision is the one this lot needs |
//! | [`eligibility`] | who may register at all |
//! | [`runnable`] | whether this exchange can run the lot as its notice says |

pub mod change;
pub mod dates;
pub mod draft;
pub mod eligibility;
pub mod rules;
pub mod runnable;
pub mod vote;

#[cfg(test)]
mod tests;
