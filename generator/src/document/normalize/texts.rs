//! Texts that 3.0 has elsewhere, or nowhere: they become part of the description of their place, from where they reach the
//! documentation as any other text does.

use crate::base::Span;
use crate::document::grammar::{METHODS, Spot};
use crate::document::{Node, Object};

use super::object;

/// Brings the texts of one object to its description.
pub(super) fn gather(spot: Spot, node: &mut Node) {
    let Some(o) = node.as_object_mut() else { return };
    match spot {
        Spot::Document => {
            let more = o.remove("externalDocs").map(|docs| (link(&docs), docs.span));
            if let (Some((Some(text), span)), Some(info)) = (more, o.get_mut("info").and_then(Node::as_object_mut)) {
                append(info, &text, span);
            }
        }
        Spot::Info => info(o),
        Spot::Operation | Spot::Tag | Spot::Schema => {
            match spot {
                Spot::Operation => tags(o),
                Spot::Tag => summary(o),
                _ => {}
            }
            if let Some(docs) = o.remove("externalDocs")
                && let Some(text) = link(&docs)
            {
                append(o, &text, docs.span);
            }
        }
        Spot::Response => summary(o),
        Spot::PathItem => path(o),
        Spot::Example if o.get("value").is_none() => object::rename(o, "dataValue", "value"),
        _ => {}
    }
}

/// Who speaks for the API, and under which terms.
fn info(o: &mut Object) {
    if let Some(summary) = o.remove("summary") {
        prepend(o, &summary);
    }
    for (key, what) in [("contact", "Contact"), ("license", "License"), ("termsOfService", "Terms of service")] {
        let Some(value) = o.get(key) else { continue };
        let span = value.span;
        let parts: Vec<String> = match value.as_str() {
            Some(address) => vec![angled(address)],
            None => {
                let text = |key: &str| value.get(key).and_then(Node::as_str).filter(|text| !text.trim().is_empty());
                let plain = ["name", "identifier"].into_iter().filter_map(text).map(str::to_owned);
                plain.chain(["email", "url"].into_iter().filter_map(text).map(angled)).collect()
            }
        };
        if !parts.is_empty() {
            append(o, &format!("{what}: {}", parts.join(", ")), span);
        }
    }
}

/// `summary` of 3.2, where 3.0 has a description alone.
fn summary(o: &mut Object) {
    if let Some(summary) = o.remove("summary") {
        prepend(o, &summary);
    }
}

/// The first tag says which handle has the operation; the others are said.
fn tags(o: &mut Object) {
    let Some(list) = o.get("tags").and_then(Node::as_array) else { return };
    let span = list.get(1).map(|n| n.span);
    let named = list.iter().filter_map(|n| n.as_str().map(str::trim)).filter(|tag| !tag.is_empty());
    let others: Vec<String> = named.skip(1).map(|tag| format!("`{}`", tag.replace('`', "'"))).collect();
    if let (Some(span), false) = (span, others.is_empty()) {
        append(o, &format!("Further tags: {}.", others.join(", ")), span);
    }
}

/// What is said of a path is said of each of its operations that says nothing itself.
fn path(o: &mut Object) {
    for key in ["summary", "description"] {
        let Some(text) = o.get(key).filter(|text| text.as_str().is_some()).cloned() else { continue };
        let give = |operation: Option<&mut Node>| {
            let operation = operation.and_then(Node::as_object_mut).filter(|operation| operation.get(key).is_none());
            if let Some(operation) = operation {
                operation.insert(key, text.clone());
            }
        };
        METHODS.iter().for_each(|method| give(o.get_mut(method)));
        let further = o.get_mut("additionalOperations").and_then(Node::as_object_mut);
        further.into_iter().flat_map(Object::iter_mut).for_each(|e| give(Some(&mut e.value)));
    }
}

/// Where more is written, as Markdown.
fn link(docs: &Node) -> Option<String> {
    let text = |key: &str| docs.get(key).and_then(Node::as_str).map(str::trim).filter(|text| !text.is_empty());
    match (text("description"), text("url")) {
        (Some(words), Some(url)) => Some(format!("See also: {words} {}", angled(url))),
        (None, Some(url)) => Some(format!("See also: {}", angled(url))),
        (words, None) => words.map(|words| format!("See also: {words}")),
    }
}

/// An address as a link, where Markdown takes it for one.
fn angled(address: &str) -> String {
    let address = address.trim();
    let is_link = !address.contains(|c: char| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>'))
        && (address.contains("://") || address.contains('@'));
    if is_link { format!("<{address}>") } else { address.to_owned() }
}

/// Adds a paragraph behind the description.
fn append(o: &mut Object, text: &str, span: Span) {
    let before = o.get("description").and_then(Node::as_str).map(str::trim_end).unwrap_or_default();
    let whole = if before.is_empty() { text.to_owned() } else { format!("{before}\n\n{text}") };
    let span = o.get("description").map_or(span, |n| n.span);
    o.insert("description", Node::string(span, whole));
}

/// Adds a paragraph in front of the description.
fn prepend(o: &mut Object, summary: &Node) {
    let Some(text) = summary.as_str().map(str::trim).filter(|text| !text.is_empty()) else { return };
    let behind = o.get("description").and_then(Node::as_str).map(str::trim).unwrap_or_default();
    let whole = if behind.is_empty() || behind == text { text.to_owned() } else { format!("{text}\n\n{behind}") };
    o.insert("description", Node::string(summary.span, whole));
}
