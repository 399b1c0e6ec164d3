//! Operations and the handles they hang on; parameters, bodies and answers of each pair.

use super::Diff;
use super::draft::{Draft, from_to};
use super::members::quiet;
use super::{access, limits, wire};
use crate::analyze::Call;
use crate::base::pointer::unnamed;
use crate::drift::change::{Class, Survival};
use crate::ir::{Content, Operation, Response, Type};
use crate::name::SetterOf;
use crate::render::surface::OperationSurface;
use std::collections::BTreeSet;

/// Codes for flags and words.
const WORDS: (&str, &str, &str) = ("D0110", "D0111", "D0112");

impl Diff<'_> {
    /// Compares all operations.
    pub(super) fn operations(&mut self) {
        self.handles();
        for i in 0..self.old.api().operations.len() {
            match self.pairs.operations.get(i).copied().flatten() {
                Some(j) => {
                    self.operation_pair(i, j);
                    self.parameters(i, j);
                    self.bodies(i, j);
                }
                None => {
                    let mut draft = Draft::default();
                    self.about(&mut draft, Some(i), None);
                    draft.add(Class::BreaksCompiling, "D0101", self.call(true, i));
                    draft.sends(Some(Survival::Fails("the API answers 404 or 405".to_owned())));
                    self.push(draft);
                }
            }
        }
        for j in 0..self.new.api().operations.len() {
            if self.pairs.operations_back.get(j).is_some_and(Option::is_none) {
                let mut draft = Draft::default();
                self.about(&mut draft, None, Some(j));
                draft.add(Class::Additive, "D0102", self.call(false, j));
                self.push(draft);
            }
        }
    }

    /// Method and path.
    fn call(&self, old: bool, index: usize) -> String {
        let side = if old { &self.old } else { &self.new };
        let o = side.api().operations.get(index);
        o.map(|o| format!("`{} {}`", o.method.to_uppercase(), o.path)).unwrap_or_default()
    }

    /// What both sides of an operation say of where it is.
    pub(super) fn about(&self, draft: &mut Draft, old: Option<usize>, new: Option<usize>) {
        draft.operations = 1;
        if let Some(i) = old {
            draft.old = self.old.api().operations.get(i).map(|o| self.old.place(&o.origin));
            draft.path_old = Some(self.old.operation_path(i));
            draft.rust_old = self.old.operation_rust(i);
        }
        if let Some(j) = new {
            draft.new = self.new.api().operations.get(j).map(|o| self.new.place(&o.origin));
            draft.path_new = Some(self.new.operation_path(j));
            draft.rust_new = self.new.operation_rust(j);
        }
        draft.tags = match new {
            Some(j) => self.new.tags_of(&BTreeSet::from([j])),
            None => self.old.tags_of(&old.into_iter().collect()),
        };
    }

    /// Tags: gone, come, renamed.
    fn handles(&mut self) {
        let of = |side: &super::Side<'_>, tag: usize| {
            let all = side.api().operations.iter().enumerate().filter(|(_, o)| o.tag == tag);
            all.map(|(i, _)| i).collect::<BTreeSet<usize>>()
        };
        let declared = |side: &super::Side<'_>, tag: usize| {
            side.tag(tag).map(|t| format!("client.{}() -> {}<'_>", t.accessor, t.handle))
        };
        let path = |side: &super::Side<'_>, tag: usize| side.tag(tag).map(|t| format!("api::{}", t.handle));
        for i in 0..self.old.api().tags.len() {
            let to = self.pairs.tags.get(i).copied().flatten();
            let mut draft = Draft {
                old: self.old.tag_place(i),
                path_old: path(&self.old, i),
                rust_old: declared(&self.old, i),
                ..Draft::default()
            };
            if let Some(j) = to {
                draft.new = self.new.tag_place(j);
                draft.path_new = path(&self.new, j);
                draft.rust_new = declared(&self.new, j);
                draft.operations = of(&self.new, j).len();
                draft.tags = self.new.tags_of(&of(&self.new, j));
                if declared(&self.old, i) != declared(&self.new, j) {
                    let both = (declared(&self.old, i).unwrap_or_default(), declared(&self.new, j).unwrap_or_default());
                    draft.add(self.handle_class(i), "D0106", from_to(&both.0, &both.1));
                } else if self.old.api().tags.get(i).map(|t| &t.wire) != self.new.api().tags.get(j).map(|t| &t.wire) {
                    draft.add(Class::DocumentationOnly, "D0106", "the Rust name stays");
                }
                let words = |side: &super::Side<'_>, t: usize| {
                    side.api().tags.get(t).map(|t| t.description.trim().to_owned()).unwrap_or_default()
                };
                if words(&self.old, i) != words(&self.new, j) {
                    draft.add(Class::DocumentationOnly, "D0909", "description of the tag");
                }
            } else {
                draft.operations = of(&self.old, i).len();
                draft.tags = self.old.tags_of(&of(&self.old, i));
                draft.add(self.handle_class(i), "D0107", format!("`{}`", declared(&self.old, i).unwrap_or_default()));
            }
            self.push(draft);
        }
        for j in 0..self.new.api().tags.len() {
            if self.pairs.tags_back.get(j).is_some_and(Option::is_none) {
                let mut draft = Draft {
                    new: self.new.tag_place(j),
                    path_new: path(&self.new, j),
                    rust_new: declared(&self.new, j),
                    operations: of(&self.new, j).len(),
                    tags: self.new.tags_of(&of(&self.new, j)),
                    ..Draft::default()
                };
                draft.add(Class::Additive, "D0108", format!("`{}`", declared(&self.new, j).unwrap_or_default()));
                self.push(draft);
            }
        }
    }

    /// What it means that an old handle is no tag's any more.
    fn handle_class(&self, tag: usize) -> Class {
        let earlier = self.old.tag(tag).is_some_and(|t| self.new.has_earlier_handle(&t.accessor));
        if earlier { Class::Deprecating } else { Class::BreaksCompiling }
    }

    fn operation_pair(&mut self, i: usize, j: usize) {
        let (Some(o), Some(n)) = (self.old.api().operations.get(i), self.new.api().operations.get(j)) else { return };
        let (Some(seen_old), Some(seen_new)) = (self.old.surface.operations.get(i), self.new.surface.operations.get(j))
        else {
            return;
        };
        let (Some(names_old), Some(names_new)) =
            (self.old.u.names.operations.get(i), self.new.u.names.operations.get(j))
        else {
            return;
        };
        let mut draft = Draft::default();
        // The lock keeps old names alive for a major version.
        let accessor_old = self.old.tag(o.tag).map(|t| t.accessor.as_str()).unwrap_or_default();
        let softened = self.new.is_called_by(j, accessor_old, &names_old.method, &names_old.builder);
        let class_of_name = if softened { Class::Deprecating } else { Class::BreaksCompiling };
        if names_old.method != names_new.method || names_old.builder != names_new.builder {
            let detail = match o.id == n.id {
                true => from_to(&names_old.method, &names_new.method),
                false => from_to(&o.id, &n.id),
            };
            draft.add(class_of_name, "D0103", detail);
        } else if o.id != n.id {
            draft.add(Class::DocumentationOnly, "D0103", format!("{}, the Rust names stay", from_to(&o.id, &n.id)));
        }
        if self.pairs.tags.get(o.tag).copied().flatten() != Some(n.tag) {
            let accessor = |side: &super::Side<'_>, t: usize| {
                side.tag(t).map(|t| format!("client.{}()", t.accessor)).unwrap_or_default()
            };
            let detail = from_to(&accessor(&self.old, o.tag), &accessor(&self.new, n.tag));
            draft.add(class_of_name, "D0105", detail);
        }
        let call = |o: &Operation| format!("{} {}", o.method.to_uppercase(), unnamed(&o.path));
        if call(o) != call(n) || o.fixed_query != n.fixed_query {
            draft.sends(Some(Survival::Fails("the old path is called: the API answers 404 or 405".to_owned())));
            draft.add(Class::BreaksAtRunTime, "D0104", format!("{} → {}", self.call(true, i), self.call(false, j)));
        }
        access::operation(&mut draft, (&self.old, o), (&self.new, n));
        let (call_old, call_new) = (self.old.u.facts.calls.get(i), self.new.u.facts.calls.get(j));
        if let (Some(before), Some(now)) = (call_old, call_new) {
            calls(&mut draft, before, now);
        }
        self.argument_order(&mut draft, i, j);
        self.result(&mut draft, (o, seen_old), (n, seen_new));
        self.errors(&mut draft, o, n);
        self.answers(&mut draft, o, n);
        self.headers(&mut draft, i, j);
        self.words(&mut draft, &o.docs, &n.docs, WORDS, true);
        let answers = |o: &Operation| -> Vec<(String, String)> {
            o.responses.iter().map(|r| (r.status.clone(), r.docs.text.trim().to_owned())).collect()
        };
        let (before, after) = (answers(o), answers(n));
        let differ = before.iter().any(|(s, text)| after.iter().any(|(t, other)| s == t && text != other));
        let links = |o: &Operation| o.responses.iter().flat_map(|r| r.links.clone()).collect::<Vec<_>>();
        if differ || links(o) != links(n) {
            draft.add(Class::DocumentationOnly, "D0406", "");
        }
        if !draft.is_empty() {
            self.about(&mut draft, Some(i), Some(j));
            self.push(draft);
        }
    }

    /// The common arguments, where they come in another order, or are given in another way.
    fn argument_order(&self, draft: &mut Draft, i: usize, j: usize) {
        let names = (self.old.u.names.operations.get(i), self.new.u.names.operations.get(j));
        let seen = (self.old.surface.operations.get(i), self.new.surface.operations.get(j));
        let ((Some(old), Some(new)), (Some(seen_old), Some(seen_new))) = (names, seen) else { return };
        match (&old.args, &new.args) {
            (None, None) => {}
            // Fields have no order.
            (Some(a), Some(b)) if a == b || old.builder != new.builder => return,
            _ => {
                let detail = from_to(&self.old.arguments_of(i), &self.new.arguments_of(j));
                draft.add(Class::BreaksCompiling, "D0119", detail);
                return;
            }
        }
        let wire = |side: &super::Side<'_>, o: usize, of: SetterOf| self.wire_name(side, o, of);
        let before: Vec<(String, &String)> =
            old.plan.arguments.iter().zip(&seen_old.arguments).map(|(s, t)| (wire(&self.old, i, s.of), t)).collect();
        let after: Vec<(String, &String)> =
            new.plan.arguments.iter().zip(&seen_new.arguments).map(|(s, t)| (wire(&self.new, j, s.of), t)).collect();
        let common = |list: &[(String, &String)], other: &[(String, &String)]| -> Vec<(String, String)> {
            let known = list.iter().filter(|(w, _)| other.iter().any(|(x, _)| x == w));
            known.map(|(w, t)| (w.clone(), (*t).clone())).collect()
        };
        let (before, after) = (common(&before, &after), common(&after, &before));
        if before.iter().map(|(w, _)| w).eq(after.iter().map(|(w, _)| w)) {
            return;
        }
        let noticed = before.iter().zip(&after).any(|((_, a), (_, b))| !self.accepts(a, b));
        let list = |all: &[(String, String)]| all.iter().map(|(w, _)| w.as_str()).collect::<Vec<_>>().join(", ");
        let class = if noticed { Class::BreaksCompiling } else { Class::BreaksAtRunTime };
        draft.add(class, "D0109", format!("({}) → ({})", list(&before), list(&after)));
        if !noticed {
            draft.help = Some("the compiler does not notice: look at every call".to_owned());
        }
    }

    /// What an argument is on the wire.
    fn wire_name(&self, side: &super::Side<'_>, operation: usize, of: SetterOf) -> String {
        let o = side.api().operations.get(operation);
        match of {
            SetterOf::Parameter(p) => o.and_then(|o| o.parameters.get(p)).map(|p| p.wire.clone()).unwrap_or_default(),
            SetterOf::Member(m) => {
                let flat = side.u.names.operations.get(operation).and_then(|n| n.plan.flat);
                match flat.and_then(|id| side.def(id)).map(|d| &d.kind) {
                    Some(crate::ir::TypeKind::Model(model)) => {
                        model.fields.get(m).map(|f| f.wire.clone()).unwrap_or_default()
                    }
                    _ => String::new(),
                }
            }
            SetterOf::Body | SetterOf::Other(_) => "body".to_owned(),
            SetterOf::ContentType => "content-type".to_owned(),
            SetterOf::Mfa => "mfa".to_owned(),
            SetterOf::Token => "token".to_owned(),
        }
    }

    /// What a call gives.
    fn result(&self, draft: &mut Draft, old: (&Operation, &OperationSurface), new: (&Operation, &OperationSurface)) {
        let success = |o: &Operation| -> Vec<(String, Option<Type>)> {
            let listed = o.successes();
            listed
                .map(|r| (r.status.clone(), r.content.as_ref().and_then(|(_, c)| c.of()).map(|u| u.ty.clone())))
                .collect()
        };
        let (before, after) = (success(old.0), success(new.0));
        let same_types = match (before.iter().find_map(|(_, t)| t.as_ref()), after.iter().find_map(|(_, t)| t.as_ref()))
        {
            (Some(a), Some(b)) => self.pairs.same(a, b),
            (None, None) => true,
            _ => false,
        };
        let survival = || self.answers_read(old.0, new.0);
        let same_signature = self.same_signature(&old.1.result, &new.1.result);
        match (old.1.cases.is_empty(), new.1.cases.is_empty()) {
            (true, true) => {
                if !same_signature && !same_types {
                    draft.reads(survival());
                    draft.add(Class::BreaksCompiling, "D0401", from_to(&old.1.result, &new.1.result));
                } else if !same_signature && old.1.page.is_some() == new.1.page.is_some() && old.0.responses.len() == 1
                {
                    // The same schema, seen otherwise: in a list of records or not.
                    let lists = |text: &str| text.contains("Records<");
                    if lists(&old.1.result) != lists(&new.1.result) {
                        draft.add(Class::BreaksCompiling, "D0401", from_to(&old.1.result, &new.1.result));
                    }
                }
            }
            (true, false) | (false, true) => {
                draft.reads(survival());
                draft.add(Class::BreaksCompiling, "D0401", from_to(&old.1.result, &new.1.result));
            }
            (false, false) => {
                for (variant, ty) in &old.1.cases {
                    let text = |t: &Option<String>| t.as_ref().map(|t| format!("({t})")).unwrap_or_default();
                    match new.1.cases.iter().find(|(v, _)| v == variant) {
                        None => draft.add(Class::BreaksCompiling, "D0401", format!("`{variant}` is gone")),
                        Some((_, now)) => {
                            let same = match (ty, now) {
                                (Some(a), Some(b)) => self.same_signature(a, b),
                                (None, None) => true,
                                _ => false,
                            };
                            if !same {
                                let detail =
                                    from_to(&format!("{variant}{}", text(ty)), &format!("{variant}{}", text(now)));
                                draft.reads(survival());
                                draft.add(Class::BreaksCompiling, "D0401", detail);
                            }
                        }
                    }
                }
                for (variant, _) in new.1.cases.iter().filter(|(v, _)| !old.1.cases.iter().any(|(w, _)| w == v)) {
                    draft.add(Class::Additive, "D0401", format!("`{variant}` is there"));
                }
            }
        }
        let statuses =
            |list: &[(String, Option<Type>)]| -> BTreeSet<String> { list.iter().map(|(s, _)| s.clone()).collect() };
        let (a, b) = (statuses(&before), statuses(&after));
        if a != b && old.1.cases.is_empty() && new.1.cases.is_empty() {
            let list = |s: BTreeSet<String>| s.into_iter().collect::<Vec<_>>().join(", ");
            let fewer = b.is_subset(&a);
            let text = match fewer {
                true => "the statuses that are left are read as before",
                false => "a success that is not declared is an error to the old client, which holds the body",
            };
            let other = if fewer { Survival::Survives(text.to_owned()) } else { Survival::Depends(text.to_owned()) };
            draft.reads(survival().or(Some(other)));
            let class = match quiet(&draft.survives) {
                Class::Additive if fewer => Class::DocumentationOnly,
                class => class,
            };
            draft.add(class, "D0402", format!("{} → {}", list(a), list(b)));
        }
        self.nullable_answers(draft, old.0, new.0, same_signature);
        match (&old.1.page, &new.1.page) {
            (Some(a), None) => draft.add(Class::BreaksCompiling, "D0117", format!("no pages of `{a}` any more")),
            (None, Some(b)) => draft.add(Class::Additive, "D0117", format!("pages of `{b}`")),
            _ => {}
        }
    }

    /// What the old client makes of the successes of the new document. One whose status it does not know is no result to it, unless it
    /// knows none: then it reads all as `default`, or as nothing.
    fn answers_read(&self, old: &Operation, new: &Operation) -> Option<Survival> {
        let successes = |o: &Operation| -> Vec<Response> { o.successes().cloned().collect() };
        let (known, coming) = (successes(old), successes(new));
        let outcome = |response: &Response| -> Option<Survival> {
            let exact = known.iter().find(|r| r.status == response.status);
            let of_class = || known.iter().find(|r| r.status == "2XX");
            let default = || old.responses.iter().find(|r| r.status == "default");
            let declared = exact.or_else(of_class).or_else(|| default().filter(|_| known.is_empty()));
            let has_way = declared.is_some() || (known.is_empty() && response.status != "202");
            if !has_way {
                let status = &response.status;
                let text = format!(
                    "{status} is not declared: to the old client the call ends in an error, which holds the body"
                );
                return Some(Survival::Fails(text));
            }
            match (declared.and_then(|r| r.content.as_ref()), &response.content) {
                (Some((_, Content::Json(a))), Some((_, Content::Json(b)))) => {
                    wire::reads(&self.old, &self.new, &self.pairs, &a.ty, &b.ty)
                }
                (Some((_, Content::Json(_))), _) => {
                    Some(Survival::Fails("no JSON comes where it is declared: the call ends in an error".to_owned()))
                }
                (Some(_), _) => Some(Survival::Survives("any body is read as it comes".to_owned())),
                (None, _) => Some(Survival::Survives("the body is not looked at".to_owned())),
            }
        };
        let all: Vec<Option<Survival>> = coming.iter().map(outcome).collect();
        let failing = all.iter().filter(|s| matches!(s, Some(Survival::Fails(_)))).count();
        let worst = all.into_iter().fold(None, Survival::worst);
        match worst {
            Some(Survival::Fails(text)) if failing < coming.len() => Some(Survival::Depends(text)),
            other => other,
        }
    }

    /// Answers that may be null, or no longer.
    fn nullable_answers(&self, draft: &mut Draft, old: &Operation, new: &Operation, compiles: bool) {
        let nullable = |o: &Operation, status: &str| {
            let response = o.responses.iter().find(|r| r.status == status);
            match response.and_then(|r| r.content.as_ref()) {
                Some((_, Content::Json(of))) if of.ty != Type::Any => Some(of.nullable),
                _ => None,
            }
        };
        for response in old.successes() {
            let status = response.status.as_str();
            match (nullable(old, status), nullable(new, status)) {
                (Some(false), Some(true)) => {
                    draft.reads(Some(Survival::Depends("null cannot be read: the call ends in an error".to_owned())));
                    let class = if compiles { Class::BreaksAtRunTime } else { Class::BreaksCompiling };
                    draft.add(class, "D0407", status);
                }
                (Some(true), Some(false)) => {
                    let class = if compiles { Class::Additive } else { Class::BreaksCompiling };
                    draft.add(class, "D0408", status);
                }
                _ => {}
            }
        }
    }

    /// The bodies of answers that both documents have: their media types, and limits of what they hold.
    fn answers(&self, draft: &mut Draft, o: &Operation, n: &Operation) {
        for a in &o.responses {
            let Some(b) = n.responses.iter().find(|b| b.status == a.status) else { continue };
            // Of the one that is asked for it is said already.
            if !draft.says("D0417") {
                self.media_types_of_answers(draft, "D0419", (&a.origin, &b.origin));
            }
            let (Some((media_old, x)), Some((media_new, y))) = (&a.content, &b.content) else { continue };
            let is_same = matches!((x.of(), y.of()), (Some(x), Some(y)) if self.pairs.same(&x.ty, &y.ty));
            if is_same {
                let schema = |r: &Response, media: &str| r.origin.pointer.join("content").join(media).join("schema");
                let places = (schema(a, media_old), schema(b, media_new));
                let differ = limits::differences((&self.old, &places.0), (&self.new, &places.1), false);
                self.limits(draft, "D0418", &differ, None);
            }
        }
    }

    /// The errors an operation declares.
    fn errors(&self, draft: &mut Draft, o: &Operation, n: &Operation) {
        let listed = |o: &Operation| -> Vec<(String, Option<Type>)> {
            let errors = o.responses.iter().filter(|r| !Operation::is_success(&r.status));
            let of = |c: &Option<(String, Content)>| c.as_ref().and_then(|(_, c)| c.of()).map(|u| u.ty.clone());
            errors.map(|r| (r.status.clone(), of(&r.content))).collect()
        };
        let (before, after) = (listed(o), listed(n));
        let missing = |from: &[(String, Option<Type>)], of: &[(String, Option<Type>)]| -> Vec<String> {
            of.iter().filter(|(s, _)| !from.iter().any(|(t, _)| s == t)).map(|(s, _)| s.clone()).collect()
        };
        let (added, removed) = (missing(&before, &after), missing(&after, &before));
        if !added.is_empty() {
            draft.add(Class::Additive, "D0403", added.join(", "));
        }
        if !removed.is_empty() {
            draft.add(Class::DocumentationOnly, "D0404", removed.join(", "));
        }
        let (mut differ, mut read) = (Vec::new(), None);
        for (status, ty) in &before {
            let Some((_, now)) = after.iter().find(|(s, _)| s == status) else { continue };
            let same = match (ty, now) {
                (Some(a), Some(b)) => self.pairs.same(a, b),
                (None, None) => true,
                _ => false,
            };
            if !same {
                if let (Some(a), Some(b)) = (ty, now) {
                    read = Survival::worst(read, wire::reads(&self.old, &self.new, &self.pairs, a, b));
                } else if ty.is_some() {
                    read = Survival::worst(read, Some(Survival::Depends(String::new())));
                }
                differ.push(status.clone());
            }
        }
        if !differ.is_empty() {
            let text = "the error is one as before; reading its body as the old type (`Error::read`) may fail";
            draft.reads(Some(match read {
                Some(Survival::Fails(_) | Survival::Depends(_)) => Survival::Depends(text.to_owned()),
                Some(Survival::Survives(text)) => Survival::Survives(text),
                None => Survival::Survives("any error body is read, and its text is at hand".to_owned()),
            }));
            draft.add(quiet(&draft.survives), "D0405", differ.join(", "));
        }
    }
}

/// How a call is repeated, and may be answered later.
fn calls(draft: &mut Draft, old: &Call, new: &Call) {
    if (old.retry, &old.idempotency_header) != (new.retry, &new.idempotency_header) {
        let words = |call: &Call| match &call.idempotency_header {
            Some(key) => format!("{} by {key}", call.retry.as_str()),
            None => call.retry.as_str().to_owned(),
        };
        draft.add(Class::BreaksAtRunTime, "D0114", from_to(&words(old), &words(new)));
    }
    // The order of the media types says nothing.
    let asked = |call: &Call| {
        let mut all: Vec<String> = call.accept.iter().flat_map(|all| all.split(", ")).map(str::to_owned).collect();
        all.sort();
        all
    };
    if asked(old) != asked(new) {
        let words = |call: &Call| call.accept.clone().unwrap_or_else(|| "application/json".to_owned());
        draft.reads(Some(Survival::Depends("the old media type is asked for: the API has it or not".to_owned())));
        draft.add(Class::BreaksAtRunTime, "D0417", from_to(&words(old), &words(new)));
    }
    match (old.asynchronous.is_some(), new.asynchronous.is_some()) {
        (true, false) => draft.add(Class::BreaksCompiling, "D0116", "`.asynchronous()` is gone"),
        (false, true) => draft.add(Class::Additive, "D0116", "`.asynchronous()` is there"),
        _ => {}
    }
}
