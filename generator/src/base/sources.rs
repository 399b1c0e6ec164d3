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
    /// How many characters start before each block of [`BLOCK`] bytes; made when the first place is asked for.
    characters: Arc<OnceLock<Vec<u32>>>,
}

/// A document of one line has its thousandth place megabytes in: columns are counted from the nearest mark.
const BLOCK: usize = 4096;

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
        files.push(Source { path: path.into(), text: text.into(), lines: Arc::default(), characters: Arc::default() });
        id
    }

    /// Shows a file under another path from now on: that of the place a draft is for.
    pub fn rename(&mut self, from: &str, to: &str) {
        for file in Arc::make_mut(&mut self.files).iter_mut().filter(|file| &*file.path == from) {
            file.path = to.into();
        }
    }

    /// How many files there are.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// The bytes of all texts.
    pub(crate) fn bytes(&self) -> u64 {
        self.files.iter().map(|f| f.text.len() as u64).sum()
    }

    /// Whether there is no file.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// The files' paths, in the order they were read.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(|f| &*f.path)
    }

    /// Path and text of each, in the order they were read.
    pub fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().map(|f| (&*f.path, &*f.text))
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
        // Lines are short, mostly; only in long ones the marks pay.
        let before = match (offset as usize).saturating_sub(start) {
            near if near < BLOCK => characters(self.text.as_bytes(), start, offset as usize),
            _ => self.characters_before(offset as usize).saturating_sub(self.characters_before(start)),
        };
        let column = before + 1;
        Position { line, column }
    }

    /// How many characters start before `offset`.
    fn characters_before(&self, offset: usize) -> usize {
        let text = self.text.as_bytes();
        let marks = self.characters.get_or_init(|| {
            let mut sum = 0;
            let blocks = (0..text.len()).step_by(BLOCK).map(|from| {
                let before = sum;
                sum += characters(text, from, from + BLOCK);
                u32::try_from(before).unwrap_or(u32::MAX)
            });
            blocks.collect()
        });
        let mark = (offset / BLOCK).min(marks.len().saturating_sub(1));
        let before = marks.get(mark).copied().unwrap_or_default() as usize;
        before + characters(text, mark * BLOCK, offset)
    }
}

/// How many characters start between two offsets. A byte order mark takes no column.
fn characters(text: &[u8], from: usize, to: usize) -> usize {
    let part = text.get(from..to.min(text.len())).unwrap_or_default();
    let starts = part.iter().filter(|b| (**b & 0xc0) != 0x80).count();
    let marks = part.iter().enumerate().filter(|(_, b)| **b == 0xef);
    starts - marks.filter(|(i, _)| text.get(from + i..from + i + 3) == Some(&[0xef, 0xbb, 0xbf])).count()
}
