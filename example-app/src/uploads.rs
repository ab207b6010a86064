//! The contents of attachments, on disk: written as they come, removed unless they are kept.
//!
//! Knows files, no task and no HTTP.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use photon_runtime::Part;

use crate::secret;

/// The folder of all contents.
#[derive(Debug)]
pub(crate) struct Uploads {
    folder: PathBuf,
}

/// A content that was just written; it is removed again unless somebody keeps it.
#[derive(Debug)]
pub(crate) struct Content {
    path: PathBuf,
    name: String,
    bytes: u64,
    is_kept: bool,
}

impl Uploads {
    /// In this folder, which is made where there is none.
    pub(crate) fn open(folder: PathBuf) -> io::Result<Self> {
        fs::create_dir_all(&folder)?;
        Ok(Self { folder })
    }

    /// Writes a file as it comes. Its own name is the client's to choose, and so never a path of ours.
    pub(crate) fn save(&self, part: &mut Part<'_>) -> io::Result<Content> {
        let name = secret::random();
        let path = self.path(&name);
        let mut content = Content { path, name, bytes: 0, is_kept: false };
        content.bytes = part.save(&content.path)?;
        Ok(content)
    }

    /// Where the content of this name is.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Removes contents that nobody refers to any more. Who reads one just now reads it to its end.
    pub(crate) fn remove(&self, names: &[String]) {
        for name in names {
            remove(&self.path(name));
        }
    }
}

impl Content {
    /// What it is called from now on.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Leaves it in the folder.
    pub(crate) fn keep(mut self) {
        self.is_kept = true;
    }
}

impl Drop for Content {
    fn drop(&mut self) {
        if !self.is_kept {
            remove(&self.path);
        }
    }
}

fn remove(path: &Path) {
    // One that is gone already is what we want; any other is a file too many, and no harm.
    let _ = fs::remove_file(path);
}
