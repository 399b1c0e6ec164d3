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

/// Fails where the year has more than four digits, or the offset seconds.
#[cfg(feature = "time")]
impl TryFrom<time::OffsetDateTime> for DateTime {
    type Error = time::error::Format;

    fn try_from(time: time::OffsetDateTime) -> Result<Self, time::error::Format> {
        Ok(time.format(&time::format_description::well_known::Rfc3339)?.into())
    }
}

#[cfg(feature = "uuid")]
impl From<uuid::Uuid> for Uuid {
    fn from(id: uuid::Uuid) -> Self {
        id.to_string().into()
    }
}

#[cfg(feature = "decimal")]
impl Number {
    /// The number as `rust_decimal` has it, exactly.
    ///
    /// # Errors
    /// When it is one that 96 bits, or 28 digits behind the point, do not hold.
    pub fn to_decimal(&self) -> Result<rust_decimal::Decimal, rust_decimal::Error> {
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

/// `TryFrom` by what a method does, from a value and from a reference.
#[allow(unused_macros)] // Without any of the features nothing is converted.
macro_rules! try_from {
    ($($feature:literal: $from:ty => $to:ty, $error:ty, $method:ident;)*) => { $(
        #[cfg(feature = $feature)]
        impl TryFrom<&$from> for $to {
            type Error = $error;

            fn try_from(value: &$from) -> Result<Self, $error> {
                value.$method()
            }
        }

        #[cfg(feature = $feature)]
        impl TryFrom<$from> for $to {
            type Error = $error;

            fn try_from(value: $from) -> Result<Self, $error> {
                value.$method()
            }
        }
    )* };
}

try_from! {
    "chrono": Date => chrono::NaiveDate, chrono::ParseError, to_chrono;
    "chrono": DateTime => chrono::DateTime<chrono::FixedOffset>, chrono::ParseError, to_chrono;
    "jiff": Date => jiff::civil::Date, jiff::Error, to_jiff;
    "jiff": DateTime => jiff::Timestamp, jiff::Error, to_jiff;
    "time": Date => time::Date, time::error::Parse, to_time;
    "time": DateTime => time::OffsetDateTime, time::error::Parse, to_time;
    "uuid": Uuid => uuid::Uuid, uuid::Error, to_uuid;
    "decimal": Number => rust_decimal::Decimal, rust_decimal::Error, to_decimal;
}
