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
