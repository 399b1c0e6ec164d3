//! The values of one place → what kind they are, and a schema for them. No value is kept.

use super::build::{Members, any, flag, object, word};
use crate::document::value::{has_format, kind};
use crate::document::{Kind, Node};

/// What is known of the values of a place.
#[derive(Debug, Clone, Default)]
pub(super) struct Shape {
    nulls: usize,
    booleans: usize,
    integers: usize,
    fractions: usize,
    strings: usize,
    /// Of the strings: those of each of [`FORMATS`].
    formats: [usize; 3],
    lists: usize,
    objects: usize,
    items: Option<Box<Shape>>,
    /// In the order in which they came first.
    members: Vec<(String, Shape)>,
    /// Names that are data and no names.
    unnamed: Option<Box<Shape>>,
}

const FORMATS: [&str; 3] = ["date", "date-time", "uuid"];

impl Shape {
    /// One more value.
    pub(super) fn add(&mut self, value: &Node) {
        match &value.kind {
            Kind::Null => self.nulls += 1,
            Kind::Bool(_) => self.booleans += 1,
            Kind::Number(_) => *if kind(value) == "integer" { &mut self.integers } else { &mut self.fractions } += 1,
            Kind::String(text) => {
                self.strings += 1;
                for (count, format) in self.formats.iter_mut().zip(FORMATS) {
                    *count += usize::from(has_format(format, text));
                }
            }
            Kind::Array(items) => {
                self.lists += 1;
                let shape = self.items.get_or_insert_default();
                items.iter().for_each(|item| shape.add(item));
            }
            Kind::Object(members) => {
                self.objects += 1;
                for e in members.iter() {
                    self.member(&e.key).add(&e.value);
                }
            }
        }
    }

    /// One more value of which only the kind is known.
    pub(super) fn add_kind(&mut self, kind: &str) {
        match kind {
            "boolean" => self.booleans += 1,
            "number" => self.fractions += 1,
            "array" => self.lists += 1,
            "object" => self.objects += 1,
            _ => self.strings += 1,
        }
    }

    fn member(&mut self, key: &str) -> &mut Self {
        if !is_name(key) {
            return self.unnamed.get_or_insert_default();
        }
        let at = self.members.iter().position(|(name, _)| name == key).unwrap_or_else(|| {
            self.members.push((key.to_owned(), Self::default()));
            self.members.len() - 1
        });
        match self.members.get_mut(at) {
            Some((_, shape)) => shape,
            None => self.unnamed.get_or_insert_default(),
        }
    }

    pub(super) fn merge(&mut self, other: &Self) {
        let pairs = [
            (&mut self.nulls, other.nulls),
            (&mut self.booleans, other.booleans),
            (&mut self.integers, other.integers),
            (&mut self.fractions, other.fractions),
            (&mut self.strings, other.strings),
            (&mut self.lists, other.lists),
            (&mut self.objects, other.objects),
        ];
        pairs.into_iter().chain(self.formats.iter_mut().zip(other.formats)).for_each(|(own, other)| *own += other);
        if let Some(items) = &other.items {
            self.items.get_or_insert_default().merge(items);
        }
        if let Some(unnamed) = &other.unnamed {
            self.unnamed.get_or_insert_default().merge(unnamed);
        }
        for (name, shape) in &other.members {
            self.member(name).merge(shape);
        }
    }

    /// How many values there were that are not null.
    pub(super) fn values(&self) -> usize {
        self.booleans + self.integers + self.fractions + self.strings + self.lists + self.objects
    }

    /// The names of the members of objects, in the order in which they came first.
    pub(super) fn names(&self) -> Vec<&str> {
        self.members.iter().map(|(name, _)| name.as_str()).collect()
    }

    /// The one JSON type of all values but the nulls; a number where some of the numbers have fractions.
    pub(super) fn kind(&self) -> Option<&'static str> {
        let numbers = self.integers + self.fractions;
        let kinds = [
            ("boolean", self.booleans),
            (if self.fractions > 0 { "number" } else { "integer" }, numbers),
            ("string", self.strings),
            ("array", self.lists),
            ("object", self.objects),
        ];
        let mut met = kinds.iter().filter(|(_, count)| *count > 0);
        met.next().filter(|_| met.next().is_none()).map(|(kind, _)| *kind)
    }

    /// A schema of all these values, in the dialect where null is written by `nullable`.
    pub(super) fn schema(&self, nullable: &dyn Fn(&mut Members)) -> Node {
        let mut members = Members::new();
        let mut put = |key: &str, node: Node| members.push((key.to_owned(), node));
        match self.kind() {
            Some("array") => {
                put("type", word("array"));
                let items = self.items.as_ref().map_or_else(any, |items| items.schema(nullable));
                put("items", items);
            }
            Some("object") => {
                put("type", word("object"));
                match self.map() {
                    Some(of) => put("additionalProperties", of.schema(nullable)),
                    None if self.members.is_empty() => put("additionalProperties", flag()),
                    None => {
                        // Of what was only null nothing is known.
                        let known = self.members.iter().filter(|(_, of)| of.values() > 0);
                        let properties = known.map(|(name, of)| (name.clone(), of.schema(nullable)));
                        put("properties", object(properties));
                    }
                }
            }
            Some(kind) => {
                put("type", word(kind));
                let all = |(count, _): &(usize, &str)| self.strings > 0 && *count == self.strings;
                if let Some((_, format)) = self.formats.into_iter().zip(FORMATS).find(all) {
                    put("format", word(format));
                }
            }
            None => {}
        }
        if self.nulls > 0 {
            nullable(&mut members);
        }
        object(members)
    }

    /// What all members are, where the names of them are data: some look like it, or all of at least three are objects of the same members.
    fn map(&self) -> Option<Self> {
        let mut all = self.members.iter().map(|(_, shape)| shape);
        let first = self.members.first().map(|(_, shape)| shape.names()).filter(|names| !names.is_empty());
        let alike = self.members.len() > 2
            && first.is_some_and(|first| all.all(|shape| shape.kind() == Some("object") && shape.names() == first));
        let mut out = match (&self.unnamed, alike) {
            (None, false) => return None,
            (unnamed, _) => unnamed.as_deref().cloned().unwrap_or_default(),
        };
        self.members.iter().for_each(|(_, shape)| out.merge(shape));
        Some(out)
    }
}

/// Whether the name of a member looks like one that a program has chosen, so that it can be shown: no mail address, number, word of
/// another alphabet, or key made of random letters.
pub(super) fn is_name(name: &str) -> bool {
    let letters: Vec<char> = name.chars().collect();
    let humps =
        letters.windows(2).filter(|pair| matches!(pair, [a, b] if a.is_lowercase() && b.is_uppercase())).count();
    (1..=48).contains(&letters.len())
        && letters.first().is_some_and(|c| c.is_ascii_alphabetic() || *c == '_')
        && letters.iter().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
        && letters.iter().filter(|c| c.is_ascii_digit()).count() <= 3
        && humps <= 5
}

/// Whether a value looks like one that a program has chosen, as those that are listed do: a short word of capitals or of small letters.
pub(super) fn is_constant(value: &str, listed: &[Node]) -> bool {
    let style = |text: &str| {
        let shaped = text.starts_with(|c: char| c.is_ascii_alphabetic())
            && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
            && text.chars().filter(char::is_ascii_digit).count() <= 3;
        let (upper, lower) =
            (text.contains(|c: char| c.is_ascii_uppercase()), text.contains(|c: char| c.is_ascii_lowercase()));
        (shaped && upper != lower).then_some(upper)
    };
    let like = |node: &Node| node.as_str().and_then(style).is_some() && node.as_str().and_then(style) == style(value);
    value.len() <= 40 && listed.iter().any(like)
}

#[cfg(test)]
mod tests {
    use super::{is_constant, is_name};
    use crate::base::Span;
    use crate::document::Node;

    #[test]
    fn names_and_constants_are_not_data() {
        for name in ["id", "created_at", "line_2", "lineOfBusiness", "x-total", "_links"] {
            assert!(is_name(name), "{name}");
        }
        for data in ["", "ana@example.com", "5511987654321", "João", "a b", "9f8e", "f00dcafe1234", "aBcDeFgHiJkLmN"] {
            assert!(!is_name(data), "{data}");
        }
        let listed = ["ACTIVE", "ON_HOLD"].map(|text| Node::string(Span::default(), text));
        for (value, constant) in
            [("CLOSED", true), ("closed", false), ("Ana Gomez", false), ("A1234567", false), ("", false)]
        {
            assert_eq!(is_constant(value, &listed), constant, "{value}");
        }
    }
}
