//! From a notice and its rulebook to the parameters of the lot's life.

use crate::{
    lot::LotRules,
    notice::{Exercise, Method, Notice},
    rights::Holder,
    rulebook::{Rulebook, values::SingleBidder},
};

/// The parameters of the life of the lot that `notice` describes. What the notice itself says of the number of bidders goes before the
/// rulebook: it is what bidders were told.
pub fn of(notice: &Notice, book: &Rulebook) -> LotRules {
    let needs_decision = notice.holder.is_some_and(Holder::needs_collective_decision);
    let mut rules = LotRules::of(&book.rules, needs_decision, book.needs_county_review(notice), has_window(notice));
    let method = notice.method.as_ref().and_then(|terms| terms.method.as_ref());
    if let Some(Method::ByBidders { at_least, fewer, .. }) = method {
        rules.bidders_at_least = *at_least;
        match **fewer {
            Method::Negotiated => rules.fewer_bidders = SingleBidder::Negotiate,
            Method::Ascending(_) => rules.fewer_bidders = SingleBidder::Auction,
            _ => {}
        }
    }
    rules
}

/// Whether holders of a priority right take the final price in a window after the close.
pub(super) fn has_window(notice: &Notice) -> bool {
    notice.priority.as_ref().is_some_and(|priority| {
        !priority.none && !priority.ranks.is_empty() && priority.exercise == Some(Exercise::Window)
    })
}
