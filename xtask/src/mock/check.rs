//! Whether a request is what the document says: its parameters, its media type, its body.

use super::Asked;
use super::act::Reply;
use super::document::{Document, Found};
use super::schemas::{Misfit, Side};
use super::spelled::{Pairs, Reader, decoded, pairs};
use generator::ir::{Body, Location, Parameter, Spelling, Style, Type, Written};
use serde_json::{Map, Value, json};

/// One thing that is wrong with a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Where: `path`, `query`, `header`, `cookie`, `body`, `security`.
    pub place: String,
    /// The parameter, with a pointer into its value; of a body only the pointer.
    pub pointer: String,
    /// The keyword of the schema that refuses it, or `required`.
    pub keyword: String,
    /// What is wrong; values are not shown.
    pub message: String,
    /// Where in the document that is said, as far as there is a place.
    pub document: String,
}

impl Finding {
    pub(super) fn new(place: &str, pointer: &str, message: String) -> Self {
        let keyword = "required".to_owned();
        Self { place: place.to_owned(), pointer: pointer.to_owned(), keyword, message, document: String::new() }
    }
}

/// What a request holds, and what is wrong with it.
#[derive(Debug, Clone, Default)]
pub(super) struct Checked {
    /// Everything that is wrong.
    pub(super) findings: Vec<Finding>,
    /// The status that says so.
    pub(super) status: u16,
    /// The parameters of the query, as values.
    pub(super) query: Vec<(String, Value)>,
    /// The body as a value, where it is one.
    pub(super) body: Option<Value>,
}

/// Looks at a request.
pub(super) fn check(document: &Document, found: &Found<'_>, asked: &Asked) -> Checked {
    let mut checked = Checked::default();
    for parameter in &found.operation().parameters {
        self::parameter(document, found, parameter, asked, &mut checked);
    }
    let unfit = body(document, found, asked, &mut checked);
    let declared = |status: u16| found.operation().responses.iter().any(|r| r.status == status.to_string());
    checked.status = match (unfit, [422, 400].into_iter().find(|status| declared(*status))) {
        (true, _) => 415,
        (false, Some(status)) => status,
        (false, None) => 422,
    };
    checked
}

fn word(location: Location) -> &'static str {
    match location {
        Location::Path => "path",
        Location::Query => "query",
        Location::Header => "header",
        Location::Cookie => "cookie",
    }
}

fn parameter(document: &Document, found: &Found<'_>, parameter: &Parameter, asked: &Asked, checked: &mut Checked) {
    let (name, place) = (parameter.wire.as_str(), word(parameter.location));
    let place_of = |wanted: &str| found.parameter(name, wanted);
    let Some((node, at)) = place_of(place).or_else(|| place_of("querystring")) else { return };
    let pointer = match node.get("content").and_then(Value::as_object).and_then(|all| all.keys().next()) {
        Some(media) => format!("{}/schema", super::document::join(&format!("{at}/content"), media)),
        None => format!("{at}/schema"),
    };
    let reader = Reader { api: &document.understood().api, schemas: document.schemas(), pointer: &pointer };
    let ty = &parameter.of.ty;
    let query = asked.target.split_once('?').map_or("", |(_, query)| query);
    let of_pairs = |pairs: &Pairs<'_>| reader.of_pairs(name, &parameter.spelling, ty, pairs);
    let value = match parameter.location {
        Location::Path => {
            let text = found.values.iter().find(|(held, _)| held == name).map(|(_, text)| text.as_str());
            text.filter(|text| !text.is_empty()).map(|text| reader.of_text(name, &parameter.spelling, ty, text, true))
        }
        Location::Query => {
            // Pairs that stand in the path itself are nobody's.
            let fixed = &found.operation().fixed_query;
            let own = pairs(query)
                .into_iter()
                .filter(|(k, v)| !fixed.iter().any(|(fk, fv)| decoded(k) == *fk && decoded(v) == *fv));
            of_pairs(&own.collect())
        }
        Location::Header => {
            let all: Vec<&str> = asked
                .headers
                .iter()
                .filter(|(held, _)| held.eq_ignore_ascii_case(name))
                .map(|(_, v)| v.as_str())
                .collect();
            (!all.is_empty()).then(|| reader.of_text(name, &parameter.spelling, ty, &all.join(","), false))
        }
        Location::Cookie => {
            let all = asked.header("cookie").unwrap_or_default();
            of_pairs(&all.split(';').filter_map(|one| one.trim().split_once('=')).collect())
        }
    };
    match value {
        None if parameter.required => {
            let mut finding = Finding::new(place, name, "is required and missing".to_owned());
            finding.document = at;
            checked.findings.push(finding);
        }
        None => {}
        Some(value) => {
            // A pair without a value may say no more than that.
            let empty = value.as_str() == Some("") && node.get("allowEmptyValue") == Some(&Value::Bool(true));
            // Settings may know of a list where the document has a text. Several texts are none.
            let once = parameter.location != Location::Query
                || pairs(query).iter().filter(|(key, _)| decoded(key) == name).count() == 1;
            let text = || Value::String(plain_text(parameter, query, asked));
            let known_better = once && value.is_array() && document.schemas().fits(Side::Request, &pointer, &text());
            if !empty && !known_better {
                let misfits = document.schemas().misfits(Side::Request, &pointer, &value);
                checked.findings.extend(misfits.into_iter().map(|m| of_misfit(place, name, m, &pointer)));
            }
            if parameter.location == Location::Query {
                checked.query.push((name.to_owned(), value));
            }
        }
    }
}

/// A parameter as one text.
fn plain_text(parameter: &Parameter, query: &str, asked: &Asked) -> String {
    match parameter.location {
        Location::Query => {
            let all = pairs(query);
            all.iter()
                .find(|(key, _)| decoded(key) == parameter.wire)
                .map(|(_, value)| decoded(value))
                .unwrap_or_default()
        }
        _ => asked.header(&parameter.wire.to_ascii_lowercase()).unwrap_or_default().to_owned(),
    }
}

fn of_misfit(place: &str, name: &str, misfit: Misfit, schema: &str) -> Finding {
    Finding {
        place: place.to_owned(),
        pointer: format!("{name}{}", misfit.pointer),
        keyword: misfit.keyword,
        message: misfit.message,
        document: schema.to_owned(),
    }
}

/// Looks at the body; says whether its media type is none that the operation takes.
fn body(document: &Document, found: &Found<'_>, asked: &Asked, checked: &mut Checked) -> bool {
    let Some(declared) = &found.operation().body else { return false };
    if asked.body.is_empty() {
        if declared.required {
            checked.findings.push(Finding::new("body", "", "is required and missing".to_owned()));
        }
        return false;
    }
    let sent = asked.header("content-type").unwrap_or_default();
    let essence = sent.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let all = found.request_media();
    let Some((_, media, at)) = nearest(&all, &essence) else {
        let known: Vec<&str> = all.iter().map(|(name, ..)| name.as_str()).collect();
        let message = format!("is of the media type `{}`, and may be {}", essence.escape_debug(), known.join(", "));
        checked
            .findings
            .push(Finding { keyword: "content".to_owned(), ..Finding::new("header", "content-type", message) });
        return true;
    };
    if media.get("schema").is_none() {
        return false;
    }
    let pointer = format!("{at}/schema");
    let value = if essence == "application/json" || essence == "text/json" || essence.ends_with("+json") {
        match serde_json::from_slice(&asked.body) {
            Ok(value) => value,
            Err(error) => {
                let message = format!("is no JSON: line {}, column {}", error.line(), error.column());
                checked.findings.push(Finding { keyword: "syntax".to_owned(), ..Finding::new("body", "", message) });
                return false;
            }
        }
    } else if essence == "application/x-www-form-urlencoded" {
        form(document, declared, asked, &pointer)
    } else if essence.starts_with("multipart/") {
        multipart(document, declared, asked, sent, &pointer)
    } else {
        return false;
    };
    let misfits = document.schemas().misfits(Side::Request, &pointer, &value);
    checked.findings.extend(misfits.into_iter().map(|m| of_misfit("body", "", m, &pointer)));
    checked.body = Some(value);
    false
}

/// The media type that a body is of: by its name, else by the narrowest range.
fn nearest<'a>(all: &'a [(String, &'a Value, String)], essence: &str) -> Option<&'a (String, &'a Value, String)> {
    let bare = |name: &str| name.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let range =
        |name: &str| bare(name).strip_suffix('*').is_some_and(|before| before == "*/" || essence.starts_with(before));
    all.iter()
        .find(|(name, ..)| bare(name) == essence)
        .or_else(|| all.iter().filter(|(name, ..)| range(name)).max_by_key(|(name, ..)| name.len()))
}

fn form(document: &Document, declared: &Body, asked: &Asked, pointer: &str) -> Value {
    let text = String::from_utf8_lossy(&asked.body);
    let pairs = pairs(&text);
    let reader = Reader { api: &document.understood().api, schemas: document.schemas(), pointer };
    let mut out = Map::new();
    let mut claimed = Vec::new();
    for (name, ty) in members(document, declared) {
        let spelling = match declared.member(name).map(|member| &member.written) {
            Some(Written::Spelled(spelling)) => spelling.clone(),
            Some(Written::Json) => Spelling::of(Style::Json, false),
            Some(Written::Plain | Written::Upload) | None => Spelling::of(Style::Form, true),
        };
        if let Some(value) = reader.of_pairs(name, &spelling, ty, &pairs) {
            claimed.push(name.to_owned());
            out.insert(name.to_owned(), value);
        }
    }
    for (key, value) in &pairs {
        let key = decoded(key);
        let whole = key.split('[').next().unwrap_or_default();
        if !claimed.iter().any(|name| name == whole) && !out.contains_key(&key) {
            out.insert(key, json!(decoded(value)));
        }
    }
    Value::Object(out)
}

/// The declared members of a form, each with its type.
fn members<'a>(document: &'a Document, declared: &'a Body) -> Vec<(&'a str, &'a Type)> {
    let api = &document.understood().api;
    let of = declared.contents().filter_map(|content| content.of()).map(|of| &of.ty);
    let models = of.flat_map(|ty| api.alternatives(ty)).filter_map(|ty| api.model(ty.named()?));
    models.flat_map(|model| &model.fields).map(|field| (field.wire.as_str(), &field.of.ty)).collect()
}

fn multipart(document: &Document, declared: &Body, asked: &Asked, sent: &str, pointer: &str) -> Value {
    let boundary = sent
        .split(';')
        .filter_map(|part| part.trim().split_once('='))
        .find(|(key, _)| key.eq_ignore_ascii_case("boundary"));
    let boundary = format!("--{}", boundary.map_or("", |(_, value)| value.trim_matches('"')));
    let reader = Reader { api: &document.understood().api, schemas: document.schemas(), pointer };
    let fields = members(document, declared);
    let mut out: Map<String, Value> = Map::new();
    let body = [b"\r\n", asked.body.as_slice()].concat();
    for part in parts(&body, format!("\r\n{boundary}").as_bytes()) {
        let Some(end) = part.windows(4).position(|w| w == b"\r\n\r\n") else { continue };
        let (head, content) = (String::from_utf8_lossy(&part[..end]).into_owned(), &part[end + 4..]);
        let Some(name) = part_name(&head) else { continue };
        let lower = head.to_ascii_lowercase();
        let text = String::from_utf8_lossy(content).into_owned();
        let ty = fields.iter().find(|(field, _)| *field == name.as_str()).map(|(_, ty)| *ty);
        let list = ty.is_some_and(|ty| {
            document.understood().api.alternatives(ty).iter().any(|one| matches!(one, Type::List(_)))
        });
        let json = lower.contains("content-type: application/json");
        let value = match ty {
            _ if json => serde_json::from_str(&text).unwrap_or(Value::String(text)),
            Some(ty) => reader.scalar(ty.item().unwrap_or(ty), &text),
            None => Value::String(text),
        };
        match out.get_mut(&name) {
            Some(Value::Array(all)) => all.push(value),
            Some(first) => *first = json!([first.take(), value]),
            None => {
                let value = if list && !value.is_array() { json!([value]) } else { value };
                out.insert(name, value);
            }
        }
    }
    Value::Object(out)
}

/// The name of a part, by its `Content-Disposition`; quotes are not needed around it.
fn part_name(head: &str) -> Option<String> {
    let line = head
        .lines()
        .find(|line| line.get(..20).is_some_and(|name| name.eq_ignore_ascii_case("content-disposition:")))?;
    let name = line.split(';').find_map(|pair| pair.trim().strip_prefix("name="))?;
    Some(name.trim().trim_matches('"').to_owned())
}

/// What is between the boundaries.
fn parts<'b>(body: &'b [u8], boundary: &[u8]) -> Vec<&'b [u8]> {
    let mut out = Vec::new();
    let mut starts = Vec::new();
    let mut from = 0;
    while let Some(at) =
        body.get(from..).and_then(|rest| rest.windows(boundary.len().max(1)).position(|w| w == boundary))
    {
        starts.push(from + at);
        from += at + boundary.len().max(1);
    }
    for pair in starts.windows(2) {
        if let [start, end] = pair {
            let part = &body[start + boundary.len()..*end];
            let part = part.strip_prefix(b"\r\n").unwrap_or(part);
            out.push(part);
        }
    }
    out
}

/// The answer to a request that is not what the document says.
pub(super) fn refused(found: &Found<'_>, status: u16, findings: &[Finding]) -> Reply {
    let operation = found.operation();
    let title = format!("this is no request of `{}` as the document has it", operation.id);
    let reply = problem(status, &title, findings);
    // Some clients send credentials only when they are asked for them.
    match status {
        401 => {
            super::access::challenges(found).into_iter().fold(reply, |reply, one| reply.header("www-authenticate", one))
        }
        _ => reply,
    }
}

/// An error as RFC 9457 has it.
pub(super) fn problem(status: u16, title: &str, findings: &[Finding]) -> Reply {
    let errors: Vec<Value> = findings
        .iter()
        .map(|f| json!({ "in": f.place, "pointer": f.pointer, "keyword": f.keyword, "detail": f.message, "document": format!("#{}", f.document) }))
        .collect();
    let body = json!({ "type": "about:blank", "title": title, "status": status, "errors": errors });
    Reply::text(status, "application/problem+json", &body.to_string())
}
