//! Parameters of a pair of operations.

use super::draft::{Draft, from_to};
use super::members::quiet;
use super::{Diff, limits, wire};
use crate::drift::change::{Class, Outcome, Survival};
use crate::history::likeness::is_slip;
use crate::ir::{Location, Parameter, Spelling, Style, Type};
use crate::name::SetterOf;
use crate::render::surface::Given;

/// Codes for flags and words.
const WORDS: (&str, &str, &str) = ("D0210", "D0211", "D0212");

impl Diff<'_> {
    /// Compares the parameters of two operations.
    pub(super) fn parameters(&mut self, i: usize, j: usize) {
        let of = |side: &super::Side<'_>, o: usize| {
            side.api().operations.get(o).map(|o| o.parameters.clone()).unwrap_or_default()
        };
        let (olds, news) = (of(&self.old, i), of(&self.new, j));
        let to = self.parameter_pairs((i, &olds), (j, &news));
        for (p, (a, to_new)) in olds.iter().zip(&to).enumerate() {
            match to_new.and_then(|q| Some((q, news.get(q)?))) {
                Some((q, b)) => self.parameter_pair((i, p, a), (j, q, b)),
                None => {
                    let mut draft = Draft::default();
                    self.about_parameter(&mut draft, Some((i, p, a)), None, j);
                    let unnoticed = a.required && self.still_called(i, j);
                    let class = if unnoticed { Class::BreaksAtRunTime } else { Class::BreaksCompiling };
                    draft.add(class, "D0201", format!("`{}` ({})", a.wire, word(a.location)));
                    let text = "it is still sent: the API ignores or refuses it";
                    draft.sends(Some(match a.location {
                        // A path without it is another path.
                        Location::Path => Survival::Fails("the old path is called: the API answers 404".to_owned()),
                        Location::Query | Location::Header | Location::Cookie => Survival::Depends(text.to_owned()),
                    }));
                    self.push(draft);
                }
            }
        }
        for (q, b) in news.iter().enumerate().filter(|(q, _)| !to.contains(&Some(*q))) {
            let mut draft = Draft::default();
            self.about_parameter(&mut draft, None, Some((j, q, b)), i);
            let detail = format!("`{}` ({})", b.wire, word(b.location));
            match b.required {
                true => {
                    let text = "it is not sent: the API refuses the call";
                    draft.sends(Some(Survival::Fails(text.to_owned())));
                    let class = if self.still_called(i, j) { Class::BreaksAtRunTime } else { Class::BreaksCompiling };
                    draft.add(class, "D0202", detail);
                }
                false => draft.add(Class::Additive, "D0203", detail),
            }
            self.push(draft);
        }
    }

    /// Whether an old call of the function compiles: arguments have no names there, so that one which takes the place of
    /// another of its type goes unnoticed. The fields of a struct have.
    pub(super) fn still_called(&self, i: usize, j: usize) -> bool {
        let seen = (self.old.surface.operations.get(i), self.new.surface.operations.get(j));
        let names = (self.old.u.names.operations.get(i), self.new.u.names.operations.get(j));
        let ((Some(old), Some(new)), (Some(names_old), Some(names_new))) = (seen, names) else { return false };
        if old.arguments.len() != new.arguments.len() {
            return false;
        }
        match (&names_old.args, &names_new.args) {
            (None, None) => old.arguments.iter().zip(&new.arguments).all(|(a, b)| self.accepts(a, b)),
            (Some(_), Some(_)) => names_old.plan.arguments.iter().zip(&old.arguments).all(|(s, a)| {
                let mut fields = names_new.plan.arguments.iter().zip(&new.arguments);
                fields.any(|(t, b)| s.ident == t.ident && self.same_signature(a, b))
            }),
            _ => false,
        }
    }

    /// Which belong together: by name and place, by name, by the place in the path, by a slip of the pen.
    fn parameter_pairs(&self, old: (usize, &[Parameter]), new: (usize, &[Parameter])) -> Vec<Option<usize>> {
        let (olds, news) = (old.1, new.1);
        let mut to: Vec<Option<usize>> = vec![None; olds.len()];
        let path_of = |side: &super::Side<'_>, o: usize| -> Vec<String> {
            let path = side.api().operations.get(o).map(|o| o.path.clone()).unwrap_or_default();
            path.split('{').skip(1).filter_map(|p| p.split_once('}').map(|(n, _)| n.to_owned())).collect()
        };
        let (template_old, template_new) = (path_of(&self.old, old.0), path_of(&self.new, new.0));
        let position = |template: &[String], p: &Parameter| {
            (p.location == Location::Path).then(|| template.iter().position(|n| *n == p.wire)).flatten()
        };
        type Rule<'r> = &'r dyn Fn(&Parameter, &Parameter) -> bool;
        let rules: [Rule<'_>; 4] = [
            &Parameter::is_same,
            &|a, b| a.wire == b.wire,
            &|a, b| {
                let at = position(&template_old, a);
                at.is_some() && at == position(&template_new, b)
            },
            &|a, b| a.location == b.location && is_slip(&a.wire, &b.wire) && self.pairs.same(&a.of.ty, &b.of.ty),
        ];
        for rule in rules {
            for (p, a) in olds.iter().enumerate() {
                if to.get(p).is_some_and(Option::is_some) {
                    continue;
                }
                let found = news.iter().enumerate().find(|(q, b)| !to.contains(&Some(*q)) && rule(a, b));
                if let (Some((q, _)), Some(slot)) = (found, to.get_mut(p)) {
                    *slot = Some(q);
                }
            }
        }
        to
    }

    fn about_parameter(
        &self,
        draft: &mut Draft,
        old: Option<(usize, usize, &Parameter)>,
        new: Option<(usize, usize, &Parameter)>,
        other: usize,
    ) {
        let operation = (old.map_or(other, |(i, ..)| i), new.map_or(other, |(j, ..)| j));
        let origin = |side: &super::Side<'_>, o: usize| side.api().operations.get(o).map(|o| side.place(&o.origin));
        draft.tags = self.new.tags_of(&std::collections::BTreeSet::from([operation.1]));
        draft.operations = 1;
        match old {
            Some((i, p, a)) => {
                draft.old = Some(self.old.place(&a.origin));
                draft.path_old = self.old.given_path(i, SetterOf::Parameter(p));
                draft.rust_old = self.old.given_rust(i, SetterOf::Parameter(p));
            }
            None => draft.old = origin(&self.old, operation.0),
        }
        match new {
            Some((j, q, b)) => {
                draft.new = Some(self.new.place(&b.origin));
                draft.path_new = self.new.given_path(j, SetterOf::Parameter(q));
                draft.rust_new = self.new.given_rust(j, SetterOf::Parameter(q));
            }
            None => draft.new = origin(&self.new, operation.1),
        }
    }

    fn parameter_pair(&mut self, (i, p, a): (usize, usize, &Parameter), (j, q, b): (usize, usize, &Parameter)) {
        let mut draft = Draft::default();
        let old = self.old.given(i, SetterOf::Parameter(p));
        let new = self.new.given(j, SetterOf::Parameter(q));
        let (Some((given_old, name_old)), Some((given_new, name_new))) = (old, new) else {
            self.constant_pair((i, p, a), (j, q, b));
            return;
        };
        let nameless = has_no_name(&given_old, &given_new);
        let breaks = self.given_breaks(&given_old, &given_new) || (name_old != name_new && !nameless);
        let class = |sent: &Option<Survival>| {
            if breaks { Class::BreaksCompiling } else { quiet(&Outcome::sending(sent.clone())) }
        };
        let note = |draft: &mut Draft, code: &'static str, detail: String, survival: Option<Survival>| {
            let class = class(&survival);
            draft.sends(survival);
            draft.add(class, code, detail);
        };
        if a.wire != b.wire && !a.is_same(b) {
            // What stands in the path has no name there.
            let survival = match (a.location, b.required) {
                (Location::Path, _) => Survival::Survives("the path is the same".to_owned()),
                (_, true) => Survival::Fails("the old name is sent: the API refuses the call".to_owned()),
                (_, false) => Survival::Depends("the old name is sent: the API ignores or refuses it".to_owned()),
            };
            let detail = from_to(&a.wire, &b.wire);
            // An argument has no name for who calls.
            match a.location == Location::Path && !breaks {
                true => draft.add(Class::DocumentationOnly, "D0207", detail),
                false => note(&mut draft, "D0207", detail, Some(survival)),
            }
        } else if name_old != name_new && !nameless {
            note(&mut draft, "D0207", from_to(&name_old, &name_new), None);
        }
        if a.location != b.location {
            let text = "it is sent where the API no longer looks";
            let survival = match b.required {
                true => Survival::Fails(format!("{text}: the API refuses the call")),
                false => Survival::Depends(format!("{text}: it has no effect, or the call is refused")),
            };
            let detail = format!("{} → {}", word(a.location), word(b.location));
            note(&mut draft, "D0208", detail, Some(survival));
        }
        let mut elsewhere = None;
        if !self.pairs.same(&a.of.ty, &b.of.ty) {
            let sent = wire::sends(&self.old, &self.new, &self.pairs, &a.of.ty, &b.of.ty, true);
            let types = (given_old.ty(), given_new.ty());
            let schemas = (a.origin.pointer.join("schema"), b.origin.pointer.join("schema"));
            match self.shared_component(&schemas.0, &schemas.1) {
                Some(name) => elsewhere = Some((name, class(&sent), sent)),
                None => note(&mut draft, "D0206", from_to(types.0, types.1), sent),
            }
        }
        match (a.required, b.required) {
            (false, true) => {
                let text = "a call that does not set it is refused";
                note(&mut draft, "D0204", String::new(), Some(Survival::Depends(text.to_owned())));
            }
            (true, false) => {
                let text = "it is sent as before";
                note(&mut draft, "D0205", String::new(), Some(Survival::Survives(text.to_owned())));
            }
            _ => {}
        }
        if a.spelling != b.spelling && matters((&a.spelling, &a.of.ty), (&b.spelling, &b.of.ty)) {
            let text = "several values are spelled in the old way";
            let detail = from_to(&words(&a.spelling), &words(&b.spelling));
            note(&mut draft, "D0209", detail, Some(Survival::Depends(text.to_owned())));
        }
        if breaks && draft.is_empty() && elsewhere.is_none() {
            let types = (given_old.ty(), given_new.ty());
            note(&mut draft, "D0206", from_to(types.0, types.1), None);
        }
        let schemas = (self.old.schema_of(a), self.new.schema_of(b));
        if self.pairs.same(&a.of.ty, &b.of.ty) {
            let differ = limits::differences((&self.old, &schemas.0), (&self.new, &schemas.1), false);
            self.limits(&mut draft, "D0218", &differ, Some(!b.required));
        }
        let after = self.own_words((&a.docs, &a.of.ty), (&b.docs, &b.of.ty));
        self.words(&mut draft, &a.docs, &after, WORDS, !matches!(given_new, Given::Argument(_)));
        if draft.is_empty() && elsewhere.is_none() {
            return;
        }
        self.about_parameter(&mut draft, Some((i, p, a)), Some((j, q, b)), i);
        if let Some((name, class, survival)) = elsewhere {
            self.caused(name, class, Outcome::sending(survival), &draft);
        }
        self.push(draft);
    }

    /// A parameter that has one value only on one side at least, and so is asked for on one at most.
    fn constant_pair(&mut self, (i, p, a): (usize, usize, &Parameter), (j, q, b): (usize, usize, &Parameter)) {
        let (before, after) = (&a.constant, &b.constant);
        if before == after && a.is_same(b) {
            return;
        }
        let mut draft = Draft::default();
        let fails = |text: &str| Some(Survival::Fails(text.to_owned()));
        let words =
            |value: &Option<String>| value.as_ref().map_or("asked for".to_owned(), |value| format!("always `{value}`"));
        let (class, survival) = match (&before, &after) {
            (Some(_), Some(_)) => (Class::BreaksAtRunTime, fails("the old value is sent: the API refuses the call")),
            // There is one more argument, or one less.
            _ => (Class::BreaksCompiling, None),
        };
        draft.sends(survival);
        draft.add(class, "D0206", from_to(&words(before), &words(after)));
        self.about_parameter(&mut draft, Some((i, p, a)), Some((j, q, b)), i);
        self.push(draft);
    }
}

/// Whether a value has no name for who gives it, before or after: the list of arguments, or what has become of it, says the rest.
pub(super) fn has_no_name(old: &Given, new: &Given) -> bool {
    old.is_asked_for() && new.is_asked_for() && !matches!((old, new), (Given::Field(_), Given::Field(_)))
}

/// A spelling in words.
pub(super) fn words(spelling: &Spelling) -> String {
    let mut words = format!("{:?}", spelling.style);
    if spelling.explode {
        words.push_str(", exploded");
    }
    if spelling.reserved {
        words.push_str(", reserved characters as they are");
    }
    if spelling.delimiters.iter().any(|delimiter| !delimiter.is_empty()) {
        words.push_str(&format!(", joined by {:?}", spelling.delimiters));
    }
    words
}

/// Whether two spellings show: of a single word only what is encoded, and that some styles have more than the word.
pub(super) fn matters((a, old): (&Spelling, &Type), (b, new): (&Spelling, &Type)) -> bool {
    let plain = |spelling: &Spelling, ty: &Type| {
        let style = matches!(spelling.style, Style::Form | Style::Simple | Style::Text);
        matches!(ty, Type::Scalar(_)) && style
    };
    !(plain(a, old) && plain(b, new)) || a.reserved != b.reserved
}

/// Where a parameter goes.
fn word(location: Location) -> &'static str {
    match location {
        Location::Path => "path",
        Location::Query => "query",
        Location::Header => "header",
        Location::Cookie => "cookie",
    }
}
