//! When a handler's stack overflows: says which request it was, and ends the process at once.
//!
//! The coroutine library would abandon the stack, with its locks held and its client waiting, and go on. A process that
//! ends is started again; one that limps is not. Knows the registry, and what may be done in a signal handler.

#![allow(unsafe_code)]

use std::io;
use std::mem::MaybeUninit;
use std::sync::{Arc, Mutex, Once, PoisonError, Weak};

use super::engine::Engine;
use crate::exchange::{Head, OperationName};

/// How often a lock is tried in the signal handler, where waiting is not allowed.
const TRIES: usize = 10_000;

/// All servers of the process.
static ENGINES: Mutex<Vec<Weak<Engine>>> = Mutex::new(Vec::new());

/// What handled these signals before.
static mut BEFORE: [MaybeUninit<libc::sigaction>; 2] = [MaybeUninit::uninit(); 2];

const SIGNALS: [libc::c_int; 2] = [libc::SIGSEGV, libc::SIGBUS];

/// Takes over from the coroutine library's handler, which the first coroutine installs when it runs: to be called on a
/// coroutine.
pub(super) fn watch(engine: &Arc<Engine>) {
    static INSTALLED: Once = Once::new();
    let mut engines = ENGINES.lock().unwrap_or_else(PoisonError::into_inner);
    engines.retain(|engine| engine.strong_count() > 0);
    engines.push(Arc::downgrade(engine));
    drop(engines);
    INSTALLED.call_once(|| {
        if let Err(error) = install() {
            tracing::warn!(%error, "stack overflows will not be told");
        }
    });
}

fn install() -> io::Result<()> {
    for (at, signal) in SIGNALS.into_iter().enumerate() {
        // SAFETY: all zeroes is a valid sigaction. `BEFORE` is written here only, before its handler is installed.
        let status = unsafe {
            let mut action: libc::sigaction = std::mem::zeroed();
            let handler: extern "C" fn(libc::c_int, *mut libc::siginfo_t, *mut libc::c_void) = on_fault;
            action.sa_sigaction = handler as libc::sighandler_t;
            // Threads of the standard library have a stack for signals, which this needs: the other one is full.
            action.sa_flags = libc::SA_SIGINFO | libc::SA_ONSTACK;
            let before = &raw mut BEFORE[at];
            libc::sigaction(signal, std::ptr::null(), before.cast());
            libc::sigaction(signal, &raw const action, std::ptr::null_mut())
        };
        if status != 0 {
            return Err(io::Error::last_os_error());
        }
    }
    Ok(())
}

extern "C" fn on_fault(signal: libc::c_int, info: *mut libc::siginfo_t, context: *mut libc::c_void) {
    // SAFETY: the kernel passes a valid description of the fault.
    let address = unsafe { (*info).si_addr() } as usize;
    if tell(address) {
        // SAFETY: these may be called in a signal handler. On return the fault happens again, and ends the process.
        unsafe { libc::signal(signal, libc::SIG_DFL) };
    } else {
        pass_on(signal, info, context);
    }
}

/// Whether the fault was an overflow of one of our stacks; then it is told on the standard error stream.
fn tell(address: usize) -> bool {
    #[cfg(feature = "db")]
    if let Some(operation) = crate::db::scratch::overflowed_at(address) {
        report(operation, None, crate::db::scratch::STACK_BYTES);
        return true;
    }
    let Some(engines) = (0..TRIES).find_map(|_| ENGINES.try_lock().ok()) else { return false };
    for engine in engines.iter().filter_map(Weak::upgrade) {
        let stack_bytes = engine.settings.stack_words() * size_of::<usize>();
        let found = engine.registry.find_active(TRIES, |active| {
            let Some((top, head)) = active.serving() else { return false };
            let overflowed = address < top && top - address <= stack_bytes + GUARD_BYTES_MAX;
            if overflowed {
                // SAFETY: the request lies on the stack that has overflowed, whose coroutine stands still in this
                // very signal; it is made invalid only after the request is unset.
                let operation = active.task.running().and_then(|(_, operation)| operation);
                report(operation, Some(unsafe { &*head }), stack_bytes);
            }
            overflowed
        });
        // The last reference is not dropped in a signal handler.
        std::mem::forget(engine);
        if found {
            return true;
        }
    }
    false
}

/// Room below a stack that faults, plus what lies between its top and the first frame of a connection.
const GUARD_BYTES_MAX: usize = 16 << 10;

fn report(operation: Option<&OperationName>, head: Option<&Head<'_>>, stack_bytes: usize) {
    let (before, id, after) =
        operation.map_or(("", "", ""), |operation| (" in operation `", operation.id, "`"));
    let (method, target) = head.map_or(("a poll", ""), |head| (head.method, head.target));
    // The query may hold secrets.
    let path = target.split('?').next().unwrap_or_default();
    let mut digits = itoa::Buffer::new();
    let parts = [
        "\nstack overflow",
        before,
        id,
        after,
        " while handling ",
        method,
        if path.is_empty() { "" } else { " " },
        path,
        ": the stack has ",
        digits.format(stack_bytes >> 10),
        " KiB; run deep work in photon_runtime::blocking, or raise Limits::stack_bytes\n",
    ];
    for part in parts {
        // SAFETY: `write` may be called in a signal handler. Whether it succeeds is no matter any more.
        unsafe { libc::write(libc::STDERR_FILENO, part.as_ptr().cast(), part.len()) };
    }
}

/// Leaves a fault that is not ours to whoever handled it before.
fn pass_on(signal: libc::c_int, info: *mut libc::siginfo_t, context: *mut libc::c_void) {
    let at = usize::from(signal == SIGNALS[1]);
    // SAFETY: `BEFORE` was written before this handler was installed. The former handler was installed for this
    // signal, with the arguments that its flags tell.
    unsafe {
        let before = (&raw const BEFORE[at]).cast::<libc::sigaction>().read();
        match before.sa_sigaction {
            libc::SIG_DFL | libc::SIG_IGN => {
                libc::signal(signal, libc::SIG_DFL);
            }
            handler if before.sa_flags & libc::SA_SIGINFO != 0 => {
                let handler: extern "C" fn(libc::c_int, *mut libc::siginfo_t, *mut libc::c_void) =
                    std::mem::transmute(handler);
                handler(signal, info, context);
            }
            handler => {
                let handler: extern "C" fn(libc::c_int) = std::mem::transmute(handler);
                handler(signal);
            }
        }
    }
}
