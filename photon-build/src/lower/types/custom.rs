//! `x-photon-validate`: functions of the user's that judge values beyond what schemas say.
//!
//! A function takes the type of its own schema. Must not know what it does.

use super::model::text_of;
use super::parts::Parts;
use super::{Note, Types};
use crate::codes;
use crate::schema::SchemaId;

/// The extension.
const KEY: &str = "x-photon-validate";
/// Members of `allOf` in members that are looked into.
const MEMBERS_MAX: usize = 16;

impl Types<'_> {
    /// The function that a schema names; it has a type of its own then.
    pub(super) fn judge_of(&self, parts: &Parts) -> Option<String> {
        parts.whole().and_then(|id| text_of(self.schema(id), KEY)).map(str::to_owned)
    }

    pub(super) fn names_judge(&self, id: SchemaId) -> bool {
        self.schema(id).extension(KEY).is_some()
    }

    /// Tells the functions of schemas that are merged into this one: it is another type than theirs.
    pub(super) fn warn_unasked(&mut self, parts: &Parts) {
        let whole = parts.whole();
        let mut unasked = Vec::new();
        for id in &parts.ids {
            self.unasked(*id, whole, MEMBERS_MAX, &mut unasked);
        }
        for id in unasked {
            let schema = self.schema(id);
            let span = schema.extension(KEY).map_or(schema.span, |name| name.span);
            let at = whole.or_else(|| parts.ids.first().copied()).map(|id| self.schema(id).span);
            let code = &codes::VALIDATE_MERGED;
            let message =
                "the function of this schema is not asked where the schema is a part of another".to_owned();
            self.note_with(Note { code, span, message, help: code.help, places: at.into_iter().collect() });
        }
    }

    fn unasked(&self, id: SchemaId, whole: Option<SchemaId>, left: usize, found: &mut Vec<SchemaId>) {
        if whole != Some(id) && self.names_judge(id) && !found.contains(&id) {
            found.push(id);
        }
        let schema = self.schema(id);
        if left > 0 {
            for member in schema.reference.iter().chain(&schema.logic().all_of) {
                self.unasked(*member, whole, left - 1, found);
            }
        }
    }
}
