//! Selections that meet nothing: most likely misspelt, so each is told.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Parser, helped};
use crate::codes;
use crate::config::{Selection, path_meets};
use crate::nearest::nearest;
use crate::source::Span;

/// What there is to be selected.
#[derive(Debug, Default)]
pub(super) struct Selectable {
    tags: BTreeSet<Arc<str>>,
    paths: BTreeSet<Arc<str>>,
    operations: BTreeSet<Arc<str>>,
}

impl Selectable {
    pub(super) fn add(&mut self, path: &Arc<str>, id: Option<&Arc<str>>, tags: &[Arc<str>]) {
        self.paths.insert(path.clone());
        self.operations.extend(id.cloned());
        self.tags.extend(tags.iter().cloned());
    }
}

impl Parser<'_, '_> {
    /// Tells each entry of the selection that no operation meets.
    pub(super) fn tell_idle_selection(&mut self) {
        let Selection { tags, paths, operations } = &self.config.selection;
        let there = std::mem::take(&mut self.selectable);
        let is_same: fn(&str, &str) -> bool = |entry, it| entry == it;
        let kinds = [
            ("tag", tags, &there.tags, is_same),
            ("path", paths, &there.paths, path_meets),
            ("operation", operations, &there.operations, is_same),
        ];
        for (kind, chosen, there, meets) in kinds {
            let idle = chosen.iter().filter(|entry| !there.iter().any(|it| meets(entry, it)));
            for entry in idle {
                let message = format!("no operation is selected by {kind} `{entry}`");
                let finding = self.findings.add(&codes::SELECTION_IDLE, Span::default(), message);
                if let Some(meant) = nearest(entry, there.iter().map(|it| &**it)) {
                    helped(Some(finding), format!("did you mean `{meant}`?"));
                }
            }
        }
    }
}
