//! Text as the types of other crates, under a feature each: `chrono`, `jiff`, `time`, `uuid`, `decimal`. What came is kept
//! as the text it came as; nothing is converted before it is asked for, and a text that is no such value is an error then.

#[cfg(feature = "decimal")]
use crate::runtime::decode::exact::Number;
#[allow(unused_imports)] // Each feature needs others of them.
use crate::runtime::decode::scalar::{Date, DateTime, Uuid};

#[cfg(feature = "chrono")]
impl Date {
    /// The date as `chrono` has it.
    ///
    /// # Errors
    /// When the text is no date of the form `2026-01-31`.
    pub fn to_chrono(&self) -> Result<chrono::NaiveDate, chrono::ParseError> {
        self.as_str().parse()
    }
}

#[cfg(feature = "chrono")]
impl DateTime {
    /// The time as `chrono` has it.
    ///
    /// # Errors
    /// When the text is no RFC 3339 time; one without an offset is not: see [`DateTime::to_chrono_local`].
    pub fn to_chrono(&self) -> Result<chrono::DateTime<chrono::FixedOffset>, chrono::ParseError> {
        chrono::DateTime::parse_from_rfc3339(self.as_str())
    }

    /// The time without its offset, for texts like `2024-03-06T11:25:40` that have none.
    ///
    /// # Errors
    /// When the text is no date and time, or has an offset.
    pub fn to_chrono_local(&self) -> Result<chrono::NaiveDateTime, chrono::ParseError> {
        self.as_str().parse()
    }
}

#[cfg(feature = "chrono")]
impl From<chrono::NaiveDate> for Date {
    fn from(date: chrono::NaiveDate) -> Self {
        date.to_string().into()
    }
}

#[cfg(feature = "chrono")]
impl<Z: chrono::TimeZone> From<chrono::DateTime<Z>> for DateTime {
    fn from(time: chrono::DateTime<Z>) -> Self {
        time.to_rfc3339().into()
    }
}

#[cfg(feature = "jiff")]
impl Date {
    /// The date as `jiff` has it.
    ///
    /// # Errors
    /// When the text is no date of the form `2026-01-31`.
    pub fn to_jiff(&self) -> Result<jiff::civil::Date, jiff::Error> {
        self.as_str().parse()
    }
}

#[cfg(feature = "jiff")]
impl DateTime {
    /// The time as `jiff` has it.
    ///
    /// # Errors
    /// When the text is no RFC 3339 time; one without an offset is not: see [`DateTime::to_jiff_local`].
    pub fn to_jiff(&self) -> Result<jiff::Timestamp, jiff::Error> {
        self.as_str().parse()
    }

    /// The time without its offset, for texts like `2024-03-06T11:25:40` that have none.
    ///
    /// # Errors
    /// When the text is no date and time.
    pub fn to_jiff_local(&self) -> Result<jiff::civil::DateTime, jiff::Error> {
        self.as_str().parse()
    }
}

#[cfg(feature = "jiff")]
impl From<jiff::civil::Date> for Date {
    fn from(date: jiff::civil::Date) -> Self {
        date.to_string().into()
    }
}

#[cfg(feature = "jiff")]
impl From<jiff::Timestamp> for DateTime {
    fn from(time: jiff::Timestamp) -> Self {
        time.to_string().into()
    }
}

#[cfg(feature = "time")]
impl Date {
    /// The date as `time` has it.
    ///
    /// # Errors
    /// When the text is no date of the form `2026-01-31`.
    pub fn to_time(&self) -> Result<time::Date, time::error::Parse> {
        time::Date::parse(self.as_str(), &time::format_description::well_known::Iso8601::DATE)
    }
}

#[cfg(feature = "time")]
impl DateTime {
    /// The time as `time` has it.
    ///
    /// # Errors
    /// When the text is no RFC 3339 time; one without an offset is not: see [`DateTime::to_time_local`].
    pub fn to_time(&self) -> Result<time::OffsetDateTime, time::error::Parse> {
        time::OffsetDateTime::parse(self.as_str(), &time::format_description::well_known::Rfc3339)
    }

    /// The time without its offset, for texts like `2024-03-06T11:25:40` that have none.
    ///
    /// # Errors
    /// When the text is no date and time.
    pub fn to_time_local(&self) -> Result<time::PrimitiveDateTime, time::error::Parse> {
        time::PrimitiveDateTime::parse(self.as_str(), &time::format_description::well_known::Iso8601::PARSING)
    }
}

#[cfg(feature = "time")]
impl From<time::Date> for Date {
    fn from(date: time::Date) -> Self {
        date.to_string().into()
    }
}

#[cfg(feature = "uuid")]
impl Uuid {
    /// The identifier as `uuid` has it; one without hyphens is read too.
    ///
    /// # Errors
    /// When the text is no UUID.
    pub fn to_uuid(&self) -> Result<uuid::Uuid, uuid::Error> {
        self.as_str().parse()
    }
}

#[cfg(feature = "uuid")]
impl From<uuid::Uuid> for Uuid {
    fn from(id: uuid::Uuid) -> Self {
        id.to_string().into()
    }
}

/// Amounts as decimal numbers, from the texts and the numbers that documents have them as.
#[cfg(feature = "decimal")]
pub trait ToDecimal {
    /// The amount as a decimal number. Of an `f64` it is the one that was written, as long as that had at most 15 digits.
    ///
    /// # Errors
    /// When it is no number, or one that 96 bits do not hold.
    fn to_decimal(&self) -> Result<rust_decimal::Decimal, rust_decimal::Error>;
}

#[cfg(feature = "decimal")]
impl ToDecimal for str {
    fn to_decimal(&self) -> Result<rust_decimal::Decimal, rust_decimal::Error> {
        if self.contains(['e', 'E']) { rust_decimal::Decimal::from_scientific(self) } else { self.parse() }
    }
}

#[cfg(feature = "decimal")]
impl ToDecimal for f64 {
    fn to_decimal(&self) -> Result<rust_decimal::Decimal, rust_decimal::Error> {
        let mut text = String::new();
        crate::runtime::json::number::write_f64(&mut text, *self);
        text.to_decimal()
    }
}

/// Exact, or an error.
#[cfg(feature = "decimal")]
impl ToDecimal for Number {
    fn to_decimal(&self) -> Result<rust_decimal::Decimal, rust_decimal::Error> {
        match self.scaled() {
            Some((mantissa, scale)) => rust_decimal::Decimal::try_from_i128_with_scale(mantissa, scale),
            None => Err(rust_decimal::Error::ExceedsMaximumPossibleValue),
        }
    }
}

/// With the digits behind the point that it has, zeros too.
#[cfg(feature = "decimal")]
impl From<rust_decimal::Decimal> for Number {
    fn from(amount: rust_decimal::Decimal) -> Self {
        Self::of(&amount.to_string())
    }
}
