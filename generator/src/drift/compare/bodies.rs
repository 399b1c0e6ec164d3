//! Bodies of a pair of operations: there or not, as one value or by their members.

use super::draft::{Draft, from_to};
use super::members::quiet;
use super::{Diff, limits, wire};
use crate::document::Node;
use crate::drift::change::{Class, Outcome, Survival};
use crate::ir::{Body, Content, Docs, Origin};
use crate::name::SetterOf;
use crate::render::surface::Given;
use std::collections::BTreeSet;

impl Diff<'_> {
    /// Compares the bodies of two operations.
    pub(super) fn bodies(&mut self, i: usize, j: usize) {
        let of = |side: &super::Side<'_>, o: usize| side.api().operations.get(o).and_then(|o| o.body.clone());
        let (old, new) = (of(&self.old, i), of(&self.new, j));
        let mut draft = Draft::default();
        match (&old, &new) {
            (Some(_), None) => {
                draft.add(Class::BreaksCompiling, "D0301", "");
                draft.sends(Some(Survival::Depends("it is still sent: the API ignores or refuses it".to_owned())));
            }
            (None, Some(b)) if b.required => {
                // A body of optional members asks nothing of the caller.
                let arguments = self.arguments_of_body(j);
                let class = if arguments { Class::BreaksCompiling } else { Class::BreaksAtRunTime };
                draft.add(class, "D0302", "");
                draft.sends(Some(Survival::Fails("it is not sent: the API refuses the call".to_owned())));
            }
            (None, Some(_)) => draft.add(Class::Additive, "D0303", ""),
            (Some(a), Some(b)) => self.body_pair(&mut draft, (i, a), (j, b)),
            (None, None) => {}
        }
        if draft.is_empty() {
            return;
        }
        self.about(&mut draft, Some(i), Some(j));
        if let Some(b) = &old {
            draft.old = Some(self.old.place(&b.origin));
        }
        if let Some(b) = &new {
            draft.new = Some(self.new.place(&b.origin));
        }
        self.push(draft);
    }

    /// Whether something of the body is an argument of the function.
    fn arguments_of_body(&self, j: usize) -> bool {
        let names = self.new.u.names.operations.get(j);
        names.is_some_and(|n| n.plan.arguments.iter().any(|s| !matches!(s.of, SetterOf::Parameter(_))))
    }

    fn body_pair(&self, draft: &mut Draft, (i, a): (usize, &Body), (j, b): (usize, &Body)) {
        let flat =
            |side: &super::Side<'_>, o: usize| side.u.names.operations.get(o).is_some_and(|n| n.plan.flat.is_some());
        let whole = |side: &super::Side<'_>, o: usize| side.given(o, SetterOf::Body).map(|(given, _)| given);
        let (flat_old, flat_new) = (flat(&self.old, i), flat(&self.new, j));
        let given = (whole(&self.old, i), whole(&self.new, j));
        let same = match (a.content.of(), b.content.of()) {
            (Some(x), Some(y)) => self.pairs.same(&x.ty, &y.ty),
            (None, None) => a.content == b.content,
            _ => false,
        };
        let sent = match (a.content.of(), b.content.of()) {
            (Some(x), Some(y)) => wire::sends(&self.old, &self.new, &self.pairs, &x.ty, &y.ty, false),
            _ => None,
        };
        let ty = |given: &Option<Given>, flat: bool| match given {
            Some(Given::Argument(ty) | Given::Setter(ty) | Given::Clearable(ty)) => ty.clone(),
            _ if flat => "by its members".to_owned(),
            _ => "nothing".to_owned(),
        };
        let breaks = flat_old != flat_new
            || match (&given.0, &given.1) {
                (Some(x), Some(y)) => self.given_breaks(x, y),
                (None, None) => false,
                _ => true,
            };
        let required = a.required != b.required;
        if !same || (breaks && !required) {
            let class = if breaks { Class::BreaksCompiling } else { quiet(&Outcome::sending(sent.clone())) };
            draft.sends(sent.clone());
            draft.add(class, "D0306", from_to(&ty(&given.0, flat_old), &ty(&given.1, flat_new)));
        }
        match (a.required, b.required) {
            (false, true) => {
                let text = "a call without it is refused";
                let survival = Some(Survival::Depends(text.to_owned()));
                let class = if breaks { Class::BreaksCompiling } else { quiet(&Outcome::sending(survival.clone())) };
                draft.sends(survival);
                draft.add(class, "D0304", "");
            }
            (true, false) => {
                let class = if breaks { Class::BreaksCompiling } else { Class::Additive };
                draft.sends(Some(Survival::Survives("it is sent as before".to_owned())));
                draft.add(class, "D0305", "");
            }
            _ => {}
        }
        if a.media_type != b.media_type || std::mem::discriminant(&a.content) != std::mem::discriminant(&b.content) {
            let text = "the old format is sent: the API refuses it or not";
            draft.sends(Some(Survival::Depends(text.to_owned())));
            draft.add(Class::BreaksAtRunTime, "D0307", from_to(&media(a), &media(b)));
        }
        if same {
            let schema = |body: &Body| body.origin.pointer.join("content").join(&body.media_type).join("schema");
            let differ = limits::differences((&self.old, &schema(a)), (&self.new, &schema(b)), false);
            self.limits(draft, "D0318", &differ, Some(!b.required));
        }
        // Of the one that is sent it is said already.
        if !draft.says("D0307") {
            self.media_types(draft, "D0319", (&a.origin, &b.origin));
        }
        let words = |d: &Docs| (d.text.trim().to_owned(), d.title.trim().to_owned(), d.example.clone());
        if words(&a.docs) != words(&b.docs) {
            draft.add(Class::DocumentationOnly, "D0308", "");
        }
    }
}

impl Diff<'_> {
    /// Notes media types that a body may have now, or no longer, and that the crate does not use.
    pub(super) fn media_types(&self, draft: &mut Draft, code: &'static str, (a, b): (&Origin, &Origin)) {
        let listed = |side: &super::Side<'_>, at: &Origin| -> BTreeSet<String> {
            let content = side.node(&at.pointer).and_then(|node| node.get("content")).and_then(Node::as_object);
            content.into_iter().flat_map(|content| content.iter()).map(|e| e.key.clone()).collect()
        };
        let (before, now) = (listed(&self.old, a), listed(&self.new, b));
        if before != now && !before.is_empty() && !now.is_empty() {
            let list = |all: &BTreeSet<String>| all.iter().map(|m| format!("`{m}`")).collect::<Vec<_>>().join(", ");
            draft.add(Class::DocumentationOnly, code, format!("{} → {}", list(&before), list(&now)));
        }
    }
}

fn media(body: &Body) -> String {
    let form = match body.content {
        Content::Json(_) => "JSON",
        Content::Form(_) => "form",
        Content::Multipart(_) => "multipart",
        Content::Text => "text",
        Content::Bytes => "bytes",
        Content::Events(_) => "events",
    };
    format!("{} ({form})", body.media_type)
}
