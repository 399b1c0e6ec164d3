//! Numbers as text: which decimal value a JSON number has, and whether a Rust number kept it.

use std::cmp::Ordering;
use std::fmt::{Display, Write as _};

use crate::runtime::json::scan::number_kind;
use crate::runtime::json::tape::Kind;
use crate::runtime::text::{append, has};

/// A decimal value: digits without zeros at either end, times ten to the exponent. Equal values have equal parts, as long as their
/// exponents have at most 37 digits.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(crate) struct Decimal {
    negative: bool,
    digits: String,
    exponent: i128,
}

impl Decimal {
    /// Reads the text of a JSON number.
    pub(crate) fn new(text: &str) -> Self {
        let mut value = Self { negative: false, digits: String::new(), exponent: 0 };
        let (mut at, mut fraction) = (0, false);
        for byte in text.bytes() {
            at += 1;
            match byte {
                b'-' => value.negative = true,
                b'.' => fraction = true,
                b'e' | b'E' => {
                    value.exponent += exponent(text.as_bytes().get(at..).unwrap_or_default());
                    break;
                }
                digit => {
                    value.exponent -= i128::from(fraction);
                    if digit != b'0' || !value.digits.is_empty() {
                        value.digits.push(char::from(digit));
                    }
                }
            }
        }
        while value.digits.as_bytes().last() == Some(&b'0') {
            value.digits.truncate(value.digits.len() - 1);
            value.exponent += 1;
        }
        if value.digits.is_empty() {
            value.exponent = 0;
        }
        value
    }

    /// The text of a whole number below ten to the fortieth; `-0` is `0`.
    pub(crate) fn whole(&self) -> Option<String> {
        if self.digits.is_empty() {
            return Some("0".to_owned());
        }
        if self.exponent < 0 || self.exponent + self.digits.len() as i128 > 40 {
            return None;
        }
        let mut text = String::new();
        append(&mut text, &[if self.negative { "-" } else { "" }, &self.digits]);
        for _ in 0..self.exponent {
            text.push('0');
        }
        Some(text)
    }

    /// Makes zero of minus zero.
    pub(crate) fn forget_sign_of_zero(&mut self) {
        self.negative &= !self.digits.is_empty();
    }
}

/// By value, and minus zero before zero. No exponent is written out: the place of the first digit decides, then the digits.
impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        let place = |value: &Self| match value.digits.len() {
            0 => i128::MIN,
            digits => value.exponent + digits as i128,
        };
        let size = place(self).cmp(&place(other)).then_with(|| self.digits.cmp(&other.digits));
        match (self.negative, other.negative) {
            (false, false) => size,
            (true, true) => size.reverse(),
            (one, other) => other.cmp(&one),
        }
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The exponent of a number, what follows its `e`; one that does not fit is only huge.
pub(crate) fn exponent(text: &[u8]) -> i128 {
    let (mut negative, mut value) = (false, 0_i128);
    for byte in text {
        match byte {
            b'-' => negative = true,
            b'+' => {}
            digit => value = value.saturating_mul(10).saturating_add(i128::from(digit & 15)).min(i128::MAX / 2),
        }
    }
    if negative { -value } else { value }
}

/// Whether two JSON numbers have the same decimal value. Zero and minus zero have not.
#[inline(never)]
pub(crate) fn same_value(a: &str, b: &str) -> bool {
    a == b || Decimal::new(a) == Decimal::new(b)
}

/// Reads any JSON number as the nearest `f64`, and says whether writing that gives the same decimal value again.
#[inline]
pub(crate) fn read_f64(text: &str) -> (f64, bool) {
    let value = text.parse::<f64>().unwrap_or(f64::NAN);
    (value, is_short(text) || survives(text, value))
}

/// Whether a number always survives: it has at most fifteen digits, and no exponent to reach into the subnormal numbers.
pub(crate) fn is_short(text: &str) -> bool {
    text.len() <= 15 && !has(text, b'e') && !has(text, b'E')
}

#[inline(never)]
fn survives(text: &str, value: f64) -> bool {
    let mut written = String::new();
    write_f64(&mut written, value);
    number_kind(&written).is_some() && same_value(text, &written)
}

/// Appends what a value prints.
#[inline(never)]
pub(crate) fn append_shown(out: &mut String, value: &dyn Display) {
    // Writing to a string cannot fail.
    let _ = write!(out, "{value}");
}

/// Writes a number without a needless fraction; what is not finite, which JSON has no word for, as `null`.
pub(crate) fn write_f64(out: &mut String, value: f64) {
    let size = value.abs();
    let (small, large) = (size < 1e-5, size >= 1e17);
    if !value.is_finite() {
        out.push_str("null");
    } else if value == 0.0 {
        out.push_str(if value.is_sign_negative() { "-0.0" } else { "0" });
    } else if size < 9_007_199_254_740_992.0 && value.trunc() == value {
        append_shown(out, &(value as i64));
    } else if small || large {
        append_shown(out, &format_args!("{value:e}"));
    } else {
        append_shown(out, &value);
    }
}

/// Whether a whole text is a JSON number.
pub(crate) fn is_number(text: &str) -> bool {
    matches!(number_kind(text), Some(Kind::Integer | Kind::Fraction))
}
