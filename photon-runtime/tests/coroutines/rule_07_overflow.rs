//! Rule 7: a stack that overflows names the operation and ends the process at once (a shell says 139).

use std::os::unix::process::ExitStatusExt as _;

use crate::app::{App, service};
use crate::{get, in_own_process, serve};

const VARIABLE: &str = "PHOTON_TEST_DEEP";

/// Not a test of its own: the next one runs it in another process, which it ends.
#[test]
fn overflow_in_this_process() {
    if std::env::var_os(VARIABLE).is_some() {
        let running = serve(service(App::default()));
        get(running.address(), "/deep?secret");
    }
}

#[test]
fn an_overflow_names_the_operation() {
    let output = in_own_process("rule_07_overflow::overflow_in_this_process", VARIABLE);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.signal(), Some(libc::SIGSEGV), "{told}");
    assert!(
        told.contains("stack overflow in operation `deep` while handling GET /deep: the stack has "),
        "{told}"
    );
    assert!(!told.contains("secret"), "{told}");
}
