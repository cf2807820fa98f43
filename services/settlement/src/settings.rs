//! What an exchange says of itself.

/// The exchange's own account and name, and where its pages are.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Name of the account that deposits and payments go to (专户户名).
    pub payee_name: String,
    /// Its bank and branch (开户行).
    pub payee_bank: String,
    /// Its number (账号).
    pub payee_account: String,
    /// Who certifies transactions (鉴证机构).
    pub certifying_body: String,
    /// Where the public pages are, without a slash at the end: a certificate's QR code leads there.
    pub public_url: String,
}

impl Default for Settings {
    /// An exchange for demonstration; no bank has this account.
    fn default() -> Self {
        Self {
            payee_name: "示范县农村产权交易中心保证金专户".to_owned(),
            payee_bank: "示范县农村信用合作联社营业部".to_owned(),
            payee_account: "6200000000000000".to_owned(),
            certifying_body: "示范县农村产权交易中心".to_owned(),
            public_url: "http://127.0.0.1:8080".to_owned(),
        }
    }
}
