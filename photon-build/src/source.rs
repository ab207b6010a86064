//! Source files and places in them.
//!
//! Knows bytes, lines and columns. Must not know what the text means.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

/// A place in a source file: some bytes of one file. Lines and columns are computed when a place is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// Which file.
    pub file: FileId,
    /// The first byte.
    pub start: u32,
    /// How many bytes.
    pub len: u32,
}

impl Span {
    /// A place of `len` bytes.
    pub fn new(file: FileId, start: u32, len: u32) -> Self {
        Self { file, start, len }
    }
}

/// Names a file of [`Sources`]. The root document is file 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct FileId(pub u32);

/// Every file that was read, in the order of reading.
#[derive(Debug, Default)]
pub struct Sources {
    files: Vec<Source>,
}

impl Sources {
    /// Adds a file, and says how it is called from now on.
    pub fn add(&mut self, path: PathBuf, text: Arc<str>) -> FileId {
        self.push(Source { path, text, breaks: OnceLock::new(), is_built_in: false })
    }

    /// Adds a text that is part of Photon, shown by its URI.
    pub(crate) fn add_built_in(&mut self, uri: &str, text: Arc<str>) -> FileId {
        self.push(Source { path: uri.into(), text, breaks: OnceLock::new(), is_built_in: true })
    }

    fn push(&mut self, source: Source) -> FileId {
        let id = u32::try_from(self.files.len()).unwrap_or(u32::MAX);
        self.files.push(source);
        FileId(id)
    }

    /// The file `id`, unless it is not of this run.
    pub fn get(&self, id: FileId) -> Option<&Source> {
        self.files.get(id.0 as usize)
    }

    /// All files.
    pub fn iter(&self) -> impl Iterator<Item = &Source> {
        self.files.iter()
    }
}

/// One file that was read.
#[derive(Debug)]
pub struct Source {
    path: PathBuf,
    text: Arc<str>,
    /// Where lines end; found when the first place is shown.
    breaks: OnceLock<Vec<u32>>,
    is_built_in: bool,
}

/// A line and column, both counted from 1; columns count characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

impl Source {
    /// Whether it is part of Photon, and no file at all.
    pub(crate) fn is_built_in(&self) -> bool {
        self.is_built_in
    }

    /// Where the file lies, as the user named it.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Line and column of a byte.
    pub fn position(&self, byte: u32) -> Position {
        let end = floor_boundary(&self.text, byte as usize);
        let lines = self.breaks().partition_point(|at| (*at as usize) < end);
        let start = self.line_start(lines);
        Position { line: lines + 1, column: self.text[start..end].chars().count() + 1 }
    }

    /// The line that holds a byte, without its line break.
    pub fn line(&self, byte: u32) -> &str {
        let lines = self.breaks().partition_point(|at| *at < byte);
        let end = self.breaks().get(lines).map_or(self.text.len(), |at| *at as usize);
        let line = &self.text[self.line_start(lines)..end];
        line.strip_suffix('\r').unwrap_or(line)
    }

    /// The first byte of a line, counted from 0.
    fn line_start(&self, line: usize) -> usize {
        line.checked_sub(1).and_then(|before| self.breaks().get(before)).map_or(0, |at| *at as usize + 1)
    }

    fn breaks(&self) -> &[u32] {
        self.breaks.get_or_init(|| {
            let breaks = self.text.bytes().zip(0..).filter(|(byte, _)| *byte == b'\n');
            breaks.map(|(_, at)| at).collect()
        })
    }
}

fn floor_boundary(text: &str, byte: usize) -> usize {
    let mut at = byte.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
