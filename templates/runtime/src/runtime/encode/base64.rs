//! Base64 (RFC 4648): forty lines here cost less than a dependency in every SDK.

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The standard alphabet, with padding.
pub(crate) fn encode(bytes: &[u8]) -> String {
    let mut out = String::new();
    let mut rest = bytes;
    while !rest.is_empty() {
        let (mut group, mut digits) = (0, 0);
        for place in 0..3 {
            group <<= 8;
            if let Some(byte) = rest.get(place) {
                group |= u32::from(*byte);
                digits = place + 2;
            }
        }
        rest = rest.get(3..).unwrap_or_default();
        for place in 0..4 {
            let digit = DIGITS.get((group >> 18 & 63) as usize).copied().unwrap_or_default();
            out.push(char::from(if place < digits { digit } else { b'=' }));
            group <<= 6;
        }
    }
    out
}

/// Of either alphabet, with padding or without; `None` for what is no base64.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3 + 2);
    each_byte(text, &mut |byte| out.push(byte)).then_some(out)
}

/// Whether a text is base64.
pub(crate) fn is_valid(text: &str) -> bool {
    each_byte(text, &mut |_| {})
}

/// Gives every byte in turn; `false` for what is no base64.
#[inline]
fn each_byte(text: &str, take: &mut impl FnMut(u8)) -> bool {
    let mut digits = text.as_bytes();
    while let [shorter @ .., b'='] = digits {
        digits = shorter;
    }
    let padding = text.len() - digits.len();
    // A digit alone holds no byte; padding fills the last group of four.
    if digits.len() % 4 == 1 || (padding > 0 && (padding > 2 || !text.len().is_multiple_of(4))) {
        return false;
    }
    let (mut group, mut bits) = (0u32, 0);
    for digit in digits {
        let value = match digit {
            b'A'..=b'Z' => digit - b'A',
            b'a'..=b'z' => digit - b'a' + 26,
            b'0'..=b'9' => digit - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return false,
        };
        group = group << 6 | u32::from(value);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            take((group >> bits) as u8);
            group &= (1 << bits) - 1;
        }
    }
    // Bits that no byte holds are zero.
    group == 0
}
