//! Numbers as text: which decimal value a JSON number has, and whether a Rust number kept it.

use std::fmt::Write as _;

use super::scan::number_kind;
use super::tape::Kind;
use super::text::concat;

/// A decimal value: digits without zeros at either end, times ten to the exponent. Equal values have equal parts.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Decimal {
    negative: bool,
    digits: String,
    exponent: i64,
}

impl Decimal {
    /// Reads the text of a JSON number.
    pub(super) fn new(text: &str) -> Self {
        let (negative, text) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (mantissa, exponent) = match text.bytes().position(|b| b | 0x20 == b'e') {
            Some(at) => (text.get(..at).unwrap_or_default(), text.get(at + 1..).unwrap_or_default()),
            None => (text, "0"),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let huge = if exponent.starts_with('-') { i64::MIN / 2 } else { i64::MAX / 2 };
        let exponent = exponent.parse::<i64>().unwrap_or(huge).clamp(i64::MIN / 2, i64::MAX / 2);
        let all = concat(&[whole, fraction]);
        let digits = all.trim_end_matches('0');
        let exponent = exponent - fraction.len() as i64 + (all.len() - digits.len()) as i64;
        let digits = digits.trim_start_matches('0');
        let exponent = if digits.is_empty() { 0 } else { exponent };
        Self { negative, digits: digits.to_owned(), exponent }
    }

    /// The text of a whole number below ten to the fortieth; `-0` is `0`.
    pub(super) fn whole(&self) -> Option<String> {
        if self.digits.is_empty() {
            return Some("0".to_owned());
        }
        let zeros = usize::try_from(self.exponent).ok().filter(|zeros| zeros + self.digits.len() <= 40)?;
        let mut text = concat(&[if self.negative { "-" } else { "" }, &self.digits]);
        for _ in 0..zeros {
            text.push('0');
        }
        Some(text)
    }
}

/// Whether two JSON numbers have the same decimal value. Zero and minus zero have not.
pub(super) fn same_value(a: &str, b: &str) -> bool {
    a == b || Decimal::new(a) == Decimal::new(b)
}

/// Reads any JSON number as the nearest `f64`, and says whether writing that gives the same decimal value again.
#[inline]
pub(super) fn read_f64(text: &str) -> (f64, bool) {
    let value = text.parse::<f64>().unwrap_or(f64::NAN);
    // Fifteen digits always survive; only then is it worth asking. An exponent may reach into the subnormal numbers.
    if text.len() <= 15 && !text.bytes().any(|b| b | 0x20 == b'e') {
        return (value, true);
    }
    (value, survives(text, value))
}

#[inline(never)]
fn survives(text: &str, value: f64) -> bool {
    let mut written = String::new();
    write_f64(&mut written, value);
    number_kind(&written).is_some() && same_value(text, &written)
}

/// Writes a number without a needless fraction; what is not finite, which JSON has no word for, as `null`.
pub(super) fn write_f64(out: &mut String, value: f64) {
    // Writing to a string cannot fail.
    let _ = if !value.is_finite() {
        out.push_str("null");
        Ok(())
    } else if value == 0.0 {
        out.push_str(if value.is_sign_negative() { "-0.0" } else { "0" });
        Ok(())
    } else if value.abs() < 9_007_199_254_740_992.0 && value.trunc() == value {
        write!(out, "{}", value as i64)
    } else if (1e-5..1e17).contains(&value.abs()) {
        write!(out, "{value}")
    } else {
        write!(out, "{value:e}")
    };
}

/// Whether a whole text is a JSON number.
pub(super) fn is_number(text: &str) -> bool {
    matches!(number_kind(text), Some(Kind::Integer | Kind::Fraction))
}
