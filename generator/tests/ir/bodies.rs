//! How the members of bodies are written, and what is said of bodies and parameters.

use generator::base::diagnostic::Diagnostics;
use generator::document::load::load_str;
use generator::document::normalize::normalize;
use generator::ir::{Style, Written};
use generator::lower::{Selection, lower};
use std::fmt::Write as _;

/// The parameters and the members of the bodies of a document, and what is said of it.
fn written(paths: &str, schemas: &str) -> String {
    let text = format!(
        "openapi: 3.1.0\ninfo: {{title: Post, version: '1'}}\npaths:\n{paths}components:\n  schemas:\n{schemas}"
    );
    let mut diagnostics = Diagnostics::new();
    let document = load_str("post.yaml", &text, &mut diagnostics).expect("it is read");
    let root = normalize(document.root, &[], None, &mut diagnostics).root;
    let api = lower(&root, &Selection::default(), &mut diagnostics).api;
    let mut out = String::new();
    for p in api.operations.iter().flat_map(|o| &o.parameters) {
        let _ = writeln!(
            out,
            "{}: {:?}{}",
            p.wire,
            p.of.ty,
            p.constant.as_ref().map(|c| format!(", `{c}`")).unwrap_or_default()
        );
    }
    for member in api.operations.iter().filter_map(|o| o.body.as_ref()).flat_map(|b| &b.members) {
        let how = match &member.written {
            Written::Spelled(spelling) if spelling.style == Style::Json => "spelled as JSON".to_owned(),
            Written::Spelled(spelling) => format!("spelled in {:?}", spelling.style),
            other => format!("{other:?}"),
        };
        let of = member.content_type.as_ref().map(|of| format!(" of {of}")).unwrap_or_default();
        let _ = writeln!(out, "{}: {how}{of}", member.wire);
    }
    for d in diagnostics.iter() {
        let _ = writeln!(out, "{}: {}", d.code, d.message);
    }
    out
}

#[test]
fn what_a_text_holds_is_known_behind_references_and_in_parts() {
    insta::assert_snapshot!(written(
        "  /x:
    post:
      operationId: send
      parameters: [{name: yes, in: query, required: true, schema: {$ref: '#/components/schemas/Yes', description: Always.}}]
      requestBody:
        content:
          multipart/form-data:
            schema:
              type: object
              properties:
                plain: {$ref: '#/components/schemas/Table'}
                siblings: {$ref: '#/components/schemas/Table', description: The table.}
                parts: {allOf: [{type: string}, {contentMediaType: text/csv}]}
                list: {type: array, items: {$ref: '#/components/schemas/Table', description: One.}}
                named: {$ref: '#/components/schemas/Tables', description: All.}
                nearest: {$ref: '#/components/schemas/Table', contentMediaType: text/tab-separated-values}
                range: {type: string, contentMediaType: image/*}
    put: {operationId: text, requestBody: {content: {text/plain: {schema: {$ref: '#/components/schemas/Word', description: A word.}}}}}
    patch: {operationId: list, requestBody: {content: {text/plain: {schema: {$ref: '#/components/schemas/Tables', description: Tables.}}}}}
",
        "    Yes: {const: true}
    Word: {type: string}
    Table: {type: string, contentMediaType: text/csv}
    Tables: {type: array, items: {$ref: '#/components/schemas/Table'}}
"
    ), @r"
    yes: Scalar(Bool), `true`
    plain: Plain of text/csv
    siblings: Plain of text/csv
    parts: Plain of text/csv
    list: Plain of text/csv
    named: Plain of text/csv
    nearest: Plain of text/tab-separated-values
    range: Upload
    N0351: `text/plain` is text here: its schema is not used
    ");
}

#[test]
fn what_a_form_does_not_write_is_said_of_lists_too() {
    insta::assert_snapshot!(written(
        "  /x:
    post:
      operationId: send
      requestBody:
        content:
          application/x-www-form-urlencoded:
            schema: {$ref: '#/components/schemas/Form'}
            encoding:
              word: {contentType: application/xml}
              words: {contentType: text/plain}
              size: {contentType: application/xml}
              sizes: {contentType: application/xml}
              json: {contentType: application/json}
              scans: {contentType: image/png}
              styled: {style: deepObject}
",
        "    Size: {type: object, properties: {w: {type: integer}}}
    Form:
      type: object
      properties:
        word: {type: string}
        words: {type: array, items: {type: string}}
        size: {$ref: '#/components/schemas/Size'}
        sizes: {type: array, items: {$ref: '#/components/schemas/Size'}}
        json: {type: array, items: {$ref: '#/components/schemas/Size'}}
        scans: {type: array, items: {type: string}}
        open: {$ref: '#/components/schemas/Size'}
        list: {type: array, items: {$ref: '#/components/schemas/Size'}}
        styled: {$ref: '#/components/schemas/Size'}
"
    ), @r"
    word: spelled in Form
    words: spelled in Form
    size: spelled as JSON
    sizes: spelled in Form
    json: spelled as JSON
    scans: spelled in Form
    open: spelled as JSON
    list: spelled in Form
    styled: spelled in DeepObject
    N0342: `size` is not written as `application/xml` in a form: sent as JSON
    N0342: `sizes` is not written as `application/xml` in a form: sent as one value for each element
    N0342: `scans` is not written as `image/png` in a form: sent as one value for each element
    N0336: how objects, and lists of anything but words, are spelled in a form is open before OpenAPI 3.0.4 and 3.1.1: they are JSON, as those say
    ");
}

#[test]
fn names_that_headers_and_cookies_cannot_have() {
    insta::assert_snapshot!(written(
        "  /x:
    get:
      operationId: look
      parameters:
        - {name: 'a b', in: header, schema: {type: string}}
        - {name: 'a b', in: cookie, schema: {type: string}}
        - {name: 'a[b]', in: header, schema: {type: string}}
        - {name: 'a[b]', in: cookie, schema: {type: string}}
",
        "    Word: {type: string}
"
    ), @r"
    a b: Scalar(String)
    a b: Scalar(String)
    a[b]: Scalar(String)
    a[b]: Scalar(String)
    W0306: no header can be called `a b`: calls that set it fail
    W0306: no cookie can be called `a b`: calls that set it fail
    W0306: no header can be called `a[b]`: calls that set it fail
    W0306: no cookie can be called `a[b]`: it is sent so all the same
    ");
}
