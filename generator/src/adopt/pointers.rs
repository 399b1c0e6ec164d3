//! Pointers in files beside the document follow what moved: targets of overlays, keys of settings and translations.

use crate::base::Pointer;
use crate::document::Node;
use std::collections::BTreeMap;

/// What went where, as far as nothing stands at the old place any more.
#[derive(Debug)]
pub struct Moves {
    /// Old pointers to new ones, the longest first.
    moves: Vec<(String, String)>,
}

impl Moves {
    /// `moved` of [`Adopted`](super::Adopted), for the document as it is now.
    pub fn of(moved: &BTreeMap<String, String>, now: &Node) -> Self {
        let gone = moved.iter().filter(|(from, _)| super::at(now, from).is_none());
        // Where a list only became shorter or longer, its elements are found by what they are.
        let named = gone.filter(|(from, _)| from.rsplit('/').next().is_some_and(|last| last.parse::<usize>().is_err()));
        let mut moves: Vec<(String, String)> = named.map(|(from, to)| (from.clone(), to.clone())).collect();
        moves.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then(a.cmp(b)));
        Self { moves }
    }

    /// A file in which places stand as `"#/components/schemas/Link"`, as in settings, or without the `#`, as in translations.
    pub fn in_pointers(&self, text: &str) -> String {
        let mut out = text.to_owned();
        for (from, to) in &self.moves {
            for open in ["#", "\"", "'"] {
                for close in ["\"", "/", "'", "#"] {
                    out = out.replace(&format!("{open}{from}{close}"), &format!("{open}{to}{close}"));
                }
            }
        }
        out
    }

    /// An overlay, whose targets are JSON paths that begin with names: `$.components.schemas.Link.required`. References within it go
    /// along too.
    pub fn in_overlay(&self, text: &str) -> String {
        let mut out = self.in_pointers(text);
        for (from, to) in &self.moves {
            let (Some(from), Some(to)) = (Pointer::parse(from), Pointer::parse(to)) else { continue };
            let new = path(None, &to);
            for old in spellings(&from) {
                for end in [".", "[", "\n", "\r", "'", "\"", " "] {
                    out = out.replace(&format!("{old}{end}"), &format!("{new}{end}"));
                }
                if let Some(start) = out.strip_suffix(&old) {
                    out = format!("{start}{new}");
                }
            }
        }
        out
    }
}

/// A pointer as the start of a JSON path; with a document, the elements of its lists by their numbers.
pub(crate) fn path(root: Option<&Node>, pointer: &Pointer) -> String {
    let mut node = root;
    let step = |s: String| {
        let is_list = node.is_some_and(|node| node.as_array().is_some());
        node = node.and_then(|node| node.at([s.as_str()]));
        match is_list {
            true => format!("[{s}]"),
            false if is_word(&s) => format!(".{s}"),
            false => format!("[{}]", quoted(&s)),
        }
    };
    format!("${}", pointer.segments().map(step).collect::<String>())
}

/// A text within a JSON path.
pub(crate) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}

/// The ways in which the start of a path may be written: the last names in brackets or with dots, in either quotes.
fn spellings(pointer: &Pointer) -> Vec<String> {
    let mut all = vec!["$".to_owned()];
    for step in pointer.segments() {
        let mut ways = vec![format!("['{step}']"), format!("[\"{step}\"]")];
        if is_word(&step) {
            ways.insert(0, format!(".{step}"));
        }
        all = all.iter().flat_map(|start| ways.iter().map(move |way| format!("{start}{way}"))).collect();
        all.truncate(256);
    }
    all
}

fn is_word(step: &str) -> bool {
    step.starts_with(|c: char| c.is_alphabetic() || c == '_') && step.chars().all(|c| c.is_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::Moves;

    #[test]
    fn what_moved_is_followed_and_its_neighbours_are_not() {
        let moves = |from: &str, to: &str| Moves { moves: vec![(from.to_owned(), to.to_owned())] };
        let schema = moves("/components/schemas/Link", "/components/schemas/BankLink");
        let settings = "[types.\"#/components/schemas/Link\"]\nx = '#/components/schemas/Link/properties/id'\ny = \"#/components/schemas/Links\"\n[texts.\"/components/schemas/Link\"]\n";
        assert_eq!(
            schema.in_pointers(settings),
            "[types.\"#/components/schemas/BankLink\"]\nx = '#/components/schemas/BankLink/properties/id'\ny = \"#/components/schemas/Links\"\n[texts.\"/components/schemas/BankLink\"]\n"
        );
        let overlay = "- target: $.components.schemas.Link.required\n- target: $.components.schemas['Link']\n- target: $.components.schemas.Links\n- target: $.components.schemas.Link\n";
        assert_eq!(
            schema.in_overlay(overlay),
            "- target: $.components.schemas.BankLink.required\n- target: $.components.schemas.BankLink\n- target: $.components.schemas.Links\n- target: $.components.schemas.BankLink\n"
        );
        let path = moves("/paths/~1a/get", "/paths/~1b~1{id}/get");
        assert_eq!(
            path.in_overlay("- target: \"$.paths['/a'].get.tags\"\n"),
            "- target: \"$.paths['/b/{id}'].get.tags\"\n"
        );
    }
}
