//! What a geometry measures, and what is to be said of it beside the stated area.

use crate::{findings::refuse, geometry::Parcel, store};
use rust_decimal::Decimal;
use sanbian_domain::{
    finding::{Finding, Severity},
    money::Rounding,
    mu::{Mu, SquareMetres, compare_areas},
    rulebook::Rulebook,
};
use sanbian_runtime::Refusal;
use sqlx::PgExecutor;

const BASIS: &str = "TD/T 1001 地籍调查规程（界址线不得自交、重叠）";

/// Greatest side of a parcel's box, in hundredths of a degree: some 100 km. The database holds every cell of it while a right is written.
const EXTENT: i32 = 100;

/// A measured geometry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Survey {
    /// In the plane of its zone, to the hundredth of a square metre.
    pub area: SquareMetres,
    /// The same in mu, to four decimals, rounded half up.
    pub mu: Mu,
    /// EPSG code of the zone.
    pub srid: i32,
}

impl Survey {
    /// From what the database measured.
    ///
    /// # Errors
    /// Rules `area.…` for an area too small to have mu.
    pub fn new(area_m2: Decimal, srid: i32) -> Result<Self, Finding> {
        let area = SquareMetres::new(area_m2)?;
        Ok(Self { area, mu: area.to_mu(Rounding::HalfUp)?, srid })
    }
}

/// Measures a parcel in its CGCS2000 zone.
///
/// # Errors
/// Findings, as the inner error: `geometry.valid` with PostGIS's reason and place, `geometry.extent`, `geometry.too-small`.
pub async fn measure(db: impl PgExecutor<'_>, parcel: &Parcel) -> Result<Result<Survey, Finding>, Refusal> {
    let measured = store::asset::measure(db, parcel.json()).await?;
    if !measured.valid {
        let (reason, place) = measured.reason.split_once('[').unwrap_or((&measured.reason, ""));
        return Ok(Err(invalid("geometry", reason, place.trim_end_matches(']'))));
    }
    if measured.extent > EXTENT {
        return Ok(Err(refuse(
            "geometry.extent",
            "平台规则：一个地块的范围不超过1度 (platform rule: a parcel lies within one degree)",
            ("地块范围过大。", "The parcel reaches too far."),
            ("请核对坐标，或分为几个地块登记。", "Check the coordinates, or register several parcels."),
        )
        .with_fact("hundredths-of-degree", measured.extent)));
    }
    let (Some(area), Some(srid)) = (measured.area_m2, measured.srid) else {
        return Err(Refusal::internal("a valid geometry was not measured"));
    };
    if area < Decimal::ONE {
        return Ok(Err(refuse(
            "geometry.too-small",
            "平台规则：地块面积不小于1平方米 (platform rule: a parcel has at least 1 m²)",
            ("地块面积不足1平方米。", "The parcel is smaller than one square metre."),
            ("请核对坐标及其小数位数。", "Check the coordinates and their decimals."),
        )
        .with_fact("square-metres", area)));
    }
    Ok(Survey::new(area, srid))
}

/// The finding of an invalid geometry: `reason` and `place` in PostGIS's words.
pub fn invalid(what: &str, reason: &str, place: &str) -> Finding {
    let zh = match reason {
        "Self-intersection" => "边界线自相交",
        "Ring Self-intersection" => "边界环自相接",
        "Hole lies outside shell" => "孔洞落在外边界之外",
        "Holes are nested" => "孔洞互相嵌套",
        "Nested shells" => "外边界互相嵌套",
        "Interior is disconnected" => "内部不连通",
        "Duplicate Rings" | "Duplicated Rings" => "边界环重复",
        "Too few points in geometry component" => "边界点过少",
        _ => "图形无效",
    };
    let en = if reason.is_empty() { "invalid" } else { reason };
    let mut finding = refuse(
        "geometry.valid",
        BASIS,
        (format!("地块图形有误：{zh}。"), format!("The geometry is wrong: {en}.")),
        ("请在测绘软件中修正后重新导出。", "Correct it in the survey software and export it again."),
    )
    .with_fact("reason", reason);
    if !place.is_empty() {
        finding = finding.with_fact("place", place);
    }
    finding.at(what)
}

/// What the rulebook says of a stated beside a measured area.
pub fn compare(stated: Mu, measured: Mu, rulebook: &Rulebook) -> Option<Finding> {
    let rule = &rulebook.rules.area_tolerance;
    let tolerance = Decimal::from(rule.value.num()) / Decimal::from(rule.value.den());
    compare_areas(stated, measured, tolerance, &rule.basis).map(|finding| finding.with_severity(rule.severity))
}

/// Land without a geometry: a note for the reviewer.
pub fn missing() -> Finding {
    refuse(
        "geometry.missing",
        "国办发〔2014〕71号（产权明晰）;TD/T 1001 地籍调查规程",
        ("该土地类资产没有地块图形，面积未经核对。", "This land has no geometry; its area is not checked."),
        ("请补充测绘成果（GeoJSON）。", "Add the survey (GeoJSON)."),
    )
    .with_severity(Severity::Warning)
    .at("geometry")
}

/// Another registered parcel covers some of the same land.
pub fn shared(others: &[uuid::Uuid]) -> Finding {
    let ids: Vec<String> = others.iter().map(ToString::to_string).collect();
    refuse(
        "geometry.overlaps-parcel",
        "国办发〔2014〕71号（产权明晰方可交易）",
        ("该地块与已登记的其他地块重叠。", "This parcel lies partly on another registered one."),
        ("请核对四至和图形，确认不存在重复登记。", "Check bounds and geometry: nothing may be registered twice."),
    )
    .with_severity(Severity::Warning)
    .at("geometry")
    .with_fact("assets", ids.join(" "))
}
