//! The grammar of OpenAPI documents: which kind of object stands under which keyword of which other, for every dialect at once
//! (Swagger 2.0, OpenAPI 3.0 to 3.2, and what tools add), since what a word means in one it never contradicts in another.
//!
//! Whether a member is a keyword or a name is decided by its place, never by its text: a property may be called `$ref`,
//! `type` or `x-ir-tuple`, and an example may contain anything. So every walk over a document asks this table: `load` for what
//! a reference stands for, `normalize` for what to bring into shape.
//!
//! What the grammar does not reach (`x-bundled`, which `load` fills with nodes of other files, or an extension that somebody
//! refers to) is a place all the same when a reference says so: see [`Targets`](super::targets::Targets).

use super::{Kind, Node, keys};

/// What kind of object stands at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Spot {
    /// The whole document.
    Document,
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
    /// What tells the branches of a choice apart.
    Discriminator,
    /// An example with a name.
    Example,
    /// What the next operation may be.
    Link,
    /// A way to prove who is calling.
    SecurityScheme,
    /// `info`
    Info,
    /// A tag with its words.
    Tag,
    /// A server.
    Server,
    /// A variable of a server's address.
    ServerVariable,
    /// Where more is written.
    ExternalDocs,
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
    /// JSON of the author's own: an example, a default, a value of an enum. `$ref` may be just a member of it.
    Data,
    /// A vendor extension: nobody's business.
    Extension,
    /// Text, flags, and whatever else holds none of these objects; also what the grammar has no word for.
    Plain,
}

use Place::{Data, Extension, List, Map, One, Patterned, Plain};

/// The methods of a path item, in the order of the specification.
pub const METHODS: &[&str] = &["get", "put", "post", "delete", "options", "head", "patch", "trace", "query"];

/// The members of the document that hold components in Swagger 2.0.
pub const SECTIONS: [&str; 4] = ["definitions", "parameters", "responses", "securityDefinitions"];

/// The table: what stands under a keyword of an object.
fn keyword(spot: Spot, key: &str, value: &Node) -> Place {
    let list = matches!(value.kind, Kind::Array(_));
    match (spot, key) {
        (Spot::Document, "paths") => Patterned(Spot::PathItem),
        (Spot::Document, "webhooks" | "x-webhooks") => Map(Spot::PathItem),
        (Spot::Document, "components") => One(Spot::Components),
        (Spot::Document, "info") => One(Spot::Info),
        (Spot::Document, "tags") => List(Spot::Tag),
        (Spot::Document, "definitions") | (Spot::Components, "schemas") => Map(Spot::Schema),
        (Spot::Document | Spot::Components, "parameters") => Map(Spot::Parameter),
        (Spot::Document | Spot::Components, "responses") => Map(Spot::Response),
        (Spot::Document, "securityDefinitions") | (Spot::Components, "securitySchemes") => Map(Spot::SecurityScheme),
        (Spot::Components, "requestBodies") => Map(Spot::RequestBody),
        (Spot::Components, "headers") => Map(Spot::Header),
        (Spot::Components, "examples") => Map(Spot::Example),
        (Spot::Components, "links") => Map(Spot::Link),
        (Spot::Components, "callbacks") => Map(Spot::Callback),
        (Spot::Components, "pathItems") => Map(Spot::PathItem),
        (Spot::Components, "mediaTypes") => Map(Spot::MediaType),

        (Spot::PathItem, key) if METHODS.contains(&key) => One(Spot::Operation),
        (Spot::PathItem, "additionalOperations") => Map(Spot::Operation),
        (Spot::PathItem | Spot::Operation, "parameters") => List(Spot::Parameter),
        (Spot::Operation, "requestBody") => One(Spot::RequestBody),
        (Spot::Operation, "responses") => Patterned(Spot::Response),
        (Spot::Operation, "callbacks") => Map(Spot::Callback),
        (Spot::Callback, key) if key != "$ref" => One(Spot::PathItem),

        (Spot::Parameter | Spot::Header | Spot::RequestBody | Spot::Response, "content") => Map(Spot::MediaType),
        (Spot::Parameter | Spot::Header | Spot::Response | Spot::MediaType, "schema") => One(Spot::Schema),
        (Spot::MediaType, "itemSchema") | (Spot::Parameter | Spot::Header, "items") => One(Spot::Schema),
        (Spot::Response | Spot::Encoding, "headers") => Map(Spot::Header),
        (Spot::Response, "links") => Map(Spot::Link),
        (Spot::MediaType | Spot::Encoding, "encoding") => Map(Spot::Encoding),
        (Spot::MediaType | Spot::Encoding, "prefixEncoding") => List(Spot::Encoding),
        (Spot::MediaType | Spot::Encoding, "itemEncoding") => One(Spot::Encoding),
        // A list here is somebody's mistake and holds no references.
        (Spot::Parameter | Spot::Header | Spot::MediaType, "examples") if matches!(value.kind, Kind::Object(_)) => {
            Map(Spot::Example)
        }

        (Spot::Schema, "properties" | "patternProperties" | keys::PATTERN_PROPERTIES) => Map(Spot::Schema),
        (Spot::Schema, "$defs" | "definitions" | "dependentSchemas") => Map(Spot::Schema),
        (Spot::Schema, "allOf" | "oneOf" | "anyOf" | "prefixItems" | keys::TUPLE) => List(Spot::Schema),
        (Spot::Schema, "items") if list => List(Spot::Schema),
        (Spot::Schema, "items" | "contains" | "not" | "if" | "then" | "else") => One(Spot::Schema),
        (Spot::Schema, "propertyNames" | "contentSchema" | keys::TUPLE_REST) => One(Spot::Schema),
        // These are booleans in 3.0 as well, where they mean the same.
        (Spot::Schema, "additionalProperties" | "additionalItems" | "unevaluatedProperties" | "unevaluatedItems")
            if !matches!(value.kind, Kind::Bool(_)) =>
        {
            One(Spot::Schema)
        }
        (Spot::Schema, "discriminator") => One(Spot::Discriminator),

        (
            Spot::Schema | Spot::Parameter | Spot::Header | Spot::MediaType | Spot::Response,
            "example" | "examples" | "default" | "enum" | "const",
        ) => Data,
        (Spot::Example, "value" | "dataValue") | (Spot::Link, "parameters" | "requestBody") => Data,

        (Spot::Document | Spot::PathItem | Spot::Operation, "servers") => List(Spot::Server),
        (Spot::Link, "server") => One(Spot::Server),
        (Spot::Server, "variables") => Map(Spot::ServerVariable),
        (Spot::Document | Spot::Tag | Spot::Operation | Spot::Schema, "externalDocs") => One(Spot::ExternalDocs),
        (_, key) if key.starts_with("x-") => Extension,
        _ => Plain,
    }
}

impl Place {
    /// What stands at the member `key` of this place.
    pub fn child(self, key: &str, value: &Node) -> Place {
        match self {
            One(Spot::Callback) | Patterned(_) if key.starts_with("x-") => Extension,
            One(spot) => keyword(spot, key, value),
            Map(spot) | Patterned(spot) => One(spot),
            Plain if key.starts_with("x-") => Extension,
            List(_) | Plain => Plain,
            Data | Extension => self,
        }
    }

    /// What the elements of an array at this place are. An array where one object is expected is a finding of `normalize` and
    /// not looked into.
    pub fn element(self) -> Place {
        match self {
            List(spot) => One(spot),
            Data | Extension => self,
            One(_) | Map(_) | Patterned(_) | Plain => Plain,
        }
    }

    /// Whether an object of the grammar stands here, or several.
    pub fn is_known(self) -> bool {
        match self {
            One(_) | Map(_) | Patterned(_) | List(_) => true,
            Data | Extension | Plain => false,
        }
    }
}

impl Spot {
    /// Whether OpenAPI 3.0 knows a reference object here, so that `lower` follows one.
    pub fn is_referable(self) -> bool {
        use Spot::*;
        match self {
            Parameter | Header | RequestBody | Response | Callback | Schema | Example | Link | SecurityScheme => true,
            Document | Components | PathItem | Operation | MediaType | Encoding | Discriminator => false,
            Info | Tag | Server | ServerVariable | ExternalDocs => false,
        }
    }

    /// Whether a schema may lie below, so that its shape is asked about.
    pub fn holds_schemas(self) -> bool {
        use Spot::*;
        match self {
            Document | Components | PathItem | Operation | Parameter | Header | RequestBody | Response => true,
            MediaType | Encoding | Callback | Schema => true,
            Discriminator | Example | Link | SecurityScheme | Info | Tag | Server | ServerVariable | ExternalDocs => {
                false
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Span;

    #[test]
    fn places() {
        let object = Node::new(Span::default(), Kind::Object(super::super::Object::default()));
        let list = Node::new(Span::default(), Kind::Array(Vec::new()));
        let flag = Node::new(Span::default(), Kind::Bool(true));
        let schema = One(Spot::Schema);
        for (path, value, place) in [
            ("paths /a get responses 200 content a/b schema", &object, schema),
            ("paths x-a description", &object, Extension),
            ("paths /a query requestBody content a/b itemSchema", &object, schema),
            ("paths /a get callbacks c {$url} post", &object, One(Spot::Operation)),
            ("paths /a get callbacks c x-a", &object, Extension),
            ("webhooks x-a", &object, One(Spot::PathItem)),
            ("components responses x-a", &object, One(Spot::Response)),
            ("components schemas X properties $ref", &object, schema),
            ("components schemas X properties x-ir-tuple example", &object, Data),
            ("components schemas X example properties a", &object, Data),
            ("components schemas X items", &list, List(Spot::Schema)),
            ("components schemas X items", &object, schema),
            ("components schemas X additionalProperties", &flag, Plain),
            ("components schemas X additionalProperties", &object, schema),
            ("components schemas X x-ir-tuple", &list, List(Spot::Schema)),
            ("components schemas X x-other", &object, Extension),
            ("components schemas X discriminator mapping", &object, Plain),
            ("components examples E value", &object, Data),
            ("components parameters P examples", &object, Map(Spot::Example)),
            ("components parameters P examples", &list, Data),
            ("components mediaTypes M prefixEncoding", &list, List(Spot::Encoding)),
            ("definitions X properties a items", &object, schema),
            ("parameters P items items", &object, schema),
            ("responses R examples a/b", &object, Data),
            ("info contact", &object, Plain),
            ("info contact x-a", &object, Extension),
            ("servers", &list, List(Spot::Server)),
        ] {
            let mut at = One(Spot::Document);
            let words: Vec<&str> = path.split(' ').collect();
            for (i, word) in words.iter().enumerate() {
                at = at.child(word, if i + 1 == words.len() { value } else { &object });
            }
            assert_eq!(at, place, "{path}");
        }
    }
}
