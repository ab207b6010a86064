//! A contract with the files that it was written in: read from a document or from a lock.

use std::path::{Component, Path, PathBuf};

use super::changes::ChangePlace;
use super::lock;
use super::normal::normal;
use super::tree::{Place, Tree};
use crate::config::Config;
use crate::error::{Error, Result};
use crate::finding::{Findings, listing};
use crate::load;
use crate::node::Node;
use crate::source::{Sources, Span};

/// A contract and where it was written.
pub(super) struct Contract {
    pub(super) tree: Tree,
    sources: Sources,
    /// The files that a lock names.
    files: Vec<PathBuf>,
}

impl Contract {
    /// Reads the document or the lock at `path`.
    pub(super) fn read(config: &Config, path: &Path) -> Result<Self> {
        let mut findings = Findings::default();
        let files = load::load(config, &mut findings, path);
        findings.harden_refusals();
        findings.sort();
        findings.propagate()?;
        let unfit = |why: String| Error::new(format!("`{}` cannot be compared: {why}", path.display()));
        let root = files.as_ref().and_then(|files| files.at(0)).map(|file| &file.root);
        let (Some(files), Some(root)) = (&files, root) else {
            return Err(unfit("it is empty".to_owned()));
        };
        if root.get(lock::KEY).is_some() {
            let (tree, names) = lock::read(root).map_err(unfit)?;
            let folder = path.parent().unwrap_or(Path::new(""));
            let files = names.iter().map(|name| joined(folder, name)).collect();
            return Ok(Self { tree, sources: findings.sources, files });
        }
        let version = root.get("openapi").and_then(Node::as_text).unwrap_or_default();
        if !version.starts_with("3.") {
            return Err(unfit("it is neither an OpenAPI 3 document nor a lock".to_owned()));
        }
        let tree = normal(files).ok_or_else(|| unfit("it is no mapping".to_owned()))?;
        Ok(Self { tree, sources: findings.sources, files: Vec::new() })
    }

    /// `info.version`
    pub(super) fn version(&self) -> &str {
        self.tree.get("info").and_then(|info| info.text("version")).unwrap_or_default()
    }

    /// The line of a place.
    pub(super) fn place(&self, place: Place) -> ChangePlace {
        match place {
            Place::Span(span) => {
                let source = self.sources.get(span.file);
                ChangePlace {
                    file: source.map(|source| source.path().to_owned()).unwrap_or_default(),
                    line: source.map_or(1, |source| source.position(span.start).line),
                }
            }
            Place::Line { file, line } => ChangePlace {
                file: self.files.get(file as usize).cloned().unwrap_or_default(),
                line: line as usize,
            },
        }
    }

    /// The place with its line as findings show it.
    pub(super) fn listing(&self, place: Place) -> String {
        match place {
            Place::Span(span) => {
                let line = self.place(place).line;
                listing(&self.sources, span, line.to_string().len())
            }
            Place::Line { .. } => {
                let place = self.place(place);
                format!("\n{}--> {place}", " ".repeat(place.line.to_string().len()))
            }
        }
    }

    /// The text of the lock at `path`.
    pub(super) fn lock(&self, document: &Path, path: &Path) -> String {
        let folder = absolute(path.parent().unwrap_or(Path::new("")));
        let files: Vec<String> =
            self.sources.iter().map(|source| relative(&folder, &absolute(source.path()))).collect();
        let name = document.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
        let mut line = |place: Place| match place {
            Place::Span(Span { file, start, .. }) => {
                let position = self.sources.get(file)?.position(start);
                Some((file.0, u32::try_from(position.line).ok()?))
            }
            Place::Line { .. } => None,
        };
        lock::write(&name, &files, self.tree.clone(), &mut line)
    }
}

/// A path below a folder, without `..` where it can be.
fn joined(folder: &Path, name: &str) -> PathBuf {
    let mut path = PathBuf::new();
    for part in folder.join(name).components() {
        let is_plain = matches!(path.components().next_back(), Some(Component::Normal(_)));
        match part {
            Component::ParentDir if is_plain => _ = path.pop(),
            Component::CurDir => {}
            part => path.push(part),
        }
    }
    path
}

fn absolute(path: &Path) -> PathBuf {
    let here = std::env::current_dir().unwrap_or_default();
    joined(&here, &path.to_string_lossy())
}

/// A path as seen from a folder, with `/` between its parts.
fn relative(folder: &Path, path: &Path) -> String {
    let (from, to): (Vec<_>, Vec<_>) = (folder.components().collect(), path.components().collect());
    let shared = from.iter().zip(&to).take_while(|(left, right)| left == right).count();
    let up = std::iter::repeat_n("..".to_owned(), from.len() - shared);
    let down = to[shared..].iter().map(|part| part.as_os_str().to_string_lossy().into_owned());
    up.chain(down).collect::<Vec<String>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_seen_from_a_folder() {
        let check = |folder: &str, path: &str, expected: &str| {
            assert_eq!(relative(Path::new(folder), Path::new(path)), expected);
        };
        check("/a/b", "/a/b/c.yaml", "c.yaml");
        check("/a/b", "/a/x/c.yaml", "../x/c.yaml");
        assert_eq!(joined(Path::new("../openapi"), "a.yaml"), Path::new("../openapi/a.yaml"));
        assert_eq!(joined(Path::new("openapi"), "../a.yaml"), Path::new("a.yaml"));
    }
}
