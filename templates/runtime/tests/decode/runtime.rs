//! The decoding half of the runtime, compiled as an SDK compiles it: as `crate::runtime`, so that its macros are at hand.
#![allow(dead_code, unreachable_pub, unused_imports)]

#[path = "../../src/bridge.rs"]
pub(crate) mod bridge;
#[path = "../../src/context.rs"]
mod context;
#[path = "../../src/decode.rs"]
mod decode;
#[path = "../../src/encode.rs"]
mod encode;
#[path = "../../src/equal.rs"]
mod equal;
#[path = "../../src/extra.rs"]
mod extra;
#[path = "../../src/list.rs"]
mod list;
#[path = "../../src/map.rs"]
mod map;
#[path = "../../src/model.rs"]
mod model;
#[path = "../../src/number.rs"]
mod number;
#[path = "../../src/open_enum.rs"]
mod open_enum;
#[path = "../../src/patch.rs"]
mod patch;
#[path = "../../src/query_stub.rs"]
mod query;
#[path = "../../src/records.rs"]
mod records;
#[path = "../../src/scalar.rs"]
mod scalar;
#[path = "../../src/scan.rs"]
mod scan;
#[path = "../../src/tape.rs"]
mod tape;
#[path = "../../src/testing.rs"]
mod testing;
#[path = "../../src/union.rs"]
mod union;
#[path = "../../src/value.rs"]
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
pub use testing::{ReadBack, read_back};
pub use union::{ANY, ARRAY, BOOL, Branch, Choices, INTEGER, NULL, NUMBER, OBJECT, STRING, Trial, Union, decode_union};
pub use value::Raw;
pub(crate) use {
    bridge::{bridge, serde_by_json},
    open_enum::open_enum,
    union::union,
};
