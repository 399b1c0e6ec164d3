//! What in a document is a fact, and what is words: the one table of it. `spec/PROVENANCE.md` says the same for people.
//!
//! Facts are what a client depends on. Words (descriptions, summaries, most titles, examples, whatever `info` says but for the
//! version) are somebody's own: ours stay, another document's are never taken.

use crate::document::grammar::{Place, Spot};
use crate::document::{Entry, Kind, Node, Object};

/// What a member of an object is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// What a client depends on.
    Fact,
    /// A text for people.
    Text,
    /// A value that shows what comes.
    Example,
    /// An extension that the settings do not name.
    Extension,
}

/// A place of a document, as far as its members are told apart by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Here<'a> {
    /// What the grammar says of it.
    pub place: Place,
    /// Whether it is a choice's list of branches.
    choice: bool,
    /// Whether it is a branch of a choice, where a title is the branch's name.
    branch: bool,
    /// Below an extension: the one member of its objects that is a fact.
    only: Option<&'a str>,
    /// Whether it is a map of scopes, whose values are sentences.
    scopes: bool,
    /// Whether it is such a sentence: there is one in both documents, and each has its own.
    pub(super) sentence: bool,
    /// Whether everything counts: words and examples are compared too.
    whole: bool,
    /// `extensions` of the settings: `x-tags`, or `x-badges.name` where of a list of objects one member counts.
    extensions: &'a [String],
}

impl<'a> Here<'a> {
    /// The whole document.
    pub fn document(extensions: &'a [String]) -> Self {
        Self::at(Place::One(Spot::Document), extensions)
    }

    /// A place that the grammar has.
    pub fn at(place: Place, extensions: &'a [String]) -> Self {
        Self {
            place,
            choice: false,
            branch: false,
            only: None,
            scopes: false,
            sentence: false,
            whole: false,
            extensions,
        }
    }

    /// The whole document, with everything in it.
    pub(super) fn whole() -> Self {
        Self { whole: true, ..Self::at(Place::One(Spot::Document), &[]) }
    }

    /// The member `key` of this place.
    pub fn child(self, key: &str, value: &Node) -> Self {
        let place = self.place.child(key, value);
        let only = match (self.place, place) {
            (Place::Extension, _) => self.only,
            (_, Place::Extension) => self.extension(key).flatten(),
            _ => None,
        };
        let plain =
            !self.whole && matches!(self.place, Place::Plain | Place::One(Spot::SecurityScheme | Spot::OAuthFlow));
        let scopes = plain && key == "scopes" && value.as_object().is_some();
        let choice = self.place == Place::One(Spot::Schema) && matches!(key, "oneOf" | "anyOf");
        Self { place, choice, branch: false, only, scopes, sentence: self.scopes, ..self }
    }

    /// The elements of the list at this place.
    pub fn element(self) -> Self {
        Self { place: self.place.element(), choice: false, branch: self.choice, scopes: false, sentence: false, ..self }
    }

    /// Whether the settings name an extension, and the one member that counts.
    fn extension(self, key: &str) -> Option<Option<&'a str>> {
        self.extensions.iter().find_map(|named| match named.split_once('.') {
            Some((name, member)) if name == key => Some(Some(member)),
            None if named == key => Some(None),
            _ => None,
        })
    }

    /// What the member `key` of an object at this place is.
    pub fn role(self, key: &str) -> Role {
        if self.whole {
            return Role::Fact;
        }
        let Place::One(spot) = self.place else {
            let left_out = match (self.place, self.only) {
                (Place::Extension, Some(only)) => only != key,
                (Place::Patterned(_), _) if key.starts_with("x-") => self.extension(key).is_none(),
                _ => false,
            };
            return if left_out { Role::Extension } else { Role::Fact };
        };
        match (spot, key) {
            (Spot::Info, "version") => Role::Fact,
            (Spot::Info, _) => Role::Text,
            (_, "description" | "summary" | "externalDocs" | "$comment") => Role::Text,
            (Spot::Schema, "title") if !self.branch => Role::Text,
            (Spot::Components, "examples") => Role::Example,
            (_, "example" | "examples" | "x-example" | "x-examples") => Role::Example,
            (Spot::Callback | Spot::Document | Spot::Components, _) if !key.starts_with("x-") => Role::Fact,
            (_, key) if key.starts_with("x-") && self.place.child(key, &NULL) == Place::Extension => {
                match self.extension(key) {
                    Some(_) => Role::Fact,
                    None => Role::Extension,
                }
            }
            _ => Role::Fact,
        }
    }

    /// Whether the member `key` is the list of tags, which holds words.
    pub fn is_tags(self, key: &str) -> bool {
        !self.whole && self.place == Place::One(Spot::Document) && key == "tags"
    }

    /// Whether a member counts when two documents are compared.
    pub fn is_fact(self, key: &str) -> bool {
        self.role(key) == Role::Fact && !self.is_tags(key)
    }
}

const NULL: Node =
    Node { span: crate::base::Span { file: crate::base::FileId(0), start: 0, end: 0 }, kind: Kind::Null };

/// The facts of a node alone. The list of tags is not among them: it holds words, and what is in use is what operations name.
pub fn facts_of(node: &Node, here: Here<'_>) -> Node {
    let kind = match &node.kind {
        Kind::Object(members) => {
            let mut facts = Object::new();
            for e in members.iter().filter(|e| here.is_fact(&e.key)) {
                facts.push(Entry { value: facts_of(&e.value, here.child(&e.key, &e.value)), ..e.clone() });
            }
            Kind::Object(facts)
        }
        Kind::Array(items) => Kind::Array(items.iter().map(|n| facts_of(n, here.element())).collect()),
        Kind::String(_) if here.sentence => Kind::String(String::new()),
        kind => kind.clone(),
    };
    Node::new(node.span, kind)
}
