//! Rule 9: `CoIo` and the coroutine library's Unix streams close before they deregister, and lose wake-ups.

use crate::source::lines_with;

#[test]
fn neither_is_used() {
    assert_eq!(lines_with(&["CoIo", "may::os::unix", "may::os::"]), Vec::<String>::new());
}
