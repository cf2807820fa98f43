//! What both sides sign (合同条款): the terms of a deal as they stand when it is drawn, days that the signing decides still open.
//!
//! The agreement is drawn with the result and does not change from then on; its digest stands in the log (`contract.drawn`) and is what a
//! signature names. [`Agreement::terms`] turns it into the [`Terms`] that the contract's life is decided on, once the days are known.

use super::{
    Terms, digest,
    plan::{self, Planned},
};
use crate::{
    ids::{ContractId, LotId, PartyId},
    money::Money,
    notice::Notice,
    price::PriceBasis,
    term::Term,
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// The terms of a deal. Parties stand as ids; their names are on the document, not here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Agreement {
    /// The contract.
    pub contract: ContractId,
    /// Its public number.
    pub number: String,
    /// Of which lot.
    pub lot: LotId,
    /// Who gives: the collective's id as a party.
    pub transferor: PartyId,
    /// Who takes.
    pub transferee: PartyId,
    /// The winning price, in fen of `basis`.
    pub price: Money,
    /// The basis offers were made in.
    pub basis: PriceBasis,
    /// Price over the whole term.
    pub total: Money,
    /// The payments; the first is due with signing.
    pub payments: Vec<Planned>,
    /// The exchange's fee that the taker pays beside the price.
    pub transferee_fee: Money,
    /// The exchange's fee that comes out of the giver's price.
    pub transferor_fee: Money,
    /// How long the right passes; none where the notice has no term.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub term: Option<Term>,
    /// SHA-256 of the announced notice in canonical JSON (RFC 8785), hex: everything else that was announced is part of the deal.
    pub notice: String,
}

impl Agreement {
    /// The digest that a signature names: SHA-256 over the canonical JSON, hex.
    pub fn digest(&self) -> String {
        digest::of(self)
    }

    /// The digest of an announced notice, as [`Agreement::notice`] holds it.
    pub fn notice_digest(notice: &Notice) -> String {
        digest::of(notice)
    }

    /// What is due with signing, of the price alone.
    pub fn first_payment(&self) -> Money {
        plan::first_payment(&self.payments)
    }

    /// The terms with days, for a contract to be signed by `sign_by`, signed on `signed` and first paid by `pay_by`.
    pub fn terms(&self, sign_by: NaiveDate, signed: NaiveDate, pay_by: NaiveDate) -> Terms {
        Terms {
            contract: self.contract,
            number: self.number.clone(),
            lot: self.lot,
            transferor: self.transferor,
            transferee: self.transferee,
            total: self.total,
            first_payment: self.first_payment(),
            schedule: plan::dated(&self.payments, signed, pay_by),
            sign_by,
            document: self.digest(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::{Contract, plan::When};
    use uuid::Uuid;

    fn agreement() -> Agreement {
        let payment = |when, fen| Planned { when, amount: Money::from_fen(fen) };
        Agreement {
            contract: ContractId(Uuid::from_u128(1)),
            number: "500229-HT-2026-000001".to_owned(),
            lot: LotId(Uuid::from_u128(2)),
            transferor: PartyId(Uuid::from_u128(3)),
            transferee: PartyId(Uuid::from_u128(4)),
            price: Money::from_fen(60_000),
            basis: PriceBasis::MU_YEAR,
            total: Money::from_fen(1_200),
            payments: vec![payment(When::Signing, 400), payment(When::AfterBegin { months: 12 }, 800)],
            transferee_fee: Money::from_fen(15),
            transferor_fee: Money::ZERO,
            term: None,
            notice: Agreement::notice_digest(&Notice::default()),
        }
    }

    #[test]
    fn its_digest_is_of_every_term_and_its_days_are_sound() {
        let agreement = agreement();
        let text = serde_json::to_string(&agreement).expect("plain data");
        let read: Agreement = serde_json::from_str(&text).expect("its own form");
        assert_eq!(read.digest(), agreement.digest());
        let dearer = Agreement { transferee_fee: Money::from_fen(16), ..agreement.clone() };
        assert_ne!(dearer.digest(), agreement.digest());
        let day = |n| NaiveDate::from_ymd_opt(2026, 3, n).expect("a day");
        let terms = agreement.terms(day(20), day(2), day(9));
        assert_eq!(terms.schedule[0].due, NaiveDate::from_ymd_opt(2027, 3, 2).expect("a day"));
        assert!(Contract::draw(terms).is_ok(), "payments add up and days rise");
    }
}
