//! A line for each request: what was asked, what came of it, and nothing that is a secret.

use super::document::Document;
use super::spelled::decoded;
use super::{Answered, Asked, Breakage, Outcome};
use generator::configure::speaks_of_a_secret;
use generator::ir::{Location, Operation, Scalar, SecurityKind, Type};
use std::time::Duration;

/// A request and what came of it.
pub(super) fn entry(document: &Document, asked: &Asked, answered: &Answered, took: Duration) -> String {
    let outcome = match &answered.outcome {
        Outcome::Reply(reply) if reply.hangs_up => format!("{}, hangs up", reply.status),
        Outcome::Reply(reply) => reply.status.to_string(),
        Outcome::Broken(Breakage::Refused) => "refused".to_owned(),
        Outcome::Broken(Breakage::Reset) => "reset".to_owned(),
        Outcome::Broken(Breakage::CutOff) => "cut off".to_owned(),
        Outcome::Broken(Breakage::ResetMidBody) => "reset in the body".to_owned(),
        Outcome::Broken(Breakage::Silence) => "silence".to_owned(),
        Outcome::Broken(Breakage::Trickle) => "trickle".to_owned(),
        Outcome::Broken(Breakage::Flood(bytes)) => format!("flood of {bytes} bytes"),
        Outcome::Broken(Breakage::AnnouncedFlood(bytes)) => format!("announced flood of {bytes} bytes"),
    };
    let operation = answered.operation.as_deref().unwrap_or("-");
    let target = shown(document, asked);
    let line = format!("{} {target} {outcome} {operation} {} ms", asked.method, took.as_millis());
    // Nobody writes to a terminal by way of a request.
    line.chars().fold(String::with_capacity(line.len()), |mut safe, char| {
        if char.is_control() {
            safe.extend(char.escape_default())
        } else {
            safe.push(char)
        }
        safe
    })
}

/// A target without its secrets: what holds credentials by the document, what is a secret for the compiler, and what speaks of one.
fn shown(document: &Document, asked: &Asked) -> String {
    let found = document.find(asked).ok();
    let operation = found.as_ref().map(|found| found.operation());
    let mut path = asked.path().to_owned();
    for (name, value) in found.iter().flat_map(|found| &found.values).filter(|(_, value)| !value.is_empty()) {
        if operation.is_some_and(|operation| is_secret(operation, Location::Path, name)) {
            path = path.replace(value, "***");
        }
    }
    let Some((_, query)) = asked.target.split_once('?') else { return path };
    let schemes = &document.understood().api.security_schemes;
    let hidden = |name: &str| {
        let credential = |kind: &SecurityKind| matches!(kind, SecurityKind::ApiKey { name: key, .. } if key == name);
        speaks_of_a_secret(name)
            || schemes.iter().any(|scheme| credential(&scheme.kind))
            || operation.is_some_and(|operation| is_secret(operation, Location::Query, name))
    };
    let pairs = query.split('&').map(|pair| match pair.split_once('=') {
        Some((name, _)) if hidden(&decoded(name)) => format!("{name}=***"),
        _ => pair.to_owned(),
    });
    format!("{path}?{}", pairs.collect::<Vec<_>>().join("&"))
}

/// Whether a parameter is a secret for the compiler.
fn is_secret(operation: &Operation, location: Location, name: &str) -> bool {
    let mut all = operation.parameters.iter().filter(|p| p.location == location && p.wire == name);
    all.any(|parameter| parameter.of.ty == Type::Scalar(Scalar::Secret))
}
