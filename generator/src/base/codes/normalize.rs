//! The codes of the `normalize` stage: code, title, and the page that `explain` prints.

/// The document's top is not an object.
pub const ROOT: &str = "E0201";
/// An overlay file does not have the shape of an overlay.
pub const OVERLAY_SHAPE: &str = "E0202";
/// An overlay has no actions.
pub const OVERLAY_EMPTY: &str = "E0203";
/// An overlay has a member the format does not know.
pub const OVERLAY_KEY: &str = "E0204";
/// A target is not a JSONPath.
pub const OVERLAY_TARGET: &str = "E0205";
/// An action says neither what to update nor to remove.
pub const OVERLAY_ACTION: &str = "E0206";
/// An update does not fit the node it is merged into.
pub const OVERLAY_MERGE: &str = "E0207";

/// A node does not have the shape its place asks for.
pub const SHAPE: &str = "W0201";
/// The version is missing or unknown.
pub const VERSION: &str = "W0202";
/// A `type` that is no type.
pub const TYPE: &str = "W0204";
/// A reference where 3.0 allows none could not be replaced by its target.
pub const INLINE: &str = "W0205";
/// Something OpenAPI 3.2 added is not generated.
pub const NEWER: &str = "W0206";
/// A parameter of Swagger 2.0 has no counterpart.
pub const PARAMETER: &str = "W0207";
/// An overlay action both updates and removes.
pub const OVERLAY_BOTH: &str = "W0208";
/// A separator that its place cannot have.
pub const SEPARATOR: &str = "W0209";

/// A member of the reserved namespace was stripped.
pub const RESERVED: &str = "N0201";
/// A keyword is not expressed.
pub const KEYWORD: &str = "N0202";
/// Members next to a reference that is not a schema are ignored.
pub const SIBLINGS: &str = "N0204";
/// A keyword of a newer version, read as the newer version means it.
pub const AHEAD: &str = "N0206";
/// An empty value, read as if the member were absent.
pub const EMPTY: &str = "N0207";
/// A keyword that nothing is made of.
pub const UNUSED: &str = "N0210";
/// A member that is no keyword.
pub const UNKNOWN: &str = "N0211";

/// Every code of this stage: code, title, page.
pub const CODES: &[(&str, &str, &str)] = &[
    (
        ROOT,
        "the document is not an object",
        "An OpenAPI document is an object with `openapi` or `swagger`, `info` and `paths`. This one is a list or a single value, so there is nothing to compile. A file of another kind was probably named.",
    ),
    (
        OVERLAY_SHAPE,
        "not an overlay",
        "An overlay is an object with `overlay` (a version that begins with `1.`), `info` and a list `actions`; every action is an object with a `target`. The named place has another shape. Nothing of this overlay is applied.",
    ),
    (
        OVERLAY_EMPTY,
        "overlay without actions",
        "The overlay has no `actions`, so naming it has no effect. Remove it from the settings, or give it actions.",
    ),
    (
        OVERLAY_KEY,
        "unknown member of an overlay",
        "The Overlay format has `overlay`, `info`, `extends` and `actions` at the top, `target`, `description`, `update` and `remove` in an action, and extensions that begin with `x-`. A misspelt member would be ignored silently; therefore it is an error.",
    ),
    (
        OVERLAY_TARGET,
        "target is not a JSONPath",
        "A `target` is a JSONPath of RFC 9535: `$.components.schemas.Pet.required[?@ == 'nmae']`. Names with characters other than letters, digits and `_` are written in brackets and quotes: `$.paths['/pets/{id}']`.",
    ),
    (
        OVERLAY_ACTION,
        "action without an effect",
        "An action needs `update` or `remove: true`, and `remove` is a boolean. One that has neither says nothing.",
    ),
    (
        OVERLAY_MERGE,
        "update does not fit its target",
        "An update of an object is an object, whose members are merged; an update of a list is an entry to append, or a list of them; a single value can be replaced by a single value only. The selected node and the update are of different kinds. Remove the node with one action and set it with the next where that is meant.",
    ),
    (
        SHAPE,
        "unexpected shape",
        "The node is not what its place asks for: a string where a schema is expected, a list where a mapping of names is. It is left as it is, and the stages after this one skip it or read it as any value. An overlay can correct the document.",
    ),
    (
        VERSION,
        "unknown version",
        "The header says neither `swagger: \"2.0\"` nor `openapi: 3.0`, `3.1` or `3.2`. The document is read as the version it looks most like.",
    ),
    (
        TYPE,
        "not a type",
        "`type` is one of `string`, `number`, `integer`, `boolean`, `array`, `object` and `null`, or a list of these. What is not is left out of a list; a `type` that is neither a string nor a list is dropped.",
    ),
    (
        INLINE,
        "reference could not be replaced",
        "A path item, a media type or a whole mapping (`properties`, `responses` ...) is given by a reference. Such references are replaced by what they point to; this one points to nothing, to itself, or to something of another shape, or replacing all of them would make the document far larger than it is.",
    ),
    (
        NEWER,
        "part of OpenAPI 3.2 that is not generated",
        "The streaming members `itemSchema`, `prefixEncoding` and `itemEncoding` have no counterpart in what is generated. The rest of the document is not affected.",
    ),
    (
        PARAMETER,
        "parameter without a counterpart",
        "Swagger 2.0 allows one body, or form fields, not both, and every parameter says where it goes (`in`). The parameter at this place contradicts that and is left out.",
    ),
    (
        OVERLAY_BOTH,
        "action updates and removes",
        "`remove: true` wins over `update`, which therefore has no effect. Remove one of them.",
    ),
    (
        UNUSED,
        "keyword without effect",
        "Nothing is made of the keyword: neither code nor documentation would be another without it. What is sent and read is right all the same. The first place is shown; the message counts the others. `cargo xtask explain --keywords` prints what becomes of every keyword.",
    ),
    (
        UNKNOWN,
        "not a keyword",
        "The specification has no keyword of this name for such an object, in no version that is akin to the document's, and it is no extension, whose name begins with `x-`. Nothing is made of it: a typo (`nulable`), or a keyword at the wrong place. The first place is shown; the message counts the others.",
    ),
    (
        RESERVED,
        "reserved key stripped",
        "Keys that begin with `x-ir-` carry what the compiler found out from one stage to the next. The document's own member of that name is ignored, so that no document can pretend to be the compiler.",
    ),
    (
        KEYWORD,
        "keyword not expressed",
        "The keyword constrains values in a way the generated types do not follow (`if`/`then`/`else`, `dependentSchemas`, `unevaluatedProperties`, `contains`, `propertyNames` ...). It only ever forbids values, so everything the API sends can still be read. The first place is shown; the message counts the others.",
    ),
    (
        SIBLINGS,
        "members next to a reference ignored",
        "Next to the `$ref` of a parameter, a response, a body or a header only `summary` and `description` have a meaning. The other members at this place are ignored, as the specification says.",
    ),
    (
        SEPARATOR,
        "separator that its place cannot have",
        "`collectionFormat` is `csv`, `ssv`, `tsv` or `pipes`, and `multi` in the query and in forms, where a parameter can be repeated. What is none of these is read as comma-separated.",
    ),
    (
        AHEAD,
        "keyword of a newer version",
        "The keyword belongs to a newer version than the header says (`const` or a list of types in a 3.0 document, for example). It is read as the newer version means it, since nothing else can be meant. The first place of each keyword is shown.",
    ),
    (
        EMPTY,
        "empty value",
        "A member has no value (YAML: a key with nothing after the colon). It is read as an empty one of the kind its place asks for.",
    ),
];
