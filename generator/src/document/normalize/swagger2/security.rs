//! Security definitions of Swagger 2.0 → security schemes.

use crate::base::diagnostic::Diagnostic;
use crate::document::{Kind, Node, Object};

use crate::base::codes::normalize as codes;
use crate::document::normalize::object;
use crate::document::normalize::tally::Tally;
use crate::document::walk::At;

/// All of them.
pub(super) fn schemes(tally: &mut Tally, node: &mut Node, at: &At<'_>) {
    let Some(list) = node.as_object_mut() else { return };
    for e in list.iter_mut() {
        let at = at.key(&e.key);
        scheme(tally, &mut e.value, &at);
    }
}

fn scheme(tally: &mut Tally, node: &mut Node, at: &At<'_>) {
    let span = node.span;
    let Some(o) = node.as_object_mut() else { return };
    match o.get("type").and_then(Node::as_str) {
        Some("basic") => {
            if let Some(t) = o.get_mut("type") {
                t.kind = Kind::String("http".to_owned());
                let span = t.span;
                o.insert("scheme", Node::string(span, "basic"));
            }
        }
        Some("oauth2") => {
            let flow = object::take_entry(o, "flow");
            let name = match flow.as_ref().and_then(|e| e.value.as_str()) {
                Some("application") => "clientCredentials",
                Some("accessCode") => "authorizationCode",
                Some("password") => "password",
                Some("implicit") => "implicit",
                other => {
                    let message = match other {
                        Some(other) => format!("`{other}` is not an oauth2 flow"),
                        None => "an oauth2 scheme does not say its flow".to_owned(),
                    };
                    tally.push(Diagnostic::warning(codes::SHAPE, message), span, at);
                    return;
                }
            };
            let place = flow.map_or(span, |e| e.value.span);
            let mut inner = Object::new();
            for key in ["authorizationUrl", "tokenUrl", "refreshUrl", "scopes"] {
                if let Some(e) = object::take_entry(o, key) {
                    inner.push(e);
                }
            }
            if inner.get("scopes").is_none() {
                inner.insert("scopes", object::empty(place));
            }
            let flows = object::single(place, name, Node::new(place, Kind::Object(inner)));
            o.insert("flows", flows);
        }
        _ => {}
    }
}
