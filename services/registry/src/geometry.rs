//! Parcels as GeoJSON (RFC 7946): what is read, what is refused before the database sees it, and the one canonical form.
//!
//! Coordinates are longitude and latitude in CGCS2000 (EPSG 4490). Whether a ring crosses itself, and how large the land is, the
//! database says; here is what needs no geometry engine, so that nothing PostGIS would choke on gets there.

use crate::findings::refuse;
use sanbian_domain::finding::Finding;
use serde::Serialize;
use serde_json::Value;

const BASIS: &str = "国土资发〔2017〕30号（使用2000国家大地坐标系）;RFC 7946";

/// Most points of one geometry. A parcel of a thousand mu surveyed to the metre has some hundreds.
const POINTS: usize = 20_000;
/// The box of China's land and inland waters, in degrees: longitude, then latitude.
const CHINA: [(f64, f64); 2] = [(73.4, 135.2), (3.4, 53.7)];

/// A position: longitude, latitude.
type Position = [f64; 2];

/// A geometry in canonical JSON (RFC 8785): type and coordinates alone, without altitudes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parcel {
    json: String,
}

#[derive(Serialize)]
struct Canonical<T> {
    coordinates: T,
    r#type: &'static str,
}

impl Parcel {
    /// Reads a geometry.
    ///
    /// # Errors
    /// Rules `geometry.json`, `geometry.type` (Polygon or MultiPolygon), `geometry.crs`, `geometry.points` (too many),
    /// `geometry.ring` (less than four positions, or not closed), `geometry.outside-china`. The caller adds the field.
    pub fn read(text: &str) -> Result<Self, Finding> {
        let value: Value = serde_json::from_str(text).map_err(|error| not_json(&error.to_string()))?;
        check_crs(&value)?;
        let coordinates = value.get("coordinates").ok_or_else(|| not_json("coordinates are missing"))?;
        let json = match value.get("type").and_then(Value::as_str) {
            Some("Polygon") => canonical("Polygon", polygon(coordinates)?)?,
            Some("MultiPolygon") => {
                let polygons = array(coordinates)?.iter().map(polygon).collect::<Result<Vec<_>, _>>()?;
                if polygons.is_empty() {
                    return Err(not_json("a MultiPolygon without polygons"));
                }
                canonical("MultiPolygon", polygons)?
            }
            other => return Err(wrong_type(other.unwrap_or("none"))),
        };
        Ok(Self { json })
    }

    /// The canonical text.
    pub fn json(&self) -> &str {
        &self.json
    }

    /// SHA-256 of the canonical text, hex: what stands in the log.
    pub fn digest(&self) -> String {
        sanbian_runtime::seal::sha256_hex(self.json.as_bytes())
    }
}

fn canonical<T: Serialize>(kind: &'static str, coordinates: T) -> Result<String, Finding> {
    serde_jcs::to_string(&Canonical { coordinates, r#type: kind }).map_err(|error| not_json(&error.to_string()))
}

fn array(value: &Value) -> Result<&Vec<Value>, Finding> {
    value.as_array().ok_or_else(|| not_json("coordinates are nested lists of numbers"))
}

/// The rings of a polygon: the outer one, then the holes.
fn polygon(value: &Value) -> Result<Vec<Vec<Position>>, Finding> {
    let rings = array(value)?;
    if rings.is_empty() {
        return Err(not_json("a Polygon without rings"));
    }
    let points: usize = rings.iter().filter_map(Value::as_array).map(Vec::len).sum();
    if points > POINTS {
        return Err(too_many(points));
    }
    rings.iter().map(ring).collect()
}

fn ring(value: &Value) -> Result<Vec<Position>, Finding> {
    let ring = array(value)?.iter().map(position).collect::<Result<Vec<_>, _>>()?;
    if ring.len() < 4 || ring.first() != ring.last() {
        return Err(refuse(
            "geometry.ring",
            BASIS,
            (
                "地块边界的每个环至少四个点，且首尾相同。",
                "Each ring has at least four positions, the last equal to the first.",
            ),
            ("请在测绘软件中闭合图形后重新导出。", "Close the figure in the survey software and export it again."),
        )
        .with_fact("points", ring.len()));
    }
    Ok(ring)
}

fn position(value: &Value) -> Result<Position, Finding> {
    let numbers = array(value)?;
    let (Some(lon), Some(lat)) = (numbers.first().and_then(Value::as_f64), numbers.get(1).and_then(Value::as_f64))
    else {
        return Err(not_json("a position is longitude, latitude"));
    };
    let inside = |value: f64, (least, greatest): (f64, f64)| (least..=greatest).contains(&value);
    if inside(lon, CHINA[0]) && inside(lat, CHINA[1]) {
        // Minus zero has no place in the canonical form; no longitude or latitude of China is zero.
        return Ok([lon, lat]);
    }
    let (zh, en) = if inside(lat, CHINA[0]) && inside(lon, CHINA[1]) {
        ("坐标顺序应为“经度、纬度”，现在似乎写反了。", "Positions are longitude, then latitude; these look swapped.")
    } else if lon.abs() > 360.0 || lat.abs() > 360.0 {
        (
            "坐标似乎是以米为单位的投影坐标，请转换为CGCS2000经纬度（EPSG:4490）。",
            "These look like projected metres; convert them to CGCS2000 longitude and latitude (EPSG 4490).",
        )
    } else {
        ("请核对坐标。", "Check the coordinates.")
    };
    let message = ("地块坐标不在中国范围内。", "The land does not lie in China.");
    Err(refuse("geometry.outside-china", BASIS, message, (zh, en))
        .with_fact("longitude", lon)
        .with_fact("latitude", lat))
}

/// RFC 7946 has no `crs` member, but exports of the older form carry one: only CGCS2000 is let through.
fn check_crs(value: &Value) -> Result<(), Finding> {
    let Some(crs) = value.get("crs").filter(|crs| !crs.is_null()) else { return Ok(()) };
    let name = crs.pointer("/properties/name").and_then(Value::as_str).unwrap_or_default();
    if name.rsplit(':').next() == Some("4490") {
        return Ok(());
    }
    Err(refuse(
        "geometry.crs",
        BASIS,
        (
            "地块坐标系应为CGCS2000经纬度（EPSG:4490）。",
            "The coordinate system must be CGCS2000 longitude and latitude (EPSG 4490).",
        ),
        ("请在测绘软件中转换坐标系后重新导出。", "Convert it in the survey software and export it again."),
    )
    .with_fact("crs", name.chars().take(60).collect::<String>()))
}

fn not_json(detail: &str) -> Finding {
    refuse(
        "geometry.json",
        BASIS,
        ("地块图形不是有效的GeoJSON。", "The geometry is not valid GeoJSON."),
        ("请上传测绘软件导出的GeoJSON面要素。", "Upload the polygon that the survey software exports as GeoJSON."),
    )
    .with_fact("detail", detail)
}

fn wrong_type(kind: &str) -> Finding {
    refuse(
        "geometry.type",
        BASIS,
        ("地块图形应为面（Polygon或MultiPolygon）。", "The geometry must be a Polygon or MultiPolygon."),
        (
            "请只上传图形本身，不要上传要素集合、点或线。",
            "Send the geometry alone: no feature collection, point or line.",
        ),
    )
    .with_fact("type", kind.chars().take(40).collect::<String>())
}

fn too_many(points: usize) -> Finding {
    refuse(
        "geometry.points",
        BASIS,
        ("地块边界点过多。", "The boundary has too many points."),
        ("请抽稀边界点，或分为几个地块登记。", "Thin out the points, or register several parcels."),
    )
    .with_fact("points", points)
    .with_fact("most", POINTS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rule(text: &str) -> String {
        Parcel::read(text).expect_err(text).rule
    }

    #[test]
    fn the_canonical_form_is_the_same_however_it_is_written() {
        let a = r#"{"type":"Polygon","coordinates":[[[106.50,29.5,312.0],[106.6,29.5],[106.6,29.6],[106.50,29.5,9]]]}"#;
        let b = "{ \"coordinates\": [[[1.065e2, 29.5], [106.6, 29.5], [106.6, 29.6], [106.5, 29.5]]], \"bbox\": [1], \"type\": \"Polygon\" }";
        let parcel = Parcel::read(a).unwrap();
        assert_eq!(
            parcel.json(),
            r#"{"coordinates":[[[106.5,29.5],[106.6,29.5],[106.6,29.6],[106.5,29.5]]],"type":"Polygon"}"#
        );
        assert_eq!(parcel, Parcel::read(b).unwrap());
        assert_eq!(parcel.digest().len(), 64);
    }

    #[test]
    fn what_is_no_parcel_is_refused_with_its_reason() {
        let ring = "[[106.5,29.5],[106.6,29.5],[106.6,29.6],[106.5,29.5]]";
        for (text, expected) in [
            ("", "geometry.json"),
            ("[]", "geometry.json"),
            ("{\"type\":\"Polygon\"}", "geometry.json"),
            ("{\"type\":\"Polygon\",\"coordinates\":[]}", "geometry.json"),
            ("{\"type\":\"MultiPolygon\",\"coordinates\":[]}", "geometry.json"),
            ("{\"type\":\"Polygon\",\"coordinates\":[[[106.5],[106.6]]]}", "geometry.json"),
            ("{\"type\":\"Polygon\",\"coordinates\":[[[\"106.5\",\"29.5\"]]]}", "geometry.json"),
            ("{\"type\":\"Polygon\",\"coordinates\":[[[1e999,29.5]]]}", "geometry.json"),
            (&format!("{{\"type\":\"Point\",\"coordinates\":{ring}}}"), "geometry.type"),
            (&format!("{{\"coordinates\":{ring}}}"), "geometry.type"),
            ("{\"type\":\"Polygon\",\"coordinates\":[[[106.5,29.5],[106.6,29.5],[106.5,29.5]]]}", "geometry.ring"),
            (
                "{\"type\":\"Polygon\",\"coordinates\":[[[106.5,29.5],[106.6,29.5],[106.6,29.6],[106.5,29.6]]]}",
                "geometry.ring",
            ),
            (
                "{\"type\":\"Polygon\",\"coordinates\":[[[29.5,106.5],[29.5,106.6],[29.6,106.6],[29.5,106.5]]]}",
                "geometry.outside-china",
            ),
            (
                "{\"type\":\"Polygon\",\"coordinates\":[[[36356000,3265000],[1,1],[1,2],[1,1]]]}",
                "geometry.outside-china",
            ),
            (
                &format!(
                    "{{\"type\":\"Polygon\",\"coordinates\":[{ring}],\"crs\":{{\"type\":\"name\",\"properties\":{{\"name\":\"EPSG:3857\"}}}}}}"
                ),
                "geometry.crs",
            ),
        ] {
            assert_eq!(rule(text), expected, "{text}");
        }
        let good = format!(
            "{{\"type\":\"Polygon\",\"coordinates\":[{ring}],\"crs\":{{\"type\":\"name\",\"properties\":{{\"name\":\"urn:ogc:def:crs:EPSG::4490\"}}}}}}"
        );
        assert!(Parcel::read(&good).is_ok());
        let many = vec!["[106.5,29.5]"; POINTS + 1].join(",");
        assert_eq!(rule(&format!("{{\"type\":\"Polygon\",\"coordinates\":[[{many}]]}}")), "geometry.points");
    }

    #[test]
    fn swapped_and_projected_coordinates_are_told_apart() {
        let remedy = |text| Parcel::read(text).expect_err("refused").remedy.en;
        let swapped = "{\"type\":\"Polygon\",\"coordinates\":[[[29.5,106.5],[29.5,106.6],[29.6,106.6],[29.5,106.5]]]}";
        assert!(remedy(swapped).contains("swapped"));
        let metres = "{\"type\":\"Polygon\",\"coordinates\":[[[356000,3265000],[1,1],[1,2],[356000,3265000]]]}";
        assert!(remedy(metres).contains("metres"));
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,200}") {
            let _ = Parcel::read(&text);
        }

        #[test]
        fn reading_the_canonical_form_changes_nothing(lon in 74.0f64..135.0, lat in 4.0f64..53.0, side in 0.0001f64..0.1) {
            let text = format!(
                "{{\"type\":\"MultiPolygon\",\"coordinates\":[[[[{lon},{lat}],[{},{lat}],[{},{}],[{lon},{lat}]]]]}}",
                lon + side, lon + side, lat + side
            );
            let parcel = Parcel::read(&text).unwrap();
            prop_assert_eq!(&Parcel::read(parcel.json()).unwrap(), &parcel);
        }
    }
}
