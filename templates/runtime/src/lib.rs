//! The runtime of every generated SDK: an ordinary crate here, copied as `src/runtime/` there.
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::todo,
        clippy::unimplemented,
        clippy::indexing_slicing
    )
)]

mod bridge;
mod context;
mod decode;
mod encode;
mod equal;
mod extra;
mod list;
mod map;
mod model;
mod number;
mod open_enum;
mod patch;
#[path = "query_stub.rs"]
mod query;
mod records;
mod scalar;
mod scan;
mod tape;
#[cfg(feature = "testing")]
mod testing;
mod union;
mod value;

pub use bridge::{deserialize, serialize};
pub use context::Context;
pub use decode::{Decode, DecodeError, Deviation, DeviationKind, Empty, Findings, Mode, OddPath, from_json};
pub use encode::{Encode, Writer, to_json};
pub use extra::Extra;
pub use map::Map;
pub use model::{Member, Model, NULLABLE, ObjectReader, ObjectWriter, REQUIRED, Shape, decode_model, encode_model};
pub use open_enum::{OpenEnum, decode_enum, encode_enum, enum_from};
pub use patch::Patch;
pub use query::{Param, ToQuery};
pub use records::{Odd, Records};
pub use scalar::{Date, DateTime, Secret, Uuid};
pub use serde_json::Value;
pub use tape::{Kind, Node};
#[cfg(feature = "testing")]
pub use testing::{ReadBack, read_back};
pub use union::{ANY, ARRAY, BOOL, Branch, Choices, INTEGER, NULL, NUMBER, OBJECT, STRING, Trial, Union, decode_union};
pub use value::Raw;

// The generated code of an SDK uses these; here the tests do, which compile the files as an SDK does.
#[allow(unused_imports)]
pub(crate) use {
    bridge::{bridge, serde_by_json},
    open_enum::open_enum,
    union::union,
};
