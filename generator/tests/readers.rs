//! Nothing without a reader: every field of the IR, every reserved key and every key of the settings changes the output or what is
//! said, or stands in a list with what will read it.

use generator::analyze::analyze;
use generator::base::FileId;
use generator::base::diagnostic::{Diagnostics, Severity};
use generator::configure::configure;
use generator::document::load::load_str;
use generator::document::normalize::normalize;
use generator::document::{Kind, Node};
use generator::history::lock::Lock;
use generator::ir::*;
use generator::lower::{Selection, lower};
use generator::name::name;
use generator::pipeline::{Understood, render_understood};
use generator::settings::{self, Settings};
use generator::{Generated, Inputs};
use std::any::Any;
use std::fs;
use std::path::Path;

const DOCUMENT: &str = include_str!("readers/harbour.yaml");

/// What comes of a run: the files, the lock, and what is said with its places.
fn outcome(run: &Generated) -> String {
    let mut out = String::new();
    for d in run.diagnostics.iter() {
        assert!(d.severity < Severity::Error, "{}: {}", d.code, d.message);
        out += &format!("{d:?}\n");
    }
    for (path, content) in run.files.iter() {
        out += &format!("{path}\n{}", String::from_utf8_lossy(content));
    }
    out + &run.lock.print()
}

/// Where the IR is changed.
#[derive(PartialEq)]
enum Before {
    Configure,
    Analyze,
}

/// What comes of a change of the IR on its way.
fn changed(before: Before, change: fn(&mut dyn Any)) -> String {
    through(DOCUMENT, |_| {}, before, change)
}

/// The way of a document, with a change of its tree and one of the IR.
fn through(text: &str, reshape: impl Fn(&mut Node), before: Before, change: fn(&mut dyn Any)) -> String {
    let mut diagnostics = Diagnostics::new();
    let document = load_str("harbour.yaml", text, &mut diagnostics).expect("it is read");
    let mut root = normalize(document.root, &[], None, &mut diagnostics).root;
    reshape(&mut root);
    let selection = Selection { examples: true, ..Selection::default() };
    let mut api = lower(&root, &selection, &mut diagnostics).api;
    let settings = Settings::default();
    if before == Before::Configure {
        each(&mut api, change);
    }
    configure(&mut api, &settings, &mut diagnostics);
    if before == Before::Analyze {
        each(&mut api, change);
    }
    let facts = analyze(&api, &settings, &mut diagnostics);
    let lock = Lock::new();
    let (names, next_lock) = name(&api, &facts, &settings, &lock, &mut diagnostics);
    let understood = Understood { api, facts, names, settings, lock, next_lock, diagnostics, ..Understood::default() };
    outcome(&render_understood(&Inputs { tests: true, ..Inputs::default() }, understood))
}

/// Calls `f` with every node of the IR.
fn each(api: &mut Api, f: fn(&mut dyn Any)) {
    f(api);
    for x in &mut api.servers {
        f(x);
        x.variables.iter_mut().for_each(|x| f(x));
    }
    for x in &mut api.tags {
        f(x);
        f(&mut x.origin);
    }
    for x in &mut api.security_schemes {
        f(x);
        f(&mut x.origin);
        f(&mut x.kind);
        f(&mut x.docs);
    }
    for x in &mut api.types {
        f(x);
        f(&mut x.origin);
        f(&mut x.label);
        f(&mut x.docs);
        match &mut x.kind {
            TypeKind::Model(m) => {
                f(m);
                for x in &mut m.fields {
                    f(x);
                    f(&mut x.origin);
                    f(&mut x.docs);
                    f(&mut x.of);
                    if let Type::Tuple(of) = &mut x.of.ty {
                        f(&mut **of);
                    }
                }
            }
            TypeKind::Enum(e) => {
                f(e);
                for x in &mut e.values {
                    f(x);
                    f(&mut x.docs);
                }
            }
            TypeKind::Union(u) => {
                f(u);
                for x in &mut u.branches {
                    f(x);
                    f(&mut x.origin);
                    f(&mut x.docs);
                }
            }
        }
    }
    for o in &mut api.operations {
        f(o);
        f(&mut o.origin);
        f(&mut o.docs);
        for x in &mut o.parameters {
            f(x);
            f(&mut x.spelling);
            f(&mut x.origin);
            f(&mut x.docs);
            f(&mut x.of);
        }
        if let Some(x) = &mut o.body {
            f(x);
            x.others.iter_mut().for_each(|x| f(x));
            x.members.iter_mut().for_each(|x| f(x));
            f(&mut x.origin);
            f(&mut x.docs);
        }
        o.security.iter_mut().flatten().flatten().for_each(|x| f(x));
        o.responses.iter_mut().for_each(|x| each_of_response(x, f));
    }
    for x in &mut api.webhooks {
        f(x);
        f(&mut x.origin);
        f(&mut x.docs);
        x.parameters.iter_mut().for_each(|x| f(x));
        x.answers.iter_mut().for_each(|x| each_of_response(x, f));
    }
    for x in &mut api.examples {
        f(x);
        f(&mut x.origin);
        f(&mut x.of);
    }
}

fn each_of_response(x: &mut Response, f: fn(&mut dyn Any)) {
    f(x);
    f(&mut x.origin);
    f(&mut x.docs);
    for x in &mut x.headers {
        f(x);
        f(&mut x.origin);
        f(&mut x.docs);
        f(&mut x.of);
    }
    x.links.iter_mut().for_each(|x| f(x));
}

fn longer(word: &mut String) {
    word.push('x');
}

fn flip(flag: &mut bool) {
    *flag = !*flag;
}

fn displace(origin: &mut Origin) {
    origin.pointer = origin.pointer.join("x");
    origin.span.start += 1;
}

fn reword(docs: &mut Docs) {
    docs.title += "x";
    docs.text += "x";
}

fn retype(of: &mut Use) {
    of.ty = Type::Scalar(if of.ty == Type::Scalar(Scalar::Bool) { Scalar::String } else { Scalar::Bool });
}

/// What a field is called, and a change of it in a node that has it.
type Row = (&'static str, fn(&mut dyn Any));

/// A row a field. A struct is taken apart as a whole, so that a new field does not compile here until there is a row for it.
macro_rules! rows {
    ($($name:path { $($field:ident: $change:expr,)* })*) => {
        &[$(rows!(@ $name, [$($field,)*], $($field: $change,)*)),*]
    };
    (@ $name:path, $fields:tt, $($field:ident: $change:expr,)*) => {
        {
            const ROWS: &[Row] = &[$((concat!(stringify!($name), ".", stringify!($field)), |node| {
                rows!(@@ node, $name, $fields, $change)
            }),)*];
            ROWS
        }
    };
    (@@ $node:ident, $name:path, [$($field:ident,)*], $change:expr) => {
        if let Some(&mut $name { $(ref mut $field,)* }) = $node.downcast_mut() {
            $change;
        }
    };
}

#[allow(unused_variables)]
const FIELDS: &[&[Row]] = rows! {
    Origin {
        pointer: *pointer = pointer.join("x"),
        span: span.start += 1,
    }
    Api {
        title: longer(title),
        version: longer(version),
        description: longer(description),
        servers: servers.truncate(1),
        tags: tags.reverse(),
        security_schemes: security_schemes.truncate(0),
        types: types.extend(types.first().cloned()),
        operations: operations.reverse(),
        webhooks: webhooks.clear(),
        examples: examples.truncate(1),
    }
    Example {
        origin: displace(origin),
        of: retype(of),
        body: flip(body),
        request: flip(request),
        value: *value = 12.into(),
    }
    Server {
        url: longer(url),
        name: longer(name),
        description: longer(description),
        variables: variables.clear(),
    }
    ServerVariable {
        wire: longer(wire),
        description: longer(description),
        default: longer(default),
        values: values.truncate(1),
    }
    Tag {
        wire: longer(wire),
        description: longer(description),
        origin: displace(origin),
    }
    SecurityScheme {
        wire: longer(wire),
        origin: displace(origin),
        kind: *kind = SecurityKind::Bearer,
        docs: reword(docs),
        scopes: scopes.push(("dock".to_owned(), String::new())),
    }
    Requirement {
        scheme: longer(scheme),
        scopes: scopes.push("dock".to_owned()),
    }
    SecurityKind::ApiKey {
        location: *location = Location::Query,
        name: longer(name),
    }
    Docs {
        title: longer(title),
        text: longer(text),
        deprecated: flip(deprecated),
        facts: facts.push("Colour: `red`".to_owned()),
        example: *example = Some(12.into()),
        default: *default = Some(12.into()),
    }
    Operation {
        id: longer(id),
        method: *method = "patch".to_owned(),
        path: path.push_str("/x"),
        fixed_query: fixed_query.clear(),
        tag: *tag = 0,
        origin: displace(origin),
        docs: reword(docs),
        parameters: parameters.clear(),
        body: *body = None,
        responses: responses.clear(),
        security: *security = None,
        servers: *servers = Servers::Any,
    }
    Parameter {
        wire: longer(wire),
        location: *location = Location::Header,
        origin: displace(origin),
        docs: reword(docs),
        required: flip(required),
        spelling: *spelling = Spelling::of(Style::Json, false),
        of: retype(of),
        constant: *constant = Some("one".to_owned()),
        secret: flip(secret),
    }
    Spelling {
        style: *style = Style::Json,
        explode: flip(explode),
        reserved: flip(reserved),
        delimiters: delimiters.push("|".to_owned()),
    }
    Body {
        origin: displace(origin),
        docs: reword(docs),
        required: flip(required),
        media_type: longer(media_type),
        content: *content = Content::Text,
        choices: choices.push("image/png".to_owned()),
        others: others.clear(),
        members: members.clear(),
        inline: flip(inline),
    }
    OtherBody {
        media_type: longer(media_type),
        content: *content = Content::Text,
    }
    BodyMember {
        wire: longer(wire),
        content_type: *content_type = Some("image/gif".to_owned()),
        headers: headers.clear(),
        written: *written = Written::Json,
    }
    Response {
        status: *status = "500".to_owned(),
        origin: displace(origin),
        docs: reword(docs),
        content: *content = None,
        also: also.push("image/png".to_owned()),
        headers: headers.clear(),
        links: links.clear(),
    }
    Header {
        wire: longer(wire),
        origin: displace(origin),
        docs: reword(docs),
        required: flip(required),
        form: *form = HeaderForm::Json,
        of: retype(of),
    }
    Link {
        name: longer(name),
        operation: longer(operation),
        parameters: parameters.clear(),
        body: *body = None,
        text: longer(text),
    }
    Webhook {
        wire: longer(wire),
        method: longer(method),
        callback: *callback = None,
        origin: displace(origin),
        docs: reword(docs),
        parameters: parameters.clear(),
        payload: *payload = None,
        answers: answers.clear(),
    }
    WebhookParameter {
        wire: longer(wire),
        location: *location = Location::Cookie,
        required: flip(required),
        text: longer(text),
    }
    TypeDef {
        origin: displace(origin),
        label: *label = Label::Component("X".to_owned()),
        docs: reword(docs),
        kind: *kind = TypeKind::Model(Model::default()),
    }
    Label::Part {
        parent: *parent = TypeId::at(0),
        part: longer(part),
    }
    Label::Operation {
        operation: *operation = 0,
        part: longer(part),
    }
    Model {
        fields: fields.clear(),
        additional: *additional = None,
    }
    Field {
        wire: longer(wire),
        origin: displace(origin),
        docs: reword(docs),
        required: flip(required),
        rank: *rank = 100 - (*rank).min(100),
        of: retype(of),
        constant: *constant = None,
        may_be_null: flip(may_be_null),
        read_only: flip(read_only),
        write_only: flip(write_only),
        secret: flip(secret),
    }
    Tuple {
        places: places.truncate(1),
        least: *least -= 1,
        rest: *rest = None,
    }
    Use {
        ty: *ty = Type::Any,
        nullable: flip(nullable),
    }
    Enum {
        values: values.truncate(1),
        numeric: flip(numeric),
    }
    EnumValue {
        wire: longer(wire),
        docs: reword(docs),
        label: *label = None,
    }
    Union {
        branches: branches.truncate(2),
        discriminator: *discriminator = None,
    }
    Branch {
        ty: *ty = Type::Any,
        origin: displace(origin),
        tag: *tag = None,
        label: *label = None,
        docs: reword(docs),
    }
};

/// Fields that nothing behind `lower` reads, each with what reads it or will.
const UNREAD: &[(&str, &str)] = &[
    ("Example.request", "`lower`, where it parts types by direction"),
    ("SecurityScheme.origin", "`lower`, in W0320"),
];

#[test]
fn every_field_of_the_ir_has_a_reader() {
    let unchanged = changed(Before::Configure, |_| {});
    let is_unread = |(_, change): &&Row| {
        [Before::Configure, Before::Analyze].into_iter().all(|before| changed(before, *change) == unchanged)
    };
    let unread: Vec<&str> = FIELDS.iter().copied().flatten().filter(is_unread).map(|(field, _)| *field).collect();
    let known: Vec<&str> = UNREAD.iter().map(|(field, _)| *field).collect();
    assert_eq!(unread, known, "left: what nothing reads; right: what is known to wait for a reader");
}

#[test]
fn every_struct_of_the_ir_has_rows() {
    let mut declared = Vec::new();
    for file in fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/src/ir")).expect("the folder of the IR") {
        let source = fs::read_to_string(file.expect("a file").path()).expect("text");
        let mut add = |name: String, fields: &syn::Fields| {
            let named = fields.iter().filter_map(|field| field.ident.as_ref());
            declared.extend(named.map(|field| format!("{name}.{field}")));
        };
        for item in syn::parse_file(&source).expect("Rust").items {
            match item {
                syn::Item::Struct(s) if matches!(s.vis, syn::Visibility::Public(_)) => {
                    add(s.ident.to_string(), &s.fields)
                }
                syn::Item::Enum(e) => {
                    e.variants.iter().for_each(|v| add(format!("{}::{}", e.ident, v.ident), &v.fields))
                }
                _ => {}
            }
        }
    }
    let mut shown: Vec<String> = FIELDS.iter().copied().flatten().map(|(field, _)| field.replace(' ', "")).collect();
    declared.sort();
    shown.sort();
    assert_eq!(declared, shown);
}

/// Schemas that `normalize` brings into shape with each reserved key, or a whole document where it takes one.
const KEYS: &[(&str, &str)] = &[
    (
        "x-ir-tuple",
        "{A: {prefixItems: [{type: boolean}]}, B: {allOf: [{$ref: '#/components/schemas/A/prefixItems/0'}]}}",
    ),
    (
        "x-ir-tuple-rest",
        "{A: {prefixItems: [true], items: {type: boolean}}, B: {allOf: [{$ref: '#/components/schemas/A/items'}]}}",
    ),
    (
        "x-ir-pattern-properties",
        "{A: {patternProperties: {a: {type: boolean}, b: true}}, B: {allOf: [{$ref: '#/components/schemas/A/patternProperties/a'}]}}",
    ),
    (
        "x-ir-delimiters",
        "swagger: '2.0'\ninfo: {title: T, version: '1'}\npaths: {/a: {get: {operationId: a, responses: {default: {description: d}}, \
         parameters: [{name: a, in: header, type: array, items: {type: string}, collectionFormat: pipes}]}}}\n",
    ),
    (
        "x-ir-media-type",
        "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {/a: {post: {operationId: a, responses: {default: {description: d}}, \
         requestBody: {content: {multipart/form-data: {schema: {type: object, properties: {a: {contentMediaType: text/csv}}}}}}}}}\n",
    ),
    (
        "x-ir-null",
        "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {/a: {post: {operationId: a, responses: {default: {description: d}}, \
         requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}}}}\n\
         components: {schemas: {A: {type: object, required: [a], properties: {a: {const: null}}}}}\n",
    ),
    ("x-ir-examples", "{A: {type: object, properties: {a: {type: boolean, examples: [true, false]}}}}"),
];

/// Reserved keys that `lower` does not read, each with what does.
const UNREAD_KEYS: &[(&str, &str)] = &[
    ("x-ir-base", "settings and the lock, in pointers; no document has it"),
    ("x-ir-request", "settings and the lock, in pointers; no document has it"),
];

#[test]
fn every_reserved_key_has_a_reader() {
    let source = include_str!("../src/document/keys.rs");
    let mut declared: Vec<&str> =
        source.split('"').filter(|word| word.len() > 5 && word.starts_with("x-ir-")).collect();
    let mut known: Vec<&str> = KEYS.iter().chain(UNREAD_KEYS).map(|(key, _)| *key).collect();
    declared.sort_unstable();
    known.sort_unstable();
    assert_eq!(declared, known, "left: the keys there are; right: those that are shown to have a reader");
    for (key, schemas) in KEYS {
        let text = match schemas.contains("info:") {
            true => (*schemas).to_owned(),
            false => format!(
                "openapi: 3.1.0\ninfo: {{title: T, version: '1'}}\npaths: {{}}\ncomponents: {{schemas: {schemas}}}\n"
            ),
        };
        let with = |reshape: fn(&mut Node, &str)| through(&text, |root| reshape(root, key), Before::Configure, |_| {});
        assert_ne!(with(|_, _| {}), with(remove), "nothing reads `{key}`");
    }
}

fn remove(node: &mut Node, key: &str) {
    match &mut node.kind {
        Kind::Object(o) => {
            o.remove(key);
            o.iter_mut().for_each(|e| remove(&mut e.value, key));
        }
        Kind::Array(list) => list.iter_mut().for_each(|n| remove(n, key)),
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => {}
    }
}

/// Settings, each line with another value of its key behind it.
const SETTINGS: &[&str] = &[
    include_str!("readers/harbour.toml"),
    include_str!("readers/runtime.toml"),
    "[crate.runtime]\npath = \"../runtime\" # \"../core\"\n",
];

/// Keys of the settings that change nothing, each with what reads it or will.
const UNREAD_SETTINGS: &[(&str, &str)] = &[
    ("document.source", "`cargo xtask fetch`"),
    ("document.extensions", "`cargo xtask fetch`"),
    ("pages.page", "later work on paging: page numbers"),
    ("pages.page_size", "later work on paging: page numbers"),
];

/// What comes of settings; places in them do not count, as another value moves them.
fn configured(dir: &Path, text: &str) -> String {
    let config = dir.join("harbour.toml");
    fs::write(&config, text).expect("write");
    let mut run = generator::generate(&Inputs {
        spec: dir.join("harbour.yaml"),
        config: Some(config),
        lock: Some(dir.join("names.lock")),
        ..Inputs::default()
    });
    run.diagnostics.iter_mut().for_each(|d| d.span = None);
    outcome(&run)
}

/// The keys of a text of settings with their tables, and the text with each one's other value.
fn others(text: &str) -> Vec<(String, String)> {
    let mut table = "";
    let mut out = Vec::new();
    let lines: Vec<&str> = text.lines().collect();
    for (i, line) in lines.iter().enumerate() {
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            table = name;
        }
        let (Some((_, other)), Some((key, _))) = (line.split_once(" # "), line.split_once(" = ")) else { continue };
        let (changed, mut all) = (format!("{key} = {other}"), lines.clone());
        all[i] = &changed;
        out.push((format!("{table}.{key}"), all.join("\n")));
    }
    out
}

/// The keys of a table of the settings and of those below it, as the reader itself tells them of a table with an unknown key.
/// `*` stands for a name of the user's choice.
fn keys_below(table: &str, out: &mut Vec<String>) {
    let text = format!("[{}]\n{:q<60} = 1\n", table.replace('*', "'*'"), "").replace("[]", "");
    let mut said = Diagnostics::new();
    settings::read(&text, FileId(0), &mut said);
    let of_it = said.iter().find(|d| d.message.contains("qqq"));
    let known = of_it.and_then(|d| d.help.as_ref()?.strip_prefix("its keys are "));
    if said.iter().any(|d| d.message.ends_with(", not a table")) {
        out.push(table.to_owned());
    } else if let Some(keys) = known {
        keys.split(", ").chain(["*"]).for_each(|key| keys_below([table, key].join(".").trim_start_matches('.'), out));
    } else if of_it.is_some() {
        out.push(format!("{table}.*"));
    }
}

#[test]
fn every_key_of_the_settings_has_a_reader() {
    let dir = tempfile::tempdir().expect("a folder");
    let files = [
        ("harbour.yaml", DOCUMENT),
        ("changes.md", "# One\n"),
        ("others.md", "# Two\n"),
        ("one.toml", "source = 'a'\ndate = '2026-01-01'\nversion = '7'\nhash = ''\n"),
        ("two.toml", "source = 'a'\ndate = '2026-01-02'\nversion = '7'\nhash = ''\n"),
    ];
    files.iter().for_each(|(name, text)| fs::write(dir.path().join(name), text).expect("write"));
    let mut unread = Vec::new();
    for text in SETTINGS {
        let before = configured(dir.path(), text);
        unread.extend(
            others(text).into_iter().filter(|(_, other)| configured(dir.path(), other) == before).map(|(key, _)| key),
        );
    }
    let shown: Vec<String> = SETTINGS.iter().flat_map(|text| others(text)).map(|(key, _)| key).collect();
    let mut keys = Vec::new();
    keys_below("", &mut keys);
    assert!(keys.len() > 80, "{keys:?}");
    for key in keys {
        let (head, _) = key.split_once('*').unwrap_or((&key, ""));
        let (_, tail) = key.rsplit_once('*').unwrap_or(("", &key));
        assert!(
            shown.iter().any(|k| k.starts_with(head) && k.ends_with(tail)),
            "`{key}` has no line in the settings here"
        );
    }
    let known: Vec<&str> = UNREAD_SETTINGS.iter().map(|(field, _)| *field).collect();
    assert_eq!(unread, known, "left: what nothing reads; right: what is known to wait for a reader");
}
