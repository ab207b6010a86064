//! The changes between two contracts, as users and their tests read them.

use std::path::PathBuf;

use super::kinds::{ChangeKind, Verdict};
use super::version;

/// Every change between two contracts; breaking ones first, and each verdict in the order of the documents.
#[derive(Debug, Clone, Default)]
pub struct Changes {
    pub(super) list: Vec<Change>,
    pub(super) old_version: String,
    pub(super) new_version: String,
}

/// One change.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Change {
    /// What kind it is.
    pub kind: &'static ChangeKind,
    /// What has changed, in the words of the documents: `` `/name` in the body must be there ``.
    pub message: String,
    /// The operations that it concerns, such as `POST /pets`; none where it concerns the whole document.
    pub operations: Vec<String>,
    /// Where it was.
    pub old: ChangePlace,
    /// Where it is now.
    pub new: ChangePlace,
    /// The place with its line, as findings show it.
    pub(super) listing: String,
}

/// A line of a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct ChangePlace {
    /// The file, as it was named.
    pub file: PathBuf,
    /// The line, from 1.
    pub line: usize,
}

impl std::fmt::Display for ChangePlace {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}:{}", self.file.display(), self.line)
    }
}

impl Changes {
    /// All of them.
    pub fn iter(&self) -> std::slice::Iter<'_, Change> {
        self.list.iter()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether the two are the same contract, said in the same words.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Those of one verdict.
    pub fn of(&self, verdict: Verdict) -> impl Iterator<Item = &Change> {
        self.list.iter().filter(move |change| change.kind.verdict == verdict)
    }

    /// Whether clients that kept to the old contract go on as they are.
    pub fn is_compatible(&self) -> bool {
        self.of(Verdict::Breaking).next().is_none()
    }

    /// Whether the step from the old `info.version` to the new one says that things break: the major number is raised,
    /// or before 1.0 the minor one. A preview such as `2.0.0-rc.1` promises nothing; of versions that are days the later
    /// one may break the earlier; of others it must be another.
    pub fn may_break(&self) -> bool {
        version::may_break(&self.old_version, &self.new_version)
    }

    /// Whether the new contract may take the place of the old one: it is compatible, or says that it is not.
    pub fn is_allowed(&self) -> bool {
        self.is_compatible() || self.may_break()
    }

    /// Whether more than words has changed.
    pub(super) fn is_stale(&self) -> bool {
        self.list.iter().any(|change| change.kind.verdict > Verdict::Documentation)
    }
}

impl<'a> IntoIterator for &'a Changes {
    type Item = &'a Change;
    type IntoIter = std::slice::Iter<'a, Change>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
