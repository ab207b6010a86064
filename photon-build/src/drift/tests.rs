//! The drift check as a whole.

use super::*;

#[test]
fn days_are_counted() {
    assert_eq!(day(0), "1970-01-01");
    assert_eq!(day(11_016), "2000-02-29");
    assert_eq!(day(20_782), "2026-11-25");
}
