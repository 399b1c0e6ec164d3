//! The values of one place → what kind they are, and a schema for them. No value is kept.

use super::build::{Members, any, flag, object, word};
use crate::document::grammar::{Place, Spot};
use crate::document::value::{has_format, whole};
use crate::document::walk::{At, Visit, walk};
use crate::document::{Kind, Node};
use std::collections::{BTreeSet, HashSet};

/// What is known of the values of a place.
#[derive(Debug, Clone, Default)]
pub(super) struct Shape {
    nulls: usize,
    booleans: usize,
    integers: usize,
    /// The least and the largest of the integers, and zero.
    range: (i128, i128),
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

/// The likeness of what was only null.
const NULL: (&str, BTreeSet<&str>) = ("null", BTreeSet::new());

const FORMATS: [&str; 3] = ["date", "date-time", "uuid"];

impl Shape {
    /// One more value.
    pub(super) fn add(&mut self, value: &Node) {
        match &value.kind {
            Kind::Null => self.nulls += 1,
            Kind::Bool(_) => self.booleans += 1,
            Kind::Number(text) => match integer(text) {
                Some(number) => {
                    self.integers += 1;
                    self.range = (self.range.0.min(number), self.range.1.max(number));
                }
                None => self.fractions += 1,
            },
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
        self.range = (self.range.0.min(other.range.0), self.range.1.max(other.range.1));
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

    /// How many values there were.
    fn all(&self) -> usize {
        self.values() + self.nulls
    }

    /// The names of the members of objects.
    fn names(&self) -> BTreeSet<&str> {
        self.members.iter().map(|(name, _)| name.as_str()).collect()
    }

    /// What the values of a map have in common: one JSON type, or none but null, and for objects the same names.
    pub(super) fn likeness(&self) -> Option<(&'static str, BTreeSet<&str>)> {
        match self.kind() {
            Some("integer") => Some(("number", BTreeSet::new())),
            Some(kind) => Some((kind, self.names())),
            None => (self.values() == 0).then_some(NULL),
        }
    }

    /// The `format` of the narrowest integer that holds all integers here, if that is none of 64 bits. `signed`: others may be below zero.
    pub(super) fn integer_format(&self, signed: bool) -> Option<&'static str> {
        let (least, most) = self.range;
        if least >= i64::MIN.into() && most <= i64::MAX.into() {
            return None;
        }
        Some(if least >= 0 && !signed && most <= u64::MAX.into() { "uint64" } else { "bigint" })
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
    pub(super) fn schema(&self, names: &Names, nullable: &dyn Fn(&mut Members)) -> Node {
        let mut members = Members::new();
        let mut put = |key: &str, node: Node| members.push((key.to_owned(), node));
        match self.kind() {
            Some("array") => {
                put("type", word("array"));
                let items = self.items.as_ref().map_or_else(any, |items| items.schema(names, nullable));
                put("items", items);
            }
            Some("object") => {
                put("type", word("object"));
                match self.map(names) {
                    Some(of) => put("additionalProperties", of.schema(names, nullable)),
                    None if self.members.is_empty() => put("additionalProperties", flag()),
                    None => {
                        // Of what was only null nothing is known.
                        let known = self.members.iter().filter(|(_, of)| of.values() > 0);
                        let properties = known.map(|(name, of)| (name.clone(), of.schema(names, nullable)));
                        put("properties", object(properties));
                    }
                }
            }
            Some(kind) => {
                put("type", word(kind));
                let all = |(count, _): &(usize, &str)| self.strings > 0 && *count == self.strings;
                let of_text = self.formats.into_iter().zip(FORMATS).find(all).map(|(_, format)| format);
                let of_number = self.integer_format(false).filter(|_| kind == "integer");
                if let Some(format) = of_text.or(of_number) {
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

    /// What all members are, where the names of them are data. Those are that some name looks like it; that most of the names came in one
    /// object only, and the members are alike or there were three objects or more; and that the members are three objects or more of the
    /// same names. Where the document declares half of the names somewhere they are names.
    fn map(&self, names: &Names) -> Option<Self> {
        let is_data = self.members.iter().any(|(name, _)| !names.may_be_shown(name));
        let is_map = || {
            let count = self.members.len();
            let known = self.members.iter().filter(|(name, _)| names.has(name)).count();
            let again = self.members.iter().filter(|(_, shape)| shape.all() > 1).count();
            // A null may be for anything.
            let shapes: Vec<&Self> = self.members.iter().map(|(_, of)| of).filter(|of| of.values() > 0).collect();
            let first = shapes.first().map_or(Some(NULL), |shape| shape.likeness());
            let equal = first.is_some() && shapes.iter().all(|shape| shape.likeness() == first);
            let objects = shapes.iter().all(|shape| shape.kind() == Some("object"));
            let in_all = |name: &&str| shapes.iter().all(|shape| shape.names().contains(name));
            let alike = equal || objects && shapes.first().is_some_and(|first| first.names().iter().any(in_all));
            let varies = again == 0 && self.objects > 2 || alike && again * 2 < count;
            known * 2 < count && (varies || equal && objects && count > 2)
        };
        let mut out = match &self.unnamed {
            None if !is_data && !is_map() => return None,
            unnamed => unnamed.as_deref().cloned().unwrap_or_default(),
        };
        self.members.iter().for_each(|(_, shape)| out.merge(shape));
        Some(out)
    }
}

/// An integer as far as it is looked at: beyond 127 bits it is as large as any.
pub(super) fn integer(text: &str) -> Option<i128> {
    let most = if text.starts_with('-') { i128::MIN } else { i128::MAX };
    whole(text).map(|digits| digits.parse().unwrap_or(most))
}

/// What a document calls its members.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// All names that it declares.
    declared: HashSet<String>,
    /// Half of them or more begin with a capital letter.
    capitals: bool,
}

impl Names {
    pub(super) fn of(root: &Node) -> Self {
        let mut names = Self::default();
        walk(root, Place::One(Spot::Document), &At::root(None), &mut names);
        let capitals = names.declared.iter().filter(|name| is_capitalised(name)).count();
        names.capitals = capitals > 0 && capitals * 2 >= names.declared.len();
        names
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.declared.contains(name)
    }

    /// Whether a name may be one of the API: the document knows it, or it is written as its names are. People and places have capitals.
    pub(super) fn may_be_shown(&self, name: &str) -> bool {
        self.has(name) || is_name(name) && (self.capitals || !is_capitalised(name))
    }
}

impl Visit for Names {
    fn enter(&mut self, place: Place, node: &Node, _: &At<'_>) {
        if place == Place::One(Spot::Schema) {
            let properties = node.get("properties").and_then(Node::as_object).into_iter().flatten();
            self.declared.extend(properties.map(|e| e.key.clone()));
        }
    }
}

fn is_capitalised(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_uppercase())
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
