//! The grammar of OpenAPI documents: which kind of object stands under which keyword of which other, for every dialect at once
//! (Swagger 2.0, OpenAPI 3.0 to 3.2, and what tools add), since what a word means in one it never contradicts in another; and
//! what becomes of each keyword. One row a keyword: [`Row`], by object in [`Spot::rows`].
//!
//! Whether a member is a keyword or a name is decided by its place, never by its text: a property may be called `$ref`,
//! `type` or `x-ir-tuple`, and an example may contain anything. So every walk over a document asks this table: `load` for what
//! a reference stands for, `normalize` for what to bring into shape.
//!
//! What the grammar does not reach (`x-bundled`, which `load` fills with nodes of other files, or an extension that somebody
//! refers to) is a place all the same when a reference says so: see [`Targets`](super::targets::Targets).

mod openapi;
mod parameters;
mod row;
mod schema;

pub use row::{Holds, Outcome, Row, Version, Versions};

use super::{Node, keys};

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
    /// Whom to ask about the API.
    Contact,
    /// Under which terms the API may be used.
    License,
    /// How a value looks in XML.
    Xml,
    /// The ways to get a token, by kind.
    OAuthFlows,
    /// One way to get a token.
    OAuthFlow,
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

/// What stands under a keyword of an object.
fn keyword(spot: Spot, key: &str, value: &Node) -> Place {
    match (spot, key) {
        // Every other member is an expression.
        (Spot::Callback, key) if key != "$ref" => One(Spot::PathItem),
        // How `normalize` tells `lower` what 3.0 has no word for; no document has these.
        (Spot::Schema, keys::PATTERN_PROPERTIES) => Map(Spot::Schema),
        (Spot::Schema, keys::TUPLE) => List(Spot::Schema),
        (Spot::Schema, keys::TUPLE_REST) => One(Spot::Schema),
        _ => match spot.row(key) {
            Some(row) => row.holds.place(value),
            None if key.starts_with("x-") => Extension,
            None => Plain,
        },
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
            Contact | License | Xml | OAuthFlows | OAuthFlow => false,
        }
    }

    /// Whether a schema may lie below, so that its shape is asked about.
    pub fn holds_schemas(self) -> bool {
        use Spot::*;
        match self {
            Document | Components | PathItem | Operation | Parameter | Header | RequestBody | Response => true,
            MediaType | Encoding | Callback | Schema => true,
            Discriminator | Example | Link | SecurityScheme | Info | Tag | Server | ServerVariable => false,
            ExternalDocs | Contact | License | Xml | OAuthFlows | OAuthFlow => false,
        }
    }

    /// What the specification calls such an object: `Path Item`.
    pub fn name(self) -> &'static str {
        use Spot::*;
        match self {
            Document => "OpenAPI",
            Components => "Components",
            PathItem => "Path Item",
            Operation => "Operation",
            Parameter => "Parameter",
            Header => "Header",
            RequestBody => "Request Body",
            Response => "Response",
            MediaType => "Media Type",
            Encoding => "Encoding",
            Callback => "Callback",
            Schema => "Schema",
            Discriminator => "Discriminator",
            Example => "Example",
            Link => "Link",
            SecurityScheme => "Security Scheme",
            Info => "Info",
            Tag => "Tag",
            Server => "Server",
            ServerVariable => "Server Variable",
            ExternalDocs => "External Documentation",
            Contact => "Contact",
            License => "License",
            Xml => "XML",
            OAuthFlows => "OAuth Flows",
            OAuthFlow => "OAuth Flow",
        }
    }

    /// The keywords of such an object, sorted.
    pub fn rows(self) -> &'static [Row] {
        use Spot::*;
        match self {
            Document => openapi::DOCUMENT,
            Components => openapi::COMPONENTS,
            PathItem => openapi::PATH_ITEM,
            Operation => openapi::OPERATION,
            Parameter => parameters::PARAMETER,
            Header => parameters::HEADER,
            RequestBody => parameters::REQUEST_BODY,
            Response => parameters::RESPONSE,
            MediaType => parameters::MEDIA_TYPE,
            Encoding => parameters::ENCODING,
            Callback => openapi::CALLBACK,
            Schema => schema::SCHEMA,
            Discriminator => schema::DISCRIMINATOR,
            Example => parameters::EXAMPLE,
            Link => parameters::LINK,
            SecurityScheme => openapi::SECURITY_SCHEME,
            Info => openapi::INFO,
            Tag => openapi::TAG,
            Server => openapi::SERVER,
            ServerVariable => openapi::SERVER_VARIABLE,
            ExternalDocs => openapi::EXTERNAL_DOCS,
            Contact => openapi::CONTACT,
            License => openapi::LICENSE,
            Xml => schema::XML,
            OAuthFlows => openapi::OAUTH_FLOWS,
            OAuthFlow => openapi::OAUTH_FLOW,
        }
    }

    /// The row of a keyword.
    pub fn row(self, key: &str) -> Option<&'static Row> {
        let rows = self.rows();
        rows.binary_search_by(|row| row.key.cmp(key)).ok().and_then(|i| rows.get(i))
    }

    /// Every kind of object, in the order of the specification.
    pub const ALL: &'static [Spot] = &[
        Spot::Document,
        Spot::Info,
        Spot::Contact,
        Spot::License,
        Spot::Server,
        Spot::ServerVariable,
        Spot::Components,
        Spot::PathItem,
        Spot::Operation,
        Spot::ExternalDocs,
        Spot::Parameter,
        Spot::RequestBody,
        Spot::MediaType,
        Spot::Encoding,
        Spot::Response,
        Spot::Callback,
        Spot::Example,
        Spot::Link,
        Spot::Header,
        Spot::Tag,
        Spot::Schema,
        Spot::Discriminator,
        Spot::Xml,
        Spot::SecurityScheme,
        Spot::OAuthFlows,
        Spot::OAuthFlow,
    ];
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Span;
    use crate::document::Kind;

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
            ("info contact", &object, One(Spot::Contact)),
            ("info contact x-a", &object, Extension),
            ("security x-a", &object, Extension),
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

    #[test]
    fn rows_are_sorted_and_reasons_are_given() {
        for spot in Spot::ALL {
            for two in spot.rows().windows(2) {
                let [a, b] = two else { continue };
                assert!(a.key < b.key, "{}: `{}` goes behind `{}`", spot.name(), a.key, b.key);
            }
            for row in spot.rows() {
                let (Outcome::Annotation(words) | Outcome::Gap(_, words)) = row.outcome else { continue };
                assert!(!words.is_empty() && !words.ends_with('.'), "{} `{}`: {words}", spot.name(), row.key);
            }
        }
    }
}
