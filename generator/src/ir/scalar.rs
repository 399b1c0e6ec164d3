//! Scalars by what Rust must hold.

/// Scalars by what Rust must hold, not by every format's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scalar {
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

    /// Whether its values are texts, of whatever form.
    pub fn is_text(self) -> bool {
        self.json_kind() == JsonKind::String
    }

    /// Whether its values are numbers.
    pub fn is_number(self) -> bool {
        self.json_kind() == JsonKind::Number
    }

    /// Whether any text is a value of it.
    pub fn is_plain_text(self) -> bool {
        match self {
            Self::String | Self::Secret | Self::Binary => true,
            Self::Uuid | Self::Date | Self::DateTime | Self::Base64 | Self::Bool => false,
            Self::I32 | Self::I64 | Self::U32 | Self::U64 | Self::F64 | Self::Number => false,
        }
    }

    /// Whether its values are whole numbers.
    pub fn is_integer(self) -> bool {
        match self {
            Self::I32 | Self::I64 | Self::U32 | Self::U64 => true,
            Self::F64 | Self::Number | Self::Bool => false,
            Self::String | Self::Secret | Self::Uuid | Self::Date | Self::DateTime => false,
            Self::Base64 | Self::Binary => false,
        }
    }
}
