//! The sources of the crate, looked through for what a rule forbids.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Lines of code, not of comments, that hold one of these texts.
pub(crate) fn lines_with(forbidden: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for path in files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")) {
        for (at, line) in fs::read_to_string(&path).unwrap().lines().enumerate() {
            let is_code = !line.trim_start().starts_with("//");
            if is_code && forbidden.iter().any(|text| line.contains(text)) {
                found.push(format!("{}:{}: {line}", path.display(), at + 1));
            }
        }
    }
    found
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

/// What `cargo tree` says of this crate.
pub(crate) fn tree(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--offline", "--prefix", "none", "-p", "photon-runtime"])
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn all_sources_are_looked_through() {
    assert!(
        lines_with(&["pub fn sleep(duration: Duration) -> Result<(), Interrupted>"]).len() == 1,
        "the scan finds what there is"
    );
}
