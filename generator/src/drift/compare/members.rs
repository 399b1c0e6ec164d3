//! Fields of models, values of enums, choices of unions.

use super::draft::{Draft, from_to};
use super::parameters::has_no_name;
use super::side::UNREAD;
use super::types::FieldPairs;
use super::{Diff, limits, wire};
use crate::drift::change::{Class, Outcome, Survival};
use crate::history::likeness::is_slip;
use crate::ir::{Field, Type, TypeDef, TypeId, TypeKind};
use crate::render::surface::{Given, Shown};

/// Codes for flags and words.
const FIELD_WORDS: (&str, &str, &str) = ("D0611", "D0612", "D0613");
const VALUE_WORDS: (&str, &str, &str) = ("D0704", "D0705", "D0706");
const CHOICE_WORDS: (&str, &str, &str) = ("D0806", "D0806", "D0806");

fn survives(text: &str) -> Option<Survival> {
    Some(Survival::Survives(text.to_owned()))
}

fn depends(text: &str) -> Option<Survival> {
    Some(Survival::Depends(text.to_owned()))
}

fn fails(text: &str) -> Option<Survival> {
    Some(Survival::Fails(text.to_owned()))
}

/// The class of a difference that the compiler does not notice.
pub(super) fn quiet(outcome: &Outcome) -> Class {
    match outcome.worst() {
        Some(Survival::Fails(_) | Survival::Depends(_)) => Class::BreaksAtRunTime,
        _ => Class::Additive,
    }
}

/// What reading a member comes to that can do without a value.
fn spared(f: &Field, read: Option<Survival>) -> Option<Survival> {
    match read {
        Some(Survival::Fails(_) | Survival::Depends(_)) if !f.must_have_value() => survives(UNREAD),
        read => read,
    }
}

impl Diff<'_> {
    fn about_members(&self, draft: &mut Draft, old: Option<(TypeId, usize)>, new: Option<(TypeId, usize)>) {
        let origin = |side: &super::Side<'_>, (id, index): (TypeId, usize)| {
            side.def(id).map(|d| match &d.kind {
                TypeKind::Model(m) => m.fields.get(index).map_or(d.origin.clone(), |f| f.origin.clone()),
                TypeKind::Union(u) => u.branches.get(index).map_or(d.origin.clone(), |b| b.origin.clone()),
                TypeKind::Enum(e) => side.value_origin(d, e, index),
            })
        };
        if let Some((id, index)) = old {
            draft.old = origin(&self.old, (id, index)).map(|o| self.old.place(&o));
            draft.path_old = Some(self.old.member_path(id, index));
            draft.rust_old = self.old.member_rust(id, index);
        }
        if let Some((id, index)) = new {
            draft.new = origin(&self.new, (id, index)).map(|o| self.new.place(&o));
            draft.path_new = Some(self.new.member_path(id, index));
            draft.rust_new = self.new.member_rust(id, index);
        }
        self.concerns(draft, old.map(|(id, _)| id), new.map(|(id, _)| id));
    }

    /// The fields of a pair of models.
    pub(super) fn fields(&mut self, a: TypeId, b: TypeId, pairs: &FieldPairs) {
        let fields = |side: &super::Side<'_>, id: TypeId| {
            side.def(id).and_then(TypeDef::model).map(|m| m.fields.clone()).unwrap_or_default()
        };
        let (olds, news) = (fields(&self.old, a), fields(&self.new, b));
        for (i, (f, to)) in olds.iter().zip(&pairs.to).enumerate() {
            match to.and_then(|j| Some((j, news.get(j)?))) {
                Some((j, g)) => self.field_pair((a, i, f), (b, j, g)),
                None => self.field_removed(a, i, f, b),
            }
        }
        for j in &pairs.added {
            if let Some(g) = news.get(*j) {
                self.field_added(a, b, *j, g);
            }
        }
    }

    fn field_removed(&mut self, a: TypeId, i: usize, f: &Field, b: TypeId) {
        let mut draft = Draft::default();
        self.about_members(&mut draft, Some((a, i)), None);
        draft.new = self.new.def(b).map(|d| self.new.place(&d.origin));
        let argument = self.old.member_given(a, i).is_asked_for();
        let class =
            if argument && self.body_still_given(a, b) { Class::BreaksAtRunTime } else { Class::BreaksCompiling };
        draft.add(class, "D0601", "");
        if self.old.in_responses(a) {
            let reads_as = self.old.reads_as(a, i);
            let read = match (f.required, !self.old.misses(a, i)) {
                (true, false) => fails(
                    "it is required and does not come: a record without it is invalid, a response of one object an error",
                ),
                (true, true) => survives(&format!("it {reads_as}, and its absence is reported")),
                (false, _) => survives(&format!("it {reads_as}")),
            };
            draft.reads(self.old.endured(a, read));
        }
        if self.old.in_requests(a) {
            draft.sends(depends("it is still sent: the API ignores or refuses it"));
        }
        self.push(draft);
    }

    /// Whether both models are arguments of a function whose old calls compile.
    fn body_still_given(&self, a: TypeId, b: TypeId) -> bool {
        match (self.old.seen(a).map(|s| s.shown), self.new.seen(b).map(|s| s.shown)) {
            (Some(Shown::Builder(i)), Some(Shown::Builder(j))) => self.still_called(i, j),
            _ => false,
        }
    }

    fn field_added(&mut self, a: TypeId, b: TypeId, j: usize, g: &Field) {
        let mut draft = Draft::default();
        self.about_members(&mut draft, None, Some((b, j)));
        draft.old = self.old.def(a).map(|d| self.old.place(&d.origin));
        let detail = draft.rust_new.clone().unwrap_or_default();
        // One more argument, where there was a function that took the others.
        let was_built = match self.old.seen(a).map(|s| s.shown) {
            Some(Shown::Builder(_)) => true,
            _ => self.old.seen(a).is_some_and(|s| s.buildable),
        };
        let argument = self.new.member_given(b, j).is_asked_for();
        let breaks = was_built && argument && !self.body_still_given(a, b);
        if self.old.in_requests(a) && g.required && !g.read_only {
            draft.sends(fails("it is required and not sent: the API refuses the request"));
        }
        if self.old.in_responses(a) {
            draft.reads(survives("it is kept in `extra`, and written back"));
        }
        let code = if g.required { "D0603" } else { "D0602" };
        let class = if breaks { Class::BreaksCompiling } else { quiet(&draft.survives) };
        draft.add(class, code, format!("`{detail}`"));
        self.push(draft);
    }

    fn field_pair(&mut self, (a, i, f): (TypeId, usize, &Field), (b, j, g): (TypeId, usize, &Field)) {
        let mut draft = Draft::default();
        let (requests, responses) = (self.old.in_requests(a), self.old.in_responses(a));
        let reads_as = self.old.reads_as(a, i);
        let breaks = self.field_breaks((a, i), (b, j));
        // What the compiler says, or what the wire says.
        let class = |outcome: &Outcome| if breaks { Class::BreaksCompiling } else { quiet(outcome) };
        // Where only requests are concerned.
        let as_before = || (!responses).then(|| survives("it is sent as before")).flatten();
        let signature = || {
            let before = self.old.member_rust(a, i).unwrap_or_default();
            let after = self.new.member_rust(b, j).unwrap_or_default();
            if before == after { String::new() } else { from_to(&before, &after) }
        };
        let note = |draft: &mut Draft, code: &'static str, reads: Option<Survival>, sends: Option<Survival>| {
            let wire = (f.wire != g.wire && signature().is_empty()).then(|| from_to(&f.wire, &g.wire));
            let outcome = Outcome { reads: self.old.endured(a, spared(f, reads)), sends };
            // The field of a member that has changed holds another member now.
            let class = match class(&outcome) {
                Class::Additive if wire.is_some() => Class::BreaksAtRunTime,
                class => class,
            };
            draft.survives.add(outcome);
            // The declaration is shown once.
            let detail = wire.unwrap_or_else(|| if draft.is_empty() { signature() } else { String::new() });
            draft.add(class, code, detail);
        };
        if f.wire != g.wire {
            let reads = match (responses, self.old.misses(a, i)) {
                (false, _) => None,
                (true, true) => fails(
                    "the old name is required and does not come: a record without it is invalid, a response of one object an error",
                ),
                (true, false) => survives(&format!("the old name {reads_as}, the new one is kept in `extra`")),
            };
            let sends = match (requests, g.required) {
                (false, _) => None,
                (true, true) => fails("the old name is sent: the API refuses the request for want of the new one"),
                (true, false) => depends("the old name is sent: the API ignores or refuses it"),
            };
            note(&mut draft, "D0604", reads, sends);
        } else if self.old.member(a, i) != self.new.member(b, j) {
            note(&mut draft, "D0604", None, None);
        }
        let mut elsewhere = None;
        if !self.pairs.same(&f.of.ty, &g.of.ty) {
            let (x, y) = (&f.of.ty, &g.of.ty);
            let reads = responses.then(|| wire::reads(&self.old, &self.new, &self.pairs, x, y)).flatten();
            let sends = requests.then(|| wire::sends(&self.old, &self.new, &self.pairs, x, y, false)).flatten();
            // One schema that both refer to has changed: that is said there.
            match self.shared_component(&f.origin.pointer, &g.origin.pointer) {
                Some(name) => {
                    let outcome = Outcome { reads: self.old.endured(a, spared(f, reads)), sends };
                    elsewhere = Some((name, class(&outcome), outcome));
                }
                None => note(&mut draft, "D0605", reads, sends),
            }
        }
        match (f.required, g.required) {
            (false, true) => {
                let sends = match requests && !g.read_only {
                    true => depends("a request that does not set it is refused"),
                    false => None,
                };
                let reads = responses.then(|| survives("it is read as before")).flatten();
                note(&mut draft, "D0606", reads, sends);
            }
            (true, false) => {
                let reads = match (responses, !self.old.misses(a, i)) {
                    (true, false) => depends("a record without it is invalid, a response of one object an error"),
                    (true, true) => survives(&format!("it {reads_as}, and its absence is reported")),
                    (false, _) => None,
                };
                note(&mut draft, "D0607", reads, as_before());
            }
            _ => {}
        }
        match (f.of.nullable, g.of.nullable) {
            (false, true) => {
                let reads = match (responses, f.required && f.of.ty != Type::Any) {
                    (true, _) if f.of.ty == Type::Any => survives("null is any JSON already"),
                    (true, true) if f.may_be_null => survives(&format!("null {reads_as}")),
                    (true, true) if !self.old.misses(a, i) => survives(&format!("null {reads_as}, and is reported")),
                    (true, true) => {
                        depends("null cannot be read: a record with it is invalid, a response of one object an error")
                    }
                    (true, false) => survives(&format!("null {reads_as}, and is reported")),
                    (false, _) => None,
                };
                note(&mut draft, "D0608", reads, as_before());
            }
            (true, false) => {
                let reads = responses.then(|| survives("it is read as before")).flatten();
                let sends = requests.then(|| depends("null is refused")).flatten();
                note(&mut draft, "D0609", reads, sends);
            }
            _ => {}
        }
        if f.constant != g.constant && requests {
            let sends = match (&f.constant, &g.constant) {
                (Some(_), Some(_)) => {
                    fails("the old value is sent: the API refuses it, or takes the model for another")
                }
                (Some(_), None) => survives("the value is sent as before"),
                (None, _) => depends("any value but that one is refused, or means another model"),
            };
            let reads = responses.then(|| survives("it is read as before")).flatten();
            note(&mut draft, "D0615", reads, requests.then_some(sends).flatten());
            let word = |value: &Option<String>| value.as_ref().map_or("any value".to_owned(), |v| format!("`{v}`"));
            draft.also.push(format!("{} → {}", word(&f.constant), word(&g.constant)));
        }
        if (f.read_only, f.write_only) != (g.read_only, g.write_only) {
            let sends = match requests && g.read_only && !f.read_only {
                true => depends("it is still sent: the API ignores or refuses it"),
                false => None,
            };
            let reads = match (responses && g.write_only && !f.write_only && f.required, f.nullable()) {
                (true, false) => depends("a record without it is invalid, a response of one object an error"),
                (true, true) => survives(&format!("it {reads_as}, and its absence is reported")),
                (false, _) => None,
            };
            let words = |f: &Field| match (f.read_only, f.write_only) {
                (true, false) => "only read",
                (false, true) => "only written",
                _ => "read and written",
            };
            note(&mut draft, "D0614", reads, sends);
            draft.also.push(format!("{} → {}", words(f), words(g)));
        }
        if breaks && draft.is_empty() && elsewhere.is_none() {
            note(&mut draft, "D0610", None, None);
        }
        let places = (&f.origin.pointer, &g.origin.pointer);
        if self.pairs.same(&f.of.ty, &g.of.ty) {
            let differ = limits::differences((&self.old, places.0), (&self.new, places.1), false);
            let sent = (requests && !g.read_only).then_some(!g.required);
            self.limits(&mut draft, "D0618", &differ, sent);
        }
        let is_argument = self.new.seen(b).is_some_and(|s| matches!(s.shown, Shown::Builder(_)))
            && matches!(self.new.member_given(b, j), Given::Argument(_));
        let after = self.own_words((&f.docs, &f.of.ty), (&g.docs, &g.of.ty));
        self.words(&mut draft, &f.docs, &after, FIELD_WORDS, !is_argument);
        if draft.is_empty() && elsewhere.is_none() {
            return;
        }
        self.about_members(&mut draft, Some((a, i)), Some((b, j)));
        if let Some((name, class, outcome)) = elsewhere {
            self.caused(name, class, outcome, &draft);
        }
        self.push(draft);
    }

    /// Whether code that reads, sets or gives a field no longer compiles.
    fn field_breaks(&self, old: (TypeId, usize), new: (TypeId, usize)) -> bool {
        let (Some(seen_old), Some(seen_new)) = (self.old.seen(old.0), self.new.seen(new.0)) else { return false };
        let given = (self.old.member_given(old.0, old.1), self.new.member_given(new.0, new.1));
        let visible = |shown: Shown| matches!(shown, Shown::Item | Shown::Page);
        match (seen_old.shown, seen_new.shown) {
            // Between a builder and a type of its own: the body's change says it.
            (Shown::Builder(_), Shown::Item | Shown::Page) | (Shown::Item | Shown::Page, Shown::Builder(_)) => {
                return false;
            }
            (p, q) if visible(p) && visible(q) => {
                if self.old.member(old.0, old.1) != self.new.member(new.0, new.1) {
                    return true;
                }
                let ty = |seen: &crate::render::surface::TypeSurface, i: usize| {
                    seen.members.get(i).map(|m| m.ty.clone()).unwrap_or_default()
                };
                if !self.same_signature(&ty(seen_old, old.1), &ty(seen_new, new.1)) {
                    return true;
                }
            }
            (Shown::Builder(p), Shown::Builder(q)) => {
                use crate::name::SetterOf;
                let ident =
                    |side: &super::Side<'_>, o: usize, i: usize| side.given(o, SetterOf::Member(i)).map(|(_, s)| s);
                let named = (ident(&self.old, p, old.1), ident(&self.new, q, new.1));
                // An argument's name is nobody's business but its function's.
                if named.0 != named.1 && !has_no_name(&given.0, &given.1) {
                    return true;
                }
            }
            _ => {}
        }
        self.given_breaks(&given.0, &given.1)
    }

    /// Whether giving a value in the old way no longer compiles.
    pub(super) fn given_breaks(&self, old: &Given, new: &Given) -> bool {
        match (old, new) {
            (Given::No, _) => false,
            // Nothing builds the type any more: the type's change says it.
            (_, Given::No) => false,
            (Given::Argument(a), Given::Argument(b)) => !self.accepts(a, b),
            (Given::Field(a), Given::Field(b)) => !self.same_signature(a, b),
            // What has become of all arguments is said at what takes them.
            (Given::Field(_), Given::Argument(_)) | (Given::Argument(_), Given::Field(_)) => false,
            (Given::Constant, Given::Constant | Given::Setter(_) | Given::Clearable(_)) => false,
            (Given::Clearable(_), Given::Setter(_)) => true,
            (Given::Setter(a) | Given::Clearable(a), Given::Setter(b) | Given::Clearable(b)) => !self.accepts(a, b),
            _ => true,
        }
    }

    /// The values of a pair of enums.
    pub(super) fn values(&mut self, a: TypeId, b: TypeId) {
        let values = |side: &super::Side<'_>, id: TypeId| match side.def(id).map(|d| &d.kind) {
            Some(TypeKind::Enum(e)) => e.values.clone(),
            _ => Vec::new(),
        };
        let (olds, news) = (values(&self.old, a), values(&self.new, b));
        let mut to: Vec<Option<usize>> = olds.iter().map(|v| news.iter().position(|w| w.wire == v.wire)).collect();
        for (i, v) in olds.iter().enumerate() {
            if to.get(i).is_some_and(Option::is_some) {
                continue;
            }
            let slip = news.iter().enumerate().find(|(j, w)| !to.contains(&Some(*j)) && is_slip(&v.wire, &w.wire));
            if let (Some((j, _)), Some(slot)) = (slip, to.get_mut(i)) {
                *slot = Some(j);
            }
        }
        let (requests, responses) = (self.old.in_requests(a), self.old.in_responses(a));
        let unknown = || survives("the new value is read as `Unrecognized` and written back as it came");
        for (i, (v, to_new)) in olds.iter().zip(&to).enumerate() {
            let mut draft = Draft::default();
            match to_new.and_then(|j| Some((j, news.get(j)?))) {
                Some((j, w)) => {
                    let idents = (self.old.member(a, i), self.new.member(b, j));
                    if v.wire != w.wire {
                        if responses {
                            draft.reads(unknown());
                        }
                        if requests {
                            draft.sends(depends("a call that sends the old value is refused"));
                        }
                        let class = match (idents.0 != idents.1, quiet(&draft.survives)) {
                            (true, _) => Class::BreaksCompiling,
                            // The variant of a value that has changed means another value now.
                            (false, _) => Class::BreaksAtRunTime,
                        };
                        draft.add(class, "D0703", from_to(&v.wire, &w.wire));
                    } else if idents.0 != idents.1 {
                        draft.add(Class::BreaksCompiling, "D0703", format!("`{}`, the value stays", v.wire));
                    }
                    self.words(&mut draft, &v.docs, &w.docs, VALUE_WORDS, true);
                }
                None => {
                    draft.add(Class::BreaksCompiling, "D0701", format!("`{}`", v.wire));
                    if requests {
                        draft.sends(depends("a call that still sends the value is refused"));
                    }
                }
            }
            if draft.is_empty() {
                continue;
            }
            self.about_members(&mut draft, Some((a, i)), to_new.map(|j| (b, j)));
            if to_new.is_none() {
                draft.new = self.new.def(b).map(|d| self.new.place(&d.origin));
            }
            self.push(draft);
        }
        for (j, w) in news.iter().enumerate().filter(|(j, _)| !to.contains(&Some(*j))) {
            let mut draft = Draft::default();
            self.about_members(&mut draft, None, Some((b, j)));
            draft.old = self.old.def(a).map(|d| self.old.place(&d.origin));
            draft.add(Class::Additive, "D0702", format!("`{}`", w.wire));
            if responses {
                draft.reads(unknown());
            }
            self.push(draft);
        }
    }

    /// The choices of a pair of unions.
    pub(super) fn choices(&mut self, a: TypeId, b: TypeId) {
        let branches = |side: &super::Side<'_>, id: TypeId| match side.def(id).map(|d| &d.kind) {
            Some(TypeKind::Union(u)) => u.branches.clone(),
            _ => Vec::new(),
        };
        let (olds, news) = (branches(&self.old, a), branches(&self.new, b));
        let mut to: Vec<Option<usize>> = Vec::new();
        for branch in &olds {
            let found =
                news.iter().enumerate().position(|(j, n)| !to.contains(&Some(j)) && self.pairs.same(&branch.ty, &n.ty));
            to.push(found);
        }
        // The same variant with something else in it.
        for i in 0..olds.len() {
            if to.get(i).is_some_and(Option::is_some) {
                continue;
            }
            let ident = self.old.member(a, i);
            let found = (0..news.len()).find(|j| !to.contains(&Some(*j)) && self.new.member(b, *j) == ident);
            if let Some(slot) = to.get_mut(i) {
                *slot = found;
            }
        }
        let (requests, responses) = (self.old.in_requests(a), self.old.in_responses(a));
        for (i, branch) in olds.iter().enumerate() {
            let mut draft = Draft::default();
            let to_new = to.get(i).copied().flatten();
            self.about_members(&mut draft, Some((a, i)), to_new.map(|j| (b, j)));
            let (before, after) =
                (draft.rust_old.clone().unwrap_or_default(), draft.rust_new.clone().unwrap_or_default());
            match to_new.and_then(|j| Some((j, news.get(j)?))) {
                Some((j, other)) => {
                    let same = self.pairs.same(&branch.ty, &other.ty);
                    if !same {
                        if responses {
                            draft.reads(survives("what no choice explains is kept raw"));
                        }
                        if requests {
                            let sent = wire::sends(&self.old, &self.new, &self.pairs, &branch.ty, &other.ty, false);
                            draft.sends(sent);
                        }
                        draft.add(Class::BreaksCompiling, "D0803", from_to(&before, &after));
                    } else if self.old.member(a, i) != self.new.member(b, j) && !self.named_after_type(a, i, b, j) {
                        draft.add(Class::BreaksCompiling, "D0804", from_to(&before, &after));
                    }
                    if let (Some((p, was)), Some((q, is))) = (&branch.tag, &other.tag)
                        && p == q
                        && !(was.iter().all(|v| is.contains(v)) && is.iter().all(|v| was.contains(v)))
                    {
                        if responses {
                            draft.reads(survives(
                                "a value that the old client does not know is read as the choice that explains most, or kept raw",
                            ));
                        }
                        if requests && was.iter().any(|v| !is.contains(v)) {
                            draft.sends(depends("the old value is sent: it is refused, or means another choice"));
                        }
                        draft.add(quiet(&draft.survives), "D0808", from_to(&was.join(", "), &is.join(", ")));
                    }
                    let from = |side: &super::Side<'_>, id: TypeId, i: usize| {
                        side.seen(id).and_then(|s| s.members.get(i)).is_some_and(|m| m.from)
                    };
                    match (from(&self.old, a, i), from(&self.new, b, j)) {
                        (true, false) => draft.add(Class::BreaksCompiling, "D0807", "gone"),
                        (false, true) => draft.add(Class::Additive, "D0807", "there"),
                        _ => {}
                    }
                    // Variants of unions carry no attribute.
                    self.words(&mut draft, &branch.docs, &other.docs, CHOICE_WORDS, false);
                }
                None => {
                    draft.new = self.new.def(b).map(|d| self.new.place(&d.origin));
                    draft.add(Class::BreaksCompiling, "D0801", "");
                    if requests {
                        draft.sends(depends("such values are still sent: the API refuses what no other choice takes"));
                    }
                }
            }
            self.push(draft);
        }
        for j in (0..news.len()).filter(|j| !to.contains(&Some(*j))) {
            let mut draft = Draft::default();
            self.about_members(&mut draft, None, Some((b, j)));
            draft.old = self.old.def(a).map(|d| self.old.place(&d.origin));
            let detail = draft.rust_new.clone().unwrap_or_default();
            draft.add(Class::Additive, "D0802", format!("`{detail}`"));
            if responses {
                draft.reads(survives("what no choice explains is kept raw"));
            }
            self.push(draft);
        }
    }

    /// Whether a variant is called after its type and only followed the type's new name, which is reported there.
    fn named_after_type(&self, a: TypeId, i: usize, b: TypeId, j: usize) -> bool {
        let named = |side: &super::Side<'_>, id: TypeId, index: usize| match side.def(id).map(|d| &d.kind) {
            Some(TypeKind::Union(u)) => u.branches.get(index).and_then(|branch| branch.ty.named()),
            _ => None,
        };
        match (named(&self.old, a, i), named(&self.new, b, j)) {
            (Some(x), Some(y)) => {
                self.old.member(a, i) == self.old.name(x) && self.new.member(b, j) == self.new.name(y)
            }
            _ => false,
        }
    }
}
