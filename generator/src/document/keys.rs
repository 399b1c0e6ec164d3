//! The reserved keys: how `normalize` tells `lower` what the shape of OpenAPI 3.0 has no word for.
//!
//! A document cannot set them: members of this namespace are stripped from the input first.

/// Every reserved key begins with it.
pub const PREFIX: &str = "x-ir-";

/// In a schema: `true` when it admits nothing but null. It is also `nullable` and has no `type`.
pub const NULL: &str = "x-ir-null";

/// In a schema: a list of schemas, one per position of a tuple. `items` is there as well and admits
/// the element of every position.
pub const TUPLE: &str = "x-ir-tuple";

/// In a schema: what the elements after those of [`TUPLE`] are, when the document says.
pub const TUPLE_REST: &str = "x-ir-tuple-rest";

/// In a schema: an object of regular expressions to schemas, when there are several; `additionalProperties` admits what any of
/// them does. A single pattern becomes `additionalProperties`.
pub const PATTERN_PROPERTIES: &str = "x-ir-pattern-properties";

/// In a schema: all of `examples` when there is more than one; `example` has the first.
pub const EXAMPLES: &str = "x-ir-examples";

/// In a schema: `contentMediaType`, the media type of what its text holds. A part of a multipart body is of it.
pub const MEDIA_TYPE: &str = "x-ir-media-type";

/// In a parameter, a header or an encoding: a list of texts, what joins the elements of its list, and of the lists in that; an empty text leaves
/// it to `style`. Swagger 2.0 has separators that no style has.
pub const DELIMITERS: &str = "x-ir-delimiters";

/// Below a schema that requests and responses share: the type that requests take, where it is another one. No document has such
/// a place; settings and the lock use it to speak of that type.
pub const REQUEST: &str = "x-ir-request";

/// Below a schema that others are composed of by a discriminator: its own members, which are no type of the document. No document
/// has such a place; settings and the lock use it to speak of that type.
pub const BASE: &str = "x-ir-base";

/// The place of the document that a pointer means: one that ends in [`REQUEST`] or [`BASE`] means the schema below which that is.
pub fn place(pointer: &str) -> &str {
    let above = |key: &str| pointer.strip_suffix(key).and_then(|schema| schema.strip_suffix('/'));
    [REQUEST, BASE].into_iter().find_map(above).map_or(pointer, place)
}
