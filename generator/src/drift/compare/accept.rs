//! Whether an argument's new type takes all that its old type took.

use super::Diff;

/// What the runtime's texts convert from, beside themselves.
const TEXTS: &[&str] = &["runtime::Uuid", "runtime::Base64", "runtime::Date", "runtime::DateTime", "runtime::Secret"];

impl Diff<'_> {
    /// Whether callers of the old argument compile with the new one.
    pub(super) fn accepts(&self, old: &str, new: &str) -> bool {
        if self.same_signature(old, new) {
            return true;
        }
        let old = self.now(old);
        match (inner(&old, "impl IntoIterator<Item = "), inner(new, "impl IntoIterator<Item = ")) {
            (Some(a), Some(b)) => return self.accepts_now(a, b),
            (None, None) => {}
            _ => return false,
        }
        self.accepts_now(&old, new)
    }

    fn accepts_now(&self, old: &str, new: &str) -> bool {
        if old == new {
            return true;
        }
        let Some(into) = inner(new, "impl Into<") else { return false };
        match inner(old, "impl Into<") {
            // `&str`, `String` and `&String` go into these texts; into an enum or any JSON the last one does not.
            Some("String") => TEXTS.contains(&into),
            Some(_) => false,
            // A value goes into itself, into any JSON when it is a plain one, into an exact number when it is a whole one, and into a union that has it as a choice.
            None => {
                old == into
                    || (into == "runtime::Value" && ["bool", "i32", "i64", "u32", "u64", "f64"].contains(&old))
                    || (into == "runtime::Number" && ["i32", "i64", "u32", "u64"].contains(&old))
                    || self.converts(old, into)
            }
        }
    }

    /// Whether the union `union` of the new crate converts from the type `of`.
    fn converts(&self, of: &str, union: &str) -> bool {
        let bare = |name: &'_ str| name.trim_start_matches("models::").to_owned();
        let (of, union) = (bare(of), bare(union));
        let index = self.new.u.names.types.iter().position(|n| *n == union);
        let seen = index.and_then(|i| self.new.surface.types.get(i));
        seen.is_some_and(|t| t.members.iter().any(|m| m.from && (m.ty == of || m.ty == format!("Box<{of}>"))))
    }
}

/// What stands in `start ... >`.
fn inner<'t>(text: &'t str, start: &str) -> Option<&'t str> {
    text.strip_prefix(start)?.strip_suffix('>')
}
