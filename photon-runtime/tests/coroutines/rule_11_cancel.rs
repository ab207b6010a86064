//! Rule 11: the coroutine library's `cancel` is swallowed by waits for sockets, and its `select!` builds on it.

use crate::source::lines_with;

#[test]
fn neither_is_used() {
    assert_eq!(lines_with(&[".cancel()", "may::select", "cqueue", "may::join!"]), Vec::<String>::new());
}
