//! The files of a document: path and text of each, and which line and column a span means.

use super::{FileId, Span};
use std::sync::{Arc, OnceLock};

/// The files read so far. A clone shares them and costs a counter.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    files: Arc<Vec<Source>>,
}

/// One file.
#[derive(Debug, Clone)]
struct Source {
    path: Arc<str>,
    text: Arc<str>,
    /// Offset of each line's first byte; made when the first place is asked for.
    lines: Arc<OnceLock<Vec<u32>>>,
}

/// A place as people count it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// From 1.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
}

impl Sources {
    /// No file yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes a file in; `path` is what messages show.
    pub fn add(&mut self, path: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> FileId {
        let files = Arc::make_mut(&mut self.files);
        let id = FileId(u32::try_from(files.len()).unwrap_or(u32::MAX));
        files.push(Source { path: path.into(), text: text.into(), lines: Arc::default() });
        id
    }

    /// How many files there are.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there is no file.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// The files' paths, in the order they were read.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(|f| &*f.path)
    }

    /// The path as messages show it.
    pub fn path(&self, file: FileId) -> Option<&str> {
        self.source(file).map(|f| &*f.path)
    }

    /// The whole text.
    pub fn text(&self, file: FileId) -> Option<&str> {
        self.source(file).map(|f| &*f.text)
    }

    /// The text of a span, where the span lies within its file.
    pub fn slice(&self, span: Span) -> Option<&str> {
        self.text(span.file)?.get(span.start as usize..span.end as usize)
    }

    /// Line and column of a span's start.
    pub fn position(&self, span: Span) -> Option<Position> {
        self.source(span.file).map(|f| f.position(span.start))
    }

    /// The text of line `line` (from 1), without its line break.
    pub fn line(&self, file: FileId, line: usize) -> Option<&str> {
        let source = self.source(file)?;
        let lines = source.lines();
        let start = *lines.get(line.checked_sub(1)?)? as usize;
        let end = lines.get(line).map_or(source.text.len(), |&next| next as usize);
        Some(source.text.get(start..end)?.trim_end_matches(['\n', '\r']))
    }

    fn source(&self, file: FileId) -> Option<&Source> {
        self.files.get(file.0 as usize)
    }
}

impl Source {
    fn lines(&self) -> &[u32] {
        self.lines.get_or_init(|| {
            let mut lines = vec![0];
            lines.extend(self.text.match_indices('\n').map(|(i, _)| i as u32 + 1));
            lines
        })
    }

    fn position(&self, offset: u32) -> Position {
        let lines = self.lines();
        let line = lines.partition_point(|&start| start <= offset).max(1);
        let start = lines.get(line - 1).copied().unwrap_or_default() as usize;
        let mut end = (offset as usize).min(self.text.len());
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        let before = self.text.get(start..end).unwrap_or_default();
        // A byte order mark takes no column.
        Position { line, column: before.chars().filter(|&c| c != '\u{feff}').count() + 1 }
    }
}
