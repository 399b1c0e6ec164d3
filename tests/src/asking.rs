//! What an API that follows a document makes of a request: takes it, ignores a part of it, refuses it.
//!
//! Judged from the document's JSON alone, without any code of the compiler or the runtime: it is the other side of a
//! client that was made from an older document.

use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// A request as it goes over the wire.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The `operationId` of the client's document.
    pub operation: String,
    /// `GET`.
    pub method: String,
    /// Path and query.
    pub target: String,
    /// Names in lower case.
    pub headers: BTreeMap<String, String>,
    /// The body's bytes, as text.
    pub body: String,
    /// The body's bytes, each as the character of its number, so that none is lost in JSON.
    pub latin1: String,
    /// Whether everything was set, or only what is required.
    pub full: bool,
}

/// What becomes of a request.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Answer {
    /// All of it is as the document wants it.
    Taken,
    /// It is well, but for something that the document does not know: servers ignore that, or refuse it.
    Unknown(String),
    /// The document does not allow it.
    Refused(String),
}

/// What an API that follows `document` makes of a request.
pub fn answer(document: &Value, asked: &Asked) -> Answer {
    let mut server = Server { document, unknown: Vec::new(), refused: Vec::new() };
    server.look(asked);
    match (server.refused.first(), server.unknown.first()) {
        (Some(why), _) => Answer::Refused(why.clone()),
        (None, Some(what)) => Answer::Unknown(what.clone()),
        (None, None) => Answer::Taken,
    }
}

struct Server<'a> {
    document: &'a Value,
    unknown: Vec<String>,
    refused: Vec<String>,
}

impl<'a> Server<'a> {
    fn follow(&self, mut node: &'a Value) -> &'a Value {
        while let Some(reference) = node.get("$ref").and_then(Value::as_str) {
            node = self.document.pointer(reference.trim_start_matches('#')).unwrap_or(&Value::Null);
        }
        node
    }

    /// The path item and operation for a path, and what stands in the path's braces.
    fn route(&self, method: &str, path: &str) -> Option<(&'a Value, &'a Value, BTreeMap<&'a str, String>)> {
        let method = method.to_lowercase();
        self.document["paths"].as_object()?.iter().find_map(|(template, item)| {
            let operation = item.get(&method)?;
            let (wanted, given): (Vec<&str>, Vec<&str>) = (template.split('/').collect(), path.split('/').collect());
            let mut held = BTreeMap::new();
            let fits = wanted.len() == given.len()
                && wanted.iter().zip(&given).all(|(w, g)| {
                    match w.strip_prefix('{').and_then(|w| w.strip_suffix('}')) {
                        Some(name) => held.insert(name, decoded(g)).is_none() && !g.is_empty(),
                        None => w == g,
                    }
                });
            fits.then_some((item, operation, held))
        })
    }

    fn look(&mut self, asked: &Asked) {
        let (path, query) = asked.target.split_once('?').unwrap_or((&asked.target, ""));
        let Some((item, operation, held)) = self.route(&asked.method, path) else {
            return self.refused.push(format!("there is no {} {path}", asked.method));
        };
        let mut query: Vec<(String, String)> = pairs(query);
        let list = |node: &'a Value| node["parameters"].as_array().into_iter().flatten();
        let own: Vec<&Value> = list(operation).map(|p| self.follow(p)).collect();
        let above = list(item).map(|p| self.follow(p));
        let inherited: Vec<&Value> =
            above.filter(|p| !own.iter().any(|q| (&q["name"], &q["in"]) == (&p["name"], &p["in"]))).collect();
        for parameter in own.into_iter().chain(inherited) {
            let name = parameter["name"].as_str().unwrap_or_default();
            let found = match parameter["in"].as_str().unwrap_or_default() {
                "path" => held.get(name).map(|v| vec![v.clone()]),
                "header" => asked.headers.get(&name.to_lowercase()).map(|v| vec![v.clone()]),
                "query" => taken(&mut query, name, parameter),
                other => panic!("a parameter in {other}"),
            };
            match found {
                Some(values) => self.parameter(name, parameter, values),
                None if parameter["required"] == true => self.refused.push(format!("{name} is not sent")),
                None => {}
            }
        }
        self.unknown.extend(query.into_iter().map(|(name, _)| format!("{name} in the query")));
        let declared = |name: &str| {
            let all = list(operation).chain(list(item)).map(|p| self.follow(p));
            all.filter(|p| p["in"] == "header").any(|p| p["name"].as_str().unwrap_or_default().to_lowercase() == name)
        };
        let plain = ["accept", "accept-encoding", "authorization", "content-type", "content-length", "user-agent"];
        let other: Vec<String> = asked
            .headers
            .keys()
            .filter(|name| !plain.contains(&name.as_str()) && !declared(name))
            .map(|name| format!("header {name}"))
            .collect();
        self.unknown.extend(other);
        self.body(operation, asked);
    }

    /// The values of one parameter, each a text.
    fn parameter(&mut self, name: &str, parameter: &'a Value, values: Vec<String>) {
        if let Some(schema) = parameter.pointer("/content/application~1json/schema") {
            match serde_json::from_str(&values.join(",")) {
                Ok(value) => self.value(schema, &value, name, false),
                Err(_) => self.refused.push(format!("{name} is no JSON")),
            }
            return;
        }
        let schema = self.follow(&parameter["schema"]);
        if schema["type"] == "array" {
            let exploded = parameter["explode"] != false && parameter["in"] == "query";
            let by = match parameter["style"].as_str() {
                Some("pipeDelimited") => '|',
                Some("spaceDelimited") => ' ',
                _ => ',',
            };
            for value in values {
                let items: Vec<&str> = if exploded { vec![&value] } else { value.split(by).collect() };
                for item in items {
                    self.text(&schema["items"], item, name);
                }
            }
        } else if schema["type"] == "object" {
            // Its members went through `taken`.
        } else if let [value] = values.as_slice() {
            self.text(schema, value, name);
        } else {
            self.refused.push(format!("{name} is sent {} times", values.len()));
        }
    }

    /// A text of a query, path or header as a value.
    fn text(&mut self, schema: &'a Value, text: &str, name: &str) {
        let schema = self.follow(schema);
        let value = match schema["type"].as_str() {
            Some("integer" | "number" | "boolean") => serde_json::from_str(text).unwrap_or_else(|_| json!(text)),
            _ => json!(text),
        };
        self.value(schema, &value, name, false);
    }

    fn body(&mut self, operation: &'a Value, asked: &Asked) {
        let body = operation.get("requestBody").map(|b| self.follow(b));
        let (Some(body), false) = (body, asked.body.is_empty()) else {
            return match (body, asked.body.is_empty()) {
                (Some(body), true) if body["required"] == true => self.refused.push("no body is sent".to_owned()),
                (None, false) => self.unknown.push("a body".to_owned()),
                _ => {}
            };
        };
        let sent = asked.headers.get("content-type").map(String::as_str).unwrap_or_default();
        let essence = sent.split(';').next().unwrap_or_default().trim();
        let fits = |declared: &str| match declared.split_once('*') {
            Some((before, after)) => essence.starts_with(before) && (after.is_empty() || after == "/*"),
            None => declared == essence,
        };
        let declared = body["content"].as_object().into_iter().flatten();
        let Some((_, media)) = declared.into_iter().find(|(declared, _)| fits(declared)) else {
            return self.refused.push(format!("the media type {essence} is not declared"));
        };
        let schema = media.get("schema").unwrap_or(&Value::Null);
        if essence.ends_with("json") {
            match serde_json::from_str(&asked.body) {
                Ok(value) => self.value(schema, &value, "body", true),
                Err(e) => self.refused.push(format!("the body is no JSON: {e}")),
            }
        } else if essence == "application/x-www-form-urlencoded" {
            let map: Map<String, Value> = pairs(&asked.body).into_iter().map(|(k, v)| (k, json!(v))).collect();
            self.named(schema, &map);
        } else if essence == "multipart/form-data" {
            let names = asked.body.split("; name=\"").skip(1).filter_map(|rest| Some(rest.split_once('"')?.0));
            let map: Map<String, Value> = names.map(|name| (name.to_owned(), Value::Null)).collect();
            self.named(schema, &map);
        }
    }

    /// Members of a form: only their names count.
    fn named(&mut self, schema: &'a Value, map: &Map<String, Value>) {
        let schema = self.follow(schema);
        for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            if !map.contains_key(name) {
                self.refused.push(format!("{name} is not sent"));
            }
        }
        self.unknown.extend(map.keys().filter(|k| schema["properties"].get(k).is_none()).cloned());
    }

    /// What is wrong with a value that is sent. `body`: members that the schema does not name are told.
    fn value(&mut self, schema: &'a Value, value: &Value, at: &str, body: bool) {
        let beside = schema.get("nullable") == Some(&Value::Bool(true));
        let schema = self.follow(schema);
        let open = schema.as_object().is_none_or(Map::is_empty);
        if value.is_null() {
            let part = |key: &str| schema[key].as_array().into_iter().flatten().any(|p| self.nullable(p));
            if !(open || beside || self.nullable(schema) || part("oneOf") || part("anyOf")) {
                self.refused.push(format!("{at} is null"));
            }
            return;
        }
        if let Some(kind) = schema["type"].as_str()
            && !is(kind, value)
        {
            return self.refused.push(format!("{at} is no {kind}: {value}"));
        }
        if let Some(values) = schema["enum"].as_array()
            && !values.contains(value)
        {
            self.refused.push(format!("{at} is none of the values: {value}"));
        }
        if let Some(problem) = schema["format"].as_str().and_then(|format| misfit(format, value)) {
            self.refused.push(format!("{at} is no {problem}: {value}"));
        }
        for key in ["oneOf", "anyOf"] {
            let Some(branches) = schema[key].as_array() else { continue };
            let tried: Vec<(Vec<String>, Vec<String>)> = branches.iter().map(|b| self.tried(b, value, at)).collect();
            match tried.into_iter().find(|(_, refused)| refused.is_empty()) {
                Some((unknown, _)) => self.unknown.extend(unknown),
                None => self.refused.push(format!("{at} is none of the choices: {value}")),
            }
            if let Some(property) = schema["discriminator"]["propertyName"].as_str()
                && value.get(property).is_none()
            {
                self.refused.push(format!("{at} does not say its {property}"));
            }
        }
        let parts = schema["allOf"].as_array();
        for part in parts.into_iter().flatten() {
            self.value(part, value, at, body && parts.is_none_or(|p| p.len() == 1));
        }
        if let (Some(items), Some(list)) = (schema.get("items"), value.as_array()) {
            for item in list {
                self.value(items, item, at, body);
            }
        }
        let Some(members) = value.as_object() else { return };
        for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            let of = self.follow(&schema["properties"][name]);
            if !members.contains_key(name) && of["readOnly"] != true {
                self.refused.push(format!("{at}.{name} is not sent"));
            }
        }
        for (name, member) in members {
            let at = format!("{at}.{name}");
            match (schema["properties"].get(name), schema.get("additionalProperties")) {
                (Some(of), _) if self.follow(of)["readOnly"] == true => self.unknown.push(at),
                (Some(of), _) => self.value(of, member, &at, body),
                (None, Some(of)) if of.is_object() => self.value(of, member, &at, body),
                (None, Some(Value::Bool(true))) => {}
                (None, _) if body && schema["type"] == "object" => self.unknown.push(at),
                _ => {}
            }
        }
    }

    fn nullable(&self, schema: &'a Value) -> bool {
        let direct = schema.get("nullable") == Some(&Value::Bool(true));
        let schema = self.follow(schema);
        let whole = || schema["allOf"].as_array().into_iter().flatten().any(|p| self.nullable(p));
        direct || schema.get("nullable") == Some(&Value::Bool(true)) || whole()
    }

    /// What a branch finds unknown, and why it refuses.
    fn tried(&self, schema: &'a Value, value: &Value, at: &str) -> (Vec<String>, Vec<String>) {
        let mut server = Server { document: self.document, unknown: Vec::new(), refused: Vec::new() };
        server.value(schema, value, at, true);
        (server.unknown, server.refused)
    }
}

/// Takes what belongs to a parameter out of a query: its own pairs, or those of its members.
fn taken(query: &mut Vec<(String, String)>, name: &str, parameter: &Value) -> Option<Vec<String>> {
    let members = parameter.pointer("/schema/properties").and_then(Value::as_object);
    let deep = parameter["style"] == "deepObject";
    let spread = members.filter(|_| deep || parameter["explode"] != false && parameter.get("content").is_none());
    let is_mine = |key: &str| match spread {
        Some(members) if deep => members.keys().any(|m| key == format!("{name}[{m}]")),
        Some(members) => members.contains_key(key),
        None => key == name,
    };
    let (mine, rest): (Vec<_>, Vec<_>) = std::mem::take(query).into_iter().partition(|(key, _)| is_mine(key));
    *query = rest;
    (!mine.is_empty()).then(|| mine.into_iter().map(|(_, value)| value).collect())
}

fn pairs(text: &str) -> Vec<(String, String)> {
    let pair = |pair: &str| {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decoded(key), decoded(value))
    };
    text.split('&').filter(|p| !p.is_empty()).map(pair).collect()
}

fn decoded(text: &str) -> String {
    let mut out = Vec::new();
    let bytes = text.as_bytes();
    let mut i = 0;
    while let Some(&byte) = bytes.get(i) {
        let hex = text.get(i + 1..i + 3).and_then(|h| u8::from_str_radix(h, 16).ok());
        match (byte, hex) {
            (b'%', Some(value)) => {
                out.push(value);
                i += 2;
            }
            (b'+', _) => out.push(b' '),
            _ => out.push(byte),
        }
        i += 1;
    }
    String::from_utf8(out).expect("UTF-8")
}

fn is(kind: &str, value: &Value) -> bool {
    match kind {
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "number" => value.is_number(),
        "integer" => value.as_f64().is_some_and(|n| n.fract() == 0.0),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => true,
    }
}

/// What a value is not, though its format says so.
fn misfit(format: &str, value: &Value) -> Option<&'static str> {
    let text = value.as_str();
    let digits = |t: &str, at: &[usize]| at.iter().all(|i| t.as_bytes().get(*i) == Some(&b'-'));
    match format {
        "date" => text.is_some_and(|t| t.len() != 10 || !digits(t, &[4, 7])).then_some("date"),
        "date-time" => text.is_some_and(|t| !t.contains('T')).then_some("date-time"),
        "uuid" => text.is_some_and(|t| t.len() != 36 || !digits(t, &[8, 13, 18, 23])).then_some("uuid"),
        "int32" => value.as_i64().is_some_and(|n| i32::try_from(n).is_err()).then_some("int32"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_api_takes_ignores_and_refuses() {
        let document = json!({"paths": {"/a/{id}/": {"put": {
            "parameters": [
                {"name": "id", "in": "path", "required": true, "schema": {"type": "integer"}},
                {"name": "f", "in": "query", "required": true, "schema": {"type": "array", "items": {"enum": ["x", "y"]}}},
            ],
            "requestBody": {"required": true, "content": {"application/json": {"schema": {
                "type": "object", "required": ["n"], "properties": {"n": {"type": "number", "nullable": true}}}}}},
        }}}});
        let ask = |target: &str, body: &str| {
            let headers = BTreeMap::from([("content-type".to_owned(), "application/json".to_owned())]);
            let asked = Asked {
                operation: "A".to_owned(),
                method: "PUT".to_owned(),
                target: target.to_owned(),
                headers,
                body: body.to_owned(),
                latin1: body.to_owned(),
                full: false,
            };
            answer(&document, &asked)
        };
        let refused = |why: &str| Answer::Refused(why.to_owned());
        assert_eq!(ask("/a/1/?f=x&f=y", r#"{"n":1.5}"#), Answer::Taken);
        assert_eq!(ask("/a/1/?f=x", r#"{"n":null}"#), Answer::Taken);
        assert_eq!(ask("/a/1/?f=x&g=1", r#"{"n":1}"#), Answer::Unknown("g in the query".to_owned()));
        assert_eq!(ask("/a/1/?f=x", r#"{"n":1,"m":2}"#), Answer::Unknown("body.m".to_owned()));
        assert_eq!(ask("/a/1/?f=z", r#"{"n":1}"#), refused("f is none of the values: \"z\""));
        assert_eq!(ask("/a/x/?f=x", r#"{"n":1}"#), refused("id is no integer: \"x\""));
        assert_eq!(ask("/a/1/", r#"{"n":1}"#), refused("f is not sent"));
        assert_eq!(ask("/a/1/?f=x", "{}"), refused("body.n is not sent"));
        assert_eq!(ask("/a/1/?f=x", ""), refused("no body is sent"));
        assert_eq!(ask("/b/1/?f=x", ""), refused("there is no PUT /b/1/"));
    }
}
