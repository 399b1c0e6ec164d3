//! The documentation of handles and endpoint functions: method and path, the document's words, what the settings say of
//! retries, second factors and environments, and the errors that may come.

use std::collections::{BTreeMap, BTreeSet};

use super::docs;
use crate::analyze::Retry;
use crate::ir::{Operation, Response, Servers};
use crate::render::{Input, Op};

/// What is said of deletions that may be sent twice.
const GONE: &str = "A 404 after a retry may mean that an earlier attempt has deleted it: [`Error::earlier_attempt_may_have_acted`](crate::Error::earlier_attempt_may_have_acted) says so. If gone is as good as deleted for you, treat errors as success where [`Error::is_not_found`](crate::Error::is_not_found) is true.";

/// What is said of a tag that works in one environment only.
pub(super) fn exclusive(input: Input<'_>, tag: usize) -> Option<String> {
    let tag = &input.api.tags.get(tag)?.wire;
    let only = input.settings.environments.iter().find(|e| e.exclusive.iter().any(|t| t.value == *tag))?;
    Some(format!("It works in the environment {} only.", docs::code(&only.name)))
}

/// The documentation of an endpoint function: method and path first, then the words, then what may come.
pub(super) fn operation_docs(input: Input<'_>, op: Op<'_>, common: &BTreeSet<(&str, String)>) -> Vec<String> {
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
        lines.push(format!(
            "The first argument is what [`Error::mfa`](crate::Error::mfa) of the interrupted call holds, the second the token of the end user, or `None` where no input is expected. The API may interrupt again. The code {} means that the session is over.",
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
    let errors: Vec<_> = o.responses.iter().filter(|r| !Operation::is_success(&r.status)).collect();
    if !errors.is_empty() {
        lines.push(String::new());
        lines.push("# Errors".to_owned());
        lines.push(String::new());
        let mut shared = Vec::new();
        for r in errors {
            match (error_text(r), &r.status) {
                (text, status) if common.contains(&(status.as_str(), text.clone())) => shared.push(status.as_str()),
                (text, status) if text.is_empty() => lines.push(format!("- {status}")),
                (text, status) => lines.push(format!("- {status}: {text}")),
            }
        }
        if !shared.is_empty() {
            lines.push(format!("- {}: see [`api`](crate::api#errors)", shared.join(", ")));
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

fn error_text(r: &Response) -> String {
    docs::first_paragraph(&r.docs.text).trim_end_matches('.').to_owned()
}

/// Status and words of the errors that more than half of the operations declare alike: said once, and not at each of them.
pub(super) fn common_errors(input: Input<'_>) -> BTreeSet<(&str, String)> {
    let mut counts: BTreeMap<(&str, String), usize> = BTreeMap::new();
    for r in input.api.operations.iter().flat_map(|o| &o.responses).filter(|r| !Operation::is_success(&r.status)) {
        *counts.entry((&r.status, error_text(r))).or_default() += 1;
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
