//! Rule 2: who sleeps resumes on a worker, not on the thread of the timers, where it would delay all others.

use std::collections::BTreeSet;
use std::thread;
use std::time::Duration;

use photon_runtime::exchange::Exchange;
use photon_runtime::sync::Mutex;
use photon_runtime::{Limits, sleep};

use crate::app::{here, plain};
use crate::source::lines_with;
use crate::{get, serve_with};

#[test]
fn who_slept_goes_on_on_a_worker() {
    let held = std::sync::Arc::new(Mutex::new(()));
    let running = serve_with(
        Limits::default(),
        plain(move |_: &_, _: &mut dyn Exchange| {
            let before = here();
            sleep(Duration::from_millis(2)).unwrap();
            let after = here();
            // A wait that ends by its time goes through the same timers.
            let _guard = held.lock();
            format!("{before:?} {after:?}")
        }),
    );
    let address = running.address();
    let clients: Vec<_> = (0..64).map(|_| thread::spawn(move || get(address, "/").1)).collect();
    let (mut before, mut after) = (BTreeSet::new(), BTreeSet::new());
    for client in clients {
        let text = client.join().unwrap();
        let (first, second) = text.split_once(") ").unwrap();
        before.insert(format!("{first})"));
        after.insert(second.to_owned());
    }
    assert!(before.len() <= 2, "two workers: {before:?}");
    assert!(after.is_subset(&before), "{after:?} among {before:?}");
    running.stop();
}

#[test]
fn nobody_sleeps_otherwise() {
    let sleeps = lines_with(&["coroutine::sleep("]);
    assert_eq!(sleeps.len(), 1, "{sleeps:?}");
    assert!(sleeps[0].contains("src/sleep.rs"), "{sleeps:?}");
    // A wait with a time leaves the thread of the timers, too, and there is one place for those.
    let parks = lines_with(&["blocker.park(", "park_timeout(", "Blocker::new("]);
    assert!(parks.iter().all(|line| line.contains("src/park.rs")), "{parks:?}");
}
