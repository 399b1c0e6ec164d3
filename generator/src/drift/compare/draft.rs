//! A change in the making: facts about one thing are gathered, the worst gives code and class, the rest stands beside it.

use crate::base::codes;
use crate::drift::change::{Change, Class, Outcome, Place, Survival, subject};

/// One way in which a thing differs.
#[derive(Debug)]
pub(super) struct Fact {
    class: Class,
    code: &'static str,
    detail: String,
}

/// What differs about one thing.
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub(super) facts: Vec<Fact>,
    pub(super) survives: Outcome,
    pub(super) help: Option<String>,
    pub(super) old: Option<Place>,
    pub(super) new: Option<Place>,
    pub(super) path_old: Option<String>,
    pub(super) path_new: Option<String>,
    pub(super) rust_old: Option<String>,
    pub(super) rust_new: Option<String>,
    pub(super) tags: Vec<String>,
    pub(super) operations: usize,
    pub(super) elsewhere: Vec<(Option<String>, Option<String>)>,
    pub(super) also: Vec<String>,
}

impl Draft {
    /// Notes a way in which the thing differs; `detail` says how, or is empty.
    pub(super) fn add(&mut self, class: Class, code: &'static str, detail: impl Into<String>) {
        self.facts.push(Fact { class, code, detail: detail.into() });
    }

    /// Notes what becomes of what a released client reads; of several the worst counts.
    pub(super) fn reads(&mut self, survival: Option<Survival>) {
        self.survives.add(Outcome::reading(survival));
    }

    /// Notes what becomes of what a released client sends; of several the worst counts.
    pub(super) fn sends(&mut self, survival: Option<Survival>) {
        self.survives.add(Outcome::sending(survival));
    }

    /// Whether this is among what differs.
    pub(super) fn says(&self, code: &str) -> bool {
        self.facts.iter().any(|fact| fact.code == code)
    }

    /// Whether nothing differs so far.
    pub(super) fn is_empty(&self) -> bool {
        self.facts.is_empty()
    }

    /// The change, if anything differs.
    pub(super) fn finish(self) -> Option<Change> {
        let worst = self.facts.iter().enumerate().min_by_key(|(i, f)| (f.class, *i)).map(|(i, _)| i)?;
        let mut also = self.also;
        let mut first = None;
        for (i, fact) in self.facts.into_iter().enumerate() {
            if i == worst {
                first = Some(fact);
            } else {
                let title = codes::title(fact.code).unwrap_or_default();
                let text = if fact.detail.is_empty() { title.to_owned() } else { format!("{title}: {}", fact.detail) };
                also.push(text);
            }
        }
        let first = first?;
        let subject = subject(self.path_old.as_deref(), self.path_new.as_deref());
        let title = codes::title(first.code).unwrap_or_default();
        let parts = [title, &subject, &first.detail];
        let message = parts.into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join(": ");
        Some(Change {
            class: first.class,
            code: first.code,
            message,
            old: self.old,
            new: self.new,
            path_old: self.path_old,
            path_new: self.path_new,
            rust_old: self.rust_old,
            rust_new: self.rust_new,
            survives: self.survives,
            also,
            tags: self.tags,
            operations: self.operations,
            elsewhere: self.elsewhere,
            help: self.help,
        })
    }
}

/// `a → b` for a detail, each as code.
pub(super) fn from_to(a: &str, b: &str) -> String {
    format!("`{a}` → `{b}`")
}
