//! Where things stand in a document: the one grammar of places, and the walks over it.
//!
//! Whether a member is a keyword or a name is decided by its place, never by its text: a property may be
//! called `$ref`, `type` or `x-ir-const`, and an example may contain anything. So every pass of this
//! stage asks the grammar. It knows OpenAPI 3.x and Swagger 2.0 together, since what is a schema in one
//! is never something else in the other.
//!
//! What the grammar does not reach (`x-bundled`, which `load` fills with nodes of other files, or an
//! extension that somebody refers to) is a place all the same when a reference says so: see
//! [`Targets`](super::targets::Targets).

use crate::base::Pointer;
use crate::document::{Entry, Kind, Node};

use super::targets::Trie;

/// What kind of object stands at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Spot {
    /// The whole document.
    Root,
    /// `components`
    Components,
    /// One entry of `paths`.
    PathItem,
    /// One method of a path.
    Operation,
    /// A parameter.
    Parameter,
    /// A header of a response or of a part of a body.
    Header,
    /// A request body.
    RequestBody,
    /// A response.
    Response,
    /// A body in one media type.
    MediaType,
    /// How one property of a form is written.
    Encoding,
    /// Expressions to path items.
    Callback,
    /// A schema; it may be a boolean.
    Schema,
    /// An object that may be a reference and holds no schema: an example, a link, a security scheme.
    Leaf,
}

/// What stands at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    /// One object.
    One(Spot),
    /// Names to objects; every member is a name.
    Map(Spot),
    /// Names to objects; members that begin with `x-` are extensions.
    Patterned(Spot),
    /// A list of objects.
    List(Spot),
    /// Anything else: text, examples, extensions.
    Data,
}

/// The methods of a path item, in the order of the specification.
pub const METHODS: &[&str] = &["get", "put", "post", "delete", "options", "head", "patch", "trace", "query"];

impl Place {
    /// What stands at the member `key` of this place.
    pub fn child(self, key: &str, value: &Node) -> Place {
        match self {
            Place::One(spot) => spot.member(key, value),
            Place::Map(spot) => Place::One(spot),
            Place::Patterned(spot) => {
                if key.starts_with("x-") {
                    Place::Data
                } else {
                    Place::One(spot)
                }
            }
            Place::List(_) | Place::Data => Place::Data,
        }
    }

    /// What the elements of an array at this place are. An array where one object is expected is a finding
    /// and not looked into.
    pub fn element(self) -> Place {
        match self {
            Place::List(spot) => Place::One(spot),
            _ => Place::Data,
        }
    }
}

impl Spot {
    fn member(self, key: &str, value: &Node) -> Place {
        use Place::{Data, List, Map, One, Patterned};
        match self {
            Spot::Schema => schema_member(key, value),
            Spot::Root => match key {
                "paths" => Patterned(Spot::PathItem),
                "components" => One(Spot::Components),
                "webhooks" => Map(Spot::PathItem),
                "definitions" => Map(Spot::Schema),
                "parameters" => Map(Spot::Parameter),
                "responses" => Map(Spot::Response),
                "securityDefinitions" => Map(Spot::Leaf),
                _ => Data,
            },
            Spot::Components => match key {
                "schemas" => Map(Spot::Schema),
                "responses" => Map(Spot::Response),
                "parameters" => Map(Spot::Parameter),
                "requestBodies" => Map(Spot::RequestBody),
                "headers" => Map(Spot::Header),
                "callbacks" => Map(Spot::Callback),
                "pathItems" => Map(Spot::PathItem),
                "mediaTypes" => Map(Spot::MediaType),
                "examples" | "links" | "securitySchemes" => Map(Spot::Leaf),
                _ => Data,
            },
            Spot::PathItem => match key {
                "parameters" => List(Spot::Parameter),
                "additionalOperations" => Map(Spot::Operation),
                _ if METHODS.contains(&key) => One(Spot::Operation),
                _ => Data,
            },
            Spot::Operation => match key {
                "parameters" => List(Spot::Parameter),
                "requestBody" => One(Spot::RequestBody),
                "responses" => Patterned(Spot::Response),
                "callbacks" => Map(Spot::Callback),
                _ => Data,
            },
            Spot::Parameter | Spot::Header => match key {
                "schema" => One(Spot::Schema),
                "content" => Map(Spot::MediaType),
                "examples" => named_examples(value),
                _ => Data,
            },
            Spot::RequestBody => match key {
                "content" => Map(Spot::MediaType),
                _ => Data,
            },
            Spot::Response => match key {
                "content" => Map(Spot::MediaType),
                "headers" => Map(Spot::Header),
                "links" => Map(Spot::Leaf),
                "schema" => One(Spot::Schema),
                _ => Data,
            },
            Spot::MediaType => match key {
                "schema" | "itemSchema" => One(Spot::Schema),
                "encoding" => Map(Spot::Encoding),
                "examples" => named_examples(value),
                _ => Data,
            },
            Spot::Encoding => match key {
                "headers" => Map(Spot::Header),
                _ => Data,
            },
            Spot::Callback => {
                if key.starts_with("x-") || key == "$ref" {
                    Data
                } else {
                    One(Spot::PathItem)
                }
            }
            Spot::Leaf => Data,
        }
    }
}

/// `examples` outside of schemas is a mapping; a list is somebody's mistake and holds no references.
fn named_examples(value: &Node) -> Place {
    match value.kind {
        Kind::Object(_) => Place::Map(Spot::Leaf),
        _ => Place::Data,
    }
}

fn schema_member(key: &str, value: &Node) -> Place {
    use Place::{Data, List, Map, One};
    match key {
        "properties" | "$defs" | "definitions" | "patternProperties" | "dependentSchemas" => Map(Spot::Schema),
        crate::document::keys::PATTERN_PROPERTIES => Map(Spot::Schema),
        "allOf" | "oneOf" | "anyOf" | "prefixItems" | crate::document::keys::TUPLE => List(Spot::Schema),
        "items" => match value.kind {
            Kind::Array(_) => List(Spot::Schema),
            _ => One(Spot::Schema),
        },
        "not"
        | "if"
        | "then"
        | "else"
        | "contains"
        | "propertyNames"
        | "contentSchema"
        | crate::document::keys::TUPLE_REST => One(Spot::Schema),
        // these are booleans in 3.0 as well, where they mean the same
        "additionalProperties" | "additionalItems" | "unevaluatedProperties" | "unevaluatedItems" => match value.kind {
            Kind::Bool(_) => Data,
            _ => One(Spot::Schema),
        },
        _ => Data,
    }
}

/// One step of a path.
#[derive(Debug, Clone, Copy)]
enum Step<'a> {
    Key(&'a str),
    Index(usize),
}

/// Where a walk is: a list on the stack, so that a pointer is only written out when somebody needs it.
#[derive(Debug, Clone, Copy)]
pub struct At<'a> {
    parent: Option<(&'a At<'a>, Step<'a>)>,
    targets: Option<&'a Trie>,
}

impl<'a> At<'a> {
    /// The top of the document; `targets` is what references point to.
    pub fn root(targets: Option<&'a Trie>) -> Self {
        Self { parent: None, targets }
    }

    /// The member `key` of this place.
    pub fn key<'b>(&'b self, key: &'b str) -> At<'b>
    where
        'a: 'b,
    {
        At { parent: Some((self, Step::Key(key))), targets: self.targets.and_then(|t| t.child(key)) }
    }

    /// The element `index` of this place.
    pub fn index<'b>(&'b self, index: usize) -> At<'b>
    where
        'a: 'b,
    {
        let targets = self.targets.and_then(|t| t.child(&index.to_string()));
        At { parent: Some((self, Step::Index(index))), targets }
    }

    /// What references point to, from here on down; `None` when no reference points to or below this place.
    pub fn targets(&self) -> Option<&'a Trie> {
        self.targets
    }

    /// Whether a reference points to or below the member `key`.
    pub fn is_target(&self, key: &str) -> bool {
        self.targets.is_some_and(|t| t.child(key).is_some())
    }

    /// The place as a pointer.
    pub fn pointer(&self) -> Pointer {
        let mut steps = Vec::new();
        let mut at = self;
        while let Some((parent, step)) = &at.parent {
            steps.push(*step);
            at = parent;
        }
        steps.iter().rev().fold(Pointer::root(), |p, step| match step {
            Step::Key(k) => p.join(k),
            Step::Index(i) => p.join(i),
        })
    }
}

/// What a walk over an unchanged tree calls.
pub trait Visit {
    /// Called for every place of the grammar, before what is below it.
    fn enter(&mut self, place: Place, node: &Node, at: &At<'_>);
}

/// What a walk that changes the tree calls.
pub trait VisitMut {
    /// Called for every place of the grammar, before what is below it.
    fn enter(&mut self, _place: Place, _node: &mut Node, _at: &At<'_>) {}

    /// Called for every single object (or boolean schema), after what is below it.
    fn leave(&mut self, _spot: Spot, _node: &mut Node, _at: &At<'_>) {}
}

/// Walks `node`, which stands at `place`.
pub fn walk<V: Visit>(node: &Node, place: Place, at: &At<'_>, visitor: &mut V) {
    let Some(place) = effective(place, at) else {
        return;
    };
    if place != Place::Data {
        visitor.enter(place, node, at);
    }
    match &node.kind {
        Kind::Object(o) => {
            for e in o.iter() {
                walk(&e.value, place.child(&e.key, &e.value), &at.key(&e.key), visitor);
            }
        }
        Kind::Array(a) => {
            for (i, v) in a.iter().enumerate() {
                walk(v, place.element(), &at.index(i), visitor);
            }
        }
        _ => {}
    }
}

/// Walks `node`, which stands at `place`, to change it.
pub fn walk_mut<V: VisitMut>(node: &mut Node, place: Place, at: &At<'_>, visitor: &mut V) {
    let Some(place) = effective(place, at) else {
        return;
    };
    if place != Place::Data {
        visitor.enter(place, node, at);
    }
    match &mut node.kind {
        Kind::Object(o) => {
            for Entry { key, value, .. } in o.iter_mut() {
                let place = place.child(key, value);
                walk_mut(value, place, &at.key(key), visitor);
            }
        }
        Kind::Array(a) => {
            for (i, v) in a.iter_mut().enumerate() {
                walk_mut(v, place.element(), &at.index(i), visitor);
            }
        }
        _ => {}
    }
    if let Place::One(spot) = place {
        visitor.leave(spot, node, at);
    }
}

/// The place that is walked: data is one only where a reference says so; `None` when there is nothing below.
fn effective(place: Place, at: &At<'_>) -> Option<Place> {
    match (place, at.targets) {
        (Place::Data, None) => None,
        (Place::Data, Some(t)) => Some(t.place().unwrap_or(Place::Data)),
        (place, _) => Some(place),
    }
}
