//! Rule 8: C code has no stack probes and jumps over the guard page, so that none runs on a coroutine.

use crate::source::tree;

#[test]
fn the_runtime_brings_no_c_library() {
    let text = tree(&["-e", "normal", "--all-features"]);
    let linked: Vec<&str> = text
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| name.ends_with("-sys") && !name.starts_with("windows"))
        .collect();
    // By the feature `db` only, and its driver runs it on threads of its own.
    assert_eq!(linked, ["libsqlite3-sys"]);
    let text = tree(&["-e", "normal"]);
    assert!(!text.contains("-sys "), "{text}");
}
