//! The rows of what is around operations: the document, servers, paths, operations, security, and the texts that go with them.

use super::row::{Row, row};
use super::{Holds, Outcome, Place, Spot, Versions};
use crate::base::codes::normalize::UNUSED;

use Outcome::{Annotation, Documentation, Expressed, Gap};

const ALL: Versions = Versions::ALL;
const V2: Versions = Versions::SWAGGER2;
const V3: Versions = Versions::SINCE_30;
const V31: Versions = Versions::SINCE_31;
const V32: Versions = Versions::SINCE_32;

const PLAIN: Holds = Holds::Is(Place::Plain);

const fn one(spot: Spot) -> Holds {
    Holds::Is(Place::One(spot))
}

const fn map(spot: Spot) -> Holds {
    Holds::Is(Place::Map(spot))
}

const fn list(spot: Spot) -> Holds {
    Holds::Is(Place::List(spot))
}

pub(super) const DOCUMENT: &[Row] = &[
    row("$self", V32, PLAIN, Gap(UNUSED, "is not used: references are followed from where the file lies")),
    row("basePath", V2, PLAIN, Expressed),
    row("components", V3, one(Spot::Components), Expressed),
    row("consumes", V2, PLAIN, Expressed),
    row("definitions", V2, map(Spot::Schema), Expressed),
    row("externalDocs", ALL, one(Spot::ExternalDocs), Documentation),
    row("host", V2, PLAIN, Expressed),
    row("info", ALL, one(Spot::Info), Expressed),
    row("jsonSchemaDialect", V31, PLAIN, Gap(UNUSED, "is not used: schemas are read as OpenAPI means them")),
    row("openapi", V3, PLAIN, Annotation("decides how the document is read, and says nothing about the API")),
    row("parameters", V2, map(Spot::Parameter), Expressed),
    row("paths", ALL, Holds::Is(Place::Patterned(Spot::PathItem)), Expressed),
    row("produces", V2, PLAIN, Expressed),
    row("responses", V2, map(Spot::Response), Expressed),
    row("schemes", V2, PLAIN, Expressed),
    row("security", ALL, PLAIN, Expressed),
    row("securityDefinitions", V2, map(Spot::SecurityScheme), Expressed),
    row("servers", V3, list(Spot::Server), Expressed),
    row("swagger", V2, PLAIN, Annotation("decides how the document is read, and says nothing about the API")),
    row("tags", ALL, list(Spot::Tag), Documentation),
    row("webhooks", V31, map(Spot::PathItem), Expressed),
    row("x-webhooks", Versions::TOOLS, map(Spot::PathItem), Expressed),
];

pub(super) const INFO: &[Row] = &[
    row("contact", ALL, one(Spot::Contact), Documentation),
    row("description", ALL, PLAIN, Documentation),
    row("license", ALL, one(Spot::License), Documentation),
    row("summary", V31, PLAIN, Documentation),
    row("termsOfService", ALL, PLAIN, Documentation),
    row("title", ALL, PLAIN, Expressed),
    row("version", ALL, PLAIN, Expressed),
];

pub(super) const CONTACT: &[Row] = &[
    row("email", ALL, PLAIN, Documentation),
    row("name", ALL, PLAIN, Documentation),
    row("url", ALL, PLAIN, Documentation),
];

pub(super) const LICENSE: &[Row] = &[
    row("identifier", V31, PLAIN, Documentation),
    row("name", ALL, PLAIN, Documentation),
    row("url", ALL, PLAIN, Documentation),
];

pub(super) const EXTERNAL_DOCS: &[Row] =
    &[row("description", ALL, PLAIN, Documentation), row("url", ALL, PLAIN, Documentation)];

pub(super) const TAG: &[Row] = &[
    row("description", ALL, PLAIN, Documentation),
    row("externalDocs", ALL, one(Spot::ExternalDocs), Documentation),
    row("kind", V32, PLAIN, Gap(UNUSED, "is not used: a tag is a handle of the client, whatever it is for")),
    row("name", ALL, PLAIN, Documentation),
    row("parent", V32, PLAIN, Gap(UNUSED, "is not used: all handles are at the client")),
    row("summary", V32, PLAIN, Documentation),
];

pub(super) const SERVER: &[Row] = &[
    row("description", V3, PLAIN, Documentation),
    row("name", V32, PLAIN, Expressed),
    row("url", V3, PLAIN, Expressed),
    row("variables", V3, map(Spot::ServerVariable), Expressed),
];

pub(super) const SERVER_VARIABLE: &[Row] = &[
    row("default", V3, PLAIN, Expressed),
    row("description", V3, PLAIN, Documentation),
    row("enum", V3, PLAIN, Expressed),
];

pub(super) const COMPONENTS: &[Row] = &[
    row("callbacks", V3, map(Spot::Callback), Expressed),
    row("examples", V3, map(Spot::Example), Expressed),
    row("headers", V3, map(Spot::Header), Expressed),
    row("links", V3, map(Spot::Link), Documentation),
    row("mediaTypes", V32, map(Spot::MediaType), Expressed),
    row("parameters", V3, map(Spot::Parameter), Expressed),
    row("pathItems", V31, map(Spot::PathItem), Expressed),
    row("requestBodies", V3, map(Spot::RequestBody), Expressed),
    row("responses", V3, map(Spot::Response), Expressed),
    row("schemas", V3, map(Spot::Schema), Expressed),
    row("securitySchemes", V3, map(Spot::SecurityScheme), Expressed),
];

pub(super) const PATH_ITEM: &[Row] = &[
    row("$ref", ALL, PLAIN, Expressed),
    row("additionalOperations", V32, map(Spot::Operation), Expressed),
    row("delete", ALL, one(Spot::Operation), Expressed),
    row("description", V3, PLAIN, Documentation),
    row("get", ALL, one(Spot::Operation), Expressed),
    row("head", ALL, one(Spot::Operation), Expressed),
    row("options", ALL, one(Spot::Operation), Expressed),
    row("parameters", ALL, list(Spot::Parameter), Expressed),
    row("patch", ALL, one(Spot::Operation), Expressed),
    row("post", ALL, one(Spot::Operation), Expressed),
    row("put", ALL, one(Spot::Operation), Expressed),
    row("query", V32, one(Spot::Operation), Expressed),
    row("servers", V3, list(Spot::Server), Expressed),
    row("summary", V3, PLAIN, Documentation),
    row("trace", V3, one(Spot::Operation), Expressed),
];

pub(super) const OPERATION: &[Row] = &[
    row("callbacks", V3, map(Spot::Callback), Expressed),
    row("consumes", V2, PLAIN, Expressed),
    row("deprecated", ALL, PLAIN, Expressed),
    row("description", ALL, PLAIN, Documentation),
    row("externalDocs", ALL, one(Spot::ExternalDocs), Documentation),
    row("operationId", ALL, PLAIN, Expressed),
    row("parameters", ALL, list(Spot::Parameter), Expressed),
    row("produces", V2, PLAIN, Expressed),
    row("requestBody", V3, one(Spot::RequestBody), Expressed),
    row("responses", ALL, Holds::Is(Place::Patterned(Spot::Response)), Expressed),
    row("schemes", V2, PLAIN, Expressed),
    row("security", ALL, PLAIN, Expressed),
    row("servers", V3, list(Spot::Server), Expressed),
    row("summary", ALL, PLAIN, Documentation),
    row("tags", ALL, PLAIN, Expressed),
];

pub(super) const CALLBACK: &[Row] = &[row("$ref", V3, PLAIN, Expressed)];

pub(super) const SECURITY_SCHEME: &[Row] = &[
    row("$ref", V3, PLAIN, Expressed),
    row("authorizationUrl", V2, PLAIN, Documentation),
    row("bearerFormat", V3, PLAIN, Documentation),
    row("deprecated", V32, PLAIN, Expressed),
    row("description", ALL, PLAIN, Documentation),
    row("flow", V2, PLAIN, Documentation),
    row("flows", V3, one(Spot::OAuthFlows), Documentation),
    row("in", ALL, PLAIN, Expressed),
    row("name", ALL, PLAIN, Expressed),
    row("oauth2MetadataUrl", V32, PLAIN, Documentation),
    row("openIdConnectUrl", V3, PLAIN, Documentation),
    row("scheme", V3, PLAIN, Expressed),
    row("scopes", V2, PLAIN, Documentation),
    row("tokenUrl", V2, PLAIN, Documentation),
    row("type", ALL, PLAIN, Expressed),
];

pub(super) const OAUTH_FLOWS: &[Row] = &[
    row("authorizationCode", V3, one(Spot::OAuthFlow), Documentation),
    row("clientCredentials", V3, one(Spot::OAuthFlow), Documentation),
    row("deviceAuthorization", V32, one(Spot::OAuthFlow), Documentation),
    row("implicit", V3, one(Spot::OAuthFlow), Documentation),
    row("password", V3, one(Spot::OAuthFlow), Documentation),
];

pub(super) const OAUTH_FLOW: &[Row] = &[
    row("authorizationUrl", V3, PLAIN, Documentation),
    row("deviceAuthorizationUrl", V32, PLAIN, Documentation),
    row("refreshUrl", V3, PLAIN, Documentation),
    row("scopes", V3, PLAIN, Documentation),
    row("tokenUrl", V3, PLAIN, Documentation),
];
