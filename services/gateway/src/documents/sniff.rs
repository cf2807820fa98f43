//! What a file is, by its bytes.

/// Plain text, always UTF-8.
pub const TEXT: &str = "text/plain";

const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// The media type of `bytes`; none for what is not taken. Office files with macros are not.
pub fn media_type(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [b'%', b'P', b'D', b'F', b'-', ..] => Some("application/pdf"),
        [0xFF, 0xD8, 0xFF, ..] => Some("image/jpeg"),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => Some("image/png"),
        [b'P', b'K', 3, 4, ..] => office(bytes),
        _ => text(bytes),
    }
}

fn office(bytes: &[u8]) -> Option<&'static str> {
    let names = zip_names(bytes)?;
    let holds = |wanted: &str| names.contains(&wanted.as_bytes());
    let macros = names.iter().any(|name| name.ends_with(b"vbaProject.bin"));
    if macros || !holds("[Content_Types].xml") {
        return None;
    }
    match (holds("word/document.xml"), holds("xl/workbook.xml")) {
        (true, false) => Some(DOCX),
        (false, true) => Some(XLSX),
        _ => None,
    }
}

/// The names in a zip's central directory (APPNOTE 4.3.12, 4.3.16); none where it is broken. Only the directory counts: an office
/// file may hold other office files.
fn zip_names(bytes: &[u8]) -> Option<Vec<&[u8]>> {
    let u16_at = |at: usize| Some(usize::from(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?)));
    let u32_at = |at: usize| usize::try_from(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?)).ok();
    let end = bytes.windows(4).rposition(|window| window == b"PK\x05\x06")?;
    let entries = u16_at(end + 10)?;
    let mut at = u32_at(end + 16)?;
    let mut names = Vec::with_capacity(entries);
    for _ in 0..entries {
        if bytes.get(at..at.checked_add(4)?)? != b"PK\x01\x02" {
            return None;
        }
        let (name, extra, comment) = (u16_at(at + 28)?, u16_at(at + 30)?, u16_at(at + 32)?);
        names.push(bytes.get(at + 46..at + 46 + name)?);
        at += 46 + name + extra + comment;
    }
    Some(names)
}

fn text(bytes: &[u8]) -> Option<&'static str> {
    let text = std::str::from_utf8(bytes).ok()?;
    let plain = |c: char| !c.is_control() || matches!(c, '\t' | '\n' | '\r');
    (!text.trim().is_empty() && text.chars().all(plain)).then_some(TEXT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_say_what_a_file_is() {
        let zip = |names: &[&str]| {
            let mut directory = Vec::new();
            for name in names {
                directory.extend(b"PK\x01\x02");
                directory.extend([0; 24]);
                directory.extend(u16::try_from(name.len()).unwrap().to_le_bytes());
                directory.extend([0; 16]);
                directory.extend(name.as_bytes());
            }
            let count = u16::try_from(names.len()).unwrap().to_le_bytes();
            let head = b"PK\x03\x04 word/document.xml inside a part";
            let start = u32::try_from(head.len()).unwrap().to_le_bytes();
            [head.as_slice(), &directory, b"PK\x05\x06", &[0; 4], &count, &count, &[0; 4], &start, &[0; 2]].concat()
        };
        let cases: [(&[u8], Option<&str>); 13] = [
            (b"%PDF-1.7\n", Some("application/pdf")),
            (b"\xFF\xD8\xFF\xE0", Some("image/jpeg")),
            (b"\x89PNG\r\n\x1a\n\0", Some("image/png")),
            (&zip(&["[Content_Types].xml", "word/document.xml"]), Some(DOCX)),
            (&zip(&["[Content_Types].xml", "xl/workbook.xml"]), Some(XLSX)),
            (&zip(&["[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin"]), None),
            (&zip(&["evil.exe"]), None),
            (b"PK\x03\x04 [Content_Types].xml word/document.xml PK\x05\x06", None),
            ("会议纪要\r\n".as_bytes(), Some(TEXT)),
            (b"MZ\x90\0", None),
            (b"", None),
            (b"a\0b", None),
            (b"\xB4\xF3", None),
        ];
        for (bytes, expected) in cases {
            assert_eq!(media_type(bytes), expected, "{:?}", String::from_utf8_lossy(bytes));
        }
    }
}
