//! Certificates: issued once, shown masked to anyone, printed under count, revoked for good.

mod support;

use sanbian_domain::{
    fact::{CertificateIssued, Fact},
    role::Role,
};
use sanbian_proto::settlement::v1::*;
use sanbian_runtime::Kind;
use support::{Bidder, COUNTY, DEPOSIT, Lot, OTHER_COUNTY, VILLAGE, World, refused, rule};

async fn settled(world: &World, lot: &Lot) -> (Bidder, Contract) {
    let (winner, _, contract) = world.signed(lot).await;
    let line = world.line_in(contract.outstanding_fen, &winner.bank, &contract.reference);
    world.import(&world.finance(), &[line]).await.unwrap();
    (winner, contract)
}

fn issue(contract: &Contract) -> IssueCertificateRequest {
    IssueCertificateRequest { contract_id: contract.id.clone(), remarks: "首次鉴证".to_owned() }
}

#[tokio::test]
async fn a_settled_contract_is_certified_once() {
    let world = World::new().await;
    let lot = Lot::new();
    let (winner, _, contract) = world.signed(&lot).await;
    let operator = world.with(Role::Operator, COUNTY);
    let early = refused(operator.call().issue_certificate(issue(&contract)).await);
    assert_eq!((early.kind, early.findings[0].rule.as_str()), (Kind::Conflict, "certificate.unsettled"));
    let line = world.line_in(contract.outstanding_fen, &winner.bank, &contract.reference);
    world.import(&world.finance(), &[line]).await.unwrap();

    // Land that is not free is certified to nobody.
    world.neighbours.land_is_taken(true);
    assert_eq!(rule(operator.call().issue_certificate(issue(&contract)).await), "right.overlap");
    world.neighbours.land_is_taken(false);
    let certificate = operator.keyed("issue").issue_certificate(issue(&contract)).await.unwrap().into_inner();
    let again = operator.keyed("issue").issue_certificate(issue(&contract)).await.unwrap().into_inner();
    assert_eq!(again, certificate);
    assert_eq!(rule(operator.call().issue_certificate(issue(&contract)).await), "certificate.exists");
    let rights = world.neighbours.rights();
    assert_eq!(rights.len(), 1);
    let right = &rights[0];
    assert_eq!(
        (right.asset_id.as_str(), right.holder_party_id.as_str()),
        (&*lot.asset.to_string(), &*winner.party.to_string())
    );
    assert_eq!(
        (right.kind.as_str(), right.from_on.as_str(), right.until_on.as_str()),
        ("management", "2026-03-17", "2029-03-17")
    );

    let seen = world
        .public()
        .get_certificate(GetCertificateRequest { number: certificate.number.clone() })
        .await
        .unwrap()
        .into_inner();
    assert_eq!(seen, certificate, "the operator's answer is as masked as anybody's");
    assert!(seen.number.starts_with("500229-2026-000001-"));
    assert_eq!(
        (seen.transferee.as_ref().unwrap().name.as_str(), seen.transferor.as_ref().unwrap().name.as_str()),
        ("丁**", "示例村股份经济合作联合社")
    );
    assert_eq!(seen.transferor.as_ref().unwrap().legal_representative.as_deref(), Some("甲**"));
    assert_eq!((seen.quantity.as_str(), seen.unit.as_str(), seen.price_basis.as_str()), ("100", "亩", "元/亩/年"));
    assert_eq!((seen.reserve_fen, seen.price_fen, seen.total_fen), (60_000, 63_000, 18_900_000));
    assert_eq!(seen.total_capitals, "壹拾捌万玖仟元整");
    assert_eq!(
        (seen.method.as_str(), seen.mode.as_str(), seen.category.as_str()),
        ("增价竞价", "lease", "collective-land")
    );
    assert_eq!((seen.term_from_date.as_deref(), seen.status.as_str(), seen.prints), (Some("2026-03-17"), "valid", 0));
    assert!(seen.qr_svg.starts_with("<svg"));

    // The log says where it stands once the entry is sequenced.
    let told = world.told().await;
    let Some(Fact::CertificateIssued(issued)) = told.last() else { panic!("{told:?}") };
    assert_eq!((&issued.digest, &issued.number), (&seen.digest, &seen.number));
    assert_eq!(seen.log_index, None);
    let index = world.hear(CertificateIssued { ..issued.clone() }).await;
    let seen = world
        .public()
        .get_certificate(GetCertificateRequest { number: certificate.number.clone() })
        .await
        .unwrap()
        .into_inner();
    assert_eq!(seen.log_index, Some(index));
    let contract = world.contract(&world.bidder(&winner)).await;
    assert_eq!(contract.certificate_number, Some(certificate.number.clone()));

    let mistyped = certificate.number.replace("2026", "2025");
    assert_eq!(
        refused(world.public().get_certificate(GetCertificateRequest { number: mistyped }).await).kind,
        Kind::Malformed
    );
    let nobody = "500229-2026-000009-5".to_owned();
    let nobody = refused(world.public().get_certificate(GetCertificateRequest { number: nobody }).await).kind;
    assert!(matches!(nobody, Kind::NotFound | Kind::Malformed));
    let kept: Vec<u8> =
        sqlx::query_scalar("SELECT fields FROM settlement.certificate").fetch_one(&world.pool).await.unwrap();
    assert!(!String::from_utf8_lossy(&kept).contains("丁戊己"), "sealed at rest");
    world.end().await;
}

#[tokio::test]
async fn after_three_prints_a_second_person_prints() {
    let world = World::new().await;
    let lot = Lot::new();
    let (_, contract) = settled(&world, &lot).await;
    let (one, two) = (world.with(Role::Operator, COUNTY), world.with(Role::Operator, COUNTY));
    let certificate = one.call().issue_certificate(issue(&contract)).await.unwrap().into_inner();
    let print = PrintCertificateRequest { number: certificate.number.clone() };
    for count in 1..=3 {
        let printed = one.call().print_certificate(print.clone()).await.unwrap().into_inner();
        assert_eq!((printed.prints, printed.print_requested_at), (count, None));
        assert_eq!(printed.transferee.unwrap().name, "丁戊己", "a print names its people");
    }
    for _ in 0..2 {
        let asked = one.call().print_certificate(print.clone()).await.unwrap().into_inner();
        assert_eq!((asked.prints, asked.print_requested_at.is_some()), (3, true));
        assert_eq!(asked.transferee.unwrap().name, "丁**");
    }
    let printed = two.call().print_certificate(print.clone()).await.unwrap().into_inner();
    assert_eq!((printed.prints, printed.print_requested_at), (4, None));
    let asked = two.call().print_certificate(print.clone()).await.unwrap().into_inner();
    assert_eq!(asked.prints, 3 + 1, "the next one waits again");
    let looks: Vec<_> = world.told().await.into_iter().filter(|fact| fact.kind() == "personal-data.viewed").collect();
    assert_eq!(looks.len(), 4, "each unmasked look is logged");
    world.end().await;
}

#[tokio::test]
async fn a_revoked_certificate_says_so_and_another_may_follow() {
    let world = World::new().await;
    let lot = Lot::new();
    let (_, contract) = settled(&world, &lot).await;
    let operator = world.with(Role::Operator, COUNTY);
    let first = operator.call().issue_certificate(issue(&contract)).await.unwrap().into_inner();
    let revoke = RevokeCertificateRequest { number: first.number.clone(), reason: "受让方姓名有误".to_owned() };
    let empty = RevokeCertificateRequest { reason: " ".to_owned(), ..revoke.clone() };
    assert_eq!(refused(operator.call().revoke_certificate(empty).await).kind, Kind::Malformed);
    let revoked = operator.call().revoke_certificate(revoke.clone()).await.unwrap().into_inner();
    assert_eq!(revoked.status, "revoked");
    assert_eq!(rule(operator.call().revoke_certificate(revoke).await), "certificate.revoked");
    let print = PrintCertificateRequest { number: first.number.clone() };
    assert_eq!(rule(operator.call().print_certificate(print).await), "certificate.revoked");
    let told = world.told().await;
    let Some(Fact::CertificateRevoked(fact)) = told.last() else { panic!("{told:?}") };
    assert!(fact.reason.starts_with("sha256:"), "the reason names somebody: {}", fact.reason);
    let second = operator.call().issue_certificate(issue(&contract)).await.unwrap().into_inner();
    assert_ne!(second.number, first.number);
    assert_eq!(world.neighbours.rights().len(), 1, "the right stands as it was recorded");
    world.end().await;
}

#[tokio::test]
async fn only_the_operator_of_the_region_certifies() {
    let world = World::new().await;
    let lot = Lot::new();
    let (winner, contract) = settled(&world, &lot).await;
    let operator = world.with(Role::Operator, COUNTY);
    let strangers = [
        world.with(Role::Operator, OTHER_COUNTY),
        world.with(Role::Chair, VILLAGE),
        world.finance(),
        world.with(Role::Supervisor, COUNTY),
        world.bidder(&winner),
    ];
    for stranger in &strangers {
        assert_eq!(refused(stranger.call().issue_certificate(issue(&contract)).await).kind, Kind::Forbidden);
    }
    assert!(world.neighbours.rights().is_empty(), "refused before anything was recorded");
    let number = operator.call().issue_certificate(issue(&contract)).await.unwrap().into_inner().number;
    for stranger in &strangers {
        let print = PrintCertificateRequest { number: number.clone() };
        assert_eq!(refused(stranger.call().print_certificate(print).await).kind, Kind::Forbidden);
        let revoke = RevokeCertificateRequest { number: number.clone(), reason: "x".to_owned() };
        assert_eq!(refused(stranger.call().revoke_certificate(revoke).await).kind, Kind::Forbidden);
    }
    assert_eq!(world.deposit(&winner).await.amount_fen, DEPOSIT);
    world.end().await;
}
