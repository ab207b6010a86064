//! Rule 16: Rust 1.89 and later needs `generator` 0.8.8 on macOS.

use crate::source::tree;

#[test]
fn the_generator_is_new_enough() {
    let text = tree(&["-e", "normal", "-i", "generator"]);
    let version = text.lines().next().and_then(|line| line.strip_prefix("generator v")).unwrap();
    let numbers: Vec<u32> = version.split('.').map(|number| number.parse().unwrap()).collect();
    assert!(numbers >= vec![0, 8, 8], "{version}");
}
