//! `dictionary`: what it writes and where, and what it says when it cannot.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

const DOCUMENT: &str = "\
openapi: 3.0.3
info: {title: Shop, version: '1'}
tags:
  - {name: Orders, description: What was bought.}
paths:
  /orders/:
    get:
      operationId: ListOrders
      tags: [Orders]
      responses:
        '200': {description: x, content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}}
  /stock/:
    get:
      operationId: GetStock
      tags: [Stock]
      responses:
        '200': {description: x, content: {application/json: {schema: {type: object, properties: {left: {type: integer}}}}}}
components:
  schemas:
    Order:
      type: object
      required: [id]
      properties:
        id: {type: string, format: uuid, description: Names the order., example: 5b8e3f07-c1d2-49a6-8f74-a0d9e6b3c521}
";

const SPANISH: &str = "\
name = \"Español\"

[labels]
\"path\" = \"ruta\"

[texts.\"/components/schemas/Order/properties/id\"]
of = \"HASH\"
text = \"Identifica el pedido.\"
";

/// A folder with a document, away from the repository, and what the program says there.
struct Shop(TempDir);

impl Shop {
    fn new(document: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("shop.yaml"), document).expect("write");
        Self(folder)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
    }

    /// Spanish, of the text with this hash.
    fn speaks_spanish(&self, hash: &str) {
        fs::create_dir_all(self.path("i18n")).expect("mkdir");
        fs::write(self.path("i18n/es.toml"), SPANISH.replace("HASH", hash)).expect("write");
    }

    fn xtask(&self, args: &[&str]) -> (i32, String, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        command.args(args).args(["--spec", "shop.yaml"]).current_dir(self.0.path()).env_remove("CARGO_MANIFEST_DIR");
        let Output { status, stdout, stderr } = command.output().expect("xtask runs");
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        (status.code().expect("no signal"), text(stdout), text(stderr))
    }

    fn dictionary(&self, args: &[&str]) -> (i32, String) {
        let (code, stdout, stderr) = self.xtask(&[&["dictionary"], args].concat());
        (code, stdout + &stderr)
    }
}

/// All files below a folder, but those that are looked for elsewhere.
fn files(folder: &Path) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let name = entry.file_name().into_string().expect("UTF-8");
        match entry.path().is_dir() {
            true => out.extend(files(&entry.path()).iter().map(|below| format!("{name}/{below}"))),
            false => drop(out.insert(name)),
        }
    }
    out
}

fn names(of: &[&str]) -> BTreeSet<String> {
    of.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn a_file_a_tag_or_one_for_all() {
    let shop = Shop::new(DOCUMENT);
    let (code, said) = shop.dictionary(&["--format", "csv", "--out", "new/csv"]);
    assert_eq!((code, said.as_str()), (0, "2 resources, 2 members: 2 files in `new/csv`\n"));
    assert_eq!(files(&shop.path("new/csv")), names(&["orders.csv", "stock.csv"]));
    assert_eq!(
        shop.read("new/csv/orders.csv"),
        "table,path,type,format,required,may be null,deprecated,allowed values,description,example\r\n\
         Order,id,string,uuid,yes,no,,,Names the order.,5b8e3f07-c1d2-49a6-8f74-a0d9e6b3c521\r\n"
    );
    assert_eq!(shop.dictionary(&["--format", "md", "--out", "md", "--tag", "Stock"]).0, 0);
    assert_eq!(files(&shop.path("md")), names(&["stock.md"]));
    // HTML unless something else is asked for, in a folder of its own.
    assert_eq!(shop.dictionary(&[]).0, 0);
    assert_eq!(files(&shop.path("dictionary")), names(&["dictionary.html"]));
    assert!(shop.read("dictionary/dictionary.html").contains("<td>id</td>"));
}

#[test]
fn a_language_is_one_file() {
    let shop = Shop::new(DOCUMENT);
    let (code, template, _) = shop.xtask(&["dictionary", "--lang", "es", "--template"]);
    assert_eq!(code, 0);
    let (_, after) = template.split_once("/components/schemas/Order/properties/id").expect("the text");
    let hash = after.split('"').find(|part| part.len() == 16).expect("its hash");
    shop.speaks_spanish(hash);
    let (code, said) = shop.dictionary(&["--format", "csv", "--lang", "es", "--out", "es", "--bom"]);
    assert_eq!(code, 0);
    assert!(said.starts_with("1 of 2 texts are translated into `es`\n"), "{said}");
    let orders = shop.read("es/orders.es.csv");
    assert!(orders.starts_with("\u{feff}table,ruta,") && orders.contains("Identifica el pedido."), "{orders}");
    // What nobody has translated is there in English, and says so.
    assert_eq!(shop.dictionary(&["--format", "md", "--lang", "es", "--out", "es"]).0, 0);
    assert!(shop.read("es/orders.es.md").contains("What was bought. \\[not translated\\]"));
    // From elsewhere.
    fs::rename(shop.path("i18n"), shop.path("languages")).expect("rename");
    assert_eq!(shop.dictionary(&["--lang", "es", "--i18n", "languages", "--out", "es"]).0, 0);
}

#[test]
fn what_is_not_there_is_named() {
    let shop = Shop::new(DOCUMENT);
    shop.speaks_spanish("0123456789abcdef");
    for (args, wanted) in [
        (&["--tag", "orders"][..], "error: the document has no tag `orders`; it has Orders, Stock\n"),
        (&["--lang", "fr"], "there is no language `fr`: it would be `i18n/fr.toml`; there are en, es."),
        (&["--lang", "../i18n/es"], "`../i18n/es` is no language: it is a code such as `es` or `pt-BR`"),
        (&["--lang", ""], "`` is no language"),
        (&["--format", "pdf"], "invalid value 'pdf'"),
        (&["--out", "shop.yaml"], "shop.yaml"),
        // The program as it is installed has no such feature; in the repository it builds itself anew.
        (&["--format", "xlsx"], "without `--features xlsx`: choose another `--format`"),
    ] {
        if args.contains(&"xlsx") && cfg!(feature = "xlsx") {
            continue;
        }
        let (code, said) = shop.dictionary(args);
        assert_eq!(code, 2, "{args:?}: {said}");
        assert!(said.replace('\\', "/").contains(wanted), "{args:?}: {said}");
    }
    fs::write(shop.path("shop.yaml"), "openapi: [\n").expect("write");
    assert_eq!(shop.dictionary(&[]).0, 2);
    assert_eq!(files(shop.0.path()), names(&["i18n/es.toml", "shop.yaml"]), "nothing was written");
}

#[test]
fn check_names_translations_of_earlier_texts() {
    let shop = Shop::new(DOCUMENT);
    let out = ["--out", "crate"];
    assert_eq!(shop.xtask(&[&["generate"], &out[..]].concat()).0, 0);
    // Nothing is wanted of a repository without languages.
    let (code, _, said) = shop.xtask(&[&["check"], &out[..]].concat());
    assert_eq!((code, said.as_str()), (0, ""));
    shop.speaks_spanish("0123456789abcdef");
    for format in ["human", "json"] {
        let (code, _, said) = shop.xtask(&[&["check", "--format", format], &out[..]].concat());
        assert_eq!(code, 0, "{said}");
        let wanted =
            "warning[W0910]: the translation of `#/components/schemas/Order/properties/id` is of an earlier text";
        assert!(said.contains(wanted), "{said}");
        assert!(said.replace('\\', "/").contains("i18n/es.toml:7:6"), "{said}");
    }
    // Part of a document has all of its translations.
    let (_, _, said) = shop.xtask(&["check", "--only", "Stock", "--out", "crate"]);
    assert!(!said.contains("no text at"), "{said}");
    let (code, said) = shop.dictionary(&["--lang", "es"]);
    assert!(
        code == 0 && said.contains("0 of 2 texts are translated into `es`; 1 translation is of an earlier text"),
        "{said}"
    );
    fs::write(shop.path("i18n/es.toml"), "name = \n").expect("write");
    let (code, _, said) = shop.xtask(&[&["check"], &out[..]].concat());
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("es.toml") && said.contains("line 1, column 8"), "{said}");
}

#[test]
fn no_tag_leads_out_of_the_folder() {
    let hostile = include_str!("../../generator/tests/dictionary/hostile.json");
    let shop = Shop::new(hostile);
    for format in ["csv", "md", "html"] {
        let (code, said) = shop.dictionary(&["--format", format, "--out", "deep/in/here"]);
        assert_eq!(code, 0, "{said}");
    }
    let all = files(shop.0.path());
    // All tags and the errors, twice; and the page.
    assert_eq!(all.len(), 2 * 22 + 1 + 1, "{all:#?}");
    let inside = |path: &&String| path.strip_prefix("deep/in/here/").is_some_and(|name| !name.contains('/'));
    assert_eq!(all.iter().filter(inside).count(), all.len() - 1, "{all:#?}");
}

#[cfg(unix)]
#[test]
fn a_language_that_is_no_file_is_not_waited_for() {
    let shop = Shop::new(DOCUMENT);
    fs::create_dir(shop.path("i18n")).expect("mkdir");
    assert!(Command::new("mkfifo").arg(shop.path("i18n/es.toml")).status().expect("mkfifo").success());
    let (code, said) = shop.dictionary(&["--lang", "es"]);
    assert_eq!(code, 2);
    assert!(said.contains("cannot read `i18n/es.toml`: it is a pipe, not a file"), "{said}");
}
