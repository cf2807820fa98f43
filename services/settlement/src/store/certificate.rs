//! Certificates and their prints.

use chrono::{DateTime, Utc};
use sanbian_domain::ids::{AccountId, CertificateId, ContractId, LotId};
use sanbian_runtime::{Refusal, Tx};
use sqlx::PgExecutor;
use uuid::Uuid;

/// A certificate as it is kept.
#[derive(Clone, Debug)]
pub(crate) struct CertificateRow {
    pub(crate) id: Uuid,
    pub(crate) number: String,
    pub(crate) contract_id: Uuid,
    pub(crate) lot_id: Uuid,
    pub(crate) fields: Vec<u8>,
    pub(crate) digest: String,
    pub(crate) status: String,
    pub(crate) prints: i32,
    pub(crate) print_requested_by: Option<Uuid>,
    pub(crate) print_requested_at: Option<DateTime<Utc>>,
    pub(crate) issued_at: DateTime<Utc>,
    pub(crate) log_index: Option<i64>,
}

impl CertificateRow {
    pub(crate) fn id(&self) -> CertificateId {
        CertificateId(self.id)
    }

    pub(crate) fn lot(&self) -> LotId {
        LotId(self.lot_id)
    }
}

pub(crate) async fn insert(tx: &mut Tx, row: &CertificateRow) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO settlement.certificate (id, number, contract_id, lot_id, fields, digest, status, issued_at)
         VALUES ($1, $2, $3, $4, $5, $6, 'valid', $7)",
        row.id,
        row.number,
        row.contract_id,
        row.lot_id,
        row.fields,
        row.digest,
        row.issued_at
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub(crate) async fn by_number(db: impl PgExecutor<'_>, number: &str) -> Result<Option<CertificateRow>, Refusal> {
    Ok(sqlx::query_as!(
        CertificateRow,
        "SELECT id, number, contract_id, lot_id, fields, digest, status, prints, print_requested_by, print_requested_at, issued_at, log_index
         FROM settlement.certificate WHERE number = $1",
        number
    )
    .fetch_optional(db)
    .await?)
}

pub(crate) async fn lock(tx: &mut Tx, number: &str) -> Result<Option<CertificateRow>, Refusal> {
    Ok(sqlx::query_as!(
        CertificateRow,
        "SELECT id, number, contract_id, lot_id, fields, digest, status, prints, print_requested_by, print_requested_at, issued_at, log_index
         FROM settlement.certificate WHERE number = $1 FOR UPDATE",
        number
    )
    .fetch_optional(&mut **tx)
    .await?)
}

/// The number of a contract's valid certificate.
pub(crate) async fn number_of(db: impl PgExecutor<'_>, contract: ContractId) -> Result<Option<String>, Refusal> {
    Ok(sqlx::query_scalar!(
        "SELECT number FROM settlement.certificate WHERE contract_id = $1 AND status = 'valid'",
        contract.0
    )
    .fetch_optional(db)
    .await?)
}

pub(crate) async fn printed(
    tx: &mut Tx,
    id: CertificateId,
    count: u32,
    printer: AccountId,
    approver: Option<AccountId>,
    at: DateTime<Utc>,
) -> Result<(), Refusal> {
    let count = i32::try_from(count).map_err(Refusal::internal)?;
    sqlx::query!(
        "INSERT INTO settlement.certificate_print (certificate_id, count, printer, approver, at) VALUES ($1, $2, $3, $4, $5)",
        id.0,
        count,
        printer.0,
        approver.map(|approver| approver.0),
        at
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        "UPDATE settlement.certificate SET prints = $2, print_requested_by = NULL, print_requested_at = NULL WHERE id = $1",
        id.0,
        count
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub(crate) async fn request_print(
    tx: &mut Tx,
    id: CertificateId,
    by: AccountId,
    at: DateTime<Utc>,
) -> Result<(), Refusal> {
    sqlx::query!(
        "UPDATE settlement.certificate SET print_requested_by = $2, print_requested_at = $3 WHERE id = $1",
        id.0,
        by.0,
        at
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub(crate) async fn revoke(tx: &mut Tx, id: CertificateId, why: &[u8], at: DateTime<Utc>) -> Result<(), Refusal> {
    sqlx::query!(
        "UPDATE settlement.certificate SET status = 'revoked', revoked_at = $2, revoked_why = $3, print_requested_by = NULL,
             print_requested_at = NULL
         WHERE id = $1",
        id.0,
        at,
        why
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Where the certificate's entry stands in the log.
pub(crate) async fn set_index(tx: &mut Tx, id: CertificateId, index: u64) -> Result<(), Refusal> {
    let index = i64::try_from(index).map_err(Refusal::internal)?;
    sqlx::query!("UPDATE settlement.certificate SET log_index = $2 WHERE id = $1", id.0, index)
        .execute(&mut **tx)
        .await?;
    Ok(())
}
