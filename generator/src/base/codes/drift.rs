//! The codes of changes: code, title, the page that `cargo xtask explain` prints.
//!
//! D01 operations, D02 parameters, D03 bodies, D04 answers, D05 types, D06 fields, D07 values of enums, D08 choices of
//! unions, D09 the API as a whole. A code says what differs; how bad it is (the class) follows from the Rust that comes
//! out and may differ between two changes of one code.

/// Code, title, page.
pub const CODES: &[(&str, &str, &str)] = &[
    // Operations.
    (
        "D0101",
        "operation removed",
        "The document no longer has it: its function and its builder are gone. A released client gets 404 or 405 where the API has really dropped it. What only it used is not listed again.",
    ),
    ("D0102", "operation added", "There is one more function, with a builder of its own."),
    (
        "D0103",
        "operation renamed",
        "Same method and path, or same shape, under another `operationId`. Function and builder are named after the id, so both names change. The wire does not. Keep the old names by `[operations.\"ID\"] method` in the settings, or by the lock.",
    ),
    (
        "D0104",
        "operation moved to another path",
        "Same `operationId`, another method or path. Rust does not notice unless the path's parameters change; a released client still calls the old path.",
    ),
    (
        "D0105",
        "operation moved to another handle",
        "Its first tag differs, so it belongs to another handle of the client. `[operations.\"ID\"] handle` in the settings keeps it where it was.",
    ),
    (
        "D0106",
        "handle renamed",
        "A tag was renamed and its operations went along: the client's accessor and the handle's type have another name.",
    ),
    ("D0107", "handle removed", "The document has no operation under this tag any more."),
    ("D0108", "handle added", "The document has operations under a new tag."),
    (
        "D0109",
        "arguments in another order",
        "The same arguments come in another order. Where their types differ the compiler says so; where they are alike it does not, and values would be swapped silently: look at every call.",
    ),
    ("D0110", "operation deprecated", "Calling it gives a warning now."),
    ("D0111", "operation no longer deprecated", "The warning is gone."),
    ("D0112", "documentation of an operation", "Its words differ."),
    (
        "D0113",
        "operation answered by another server",
        "The document names a server of its own for this operation, a different one, or none any more. Calls of a client of the document's servers go there.",
    ),
    (
        "D0114",
        "retries of an operation",
        "The retry class differs: the settings name a different one, the method has changed, or the idempotency key has come or gone. The same code now repeats more, or less, than before.",
    ),
    ("D0115", "security of an operation", "The document asks for another proof of who is calling."),
    (
        "D0116",
        "asynchronous mode of an operation",
        "`.asynchronous()` is there or gone: the header of the mode was declared or removed, or the settings say so.",
    ),
    (
        "D0117",
        "pages of an operation",
        "`.pages()` and `.items()` are there, gone, or go over other records: the answer began or ceased to be a page.",
    ),
    (
        "D0119",
        "arguments and their struct",
        "The function takes its arguments one by one where it took them as a struct, or the reverse: with more than two arguments, or two that can be swapped, callers give each by its name. The struct may also have got another name, where something else has its own.",
    ),
    // Parameters.
    (
        "D0201",
        "parameter removed",
        "Its argument or setter is gone. A released client still sends it; most servers ignore what they do not know.",
    ),
    (
        "D0202",
        "required parameter added",
        "The function has one more argument, or its struct one more field. A released client does not send it, so the API refuses its calls; `.query(name, value)` or `.header(name, value)` reach it without an upgrade.",
    ),
    ("D0203", "optional parameter added", "The builder has one more setter."),
    (
        "D0204",
        "parameter became required",
        "What was a setter is an argument now, or a field of the struct with all of them. A released client that does not set it is refused.",
    ),
    ("D0205", "parameter became optional", "What was an argument is a setter now."),
    (
        "D0206",
        "parameter of another type",
        "The argument's Rust type differs. Where the new one takes all that the old one took, code compiles as before.",
    ),
    (
        "D0207",
        "parameter renamed",
        "The old name is gone and a new one of the same type and place is there that looks like it. A released client sends the old one.",
    ),
    ("D0208", "parameter moved", "It goes elsewhere: into the query, a header, the path or a cookie."),
    (
        "D0209",
        "parameter spelled otherwise",
        "Lists or objects are written in another style (`style`, `explode`). Rust does not notice; the API does.",
    ),
    ("D0210", "parameter deprecated", "Setting it gives a warning now."),
    ("D0211", "parameter no longer deprecated", "The warning is gone."),
    ("D0212", "documentation of a parameter", "Its words, default, pattern or limits differ. They are never checked."),
    (
        "D0218",
        "limits of a parameter",
        "Fewer values are admitted, or more: a length, a bound, a pattern, a format, or the default of what is not sent. Nothing is checked before it is sent, so that Rust does not notice; the API refuses what is beyond a narrower limit.",
    ),
    // Bodies.
    ("D0301", "body removed", "The operation takes no body any more."),
    ("D0302", "required body added", "The operation takes a body now, and cannot do without."),
    ("D0303", "optional body added", "The operation takes a body now."),
    ("D0304", "body became required", "What was left out must be given now."),
    ("D0305", "body became optional", "It may be left out."),
    (
        "D0306",
        "body of another type",
        "The body is another type, or is given as one value where its members were arguments and setters, or the reverse.",
    ),
    ("D0307", "media type of a body", "The body is written in another format."),
    ("D0308", "documentation of a body", "Its words differ."),
    (
        "D0309",
        "media type of a body removed",
        "What could be sent in the place of the body, or as it, is declared no more: its setter is gone, or the API may refuse the content type.",
    ),
    ("D0310", "media type of a body added", "The body may be sent in one more media type."),
    (
        "D0311",
        "member of a body written in another way",
        "The `encoding` of a member of a form or of a multipart body differs: style, content type or headers.",
    ),
    (
        "D0312",
        "content type of a body",
        "The caller gives the content type of the body where it did not, or the reverse, or no longer must.",
    ),
    (
        "D0318",
        "limits of a body",
        "Fewer values are admitted, or more: a length, a bound, a pattern, a format. Nothing is checked before it is sent, so that Rust does not notice; the API refuses what is beyond a narrower limit.",
    ),
    // Answers.
    (
        "D0401",
        "result of another type",
        "What the call gives is another type. What differs within a type of the same name is listed there, not here.",
    ),
    (
        "D0402",
        "success with another status",
        "The type is the same. To a released client a success that is not declared is an error, which holds the body.",
    ),
    ("D0403", "errors declared", "More error statuses are documented. Any status was an error one can match before."),
    (
        "D0404",
        "errors no longer declared",
        "Fewer error statuses are documented. A client reads them all the same, should they come.",
    ),
    (
        "D0405",
        "error body of another type",
        "The document describes the body of an error differently. The client reads any error body; code that reads it as a type of its own choice should look.",
    ),
    ("D0406", "documentation of an answer", "Its words differ."),
    (
        "D0407",
        "answer may be null",
        "The body of a success may be null now, as a whole. A client that was promised a value cannot read it.",
    ),
    ("D0408", "answer no longer null", "The body of a success is always a value now."),
    (
        "D0409",
        "response header removed",
        "Its accessor is gone. A released client reads it as `None` where it does not come any more.",
    ),
    ("D0410", "response header added", "There is one more accessor."),
    (
        "D0411",
        "response header of another type",
        "What its accessor gives is another type, or the header is written in another way.",
    ),
    ("D0412", "documentation of a response header", "Its words differ, or which responses have it."),
    (
        "D0417",
        "media type asked for",
        "The crate asks for another media type (`Accept`). A released client asks for the old one, which the API may have no longer.",
    ),
    (
        "D0418",
        "limits of an answer",
        "What an answer may hold has another length, bound, pattern, format or default. No client checks them.",
    ),
    (
        "D0419",
        "media types of an answer",
        "The API gives other media types too, or gives some no longer. The crate asks for one of them; where that one is another now, it is said apart.",
    ),
    // What the API calls.
    (
        "D0420",
        "webhook removed",
        "The document no longer has the webhook or callback, so the function that reads it is gone. A service that waits for it waits in vain.",
    ),
    ("D0421", "webhook added", "The API calls at the consumer once more; there is a function that reads the body."),
    (
        "D0422",
        "webhook of another type",
        "What the function gives that reads it is another type, or it comes in another format.",
    ),
    (
        "D0423",
        "webhook called otherwise",
        "The method, the address, the parameters, or the answers that the API expects differ. The service of the consumer decides whether that matters.",
    ),
    ("D0424", "documentation of a webhook", "Its words differ."),
    ("D0425", "webhook read by another function", "The function that reads it has another name."),
    // Types.
    (
        "D0501",
        "type removed",
        "The document no longer has the schema. What referred to it is listed where its type changed.",
    ),
    ("D0502", "type added", "The document has one more schema."),
    (
        "D0503",
        "type renamed",
        "A schema with the same body, or nearly so, has another name. A type alias under the old name would keep code compiling; `[types.\"#/components/schemas/New\"] rename = \"Old\"` in the settings keeps the old name.",
    ),
    (
        "D0504",
        "type of another kind",
        "What was a model is an enum, a union, a list or a plain value now, or the reverse. Where it is used is not listed again.",
    ),
    ("D0505", "type deprecated", "Naming it gives a warning now."),
    ("D0506", "type no longer deprecated", "The warning is gone."),
    ("D0507", "documentation of a type", "Its words or its example differ."),
    (
        "D0508",
        "type no longer built by callers",
        "No request uses it any more, so `new` and the setters are gone. The feature `testing` makes values of it.",
    ),
    ("D0509", "type built by callers", "A request uses it now: it has `new` and setters."),
    ("D0510", "traits of a type", "The settings derive other traits."),
    (
        "D0511",
        "further members of a type",
        "Members beyond the declared ones are typed differently: `additional()` gives another type, came or went.",
    ),
    (
        "D0512",
        "arguments of `new` in another order",
        "The same required members come in another order. Where their types are alike the compiler does not notice: look at every call.",
    ),
    (
        "D0513",
        "type declared elsewhere",
        "A schema that was a component is written in place, or the reverse. If its Rust name differs, that is said too.",
    ),
    (
        "D0514",
        "arguments of `new` and their struct",
        "`new` takes its arguments one by one where it took them as a struct, or the reverse: with more than two arguments, or two that can be swapped, callers give each by its name. The struct may also have got another name, where something else has its own.",
    ),
    (
        "D0515",
        "types that say the same",
        "Schemas written in place that say the same are one type with several names (`[crate] repeated_types`). Two were one and are not any more, or the reverse: code notices that gives a value of one for the other, or that implements a trait for both.",
    ),
    (
        "D0518",
        "limits of a type",
        "How many members an object may have, or which values, differs. Nothing is checked before it is sent; the API refuses what is beyond a narrower limit.",
    ),
    // Fields.
    (
        "D0601",
        "field removed",
        "The document no longer has the member. Should it still arrive, it is kept in `extra` and written back. A released client misses it where it was required.",
    ),
    (
        "D0602",
        "field added",
        "The model has one more field. Models cannot be built by literal or matched without `..`, so that breaks nothing; a released client keeps the member in `extra`.",
    ),
    (
        "D0603",
        "required field added",
        "Where requests use the model, `new` has one more argument, or its struct one more field, and a released client that does not send the member is refused; `.extra(name, value)` sends it without an upgrade.",
    ),
    (
        "D0604",
        "field renamed",
        "The old member is gone and one of the same type is there whose name looks like it. To the wire they are two members.",
    ),
    ("D0605", "field of another type", "The field's Rust type differs because its schema does."),
    (
        "D0606",
        "field became required",
        "`Option<T>` became `T` (or, where null is allowed, is always written). A released client reads as before.",
    ),
    (
        "D0607",
        "field became optional",
        "`T` became `Option<T>`. A released client cannot read a record in which the member is missing.",
    ),
    ("D0608", "field became nullable", "Null may come, or be sent, now."),
    ("D0609", "field no longer nullable", "Null does not come any more, and must not be sent."),
    (
        "D0610",
        "field held otherwise",
        "The schema is the same, its Rust type is not: the type has begun or ceased to lead back to itself (`Box`), to be the record list of an answer (`Records`), or to be sent by requests (`Patch`).",
    ),
    ("D0611", "field deprecated", "Using it gives a warning now."),
    ("D0612", "field no longer deprecated", "The warning is gone."),
    ("D0613", "documentation of a field", "Its words, default, pattern or limits differ. They are never checked."),
    ("D0614", "direction of a field", "The member began or ceased to be for requests only, or for responses only."),
    (
        "D0618",
        "limits of a field",
        "Fewer values are admitted, or more: a length, a bound, a pattern, a format, or the default of what is not sent. Nothing is checked before it is sent, so that Rust does not notice; the API refuses what is beyond a narrower limit. Answers are read whatever they hold.",
    ),
    (
        "D0615",
        "the one value of a field",
        "A discriminator says that the member has one value in its model, which the model is built with, or gives another value or none any more.",
    ),
    // Values.
    (
        "D0701",
        "value removed",
        "The enum has one variant less. Should the value still come, it is `Unrecognized` with its text.",
    ),
    (
        "D0702",
        "value added",
        "The enum has one variant more. A released client reads the value as `Unrecognized` and writes it back as it came.",
    ),
    ("D0703", "value renamed", "The old value is gone and one that looks like it is there."),
    ("D0704", "value deprecated", "Using the variant gives a warning now."),
    ("D0705", "value no longer deprecated", "The warning is gone."),
    ("D0706", "documentation of a value", "Its words differ."),
    ("D0707", "values written otherwise", "The values are numbers where they were texts, or the reverse."),
    // Choices.
    ("D0801", "choice removed", "The union has one variant less. What only it explained is kept raw."),
    ("D0802", "choice added", "The union has one variant more. A released client keeps such a value raw."),
    ("D0803", "choice of another type", "The variant holds another type."),
    ("D0804", "choice renamed", "The variant is called otherwise and holds the same."),
    (
        "D0805",
        "choices distinguished otherwise",
        "The discriminator, or the property that distinguishes the choices, differs.",
    ),
    ("D0806", "documentation of a choice", "Its words differ."),
    ("D0807", "conversion into a union", "`From` for a choice is there or gone."),
    (
        "D0808",
        "values of a discriminator",
        "Other values of the discriminator mean this choice (`mapping`). A client reads by the values that it knows, and sends what its caller gives.",
    ),
    // The API.
    ("D0901", "environment removed", "A variant of `Environment` is gone."),
    ("D0902", "environment added", "There is one more variant of `Environment`."),
    (
        "D0903",
        "environment at another address",
        "The same name means another base URL, or credentials may no longer go there. Where the document names no host, the path behind the caller's own differs.",
    ),
    ("D0904", "default environment", "A client that names none goes elsewhere."),
    (
        "D0905",
        "credentials",
        "A security scheme is there or gone, works in another way, or has its tokens from elsewhere. `Credentials` has a function for each; what an operation asks for is listed at the operation.",
    ),
    (
        "D0906",
        "retry schedule",
        "How often and after which waits, statuses, refusals or codes a call is repeated differs.",
    ),
    (
        "D0907",
        "error codes",
        "What the settings know about the API's error codes and items, and about answers without a code, differs.",
    ),
    ("D0908", "crate renamed", "The crate has another name; every `use` of it changes."),
    ("D0909", "documentation of the API", "Title, version or words of the document differ."),
    (
        "D0910",
        "asynchronous mode",
        "The header that switches it on, its value or the status of an accepted request differs.",
    ),
    ("D0911", "partial answers", "The query parameters that make members absent on purpose differ."),
    (
        "D0912",
        "required members of answers",
        "The settings read `required` differently: every required member of an answer may be null, or no longer.",
    ),
    (
        "D0913",
        "what numbers are read as",
        "The settings have numbers read exactly, as `runtime::Number`, or as the nearest `f64`, where it was the other. What is read and sent is the same; each field and argument of another type is listed too.",
    ),
    (
        "D0920",
        "variables of a server",
        "A variable of a server's address is there or gone, has another default, or can be other values. A client that chooses nothing uses the default.",
    ),
];
