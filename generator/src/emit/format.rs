//! Items → text: prettyplease an item at a time, with the blank lines it leaves out.

use proc_macro2::TokenStream;

/// Formats one item or several; `Err` says what syn refused (a bug of `render`, never of a document).
///
/// # Errors
/// When the tokens are no Rust items.
pub fn format(tokens: TokenStream) -> Result<String, String> {
    Formatted::of([tokens]).map(Formatted::into_text)
}

/// The text of some items, which goes on with that of further ones.
#[derive(Debug, Default)]
pub struct Formatted {
    text: String,
    first: Option<Line>,
    last: Option<Line>,
}

/// The kind of an item that takes one line; `None` for what takes several.
type Line = Option<u8>;

impl Formatted {
    /// Formats these.
    ///
    /// # Errors
    /// When the tokens are no Rust items.
    pub fn of(items: impl IntoIterator<Item = TokenStream>) -> Result<Self, String> {
        let mut out = Self::default();
        items.into_iter().try_for_each(|item| out.push(item))?;
        Ok(out)
    }

    /// Formats one item or several behind those that are there. The tokens are gone afterwards: whoever wants to show what syn refuses keeps them.
    ///
    /// # Errors
    /// When the tokens are no Rust items.
    pub fn push(&mut self, tokens: TokenStream) -> Result<(), String> {
        let file: syn::File = syn::parse2(tokens).map_err(|e| e.to_string())?;
        for item in file.items {
            let line = one_line(&item);
            self.space(line);
            let one = syn::File { shebang: None, frontmatter: None, attrs: Vec::new(), items: vec![item] };
            space_methods(&prettyplease::unparse(&one), &mut self.text);
        }
        Ok(())
    }

    /// Puts what was formatted elsewhere behind it.
    pub fn append(&mut self, other: &Self) {
        if let Some(first) = other.first {
            self.space(first);
            self.last = other.last;
            self.text.push_str(&other.text);
        }
    }

    /// The text.
    pub fn into_text(self) -> String {
        self.text
    }

    /// Declarations of one line follow each other by kind, a blank line is before everything else.
    fn space(&mut self, line: Line) {
        if self.last.is_some_and(|last| line.is_none() || line != last) {
            self.text.push('\n');
        }
        self.first.get_or_insert(line);
        self.last = Some(line);
    }
}

fn one_line(item: &syn::Item) -> Line {
    match item {
        syn::Item::Use(u) if matches!(u.vis, syn::Visibility::Inherited) => Some(0),
        syn::Item::Use(_) => Some(1),
        syn::Item::Mod(_) => Some(2),
        _ => None,
    }
}

/// A blank line after each method: prettyplease puts none. A method of an `impl` ends with a line that is
/// exactly four spaces and a brace.
fn space_methods(text: &str, out: &mut String) {
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        out.push_str(line);
        out.push('\n');
        if line == "    }" && lines.peek().is_some_and(|next| *next != "}" && !next.is_empty()) {
            out.push('\n');
        }
    }
}
