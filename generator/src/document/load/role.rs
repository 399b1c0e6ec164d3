//! What a node is for, told by the way from the root: whether a `$ref` there stands for an object of OpenAPI's, has to be
//! filled in, or is data.

/// What stands at a place of a document. Covers Swagger 2.0 and OpenAPI 3.x at once: their words do not clash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Document,
    Components,
    /// Names to things of one role.
    Map(&'static Role),
    PathItem,
    Operation,
    Parameter,
    RequestBody,
    Response,
    MediaType,
    Encoding,
    Header,
    Example,
    Link,
    Callback,
    SecurityScheme,
    Schema,
    Discriminator,
    /// An example, a default: JSON of the author's, in which `$ref` may be just a member.
    Data,
    /// A vendor extension: nobody's business.
    Opaque,
    /// Text, lists, flags, tags, servers: things that cannot be referred to, though some authors do.
    Plain,
}

use Role::*;

impl Role {
    /// Whether OpenAPI knows a reference object here, so that later stages follow one.
    pub(super) fn is_referable(self) -> bool {
        matches!(
            self,
            Parameter | RequestBody | Response | Header | Example | Link | Callback | SecurityScheme | Schema
        )
    }

    /// The role of member `key`.
    pub(super) fn member(self, key: &str) -> Role {
        match self {
            Map(PathItem) if !key.starts_with('/') && key.starts_with("x-") => Opaque,
            Map(role) => *role,
            Data => Data,
            Opaque => Opaque,
            Callback if !key.starts_with("x-") => PathItem,
            Document if key == "x-webhooks" => Map(&PathItem),
            _ if key.starts_with("x-") => Opaque,
            _ => self.known(key),
        }
    }

    /// The role of an element, where this stands for an array.
    pub(super) fn element(self) -> Role {
        match self {
            Map(role) => *role,
            other => other,
        }
    }

    fn known(self, key: &str) -> Role {
        match (self, key) {
            (Document, "paths" | "webhooks") => Map(&PathItem),
            (Document, "components") => Components,
            (Document, "definitions") => Map(&Schema),
            (Document, "securityDefinitions") => Map(&SecurityScheme),
            (Document | PathItem | Operation, "parameters") => Map(&Parameter),
            (Document | Operation, "responses") => Map(&Response),
            (Components, _) => component(key).unwrap_or(Plain),
            (PathItem, "get" | "put" | "post" | "delete" | "options" | "head" | "patch" | "trace" | "query") => {
                Operation
            }
            (PathItem, "additionalOperations") => Map(&Operation),
            (Operation, "requestBody") => RequestBody,
            (Operation, "callbacks") => Map(&Callback),
            (Parameter | Header | RequestBody | Response, "content") => Map(&MediaType),
            (Parameter | Header | MediaType | Response, "schema") | (MediaType, "itemSchema") => Schema,
            (Parameter | Header, "items") => Schema,
            (Parameter | Header | MediaType, "examples") => Map(&Example),
            (Response | Encoding, "headers") => Map(&Header),
            (Response, "links") => Map(&Link),
            (MediaType, "encoding") => Map(&Encoding),
            (Schema, "properties" | "patternProperties" | "definitions" | "$defs" | "dependentSchemas") => Map(&Schema),
            (Schema, "allOf" | "anyOf" | "oneOf" | "prefixItems" | "items" | "additionalItems" | "not" | "if") => {
                Schema
            }
            (Schema, "then" | "else" | "additionalProperties" | "contains" | "propertyNames") => Schema,
            (Schema, "unevaluatedItems" | "unevaluatedProperties") => Schema,
            (Schema, "discriminator") => Discriminator,
            (
                Schema | Parameter | Header | MediaType | Response,
                "example" | "examples" | "default" | "enum" | "const",
            ) => Data,
            (Example, "value") | (Link, "parameters" | "requestBody") => Data,
            _ => Plain,
        }
    }
}

/// The sections of `components` and the top-level ones of Swagger 2.0: what a name in them stands for.
fn component(section: &str) -> Option<Role> {
    Some(match section {
        "schemas" => Map(&Schema),
        "responses" => Map(&Response),
        "parameters" => Map(&Parameter),
        "examples" => Map(&Example),
        "requestBodies" => Map(&RequestBody),
        "headers" => Map(&Header),
        "securitySchemes" => Map(&SecurityScheme),
        "links" => Map(&Link),
        "callbacks" => Map(&Callback),
        "pathItems" => Map(&PathItem),
        "mediaTypes" => Map(&MediaType),
        _ => return None,
    })
}
