//! `sanbian import`: data in.

use crate::{
    client::{Account, Api, problem},
    progress,
};
use anyhow::Context as _;
use clap::{Args, Subcommand};
use sanbian_domain::{
    finding::{Finding, Text},
    import::{self, ImportOutcome, Outcome, report::report},
    notice::Notice,
    region::RegionCode,
};
use sanbian_proto::{
    listing::v1::{CreateDraftRequest, LotDraft},
    registry::v1::{Asset, AssetDescription, Collective, CreateAssetRequest},
};
use std::{
    fs::File,
    io::{BufReader, BufWriter, Write},
    path::PathBuf,
    process::ExitCode,
};

/// What is brought in.
#[derive(Subcommand)]
pub enum ImportCommand {
    /// Notices of lots as drafts. 导入交易公告为草稿。
    Lots(LotsArguments),
}

/// Notices to bring in.
#[derive(Args)]
pub struct LotsArguments {
    /// CSV file of notices.
    file: PathBuf,
    /// Only say what would become of each notice; needs no running exchange.
    #[arg(long)]
    dry_run: bool,
    /// Write `[{id, outcome, findings}]` to this file.
    #[arg(long)]
    json: Option<PathBuf>,
    /// Address of the running exchange.
    #[arg(long, default_value = "http://127.0.0.1:8080")]
    server: String,
    /// The collective whose drafts they become.
    #[arg(long, required_unless_present = "dry_run")]
    collective: Option<String>,
    /// Its clerk's sign-in name; the password comes from `SANBIAN_PASSWORD`.
    #[arg(long, required_unless_present = "dry_run")]
    username: Option<String>,
}

/// Runs the command.
pub async fn run(command: ImportCommand) -> anyhow::Result<ExitCode> {
    let ImportCommand::Lots(arguments) = command;
    let file = File::open(&arguments.file).with_context(|| format!("{} can't be read", arguments.file.display()))?;
    let mut outcomes: Vec<ImportOutcome> = import::read(BufReader::new(file)).collect();
    if !arguments.dry_run {
        enter(&arguments, &mut outcomes).await?;
    }
    for outcome in &outcomes {
        println!("{}  {}", outcome.id, outcome.outcome.code());
        for finding in &outcome.findings {
            println!("    [{:?}] {} {} / {}", finding.severity, finding.rule, finding.message.zh, finding.message.en);
        }
    }
    if let Some(path) = &arguments.json {
        let mut out =
            BufWriter::new(File::create(path).with_context(|| format!("{} can't be written", path.display()))?);
        serde_json::to_writer_pretty(&mut out, &outcomes)?;
        out.write_all(b"\n")?;
        out.flush()?;
    }
    let report = report(&outcomes);
    println!(
        "共 {0} 条：草稿 {1}，拒绝 {2}。 {0} notices: {1} drafts, {2} refused.",
        report.notices, report.drafts, report.refused
    );
    for (rule, count) in &report.rules {
        println!(
            "  {:>4} 拒绝 refusals {:>4} 警示 warnings {:>4} 提示 notes  {rule}",
            count.refusals, count.warnings, count.notes
        );
    }
    Ok(ExitCode::SUCCESS)
}

/// Makes each notice a draft in the running exchange, through the same calls as its clerk. A notice entered before (same id, same
/// collective) is not entered twice.
async fn enter(arguments: &LotsArguments, outcomes: &mut [ImportOutcome]) -> anyhow::Result<()> {
    let password = std::env::var("SANBIAN_PASSWORD").context("SANBIAN_PASSWORD is not set")?;
    let (Some(username), Some(collective)) = (&arguments.username, &arguments.collective) else {
        anyhow::bail!("--username and --collective are needed")
    };
    let api = Api::new(&arguments.server)?;
    let clerk = api.account(username, &password);
    let collective: Collective = clerk.get(&format!("/api/v1/collectives/{collective}")).await?;
    let bar = progress::bar(outcomes.len() as u64, "notices");
    for outcome in outcomes {
        bar.inc(1);
        let Outcome::Draft(notice) = &outcome.outcome else { continue };
        let key = format!("import-{}-{}", collective.id, outcome.id);
        if let Err(error) = draft(&clerk, &collective, notice, &key, None).await {
            // A refusal of one notice is that notice's; anything else ends the import.
            let Some(problem) = problem(&error) else { return Err(error) };
            let refusal = Finding::refusal(
                problem.findings.first().map_or("import.entered", |finding| finding.rule.as_str()),
                "平台规则 (platform rule)",
                Text::new(problem.to_string(), problem.to_string()),
                Text::new("请按提示更正后重新导入。", "Correct the notice and import it again."),
            );
            outcome.findings.push(refusal);
            outcome.outcome = Outcome::Refused;
        }
    }
    bar.finish_and_clear();
    Ok(())
}

/// A notice's asset and draft.
///
/// `geometry` is the parcel's outline as GeoJSON, where it is known: notices do not carry one.
pub async fn draft(
    clerk: &Account,
    collective: &Collective,
    notice: &Notice,
    key: &str,
    geometry: Option<String>,
) -> anyhow::Result<LotDraft> {
    let region: RegionCode =
        collective.region.parse().map_err(|_| anyhow::anyhow!("the collective's region can't be read"))?;
    let asset: Asset =
        clerk.post("/api/v1/assets", &format!("{key}-asset"), &asset_of(collective, notice, geometry)).await?;
    let notice = Notice { region: Some(region), ..notice.clone() };
    let request = CreateDraftRequest {
        collective_id: collective.id.clone(),
        asset_ids: vec![asset.id],
        notice: serde_json::to_string(&notice)?,
    };
    clerk.post("/api/v1/drafts", &format!("{key}-draft"), &request).await
}

/// What the notice says of the thing itself.
pub fn asset_of(collective: &Collective, notice: &Notice, geometry: Option<String>) -> CreateAssetRequest {
    let place = &notice.location;
    let location = [&place.province, &place.city, &place.county, &place.township, &place.village, &place.detail];
    let location = location.map(String::as_str).concat();
    let first = notice.components.first().and_then(|component| component.quantity.as_ref());
    let mu = notice.mu();
    CreateAssetRequest {
        collective_id: collective.id.clone(),
        description: Some(AssetDescription {
            category: notice.category.map(|category| category.code().to_owned()).unwrap_or_default(),
            name: notice.title.chars().take(100).collect(),
            location: if location.is_empty() { collective.address.clone() } else { location },
            region: collective.region.clone(),
            stated_mu: mu.map(|mu| mu.round_dp(4).normalize().to_string()),
            quantity: first.filter(|_| mu.is_none()).map(|quantity| quantity.amount.to_string()),
            unit: first.filter(|_| mu.is_none()).map(|quantity| quantity.unit.zh().to_owned()),
            land_use: if notice.intended_use.is_empty() {
                notice.category_text.clone()
            } else {
                notice.intended_use.clone()
            },
            geometry,
            ..Default::default()
        }),
    }
}
