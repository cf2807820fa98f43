//! Facts of settlement.

use crate::{
    ids::{CertificateId, CollectiveId, ContractId, LotId, RegistrationId},
    money::Money,
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// See [`super::Fact::StatementImported`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatementImported {
    /// SHA-256 of the file, hex.
    pub digest: String,
    /// Lines in it.
    pub lines: u32,
    /// Lines that were new.
    pub new_lines: u32,
    /// New lines matched to what was due.
    pub matched: u32,
}

/// See [`super::Fact::DepositHeld`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DepositHeld {
    /// For which lot.
    pub lot: LotId,
    /// For which registration.
    pub registration: RegistrationId,
    /// How much.
    pub amount: Money,
}

/// See [`super::Fact::DepositReleaseOrdered`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DepositReleaseOrdered {
    /// For which lot.
    pub lot: LotId,
    /// For which registration.
    pub registration: RegistrationId,
    /// How much.
    pub amount: Money,
    /// Latest day by rule.
    pub due: NaiveDate,
    /// `lost`, `unsold`, `rejected`, `withdrawn`, `terminated`, `excess`.
    pub reason: String,
}

/// See [`super::Fact::DepositReleased`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DepositReleased {
    /// For which lot.
    pub lot: LotId,
    /// For which registration.
    pub registration: RegistrationId,
    /// How much.
    pub amount: Money,
    /// Day the bank paid it.
    pub on: NaiveDate,
}

/// See [`super::Fact::DepositApplied`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DepositApplied {
    /// For which lot.
    pub lot: LotId,
    /// For which registration.
    pub registration: RegistrationId,
    /// To which contract.
    pub contract: ContractId,
    /// How much.
    pub amount: Money,
}

/// See [`super::Fact::DepositForfeited`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DepositForfeited {
    /// For which lot.
    pub lot: LotId,
    /// For which registration.
    pub registration: RegistrationId,
    /// How much.
    pub amount: Money,
    /// Why.
    pub reason: String,
}

/// See [`super::Fact::ContractDrawn`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContractDrawn {
    /// The contract.
    pub contract: ContractId,
    /// Its public number.
    pub number: String,
    /// Of which lot.
    pub lot: LotId,
    /// With which winner.
    pub registration: RegistrationId,
    /// Price over the whole term.
    pub total: Money,
    /// Due at signing.
    pub first_payment: Money,
    /// SHA-256 of the contract's canonical terms, hex.
    pub digest: String,
}

/// See [`super::Fact::ContractSigned`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContractSigned {
    /// The contract.
    pub contract: ContractId,
    /// Of which lot.
    pub lot: LotId,
    /// `transferor` or `transferee`.
    pub side: String,
    /// Whether both sides have now signed.
    pub complete: bool,
    /// Latest day to pay, once complete.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pay_by: Option<NaiveDate>,
}

/// See [`super::Fact::PaymentReceived`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentReceived {
    /// For which contract.
    pub contract: ContractId,
    /// Of which lot.
    pub lot: LotId,
    /// How much.
    pub amount: Money,
    /// What of the first payment and the fee is still due.
    pub outstanding: Money,
    /// Day the bank booked it.
    pub on: NaiveDate,
}

/// See [`super::Fact::FeeCharged`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeeCharged {
    /// For which contract.
    pub contract: ContractId,
    /// Of which lot.
    pub lot: LotId,
    /// `transferee` or `transferor`.
    pub payer: String,
    /// The base of the brackets.
    pub base: Money,
    /// How much; zero where exempt.
    pub amount: Money,
}

/// See [`super::Fact::ProceedsPaid`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProceedsPaid {
    /// From which contract.
    pub contract: ContractId,
    /// Of which lot.
    pub lot: LotId,
    /// To whom.
    pub collective: CollectiveId,
    /// How much.
    pub amount: Money,
}

/// See [`super::Fact::ContractSettled`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContractSettled {
    /// The contract.
    pub contract: ContractId,
    /// Of which lot.
    pub lot: LotId,
}

/// See [`super::Fact::CertificateIssued`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertificateIssued {
    /// The certificate.
    pub certificate: CertificateId,
    /// Its public number.
    pub number: String,
    /// Of which contract.
    pub contract: ContractId,
    /// Of which lot.
    pub lot: LotId,
    /// SHA-256 of the certificate's canonical fields, hex.
    pub digest: String,
}

/// See [`super::Fact::CertificateRevoked`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertificateRevoked {
    /// The certificate.
    pub certificate: CertificateId,
    /// Its public number.
    pub number: String,
    /// Of which lot.
    pub lot: LotId,
    /// Why.
    pub reason: String,
}
