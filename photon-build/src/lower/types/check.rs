//! Checks: schemas that tables cannot express, written out as they stand.
//!
//! Knows which there are. Must not know keywords.

use std::collections::{HashMap, HashSet};

use super::json::{separated, string};
use super::parts::Parts;
use super::writer::Writer;
use super::{Direction, Key, Place, Types};
use crate::ir::{Check, CheckId, Name};

/// The checks of a document.
#[derive(Debug, Default)]
pub(super) struct Checks {
    list: Vec<Check>,
    roots: Vec<(Parts, Direction)>,
    ids: HashMap<Key, CheckId>,
    keys: HashSet<String>,
}

impl Types<'_> {
    /// The check of these parts.
    pub(super) fn check(&mut self, parts: &Parts, place: &Place) -> CheckId {
        let direction = self.directions.of(parts, place.direction);
        let key = Key { parts: parts.clone(), direction };
        if let Some(id) = self.checks.ids.get(&key) {
            return *id;
        }
        let id = CheckId(u32::try_from(self.checks.list.len()).unwrap_or(u32::MAX));
        let checks = &mut self.checks;
        let name = unique(&mut checks.keys, &place.hint);
        checks.list.push(Check { name: Name::new(place.hint.clone()), key: name });
        checks.roots.push((parts.clone(), direction));
        checks.ids.insert(key, id);
        id
    }

    /// The list of checks, and `{"$defs": {..}}` with all that they refer to.
    pub(super) fn written_checks(&mut self) -> (Vec<Check>, String) {
        let list = std::mem::take(&mut self.checks.list);
        if list.is_empty() {
            return (list, String::new());
        }
        let mut writer = Writer::new(self, false);
        writer.taken = list.iter().map(|check| check.key.clone()).collect();
        let mut out = String::from("{\"$defs\":{");
        let roots = &writer.types.checks.roots;
        separated(
            &mut out,
            &list.iter().zip(roots.clone()).collect::<Vec<_>>(),
            |out, (check, (parts, way))| {
                string(out, &check.key);
                out.push(':');
                writer.direction = *way;
                writer.parts(out, parts);
            },
        );
        writer.rest(&mut out);
        out.push_str("}}");
        (list, out)
    }
}

/// A key that is safe in a pointer and not taken.
pub(super) fn unique(taken: &mut HashSet<String>, wanted: &str) -> String {
    let safe =
        |letter: char| if letter.is_ascii_alphanumeric() || "._-".contains(letter) { letter } else { '_' };
    let plain: String = wanted.chars().map(safe).collect();
    let mut key = plain.clone();
    let mut number = 2;
    while !taken.insert(key.clone()) {
        key = format!("{plain}-{number}");
        number += 1;
    }
    key
}
