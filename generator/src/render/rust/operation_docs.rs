//! The documentation of handles and endpoint functions: method and path, the document's words, what the settings say of
//! retries, second factors and environments, and the errors that may come.

use std::collections::{BTreeMap, BTreeSet};

use super::docs;
use crate::analyze::Retry;
use crate::ir::{Content, Operation, Response, Servers, Type, Use};
use crate::name::SetterOf;
use crate::render::{Input, Op};

/// What is said of deletions that may be sent twice.
const GONE: &str = "A 404 after a retry may mean that an earlier attempt has deleted it: [`Error::earlier_attempt_may_have_acted`](crate::Error::earlier_attempt_may_have_acted) says so. If gone is as good as deleted for you, treat errors as success where [`Error::is_not_found`](crate::Error::is_not_found) is true.";

/// What is said of errors whose bodies have a type.
pub(super) const READ: &str = "[`Error::read`](crate::Error::read) reads the body as the type named.";

/// What is said of a tag that works in one environment only.
pub(super) fn exclusive(input: Input<'_>, tag: usize) -> Option<String> {
    let tag = &input.api.tags.get(tag)?.wire;
    let only = input.settings.environments.iter().find(|e| e.exclusive.iter().any(|t| t.value == *tag))?;
    Some(format!("It works in the environment {} only.", docs::code(&only.name)))
}

/// The documentation of an endpoint function: method and path first, then the words, then what may come.
pub(super) fn operation_docs(
    input: Input<'_>,
    index: usize,
    op: Op<'_>,
    common: &BTreeSet<(&str, String)>,
) -> Vec<String> {
    let o = op.declared;
    let mut lines = Vec::new();
    let head = docs::code(&format!("{} {}", o.method.to_uppercase(), o.path));
    let summary = docs::first_sentence(&o.docs.title);
    lines.push(if summary.is_empty() { head } else { format!("{head}: {}", summary.trim_end_matches('.')) });
    let text = docs::lines(&o.docs.text);
    if !text.is_empty() {
        lines.push(String::new());
        lines.extend(text);
    }
    if let Some(resume) = input.settings.mfa.as_ref().filter(|mfa| mfa.resume.iter().any(|id| **id == o.id)) {
        lines.push(String::new());
        let given = |of: SetterOf, place: &str| {
            let named = op.names.plan.arguments.iter().find(|s| s.of == of).filter(|_| op.names.args.is_some());
            named.map_or(place.to_owned(), |s| docs::code(s.ident.bare()))
        };
        let (mfa, token) = (given(SetterOf::Mfa, "The first argument"), given(SetterOf::Token, "the second"));
        lines.push(format!(
            "{mfa} is what [`Error::mfa`](crate::Error::mfa) of the interrupted call holds, {token} the token of the end user, or `None` where no input is expected. The API may interrupt again. The code {} means that the session is over.",
            docs::code(&resume.expired)
        ));
    }
    if let Some(only) = exclusive(input, o.tag) {
        lines.extend([String::new(), only]);
    }
    if let Some(name) = input.api.barred_by(o) {
        lines.push(String::new());
        lines.push(format!(
            "It cannot be called: nothing here proves a caller's identity by the security scheme {}. A call fails when it is built.",
            docs::code(name)
        ));
    }
    lines.extend(scopes(o).into_iter().flat_map(|line| [String::new(), line]));
    if let Servers::Only(servers) = &o.servers {
        lines.push(String::new());
        let listed = servers.iter().map(|s| docs::code(&s.url)).collect::<Vec<_>>().join(", ");
        lines.push(if servers.iter().any(|s| s.is_whole() || s.path().is_some()) {
            format!("It is at {listed}: calls go there, as [`Servers`](crate::client::Servers) describes.")
        } else {
            format!("It is at {listed} only, which is no address: a call fails when it is built, unless [`Request::server`](crate::Request::server) says where to go.")
        });
    }
    let constants: Vec<String> = op.names.plan.constants.iter().filter_map(|of| sent_always(op, *of)).collect();
    if !constants.is_empty() {
        lines.extend([String::new(), format!("It always sends {}.", constants.join(", "))]);
    }
    let class = match op.call.retry {
        Retry::Idempotent => "Transient failures are retried; the operation is idempotent.".to_owned(),
        Retry::WithKey => {
            "Transient failures are retried with the same idempotency key, which is made if none is given.".to_owned()
        }
        Retry::OnlyRefused => {
            let how = match refusals(input) {
                none if none.is_empty() => none,
                how => format!(" ({how})"),
            };
            format!(
                "It is retried only when the API has certainly done nothing: nothing was sent, or the API refused it{how}."
            )
        }
        Retry::Never => "It is never retried.".to_owned(),
    };
    lines.push(String::new());
    lines.push("# Retries".to_owned());
    lines.push(String::new());
    match &op.call.retry_reason {
        Some(reason) => lines.push(format!("{class} Reason: {}", docs::first_paragraph(reason))),
        None => lines.push(class),
    }
    if o.method == "delete" && op.call.retry != Retry::Never {
        lines.push(String::new());
        lines.push(GONE.to_owned());
    }
    lines.extend(super::headers::section(op));
    lines.extend(links(input, o));
    lines.extend(super::webhooks::section(input, index));
    let errors: Vec<_> = o.responses.iter().filter(|r| !Operation::is_success(&r.status)).collect();
    if !errors.is_empty() {
        lines.push(String::new());
        lines.push("# Errors".to_owned());
        lines.push(String::new());
        let mut shared = Vec::new();
        let mut has_model = false;
        for r in errors {
            let text = error_text(input, r);
            has_model |= model_of(input, r).is_some() && !common.contains(&(r.status.as_str(), text.clone()));
            match (text, &r.status) {
                (text, status) if common.contains(&(status.as_str(), text.clone())) => shared.push(status.as_str()),
                (text, status) if text.is_empty() => lines.push(format!("- {status}")),
                (text, status) => lines.push(format!("- {status}: {text}")),
            }
        }
        if !shared.is_empty() {
            lines.push(format!("- {}: see [`api`](crate::api#errors)", shared.join(", ")));
        }
        if has_model {
            lines.extend([String::new(), READ.to_owned()]);
        }
    }
    lines
}

/// The scopes that a call needs, by the schemes that have some.
fn scopes(o: &Operation) -> Vec<String> {
    let mut out = Vec::new();
    for requirement in o.security.iter().flatten().flatten().filter(|r| !r.scopes.is_empty()) {
        let scopes = requirement.scopes.iter().map(|scope| docs::code(scope)).collect::<Vec<_>>().join(", ");
        let line = format!("Where {} proves who is calling, it needs {scopes}.", docs::code(&requirement.scheme));
        if !out.contains(&line) {
            out.push(line);
        }
    }
    out
}

/// A parameter or member that is sent without being asked for, with its value.
fn sent_always(op: Op<'_>, of: SetterOf) -> Option<String> {
    let (wire, value) = match of {
        SetterOf::Parameter(i) => op.declared.parameters.get(i).map(|p| (&p.wire, &p.constant))?,
        SetterOf::Member(i) => op.member(i).map(|f| (&f.wire, &f.constant))?,
        SetterOf::Body | SetterOf::Other(_) | SetterOf::ContentType | SetterOf::Mfa | SetterOf::Token => return None,
    };
    Some(format!("{} = {}", docs::code(wire), docs::code(value.as_ref()?)))
}

/// What a response says in a line: its words and the type of its body.
fn error_text(input: Input<'_>, r: &Response) -> String {
    let text = docs::first_paragraph(&r.docs.text).trim_end_matches('.').to_owned();
    match (model_of(input, r), text.is_empty()) {
        (None, _) => text,
        (Some(model), true) => model,
        (Some(model), false) => format!("{text} ({model})"),
    }
}

/// The type of a response's body as a link, where it is JSON of a type with a name.
fn model_of(input: Input<'_>, r: &Response) -> Option<String> {
    match &r.content {
        Some((_, Content::Json(of))) => type_link(input, of),
        _ => None,
    }
}

/// A type with a name, or a list or map of such, as a link.
pub(super) fn type_link(input: Input<'_>, of: &Use) -> Option<String> {
    match &of.ty {
        Type::Named(id) if !input.facts.pages.contains_key(id) && !input.is_flat(*id) => {
            let name = input.names.of_type(*id);
            Some(format!("[`{name}`](crate::models::{})", name.trim_start_matches("r#")))
        }
        Type::List(of) => Some(format!("`Vec` of {}", type_link(input, of)?)),
        Type::Map(of) => Some(format!("[`Map`](crate::Map) of {}", type_link(input, of)?)),
        Type::Named(_) | Type::Scalar(_) | Type::Tuple(_) | Type::Any => None,
    }
}

/// What can be called with what a response holds.
fn links(input: Input<'_>, o: &Operation) -> Vec<String> {
    let mut lines = Vec::new();
    for (r, link) in o.responses.iter().flat_map(|r| r.links.iter().map(move |link| (r, link))) {
        if lines.is_empty() {
            lines.extend(
                ["", "# Links", "", "What a response holds can be used in other calls:", ""].map(str::to_owned),
            );
        }
        let called = input.operations().find(|op| op.declared.id == link.operation);
        let called = called.and_then(|op| {
            let accessor = &input.names.tags.get(op.declared.tag)?.accessor;
            Some(docs::code(&format!("client.{accessor}().{}", op.names.method)))
        });
        let called = called.unwrap_or_else(|| docs::code(&link.operation));
        let values =
            link.parameters.iter().map(|(name, value)| format!("{} = {}", docs::code(name), docs::code(value)));
        let body = link.body.iter().map(|value| format!("the body = {}", docs::code(value)));
        let values: Vec<String> = values.chain(body).collect();
        let values = if values.is_empty() { String::new() } else { format!(" with {}", values.join(", ")) };
        let text = docs::first_sentence(&link.text);
        let text = if text.is_empty() { text } else { format!(": {text}") };
        lines.push(format!("- {} ({}): {called}{values}{text}", docs::code(&link.name), r.status));
    }
    lines
}

/// Status and words of the errors that more than half of the operations declare alike: said once, and not at each of them.
pub(super) fn common_errors(input: Input<'_>) -> BTreeSet<(&str, String)> {
    let mut counts: BTreeMap<(&str, String), usize> = BTreeMap::new();
    for r in input.api.operations.iter().flat_map(|o| &o.responses).filter(|r| !Operation::is_success(&r.status)) {
        *counts.entry((&r.status, error_text(input, r))).or_default() += 1;
    }
    let most = (input.api.operations.len() / 2).max(2);
    counts.into_iter().filter(|((_, text), n)| *n > most && !text.is_empty()).map(|(error, _)| error).collect()
}

/// The statuses and codes by which the API says that it refused a request; empty where it never does.
pub(in crate::render) fn refusals(input: Input<'_>) -> String {
    let retry = &input.settings.retry;
    let statuses = retry.refused_statuses().into_iter().map(|status| status.to_string());
    let codes = retry.codes.iter().map(|code| docs::code(code));
    statuses.chain(codes).collect::<Vec<_>>().join(", ")
}
