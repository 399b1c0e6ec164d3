//! Bodies of a pair of operations: there or not, as one value or by their members.

use super::draft::{Draft, from_to};
use super::members::quiet;
use super::parameters::words;
use super::{Diff, limits, wire};
use crate::document::Node;
use crate::drift::change::{Class, Outcome, Survival};
use crate::ir::{Body, BodyMember, Content, Docs, Origin, Written};
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
            Some(given) if !given.ty().is_empty() => given.ty().to_owned(),
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
        self.media_types(draft, (i, a), (j, b));
        self.written(draft, (i, a), (j, b));
        let texts = |d: &Docs| (d.text.trim().to_owned(), d.title.trim().to_owned(), d.example.clone());
        if texts(&a.docs) != texts(&b.docs) {
            draft.add(Class::DocumentationOnly, "D0308", "");
        }
    }

    /// The media types beside the one of the body.
    fn media_types(&self, draft: &mut Draft, (i, a): (usize, &Body), (j, b): (usize, &Body)) {
        let all = |body: &Body| {
            let others = body.others.iter().map(|other| other.media_type.clone());
            others.chain(body.choices.iter().cloned()).collect::<Vec<_>>()
        };
        let (old, new) = (all(a), all(b));
        for gone in old.iter().filter(|media| !new.contains(media) && **media != b.media_type) {
            let was_setter = a.others.iter().any(|other| other.media_type == *gone);
            let class = if was_setter { Class::BreaksCompiling } else { Class::BreaksAtRunTime };
            draft.sends(Some(Survival::Depends(format!("a body sent as `{gone}` is refused or not"))));
            draft.add(class, "D0309", format!("`{gone}`"));
        }
        for media in new.iter().filter(|media| !old.contains(media) && **media != a.media_type) {
            draft.add(Class::Additive, "D0310", format!("`{media}`"));
        }
        let kept = a.others.iter().enumerate().filter_map(|(x, other)| {
            let y = b.others.iter().position(|new| new.media_type == other.media_type)?;
            Some((self.old.given(i, SetterOf::Other(x))?, self.new.given(j, SetterOf::Other(y))?))
        });
        for ((old, name), (new, renamed)) in kept {
            if self.given_breaks(&old, &new) || name != renamed {
                let ty = |given: &Given, name: &str| format!("{name}({})", given.ty());
                draft.add(Class::BreaksCompiling, "D0306", from_to(&ty(&old, &name), &ty(&new, &renamed)));
            }
        }
        let given = |side: &super::Side<'_>, o: usize| side.given(o, SetterOf::ContentType).map(|(given, _)| given);
        let word = |given: &Option<Given>| match given {
            Some(Given::Argument(_) | Given::Field(_)) => "an argument",
            Some(Given::Setter(_) | Given::Clearable(_)) => "a setter",
            Some(Given::No | Given::Constant) | None => "none",
        };
        let (old, new) = (word(&given(&self.old, i)), word(&given(&self.new, j)));
        if old != new {
            let class = if old == "none" && new == "a setter" { Class::Additive } else { Class::BreaksCompiling };
            draft.add(class, "D0312", from_to(old, new));
        }
    }

    /// How the members of a form or of a multipart body are written.
    fn written(&self, draft: &mut Draft, (i, a): (usize, &Body), (j, b): (usize, &Body)) {
        for old in &a.members {
            let Some(new) = b.member(&old.wire).filter(|new| *new != old) else { continue };
            let index = |side: &super::Side<'_>, o: usize| {
                let flat = side.u.names.operations.get(o).and_then(|n| n.plan.flat);
                let model = flat.and_then(|id| side.api().model(id))?;
                let at = model.fields.iter().position(|f| f.wire == old.wire)?;
                side.given(o, SetterOf::Member(at)).map(|(given, _)| given)
            };
            let breaks = match (index(&self.old, i), index(&self.new, j)) {
                (Some(old), Some(new)) => self.given_breaks(&old, &new),
                _ => false,
            };
            let survival = Some(Survival::Depends(format!("`{}` is written in the old way", old.wire)));
            let class = if breaks { Class::BreaksCompiling } else { quiet(&Outcome::sending(survival.clone())) };
            draft.sends(survival);
            draft.add(class, "D0311", format!("`{}`: {}", old.wire, from_to(&way(old), &way(new))));
        }
    }
}

/// How a member is written, in words.
fn way(member: &BodyMember) -> String {
    let mut way = match &member.written {
        Written::Upload => "bytes".to_owned(),
        Written::Plain => "as it is".to_owned(),
        Written::Json => "JSON".to_owned(),
        Written::Spelled(spelling) => words(spelling),
    };
    if let Some(content_type) = &member.content_type {
        way.push_str(&format!(" as {content_type}"));
    }
    if !member.headers.is_empty() {
        way.push_str(&format!(" with {}", member.headers.join(", ")));
    }
    way
}

impl Diff<'_> {
    /// Notes media types that an answer may have now, or no longer, and that the crate does not ask for.
    pub(super) fn media_types_of_answers(&self, draft: &mut Draft, code: &'static str, (a, b): (&Origin, &Origin)) {
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
