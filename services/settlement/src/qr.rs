//! QR codes as inline SVG.

use qrcode::{QrCode, render::svg};
use sanbian_runtime::Refusal;

/// The code of `text`, as an SVG element that can stand in a page.
///
/// # Errors
/// Where the text is longer than a code holds (2,953 bytes).
pub(crate) fn svg(text: &str) -> Result<String, Refusal> {
    let code = QrCode::new(text).map_err(Refusal::internal)?;
    let svg = code.render::<svg::Color<'_>>().min_dimensions(160, 160).build();
    // The XML head is for files of their own.
    Ok(svg.find("<svg").map_or(svg.clone(), |at| svg[at..].to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_an_element_of_a_page() {
        let code = svg("https://example.org/certificates/500229-2026-000001-5").unwrap();
        assert!(code.starts_with("<svg") && code.trim_end().ends_with("</svg>"), "{code}");
        assert_ne!(code, svg("https://example.org/certificates/500229-2026-000002-5").unwrap());
        assert!(svg(&"x".repeat(3000)).is_err());
    }
}
