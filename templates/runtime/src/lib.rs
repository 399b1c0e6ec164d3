//! The runtime: what every generated crate shares. Reading and writing JSON, and calling the API.
//!
//! It is hand-written, an ordinary crate in the generator's repository and a module of every generated crate.
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

mod accepted;
mod auth;
#[cfg(feature = "blocking")]
mod blocking;
mod body;
#[cfg(feature = "serde")]
mod bridge;
mod builder;
mod call;
mod client;
mod context;
mod decode;
mod encode;
mod equal;
mod error;
mod error_items;
mod events;
mod exact;
#[cfg(feature = "testing")]
mod examples;
mod extra;
mod handle;
mod key;
mod list;
mod map;
mod mfa;
mod model;
mod multipart;
mod number;
mod open_enum;
mod operation;
mod order;
mod page;
mod patch;
mod query;
#[cfg(feature = "testing")]
mod record;
mod records;
mod request;
#[cfg(feature = "reqwest")]
mod reqwest_transport;
mod response;
mod retry;
#[cfg(feature = "testing")]
mod samples;
mod scalar;
mod scan;
mod server;
mod setters;
mod settings;
mod status;
mod tape;
#[cfg(feature = "testing")]
mod testing;
mod text;
mod trace;
mod transport;
mod typed;
mod union;
mod value;
mod visit;

pub use accepted::{Accepted, Outcome, decode_accepted, decode_outcome};
pub use auth::Credentials;
#[cfg(feature = "blocking")]
pub use blocking::Ureq;
#[cfg(feature = "serde")]
pub use bridge::{deserialize, serialize};
pub use builder::{Builder, Lists, Trims};
pub use bytes::Bytes;
pub use call::{Call, Policy, Step};
pub use client::{Client, ClientBuilder};
pub use context::Context;
pub use decode::{Counts, Decode, DecodeError, Deviation, DeviationKind, Empty, Findings, Mode, OddPath, from_json};
pub use encode::{Encode, JsonText, Writer, to_json};
pub use error::{Error, ErrorKind, Fault};
pub use error_items::ErrorItem;
pub use events::{Event, EventIter, Events, decode_events};
pub use exact::{Number, NumberError};
#[cfg(feature = "testing")]
pub use examples::{Examples, Reader, Shown, examples, shown};
pub use extra::Extra;
pub use handle::Handle;
pub use map::Map;
pub use mfa::{Challenge, Mfa, MfaNames, MfaToken};
pub use model::{Blank, MAY_BE_NULL, Member, NULLABLE, ObjectReader, REQUIRED, SECRET, Shape, Slot};
pub use multipart::{Part, Upload};
pub use open_enum::{Values, clone_enum, debug_enum, enum_from, enum_index, enum_text, hash_enum, same_enum};
pub use operation::{Auth, KeyPlace, Method, Operation, Retry, Scheme, Servers};
#[cfg(feature = "blocking")]
pub use page::{BlockingItems, BlockingPages, BlockingValidItems};
pub use page::{Continuation, Items, OddItem, Paged, Pages, ValidItems, in_order};
pub use patch::Patch;
pub use query::{PathStyle, Style};
#[cfg(feature = "testing")]
pub use record::{Answer, Recorder, VirtualClock};
pub use records::{Odd, Records};
pub use request::{Parts, Request};
#[cfg(feature = "reqwest")]
pub use reqwest_transport::Reqwest;
pub use response::{Read, Received, Response, Sending, decode, decode_bytes, decode_nothing, decode_text};
pub use retry::{Ending, RetryRules, decide};
#[cfg(feature = "testing")]
pub use samples::SampleRequest;
pub use scalar::{Date, DateTime, Secret, Uuid};
pub use serde_json::Value;
pub use server::Server;
pub use setters::list;
pub use settings::{EnvironmentNames, ErrorNames, SETTINGS, Settings};
pub use status::Status;
pub use tape::{Kind, Node};
#[cfg(feature = "testing")]
pub use testing::{ReadBack, declared_status, filled, is_json, now, read_back, read_back_in, sample, undeclared};
pub use transport::{
    BlockingTransport, BoxError, BoxFuture, Clock, Failure, FailureKind, Limits, Shared, SystemClock, Transport,
};
#[cfg(feature = "decimal")]
pub use typed::ToDecimal;
pub use union::{ANY, ARRAY, BOOL, Branch, Choices, INTEGER, NULL, NUMBER, OBJECT, STRING, Trial, Union, decode_union};
pub use value::{Json, Raw};
pub use visit::{Field, Visit, debug_model, same_model};

// The generated code of an SDK uses these; here the tests do, which compile the files as an SDK does.
#[allow(unused_imports)]
pub(crate) use {
    builder::{builder, put_member, put_query},
    handle::handle,
    open_enum::open_enum,
    query::encode as percent_encode,
    union::union,
    visit::{model, serde_by_json},
};
