//! The rows of what goes over the wire: parameters, headers, bodies, responses, with their examples and links.

use super::row::{Row, row};
use super::{Holds, Outcome, Place, Spot, Versions};
use crate::base::codes::normalize::{NEWER, UNUSED};

use Outcome::{Annotation, Documentation, Expressed, Gap, Reported};

const ALL: Versions = Versions::ALL;
const V2: Versions = Versions::SWAGGER2;
const V30: Versions = Versions::ONLY_30;
const V3: Versions = Versions::SINCE_30;
const V32: Versions = Versions::SINCE_32;

const PLAIN: Holds = Holds::Is(Place::Plain);
const EXTENSION: Holds = Holds::Is(Place::Extension);
const DATA: Holds = Holds::Is(Place::Data);

const fn one(spot: Spot) -> Holds {
    Holds::Is(Place::One(spot))
}

const fn map(spot: Spot) -> Holds {
    Holds::Is(Place::Map(spot))
}

pub(super) const PARAMETER: &[Row] = &[
    row("$ref", ALL, PLAIN, Expressed),
    row("allowEmptyValue", ALL, PLAIN, Reported("N0340")),
    row("allowReserved", V3, PLAIN, Expressed),
    row("collectionFormat", V2, PLAIN, Expressed),
    row("content", V3, map(Spot::MediaType), Expressed),
    row("default", V2, DATA, Expressed),
    row("deprecated", V3, PLAIN, Expressed),
    row("description", ALL, PLAIN, Documentation),
    row("enum", V2, DATA, Expressed),
    row("example", V3, DATA, Expressed),
    row("examples", V3, Holds::MapOrData(Spot::Example), Expressed),
    row("exclusiveMaximum", V2, PLAIN, Documentation),
    row("exclusiveMinimum", V2, PLAIN, Documentation),
    row("explode", V3, PLAIN, Expressed),
    row("format", V2, PLAIN, Expressed),
    row("in", ALL, PLAIN, Expressed),
    row("items", V2, one(Spot::Schema), Expressed),
    row("maxItems", V2, PLAIN, Documentation),
    row("maxLength", V2, PLAIN, Documentation),
    row("maximum", V2, PLAIN, Documentation),
    row("minItems", V2, PLAIN, Documentation),
    row("minLength", V2, PLAIN, Documentation),
    row("minimum", V2, PLAIN, Documentation),
    row("multipleOf", V2, PLAIN, Documentation),
    row("name", ALL, PLAIN, Expressed),
    row("pattern", V2, PLAIN, Documentation),
    row("required", ALL, PLAIN, Expressed),
    row("schema", ALL, one(Spot::Schema), Expressed),
    row("style", V3, PLAIN, Expressed),
    row("type", V2, PLAIN, Expressed),
    row("uniqueItems", V2, PLAIN, Documentation),
    row("x-example", Versions::TOOLS, EXTENSION, Expressed),
];

/// A header is declared in a gap as a whole: nothing of it is read.
pub(super) const HEADER: &[Row] = &[
    row("$ref", V3, PLAIN, Expressed),
    row("allowEmptyValue", V30, PLAIN, Annotation("it is for parameters in a query")),
    row("allowReserved", V30, PLAIN, Annotation("nothing is percent-encoded in a header")),
    row("collectionFormat", V2, PLAIN, Expressed),
    row("content", V3, map(Spot::MediaType), Expressed),
    row("default", V2, DATA, Documentation),
    row("deprecated", V3, PLAIN, Expressed),
    row("description", ALL, PLAIN, Documentation),
    row("enum", V2, DATA, Expressed),
    row("example", V3, DATA, Gap(UNUSED, "of a header is not in the documentation")),
    row("examples", V3, Holds::MapOrData(Spot::Example), Gap(UNUSED, "of a header are not in the documentation")),
    row("exclusiveMaximum", V2, PLAIN, Documentation),
    row("exclusiveMinimum", V2, PLAIN, Documentation),
    row("explode", V3, PLAIN, Expressed),
    row("format", V2, PLAIN, Expressed),
    row("items", V2, one(Spot::Schema), Expressed),
    row("maxItems", V2, PLAIN, Documentation),
    row("maxLength", V2, PLAIN, Documentation),
    row("maximum", V2, PLAIN, Documentation),
    row("minItems", V2, PLAIN, Documentation),
    row("minLength", V2, PLAIN, Documentation),
    row("minimum", V2, PLAIN, Documentation),
    row("multipleOf", V2, PLAIN, Documentation),
    row("pattern", V2, PLAIN, Documentation),
    row("required", V3, PLAIN, Documentation),
    row("schema", V3, one(Spot::Schema), Expressed),
    row("style", V3, PLAIN, Annotation("headers have one style, `simple`")),
    row("type", V2, PLAIN, Expressed),
    row("uniqueItems", V2, PLAIN, Documentation),
];

pub(super) const REQUEST_BODY: &[Row] = &[
    row("$ref", V3, PLAIN, Expressed),
    row("content", V3, map(Spot::MediaType), Expressed),
    row("description", V3, PLAIN, Documentation),
    row("required", V3, PLAIN, Expressed),
];

pub(super) const MEDIA_TYPE: &[Row] = &[
    row("$ref", V32, PLAIN, Expressed),
    row("description", V32, PLAIN, Gap(UNUSED, "of a media type is not in the documentation")),
    row("encoding", V3, map(Spot::Encoding), Expressed),
    row("example", V3, DATA, Expressed),
    row("examples", V3, Holds::MapOrData(Spot::Example), Expressed),
    row("itemEncoding", V32, one(Spot::Encoding), Gap(NEWER, "of OpenAPI 3.2 is not generated")),
    row("itemSchema", V32, one(Spot::Schema), Gap(NEWER, "of OpenAPI 3.2 is not generated")),
    row("prefixEncoding", V32, Holds::Is(Place::List(Spot::Encoding)), Gap(NEWER, "of OpenAPI 3.2 is not generated")),
    row("schema", V3, one(Spot::Schema), Expressed),
];

pub(super) const ENCODING: &[Row] = &[
    row("allowReserved", V3, PLAIN, Expressed),
    row("contentType", V3, PLAIN, Expressed),
    row("encoding", V32, map(Spot::Encoding), Gap(NEWER, "of OpenAPI 3.2 is not generated")),
    row("explode", V3, PLAIN, Expressed),
    row("headers", V3, map(Spot::Header), Reported("N0339")),
    row("itemEncoding", V32, one(Spot::Encoding), Gap(NEWER, "of OpenAPI 3.2 is not generated")),
    row("prefixEncoding", V32, Holds::Is(Place::List(Spot::Encoding)), Gap(NEWER, "of OpenAPI 3.2 is not generated")),
    row("style", V3, PLAIN, Expressed),
];

pub(super) const RESPONSE: &[Row] = &[
    row("$ref", ALL, PLAIN, Expressed),
    row("content", V3, map(Spot::MediaType), Expressed),
    row("description", ALL, PLAIN, Documentation),
    row("examples", V2, DATA, Expressed),
    row("headers", ALL, map(Spot::Header), Expressed),
    row("links", V3, map(Spot::Link), Documentation),
    row("schema", V2, one(Spot::Schema), Expressed),
    row("summary", V32, PLAIN, Documentation),
];

pub(super) const EXAMPLE: &[Row] = &[
    row("$ref", V3, PLAIN, Expressed),
    row("dataValue", V32, DATA, Expressed),
    row("description", V3, PLAIN, Gap(UNUSED, "of an example is not in the documentation")),
    row("externalValue", V3, PLAIN, Gap(UNUSED, "is not used: nothing is fetched")),
    row("serializedValue", V32, PLAIN, Gap(UNUSED, "is not used: `dataValue` and `value` are")),
    row("summary", V3, PLAIN, Gap(UNUSED, "of an example is not in the documentation")),
    row("value", V3, DATA, Expressed),
];

/// A link is declared in a gap as a whole: nothing of it is read.
pub(super) const LINK: &[Row] = &[
    row("$ref", V3, PLAIN, Documentation),
    row("description", V3, PLAIN, Documentation),
    row("operationId", V3, PLAIN, Documentation),
    row("operationRef", V3, PLAIN, Documentation),
    row("parameters", V3, DATA, Documentation),
    row("requestBody", V3, DATA, Documentation),
    row("server", V3, one(Spot::Server), Gap(UNUSED, "is not used: the linked operation has its own servers")),
];
