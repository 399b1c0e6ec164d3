//! `[docs] link_base`: the links of descriptions that lead nowhere from rustdoc get the base they are relative to.

use crate::document::grammar::{Place, Spot};
use crate::document::targets::Targets;
use crate::document::walk::{At, VisitMut, walk_mut};
use crate::document::{Kind, Node};

/// Makes the relative links in all descriptions absolute.
pub(super) fn absolute(root: &mut Node, base: &str) {
    let targets = Targets::of(root);
    walk_mut(root, Place::One(Spot::Document), &At::root(Some(&targets.trie)), &mut Absolute(base));
}

struct Absolute<'a>(&'a str);

impl VisitMut for Absolute<'_> {
    fn enter(&mut self, place: Place, node: &mut Node, _at: &At<'_>) {
        let (Place::One(_), Kind::Object(members)) = (place, &mut node.kind) else { return };
        for entry in members.iter_mut() {
            if let (Kind::String(text), "description" | "summary" | "title") = (&mut entry.value.kind, &*entry.key)
                && let Some(new) = rewritten(text, self.0)
            {
                *text = new;
            }
        }
    }
}

/// The text with its relative targets made absolute; `None` when it has none.
fn rewritten(text: &str, base: &str) -> Option<String> {
    let mut out = String::new();
    let mut rest = text;
    let mut changed = false;
    // The earlier of `](target)` and `href="target"`.
    while let Some((at, mark)) =
        ["](", "href=\"", "href='"].iter().filter_map(|mark| rest.find(mark).map(|at| (at, *mark))).min()
    {
        let (before, target) = rest.split_at(at + mark.len());
        out.push_str(before);
        let end = target.find(['"', '\'', ')', ' ', '\n', '>']).unwrap_or(target.len());
        let (target, after) = target.split_at(end);
        // An odd number of backticks so far: this is code.
        let code = out.matches('`').count() % 2 == 1;
        match joined(target, base).filter(|_| !code) {
            Some(url) => {
                changed = true;
                out.push_str(&url);
            }
            None => out.push_str(target),
        }
        rest = after;
    }
    out.push_str(rest);
    changed.then_some(out)
}

/// A relative reference resolved against the base; `None` for what is no such reference: a whole URL, another host, a place
/// on the same page.
fn joined(target: &str, base: &str) -> Option<String> {
    let target = target.trim_start_matches("./");
    let scheme = target.find(':').is_some_and(|colon| !target.get(..colon).unwrap_or_default().contains('/'));
    if target.is_empty() || scheme || target.starts_with(['#', '<', '`']) || target.starts_with("//") {
        return None;
    }
    let host = base.find("://").map_or(0, |at| at + 3);
    let path = base.get(host..).and_then(|rest| rest.find('/')).map_or(base.len(), |at| host + at);
    let (origin, path) = base.split_at_checked(path)?;
    Some(match target.strip_prefix('/') {
        Some(target) => format!("{origin}/{target}"),
        // Relative to the folder of the base.
        None => format!("{origin}{}/{target}", path.rfind('/').and_then(|at| path.get(..at)).unwrap_or_default()),
    })
}
