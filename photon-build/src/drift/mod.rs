//! The drift check: a contract is kept in a lock, and what changes is told with what it means to clients.
//!
//! ```text
//! document ─ load ─ normal ─ contract ─┬─ lock/write ─ openapi.lock
//! openapi.lock ─ load ─ lock/read ─────┴─ compare ─ changes ─ report
//! ```
//!
//! Knows documents as trees, whether a server can be generated of them or not. Must not know Rust.

mod changes;
mod compare;
mod contract;
mod kinds;
mod lock;
mod mark;
mod normal;
mod report;
mod tree;
mod version;

use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::config::Config;
use crate::error::{Error, Result};
use crate::run::on_a_stack;
use crate::write::write_if_changed;
pub use changes::{Change, ChangePlace, Changes};
use contract::Contract;
pub use kinds::{Area, ChangeKind, Direction, Verdict};

/// The value of `UPDATE` that writes what breaks nobody.
const COMPATIBLE: &str = "1";

/// The value of `UPDATE` that writes whatever has changed.
const BREAKING: &str = "breaking";

fn update() -> String {
    std::env::var("UPDATE").unwrap_or_default()
}

/// Every kind of change.
pub(crate) fn kinds() -> impl Iterator<Item = &'static ChangeKind> {
    kinds::all()
}

/// The changes from `old` to `new`; each is a document or a lock.
pub(crate) fn compare(config: &Config, old: &Path, new: &Path) -> Result<Changes> {
    on_a_stack(|| {
        // Overlays belong to the document that is developed.
        let plain = Config { overlays: Vec::new(), ..config.clone() };
        let old = Contract::read(&plain, old)?;
        Ok(changes(&old, &Contract::read(config, new)?, &today()))
    })?
}

impl Config {
    /// Keeps the lock of `document` up to date, as [`lock`](crate::lock()) does, with these overlays and vendored files.
    pub fn lock(self, document: impl AsRef<Path>) -> Result {
        let document = document.as_ref();
        on_a_stack(|| keep(&self, document, &update()))?
    }

    /// Every change of `document` since it was locked, with these overlays and vendored files.
    pub fn changes(self, document: impl AsRef<Path>) -> Result<Changes> {
        let document = document.as_ref();
        let lock = existing_lock(document)?;
        compare(&self, &lock, document)
    }

    /// Panics where `document` breaks clients that keep to its lock, as
    /// [`assert_compatible`](crate::assert_compatible) does, with these overlays and vendored files.
    #[track_caller]
    pub fn assert_compatible(self, document: impl AsRef<Path>) {
        let document = document.as_ref();
        let update = update();
        if update == BREAKING || (update == COMPATIBLE && !lock_path(document).exists()) {
            // The lock is about to be written.
            return;
        }
        match self.changes(document) {
            Ok(changes) if changes.is_allowed() => {}
            Ok(changes) => {
                let lock = lock_path(document);
                let (document, lock) = (document.display(), lock.display());
                panic!("`{document}` breaks clients that keep to `{lock}`\n\n{}\n", changes.text());
            }
            Err(error) => panic!("{error}"),
        }
    }
}

/// Rewrites the lock or says what it lacks.
fn keep(config: &Config, document: &Path, update: &str) -> Result {
    let path = lock_path(document);
    let new = Contract::read(config, document)?;
    if update == BREAKING || (update == COMPATIBLE && !path.exists()) {
        return write_if_changed(&path, &new.lock(document, &path)).map(drop);
    }
    let plain = Config { overlays: Vec::new(), ..config.clone() };
    let old = Contract::read(&plain, &existing_lock(document)?)?;
    let changes = changes(&old, &new, &today());
    let (shown, lock) = (document.display(), path.display());
    if update == COMPATIBLE {
        if changes.is_allowed() {
            return write_if_changed(&path, &new.lock(document, &path)).map(drop);
        }
        let help = "or accept what breaks by UPDATE=breaking";
        let text = changes.text();
        return Err(Error::new(format!(
            "`{lock}` is not rewritten, for `{shown}` breaks clients\n\n{text}, {help}"
        )));
    }
    if !changes.is_stale() {
        return Ok(());
    }
    let help = "run it again with UPDATE=1 to rewrite the lock";
    Err(Error::new(format!(
        "`{lock}` does not hold what `{shown}` says\n\n{}\n = help: {help}",
        changes.text()
    )))
}

/// The lock of a document: `openapi.lock` beside `openapi.yaml`.
fn lock_path(document: &Path) -> PathBuf {
    document.with_extension("lock")
}

fn existing_lock(document: &Path) -> Result<PathBuf> {
    let path = lock_path(document);
    if path.exists() {
        return Ok(path);
    }
    let help = "a test that calls `photon_build::lock` writes it when it is run with UPDATE=1";
    Err(Error::new(format!("there is no `{}`\n  = help: {help}", path.display())))
}

fn changes(old: &Contract, new: &Contract, today: &str) -> Changes {
    let found = compare::compare(&old.tree, &new.tree, today);
    let mut list: Vec<Change> = found
        .into_iter()
        .map(|found| Change {
            kind: found.kind,
            message: found.message,
            operations: found.operations.iter().map(ToString::to_string).collect(),
            old: old.place(found.old),
            new: new.place(found.new),
            listing: new.listing(found.new),
        })
        .collect();
    list.sort_by(|left, right| {
        let by_verdict = right.kind.verdict.cmp(&left.kind.verdict);
        by_verdict.then_with(|| left.new.cmp(&right.new)).then_with(|| left.kind.id.cmp(right.kind.id))
    });
    Changes { list, old_version: old.version().to_owned(), new_version: new.version().to_owned() }
}

/// The day, in UTC: `2026-11-25`.
fn today() -> String {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    day(i64::try_from(seconds / 86_400).unwrap_or(0))
}

/// The day that is so many days after 1970-01-01, by the Gregorian calendar.
fn day(days: i64) -> String {
    // Years begin in March here, so that the day that some years lack is their last.
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let date = of_year - (153 * month + 2) / 5 + 1;
    let (month, year) = if month < 10 { (month + 3, year) } else { (month - 9, year + 1) };
    format!("{:04}-{month:02}-{date:02}", year + era * 400)
}

#[cfg(test)]
mod tests;
