//! The responses as tables: that they say what the IR says, all of it and once; that no text of a document runs anywhere, hides
//! anything or leaves the folder; that languages are complete, and say where they are not.

use generator::base::diagnostic::Diagnostics;
use generator::base::{Sources, visible::is_hidden};
use generator::dictionary::print::{COLUMNS, Language, csv, html, markdown};
use generator::dictionary::texts::{LABELS, Texts, stale};
use generator::dictionary::{Dictionary, Row, Table, dictionary};
use generator::emit::FileSet;
use generator::ir::{Type, TypeId, TypeKind, Use};
use generator::{Inputs, Understood, understand};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::sync::OnceLock;

/// All shapes that a body can have: nothing here is a page.
const SHAPES: &str = include_str!("dictionary/shapes.yaml");

/// Texts and names that would do harm if somebody believed them.
const HOSTILE: &str = include_str!("dictionary/hostile.json");

const NINE: [&str; 9] = [
    "Institutions",
    "Links",
    "Owners",
    "Accounts",
    "Transactions",
    "Employments Brazil",
    "Employment Records Mexico",
    "Financial Statements",
    "Payment Intents (Brazil)",
];

fn read(document: &str) -> Understood {
    let folder = tempfile::tempdir().expect("a folder");
    let spec = folder.path().join("document.yaml");
    fs::write(&spec, document).expect("write");
    let understood = understand(&Inputs { spec, ..Inputs::default() });
    assert!(!understood.diagnostics.has_errors(), "{:#?}", understood.diagnostics);
    understood
}

/// The document of this repository, which takes a while to be understood.
fn belvo() -> &'static Understood {
    static BELVO: OnceLock<Understood> = OnceLock::new();
    BELVO.get_or_init(fresh)
}

fn fresh() -> Understood {
    let spec = Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec");
    let understood = understand(&Inputs {
        spec: spec.join("belvo.yaml"),
        config: Some(spec.join("belvo.toml")),
        overlays: vec![spec.join("overlay.yaml")],
        lock: Some(spec.join("names.lock")),
        own: true,
        ..Inputs::default()
    });
    assert!(!understood.diagnostics.has_errors());
    understood
}

fn language(code: &str) -> (String, Texts) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../spec/i18n/{code}.toml"));
    let text = fs::read_to_string(path).expect("the language");
    let texts = Texts::read(&text).expect("a language");
    (text, texts)
}

fn tables(of: &Understood, texts: Option<&Texts>, wanted: &[&str]) -> Dictionary {
    let wanted: Vec<String> = wanted.iter().map(|tag| (*tag).to_owned()).collect();
    dictionary(&of.api, &of.facts, &of.names, texts, &wanted)
}

fn english(texts: &Texts) -> Language<'_> {
    Language { code: "en", texts }
}

/// Reads the tables as a person does who has a body before them, and counts how often each row was of use.
struct Reader<'a> {
    of: &'a Understood,
    tables: Vec<&'a Table>,
    rows: BTreeMap<(usize, usize), usize>,
    read: BTreeSet<usize>,
}

impl<'a> Reader<'a> {
    fn new(of: &'a Understood, dictionary: &'a Dictionary) -> Self {
        let tables = dictionary.resources.iter().flat_map(|resource| &resource.tables).collect();
        Self { of, tables, rows: BTreeMap::new(), read: BTreeSet::new() }
    }

    /// The one row of a table with this path.
    fn row(&mut self, table: usize, path: &str) -> &'a Row {
        let found: Vec<(usize, &Row)> =
            self.tables[table].rows.iter().enumerate().filter(|(_, row)| row.path == path).collect();
        let [(at, row)] = found[..] else {
            panic!("{}: {} rows of `{path}`", self.tables[table].name, found.len());
        };
        *self.rows.entry((table, at)).or_default() += 1;
        row
    }

    /// What lies below a value that is described by a row.
    fn follow(&mut self, table: usize, path: &str, row: &Row, of: &Use) {
        let mut ty = &of.ty;
        while let Type::List(of) = ty {
            ty = &of.ty;
        }
        match &row.link {
            None => self.below(table, path, ty),
            Some(link) => {
                assert_eq!(ty.named(), Some(link.to), "{path} leads elsewhere");
                let there: Vec<usize> =
                    (0..self.tables.len()).filter(|t| self.tables[*t].of.named() == Some(link.to)).collect();
                assert!(!there.is_empty(), "{path}: there is no table {}", link.name);
                for t in there {
                    assert_eq!(self.tables[t].name, link.name);
                    self.read(t);
                }
            }
        }
    }

    fn below(&mut self, table: usize, path: &str, ty: &Type) {
        let dot = if path.is_empty() { "" } else { "." };
        let lists = |of: &Use| {
            let (mut ty, mut lists) = (&of.ty, String::new());
            while let Type::List(of) = ty {
                (ty, lists) = (&of.ty, lists + "[]");
            }
            lists
        };
        let one = |reader: &mut Self, at: String, of: &Use| {
            let at = at + &lists(of);
            let row = reader.row(table, &at);
            reader.follow(table, &at, row, of);
            row
        };
        match ty {
            Type::Map(of) => {
                one(self, format!("{path}{dot}{{}}"), of);
            }
            Type::Tuple(of) => of.uses().for_each(|of| {
                one(self, format!("{path}[]"), of);
            }),
            Type::Named(id) => match &self.of.api.get(*id).expect("a type").kind {
                TypeKind::Model(model) => {
                    for (i, field) in model.fields.iter().enumerate() {
                        let row = one(self, format!("{path}{dot}{}", field.wire), &field.of);
                        assert_eq!(row.member, Some((*id, i)));
                        assert_eq!((row.required, row.nullable), (field.required, field.nullable()), "{}", row.path);
                        assert!(row.deprecated || !field.docs.deprecated, "{}", row.path);
                    }
                    if let Some(of) = &model.additional {
                        one(self, format!("{path}{dot}{{}}"), of);
                    }
                }
                TypeKind::Union(union) => {
                    for branch in &union.branches {
                        let name = match &branch.ty {
                            Type::Named(id) => self.of.names.of_type(*id).to_string(),
                            // The only ones here without a name.
                            Type::List(of) => self.of.names.of_type(of.ty.named().expect("a name")).to_string(),
                            Type::Scalar(scalar) => {
                                if scalar.is_integer() { scalar.format() } else { "string" }.to_owned()
                            }
                            other => panic!("{other:?}"),
                        };
                        one(self, format!("{path}({name})"), &Use { ty: branch.ty.clone(), nullable: false });
                    }
                }
                TypeKind::Enum(of) => {
                    let row = self.tables[table].rows.iter().find(|row| row.path == path || path.is_empty());
                    let wires: Vec<&str> = of.values.iter().map(|value| value.wire.as_str()).collect();
                    assert_eq!(row.expect("its row").values, wires);
                }
            },
            Type::List(_) | Type::Scalar(_) | Type::Any => {}
        }
    }

    fn read(&mut self, table: usize) {
        if self.read.insert(table) {
            let of = &self.tables[table].of;
            let has_members = matches!(
                of.named().and_then(|id| self.of.api.get(id)).map(|def| &def.kind),
                Some(TypeKind::Model(_) | TypeKind::Union(_))
            );
            if !has_members {
                self.row(table, "$");
            }
            self.below(table, "", of);
        }
    }
}

/// Reads all bodies of all responses; returns how many members were met.
fn read_all(of: &Understood) -> usize {
    let dictionary = tables(of, None, &[]);
    let mut reader = Reader::new(of, &dictionary);
    let mut members: BTreeSet<(TypeId, usize)> = BTreeSet::new();
    for o in &of.api.operations {
        for r in &o.responses {
            let Some(body) = r.content.as_ref().and_then(|(_, content)| content.of()) else { continue };
            let (mut ty, mut lists) = (&body.ty, String::new());
            while let Type::List(of) = ty {
                (ty, lists) = (&of.ty, lists + "[]");
            }
            let place = format!("{} {} {}", o.method.to_uppercase(), o.path, r.status);
            let place = if lists.is_empty() { place } else { format!("{place}: {lists}") };
            let homes: Vec<usize> =
                (0..reader.tables.len()).filter(|t| reader.tables[*t].places.contains(&place)).collect();
            let [home] = homes[..] else { panic!("{place} is in {} tables", homes.len()) };
            assert_eq!(reader.tables[home].of, *ty, "{place}");
            reader.read(home);
        }
        for ty in of.api.reached(o.response_types()).pairs().filter(|(_, reached)| **reached).map(|(id, _)| id) {
            members.extend(of.api.model(ty).iter().flat_map(|m| (0..m.fields.len()).map(move |i| (ty, i))));
        }
    }
    // A page leads to its records, so that all tables have been read; and no row of one but once.
    for (t, table) in reader.tables.iter().enumerate() {
        assert!(!table.places.is_empty(), "{} is nowhere", table.name);
        for (r, row) in table.rows.iter().enumerate() {
            assert_eq!(reader.rows.get(&(t, r)), Some(&1), "{}: {}", table.name, row.path);
        }
    }
    let in_tables: BTreeSet<(TypeId, usize)> =
        reader.tables.iter().flat_map(|table| table.rows.iter().filter_map(|row| row.member)).collect();
    assert_eq!(in_tables, members);
    members.len()
}

#[test]
fn every_member_of_every_response_is_there_once() {
    assert!(read_all(belvo()) > 1500);
    assert_eq!(read_all(&read(SHAPES)), 18);
}

#[test]
fn the_shapes_of_bodies() {
    let understood = read(SHAPES);
    let mut out = String::new();
    for resource in tables(&understood, None, &[]).resources {
        let _ = writeln!(out, "{} ({})", if resource.is_errors { "errors" } else { &resource.name }, resource.file);
        for table in resource.tables {
            let _ = writeln!(out, "  {} <- {}", table.name, table.places.join(", "));
            for Row { path, kind, format, link, values, example, wants_advice, .. } in table.rows {
                let link = link.map(|link| format!(" -> {}", link.name)).unwrap_or_default();
                let more = [values.join("|"), example, if wants_advice { "!".to_owned() } else { String::new() }];
                let more =
                    more.iter().filter(|text| !text.is_empty()).map(|text| format!(" {text}")).collect::<String>();
                let kind = format!("{}{}", "list of ".repeat(kind.lists), kind.word.as_str());
                let line = format!("    {path}: {kind} {format}{link}{more}");
                let _ = writeln!(out, "{}", line.trim_end());
            }
        }
    }
    insta::assert_snapshot!(out, @r#"
    Nodes (nodes)
      Node <- GET /nodes 200: []
        name: string  root
        children[]: list of object  -> Node
        attributes: map
        attributes.{}[]: list of object
        attributes.{}[].grown: string date
        attributes.{}[].state: string  open|closed open
      Tree <- GET /trees 200
        size: integer int64
        left: object  -> Branch
        old: string  !
        older: string
      Branch <- Tree: left, Twig: branch
        twigs[]: list of object  -> Twig
        length: number
      Twig <- Branch: twigs[]
        branch: object  -> Branch
        leaf: object
        leaf.grown: string date
        leaf.state: string  open|closed open
    Bodies (bodies)
      (body) <- GET /maps 200
        $: map
        {}: map
        {}.{}: object
        {}.{}.grown: string date
        {}.{}.state: string  open|closed open
      (body-2) <- GET /words 200: [][]
        $: string
      State <- GET /state 200
        $: string  open|closed open
      Choice <- GET /choice default
        (Leaf): object
        (Leaf).grown: string date
        (Leaf).state: string  open|closed open
        (Other): object
        (Other).level: integer  1|2
        (Other).any: any
        (Other).{}: boolean
        (string): string
      Event <- GET /events 200
        data: string
    errors (errors)
      Problem <- GET /nodes default, GET /trees 404
        code: string
        detail: string password
    "#);
}

/// A tower: each type has two members of the next one, so that the first has as many leaves as two to the power of its floors.
fn tower(floors: usize) -> String {
    let mut out = String::from(
        "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths:\n  /t:\n    get:\n      tags: [T]\n      responses:\n        '200': \
         {description: x, content: {application/json: {schema: {$ref: '#/components/schemas/F0'}}}}\ncomponents:\n  schemas:\n",
    );
    for floor in 0..floors {
        let next = format!("{{$ref: '#/components/schemas/F{}'}}", floor + 1);
        let _ = writeln!(out, "    F{floor}: {{type: object, properties: {{a: {next}, b: {next}}}}}");
    }
    let _ = writeln!(out, "    F{floors}: {{type: object, properties: {{end: {{type: string}}}}}}");
    out
}

#[test]
fn what_would_have_no_end_has_one() {
    let understood = read(&tower(60));
    let dictionary = tables(&understood, None, &[]);
    let rows: usize = dictionary.resources.iter().flat_map(|r| &r.tables).map(|table| table.rows.len()).sum();
    assert!((121..2000).contains(&rows), "{rows}");
    assert_eq!(read_all(&understood), 121);
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let (_, texts) = language("es");
    let print = || {
        let (understood, language) = (fresh(), Language { code: "es", texts: &texts });
        let dictionary = tables(&understood, Some(&texts), &[]);
        let mut files: Vec<(String, Vec<u8>)> = Vec::new();
        let all = [
            csv(&dictionary, language, true).expect("csv"),
            markdown(&dictionary, language),
            html(&dictionary, language).expect("html"),
        ];
        all.iter().for_each(|set| files.extend(set.iter().map(|(path, content)| (path.to_owned(), content.to_vec()))));
        files
    };
    let first = print();
    assert_eq!(first.len(), 38 + 38 + 1);
    assert!(first == print());
}

/// The rows of a CSV file, each with as many cells as the header.
fn cells(content: &[u8]) -> Vec<Vec<String>> {
    let mut reader = ::csv::ReaderBuilder::new().has_headers(false).from_reader(content);
    let rows: Vec<Vec<String>> = reader
        .records()
        .map(|row| row.expect("as many cells as in the header").iter().map(str::to_owned).collect())
        .collect();
    assert!(rows.iter().all(|row| row.len() == COLUMNS.len() + 1));
    rows
}

fn text(files: &FileSet, path: &str) -> String {
    String::from_utf8(files.get(path).unwrap_or_else(|| panic!("no {path}")).to_vec()).expect("UTF-8")
}

#[test]
fn csv_is_what_the_standard_says_and_nothing_in_it_runs() {
    let belvo = belvo();
    let words = Texts::default();
    let dictionary = tables(belvo, None, &[]);
    let files = csv(&dictionary, english(&words), false).expect("csv");
    for resource in &dictionary.resources {
        let rows = cells(files.get(&format!("{}.csv", resource.file)).expect("its file"));
        let expected: usize = resource.tables.iter().map(|table| table.rows.len()).sum();
        assert_eq!(rows.len(), expected + 1, "{}", resource.name);
        assert_eq!(rows[0][1..], COLUMNS);
    }
    let accounts = text(&files, "accounts.csv");
    // As the standard ends lines; what breaks within a cell is the text's own.
    assert_eq!(accounts.matches("\r\n").count(), cells(accounts.as_bytes()).len());
    let marked = csv(&dictionary, english(&words), true).expect("csv");
    assert!(text(&marked, "accounts.csv").strip_prefix('\u{feff}').is_some_and(|rest| rest == accounts));

    let hostile = read(HOSTILE);
    let files = csv(&tables(&hostile, None, &[]), english(&words), false).expect("csv");
    let rows: Vec<Vec<String>> = files.iter().flat_map(|(_, content)| cells(content)).collect();
    let has = |cell: &str| assert!(rows.iter().flatten().any(|other| other == cell), "{cell:?} in {rows:#?}");
    // Examples, descriptions, names of members and values alike.
    for formula in ["=cmd|' /C calc'!A0", "+1+1", "@SUM(A1)", "-2+3", "＝1+1", "=HYPERLINK(\"http://x\",\"y\")"] {
        has(&format!("'{formula}"));
    }
    ["-12.5", "+3", "a, \"b\"", "two\nparagraphs"].iter().for_each(|cell| has(cell));
    for cell in rows.iter().flatten() {
        assert!(!cell.chars().any(|c| is_hidden(c) && c != '\n'), "{cell:?}");
        let begins = cell.trim_start().starts_with(['=', '+', '-', '@', '＝']);
        assert!(!begins || cell.parse::<f64>().is_ok(), "{cell:?}");
    }
}

#[test]
fn no_text_of_a_document_becomes_markup() {
    let words = Texts::default();
    let understood = read(HOSTILE);
    let dictionary = tables(&understood, None, &[]);
    let page = text(&html(&dictionary, english(&words)).expect("html"), "dictionary.html");
    // The page's own, and no other.
    assert_eq!(page.matches("<script").count(), 1);
    assert_eq!(page.matches("</script").count(), 1);
    assert!(page.contains("<title>=&#60;/title&#62;&#60;script&#62;1&#60;/script&#62; \u{fffd}1</title>"));
    assert!(!page.contains("<img") && !page.contains("onerror=alert(1)>"));
    assert!(page.contains("&lt;/script&gt;") || page.contains("&#60;/script&#62;"), "{page}");
    assert!(!page.chars().any(|c| is_hidden(c) && c != '\n'));
    // Nothing is fetched, whatever a document says.
    let page = text(&html(&tables(belvo(), None, &[]), english(&words)).expect("html"), "dictionary.html");
    assert!(!page.contains(" src=") && !page.contains("<link") && !page.contains("url(") && !page.contains("@import"));
    let all: String = markdown(&dictionary, english(&words)).iter().map(|(_, c)| String::from_utf8_lossy(c)).collect();
    assert!(!all.chars().any(|c| is_hidden(c) && c != '\n'));
    let parser = pulldown_cmark::Parser::new_ext(&all, pulldown_cmark::Options::all());
    for event in parser {
        use pulldown_cmark::{Event, Tag};
        match event {
            Event::Html(html) | Event::InlineHtml(html) => assert_eq!(&*html, "<br>"),
            Event::Start(Tag::Link { dest_url, .. }) => {
                let (file, _) = dest_url.split_once('#').expect("a heading");
                assert!(file.is_empty() || file.ends_with(".md") && !file.contains(['/', ':']), "{dest_url}");
            }
            Event::Start(Tag::Image { dest_url, .. }) => panic!("an image: {dest_url}"),
            _ => {}
        }
    }
    // Rows have as many cells as headers, whatever bars their texts have.
    let bars = |line: &str| line.replace("\\\\", "").replace("\\|", "").matches('|').count();
    for line in all.lines().filter(|line| line.starts_with('|')) {
        assert_eq!(bars(line), COLUMNS.len() + 1, "{line}");
    }
}

#[test]
fn links_of_a_page_lead_somewhere() {
    let words = Texts::default();
    for understood in [belvo(), &read(SHAPES), &read(HOSTILE)] {
        let dictionary = tables(understood, None, &[]);
        let page = text(&html(&dictionary, english(&words)).expect("html"), "dictionary.html");
        let after = |mark: &str| -> Vec<String> {
            page.split(mark).skip(1).map(|rest| rest.split('"').next().unwrap_or_default().to_owned()).collect()
        };
        let ids = after(" id=\"");
        let known: BTreeSet<&String> = ids.iter().collect();
        assert_eq!(known.len(), ids.len(), "two have one id");
        assert!(ids.iter().all(|id| !id.is_empty() && !id.contains(char::is_whitespace)), "{ids:?}");
        let links = after(" href=\"#");
        assert!(links.len() > dictionary.resources.len());
        for link in links {
            assert!(known.contains(&link), "{link}");
        }
        let files = markdown(&dictionary, english(&words));
        let headings = |path: &str| -> Vec<String> {
            let text = text(&files, path);
            text.lines()
                .filter_map(|l| l.strip_prefix("## "))
                .map(|l| l.replace(['(', ')', '\\'], "").to_lowercase())
                .collect()
        };
        for (path, content) in files.iter() {
            for link in String::from_utf8_lossy(content).split("](").skip(1) {
                let (file, anchor) = link.split(')').next().and_then(|l| l.split_once('#')).expect("a link");
                let file = if file.is_empty() { path } else { file };
                assert!(headings(file).contains(&anchor.to_owned()), "{file}#{anchor}");
            }
        }
    }
}

#[test]
fn names_of_tags_are_no_paths() {
    let words = Texts::default();
    let understood = read(HOSTILE);
    let dictionary = tables(&understood, None, &[]);
    let files = csv(&dictionary, english(&words), false).expect("csv");
    assert_eq!(files.iter().count(), dictionary.resources.len(), "two resources had one file");
    assert_eq!(dictionary.resources.len(), understood.api.tags.len() + 1);
    let mut taken = BTreeSet::new();
    for (path, _) in files.iter() {
        let stem = path.strip_suffix(".csv").expect("its ending");
        assert!(
            stem.chars().all(|c| c.is_alphanumeric() || c == '-') && !stem.is_empty() && path.len() < 200,
            "{path:?}"
        );
        assert!(!["con", "nul", "aux", "prn"].contains(&stem.to_lowercase().as_str()), "{path:?}");
        assert!(taken.insert(path.to_lowercase()), "{path:?} is another one's in capital letters");
    }
    // A tag's file has the same name when others are left out, and what was asked for is all that there is.
    for (tag, resource) in understood.api.tags.iter().zip(&dictionary.resources) {
        let alone = tables(&understood, None, &[tag.wire.as_str()]);
        assert_eq!(alone.resources[0].file, resource.file, "{:?}", tag.wire);
        assert!(alone.resources.len() <= 2 && alone.resources[1..].iter().all(|r| r.is_errors));
    }
}

#[test]
fn the_nine_resources_are_complete_in_both_languages() {
    let belvo = belvo();
    for code in ["es", "pt-BR"] {
        let (source, texts) = language(code);
        let of_nine = texts.coverage(&tables(belvo, None, &NINE));
        assert_eq!(of_nine.translated, of_nine.texts, "{code}");
        assert!(of_nine.texts > 800, "{}", of_nine.texts);
        let all = texts.coverage(&tables(belvo, None, &[]));
        assert_eq!((all.stale, all.gone), (Vec::new(), Vec::new()), "{code}");
        assert!(LABELS.iter().all(|label| texts.labels.contains_key(*label)), "{code} has not all words of the tables");
        // What code reads stays as it is: keys, values and names between marks are the same in every language.
        let translated = tables(belvo, Some(&texts), &[]);
        let marked = translated.texts().values().filter(|text| text.untranslated).count();
        assert_eq!(marked, all.texts - all.translated, "{code}");
        assert!(!source.contains('\t'));
    }
}

#[test]
fn a_translation_is_of_one_text() {
    let understood = read(SHAPES);
    let before = tables(&understood, None, &[]);
    let at = "/components/schemas/Node/properties/name";
    let english = before.texts()[at].text.clone();
    let file = |hash: &str, at: &str| {
        format!(
            "name = \"Deutsch\"\n\n[labels]\n\"yes\" = \"ja\"\n\n[texts.'{at}']\nof = \"{hash}\"\ntext = \"Wie der *Knoten* heißt.\"\n"
        )
    };
    let translated = |source: &str| {
        let texts = Texts::read(source).expect("a language");
        let text = (*tables(&understood, Some(&texts), &[]).texts()[at]).clone();
        let mut sources = Sources::new();
        let id = sources.add("i18n/de.toml".to_owned(), source);
        let mut said = Diagnostics::new();
        stale(&texts, &before, id).into_iter().for_each(|d| said.push(d));
        let said: Vec<String> = said
            .iter()
            .map(|d| {
                let line = sources.position(d.span.expect("a place")).expect("a line").line;
                format!("{} {} line {line}", d.code, d.message)
            })
            .collect();
        (text.text, text.untranslated, said.join("\n"))
    };
    let hash = generator::dictionary::texts::hash(&english);
    assert_eq!(translated(&file(&hash, at)), ("Wie der Knoten heißt.".to_owned(), false, String::new()));
    let (text, untranslated, said) = translated(&file("0123456789abcdef", at));
    assert_eq!((text, untranslated), (english.clone(), true), "an earlier text's translation is none");
    assert_eq!(said, format!("W0910 the translation of `#{at}` is of an earlier text line 7"));
    // The text has moved: its translation goes with it, and the file says so.
    let (text, untranslated, said) = translated(&file(&hash, "/components/schemas/Gone"));
    assert_eq!((text.as_str(), untranslated), ("Wie der Knoten heißt.", false));
    assert_eq!(
        said,
        "W0910 the tables have no text at `#/components/schemas/Gone`, of which this is a translation line 7"
    );

    for (wrong, what) in [
        ("name = 1", "invalid type"),
        ("name = \"x\"\n[labels]\ncolour = \"y\"", "line 3: the tables have no word `colour`"),
        ("name = \"x\"\nnom = \"y\"", "unknown field `nom`"),
        ("name = \"x\"\n[texts.'/a']\ntext = \"y\"", "missing field `of`"),
    ] {
        let error = Texts::read(wrong).expect_err(wrong);
        assert!(error.contains(what), "{error}");
    }
}

#[test]
fn a_language_begins_with_a_file_that_the_program_prints() {
    let understood = read(SHAPES);
    let english = tables(&understood, None, &[]);
    let template = Texts::new("Ελληνικά").template(&english);
    let texts = Texts::read(&template).expect("what is printed is read");
    let coverage = texts.coverage(&english);
    assert_eq!((coverage.texts, coverage.stale.len(), coverage.gone.len()), (coverage.translated, 0, 0));
    assert_eq!(
        texts.template(&english).replace("\n# To be translated.", ""),
        template.replace("\n# To be translated.", "")
    );
    // A language that is there keeps everything.
    let belvo = belvo();
    let (_, spanish) = language("es");
    let again = Texts::read(&spanish.template(&tables(belvo, None, &[]))).expect("what is printed is read");
    assert_eq!(again.glossary, spanish.glossary);
    assert!(spanish.texts.iter().all(|(at, one)| again.texts.get(at).is_some_and(|other| other.text == one.text)));
}
