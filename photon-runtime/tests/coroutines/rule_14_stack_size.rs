//! Rule 14: the coroutine library counts stacks in words, prints for odd ones, and pools only what it likes: whatever is
//! asked for becomes whole pages.

use photon_runtime::Limits;

use crate::app::{App, service};
use crate::{get, in_own_process, serve_with};

const VARIABLE: &str = "PHOTON_TEST_ODD_STACK";

/// Not a test of its own: the next one runs it in another process, for the first server decides the size.
#[test]
fn serve_with_an_odd_stack() {
    if std::env::var_os(VARIABLE).is_some() {
        let running = serve_with(
            Limits { stack_bytes: (512 << 10) + 13, ..Limits::default() },
            service(App::default()),
        );
        for _ in 0..4 {
            assert_eq!(get(running.address(), "/quick").0, 200);
        }
        running.stop();
    }
}

#[test]
fn odd_sizes_are_mended() {
    let output = in_own_process("rule_14_stack_size::serve_with_an_odd_stack", VARIABLE);
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{told}");
    assert!(!told.contains("stack size"), "the coroutine library prints nothing: {told}");
}
