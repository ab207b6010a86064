//! Rule 6: a panic stays with its request, and nothing waits while it unwinds: the standard library counts panics by
//! thread.

use std::io::Write as _;
use std::sync::atomic::Ordering;

use photon_runtime::exchange::Exchange;

use crate::app::{App, REFUSED, plain, service};
use crate::source::lines_with;
use crate::{answer, connect, get, request, serve};

#[test]
fn a_panic_is_answered_and_leaves_nothing_behind() {
    const PANICS: usize = 20;
    let running = serve(service(App::default()));
    // On one connection each, then another request on the same.
    for _ in 0..PANICS {
        let mut stream = connect(running.address());
        stream.write_all(b"GET /panics HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
        stream.write_all(request("/quick").as_bytes()).unwrap();
        let (status, rest) = answer(&mut stream);
        assert_eq!(status, 500, "{rest}");
        assert!(!rest.contains("asked for"), "what a panic says is not told: {rest}");
        assert!(rest.ends_with("\r\n\r\nquick"), "{rest}");
    }
    assert_eq!(REFUSED.load(Ordering::SeqCst), PANICS, "each `Drop` was told that nothing may wait");
    running.stop();
    let watcher = serve(plain(|_: &_, _: &mut dyn Exchange| std::thread::panicking().to_string()));
    for _ in 0..8 {
        assert_eq!(get(watcher.address(), "/"), (200, "false".to_owned()));
    }
    watcher.stop();
}

#[test]
fn coroutines_are_only_spawned_where_a_panic_is_caught() {
    let spawns = lines_with(&["coroutine::Builder", "coroutine::spawn("]);
    let known = [
        "server/engine.rs",
        "server/accept.rs",
        "minihttp/exchange.rs",
        "src/park.rs",
        "src/blocking.rs",
        "db/wait.rs", // Its tests.
        "sync/mod.rs",
        "sync/channel.rs",
    ];
    assert!(spawns.iter().all(|line| known.iter().any(|file| line.contains(file))), "{spawns:?}");
}
