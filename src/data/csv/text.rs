//! From bytes to text.

use super::Problem;
use super::records::line_at;

/// The bytes as text, without a byte-order mark.
///
/// # Errors
/// If they are not UTF-8, with the encoding that they seem to have.
pub fn decode(bytes: &[u8]) -> Result<&str, Problem> {
    if bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF") {
        return Err(Problem::Utf16);
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    // Every other byte of ASCII in UTF-16 is 0, which no text in UTF-8 holds.
    if let Some(at) = memchr::memchr(0, bytes) {
        let (even, odd) = (bytes.first() == Some(&0), bytes.get(1) == Some(&0));
        if even || odd {
            return Err(Problem::Utf16);
        }
        let line = bytes[..at].split(|&byte| byte == b'\n').count();
        return Err(Problem::Binary { line });
    }
    std::str::from_utf8(bytes).map_err(|error| {
        let before = std::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default();
        Problem::NotUtf8 { line: line_at(before, before.len()) }
    })
}
