//! Rule 13: a worker that may not leave its processor starves where others share it.

use photon_runtime::exchange::Exchange;

use crate::app::plain;
use crate::{get, serve};

#[test]
fn workers_may_run_anywhere() {
    let processors = std::thread::available_parallelism().unwrap().to_string();
    let running = serve(plain(|_: &_, _: &mut dyn Exchange| {
        // It counts the processors that the thread may run on.
        std::thread::available_parallelism().unwrap().to_string()
    }));
    for _ in 0..8 {
        assert_eq!(get(running.address(), "/"), (200, processors.clone()));
    }
    running.stop();
}
