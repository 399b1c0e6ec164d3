//! Scalars by what Rust must hold, and what can be asked of them. A new one does not compile until it has answered.

use std::ops::RangeInclusive;

use serde_json::Value;

macro_rules! scalars {
    ($($(#[$about:meta])* $name:ident,)*) => {
        /// Scalars by what Rust must hold, not by every format's name.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Scalar {
            $($(#[$about])* $name,)*
        }

        impl Scalar {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name,)*];
        }
    };
}

scalars! {
    /// Text.
    String,
    /// `format: password`.
    Secret,
    /// `format: uuid`.
    Uuid,
    /// `format: date`.
    Date,
    /// `format: date-time`.
    DateTime,
    /// Bytes in base64 (`format: byte`, `contentEncoding: base64`).
    Base64,
    /// Raw bytes (`format: binary` outside JSON).
    Binary,
    /// `true` or `false`.
    Bool,
    /// 32 bits.
    I32,
    /// 64 bits.
    I64,
    /// 32 bits, not negative (`format: uint32`).
    U32,
    /// 64 bits, not negative (`format: uint64`).
    U64,
    /// Any number, as near as a float comes.
    F64,
    /// Any number, exactly.
    Number,
}

/// What a scalar is in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum JsonKind {
    /// A string.
    String,
    /// A number.
    Number,
    /// `true` or `false`.
    Bool,
}

impl Scalar {
    /// What its values are in JSON.
    pub fn json_kind(self) -> JsonKind {
        match self {
            Self::String | Self::Secret | Self::Uuid | Self::Date | Self::DateTime => JsonKind::String,
            Self::Base64 | Self::Binary => JsonKind::String,
            Self::Bool => JsonKind::Bool,
            Self::I32 | Self::I64 | Self::U32 | Self::U64 | Self::F64 | Self::Number => JsonKind::Number,
        }
    }

    /// The word for it in `[types] replace`; `None` for one that nobody can ask for there.
    pub fn word(self) -> Option<&'static str> {
        match self {
            Self::String => Some("string"),
            Self::Secret => Some("secret"),
            Self::Uuid => Some("uuid"),
            Self::Date => Some("date"),
            Self::DateTime => Some("date-time"),
            Self::Bool => Some("bool"),
            Self::I64 => Some("i64"),
            Self::F64 => Some("f64"),
            Self::Number => Some("number"),
            Self::Base64 | Self::Binary | Self::I32 | Self::U32 | Self::U64 => None,
        }
    }

    /// Its `format` in a schema; empty for one without.
    pub fn format(self) -> &'static str {
        match self {
            Self::Secret => "password",
            Self::Uuid => "uuid",
            Self::Date => "date",
            Self::DateTime => "date-time",
            Self::Base64 => "byte",
            Self::Binary => "binary",
            Self::I32 => "int32",
            Self::I64 => "int64",
            Self::U32 => "uint32",
            Self::U64 => "uint64",
            Self::F64 | Self::Number | Self::String | Self::Bool => "",
        }
    }

    /// The numbers it holds, if those are whole ones.
    pub fn range(self) -> Option<RangeInclusive<i128>> {
        match self {
            Self::I32 => Some(i32::MIN.into()..=i32::MAX.into()),
            Self::I64 => Some(i64::MIN.into()..=i64::MAX.into()),
            Self::U32 => Some(u32::MIN.into()..=u32::MAX.into()),
            Self::U64 => Some(u64::MIN.into()..=u64::MAX.into()),
            Self::F64 | Self::Number | Self::Bool => None,
            Self::String | Self::Secret | Self::Uuid | Self::Date | Self::DateTime => None,
            Self::Base64 | Self::Binary => None,
        }
    }

    /// Whether any text is a value of it.
    pub fn is_plain_text(self) -> bool {
        match self {
            Self::String | Self::Secret | Self::Binary => true,
            Self::Uuid | Self::Date | Self::DateTime | Self::Base64 | Self::Bool => false,
            Self::I32 | Self::I64 | Self::U32 | Self::U64 | Self::F64 | Self::Number => false,
        }
    }

    /// Whether a multipart body has it as a file.
    pub fn is_upload(self) -> bool {
        match self {
            Self::Binary => true,
            Self::String | Self::Secret | Self::Uuid | Self::Date | Self::DateTime | Self::Base64 => false,
            Self::Bool | Self::I32 | Self::I64 | Self::U32 | Self::U64 | Self::F64 | Self::Number => false,
        }
    }

    /// Whether callers give it as something that converts into it, and not as it is.
    pub fn is_converted(self) -> bool {
        match self {
            Self::String | Self::Secret | Self::Uuid | Self::Date | Self::DateTime => true,
            Self::Base64 | Self::Binary | Self::Number => true,
            Self::Bool | Self::I32 | Self::I64 | Self::U32 | Self::U64 | Self::F64 => false,
        }
    }

    /// Whether its type in Rust has a value that costs nothing: the runtime's `Blank`.
    pub fn has_blank(self) -> bool {
        match self {
            Self::String | Self::Binary | Self::Bool => true,
            Self::I32 | Self::I64 | Self::U32 | Self::U64 | Self::F64 | Self::Number => true,
            Self::Secret | Self::Uuid | Self::Date | Self::DateTime | Self::Base64 => false,
        }
    }

    /// Whether its values are texts, of whatever form.
    pub fn is_text(self) -> bool {
        self.json_kind() == JsonKind::String
    }

    /// Whether its values are numbers.
    pub fn is_number(self) -> bool {
        self.json_kind() == JsonKind::Number
    }

    /// Whether its values are whole numbers.
    pub fn is_integer(self) -> bool {
        self.range().is_some()
    }

    /// Whether every whole number that `other` holds is one of its own.
    pub fn includes(self, other: Self) -> bool {
        self.range()
            .zip(other.range())
            .is_some_and(|(own, other)| own.start() <= other.start() && other.end() <= own.end())
    }

    /// Whether a JSON value is of its kind, and in its range.
    pub fn fits(self, value: &Value) -> bool {
        match self.json_kind() {
            JsonKind::String => value.is_string(),
            JsonKind::Bool => value.is_boolean(),
            JsonKind::Number => {
                let whole = value.as_i64().map(i128::from).or(value.as_u64().map(i128::from));
                value.is_number() && self.range().is_none_or(|range| whole.is_some_and(|n| range.contains(&n)))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Scalar;

    #[test]
    fn numbers_that_include_others() {
        let wider = |s: &Scalar| {
            let others = Scalar::ALL.iter().filter(|o| *o != s && s.includes(**o));
            others.map(|o| format!("{s:?} {o:?}")).collect::<Vec<_>>()
        };
        assert_eq!(Scalar::ALL.iter().flat_map(wider).collect::<Vec<_>>(), ["I64 I32", "I64 U32", "U64 U32"]);
    }

    #[test]
    fn values_that_fit() {
        for (scalar, value, fits) in [
            (Scalar::Uuid, json!("not looked at"), true),
            (Scalar::String, json!(1), false),
            (Scalar::Bool, json!("true"), false),
            (Scalar::I32, json!(-1), true),
            (Scalar::I32, json!(i64::from(i32::MAX) + 1), false),
            (Scalar::U32, json!(-1), false),
            (Scalar::U64, json!(u64::MAX), true),
            (Scalar::I64, json!(1.5), false),
            (Scalar::F64, json!(1), true),
            (Scalar::Number, json!(null), false),
        ] {
            assert_eq!(scalar.fits(&value), fits, "{scalar:?} {value}");
        }
    }
}
