//! The files of a folder, as they are.
//!
//! A path is split first and decoded then, piece by piece; what a piece could mean beyond a plain name is refused. The
//! file that it leads to, all links followed, must still lie in the folder. Who may write there is trusted.

use std::borrow::Cow;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::route::{Call, Outcome, Run, finish};
use crate::blocking::blocking;
use crate::context::Context;
use crate::contract::{BodyWriter, Lease, Response, SendFile, Sink as _, Stage};
use crate::escape;
use crate::rejection::{Rejection, RejectionKind};

/// A folder whose files are served; see [`Service::files`](crate::Service::files).
#[derive(Clone, Debug)]
pub struct Folder {
    root: PathBuf,
    index: Cow<'static, str>,
    cache_control: Option<Cow<'static, str>>,
    is_open: bool,
}

impl Folder {
    /// The files of this folder and the folders in it.
    pub fn new(root: impl AsRef<Path>) -> Self {
        let index = Cow::Borrowed("index.html");
        Self { root: root.as_ref().to_owned(), index, cache_control: None, is_open: false }
    }

    /// The file that stands for a folder; empty for none. Defaults to `index.html`.
    #[must_use]
    pub fn index(mut self, name: impl Into<Cow<'static, str>>) -> Self {
        self.index = name.into();
        self
    }

    /// What is said in `Cache-Control`. Defaults to nothing: clients ask again, and are told 304.
    #[must_use]
    pub fn cache_control(mut self, text: impl Into<Cow<'static, str>>) -> Self {
        self.cache_control = Some(text.into());
        self
    }

    /// Serves files and folders whose names begin with a dot as well. Defaults to 404 for them.
    #[must_use]
    pub fn with_hidden(mut self) -> Self {
        self.is_open = true;
        self
    }
}

impl<P: AsRef<Path>> From<P> for Folder {
    fn from(root: P) -> Self {
        Self::new(root)
    }
}

/// Answers with the files of one folder.
#[derive(Clone)]
pub(super) struct Files(Arc<Folder>);

/// What a path leads to.
enum Found {
    File(SendFile),
    /// A folder that is meant, without the slash at its end.
    Folder,
}

impl Files {
    /// Panics if there is no such folder.
    #[allow(clippy::panic, reason = "a server without its files must not start")]
    pub(super) fn new(mut folder: Folder) -> Self {
        let shown = folder.root.display().to_string();
        folder.root =
            folder.root.canonicalize().unwrap_or_else(|error| panic!("no files in `{shown}`: {error}"));
        assert!(folder.root.is_dir(), "`{shown}` is no folder");
        Self(Arc::new(folder))
    }

    /// The paths that lead here. They live as long as the program, as those of documents do.
    #[allow(clippy::unused_self, reason = "which paths lead here is its own business")]
    pub(super) fn templates(&self, path: &str) -> Vec<&'static str> {
        let base = path.trim_matches('/');
        let kept = |text: String| -> &'static str { Box::leak(text.into_boxed_str()) };
        if base.is_empty() {
            return vec!["/", "/{path+}"];
        }
        vec![kept(format!("/{base}")), kept(format!("/{base}/")), kept(format!("/{base}/{{path+}}"))]
    }

    /// Looks for a file on this thread, which is one that may block.
    fn look(&self, relative: &Path, is_folder: bool) -> io::Result<Found> {
        let folder = &*self.0;
        let mut path = self.within(&folder.root.join(relative))?;
        if path.is_dir() {
            let index = if folder.index.is_empty() { None } else { Some(&*folder.index) };
            let index = index.ok_or_else(missing)?;
            path = self.within(&path.join(index))?;
            if !is_folder {
                return Ok(Found::Folder);
            }
        } else if is_folder && !relative.as_os_str().is_empty() {
            return Err(missing());
        }
        SendFile::open_here(&path).map(Found::File)
    }

    /// The place that a path leads to, all links followed, if that is in the folder.
    fn within(&self, path: &Path) -> io::Result<PathBuf> {
        let path = path.canonicalize()?;
        if path.starts_with(&self.0.root) { Ok(path) } else { Err(missing()) }
    }

    fn answer(&self, call: &Call<'_>) -> Result<Outcome, Rejection> {
        let no_file = || Rejection::new(RejectionKind::NotFound, "there is no such file");
        let target = call.cx.head().map_or("", |head| head.target);
        let (path, query) =
            target.split_once('?').map_or((target, None), |(path, query)| (path, Some(query)));
        let captured = call.input.last_capture().unwrap_or_default();
        let relative = self.relative(captured).ok_or_else(no_file)?;
        let found = blocking(|| self.look(&relative, path.ends_with('/')))
            .map_err(|error| Rejection::new(RejectionKind::Unavailable, error.to_string()))?;
        match found {
            Ok(Found::File(file)) => Ok(self.send(call, file)),
            Ok(Found::Folder) => Ok(Outcome::Answer(moved(path, query))),
            Err(error) => {
                if !matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) {
                    tracing::warn!(%error, path = %relative.display(), "a file could not be served");
                }
                Err(no_file())
            }
        }
    }

    /// The path within the folder; none where a piece of it is no plain name.
    fn relative(&self, captured: &str) -> Option<PathBuf> {
        let mut relative = PathBuf::new();
        for piece in captured.trim_end_matches('/').split('/') {
            let name = escape::decode(piece)?;
            let is_hidden = name.starts_with('.') && !self.0.is_open;
            let is_plain = !name.contains(['/', '\\', '\0']) && !matches!(&*name, "." | "..");
            if is_hidden || !is_plain || (name.is_empty() && !captured.is_empty()) {
                return None;
            }
            relative.push(&*name);
        }
        Some(relative)
    }

    fn send(&self, call: &Call<'_>, file: SendFile) -> Outcome {
        say(call.cx, "x-content-type-options", "nosniff");
        if let Some(text) = &self.0.cache_control {
            say(call.cx, "cache-control", text);
        }
        let stage =
            Stage { line: call.line, cx: call.cx, status: 200, answers: &[], event: None, held_to: None };
        let lease = Lease::new(&stage);
        match BodyWriter::open(lease.stream()).send_file(file) {
            Ok(()) => finish(&lease),
            Err(error) => Outcome::Streamed(Some(error)),
        }
    }
}

impl Run for Files {
    #[cfg(feature = "minihttp")]
    fn demand(&self) -> super::route::Demand {
        super::route::Demand::Pieces
    }

    fn run(&self, call: Call<'_>) -> Outcome {
        self.answer(&call).unwrap_or_else(Outcome::Rejected)
    }
}

fn say(cx: &Context<'_>, name: &'static str, value: &str) {
    if let Ok(value) = http::HeaderValue::from_str(value) {
        cx.response_headers().entry(name).or_insert(value);
    }
}

/// Leads to the same folder, with the slash that its pages' links need. Relative, for a proxy may have cut the path.
fn moved(path: &str, query: Option<&str>) -> Response {
    let name = path.rsplit('/').next().unwrap_or_default();
    let mut location = format!("./{name}/");
    if let Some(query) = query {
        location.extend(["?", query]);
    }
    let mut response = Response::new(308, &[]);
    response.header("location", &location);
    response
}

fn missing() -> io::Error {
    io::ErrorKind::NotFound.into()
}
