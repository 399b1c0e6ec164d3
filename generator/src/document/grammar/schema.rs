//! The rows of a schema: Swagger 2.0, OpenAPI 3.0, and the vocabularies of JSON Schema 2020-12 that 3.1 includes.

use super::row::{Row, row};
use super::{Holds, Outcome, Place, Spot, Versions};
use crate::base::codes::normalize::{KEYWORD, UNUSED};

use Outcome::{Annotation, Documentation, Expressed, Gap, WithinGap};

const ALL: Versions = Versions::ALL;
const V2: Versions = Versions::SWAGGER2;
const V30: Versions = Versions::ONLY_30;
const V3: Versions = Versions::SINCE_30;
const V31: Versions = Versions::SINCE_31;
const V32: Versions = Versions::SINCE_32;
const TOOLS: Versions = Versions::TOOLS;

const PLAIN: Holds = Holds::Is(Place::Plain);
const EXTENSION: Holds = Holds::Is(Place::Extension);
const DATA: Holds = Holds::Is(Place::Data);
const SCHEMA_HERE: Holds = Holds::Is(Place::One(Spot::Schema));
const SCHEMAS: Holds = Holds::Is(Place::List(Spot::Schema));
const NAMED: Holds = Holds::Is(Place::Map(Spot::Schema));

/// It only ever forbids values: everything that comes can still be read.
const CONSTRAINS: Outcome = Gap(KEYWORD, "is not expressed in the generated types");

pub(super) const SCHEMA: &[Row] = &[
    row("$anchor", V31, PLAIN, Expressed),
    row("$comment", V31, PLAIN, Annotation("it is for whoever writes the document, not for whoever uses the API")),
    row("$defs", V31, NAMED, Expressed),
    row("$dynamicAnchor", V31, PLAIN, Expressed),
    row("$dynamicRef", V31, PLAIN, Expressed),
    row("$id", V31, PLAIN, Expressed),
    row("$recursiveAnchor", TOOLS, PLAIN, Gap(UNUSED, "is not followed: `$recursiveRef` names the schema around it")),
    row("$recursiveRef", TOOLS, PLAIN, Expressed),
    row("$ref", ALL, PLAIN, Expressed),
    row("$schema", V31, PLAIN, Gap(UNUSED, "is not used: schemas are read as OpenAPI means them")),
    row("$vocabulary", V31, PLAIN, Gap(UNUSED, "is not used: schemas are read as OpenAPI means them")),
    row("additionalItems", TOOLS, Holds::OneOrFlag(Spot::Schema), Expressed),
    row("additionalProperties", ALL, Holds::OneOrFlag(Spot::Schema), Expressed),
    row("allOf", ALL, SCHEMAS, Expressed),
    row("anyOf", V3, SCHEMAS, Expressed),
    row("collectionFormat", V2, PLAIN, Expressed),
    row("const", V31, DATA, Expressed),
    row("contains", V31, SCHEMA_HERE, CONSTRAINS),
    row("contentEncoding", V31, PLAIN, Expressed),
    row("contentMediaType", V31, PLAIN, Expressed),
    row("contentSchema", V31, SCHEMA_HERE, CONSTRAINS),
    row("default", ALL, DATA, Expressed),
    row("definitions", TOOLS, NAMED, Expressed),
    row("dependencies", TOOLS, PLAIN, CONSTRAINS),
    row("dependentRequired", V31, PLAIN, CONSTRAINS),
    row("dependentSchemas", V31, NAMED, CONSTRAINS),
    row("deprecated", V3, PLAIN, Expressed),
    row("description", ALL, PLAIN, Documentation),
    row("discriminator", ALL, Holds::Is(Place::One(Spot::Discriminator)), Expressed),
    row("else", V31, SCHEMA_HERE, CONSTRAINS),
    row("enum", ALL, DATA, Expressed),
    row("example", ALL, DATA, Expressed),
    row("examples", V31, DATA, Expressed),
    row("exclusiveMaximum", ALL, PLAIN, Documentation),
    row("exclusiveMinimum", ALL, PLAIN, Documentation),
    row("externalDocs", ALL, Holds::Is(Place::One(Spot::ExternalDocs)), Documentation),
    row("format", ALL, PLAIN, Expressed),
    row("if", V31, SCHEMA_HERE, CONSTRAINS),
    row("items", ALL, Holds::OneOrList(Spot::Schema), Expressed),
    row("maxContains", V31, PLAIN, CONSTRAINS),
    row("maxItems", ALL, PLAIN, Documentation),
    row("maxLength", ALL, PLAIN, Documentation),
    row("maxProperties", ALL, PLAIN, Documentation),
    row("maximum", ALL, PLAIN, Documentation),
    row("minContains", V31, PLAIN, CONSTRAINS),
    row("minItems", ALL, PLAIN, Documentation),
    row("minLength", ALL, PLAIN, Documentation),
    row("minProperties", ALL, PLAIN, Documentation),
    row("minimum", ALL, PLAIN, Documentation),
    row("multipleOf", ALL, PLAIN, Documentation),
    row("not", V3, SCHEMA_HERE, CONSTRAINS),
    row("nullable", V30, PLAIN, Expressed),
    row("oneOf", V3, SCHEMAS, Expressed),
    row("pattern", ALL, PLAIN, Documentation),
    row("patternProperties", V31, NAMED, Expressed),
    row("prefixItems", V31, SCHEMAS, Expressed),
    row("properties", ALL, NAMED, Expressed),
    row("propertyNames", V31, SCHEMA_HERE, CONSTRAINS),
    row("readOnly", ALL, PLAIN, Expressed),
    row("required", ALL, PLAIN, Expressed),
    row("then", V31, SCHEMA_HERE, CONSTRAINS),
    row("title", ALL, PLAIN, Documentation),
    row("type", ALL, PLAIN, Expressed),
    row("unevaluatedItems", V31, Holds::OneOrFlag(Spot::Schema), CONSTRAINS),
    row("unevaluatedProperties", V31, Holds::OneOrFlag(Spot::Schema), CONSTRAINS),
    row("uniqueItems", ALL, PLAIN, Documentation),
    row("writeOnly", V3, PLAIN, Expressed),
    row("x-enum-descriptions", TOOLS, EXTENSION, Documentation),
    row("x-enum-varnames", TOOLS, EXTENSION, Expressed),
    row("x-enumDescriptions", TOOLS, EXTENSION, Documentation),
    row("x-enumNames", TOOLS, EXTENSION, Expressed),
    row("x-nullable", TOOLS, EXTENSION, Expressed),
    row("xml", ALL, Holds::Is(Place::One(Spot::Xml)), Gap(UNUSED, "is not used: bodies in XML are text")),
];

pub(super) const DISCRIMINATOR: &[Row] = &[
    row("defaultMapping", V32, PLAIN, Gap(UNUSED, "is not followed: an unknown value is kept as it came")),
    row("mapping", V3, PLAIN, Expressed),
    row("propertyName", V3, PLAIN, Expressed),
];

pub(super) const XML: &[Row] = &[
    row("attribute", ALL, PLAIN, WithinGap),
    row("name", ALL, PLAIN, WithinGap),
    row("namespace", ALL, PLAIN, WithinGap),
    row("nodeType", V32, PLAIN, WithinGap),
    row("prefix", ALL, PLAIN, WithinGap),
    row("wrapped", ALL, PLAIN, WithinGap),
];
