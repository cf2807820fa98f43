//! The two services that settlement asks: they answer from a table.

use super::{Bidder, COLLECTIVE_ACCOUNT};
use prost::Message;
use sanbian_domain::{
    finding::{Finding, Text},
    identity::BankAccount as Number,
    ids::{AccountId, PartyId},
};
use sanbian_proto::{
    listing::v1::{RegistrationHolderAnswer, RegistrationHolderRequest},
    registry::v1::{
        BankAccount, CertifiedParty, LandRight, PartyForCertificateRequest, PayoutAccountAnswer, PayoutAccountRequest,
        RecordRightRequest,
    },
};
use sanbian_runtime::{Refusal, rpc::Transport};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};
use tonic::{Request, Response, Status, body::Body, server::Grpc};
use tonic_prost::ProstCodec;

#[derive(Default)]
struct Table {
    holders: HashMap<String, (AccountId, PartyId)>,
    accounts: HashMap<String, String>,
    kinds: HashMap<String, String>,
    rights: Vec<RecordRightRequest>,
    land_is_taken: bool,
}

/// What listing and the registry know.
#[derive(Clone, Default)]
pub struct Neighbours(Arc<Mutex<Table>>);

impl Neighbours {
    fn table(&self) -> std::sync::MutexGuard<'_, Table> {
        self.0.lock().unwrap()
    }

    /// A bidder and its bank account.
    pub fn knows(&self, bidder: &Bidder) {
        let mut table = self.table();
        table.holders.insert(bidder.registration.to_string(), (bidder.account, bidder.party));
        table.accounts.insert(bidder.party.to_string(), bidder.bank.clone());
        table.kinds.insert(bidder.party.to_string(), "natural-person".to_owned());
    }

    /// Another account for a party.
    pub fn moves_account(&self, party: PartyId, number: &str) {
        self.table().accounts.insert(party.to_string(), number.to_owned());
    }

    /// What sort of party a bidder is.
    pub fn is_a(&self, party: PartyId, kind: &str) {
        self.table().kinds.insert(party.to_string(), kind.to_owned());
    }

    /// The registry refuses rights from now on, or no more.
    pub fn land_is_taken(&self, taken: bool) {
        self.table().land_is_taken = taken;
    }

    /// The rights recorded.
    pub fn rights(&self) -> Vec<RecordRightRequest> {
        self.table().rights.clone()
    }

    /// Both services at once: paths tell them apart.
    pub fn transport(&self) -> Transport {
        let table = self.clone();
        Transport::new(tower::service_fn(move |request: http::Request<Body>| {
            let table = table.clone();
            async move {
                let path = request.uri().path().to_owned();
                Ok::<_, Status>(match path.as_str() {
                    "/sanbian.listing.v1.Listing/RegistrationHolder" => unary(request, move |q| table.holder(&q)).await,
                    "/sanbian.registry.v1.Registry/PartyForCertificate" => {
                        unary(request, move |q| Ok(table.certified(&q))).await
                    }
                    "/sanbian.registry.v1.Registry/PayoutAccount" => {
                        unary(request, move |q| Ok(table.account(&q))).await
                    }
                    "/sanbian.registry.v1.Registry/RecordRight" => unary(request, move |q| table.record(q)).await,
                    _ => panic!("settlement asked {path}"),
                })
            }
        }))
    }

    fn holder(&self, request: &RegistrationHolderRequest) -> Result<RegistrationHolderAnswer, Status> {
        let found = self.table().holders.get(&request.registration_id).copied();
        let (account, party) = found.ok_or_else(|| Refusal::not_found("报名", "registration"))?;
        Ok(RegistrationHolderAnswer {
            registration_id: request.registration_id.clone(),
            account_id: account.to_string(),
            party_id: party.to_string(),
            ..RegistrationHolderAnswer::default()
        })
    }

    fn certified(&self, request: &PartyForCertificateRequest) -> CertifiedParty {
        let kind = self.table().kinds.get(&request.party_id).cloned();
        let party_id = request.party_id.clone();
        match kind {
            Some(kind) => CertifiedParty {
                party_id,
                kind,
                name: "丁戊己".to_owned(),
                public_name: "丁**".to_owned(),
                identity_number: "5002**********0014".to_owned(),
                legal_representative: None,
                public_legal_representative: None,
            },
            None => CertifiedParty {
                party_id,
                kind: "collective".to_owned(),
                name: "示例村股份经济合作联合社".to_owned(),
                public_name: "示例村股份经济合作联合社".to_owned(),
                identity_number: "N250**********000X".to_owned(),
                legal_representative: Some("甲乙丙".to_owned()),
                public_legal_representative: Some("甲**".to_owned()),
            },
        }
    }

    fn account(&self, request: &PayoutAccountRequest) -> PayoutAccountAnswer {
        let number = self.table().accounts.get(&request.party_id).cloned();
        let number = number.unwrap_or_else(|| COLLECTIVE_ACCOUNT.to_owned());
        PayoutAccountAnswer {
            party_id: request.party_id.clone(),
            masked_number: Number::parse(&number).ok().map(|number| number.masked()),
            bank_account: Some(BankAccount {
                name: "示例村股份经济合作联合社".to_owned(),
                bank: "示例".to_owned(),
                number,
            }),
        }
    }

    fn record(&self, request: RecordRightRequest) -> Result<LandRight, Status> {
        let mut table = self.table();
        if table.land_is_taken {
            let text = || Text::new("期限与已有权利重叠", "another right runs");
            return Err(Refusal::conflict(Finding::refusal("right.overlap", "test", text(), text())).into());
        }
        if !table.rights.contains(&request) {
            table.rights.push(request);
        }
        Ok(LandRight::default())
    }
}

async fn unary<Q, R, F>(request: http::Request<Body>, answer: F) -> http::Response<Body>
where
    Q: Message + Default + Send + 'static,
    R: Message + Default + Send + 'static,
    F: Fn(Q) -> Result<R, Status> + Send + Sync + 'static,
{
    let answer = Arc::new(answer);
    let service = tower::service_fn(move |request: Request<Q>| {
        let answer = answer.clone();
        async move { answer(request.into_inner()).map(Response::new) }
    });
    Grpc::new(ProstCodec::<R, Q>::default()).unary(service, request).await
}
