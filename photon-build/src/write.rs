//! The only writes of a run: a file if it changed, and what cargo is told.

use std::path::Path;

use crate::error::{Error, Result};
use crate::source::Sources;

/// Writes `text` unless the file holds it already, so that what depends on it stays fresh. True if it was written.
pub(crate) fn write_if_changed(path: &Path, text: &str) -> Result<bool> {
    if std::fs::read(path).is_ok_and(|existing| existing == text.as_bytes()) {
        return Ok(false);
    }
    let failed =
        |error: std::io::Error| Error::new(format!("`{}` cannot be written: {error}", path.display()));
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    std::fs::write(path, text).map_err(failed)?;
    Ok(true)
}

/// Tells cargo to run the build script again when a file that was read changes.
#[allow(clippy::print_stdout, reason = "cargo reads a build script's standard output")]
pub(crate) fn rerun_if_changed(sources: &Sources) {
    for source in sources.iter().filter(|source| !source.is_built_in()) {
        println!("cargo::rerun-if-changed={}", source.path().display());
    }
}

/// Shows a text as warnings of the build, line by line.
#[allow(clippy::print_stdout, reason = "cargo reads a build script's standard output")]
pub(crate) fn warn(text: &str) {
    for line in text.lines() {
        println!("cargo::warning={line}");
    }
}
