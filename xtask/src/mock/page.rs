//! The page at `/`: what is served here, and how to call it.

use super::Mock;
use std::fmt::Write;

/// The page as HTML.
pub(super) fn page(mock: &Mock) -> String {
    let api = &mock.document().understood().api;
    let mut rows = String::new();
    for operation in &api.operations {
        let deprecated = if operation.docs.deprecated { " (deprecated)" } else { "" };
        let _ = writeln!(
            rows,
            "<tr><td><code>{}</code></td><td><code>{}</code></td><td>{}</td><td>{}{deprecated}</td></tr>",
            escaped(&operation.method.to_uppercase()),
            escaped(&operation.path),
            escaped(&operation.id),
            escaped(&operation.docs.title),
        );
    }
    let title = escaped(&api.title);
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>Mock of {title}</title>\n\
         <style>body {{ font: 16px/1.4 sans-serif; margin: 2em }} td, th {{ padding: .2em 1em .2em 0; text-align: left; vertical-align: top }}</style>\n\
         <h1>Mock of {title} {}</h1>\n<p>{} operations, served from the document's examples. Nothing here is real.</p>\n\
         <p>The header <code>Prefer</code> asks for what goes wrong: <code>code=503</code>, <code>delay=1.5</code>, \
         <code>fault=reset</code>, <code>fault=cut</code>, <code>fault=hang</code>, <code>fault=rate-limit</code>, \
         <code>example=NAME</code>; <code>times=2</code> for the first two requests only.</p>\n\
         <table>\n<tr><th>method</th><th>path</th><th>operation</th><th></th></tr>\n{rows}</table>\n</html>\n",
        escaped(&api.version),
        api.operations.len(),
    )
}

fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}
