//! What a user's build takes in: two crates by name, not many in all, and no work stealing.

// What fails here is a failed test.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeSet;
use std::process::Command;

/// The most crates in the tree of a user's crate.
const CRATES_MAX: usize = 80;

fn tree(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--offline", "--prefix", "none"])
        .args(arguments)
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_example_names_photon_alone() {
    let text = tree(&["-p", "example-app", "-e", "normal,build", "--depth", "1"]);
    let direct: BTreeSet<&str> = text
        .lines()
        .skip(1)
        .filter(|line| !line.starts_with('['))
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert_eq!(direct, BTreeSet::from(["photon-build", "photon-runtime"]));
}

#[test]
fn a_users_tree_is_small() {
    let text = tree(&["-p", "photon-runtime", "-p", "photon-build", "-e", "normal,build"]);
    let crates: BTreeSet<(&str, &str)> = text
        .lines()
        .filter_map(|line| {
            let mut words = line.split_whitespace();
            Some((words.next()?, words.next()?))
        })
        .collect();
    // The user's own crate is one more.
    let count = crates.len() + 1;
    assert!(count <= CRATES_MAX, "{count} crates");
}

#[test]
fn coroutines_stay_on_their_thread() {
    let text = tree(&["-p", "photon-runtime", "--all-features", "-e", "features", "-i", "may"]);
    assert!(!text.contains("work_steal"), "{text}");
}
