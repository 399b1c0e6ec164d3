//! How each operation is called and what it gives: decided once, from what the document declares and what the settings say of it.
//! `name` and `render`, `drift` and the documentation ask here.

use std::collections::BTreeSet;

use super::Facts;
use crate::base::diagnostic::{Diagnostic, Diagnostics};
use crate::document::grammar::METHODS;
use crate::ir::{
    Api, Content, Header, HeaderForm, Location, Operation, Origin, Requirement, Response, Scalar, SecurityKind,
    Servers, Type, TypeId, TypeKind, Use,
};
use crate::settings::{RetryClass, Settings};

/// What is decided about an operation.
#[derive(Debug, Clone)]
pub struct Call {
    /// When a failed call is repeated.
    pub retry: Retry,
    /// Why, in the settings' words.
    pub retry_reason: Option<String>,
    /// The header with the idempotency key, where the operation declares it.
    pub idempotency_header: Option<String>,
    /// How a caller has the API accept the request and answer later.
    pub asynchronous: Option<Asynchronous>,
    /// What it gives.
    pub success: Success,
    /// The statuses that are a success, where that is not every 2xx.
    pub success_statuses: Vec<u16>,
    /// How a caller proves who it is.
    pub authentication: Authentication,
    /// The media types it asks for, where that is not JSON.
    pub accept: Option<String>,
    /// How a caller leaves members of the response out.
    pub selection: FieldSelection,
    /// The page it answers with.
    pub page: Option<TypeId>,
    /// The headers that its responses declare, each once.
    pub headers: Vec<HeaderUse>,
}

/// A header that responses of an operation declare.
#[derive(Debug, Clone)]
pub struct HeaderUse {
    /// As the first response has it that declares it; as text where others have another type.
    pub header: Header,
    /// The statuses of the responses that do.
    pub statuses: Vec<String>,
    /// A response with another type, where there is one.
    pub other: Option<Origin>,
}

/// When a failed call is repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    /// After every transient failure.
    Idempotent,
    /// The same, with an idempotency key.
    WithKey,
    /// Only when the API has certainly done nothing.
    OnlyRefused,
    /// Never.
    Never,
}

/// A header by which the API accepts a request and answers later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asynchronous {
    /// The header.
    pub header: String,
    /// Its value.
    pub value: String,
}

/// What an operation gives when it succeeds.
#[derive(Debug, Clone, PartialEq)]
pub enum Success {
    /// Nothing.
    Nothing,
    /// Whether it is done or only accepted.
    Outcome,
    /// One body.
    One(Content),
    /// A body of another type, or none, by status: an enum of its own.
    Several(Vec<Case>),
}

/// One status of an operation with several success types.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// `200` or `2XX`.
    pub status: String,
    /// `None` without a body.
    pub content: Option<Content>,
}

/// How a caller proves who it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Authentication {
    /// With all that the client has.
    Client,
    /// Not at all.
    None,
    /// By all schemes of one of these.
    AnyOf(Vec<Vec<Proof>>),
}

/// One scheme by which a caller proves who it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// The scheme's name.
    pub scheme: String,
    /// How it works; what is [`SecurityKind::Other`] nobody can fulfil.
    pub kind: SecurityKind,
    /// Whether another scheme works in the same way, so that only the name distinguishes their credentials.
    pub shared: bool,
    /// What a token must be good for.
    pub scopes: Vec<String>,
}

/// How a caller leaves members of the response out, by the settings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldSelection {
    /// The parameters that do it, by index.
    pub parameters: Vec<usize>,
    /// The one among the settings' parameters that lists the members to include.
    pub include: Option<String>,
    /// The members that the records of the response cannot do without.
    pub needed: Vec<String>,
}

impl Retry {
    /// The variant of the runtime's `Retry`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Idempotent => "Idempotent",
            Self::WithKey => "WithKey",
            Self::OnlyRefused => "OnlyRefused",
            Self::Never => "Never",
        }
    }
}

/// Decides it for each operation.
pub(super) fn calls(api: &Api, settings: &Settings, facts: &Facts) -> Vec<Call> {
    api.operations.iter().map(|o| call(api, settings, facts, o)).collect()
}

fn call(api: &Api, settings: &Settings, facts: &Facts, o: &Operation) -> Call {
    let idempotency_header = settings.retry.idempotency_header.as_ref().filter(|header| declares_header(o, header));
    let entry = settings.operations.retry(&o.id);
    let mode = settings.asynchronous.as_ref().filter(|mode| {
        // The operation has its header, or the settings name it.
        declares_header(o, &mode.header) || mode.operations.iter().any(|id| **id == o.id)
    });
    let accepted = mode.map(|mode| mode.status);
    let results = results(o, accepted);
    // All that it tells is whether it is done or only accepted.
    let is_outcome = accepted.is_some() && results.iter().all(|r| r.content.is_none());
    Call {
        retry: retry(settings, o, idempotency_header.is_some()),
        retry_reason: entry.and_then(|entry| entry.reason.as_ref()).map(|reason| reason.to_string()),
        idempotency_header: idempotency_header.map(|header| header.to_string()),
        asynchronous: mode.map(|mode| Asynchronous { header: mode.header.to_string(), value: mode.value.to_string() }),
        success: if is_outcome { Success::Outcome } else { success(facts, &results) },
        success_statuses: accepted.map(|accepted| success_statuses(o, accepted, is_outcome)).unwrap_or_default(),
        authentication: authentication(api, o),
        accept: accept(o),
        selection: selection(api, settings, facts, o),
        page: page(facts, o),
        headers: headers(facts, o),
    }
}

/// The headers of all responses of an operation: one accessor reads a header of any of them.
fn headers(facts: &Facts, o: &Operation) -> Vec<HeaderUse> {
    let mut out: Vec<HeaderUse> = Vec::new();
    // By status: what is said of a header does not depend on the order of keys.
    let mut responses: Vec<&Response> = o.responses.iter().collect();
    responses.sort_by(|a, b| a.status.cmp(&b.status));
    for (r, header) in responses.into_iter().flat_map(|r| r.headers.iter().map(move |header| (r, header))) {
        let known = out.iter_mut().find(|known| known.header.wire.eq_ignore_ascii_case(&header.wire));
        let Some(known) = known else {
            let (header, statuses) = (header.clone(), vec![r.status.clone()]);
            out.push(HeaderUse { header, statuses, other: None });
            continue;
        };
        known.statuses.push(r.status.clone());
        known.header.docs.deprecated &= header.docs.deprecated;
        known.header.required &= header.required;
        let same = known.header.form == header.form && facts.is_same_use(&known.header.of, &header.of);
        if !same && known.other.is_none() {
            known.other = Some(header.origin.clone());
            known.header.of = Use { ty: Type::Scalar(Scalar::String), nullable: false };
            if known.header.form != HeaderForm::Lines {
                known.header.form = HeaderForm::Plain;
            }
        }
    }
    out
}

/// Notes (`N0349`) headers that two responses of an operation declare as two types.
pub(super) fn note_headers(calls: &[Call], diagnostics: &mut Diagnostics) {
    for used in calls.iter().flat_map(|call| &call.headers) {
        let (header, Some(other)) = (&used.header, &used.other) else { continue };
        let message = format!("header `{}` has another type in another response; given as text", header.wire);
        let diagnostic = Diagnostic::note("N0349", message).at(other.span).pointer(&other.pointer);
        diagnostics.push(diagnostic.second(header.origin.span, "first declared here"));
    }
}

fn declares_header(o: &Operation, header: &str) -> bool {
    o.parameters.iter().any(|p| p.location == Location::Header && p.wire.eq_ignore_ascii_case(header))
}

fn retry(settings: &Settings, o: &Operation, has_key: bool) -> Retry {
    let entry = settings.operations.retry(&o.id).and_then(|entry| entry.retry.as_ref());
    let class = match entry.or(settings.retry.default.as_ref()) {
        Some(class) => **class,
        // Of a method that the specification does not name, nobody knows what twice does.
        None if matches!(o.method.as_str(), "post" | "patch") || !METHODS.contains(&o.method.as_str()) => {
            RetryClass::Keyed
        }
        None => RetryClass::Always,
    };
    match class {
        RetryClass::Always => Retry::Idempotent,
        RetryClass::Keyed if has_key => Retry::WithKey,
        RetryClass::Keyed => Retry::OnlyRefused,
        RetryClass::Never => Retry::Never,
    }
}

/// The responses whose bodies are an operation's result: an acceptance is none beside others.
fn results(o: &Operation, accepted: Option<u16>) -> Vec<&Response> {
    let accepted = accepted.map(|status| status.to_string());
    let listed: Vec<_> = o.successes().collect();
    match listed.len() {
        0 => o.responses.iter().filter(|r| r.status == "default").collect(),
        1 => listed,
        _ => listed.into_iter().filter(|r| Some(&r.status) != accepted.as_ref()).collect(),
    }
}

fn success(facts: &Facts, results: &[&Response]) -> Success {
    let content = |r: &Response| r.content.as_ref().map(|(_, content)| content.clone());
    let Some((first, others)) = results.split_first() else { return Success::Nothing };
    let same = |r: &&Response| match (&first.content, &r.content) {
        (Some((_, a)), Some((_, b))) => facts.is_same_content(a, b),
        (a, b) => a.is_none() && b.is_none(),
    };
    if others.iter().all(same) {
        return content(first).map_or(Success::Nothing, Success::One);
    }
    Success::Several(results.iter().map(|r| Case { status: r.status.clone(), content: content(r) }).collect())
}

fn success_statuses(o: &Operation, accepted: u16, is_outcome: bool) -> Vec<u16> {
    if !is_outcome && o.successes().count() < 2 {
        return Vec::new();
    }
    let others = o.successes().filter_map(|r| r.status.parse().ok()).filter(|status| *status != accepted);
    others.chain(is_outcome.then_some(accepted)).collect()
}

fn authentication(api: &Api, o: &Operation) -> Authentication {
    let Some(alternatives) = &o.security else { return Authentication::Client };
    if alternatives.iter().all(Vec::is_empty) {
        return Authentication::None;
    }
    // One scheme for everything is what the client does by itself, where it goes itself. A token has its scopes.
    let plain =
        |r: &Requirement| r.scopes.is_empty() && api.scheme(&r.scheme).is_some_and(|k| *k != SecurityKind::Token);
    if let [alternative] = alternatives.as_slice()
        && api.security_schemes.len() == 1
        && alternative.iter().all(plain)
        && o.servers == Servers::Any
    {
        return Authentication::Client;
    }
    let proof = |r: &Requirement| {
        let kind = api.scheme(&r.scheme).cloned().unwrap_or_else(|| SecurityKind::Other(r.scheme.clone()));
        Proof { scheme: r.scheme.clone(), shared: api.shares_kind(&kind), kind, scopes: r.scopes.clone() }
    };
    Authentication::AnyOf(alternatives.iter().map(|all| all.iter().map(proof).collect()).collect())
}

fn accept(o: &Operation) -> Option<String> {
    // Where no success is declared, `default` is one.
    let is_result =
        |r: &&Response| Operation::is_success(&r.status) || (r.status == "default" && o.successes().next().is_none());
    let mut results: Vec<&Response> = o.responses.iter().filter(is_result).collect();
    results.sort_by(|a, b| a.status.cmp(&b.status));
    let has_json = o.responses.iter().any(|r| matches!(r.content, Some((_, Content::Json(_)))));
    let mut all: Vec<&str> = Vec::new();
    for r in results {
        let own = r.content.iter().map(|(media, _)| media).chain(&r.also).map(String::as_str);
        for media in own {
            // What is read as JSON is asked for as JSON, whatever else the range holds.
            let is_range = media.contains('*') && matches!(r.content, Some((_, Content::Json(_))));
            for media in is_range.then_some("application/json").into_iter().chain(Some(media).filter(|_| !is_range)) {
                if !all.contains(&media) {
                    all.push(media);
                }
            }
        }
    }
    if all.is_empty() {
        return None;
    }
    let media = all.join(", ");
    match media.as_str() {
        // Errors are JSON where results are: one header serves both.
        "application/json" => None,
        media if has_json && !media.contains("json") => Some(format!("{media}, application/json;q=0.9")),
        media => Some(media.to_owned()),
    }
}

fn selection(api: &Api, settings: &Settings, facts: &Facts, o: &Operation) -> FieldSelection {
    let partial = &settings.partial;
    let selects = o
        .parameters
        .iter()
        .enumerate()
        .filter(|(_, p)| p.location == Location::Query && partial.query.iter().any(|query| **query == p.wire));
    let parameters: Vec<usize> = selects.map(|(i, _)| i).collect();
    if parameters.is_empty() {
        return FieldSelection::default();
    }
    let needed = needed(api, facts, o);
    let include = partial.include.as_ref().filter(|_| !needed.is_empty()).map(|include| include.to_string());
    FieldSelection { parameters, include, needed }
}

/// The members that the records of an operation's results cannot do without.
fn needed(api: &Api, facts: &Facts, o: &Operation) -> Vec<String> {
    let mut needed = BTreeSet::new();
    let mut todo: Vec<&Type> = o.successes().filter_map(|r| Some(&r.content.as_ref()?.1.of()?.ty)).collect();
    // A union of itself would have no end.
    let mut seen = BTreeSet::new();
    while let Some(ty) = todo.pop() {
        let id = match ty {
            Type::List(of) => {
                todo.push(&of.ty);
                continue;
            }
            Type::Named(id) if seen.insert(*id) => id,
            Type::Named(_) | Type::Tuple(_) | Type::Map(_) | Type::Scalar(_) | Type::Any => continue,
        };
        if let Some(page) = facts.pages.get(id) {
            todo.push(&page.item);
            continue;
        }
        match api.get(*id).map(|def| &def.kind) {
            Some(TypeKind::Model(m)) => {
                needed.extend(m.fields.iter().filter(|f| f.must_have_value()).map(|f| f.wire.clone()));
            }
            Some(TypeKind::Union(u)) => todo.extend(u.branches.iter().map(|b| &b.ty)),
            Some(TypeKind::Enum(_)) | None => {}
        }
    }
    needed.into_iter().collect()
}

fn page(facts: &Facts, o: &Operation) -> Option<TypeId> {
    let mut successes = o.successes().filter(|_| o.method == "get");
    successes.find_map(|r| match &r.content {
        Some((_, Content::Json(Use { ty: Type::Named(id), nullable: false }))) if facts.pages.contains_key(id) => {
            Some(*id)
        }
        _ => None,
    })
}

impl Facts {
    /// Whether two bodies are of one type in Rust: all pages of the same records are one type, and all bytes are.
    fn is_same_content(&self, a: &Content, b: &Content) -> bool {
        match (a, b) {
            (Content::Json(a), Content::Json(b)) => self.is_same_use(a, b),
            (Content::Events(Some(a)), Content::Events(Some(b))) => self.is_same_use(a, b),
            (Content::Events(a), Content::Events(b)) => a.is_none() && b.is_none(),
            (Content::Text, Content::Text) => true,
            (
                Content::Form(_) | Content::Multipart(_) | Content::Bytes,
                Content::Form(_) | Content::Multipart(_) | Content::Bytes,
            ) => true,
            _ => false,
        }
    }

    fn is_same_use(&self, a: &Use, b: &Use) -> bool {
        let same = match (&a.ty, &b.ty) {
            // Any JSON holds null by itself.
            (Type::Any, Type::Any) => return true,
            (Type::List(a), Type::List(b)) | (Type::Map(a), Type::Map(b)) => self.is_same_use(a, b),
            (Type::Tuple(a), Type::Tuple(b)) => {
                a.is_like(b) && a.uses().zip(b.uses()).all(|(a, b)| self.is_same_use(a, b))
            }
            (Type::Named(a), Type::Named(b)) => match (self.pages.get(a), self.pages.get(b)) {
                (Some(a), Some(b)) => a.page == b.page && a.item == b.item,
                _ => a == b,
            },
            (a, b) => a == b,
        };
        same && a.nullable == b.nullable
    }
}
