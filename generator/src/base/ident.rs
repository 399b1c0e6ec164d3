//! An identifier of Rust: what `name` makes of the document's words, and what the lock has kept of earlier runs.

use std::fmt;
use std::ops::Deref;

use super::reserved::{KEYWORDS, PATHS};

/// A name that Rust takes as it stands; keywords are raw (`r#type`).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ident(String);

impl Ident {
    /// The name, if it is one.
    pub fn parse(name: &str) -> Option<Self> {
        let ident = Self::of(name.to_owned());
        (ident == *name || name.strip_prefix("r#").is_some_and(|bare| bare == ident.bare())).then_some(ident)
    }

    /// The nearest name: keywords become raw, those that cannot get an underscore, and so does what cannot begin one.
    pub fn of(mut name: String) -> Self {
        if name.starts_with("r#") {
            name.drain(..2);
        }
        if !name.chars().all(unicode_ident::is_xid_continue) {
            name.retain(unicode_ident::is_xid_continue);
        }
        if PATHS.contains(&name.as_str()) {
            name.push('_');
        } else if KEYWORDS.contains(&name.as_str()) {
            name.insert_str(0, "r#");
        } else if !name.starts_with(|c: char| c == '_' || unicode_ident::is_xid_start(c)) {
            name.insert(0, '_');
        }
        if name == "_" {
            name.push('_');
        }
        Self(name)
    }

    /// Whether Rust keeps this word for itself.
    pub fn is_word(name: &str) -> bool {
        KEYWORDS.contains(&name) || PATHS.contains(&name)
    }

    /// As it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Without `r#`, as a part of other names.
    pub fn bare(&self) -> &str {
        self.0.strip_prefix("r#").unwrap_or(&self.0)
    }
}

impl Deref for Ident {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Ident {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl PartialEq<str> for Ident {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}

impl PartialEq<&str> for Ident {
    fn eq(&self, other: &&str) -> bool {
        self.0 == *other
    }
}

impl PartialEq<String> for Ident {
    fn eq(&self, other: &String) -> bool {
        self.0 == *other
    }
}

impl From<Ident> for String {
    fn from(ident: Ident) -> Self {
        ident.0
    }
}

#[cfg(test)]
mod tests {
    use super::Ident;

    #[test]
    fn every_text_has_a_nearest_name_and_names_are_their_own() {
        for (text, name) in [
            ("piers", "piers"),
            ("Größe", "Größe"),
            ("用户", "用户"),
            ("_1", "_1"),
            ("__", "__"),
            ("type", "r#type"),
            ("gen", "r#gen"),
            ("self", "self_"),
            ("Self", "Self_"),
            ("_", "__"),
            ("", "__"),
            ("1x", "_1x"),
            ("a-b", "ab"),
            ("a b", "ab"),
            ("r#type", "r#type"),
            ("r#pier", "pier"),
            ("r#self", "self_"),
        ] {
            let ident = Ident::of(text.to_owned());
            assert_eq!(ident.as_str(), name, "{text}");
            assert!(syn::parse_str::<syn::Ident>(name).is_ok(), "{name}");
            assert_eq!(Ident::parse(name).as_ref(), Some(&ident), "{name}");
            // What the next edition takes for itself is none either.
            let is_name = syn::parse_str::<syn::Ident>(text).is_ok() && text != "gen";
            assert_eq!(Ident::parse(text).is_some(), is_name, "{text}");
        }
    }
}
