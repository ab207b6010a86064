//! The contents of attachments, on disk: written as they come, removed with the last who knows them.
//!
//! Knows files, no task and no HTTP.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use photon_runtime::Part;

/// The folder of all contents.
#[derive(Debug)]
pub(crate) struct Uploads {
    folder: PathBuf,
    count: AtomicU64,
}

/// One content. Clones are the same.
#[derive(Clone, Debug)]
pub(crate) struct Content(Arc<Kept>);

#[derive(Debug)]
struct Kept {
    path: PathBuf,
    bytes: u64,
}

impl Uploads {
    /// An empty folder among the temporary ones.
    pub(crate) fn temporary() -> io::Result<Self> {
        static FOLDERS: AtomicU64 = AtomicU64::new(0);
        let number = FOLDERS.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("taskboard-{}-{number}", std::process::id()));
        fs::create_dir_all(&folder)?;
        Ok(Self { folder, count: AtomicU64::new(0) })
    }

    /// Writes a file as it comes. Its own name is the client's to choose, and so never a path of ours.
    pub(crate) fn save(&self, part: &mut Part<'_>) -> io::Result<Content> {
        let path = self.folder.join(self.count.fetch_add(1, Ordering::Relaxed).to_string());
        let bytes = part.save(&path)?;
        Ok(Content(Arc::new(Kept { path, bytes })))
    }
}

impl Drop for Uploads {
    fn drop(&mut self) {
        // Contents that somebody still reads keep it; the system tidies up in the end.
        let _ = fs::remove_dir(&self.folder);
    }
}

impl Content {
    pub(crate) fn path(&self) -> &Path {
        &self.0.path
    }

    pub(crate) fn bytes(&self) -> u64 {
        self.0.bytes
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}
