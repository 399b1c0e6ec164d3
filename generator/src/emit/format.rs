//! Items → text: prettyplease an item at a time, with the blank lines it leaves out.

use proc_macro2::TokenStream;

/// Formats one item or several; `Err` says what syn refused (a bug of `render`, never of a document).
///
/// # Errors
/// When the tokens are no Rust items.
pub fn format(tokens: TokenStream) -> Result<String, String> {
    let file: syn::File = syn::parse2(tokens.clone()).map_err(|e| {
        let text = tokens.to_string();
        format!("{e} in `{}`", text.chars().take(400).collect::<String>())
    })?;
    let mut out = String::new();
    let mut before = None;
    for item in file.items {
        let line = one_line(&item);
        // Declarations of one line stand together by kind, everything else apart.
        if !out.is_empty() && (line.is_none() || line != before) {
            out.push('\n');
        }
        before = line;
        let one = syn::File { shebang: None, frontmatter: None, attrs: Vec::new(), items: vec![item] };
        out.push_str(&space_methods(&prettyplease::unparse(&one)));
    }
    Ok(out)
}

/// The kind of an item that takes one line.
fn one_line(item: &syn::Item) -> Option<u8> {
    match item {
        syn::Item::Use(u) if matches!(u.vis, syn::Visibility::Inherited) => Some(0),
        syn::Item::Use(_) => Some(1),
        syn::Item::Mod(_) => Some(2),
        _ => None,
    }
}

/// A blank line after each method: prettyplease puts none. A method of an `impl` ends with a line that is
/// exactly four spaces and a brace.
fn space_methods(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 40);
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        out.push_str(line);
        out.push('\n');
        if line == "    }" && lines.peek().is_some_and(|next| *next != "}" && !next.is_empty()) {
            out.push('\n');
        }
    }
    out
}
