//! Every code a diagnostic can carry, with its title and the page `cargo xtask explain CODE` prints.
//!
//! A stage adds its rows to its own block. `E` codes stop the compiler, `W` codes say what was lost or contradicts
//! itself, `N` codes are worth knowing; `D` codes are changes between two documents. A test holds this table and the sources side by side.

pub mod drift;
pub mod lower;
pub mod name;
pub mod normalize;

/// Code, title, page. Sorted by stage, then by code.
pub const CODES: &[(&str, &str, &str)] = &[
    // load: E01xx, W01xx
    (
        "E0101",
        "the file cannot be read",
        "There is no such file, or the system refuses to open it. The path is taken relative to the current folder.",
    ),
    ("E0102", "a folder instead of a file", "The command takes the document itself, not the folder it lies in."),
    (
        "E0103",
        "the file is not UTF-8",
        "YAML and JSON documents are read as UTF-8. The place shown is the first byte that is not; files in Latin-1 or Windows-1252 are the usual cause. Save the file as UTF-8.",
    ),
    (
        "E0104",
        "the file is UTF-16 or UTF-32",
        "Some editors save in these encodings by default. Save the file as UTF-8.",
    ),
    ("E0105", "the file is empty", "There is nothing in the file, or nothing but blanks and comments."),
    (
        "E0106",
        "not JSON",
        "The text breaks the grammar of RFC 8259 at the place shown. Where a bracket is still open, the second place shows it.",
    ),
    (
        "E0107",
        "not YAML",
        "The text breaks the grammar of YAML at the place shown; the words are those of libyaml. The second place, where there is one, is where the construct started.",
    ),
    (
        "E0108",
        "nested too deeply",
        "Mappings and sequences may nest 256 levels. Documents written by people stay far below; more is taken for an attack or a mistake of the tool that wrote the file.",
    ),
    (
        "E0109",
        "aliases multiply too much",
        "YAML aliases copy what their anchor holds, and aliases of aliases multiply. A document may gain 500,000 nodes that way.",
    ),
    (
        "E0110",
        "several documents in one file",
        "YAML separates documents with `---`. An OpenAPI document is one document: keep one per file.",
    ),
    (
        "E0111",
        "a key that is no scalar",
        "YAML allows a mapping or a sequence as a key, JSON and OpenAPI do not. A key that starts with `{`, `[` or `?` needs quotes: `\"{id}\": ...`.",
    ),
    (
        "E0112",
        "a web page",
        "The file holds HTML or XML: most often the page around a document was saved, or an error page in its place.",
    ),
    (
        "E0113",
        "not an object at the top",
        "An OpenAPI document is a mapping with `openapi` (or `swagger`), `info` and `paths`.",
    ),
    ("E0114", "not an OpenAPI document", "The top-level mapping has neither `openapi` nor `swagger`."),
    (
        "E0115",
        "a version that is not read",
        "Swagger 2.0 and OpenAPI 3.0, 3.1 and 3.2 are read. For others there are conversion tools.",
    ),
    (
        "E0116",
        "an alias without its anchor",
        "`*name` repeats what `&name` marked before it in the same file; an anchor cannot contain itself.",
    ),
    (
        "E0117",
        "the file is too large",
        "A document may have 256 MB, all files it refers to included. Published ones stay far below; more is taken for a mistake or an attack.",
    ),
    (
        "E0118",
        "not a file",
        "There is a pipe, a socket or a device where a document is looked for. It could be waited for, or read, without an end, so it is not opened. Save what comes out of it to a file.",
    ),
    (
        "W0101",
        "a key twice",
        "One mapping has the same key twice. As with every other reader the last one counts and the value of the first is lost; both places are shown. Remove or rename one. `--deny gaps` does not let it pass.",
    ),
    (
        "W0102",
        "half of a character",
        "JSON writes a character above U+FFFF as two escapes. One of the two is alone: it is read as U+FFFD.",
    ),
    (
        "W0103",
        "a number JSON does not have",
        "YAML's `.inf` and `.nan` have no text in JSON. They are read as strings.",
    ),
    (
        "W0104",
        "a reference out of the folder",
        "Files are read below the folder of the document only, also through symbolic links, because a document is input from somebody else. The reference is left dangling.",
    ),
    (
        "W0105",
        "a reference to an absolute path",
        "Only relative references are followed. The reference is left dangling.",
    ),
    (
        "W0106",
        "a reference to an address",
        "Nothing is fetched while compiling: the output must depend on the files alone. The reference is left dangling.",
    ),
    (
        "W0107",
        "a reference to a file that cannot be read",
        "The file is not there or cannot be parsed; in the second case the other place is the parser's. The reference is left dangling.",
    ),
    (
        "W0108",
        "a reference to nothing",
        "The file is there, the place in it is not. The pointer of a reference starts with `#/` and names members and elements: `#/components/schemas/Pet`.",
    ),
    (
        "W0110",
        "a reference that does not end",
        "References lead in a circle without ever arriving at an object, or in a place that must be filled in they contain themselves.",
    ),
    (
        "W0111",
        "a merge key with nothing to merge",
        "`<<` merges a mapping or a sequence of mappings into its own. With anything else it is read as an ordinary key.",
    ),
    (
        "W0112",
        "a reserved key",
        "`x-bundled` is where nodes of other files are put. A document's own member of that name is left out.",
    ),
    // emit: E06xx
    (
        "E0601",
        "the output folder is not the generator's",
        "The output folder holds files and no manifest (`.generated.json`), so they are someone else's. The generator writes only into an empty folder or one that it wrote itself, and changed nothing. Name another folder with `--out`, or empty this one.",
    ),
    (
        "E0602",
        "the disk refuses",
        "The disk refused to read or write something: a permission, a read-only tree, no room. The output folder is as it was before. Mend what the message names and run the command again.",
    ),
    (
        "E0603",
        "something is in the way",
        "A file, folder or link that the generator did not make is where a generated file belongs. It was not touched. Move it away or delete it, then run the command again.",
    ),
    (
        "E0604",
        "the manifest cannot be read",
        "The manifest (`.generated.json`) of the output folder cannot be read, so it is unknown which files are the generator's. Bring it back from version control, or delete the whole folder and generate it again. A manifest with merge-conflict marks is no such case: the next `generate` mends it.",
    ),
    (
        "E0605",
        "a stopped run cannot be finished",
        "An earlier run was stopped after it had decided what to write, and this run could not finish its work. Everything needed is in `.generator-journal` in the output folder. Mend what the message names and run the command again.",
    ),
    (
        "E0606",
        "a path that no folder can hold",
        "A generated file would get a path that no folder can hold: outside the folder, one of the generator's own names, or two paths that are one on a file system without upper and lower case. This is a fault of the generator.",
    ),
    // settings: E07xx, W07xx
    ("E0701", "the settings are not TOML", "The settings file is not valid TOML. Nothing else in it was looked at."),
    (
        "E0702",
        "an unknown key in the settings",
        "The settings hold a key that does not exist. A key that is not understood would silently do nothing, so it is an error.",
    ),
    (
        "E0703",
        "a wrong value in the settings",
        "A value in the settings has the wrong type, or is of the right type and means nothing.",
    ),
    (
        "W0704",
        "settings that meet nothing",
        "An entry of the settings names an operation, tag or schema that the document does not have: a typo, or the document has lost it.",
    ),
    (
        "E0705",
        "a key is missing in the settings",
        "A key that this table of the settings must have is missing. `retry` of an operation needs a `reason`: whoever sends money twice will ask for it.",
    ),
    // lock: E08xx
    (
        "E0801",
        "an unfinished merge in the lock",
        "The lock (`names.lock`) holds the marks of a merge that was not finished. Keep the lines of both sides and remove the marks; where one pointer has two names, keep the one that is released. Then generate.",
    ),
    (
        "E0802",
        "a broken line in the lock",
        "A line of the lock is no entry: `#/pointer | kind | fingerprint | name`, or its name is none that Rust takes, or one like `Option`, by which generated code calls something else.",
    ),
    (
        "E0803",
        "two names for one place",
        "The lock has two names for one place of the document. Keep the one that is released.",
    ),
    (
        "E0804",
        "a broken alias in the lock",
        "A line of the lock names the life of an earlier name, `1.4.0..2.0.0`: the release that deprecated it, and the version that goes without it. The second must be the later one. `next..2.0.0` means a release that has not been made.",
    ),
    (
        "E0805",
        "a name that is still another's alias",
        "The settings give something a name that something else had and is still called by, as a deprecated alias. Whoever has not moved on yet would get the wrong thing. Choose another name, or delete the alias from the lock: a breaking change then.",
    ),
    (
        "N0806",
        "a lock of an earlier version",
        "The lock says by what each type is known again when it is renamed: its structure and, since version 0.2, where it is first used. Before, equal structure was enough, so that a type that was gone and another that was new could become one with an alias. The run completes the lock; aliases whose names have little in common are listed, to be deleted where they are no renames.",
    ),
    // pipeline: E09xx
    ("E0901", "an input cannot be read", "An input file cannot be read."),
    (
        "E0908",
        "the provenance cannot be read",
        "The file that `[document] provenance` names tells where the document comes from: `source`, `date` (`2026-04-23`), `version` and `hash`, all texts. `cargo xtask fetch` writes it.",
    ),
    (
        "E0909",
        "a name that no package can have",
        "A package's name has letters, digits, `-` and `_`, a letter first, 64 at most. It must be neither a crate of the compiler's (`std`, `core`) nor a device of Windows (`aux`), where nobody could check the crate out.",
    ),
    (
        "W0903",
        "a selection that selects nothing",
        "A name after `--only`, or in `[operations] only`, is neither a tag nor an `operationId` of the document.",
    ),
    (
        "E0904",
        "the output cannot be formatted",
        "The generator made something that is no Rust. That is a bug of the generator, never of a document: please report it with the document.",
    ),
    (
        "E0905",
        "an overlay action that does nothing",
        "The action selects nothing in the repository's own document, or changes nothing there: the document has moved on. Remove the action or correct its target. With any other document it is only a warning.",
    ),
    (
        "W0906",
        "an overlay action that does nothing here",
        "The action selects nothing in this document, or changes nothing in it.",
    ),
    (
        "W0910",
        "a translation is of an earlier text",
        "The document says something else at this place than what was translated, so the tables of that language may say what is no \
         longer true. Translate the text anew and give the translation the hash of that text: `cargo xtask dictionary --lang LANG \
         --template` prints both. Or the tables have no text at this place any more: remove the translation, or give it the new place.",
    ),
    (
        "W0911",
        "a place without words",
        "The settings say that the words of the document are ours (`[document] words`), and this operation, parameter, header, body, response, tag, security scheme, schema or property has no description (an operation: no summary or no description). `cargo xtask fetch` brings in facts alone, so what is new has none until somebody writes it. The help names the facts.",
    ),
    (
        "W0912",
        "nothing to accept",
        "An entry of `[accept]` in the settings accepts a gap or a warning by its code and its place, and there is none of this code at this place or below it: it was mended, or it has moved. Remove the entry, or correct its pointer: `--format json` has the pointers of all findings.",
    ),
    (
        "N0909",
        "a secret by its name",
        "Members, parameters and headers called `password`, `access_token`, `X-Api-Key` and the like hold what must not be in a log. Text has the type `Secret`, which does not print itself and is read by `expose()`; of another kind, the model does not print it. `[secrets] public` lists names that are none, `[secrets] members` further ones that are.",
    ),
];

/// The codes of gaps: the document says something that the output does not, in whole or in part.
pub const GAPS: &[&str] = &[
    normalize::NEWER,
    normalize::KEYWORD,
    normalize::SEPARATOR,
    normalize::UNUSED,
    normalize::UNKNOWN,
    // A key twice costs what the first of the two says.
    "W0101",
    "N0309",
    "W0311",
    "N0314",
    "W0320",
    "N0322",
    "N0338",
    "N0339",
    "N0340",
    "N0345",
    "W0346",
    "N0347",
    "N0348",
    "N0351",
    "N0352",
    "N0357",
];

/// Whether a code is that of a gap.
pub fn is_gap(code: &str) -> bool {
    GAPS.contains(&code)
}

/// Every row: this table and those of its parts.
pub fn all() -> impl Iterator<Item = &'static (&'static str, &'static str, &'static str)> {
    [CODES, normalize::CODES, lower::CODES, name::CODES, drift::CODES].into_iter().flatten()
}

/// The row of a code.
pub fn find(code: &str) -> Option<&'static (&'static str, &'static str, &'static str)> {
    all().find(|row| row.0 == code)
}

/// What a code is called.
pub fn title(code: &str) -> Option<&'static str> {
    find(code).map(|row| row.1)
}

/// The page of a code.
pub fn page(code: &str) -> Option<&'static str> {
    find(code).map(|row| row.2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use std::path::Path;

    // `normalize` uses its codes by the names that they have next to their rows.
    fn used_below(folder: &Path, codes: &mut BTreeSet<String>) {
        let tables = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/base/codes");
        for entry in std::fs::read_dir(folder).expect("the sources are there").flatten() {
            let path = entry.path();
            if path.is_dir() {
                used_below(&path, codes);
            } else if path.extension().is_some_and(|e| e == "rs")
                && (!path.starts_with(&tables) || path.ends_with("normalize.rs"))
            {
                let text = std::fs::read_to_string(&path).expect("a source is text");
                codes.extend(text.split('"').filter(|t| is_code(t)).map(str::to_owned));
            }
        }
    }

    fn is_code(text: &str) -> bool {
        text.len() == 5 && text.starts_with(['E', 'W', 'N', 'D']) && text.bytes().skip(1).all(|b| b.is_ascii_digit())
    }

    #[test]
    fn every_code_of_the_sources_is_in_the_table_and_the_other_way_round() {
        let mut used = BTreeSet::new();
        used_below(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut used);
        let listed: BTreeSet<String> = all().map(|row| row.0.to_owned()).collect();
        assert_eq!(listed.len(), all().count(), "a code is in the table twice");
        let missing: Vec<_> = used.difference(&listed).collect();
        let unused: Vec<_> = listed.difference(&used).collect();
        assert!(missing.is_empty() && unused.is_empty(), "not in the table: {missing:?}; used nowhere: {unused:?}");
    }

    #[test]
    fn every_row_has_a_title_and_a_page() {
        for (code, title, page) in all() {
            assert!(is_code(code) && !title.is_empty() && page.ends_with('.'), "{code}");
            assert_eq!(super::title(code), Some(*title));
            assert_eq!(super::page(code), Some(*page));
        }
        assert_eq!(super::page("E9999"), None);
    }
}
