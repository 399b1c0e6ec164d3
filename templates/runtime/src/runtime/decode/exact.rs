//! Exact numbers, for money: [`Number`] holds what was written, digit by digit, and is compared by value. Which members are read
//! so the generator decides, by the document's settings.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use crate::runtime::decode::Decode;
use crate::runtime::decode::context::Context;
use crate::runtime::decode::model::Blank;
use crate::runtime::encode::{Encode, Writer};
use crate::runtime::json::number::{Decimal, append_shown, exponent, is_number, write_f64};
use crate::runtime::json::tape::{Kind, Node};

/// A decimal number, exactly as it was written: `1.10` is read, shown and sent as `1.10`, `1E5` as `1E5`.
///
/// It has the size of an `Option<f64>`, and so has an `Option` of it. Numbers of up to 18 digits without an exponent, which is
/// what money is, are kept as digits and scale; any other keeps its text in memory of its own.
///
/// Numbers are equal, ordered and hashed by value, whatever their spelling: `1.10` equals `1.1`, `-0` equals `0`, `1E5` equals
/// `100000`. No exponent is ever written out for that, so a hostile `1e400000000` costs no more than its text.
///
/// Of arithmetic there is what never rounds: [`checked_add`](Self::checked_add) and [`checked_sub`](Self::checked_sub). For more,
/// the feature `decimal` converts from and to `rust_decimal::Decimal`, and [`to_f64`](Self::to_f64) gives the nearest `f64`.
///
/// Whole numbers convert by `into()`, texts by `parse()`, an `f64` by `try_from`, since it may be no number; `{:.2}` shows two
/// digits behind the point.
///
/// ```
/// use runtime::{Number, NumberError};
///
/// let price: Number = "1.10".parse()?;
/// assert_eq!(price.to_string(), "1.10");
/// let amounts = [price, Number::new(5, 1)];
/// let sum = amounts.iter().try_fold(Number::ZERO, |sum, amount| sum.checked_add(amount));
/// assert_eq!(sum, Some(Number::new(16, 1)));
/// # Ok::<(), NumberError>(())
/// ```
#[derive(Clone)]
pub struct Number(Repr);

#[derive(Clone)]
enum Repr {
    /// `mantissa` with `scale` digits behind the point.
    Scaled { scale: u8, mantissa: i64 },
    /// Any other number. The text is reached by two steps so that both variants, and one that is neither, take 16 bytes.
    Text(Box<Box<str>>),
}

/// More digits than these are kept as text.
const DIGITS: u32 = 18;

impl Number {
    /// Zero.
    pub const ZERO: Self = Self::new(0, 0);

    /// A number by its digits and how many of them follow the point: `new(1050, 2)` is `10.50`.
    #[must_use]
    pub const fn new(mantissa: i64, scale: u8) -> Self {
        Self(Repr::Scaled { scale, mantissa })
    }

    /// The number of a text that is one by JSON's grammar.
    pub(crate) fn of(text: &str) -> Self {
        match scaled_in_place(text) {
            Some(number) => number,
            None => Self(Repr::Text(Box::new(text.into()))),
        }
    }

    /// The sum, exactly, with as many digits behind the point as the one of the two that has more; `None` if the sum or one of
    /// the two takes more than 38 digits without an exponent.
    #[must_use]
    pub fn checked_add(&self, other: &Self) -> Option<Self> {
        let (one, other, scale) = aligned(self, other)?;
        Some(Self::of_scaled(one.checked_add(other)?, scale))
    }

    /// The difference; as [`checked_add`](Self::checked_add).
    #[must_use]
    pub fn checked_sub(&self, other: &Self) -> Option<Self> {
        let (one, other, scale) = aligned(self, other)?;
        Some(Self::of_scaled(one.checked_sub(other)?, scale))
    }

    /// The nearest `f64`; beyond its range an infinity, or zero.
    #[must_use]
    pub fn to_f64(&self) -> f64 {
        // A JSON number is one to Rust too.
        self.text().parse().unwrap_or(f64::NAN)
    }

    fn of_scaled(mantissa: i128, scale: u32) -> Self {
        match (i64::try_from(mantissa), u8::try_from(scale)) {
            (Ok(mantissa), Ok(scale)) => Self::new(mantissa, scale),
            _ => {
                let mut text = String::new();
                write_scaled(&mut text, mantissa, scale as usize);
                Self(Repr::Text(Box::new(text.into())))
            }
        }
    }

    /// All digits as one whole number, and how many of them follow the point; `None` if these are more than 38.
    pub(crate) fn scaled(&self) -> Option<(i128, u32)> {
        let text = match &self.0 {
            Repr::Scaled { scale, mantissa } => return Some(((*mantissa).into(), (*scale).into())),
            Repr::Text(text) => text,
        };
        let (mut mantissa, mut scale) = (0_i128, 0_i128);
        let (mut at, mut fraction) = (0, 0);
        for byte in text.bytes() {
            at += 1;
            match byte {
                b'-' => {}
                b'.' => fraction = 1,
                b'e' | b'E' => {
                    scale -= exponent(text.as_bytes().get(at..).unwrap_or_default());
                    break;
                }
                digit => {
                    mantissa = mantissa.checked_mul(10)?.checked_add((digit & 15).into())?;
                    scale += fraction;
                }
            }
        }
        if scale < 0 && mantissa != 0 {
            mantissa = mantissa.checked_mul(10_i128.checked_pow(u32::try_from(-scale).ok()?)?)?;
        }
        let scale = u32::try_from(scale.max(0)).ok().filter(|scale| *scale <= 38)?;
        Some((if text.starts_with('-') { -mantissa } else { mantissa }, scale))
    }

    /// The number as JSON has it.
    fn text(&self) -> String {
        let mut text = String::new();
        self.write(&mut text);
        text
    }

    fn write(&self, out: &mut String) {
        match &self.0 {
            Repr::Scaled { scale, mantissa } => write_scaled(out, (*mantissa).into(), (*scale).into()),
            Repr::Text(text) => out.push_str(text),
        }
    }

    /// Digits and exponent, of which equal values have the same.
    fn decimal(&self) -> Decimal {
        let mut decimal = Decimal::new(&self.text());
        decimal.forget_sign_of_zero();
        decimal
    }
}

/// The number of a text of up to 18 digits without an exponent. Minus zero is none: no whole number has its sign.
#[inline]
fn scaled_in_place(text: &str) -> Option<Number> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    // 18 digits and a point; 19 digits, which are too many, still fit into 64 bits.
    if digits.len() > DIGITS as usize + 1 {
        return None;
    }
    let (mut mantissa, mut scale, mut fraction) = (0_u64, 0, 0);
    for byte in digits.bytes() {
        match byte {
            b'0'..=b'9' => {
                mantissa = mantissa * 10 + u64::from(byte & 15);
                scale += fraction;
            }
            b'.' => fraction = 1,
            _ => return None,
        }
    }
    if mantissa >= 10_u64.pow(DIGITS) {
        return None;
    }
    let negative = digits.len() < text.len();
    if negative && mantissa == 0 {
        return None;
    }
    let mantissa = mantissa as i64;
    Some(Number::new(if negative { -mantissa } else { mantissa }, scale))
}

/// Both by their digits, with equally many behind the point.
fn aligned(one: &Number, other: &Number) -> Option<(i128, i128, u32)> {
    let ((a, x), (b, y)) = (one.scaled()?, other.scaled()?);
    let scale = x.max(y);
    let raised = |mantissa: i128, by: u32| mantissa.checked_mul(10_i128.checked_pow(by)?);
    Some((raised(a, scale - x)?, raised(b, scale - y)?, scale))
}

/// Appends a number with `scale` digits behind the point, and at least one in front of it.
fn write_scaled(out: &mut String, mantissa: i128, scale: usize) {
    let width = scale + 1 + usize::from(mantissa < 0);
    append_shown(out, &format_args!("{mantissa:0width$}"));
    if scale > 0 {
        out.insert(out.len() - scale, '.');
    }
}

/// Appends a number rounded to so many digits behind the point, halves to the even digit, as `f64` does.
fn write_rounded(out: &mut String, mantissa: i128, scale: u32, places: usize) {
    let dropped = scale.saturating_sub(u32::try_from(places).unwrap_or(u32::MAX));
    let unit = 10_i128.pow(dropped.min(38));
    let (mut whole, rest) = (mantissa / unit, mantissa % unit);
    let half = unit / 2;
    if dropped > 0 && (rest.abs() > half || rest.abs() == half && whole % 2 != 0) {
        whole += mantissa.signum();
    }
    let kept = (scale - dropped) as usize;
    write_scaled(out, whole, kept);
    if kept == 0 && places > 0 {
        out.push('.');
    }
    for _ in kept..places {
        out.push('0');
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Number {}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        match aligned(self, other) {
            Some((one, other, _)) => one.cmp(&other),
            None => self.decimal().cmp(&other.decimal()),
        }
    }
}

impl Hash for Number {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.decimal().hash(state);
    }
}

impl Default for Number {
    fn default() -> Self {
        Self::ZERO
    }
}

impl Blank for Number {
    const BLANK: Self = Self::ZERO;
}

/// The number as it was written; with a precision, rounded to so many digits behind the point.
impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        match f.precision().zip(self.scaled()) {
            Some((places, (mantissa, scale))) => write_rounded(&mut text, mantissa, scale, places),
            None => self.write(&mut text),
        }
        let digits = text.strip_prefix('-');
        f.pad_integral(digits.is_none(), "", digits.unwrap_or(&text))
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Why something is no [`Number`], or a number not of the type that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum NumberError {
    /// The text is no number by JSON's grammar; or the `f64` is none at all, or not finite.
    NotANumber,
    /// The number has a fraction, or is beyond the range of the type.
    OutOfRange,
}

impl fmt::Display for NumberError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotANumber => "not a number",
            Self::OutOfRange => "the type has no such number",
        })
    }
}

impl std::error::Error for NumberError {}

/// By JSON's grammar: no `+` in front, no zeros in front of others, digits on both sides of the point.
impl FromStr for Number {
    type Err = NumberError;

    fn from_str(text: &str) -> Result<Self, NumberError> {
        if is_number(text) { Ok(Self::of(text)) } else { Err(NumberError::NotANumber) }
    }
}

impl TryFrom<&str> for Number {
    type Error = NumberError;

    fn try_from(text: &str) -> Result<Self, NumberError> {
        text.parse()
    }
}

/// The shortest digits that are this `f64` and no other.
impl TryFrom<f64> for Number {
    type Error = NumberError;

    fn try_from(value: f64) -> Result<Self, NumberError> {
        if !value.is_finite() {
            return Err(NumberError::NotANumber);
        }
        let mut text = String::new();
        write_f64(&mut text, value);
        Ok(Self::of(&text))
    }
}

impl Number {
    /// The whole number, if it is one, however it is written.
    fn whole(&self) -> Option<i128> {
        let (mantissa, scale) = self.scaled()?;
        let unit = 10_i128.checked_pow(scale)?;
        (mantissa % unit == 0).then_some(mantissa / unit)
    }
}

macro_rules! whole {
    ($($t:ty),*) => { $(
        impl From<$t> for Number {
            #[inline]
            fn from(value: $t) -> Self {
                Self::of_scaled(value as i128, 0)
            }
        }

        /// A whole number, however it is written: `2.0` and `2e3` are some.
        impl TryFrom<&Number> for $t {
            type Error = NumberError;

            #[inline]
            fn try_from(number: &Number) -> Result<Self, NumberError> {
                match number.whole().map(Self::try_from) {
                    Some(Ok(whole)) => Ok(whole),
                    _ => Err(NumberError::OutOfRange),
                }
            }
        }
    )* };
}
whole!(i8, i16, i32, i64, i128, isize, u8, u16, u32, u64, usize);

impl From<&Number> for Number {
    fn from(other: &Number) -> Self {
        other.clone()
    }
}

impl Context {
    fn exact(&mut self, node: Node<'_>) -> Option<Number> {
        if matches!(node.kind(), Kind::Integer | Kind::Fraction) {
            return Some(Number::of(node.raw()));
        }
        let text = self.numeric_text(node, "number")?;
        let number = Number::of(&text);
        self.splice(node, text.into_owned());
        Some(number)
    }
}

impl Decode for Number {
    #[inline]
    fn decode(node: Node<'_>, cx: &mut Context) -> Option<Self> {
        cx.exact(node)
    }
}

impl Encode for Number {
    #[inline]
    fn encode(&self, w: &mut Writer) {
        self.write(&mut w.out);
    }
}
