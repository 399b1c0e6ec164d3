//! What concerns the API as a whole: retries, error codes; and its words. Servers and credentials are in `access`.

use super::Diff;
use super::draft::{Draft, from_to};
use crate::base::Pointer;
use crate::base::Span;
use crate::drift::change::{Class, Place, Survival};
use crate::name;
use crate::pipeline::Understood;
use crate::settings::{NumberType, Settings, StatusRange};

impl Diff<'_> {
    /// Compares what the settings and the head of the documents say.
    pub(super) fn settings(&mut self) {
        self.environments();
        self.credentials();
        self.schedule();
        self.error_codes();
        self.modes();
        // The command line's name goes before all others, and is the same for both.
        let chosen = |u: &Understood| u.provenance.options.contains("--name");
        let name = |u: &Understood| {
            let own = u.settings.package.name.as_ref().map(|n| n.to_string());
            own.unwrap_or_else(|| name::crate_name(&u.api.title))
        };
        let (a, b) = (name(self.old.u), name(self.new.u));
        if a != b && !chosen(self.old.u) && !chosen(self.new.u) {
            let mut draft = self.whole("crate");
            draft.add(Class::BreaksCompiling, "D0908", from_to(&a, &b));
            self.push(draft);
        }
        let mut which = Vec::new();
        let (a, b) = (self.old.api(), self.new.api());
        if a.title.trim() != b.title.trim() {
            which.push("title".to_owned());
        }
        if a.version != b.version {
            which.push(format!("version {}", from_to(&a.version, &b.version)));
        }
        if a.description.trim() != b.description.trim() {
            which.push("description".to_owned());
        }
        if !which.is_empty() {
            let mut draft = self.whole("crate");
            draft.add(Class::DocumentationOnly, "D0909", which.join(", "));
            self.push(draft);
        }
    }

    /// A change of the documents as such.
    pub(super) fn whole(&self, path: &str) -> Draft {
        let info = Pointer::root().join("info");
        let place = |u: &Understood| {
            let span = u.document.get("info").map_or(u.document.span, |n| n.span);
            Place::of(&u.sources, span, &info)
        };
        Draft {
            old: Some(place(self.old.u)),
            new: Some(place(self.new.u)),
            path_old: Some(path.to_owned()),
            path_new: Some(path.to_owned()),
            operations: self.new.api().operations.len(),
            ..Draft::default()
        }
    }

    /// A change with places in the settings, or in the documents where there are none.
    pub(super) fn placed(&self, path: &str, old: Option<Span>, new: Option<Span>) -> Draft {
        let mut draft = self.whole(path);
        let at = |u: &Understood, span: Option<Span>| {
            span.filter(|s| *s != Span::default()).map(|s| Place::of(&u.sources, s, &Pointer::root()))
        };
        if let Some(place) = at(self.old.u, old) {
            draft.old = Some(place);
        }
        if let Some(place) = at(self.new.u, new) {
            draft.new = Some(place);
        }
        draft
    }

    fn schedule(&mut self) {
        let rules = |s: &Settings| {
            let ranges = |list: &[crate::settings::Placed<StatusRange>]| -> Vec<String> {
                list.iter()
                    .map(|r| match **r {
                        StatusRange::One(code) => code.to_string(),
                        StatusRange::Class(class) => format!("{class}xx"),
                    })
                    .collect()
            };
            let seconds: Vec<String> = s.retry.schedule.iter().map(|ms| format!("{}", *ms as f64 / 1000.0)).collect();
            let codes: Vec<String> = s.retry.codes.iter().map(|c| c.to_string()).collect();
            let none =
                |words: &str, list: Vec<String>| if list.is_empty() { words.to_owned() } else { list.join(", ") };
            format!(
                "after {} s on {} (not {}) or {}; refused: {}",
                seconds.join(", "),
                ranges(&s.retry.statuses).join(", "),
                ranges(&s.retry.except).join(", "),
                none("no code", codes),
                none("no status", ranges(&s.retry.refused))
            )
        };
        let (a, b) = (rules(&self.old.u.settings), rules(&self.new.u.settings));
        if a != b {
            let at = |s: &Settings| s.retry.statuses.first().map(|r| r.span);
            let mut draft = self.placed("client::SETTINGS", at(&self.old.u.settings), at(&self.new.u.settings));
            draft.add(Class::BreaksAtRunTime, "D0906", from_to(&a, &b));
            self.push(draft);
        }
    }

    fn error_codes(&mut self) {
        let (old, new) = (&self.old.u.settings.errors, &self.new.u.settings.errors);
        let mut found = Vec::new();
        if old.max_items != new.max_items {
            let detail = format!(
                "items that an error keeps: {}",
                from_to(&old.max_items.to_string(), &new.max_items.to_string())
            );
            found.push((None, None, Class::BreaksAtRunTime, detail));
        }
        let codes = |e: &crate::settings::Errors| e.not_found.iter().map(|c| c.as_str()).collect::<Vec<_>>().join(", ");
        if codes(old) != codes(new) {
            let at = |e: &crate::settings::Errors| e.not_found.first().map(|c| c.span);
            let detail = format!("codes of what does not exist: {}", from_to(&codes(old), &codes(new)));
            found.push((at(old), at(new), Class::BreaksAtRunTime, detail));
        }
        for (name, about) in &old.members {
            match new.members.iter().find(|(n, _)| n == name) {
                None => {
                    let detail = format!("accessor of the member `{name}` is gone");
                    found.push((Some(about.span), None, Class::BreaksCompiling, detail));
                }
                Some((_, n)) if **n != **about => {
                    let detail = format!("words about the member `{name}`");
                    found.push((Some(about.span), Some(n.span), Class::DocumentationOnly, detail));
                }
                Some(_) => {}
            }
        }
        for (name, about) in new.members.iter().filter(|(n, _)| !old.members.iter().any(|(o, _)| o == n)) {
            let detail = format!("accessor of the member `{name}` is there");
            found.push((None, Some(about.span), Class::Additive, detail));
        }
        for a in &old.answers {
            let words = |a: &crate::settings::ErrorAnswer| {
                let text = |t: &Option<crate::settings::Placed<String>>| t.as_ref().map(|t| t.to_string());
                format!("{} {:?} {:?} {:?}", a.class.as_str(), a.status, text(&a.media), text(&a.says))
            };
            let of = format!("answer `{}`", *a.name);
            match new.answers.iter().find(|n| *n.name == *a.name) {
                None => found.push((Some(a.name.span), None, Class::BreaksAtRunTime, format!("{of} is gone"))),
                Some(n) if words(a) != words(n) => {
                    let detail = format!("{of}: {}", from_to(&words(a), &words(n)));
                    found.push((Some(a.name.span), Some(n.name.span), Class::BreaksAtRunTime, detail));
                }
                Some(n) if *a.advice != *n.advice => {
                    let spans = (Some(a.name.span), Some(n.name.span));
                    found.push((spans.0, spans.1, Class::DocumentationOnly, format!("{of}: advice")));
                }
                Some(_) => {}
            }
        }
        for n in new.answers.iter().filter(|n| !old.answers.iter().any(|a| *a.name == *n.name)) {
            found.push((None, Some(n.name.span), Class::Additive, format!("answer `{}` is there", *n.name)));
        }
        for c in &old.codes {
            match new.codes.iter().find(|n| *n.code == *c.code) {
                None => found.push((Some(c.code.span), None, Class::BreaksAtRunTime, format!("`{}` is gone", *c.code))),
                Some(n) => {
                    let spans = (Some(c.code.span), Some(n.code.span));
                    if c.class != n.class || c.status != n.status {
                        let words = |c: &crate::settings::ErrorCode| format!("{} {:?}", c.class.as_str(), c.status);
                        let detail = format!("`{}`: {} → {}", *c.code, words(c), words(n));
                        found.push((spans.0, spans.1, Class::BreaksAtRunTime, detail));
                    } else if *c.advice != *n.advice {
                        found.push((spans.0, spans.1, Class::DocumentationOnly, format!("`{}`: advice", *c.code)));
                    }
                }
            }
        }
        for n in new.codes.iter().filter(|n| !old.codes.iter().any(|c| *c.code == *n.code)) {
            found.push((None, Some(n.code.span), Class::Additive, format!("`{}` is there", *n.code)));
        }
        // Without any code the function is not there at all.
        let item = |u: &Understood| !u.settings.errors.codes.is_empty();
        match (item(self.old.u), item(self.new.u)) {
            (true, false) => {
                let mut draft = self.whole("code_info");
                draft.path_new = None;
                draft.add(Class::BreaksCompiling, "D0907", "none is known any more");
                return self.push(draft);
            }
            (false, true) => {
                let mut draft = self.whole("code_info");
                draft.path_old = None;
                draft.add(Class::Additive, "D0907", format!("{} are known", new.codes.len()));
                return self.push(draft);
            }
            _ => {}
        }
        for (before, after, class, detail) in found {
            let mut draft = self.placed("code_info", before, after);
            draft.add(class, "D0907", detail);
            self.push(draft);
        }
    }

    fn modes(&mut self) {
        let mode = |s: &Settings| {
            s.asynchronous.as_ref().map(|m| (format!("{}: {} → {}", *m.header, *m.value, m.status), m.header.span))
        };
        let (a, b) = (mode(&self.old.u.settings), mode(&self.new.u.settings));
        if let (Some((a, at_old)), Some((b, at_new))) = (a, b)
            && a != b
        {
            let mut draft = self.placed("client::SETTINGS", Some(at_old), Some(at_new));
            draft.sends(Some(Survival::Depends("the old header is sent".to_owned())));
            draft.add(Class::BreaksAtRunTime, "D0910", from_to(&a, &b));
            self.push(draft);
        }
        let partial = |s: &Settings| s.partial.query.iter().map(|q| q.to_string()).collect::<Vec<_>>().join(", ");
        let (a, b) = (partial(&self.old.u.settings), partial(&self.new.u.settings));
        if a != b {
            let at = |s: &Settings| s.partial.query.first().map(|q| q.span);
            let mut draft = self.placed("client::SETTINGS", at(&self.old.u.settings), at(&self.new.u.settings));
            draft.add(Class::BreaksAtRunTime, "D0911", from_to(&a, &b));
            self.push(draft);
        }
        let loose = |s: &Settings| s.required.may_be_null;
        if loose(&self.old.u.settings) != loose(&self.new.u.settings) {
            let words = |l: bool| if l { "may be null" } else { "never null unless the document says so" };
            let mut draft = self.whole("models");
            let detail = format!("{} → {}", words(loose(&self.old.u.settings)), words(loose(&self.new.u.settings)));
            draft.add(Class::BreaksCompiling, "D0912", detail);
            self.push(draft);
        }
        let (a, b) = (&self.old.u.settings.numbers.read, &self.new.u.settings.numbers.read);
        if a != b {
            let words = |read: NumberType| match read {
                NumberType::Float => "f64",
                NumberType::Exact => "Number",
            };
            let mut draft = self.whole("models");
            draft.add(Class::BreaksCompiling, "D0913", from_to(words(*a), words(*b)));
            self.push(draft);
        }
    }
}
