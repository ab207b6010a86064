//! Clients of the example do not break: the document against its lock, and the lock against older versions of it.

// What fails here is a failed test.
#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};

use photon_build::{Changes, Verdict};

const DOCUMENT: &str = "../openapi/example.yaml";
const LOCK: &str = "../openapi/example.lock";

#[test]
fn clients_do_not_break() -> photon_build::Result {
    photon_build::assert_compatible(DOCUMENT);
    photon_build::lock(DOCUMENT)
}

/// A version of the document that might have been: what is replaced in the one of today, and by what.
struct Older {
    version: &'static str,
    edits: &'static [(&'static str, &'static str)],
}

impl Older {
    fn write(&self) -> PathBuf {
        let mut text = std::fs::read_to_string(DOCUMENT).unwrap();
        let version = format!("version: {}", self.version);
        for (today, then) in self.edits.iter().copied().chain([("version: 1.0.0", version.as_str())]) {
            assert!(text.contains(today), "{}: there is no `{today}`", self.version);
            text = text.replacen(today, then, 1);
        }
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(self.version);
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join("example.yaml");
        std::fs::write(&path, text).unwrap();
        path
    }
}

/// The changes since an older version that matter, each with where it is seen.
fn since(older: &Older) -> (Changes, Vec<(&'static str, String)>) {
    let changes = photon_build::compare(older.write(), LOCK).unwrap();
    let matter = |change: &&photon_build::Change| change.kind.verdict >= Verdict::Risky;
    let found = changes.iter().filter(matter).map(|change| {
        let operation = change.operations.first().cloned().unwrap_or_default();
        (change.kind.id, operation)
    });
    let mut found: Vec<(&str, String)> = found.collect();
    found.sort();
    (changes, found)
}

fn check(older: &Older, is_allowed: bool, expected: &[(&str, &str)]) {
    let (changes, found) = since(older);
    let found: Vec<(&str, &str)> = found.iter().map(|(id, operation)| (*id, operation.as_str())).collect();
    assert_eq!(found, expected, "{}", changes.text());
    assert_eq!(changes.is_allowed(), is_allowed, "{}: {}", older.version, changes.text());
}

#[test]
fn what_was_added_since_breaks_nobody() {
    let older = Older {
        version: "1.0.0",
        edits: &[
            // Texts of projects were shorter, tasks had no estimate, nobody could sort, and a parameter had another name.
            (
                "description: { type: string, maxLength: 4000 }",
                "description: { type: string, maxLength: 400 }",
            ),
            (
                "        estimate: { type: number, exclusiveMinimum: 0, multipleOf: 0.25, description: In hours. }\n",
                "",
            ),
            ("        estimate: { type: number }\n", ""),
            (
                "        - name: sort\n          in: query\n          description: What comes first.\n          schema: { $ref: \"#/components/schemas/TaskOrder\" }\n",
                "",
            ),
            ("/attachments/{attachmentId}:", "/attachments/{id}:"),
            ("name: attachmentId", "name: id"),
        ],
    };
    check(&older, true, &[]);
}

#[test]
fn a_first_draft_breaks_as_drafts_do() {
    let older = Older {
        version: "0.9.0",
        edits: &[
            ("required: [name, email]", "required: [name]"),
            ("enum: [todo, doing, done]", "enum: [todo, done]"),
            ("url: /api/v1", "url: /api"),
            ("minLength: 2, maxLength: 100", "maxLength: 100"),
        ],
    };
    check(
        &older,
        true,
        &[
            ("base-path-changed", ""),
            ("request-min-length-raised", "GET /search"),
            ("request-property-became-required", "POST /users"),
            ("response-enum-value-added", "GET /projects/{projectId}/tasks"),
            ("server-removed", ""),
        ],
    );
}

#[test]
fn a_patch_must_not_break() {
    let older = Older {
        version: "1.0.0-0",
        edits: &[
            ("security: []\n      requestBody", "requestBody"),
            ("[id, key, name, owner,", "[id, key, name, owner, icon,"),
        ],
    };
    let (changes, found) = since(&older);
    assert_eq!(found.len(), 1, "{}", changes.text());
    // A preview promises nothing.
    assert!(changes.is_allowed() && !changes.is_compatible());

    let older = Older { version: "1.0.0", ..older };
    check(&older, false, &[("response-property-became-optional", "GET /projects")]);
}
