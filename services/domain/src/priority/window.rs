//! The exercise window (行权期): after the close, holders of a priority right may take the final price; who defaults hands it on.
//!
//! The tables are in [`super`]. Time is half-open as everywhere: an answer at the very end of the window is out.

#[cfg(test)]
mod tests;

use super::Peers;
use crate::{
    auction::{BidderNumber, Rank},
    finding::{Finding, Text},
    money::Money,
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// A holder's answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// Takes the final price (行使); the number is the order of the answers, from 1.
    Exercised(u32),
    /// Leaves it (放弃).
    Waived,
}

/// A holder who may exercise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// Who.
    pub bidder: BidderNumber,
    /// With which rank.
    pub rank: Rank,
    /// What it answered; none = silent.
    pub answer: Option<Answer>,
}

/// A window and what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    price: Money,
    ends: DateTime<Utc>,
    peers: Peers,
    holders: Vec<Holder>,
    /// The auction's winner, then the next qualified where the rulebook invites them.
    bidders: Vec<BidderNumber>,
    answers: u32,
    line: Option<Vec<BidderNumber>>,
    defaults: usize,
}

/// Who takes the lot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Award {
    /// The window is open.
    Pending,
    /// To this bidder.
    To {
        /// Who.
        bidder: BidderNumber,
        /// Whether by priority right.
        by_priority: bool,
    },
    /// Everyone in line defaulted (均悔拍则流标).
    Unsold,
}

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// A holder takes the final price, which it names.
    Exercise {
        /// Who.
        bidder: BidderNumber,
        /// The final price as the holder saw it.
        price: Money,
    },
    /// A holder leaves it.
    Waive {
        /// Who.
        bidder: BidderNumber,
    },
    /// The window ends, at its time or once every holder has answered.
    End {
        /// The [drawn](crate::auction::draw) order of those who exercised; asked for only where equal ranks are drawn for.
        drawn: Option<Vec<BidderNumber>>,
    },
    /// The one who was to take the lot defaults (悔拍).
    Default {
        /// Who.
        bidder: BidderNumber,
    },
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Event {
    /// A holder took the final price.
    Exercised {
        /// Who.
        bidder: BidderNumber,
        /// When.
        at: DateTime<Utc>,
    },
    /// A holder left it.
    Waived {
        /// Who.
        bidder: BidderNumber,
        /// When.
        at: DateTime<Utc>,
    },
    /// The window ended.
    Ended {
        /// Everyone in line: the first takes the lot, each default passes it to the next.
        line: Vec<BidderNumber>,
        /// When.
        at: DateTime<Utc>,
    },
    /// The one who was to take the lot defaulted.
    Defaulted {
        /// Who.
        bidder: BidderNumber,
        /// When.
        at: DateTime<Utc>,
    },
}

impl Window {
    /// A window that ends at `ends` for the final `price`. `bidders` are the auction's winner first, then the next qualified in order where
    /// the rulebook invites them; `winner_rank` is the winner's own right. Of `holders` only those whose right goes before the winner's
    /// may exercise.
    pub fn new(
        price: Money,
        ends: DateTime<Utc>,
        peers: Peers,
        bidders: Vec<BidderNumber>,
        winner_rank: Option<Rank>,
        holders: &[(BidderNumber, Rank)],
    ) -> Self {
        let winner = bidders.first().copied();
        let mut able: Vec<Holder> = holders
            .iter()
            .filter(|(bidder, rank)| Some(*bidder) != winner && Rank::displaces(Some(*rank), winner_rank))
            .map(|(bidder, rank)| Holder { bidder: *bidder, rank: *rank, answer: None })
            .collect();
        able.sort_unstable_by_key(|holder| (holder.bidder, holder.rank));
        able.dedup_by_key(|holder| holder.bidder);
        Self { price, ends, peers, holders: able, bidders, answers: 0, line: None, defaults: 0 }
    }

    /// The final price that may be taken.
    pub fn price(&self) -> Money {
        self.price
    }

    /// The first instant at which no answer counts.
    pub fn ends(&self) -> DateTime<Utc> {
        self.ends
    }

    /// The holders who may exercise, with their answers, by number.
    pub fn holders(&self) -> &[Holder] {
        &self.holders
    }

    /// Who takes the lot as things stand.
    pub fn award(&self) -> Award {
        let Some(line) = &self.line else {
            return Award::Pending;
        };
        match line.get(self.defaults) {
            Some(bidder) => Award::To { bidder: *bidder, by_priority: self.defaults < self.exercised().count() },
            None => Award::Unsold,
        }
    }

    fn exercised(&self) -> impl Iterator<Item = (&Holder, u32)> {
        self.holders.iter().filter_map(|holder| match holder.answer {
            Some(Answer::Exercised(order)) => Some((holder, order)),
            Some(Answer::Waived) | None => None,
        })
    }

    fn holder(&self, bidder: BidderNumber) -> Option<&Holder> {
        self.holders.iter().find(|holder| holder.bidder == bidder)
    }

    fn all_answered(&self) -> bool {
        self.holders.iter().all(|holder| holder.answer.is_some())
    }

    /// Those who exercised, in order; then the auction's winner and the next qualified. None where the order needs a draw that is not
    /// given, or is of others than those who exercised.
    fn line(&self, drawn: Option<&[BidderNumber]>) -> Option<Vec<BidderNumber>> {
        let mut exercised: Vec<_> = self.exercised().collect();
        if self.peers == Peers::Draw && self.needs_draw() {
            let drawn = drawn?;
            let place = |bidder| drawn.iter().position(|drawn| *drawn == bidder);
            if drawn.len() != exercised.len() || exercised.iter().any(|(holder, _)| place(holder.bidder).is_none()) {
                return None;
            }
            exercised.sort_by_key(|(holder, _)| (holder.rank, place(holder.bidder)));
        } else {
            exercised.sort_by_key(|(holder, order)| (holder.rank, *order));
        }
        let mut line: Vec<_> = exercised.into_iter().map(|(holder, _)| holder.bidder).collect();
        for bidder in &self.bidders {
            if !line.contains(bidder) {
                line.push(*bidder);
            }
        }
        Some(line)
    }

    /// Whether two or more of one rank exercised and the rulebook has them drawn for.
    pub fn needs_draw(&self) -> bool {
        let mut ranks: Vec<_> = self.exercised().map(|(holder, _)| holder.rank).collect();
        ranks.sort_unstable();
        self.peers == Peers::Draw && ranks.windows(2).any(|pair| pair[0] == pair[1])
    }
}

/// Whether the command is allowed at `now`, and what then happened.
pub fn decide(window: &Window, command: Command, now: DateTime<Utc>) -> Result<Event, Vec<Finding>> {
    let open = window.line.is_none();
    match command {
        Command::Exercise { bidder, price } => {
            may_answer(window, bidder, now)?;
            if price == window.price {
                Ok(Event::Exercised { bidder, at: now })
            } else {
                Err(wrong_price(window.price))
            }
        }
        Command::Waive { bidder } => {
            may_answer(window, bidder, now)?;
            Ok(Event::Waived { bidder, at: now })
        }
        Command::End { .. } if !open => Err(refused(
            "priority.ended",
            ("行权期已结束", "the window has ended"),
            ("无需再次结束", "There is nothing to end"),
        )),
        Command::End { .. } if now < window.ends && !window.all_answered() => Err(refused(
            "priority.running",
            ("行权期未满且尚有优先权人未答复", "the window runs on and a holder has not answered"),
            ("请等待期满或全部答复", "Wait for its end or for every answer"),
        )),
        Command::End { drawn } => match window.line(drawn.as_deref()) {
            Some(line) => Ok(Event::Ended { line, at: now }),
            None => Err(refused(
                "priority.draw",
                (
                    "同顺位优先权人须抽签,且名单须与行权人一致",
                    "holders of equal rank must be drawn for, and exactly those who exercised",
                ),
                ("请以公布的种子抽签", "Draw from the published seed"),
            )),
        },
        Command::Default { bidder } => match window.award() {
            Award::To { bidder: taker, .. } if taker == bidder => Ok(Event::Defaulted { bidder, at: now }),
            Award::To { .. } | Award::Pending | Award::Unsold => Err(refused(
                "priority.not-the-taker",
                ("该竞买人不是当前成交人", "this bidder is not the one to take the lot"),
                ("请核对成交人", "Check who takes the lot"),
            )),
        },
    }
}

/// Takes one event into the window.
pub fn evolve(window: &mut Window, event: &Event) {
    match event {
        Event::Exercised { bidder, .. } => {
            window.answers += 1;
            set(window, *bidder, Answer::Exercised(window.answers));
        }
        Event::Waived { bidder, .. } => {
            window.answers += 1;
            set(window, *bidder, Answer::Waived);
        }
        Event::Ended { line, .. } => window.line = Some(line.clone()),
        Event::Defaulted { .. } => window.defaults += 1,
    }
}

fn set(window: &mut Window, bidder: BidderNumber, answer: Answer) {
    if let Some(holder) = window.holders.iter_mut().find(|holder| holder.bidder == bidder) {
        holder.answer = Some(answer);
    }
}

fn may_answer(window: &Window, bidder: BidderNumber, now: DateTime<Utc>) -> Result<(), Vec<Finding>> {
    let Some(holder) = window.holder(bidder) else {
        return Err(refused(
            "priority.no-right",
            ("没有可在行权期行使的优先权(无优先权,或顺位不先于成交人)", "no right that goes before the winner's"),
            ("本标的由成交人取得", "The lot goes to the winner"),
        ));
    };
    if window.line.is_some() || now >= window.ends {
        return Err(refused(
            "priority.ended",
            ("行权期已结束", "the window has ended"),
            ("逾期未行使视为放弃", "A right not exercised in time is waived"),
        ));
    }
    if holder.answer.is_some() {
        return Err(refused(
            "priority.answered",
            ("您已答复,不得更改", "you have answered, and an answer stands"),
            ("请等待结果", "Wait for the result"),
        ));
    }
    Ok(())
}

fn wrong_price(price: Money) -> Vec<Finding> {
    let mut findings = refused(
        "priority.price",
        ("行使优先权须为成交价", "the right is exercised at the final price"),
        ("请按成交价确认", "Confirm the final price"),
    );
    for finding in &mut findings {
        finding.facts.insert("price-fen".to_owned(), price.fen().to_string());
    }
    findings
}

fn refused(rule: &str, (zh, en): (&str, &str), (remedy_zh, remedy_en): (&str, &str)) -> Vec<Finding> {
    vec![Finding::refusal(rule, "公告的优先权条款", Text::new(zh, en), Text::new(remedy_zh, remedy_en))]
}
