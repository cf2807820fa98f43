//! What is said of an asset: read, checked, and turned into what is kept.

use crate::{
    findings::refuse,
    form::{self, Form},
    geometry::Parcel,
    store::asset::AssetRow,
    survey,
};
use chrono::NaiveDate;
use rust_decimal::Decimal;
use sanbian_domain::{
    finding::{Finding, Severity},
    money::{Money, Rounding},
    mu::Mu,
    price::{Quantity, Unit},
    region::RegionCode,
    rights::Category,
};
use sanbian_proto::registry::v1::{AssetDescription, AssetValuation};
use sanbian_runtime::Refusal;

/// Most photographs of one asset.
const PHOTOS: usize = 20;
/// Greatest quantity: as far as the table's column reaches.
const MOST: Decimal = Decimal::from_parts(1_215_752_192, 23, 0, false, 0);

/// A description that was read.
pub struct Described {
    /// Category of right.
    pub category: Category,
    /// Region.
    pub region: RegionCode,
    /// The land.
    pub parcel: Option<Parcel>,
    name: String,
    location: String,
    stated_mu: Option<Mu>,
    quantity: Option<Quantity>,
    land_use: String,
    title_number: Option<String>,
    title_until: Option<NaiveDate>,
    valuation: Option<Valuation>,
    photos: Vec<String>,
}

struct Valuation {
    value: Money,
    valued_on: NaiveDate,
    valuer: String,
    report: Option<String>,
}

impl Described {
    /// Reads a description of something in the region of its owner, as of `today`.
    ///
    /// # Errors
    /// Every fault of the form at once; malformed codes and dates. What has to be measured is not looked at here.
    pub fn read(description: &AssetDescription, owner: RegionCode, today: NaiveDate) -> Result<Self, Refusal> {
        let category: Category = description.category.parse().map_err(|error| Refusal::malformed("category", error))?;
        let title_until =
            description.title_until_on.as_deref().map(|text| form::day("title_until_on", text)).transpose()?;
        let mut form = Form::default();
        let name = form.take("name", form::words(&description.name, 120));
        let location = form.take("location", form::words(&description.location, 500));
        let land_use = form.take("land_use", form::words(&description.land_use, 200));
        let region = form.take("region", read_region(&description.region, owner));
        let stated_mu = form.maybe("stated_mu", description.stated_mu.as_deref(), str::parse::<Mu>);
        let quantity = read_quantity(&mut form, description);
        let parcel = form.maybe("geometry", description.geometry.as_deref(), Parcel::read);
        let title_number =
            form.maybe("title_number", description.title_number.as_deref(), |text| form::words(text, 100));
        let valuation =
            description.valuation.as_ref().map(|given| read_valuation(&mut form, given, today)).transpose()?;
        if description.photos.len() > PHOTOS {
            return Err(Refusal::malformed("photos", format!("at most {PHOTOS}")));
        }
        let mut photos = Vec::new();
        for (index, photo) in description.photos.iter().enumerate() {
            photos.extend(form.take(&format!("photos[{index}]"), form::digest(photo)));
        }
        let nothing_measured = description.stated_mu.is_none() && description.quantity.is_none();
        if nothing_measured {
            form.find(no_measure());
        }
        let (Some(name), Some(location), Some(land_use), Some(region)) = (name, location, land_use, region) else {
            return Err(form.refused());
        };
        form.passed()?;
        Ok(Self {
            category,
            region,
            parcel,
            name,
            location,
            stated_mu,
            quantity,
            land_use,
            title_number,
            title_until,
            valuation: valuation.flatten(),
            photos,
        })
    }

    /// What a reviewer should know that needs no measuring.
    pub fn remarks(category: Category, stated: Option<Mu>, has_geometry: bool) -> Vec<Finding> {
        let mut remarks = Vec::new();
        if category.is_land() && stated.is_none() {
            remarks.push(no_area());
        }
        if category.is_land() && !has_geometry {
            remarks.push(survey::missing());
        }
        remarks
    }

    /// Writes the description over a row.
    pub fn into_row(self, row: &mut AssetRow) {
        row.category = self.category.code().to_owned();
        row.name = self.name;
        row.location = self.location;
        row.region = self.region.to_string();
        row.stated_mu = self.stated_mu.map(Mu::get);
        row.unit = self.quantity.as_ref().map(|quantity| quantity.unit.to_string());
        row.quantity = self.quantity.map(|quantity| quantity.amount);
        row.land_use = self.land_use;
        row.geometry_digest = self.parcel.as_ref().map(Parcel::digest);
        row.geometry_json = self.parcel.map(|parcel| parcel.json().to_owned());
        row.title_number = self.title_number;
        row.title_until = self.title_until;
        let valuation = self.valuation;
        row.valuation_fen = valuation.as_ref().map(|valuation| valuation.value.fen());
        row.valued_on = valuation.as_ref().map(|valuation| valuation.valued_on);
        row.valuation_report = valuation.as_ref().and_then(|valuation| valuation.report.clone());
        row.valuer = valuation.map(|valuation| valuation.valuer);
        row.photos = self.photos;
    }
}

/// An area in mu, to four decimals, rounded half up; none for what is no area.
pub fn area_of(quantity: &Quantity) -> Option<Mu> {
    Mu::new(Rounding::HalfUp.round(quantity.mu()?, Mu::DECIMALS)).ok()
}

fn read_region(text: &str, owner: RegionCode) -> Result<RegionCode, Finding> {
    let region: RegionCode = text.parse()?;
    if owner.covers(&region) {
        return Ok(region);
    }
    Err(refuse(
        "asset.region",
        "平台规则：资产在权利人所在区划内 (platform rule: an asset lies within its owner's region)",
        ("资产所在区划不在该集体的区划范围内。", "The asset does not lie in the collective's region."),
        ("请核对区划；飞地请联系交易中心。", "Check the region; for land elsewhere ask the exchange."),
    )
    .with_fact("region", region)
    .with_fact("collective-region", owner))
}

fn read_quantity(form: &mut Form, description: &AssetDescription) -> Option<Quantity> {
    match (&description.quantity, &description.unit) {
        (None, None) => None,
        (Some(amount), Some(unit)) => {
            let amount = form.take("quantity", read_amount(amount));
            let unit = form.take("unit", unit.parse::<Unit>().map_err(|_| bad_unit(unit)));
            Some(Quantity::new(amount?, unit?))
        }
        _ => {
            form.find(half_quantity());
            None
        }
    }
}

fn read_amount(text: &str) -> Result<Decimal, Finding> {
    let amount = Decimal::from_str_exact(text.trim()).ok().map(|amount| amount.normalize());
    amount.filter(|amount| *amount > Decimal::ZERO && *amount <= MOST && amount.scale() <= 6).ok_or_else(|| {
        refuse(
            "quantity.number",
            "平台规则：填报规范 (platform rule: how forms are filled in)",
            ("数量应为大于零、最多六位小数的数字。", "A quantity is a number above zero with at most six decimals."),
            ("请填写如 3 或 12.5。", "Write such as 3 or 12.5."),
        )
    })
}

fn read_valuation(form: &mut Form, given: &AssetValuation, today: NaiveDate) -> Result<Option<Valuation>, Refusal> {
    let valued_on = form::day("valuation.valued_on", &given.valued_on)?;
    let value = Money::from_fen(given.value_fen);
    let value = form.take("valuation.value_fen", if value.is_positive() { Ok(value) } else { Err(bad_value()) });
    let valuer = form.take("valuation.valuer", form::words(&given.valuer, 120));
    let report = form.maybe("valuation.report", given.report.as_deref(), form::digest);
    if valued_on > today {
        form.find(valued_later().at("valuation.valued_on"));
    }
    let (Some(value), Some(valuer)) = (value, valuer) else { return Ok(None) };
    Ok(Some(Valuation { value, valued_on, valuer, report }))
}

fn no_measure() -> Finding {
    refuse(
        "asset.measure",
        "国办发〔2014〕71号（公告应载明标的数量）",
        ("请填写面积（亩），或数量和单位。", "Give the area in mu, or a quantity and its unit."),
        (
            "土地填面积，房屋可填平方米，设备填台（套）。",
            "Mu for land, square metres for buildings, pieces for machines.",
        ),
    )
    .at("stated_mu")
}

fn no_area() -> Finding {
    refuse(
        "asset.land-area",
        "国办发〔2014〕71号（公告应载明标的数量）",
        (
            "土地类资产没有填写面积，无法折算每亩每年价格。",
            "This land has no area, so no price per mu and year can be told.",
        ),
        ("请填写面积（亩、平方米或公顷）。", "Give the area in mu, square metres or hectares."),
    )
    .with_severity(Severity::Warning)
    .at("stated_mu")
}

fn half_quantity() -> Finding {
    refuse(
        "asset.quantity-unit",
        "平台规则：填报规范 (platform rule: how forms are filled in)",
        ("数量和单位应一并填写。", "A quantity and its unit go together."),
        ("请补充。", "Add the other one."),
    )
    .at("unit")
}

fn bad_unit(unit: &str) -> Finding {
    refuse(
        "quantity.unit",
        "平台规则：计量单位 (platform rule: units)",
        ("无法识别的单位。", "This unit is not known."),
        (
            "请选择亩、平方米、公顷、立方米，或填写个、台、座等量词。",
            "Choose mu, square metre, hectare, cubic metre, or a Chinese measure word.",
        ),
    )
    .with_fact("unit", unit.chars().take(20).collect::<String>())
}

fn bad_value() -> Finding {
    refuse(
        "valuation.value",
        "《资产评估法》",
        ("评估价值应大于零。", "A valuation is above zero."),
        ("请核对评估价值（单位：分）。", "Check the value, in fen."),
    )
}

fn valued_later() -> Finding {
    refuse(
        "valuation.date",
        "《资产评估法》",
        ("评估基准日不能晚于今天。", "The day of the valuation can't lie in the future."),
        ("请核对评估基准日。", "Check the day of the valuation."),
    )
}
