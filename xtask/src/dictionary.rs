//! `dictionary`: the responses as tables.

use crate::cli::{Dictionary, DictionaryFormat, InputArgs};
use crate::{Outcome, inputs, print};
use generator::base::Sources;
use generator::base::diagnostic::Diagnostics;
use generator::dictionary::print::{Language, csv, html, markdown};
use generator::dictionary::texts::{Coverage, Texts, stale};
use generator::dictionary::{self as made, dictionary};
use generator::emit::{FileSet, stage_file};
use generator::{Inputs, Understood};
use std::path::{Path, PathBuf};

pub(crate) fn run(args: &Dictionary) -> Outcome {
    // Before anything is read: the same command does all of it again.
    if args.format == DictionaryFormat::Xlsx && !args.template && !cfg!(feature = "xlsx") {
        return crate::rerun::with("xlsx");
    }
    match written(args) {
        Ok(outcome) => outcome,
        Err(message) => {
            print::error(&message);
            Outcome::Refused
        }
    }
}

fn written(args: &Dictionary) -> Result<Outcome, String> {
    let named = InputArgs {
        spec: args.spec.clone(),
        config: args.config.clone(),
        overlay: args.overlay.clone(),
        ..InputArgs::default()
    };
    let resolved = inputs::resolve_without_output(&named)?;
    let understood = generator::understand(&resolved.inputs);
    if understood.diagnostics.has_errors() {
        print::all(&understood.diagnostics, &understood.sources);
        resolved.hint();
        return Ok(Outcome::Refused);
    }
    let Understood { api, facts, names, .. } = &understood;
    if let Some(unknown) = args.tag.iter().find(|name| !api.tags.iter().any(|tag| tag.wire == **name)) {
        let tags: Vec<&str> = api.tags.iter().map(|tag| tag.wire.as_str()).collect();
        return Err(format!("the document has no tag `{unknown}`; it has {}", tags.join(", ")));
    }
    let english = dictionary(api, facts, names, None, &args.tag);
    let texts = texts(args, &resolved.inputs.spec)?;
    if args.template {
        print::out(&texts.template(&english));
        return Ok(Outcome::Done);
    }
    let in_language = match args.lang.as_str() {
        "en" => english,
        _ => {
            tell(args, &texts, &english);
            dictionary(api, facts, names, Some(&texts), &args.tag)
        }
    };
    let files = files(args, &in_language, Language { code: &args.lang, texts: &texts })?;
    write(&args.out, &files)?;
    let rows: usize = in_language.resources.iter().flat_map(|r| &r.tables).map(|table| table.rows.len()).sum();
    print::line(&format!(
        "{} resources, {rows} members: {} in `{}`",
        in_language.resources.len(),
        counted(files.len(), "file"),
        args.out.display()
    ));
    Ok(Outcome::Done)
}

/// Says how much is translated, and what is stale.
fn tell(args: &Dictionary, texts: &Texts, english: &made::Dictionary) {
    let coverage = texts.coverage(english);
    let stale = match coverage.stale.len() {
        0 => String::new(),
        n => format!(", {n} of them from an earlier text (`cargo xtask check` names them)"),
    };
    let Coverage { translated, texts, .. } = coverage;
    print::line(&format!("{translated} of {texts} texts are translated into `{}`{stale}", args.lang));
}

/// Names the translations next to the document whose text has changed.
pub(crate) fn check(inputs: &Inputs) {
    let dir = inputs.spec.parent().unwrap_or(Path::new("")).join("i18n");
    let Ok(entries) = std::fs::read_dir(&dir) else { return };
    let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    files.sort();
    if files.is_empty() {
        return;
    }
    let Understood { api, facts, names, .. } = generator::understand(inputs);
    let english = dictionary(&api, &facts, &names, None, &[]);
    let (mut sources, mut diagnostics) = (Sources::new(), Diagnostics::new());
    for path in files {
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        match Texts::read(&text) {
            Ok(texts) => {
                let file = sources.add(path.display().to_string(), text.as_str());
                stale(&texts, &english, file, &text).into_iter().for_each(|d| diagnostics.push(d));
            }
            Err(error) => print::error(&format!("{}: {error}", path.display())),
        }
    }
    print::all(&diagnostics, &sources);
}

fn counted(n: usize, what: &str) -> String {
    if n == 1 { format!("1 {what}") } else { format!("{n} {what}s") }
}

/// The language's words and texts; for English there is no file.
fn texts(args: &Dictionary, spec: &Path) -> Result<Texts, String> {
    if args.lang == "en" {
        return Ok(Texts::default());
    }
    if args.lang.is_empty() || !args.lang.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') {
        return Err(format!("`{}` is no language: it is a code such as `es` or `pt-BR`", args.lang));
    }
    let next_to_it = || spec.parent().unwrap_or(Path::new("")).join("i18n");
    let path: PathBuf = args.i18n.clone().unwrap_or_else(next_to_it).join(format!("{}.toml", args.lang));
    match std::fs::read_to_string(&path) {
        Ok(text) => Texts::read(&text).map_err(|e| format!("{}: {e}", path.display())),
        // A new language begins without a file.
        Err(_) if args.template => Ok(Texts { name: args.lang.clone(), ..Texts::default() }),
        Err(error) => Err(format!(
            "cannot read `{}`: {error}; `cargo xtask dictionary --lang {} --template` prints one to begin with",
            path.display(),
            args.lang
        )),
    }
}

fn files(args: &Dictionary, dictionary: &made::Dictionary, language: Language<'_>) -> Result<FileSet, String> {
    match args.format {
        DictionaryFormat::Csv => csv(dictionary, language, args.bom),
        DictionaryFormat::Md => Ok(markdown(dictionary, language)),
        DictionaryFormat::Html => html(dictionary, language),
        #[cfg(feature = "xlsx")]
        DictionaryFormat::Xlsx => generator::dictionary::spreadsheet::xlsx(dictionary, language),
        #[cfg(not(feature = "xlsx"))]
        DictionaryFormat::Xlsx => Err("this program was built without the feature `xlsx`".to_owned()),
    }
}

/// All files or none: what could fail has happened before the first takes its place.
fn write(dir: &Path, files: &FileSet) -> Result<(), String> {
    let staged: Result<Vec<_>, _> = files.iter().map(|(path, content)| stage_file(&dir.join(path), content)).collect();
    for file in staged.map_err(|d| d.message.clone())? {
        file.commit().map_err(|d| d.message.clone())?;
    }
    Ok(())
}
