//! The documentation of handles and endpoint functions: method and path, the document's words, what the settings say of
//! retries, second factors and environments, and the errors that may come.

use super::operation::{key_header, retry_class};
use super::{Input, docs};
use crate::ir::{Operation, Servers};
use crate::settings::RetryClass;

/// What is said of deletions that may be sent twice.
const GONE: &str = "A 404 after a retry may mean that an earlier attempt did it, which [`Error::earlier_attempt_may_have_acted`](crate::Error::earlier_attempt_may_have_acted) tells. Where gone is as good as deleted, take an error for success of which [`Error::is_not_found`](crate::Error::is_not_found) holds.";

/// What is said of a tag that works in one environment only.
pub(super) fn exclusive(input: Input<'_>, tag: usize) -> Option<String> {
    let tag = &input.api.tags.get(tag)?.wire;
    let only = input.settings.environments.iter().find(|e| e.exclusive.iter().any(|t| t.value == *tag))?;
    Some(format!("It works in the environment {} only.", docs::code(&only.name)))
}

/// The documentation of an endpoint function: method and path first, then the words, then what may come.
pub(super) fn operation_docs(input: Input<'_>, o: &Operation) -> Vec<String> {
    let mut lines = Vec::new();
    let head = docs::code(&format!("{} {}", o.method.to_uppercase(), o.path));
    let summary = docs::first_line(&o.docs.title);
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
    let listed = |urls: &[String]| urls.iter().map(|url| docs::code(url)).collect::<Vec<_>>().join(", ");
    let place = match &o.servers {
        Servers::Any => None,
        Servers::Only(urls) => Some(format!(
            "It is at {} only: for a client of another server a call fails when it is built.",
            listed(urls)
        )),
        Servers::Except(urls) => {
            Some(format!("It is not at {}: for a client of that server a call fails when it is built.", listed(urls)))
        }
    };
    if let Some(place) = place {
        lines.extend([String::new(), place]);
    }
    let class = match retry_class(input, o) {
        RetryClass::Always => "A failure that may pass is retried: doing this twice is harmless.".to_owned(),
        RetryClass::Keyed if key_header(input, o).is_some() => {
            "A failure that may pass is retried with the same idempotency key, which is made if none is given."
                .to_owned()
        }
        RetryClass::Keyed => {
            let how = match refusals(input) {
                none if none.is_empty() => none,
                how => format!(" ({how})"),
            };
            format!("It is retried only when certainly nothing happened: nothing was sent, or the API refused it{how}.")
        }
        RetryClass::Never => "It is never retried.".to_owned(),
    };
    lines.push(String::new());
    lines.push("# Retries".to_owned());
    lines.push(String::new());
    let reason = input.settings.operations.get(&o.id).and_then(|e| e.reason.as_ref());
    match reason {
        Some(reason) => lines.push(format!("{class} Reason: {}", docs::first_line(reason))),
        None => lines.push(class),
    }
    if o.method == "delete" && retry_class(input, o) != RetryClass::Never {
        lines.push(String::new());
        lines.push(GONE.to_owned());
    }
    let errors: Vec<_> = o.responses.iter().filter(|r| !Operation::is_success(&r.status)).collect();
    if !errors.is_empty() {
        lines.push(String::new());
        lines.push("# Errors".to_owned());
        lines.push(String::new());
        for r in errors {
            let text = docs::first_line(&r.docs.text);
            let text = text.trim_end_matches('.');
            lines.push(if text.is_empty() { format!("- {}", r.status) } else { format!("- {}: {text}", r.status) });
        }
    }
    lines
}

/// The statuses and codes by which the API says that it refused a request; empty where it never does.
pub(super) fn refusals(input: Input<'_>) -> String {
    let retry = &input.settings.retry;
    let statuses = retry.refused_statuses().into_iter().map(|status| status.to_string());
    let codes = retry.codes.iter().map(|code| docs::code(code));
    statuses.chain(codes).collect::<Vec<_>>().join(", ")
}
