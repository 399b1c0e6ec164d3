//! Actions at the end of an overlay: what is in it stays byte for byte, what is new is written alike.

use super::facts::Here;
use super::style::Style;
use super::text::{Restructured, Written, column, start};
use super::{applied, parsed};
use crate::document::grammar::Place;
use crate::document::{Kind, Node};

/// An overlay without actions, as far as the list of them.
const EMPTY: &str = "overlay: 1.0.0\ninfo:\n  title: Corrections\n  version: 1.0.0\nactions:\n";

/// The text of the overlay called `name` with more actions; without a text, that of a new one.
///
/// # Errors
/// Where the text cannot be read, or has no list of actions to be continued.
pub fn appended(name: &str, text: Option<&str>, actions: &[Node]) -> Result<String, String> {
    let Some(text) = text else { return Ok(actions.iter().fold(EMPTY.to_owned(), |out, one| out + &yaml(one))) };
    let root = parsed(name, text)?;
    let style = Style::of(text, &root, Here::at(Place::Plain, &[]));
    let list = root.get("actions").filter(|list| list.as_array().is_some_and(|list| !list.is_empty()));
    let list = list.ok_or_else(|| format!("`{name}` has no list of actions that could be continued"))?;
    let known = list.as_array().map_or(0, <[Node]>::len);
    let far = column(text, start(list.span));
    let new = actions.iter().map(|one| (known, style.element(&written(&style, "", one, far + 2)))).collect();
    let spaced = style.is_spaced(text, list, Place::Plain);
    let restructured = Restructured { text, node: list, gone: vec![false; known], new, spaced };
    let edits = restructured.edits().ok_or_else(|| format!("`{name}` cannot be changed in place"))?;
    applied(name, text, edits)
}

/// One action as it is in the list of a new overlay.
pub fn yaml(action: &Node) -> String {
    let style = Style::of(EMPTY, &Node::new(action.span, Kind::Null), Here::at(Place::Plain, &[]));
    let element = style.element(&written(&style, "", action, 4));
    element.lines().map(|line| format!("  {line}\n")).collect()
}

/// A value, that of the member `key` of something so far from the left.
fn written(style: &Style, key: &str, node: &Node, far: usize) -> Written {
    match &node.kind {
        Kind::Object(members) => {
            let member = |e: &crate::document::Entry| {
                style.member(&e.key, &written(style, &e.key, &e.value, far + style.indent))
            };
            style.object(&members.iter().map(member).collect::<Vec<_>>())
        }
        Kind::Array(items) => style.scalars(key, items, far).unwrap_or_else(|| {
            let element = |item: &Node| style.element(&written(style, "", item, far + 2));
            style.list(&items.iter().map(element).collect::<Vec<_>>())
        }),
        _ => Written::Inline(style.scalar(node, false).unwrap_or_default()),
    }
}
