//! What every generated client shares: reading and writing JSON, and calling an API. It knows no API.
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

mod call;
mod decode;
mod encode;
mod error;
mod http;
mod interop;
mod json;
mod settings;
#[cfg(feature = "testing")]
mod testing;
mod text;

pub use bytes::Bytes;
pub use call::accepted::{Accepted, Outcome};
pub use call::events::{Event, EventIter, Events};
pub use call::mfa::{Challenge, Mfa, MfaToken};
#[cfg(feature = "blocking")]
pub use call::page::{BlockingItems, BlockingPages, BlockingValidItems};
pub use call::page::{Continuation, InvalidItem, Items, Paged, Pages, ValidItems};
pub use call::retry::{Jitter, RetryEvent, RetryReason, RetryRules};
pub use decode::exact::{Number, NumberError};
pub use decode::extra::Extra;
pub use decode::map::Map;
pub use decode::patch::Patch;
pub use decode::records::{InvalidRecord, Records};
pub use decode::scalar::{Base64, Date, DateTime, FormatError, Secret, Uuid};
pub use decode::tuple::Tuple;
pub use decode::value::{Json, Raw};
pub use decode::{Counts, Decode, DecodeError, Deviation, DeviationKind, Findings, Mode, from_json};
pub use encode::{Encode, to_json};
pub use error::items::ErrorItem;
pub use error::{Error, ErrorKind, Fault};
pub use http::auth::Credentials;
pub use http::client::{ClientBuilder, HttpClient};
pub use http::multipart::{Part, Upload};
pub use http::operation::{Auth, KeyPlace, Method, Operation, Retry, Scheme, Servers};
pub use http::parts::Parts;
pub use http::query::Style;
pub use http::request::Request;
pub use http::response::{Received, Response, Sending, decode};
pub use http::server::Server;
pub use http::status::Status;
pub use http::token::TokenSource;
#[cfg(feature = "blocking")]
pub use http::transport::blocking::Ureq;
#[cfg(feature = "reqwest")]
pub use http::transport::reqwest::Reqwest;
pub use http::transport::{BlockingTransport, BoxError, BoxFuture, Clock, Failure, FailureKind, Limits, Transport};
pub use serde_json::Value;
pub use settings::{EnvironmentNames, Settings};
#[cfg(feature = "testing")]
pub use testing::matcher::Matcher;
#[cfg(feature = "testing")]
pub use testing::record::{Answer, Recorder, VirtualClock};
#[cfg(feature = "testing")]
pub use testing::samples::SampleRequest;
#[cfg(feature = "testing")]
pub use testing::{ReadBack, filled, now, sample};

/// What only generated code uses. It may change with every version: [`REVISION`](__private::REVISION) tells whether generated code and
/// runtime belong together.
#[doc(hidden)]
pub mod __private {
    pub use super::Decode;
    pub use super::call::accepted::{decode_accepted, decode_outcome};
    pub use super::call::events::decode_events;
    pub use super::call::machine::{Call, Policy, Step};
    pub use super::call::page::in_order;
    pub use super::call::retry::{Ending, decide};
    pub use super::decode::Empty;
    pub use super::decode::context::Context;
    pub use super::decode::list::list;
    pub use super::decode::model::{Blank, MAY_BE_NULL, Member, NULLABLE, ObjectReader, REQUIRED, SECRET, Shape, Slot};
    pub use super::decode::open_enum::{
        Values, clone_enum, debug_enum, enum_from, enum_index, enum_text, hash_enum, same_enum,
    };
    pub use super::decode::union::{
        ANY, ARRAY, BOOL, Branch, Choices, INTEGER, NULL, NUMBER, OBJECT, STRING, Trial, Union, decode_union,
    };
    pub use super::encode::visit::{Field, Visit, debug_model, same_model};
    pub use super::encode::{JsonText, Writer};
    pub use super::http::fields::{
        HeaderForm, header_lines, header_str, header_value, parse_form, parse_json, parse_text,
    };
    pub use super::http::multipart::Part;
    pub use super::http::query::{CookieStyle, Joined, PathStyle, encode as percent_encode};
    pub use super::http::response::{Read, decode_bytes, decode_nothing, decode_text, other_status};
    pub use super::http::server::{Position, server_of};
    pub use super::http::transport::{BoxError, Shared, SystemClock};
    #[cfg(feature = "serde")]
    pub use super::interop::bridge::{deserialize, serialize};
    pub use super::json::tape::{Kind, Node};
    pub use super::settings::{ErrorNames, MfaNames};
    #[cfg(feature = "testing")]
    pub use super::testing::examples::{Examples, Reader, Shown, examples, shown};
    #[cfg(feature = "testing")]
    pub use super::testing::{declared_status, is_json, read_back, read_back_in, undeclared};
    pub use http::HeaderMap;
    pub use serde;

    /// Changes with whatever generated code relies on: it is the hash of that, which `tests/tests/runtime.rs` knows.
    pub const REVISION: u32 = 3658557191;
}

// Not every SDK has something of every sort.
#[allow(unused_imports)]
pub(crate) use {
    decode::open_enum::open_enum, decode::union::union, encode::visit::json_object, encode::visit::model,
    encode::visit::serde_by_json,
};
