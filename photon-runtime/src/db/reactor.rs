//! The thread that watches the sockets and timers of database connections: tokio's, and the only place that runs it.
//!
//! Futures are polled where their handler is; this thread tells them when to be polled again, and does what may wait
//! after a handler has gone. It knows no statement.

use std::future::{Future, pending};
use std::sync::OnceLock;
use std::thread::{self, ThreadId};

use tokio::runtime::{Builder, EnterGuard, Handle};

struct Reactor {
    handle: Handle,
    thread: ThreadId,
}

static REACTOR: OnceLock<Reactor> = OnceLock::new();

/// The reactor, which is started when it is first needed.
fn reactor() -> &'static Reactor {
    REACTOR.get_or_init(|| match start() {
        Ok(reactor) => reactor,
        Err(error) => panic!("no thread can watch the databases: {error}"),
    })
}

fn start() -> std::io::Result<Reactor> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let handle = runtime.handle().clone();
    let watching = thread::Builder::new()
        .name("photon-reactor".to_owned())
        .spawn(move || runtime.block_on(pending::<()>()))?;
    Ok(Reactor { handle, thread: watching.thread().id() })
}

/// Whether this is the reactor's own thread, on which nothing may wait.
pub(super) fn is_here() -> bool {
    REACTOR.get().is_some_and(|reactor| reactor.thread == thread::current().id())
}

/// Lets futures find the reactor while the guard lives: for threads, on which nobody else goes on meanwhile.
pub(super) fn enter() -> EnterGuard<'static> {
    reactor().handle.enter()
}

/// Lets futures find the reactor on this thread from now on. Coroutines use this: a guard that is held while one waits
/// would be dropped among those of others. Not inlined, for the coroutine may have been on another thread before.
#[inline(never)]
pub(super) fn enter_for_good() {
    if Handle::try_current().is_err() {
        std::mem::forget(enter());
    }
}

/// Does something that nobody waits for.
pub(super) fn spawn(task: impl Future<Output = ()> + Send + 'static) {
    drop(reactor().handle.spawn(task));
}

#[cfg(test)]
mod tests {
    use std::panic::catch_unwind;
    use std::sync::mpsc;
    use std::time::Duration;

    use super::*;
    use crate::db::Wait as _;

    #[test]
    fn nothing_waits_on_its_thread() {
        let (tell, told) = mpsc::channel();
        spawn(async move {
            let _ = tell.send(is_here() && catch_unwind(|| async {}.wait()).is_err());
        });
        assert!(told.recv_timeout(Duration::from_mins(1)).unwrap());
        assert!(!is_here());
    }
}
