//! Actions at the end of an overlay: what is in it stays byte for byte, what is new is written alike.

use super::facts::Here;
use super::style::Style;
use super::text::{Restructured, Written, column, is_flow, line_start, start};
use super::{applied, parsed, with_plain_lines};
use crate::document::grammar::Place;
use crate::document::{Kind, Node, hash_node};

/// An overlay without actions, as far as the list of them.
const EMPTY: &str = "overlay: 1.0.0\ninfo:\n  title: Corrections\n  version: 1.0.0\nactions:\n";

/// The text of the overlay called `name` with more actions; without a text, that of a new one, which is JSON where the name says so.
///
/// # Errors
/// Where the text cannot be read, or has no list of actions to be continued, with its place.
pub fn appended(name: &str, text: Option<&str>, actions: &[Node]) -> Result<String, String> {
    match text {
        Some(text) => with_plain_lines(text, |text| continued(name, text, actions)),
        None if name.to_ascii_lowercase().ends_with(".json") => {
            let overlay = with_actions(parsed("overlay.yaml", &format!("{EMPTY}  []"))?, actions);
            let shown = "{\n}";
            let style = Style::of(shown, &parsed(name, shown)?, Here::at(Place::Plain, &[]));
            Ok(style.element(&written(&style, "", &overlay, 0)) + "\n")
        }
        None => Ok(actions.iter().fold(EMPTY.to_owned(), |out, one| out + &yaml(one))),
    }
}

fn continued(name: &str, text: &str, actions: &[Node]) -> Result<String, String> {
    let root = parsed(name, text)?;
    let refused = |node: &Node, why: &str| {
        let at = start(node.span).min(text.len());
        let line = text.get(..at).unwrap_or_default().matches('\n').count() + 1;
        let before = text.get(line_start(text, at)..at).unwrap_or_default().chars().count();
        format!("{name}:{line}:{}: {why}", before + 1)
    };
    let list = root.get("actions").filter(|list| list.as_array().is_some_and(|list| !list.is_empty()));
    let list = list.ok_or_else(|| refused(&root, "the overlay has no list of actions that could be continued"))?;
    let style = Style::of(text, &root, Here::at(Place::Plain, &[]));
    let style = if is_flow(text, list) { style.in_brackets() } else { style };
    let known = list.as_array().map_or(0, <[Node]>::len);
    let far = column(text, start(list.span));
    let new = actions.iter().map(|one| (known, style.element(&written(&style, "", one, far + 2)))).collect();
    let spaced = style.is_spaced(text, list, Place::Plain);
    let restructured = Restructured { text, node: list, gone: vec![false; known], new, spaced };
    let out = restructured.edits().and_then(|edits| applied(name, text, edits).ok());
    // Aliases, texts that end at a mark of YAML's: whatever keeps the text from saying just that, nothing is written then.
    let says = |out: &String| {
        parsed(name, out).is_ok_and(|now| hash_node(&now) == hash_node(&with_actions(root.clone(), actions)))
    };
    out.filter(says).ok_or_else(|| refused(list, "no action can be added behind the last one of this list"))
}

/// An overlay with more actions.
fn with_actions(mut root: Node, actions: &[Node]) -> Node {
    if let Some(Kind::Array(list)) = root.as_object_mut().and_then(|o| o.get_mut("actions")).map(|list| &mut list.kind)
    {
        list.extend_from_slice(actions);
    }
    root
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
