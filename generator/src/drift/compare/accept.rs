//! Whether an argument's new type takes all that its old type took.

use super::Diff;
use crate::ir::Scalar;
use crate::render::surface;

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
            Some("String") => scalar(into).is_some_and(Scalar::is_text),
            Some(_) => false,
            // A value goes into itself, into any JSON when it is a plain one, into an exact number when it is a whole one, and into a union that has it as a choice.
            None => {
                old == into
                    || (into == "runtime::Value" && scalar(old).is_some_and(|s| !s.is_converted()))
                    || (scalar(into) == Some(Scalar::Number) && scalar(old).is_some_and(Scalar::is_integer))
                    || self.converts(old, into)
            }
        }
    }

    /// Whether the union `union` of the new crate converts from the type `of`.
    fn converts(&self, of: &str, union: &str) -> bool {
        let bare = |name: &'_ str| name.trim_start_matches("models::").to_owned();
        let (of, union) = (bare(of), bare(union));
        let named = self.new.u.names.types.pairs().find(|(_, name)| **name == union);
        let seen = named.and_then(|(id, _)| self.new.seen(id));
        seen.is_some_and(|t| t.members.iter().any(|m| m.from && (m.ty == of || m.ty == format!("Box<{of}>"))))
    }
}

/// The scalar that has this type in Rust.
fn scalar(rust: &str) -> Option<Scalar> {
    Scalar::ALL.iter().copied().find(|s| surface::scalar(*s) == rust)
}

/// What stands in `start ... >`.
fn inner<'t>(text: &'t str, start: &str) -> Option<&'t str> {
    text.strip_prefix(start)?.strip_suffix('>')
}
