//! Error answers as Belvo writes them: an array of items.

use crate::mock::Reply;
use serde_json::{Map, Value, json};

/// The request id every error carries, so that a test can look for it.
const REQUEST_ID: &str = "e5b1c07fd2a94863b0c7a4f19d3e2855";

/// An error answer with one item.
pub fn error(status: u16, code: &str) -> Reply {
    error_of(status, code, &[])
}

/// The same with more members in the item.
pub fn error_of(status: u16, code: &str, more: &[(&str, Value)]) -> Reply {
    let mut item = Map::new();
    item.insert("request_id".into(), json!(REQUEST_ID));
    item.insert("message".into(), json!(format!("Something about {code}.")));
    item.insert("code".into(), json!(code));
    item.extend(more.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
    Reply::json(status, &json!([item]))
}

/// An error answer with several items: code, message, field.
pub(super) fn items(status: u16, all: impl Iterator<Item = (&'static str, String, String)>) -> Reply {
    let items: Vec<Value> = all
        .map(|(code, message, field)| json!({ "request_id": REQUEST_ID, "message": message, "code": code, "field": field }))
        .collect();
    Reply::json(status, &Value::Array(items))
}
