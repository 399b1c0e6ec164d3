//! `dictionary`: the responses as tables.

use crate::cli::{Dictionary, DictionaryFormat, InputArgs};
use crate::{Outcome, inputs, print};
use generator::base::Sources;
use generator::base::diagnostic::Diagnostics;
use generator::base::file::read_text;
use generator::dictionary::print::{Language, csv, html, markdown};
use generator::dictionary::texts::{Coverage, Texts, stale};
use generator::dictionary::{self as made, dictionary};
use generator::emit::{FileSet, stage_file};
use generator::{Inputs, Understood};
use std::path::{Path, PathBuf};

pub(crate) fn run(args: &Dictionary) -> Outcome {
    // Before anything is read: the same command does all of it again.
    if args.format == DictionaryFormat::Xlsx && !args.template && !cfg!(feature = "xlsx") {
        return crate::rerun::with("xlsx", "choose another `--format`");
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
        1 => "; 1 translation is of an earlier text (`cargo xtask check` names it)".to_owned(),
        n => format!("; {n} translations are of earlier texts (`cargo xtask check` names them)"),
    };
    let Coverage { translated, texts, .. } = coverage;
    print::line(&format!("{translated} of {texts} texts are translated into `{}`{stale}", args.lang));
}

/// Names the translations next to the document whose text has changed.
///
/// # Errors
///
/// What is wrong with a language's file.
pub(crate) fn check(inputs: &Inputs) -> Result<(), String> {
    let files = languages(&folder(&inputs.spec));
    if files.is_empty() {
        return Ok(());
    }
    // All of the document, whatever part of it is generated: a translation of the rest is not out of place.
    let Understood { api, facts, names, .. } = generator::understand(&Inputs { only: Vec::new(), ..inputs.clone() });
    let english = dictionary(&api, &facts, &names, None, &[]);
    let (mut sources, mut diagnostics) = (Sources::new(), Diagnostics::new());
    for path in files {
        let (text, texts) = read(&path)?;
        let file = sources.add(path.display().to_string(), text);
        stale(&texts, &english, file).into_iter().for_each(|d| diagnostics.push(d));
    }
    print::all(&diagnostics, &sources);
    Ok(())
}

/// Where languages are when nobody says where.
fn folder(spec: &Path) -> PathBuf {
    spec.parent().unwrap_or(Path::new("")).join("i18n")
}

/// The files of the languages in a folder; none where there is no folder.
fn languages(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    files.sort();
    files
}

/// A language's file: its text, and what is in it.
fn read(path: &Path) -> Result<(String, Texts), String> {
    let shown = path.display();
    let text = read_text(path).map_err(|why| format!("cannot read `{shown}`: {why}"))?;
    let texts = Texts::read(&text).map_err(|error| format!("`{shown}`: {error}"))?;
    Ok((text, texts))
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
    let folder = args.i18n.clone().unwrap_or_else(|| folder(spec));
    let path = folder.join(format!("{}.toml", args.lang));
    if path.exists() {
        return read(&path).map(|(_, texts)| texts);
    }
    if args.template {
        // A new language begins without a file.
        return Ok(Texts::new(&args.lang));
    }
    let files = languages(&folder);
    let known =
        ["en".into()].into_iter().chain(files.iter().filter_map(|path| path.file_stem()?.to_str().map(str::to_owned)));
    Err(format!(
        "there is no language `{}`: it would be `{}`; there are {}. `cargo xtask dictionary --lang {} --template` prints a file to \
         begin with",
        args.lang,
        path.display(),
        known.collect::<Vec<_>>().join(", "),
        args.lang
    ))
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
