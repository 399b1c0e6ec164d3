//! From the text of a reference to the node it means: which file, which pointer, and whether we may go there.
//!
//! Only files below the entry document's folder are read: a document is input from somebody else, and must not make the
//! generator read what lies elsewhere on the machine or ask the network.

use super::super::{FileId, Node, Sources, text};
use crate::base::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::base::{Pointer, percent_decoded};
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// A node of one of the files. The pointer leads through no reference.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Target {
    /// Index into [`Files`]; 0 is the entry document.
    pub(super) file: usize,
    pub(super) pointer: Pointer,
}

/// The files of one document.
pub(super) struct Files {
    folder: Option<Folder>,
    list: Vec<File>,
    by_path: HashMap<PathBuf, Result<usize, Box<Diagnostic>>>,
    by_id: HashMap<FileId, usize>,
}

struct Folder {
    given: PathBuf,
    real: PathBuf,
}

struct File {
    /// Below the folder.
    path: PathBuf,
    /// `None` for the entry document: its tree is the one that changes.
    root: Option<Node>,
}

/// References that lead to references are followed this many times.
const HOPS: usize = 64;

impl Files {
    /// The entry document alone. Without a path it can refer to nothing.
    pub(super) fn new(entry: Option<&Path>, id: FileId) -> Self {
        let folder = entry.and_then(|path| {
            let given = path.parent().map(Path::to_owned).unwrap_or_default();
            let asked = if given.as_os_str().is_empty() { Path::new(".") } else { &given };
            Some(Folder { real: asked.canonicalize().ok()?, given })
        });
        let path = entry.and_then(Path::file_name).map(PathBuf::from).unwrap_or_default();
        Self {
            folder,
            by_path: HashMap::from([(path.clone(), Ok(0))]),
            by_id: HashMap::from([(id, 0)]),
            list: vec![File { path, root: None }],
        }
    }

    /// The index of the file a span lies in.
    pub(super) fn index(&self, id: FileId) -> Option<usize> {
        self.by_id.get(&id).copied()
    }

    /// The file's path below the folder.
    pub(super) fn path(&self, index: usize) -> &Path {
        self.list.get(index).map_or(Path::new(""), |f| &f.path)
    }

    /// The node; `None` for the entry document and for what is not there.
    pub(super) fn node(&self, target: &Target) -> Option<&Node> {
        let root = self.list.get(target.file)?.root.as_ref()?;
        let segments: Vec<String> = target.pointer.segments().collect();
        root.at(segments.iter().map(String::as_str))
    }

    /// What `reference`, standing in file `base`, means in the end.
    ///
    /// # Errors
    /// A warning without a place: why it cannot be followed.
    pub(super) fn find(
        &mut self,
        base: usize,
        reference: &str,
        sources: &mut Sources,
        diagnostics: &mut Diagnostics,
    ) -> Result<Target, Box<Diagnostic>> {
        let mut target = self.resolve(base, reference, sources, diagnostics)?;
        for _ in 0..HOPS {
            match self.step(&target) {
                Step::Arrived => return Ok(target),
                Step::Missing(at) => {
                    let file = text::slashed(self.path(target.file));
                    let message = format!("there is no `{}` in `{file}`: `{at}` is missing", target.pointer);
                    return Err(gap("W0108", message));
                }
                Step::Reference { text, rest } => {
                    match self.resolve(target.file, &text, sources, diagnostics) {
                        Ok(next) => {
                            let pointer = rest.iter().fold(next.pointer, |p, segment| p.join(segment));
                            target = Target { file: next.file, pointer };
                        }
                        // The reference at the end is reported where it stands.
                        Err(_) if rest.is_empty() => return Ok(target),
                        Err(why) => return Err(why),
                    }
                }
            }
        }
        Err(gap("W0110", format!("`{reference}` leads from reference to reference and never arrives")))
    }

    /// Goes down from the root of the file: to the end, or to the first thing that is only a reference.
    fn step(&self, target: &Target) -> Step {
        let Some(root) = self.list.get(target.file).and_then(|f| f.root.as_ref()) else { return Step::Arrived };
        let segments: Vec<String> = target.pointer.segments().collect();
        let mut node = root;
        for (i, segment) in segments.iter().enumerate() {
            if let Some(text) = sole_reference(node) {
                let rest = segments.get(i..).unwrap_or_default().to_vec();
                return Step::Reference { text: text.to_owned(), rest };
            }
            match node.at([segment.as_str()]) {
                Some(child) => node = child,
                None => return Step::Missing(segment.clone()),
            }
        }
        match sole_reference(node) {
            Some(text) => Step::Reference { text: text.to_owned(), rest: Vec::new() },
            None => Step::Arrived,
        }
    }

    /// File and pointer of a reference's text, without looking at what is there.
    fn resolve(
        &mut self,
        base: usize,
        reference: &str,
        sources: &mut Sources,
        diagnostics: &mut Diagnostics,
    ) -> Result<Target, Box<Diagnostic>> {
        let (path, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        if has_scheme(path) || path.starts_with("//") {
            let why = gap("W0106", format!("`{reference}` is an address, and documents are not fetched"));
            return Err(Box::new(why.help("keep the file next to the document and refer to it by a relative path")));
        }
        if path.starts_with(['/', '\\']) {
            let why = gap("W0105", format!("`{reference}` is an absolute path, and only relative ones are followed"));
            return Err(Box::new(why.help("keep the file next to the document and refer to it by a relative path")));
        }
        let fragment = percent_decoded(fragment);
        let pointer = Pointer::parse(&fragment).ok_or_else(|| {
            let why = gap("W0108", format!("`#{fragment}` is not a pointer"));
            Box::new(why.help("a pointer starts with a slash: `#/components/schemas/Pet`"))
        })?;
        if path.is_empty() {
            return Ok(Target { file: base, pointer });
        }
        let decoded = percent_decoded(path);
        let from = self.path(base).parent().unwrap_or(Path::new(""));
        let path = text::lexical(&from.join(&*decoded));
        if path.starts_with("..") {
            return Err(outside(reference));
        }
        let file = match self.by_path.get(&path) {
            Some(known) => known.clone(),
            None => {
                let read = self.read(&path, reference, sources, diagnostics);
                self.by_path.insert(path, read.clone());
                read
            }
        }?;
        Ok(Target { file, pointer })
    }

    fn read(
        &mut self,
        path: &Path,
        reference: &str,
        sources: &mut Sources,
        diagnostics: &mut Diagnostics,
    ) -> Result<usize, Box<Diagnostic>> {
        let Some(folder) = &self.folder else {
            return Err(gap("W0107", format!("`{reference}` is another file, and this document has no folder")));
        };
        let full = folder.given.join(path);
        // Links are followed before the question is asked whether the file lies inside.
        if full.canonicalize().is_ok_and(|real| !real.starts_with(&folder.real)) {
            return Err(outside(reference));
        }
        let first = sources.len();
        let mut found = Diagnostics::new();
        let is_prose = path.extension().is_some_and(|e| e == "md" || e == "markdown" || e == "txt");
        let node = if is_prose {
            let shown = text::shown(&full);
            text::read(&full, &shown, sources, &mut found).map(|content| {
                let file = sources.add(shown, content.as_str());
                let span = crate::base::Span { file, start: 0, end: content.len() as u32 };
                Node::string(span, content)
            })
        } else {
            super::super::read(&full, sources, &mut found)
        };
        let mut why = None;
        for diagnostic in found.iter() {
            if diagnostic.severity == Severity::Error {
                why = Some(diagnostic.clone());
            } else {
                diagnostics.push(diagnostic.clone());
            }
        }
        let Some(root) = node else {
            let shown = text::shown(&full);
            let Some(why) = why else { return Err(gap("W0107", format!("`{shown}` cannot be read"))) };
            return Err(match why.span {
                Some(span) => Box::new(gap("W0107", format!("`{shown}` cannot be read")).second(span, why.message)),
                None => gap("W0107", why.message),
            });
        };
        let index = self.list.len();
        self.by_id.insert(FileId(first as u32), index);
        self.list.push(File { path: path.to_owned(), root: Some(root) });
        Ok(index)
    }
}

enum Step {
    Arrived,
    Missing(String),
    Reference { text: String, rest: Vec<String> },
}

/// The reference, where a node is nothing else.
pub(super) fn sole_reference(node: &Node) -> Option<&str> {
    let object = node.as_object()?;
    if object.len() == 1 { object.get("$ref")?.as_str() } else { None }
}

/// A reference that is left where it is: `lower` reports what it costs.
fn gap(code: &'static str, message: String) -> Box<Diagnostic> {
    Box::new(Diagnostic::warning(code, message))
}

fn outside(reference: &str) -> Box<Diagnostic> {
    let why = gap("W0104", format!("`{reference}` lies outside the document's folder and is not read"));
    Box::new(why.help("move the file below the folder of the document"))
}

/// `https:`, `file:`, `urn:`, `C:`.
fn has_scheme(path: &str) -> bool {
    path.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
    })
}
