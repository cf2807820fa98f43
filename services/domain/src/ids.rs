//! Typed identifiers: one type for each noun, so that a lot's id can't stand where a party's is wanted.
//!
//! All are UUIDs (version 7 where the exchange makes them: they sort by time). They are pseudonyms: nothing personal is in them.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Ok(Self(Uuid::try_parse(text)?))
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }
    )*};
}

ids! {
    /// A sign-in account (账号).
    AccountId,
    /// A natural or legal person known to the registry (当事人; LA_Party of ISO 19152).
    PartyId,
    /// A rural collective economic organisation (农村集体经济组织).
    CollectiveId,
    /// A member of a collective (成员).
    MemberId,
    /// A household of a collective (户).
    HouseholdId,
    /// An asset or land parcel (资产/地块; LA_SpatialUnit of ISO 19152).
    AssetId,
    /// A right running on an asset for a term (权利; LA_Right of ISO 19152).
    RightId,
    /// A charge or restriction on an asset (权利负担; LA_Restriction of ISO 19152).
    EncumbranceId,
    /// A lot offered for transfer (标的).
    LotId,
    /// A bidder's registration for a lot (报名).
    RegistrationId,
    /// A recorded vote of a collective (民主决策).
    DecisionId,
    /// An evidence file (附件).
    DocumentId,
    /// A bid (报价).
    BidId,
    /// A ledger account of the settlement books (资金账户).
    BookAccountId,
    /// A transfer between settlement accounts (记账).
    TransferId,
    /// A line of an imported bank statement (银行流水).
    BankLineId,
    /// Money to be paid out (付款).
    PayoutId,
    /// A contract (合同).
    ContractId,
    /// A certificate of transaction (交易鉴证书).
    CertificateId,
    /// A supervisory alert (预警).
    AlertId,
    /// A session of an account (会话).
    SessionId,
}
