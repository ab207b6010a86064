//! Rule 4: a guard may be held over a wait only if it is made for it; nobody enters a span.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use photon_runtime::exchange::Exchange;
use photon_runtime::sleep;
use photon_runtime::sync::{Mutex, RwLock};

use crate::app::plain;
use crate::source::lines_with;
use crate::{get, serve};

#[test]
fn locks_are_held_over_waits() {
    const CLIENTS: usize = 32;
    let count = Arc::new((Mutex::new(0), RwLock::new(0)));
    let counted = Arc::clone(&count);
    let running = serve(plain(move |_: &_, _: &mut dyn Exchange| {
        let mut count = counted.0.lock();
        let before = *count;
        sleep(Duration::from_millis(1)).unwrap();
        *count = before + 1;
        drop(count);
        let read = *counted.1.read();
        sleep(Duration::from_millis(1)).unwrap();
        *counted.1.write() += 1;
        read.to_string()
    }));
    let address = running.address();
    let clients: Vec<_> = (0..CLIENTS).map(|_| thread::spawn(move || get(address, "/").0)).collect();
    assert!(clients.into_iter().all(|client| client.join().unwrap() == 200));
    assert_eq!((*count.0.lock(), *count.1.read()), (CLIENTS, CLIENTS));
    running.stop();
}

#[test]
fn nobody_enters_a_span() {
    assert_eq!(
        lines_with(&[".entered()", ".in_scope(", "span.enter()", "#[instrument"]),
        Vec::<String>::new()
    );
}
