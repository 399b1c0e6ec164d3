//! The codes of the `lower` stage: code, title, page.

/// Codes of this stage: code, title, explanation.
pub const CODES: &[(&str, &str, &str)] = &[
    (
        "W0301",
        "a reference leads nowhere",
        "The place that `$ref` names does not exist in the document, or lies in a file that was not read. The node becomes any JSON value.",
    ),
    (
        "W0302",
        "a reference leads back to itself",
        "Following the reference never reaches a schema (`A: {$ref: B}`, `B: {$ref: A}`). The node becomes any JSON value.",
    ),
    (
        "W0303",
        "a node is not what OpenAPI wants here",
        "The node has another JSON type than the specification allows at this place. It is left out, or becomes any JSON value.",
    ),
    (
        "W0304",
        "`required` names a member that is not declared",
        "The name is in `required` but has no property, here or in the parts that `allOf` merges. No check is made for it.",
    ),
    (
        "W0305",
        "`allOf` members disagree",
        "Two parts of an `allOf` declare the same member with different types. The later declaration is used.",
    ),
    (
        "W0306",
        "a parameter cannot be used as declared",
        "A parameter has no name or no place (`in`) where one can go, or is there twice; a path parameter is missing from the template, is spelled otherwise there, or is not declared at all; or no header or cookie can have the name, which is one or more letters, digits and signs of ``!#$%&'*+-.^_`|~``. The message says what was done: cookies are sent under any name that does not end them, headers are not.",
    ),
    (
        "W0307",
        "an operation cannot be used as declared",
        "The operation is not an object, or its id is that of another operation. The note says what was done.",
    ),
    (
        "N0308",
        "a schema says nothing about its type",
        "Neither a type nor a keyword that implies one: the value is any JSON.",
    ),
    (
        "N0309",
        "media types left out",
        "The body is declared in several media types; the generated function uses one of them.",
    ),
    ("N0310", "an operation has no `operationId`", "The name is made of the method and the path."),
    (
        "W0311",
        "enum values that are lists or objects",
        "No Rust enum has such values: a member of this schema is of the type that the schema names, else any JSON. Texts, numbers and truth values of one enum keep their kinds.",
    ),
    (
        "W0312",
        "a keyword has a value it cannot have",
        "The keyword's value has the wrong type or range; the keyword is ignored.",
    ),
    (
        "N0313",
        "branches of a choice tie",
        "Two branches of a `oneOf` or `anyOf` in a response have the same members of the same kinds, so nothing in a body distinguishes them, and it is read as the earlier one. Give the schema a discriminator, or a member with one value of its own in each branch; an overlay can do it.",
    ),
    (
        "N0314",
        "an event stream is given as a whole",
        "The call ends when the server ends the stream, and then gives all its events. Where a stream never ends by itself, set a time limit, or send the request by a client of your own: `.raw()` and the parts of the request say how.",
    ),
    (
        "N0345",
        "encoding of a body that is given as a whole",
        "`encoding` is used for the members of a request in the media type that its function takes, which have a setter each: JSON where there is one, else a multipart body, a form, text and bytes, in this order. A body of another media type, or of a webhook, is given or read as one value: its members are written and read by their types.",
    ),
    (
        "N0346",
        "a response header left out",
        "What the media type of a response is, its `content` says: a header `Content-Type` declares nothing, by the specification. Names of headers are the same in any case, so of two that differ in nothing else the first is taken.",
    ),
    (
        "W0346",
        "a link without an operation",
        "A link of a response names neither `operationId` nor `operationRef`, or an operation that the document does not have. Links are documentation of the operation whose response has them; one that names no operation says nothing and is left out.",
    ),
    (
        "N0347",
        "a response header given as text",
        "Headers have the style `simple`, which is defined for values, lists of values and objects of values. The schema is none of these (an array of arrays, an object with objects in it), so the accessor gives the text of the header.",
    ),
    (
        "N0348",
        "a webhook that nothing reads",
        "The API sends a body that is neither JSON nor a form nor text. The documentation of the module `webhooks` says what it is, but no function reads it.",
    ),
    (
        "N0349",
        "a response header of two types",
        "Two responses of one operation declare one header with different types. One accessor reads the header of any response, so it gives the text.",
    ),
    (
        "N0351",
        "text with a schema",
        "XML, YAML, CSV and other text is given and taken as text, in bodies and in headers whose `content` says that they are of such a media type. What the schema says of it is not in a type; the caller reads and writes it.",
    ),
    (
        "N0352",
        "part of a webhook that is not used",
        "The API makes the call, so the crate has no use for its servers, its security or further callbacks, and its parameters are in the documentation by name. The body has a type and a function that reads it.",
    ),
    (
        "N0350",
        "a body in the response to HEAD",
        "A response to `HEAD` never has a body. What the document declares is the body of the same response to `GET`; the call gives the status and the headers.",
    ),
    (
        "N0336",
        "spelling left open by the specification",
        "The style of a parameter, or of a member of a form, has no spelling for such values: lists of lists or of objects, members that are lists or objects, single values in a delimited style, what explodes where it cannot. The note says what is sent. Of members of a form that are objects, and have no `encoding`, specifications before 3.0.4 and 3.1.1 say two things, that they are spelled in style `form` and that they are `application/json`; later ones that they are JSON, so that is sent. What lies too deep for a style is its JSON text in that place, under the parameter's name.",
    ),
    (
        "W0337",
        "style that its place does not have",
        "A path has `simple`, `label` and `matrix`, a query `form`, `spaceDelimited`, `pipeDelimited` and `deepObject`, a header `simple`, a cookie `form` and, in 3.2, `cookie`. The default of the place is used.",
    ),
    (
        "N0338",
        "header parameter that belongs to the message",
        "`Accept`, `Content-Type` and `Authorization` follow from the media types and the security of an operation: a parameter of such a name is to be ignored. One call can have another value by `header`.",
    ),
    (
        "N0339",
        "headers of a part",
        "`encoding` declares headers for a part of a multipart body. Parts that are files have those that the caller gives by `Upload::with_header`; others go without.",
    ),
    (
        "N0340",
        "empty value that the type does not have",
        "`allowEmptyValue` lets a parameter of the query be sent without a value. A text can be empty; other types have no such value.",
    ),
    (
        "N0341",
        "keyword without an effect at this place",
        "`encoding` describes the members of forms and multipart bodies, its `style`, `explode` and `allowReserved` those of `application/x-www-form-urlencoded` and, from OpenAPI 3.1 on, of `multipart/form-data`, its `headers` parts only, and `allowReserved` matters where something is encoded. The keyword is ignored here.",
    ),
    (
        "N0342",
        "parameter or member in a media type that is neither JSON nor text",
        "The specification does not say how a parameter is written in such a media type, and nothing here writes a member of a form in it. A text is sent as it is, what has members as JSON, and a list in a form as one value for each element, each of these in the same way.",
    ),
    (
        "N0343",
        "part that the caller writes",
        "The content type of the part is none that its type is written as: XML for an object, for instance. The caller gives the bytes.",
    ),
    (
        "N0344",
        "body in base64",
        "The body is no JSON and its schema has `format: byte`: what goes over the wire is base64 text. Bytes and texts of bodies are given and taken as they are, so the caller encodes and decodes it; members of JSON, forms and parts are bytes in Rust.",
    ),
    (
        "W0320",
        "a security scheme that cannot be met",
        "An operation asks for a scheme that the document does not declare, or for one that no credentials of the crate are made for: HTTP Basic, bearer tokens (OAuth 2 and OpenID Connect end in one) and keys in a header, the query or a cookie are. No credential goes along in its place, and the call fails when it is built unless another alternative of its `security` can be met. Where the proof is given in another way, by a certificate of the transport for instance, an overlay can take the scheme out of `security`.",
    ),
    (
        "W0321",
        "an operation is at no server that can be called",
        "Its path or the operation itself declares `servers`, and none of them is an address: a variable has no value, or the scheme is neither http nor https. The call fails when it is built, unless the caller gives the request an address. Where the document's server has the operation, an overlay can remove the `servers`.",
    ),
    (
        "N0322",
        "a server that is not offered by name",
        "`Environment` has the servers with a host and a value for every variable. Others are given by the caller as a whole, as text in place of an `Environment`.",
    ),
    (
        "W0323",
        "a choice offers itself",
        "A `oneOf` or `anyOf` is one of its own branches, by other choices (`A: oneOf [A, text]`) or by `allOf` (`A: oneOf [B]`, `B: allOf [A, ...]`). No value could be read to an end so. The branch is left out, and its own branches take its place; of an `allOf` the choice is left out, and what is next to it in its schema stays.",
    ),
    (
        "N0356",
        "a discriminator without alternatives",
        "The schema names a property that distinguishes the schemas composed of it, but nothing in the document is composed of it by `allOf`, and it offers no `oneOf` or `anyOf`. Values are read as the schema itself.",
    ),
    (
        "N0357",
        "a tuple read as a list",
        "The schema says of more than eight elements of an array what each of them is. Rust's tuples are not that long: the value is a list of what any of the elements may be.",
    ),
    (
        "N0358",
        "a discriminator that is not declared where it is needed",
        "What a discriminator distinguishes has to have its property, so that requests send it also where the schema does not declare it. A schema with `additionalProperties: false` refuses what it does not declare: as one of the choice it is sent with the property, by which the server knows it; one that requests have elsewhere too is sent without it, unless the caller sets it. A branch that declares no members, or is a choice of its own, is sent as the caller gives it.",
    ),
    (
        "W0356",
        "a mapping names no schema",
        "A discriminator maps a value to something that is neither the name of a component nor a reference to a schema. A value that has no other schema is kept as it came.",
    ),
    (
        "W0330",
        "a variable of a server without a fitting default",
        "The specification wants a default for every variable, and one of its values where they are listed. A default that is none of them becomes one; where there is none, the first value takes its place.",
    ),
    (
        "N0331",
        "tokens are the caller's to obtain",
        "The scheme is OAuth 2 or OpenID Connect. Its flows are not carried out: the caller gives a token, or a token source, which is asked before each call and is given the scopes that the operation declares. Addresses and scopes are in the documentation of the credentials.",
    ),
    (
        "N0332",
        "a variable that its server's address does not have",
        "The name is in no pair of braces of the `url`, so there is nothing to choose.",
    ),
    (
        "N0333",
        "an operation is at some of the document's servers only",
        "Its path or the operation itself declares `servers` that leave out some of the document's. A client of one that is left out makes the call at the first server that the operation has. A request can name another server.",
    ),
];
