//! Operations whose handlers each have one habit.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{self, ThreadId};
use std::time::{Duration, Instant};

use photon_runtime::exchange::{Exchange, Handler, Head};
use photon_runtime::sync::Mutex;
use photon_runtime::{Context, Error, Input, Meta, Operation, Result, Service, meta, sleep};

/// Declares operations without parameters that answer a text.
macro_rules! operations {
    ($($name:ident $id:literal $path:literal [$($more:tt)*])*) => { $(
        pub(crate) struct $name;

        impl Operation for $name {
            type Principal = ();
            type Output = String;
            type Error = Error;

            fn meta() -> &'static Meta {
                static META: Meta = meta($id, "GET", $path, 200).answers(&["text/plain"])$($more)*;
                &META
            }

            fn decode(_input: &mut Input<'_>, (): ()) -> Option<Self> {
                Some(Self)
            }
        }
    )* };
}

operations! {
    Quick "quick" "/quick" []
    Spin "spin" "/spin" []
    Yielding "yielding" "/yielding" []
    Offloaded "offloaded" "/offloaded" [.blocking()]
    Deep "deep" "/deep" []
    Panics "panics" "/panics" []
    Identity "identity" "/identity" []
    SleepsLong "sleepsLong" "/sleeps-long" [.timeout(150)]
    WaitsForLock "waitsForLock" "/waits-for-lock" [.timeout(150)]
    SleepsOffloaded "sleepsOffloaded" "/sleeps-offloaded" [.blocking().timeout(150)]
    InTime "inTime" "/in-time" [.timeout(5_000)]
    Late "late" "/late" [.timeout(50)]
}

/// One that reads a body.
pub(crate) struct Upload {
    body: photon_runtime::Bytes,
}

static UPLOAD: Meta = meta("upload", "POST", "/upload", 200)
    .body(&[photon_runtime::bytes()])
    .answers(&["text/plain"])
    .timeout(200);
photon_runtime::operation! { Upload -> String, Error = UPLOAD; body: body }

/// How long [`Spin`] and [`Yielding`] compute.
pub(crate) const SPIN: Duration = Duration::from_millis(400);

/// What handlers share.
#[derive(Default)]
pub(crate) struct App {
    /// Held by the test.
    pub(crate) lock: Mutex<()>,
    /// In which order values of a handler were dropped, by its connection.
    pub(crate) dropped: Mutex<Vec<&'static str>>,
}

/// All the operations.
pub(crate) fn service(app: App) -> Service<App> {
    Service::new(app, "{}")
        .route(|_: &App, _: &Context, _: Quick| Ok("quick".to_owned()))
        .route(|_: &App, _: &Context, _: Spin| Ok(spin(SPIN)))
        .route(|_: &App, _: &Context, _: Yielding| {
            let begun = Instant::now();
            while begun.elapsed() < SPIN {
                spin(Duration::from_millis(5));
                photon_runtime::yield_now();
            }
            Ok(String::new())
        })
        .route(|_: &App, _: &Context, _: Offloaded| Ok(spin(SPIN)))
        .route(|_: &App, _: &Context, _: Deep| Ok(deep(1).to_string()))
        .route(|_: &App, _: &Context, _: Panics| -> Result<String> {
            let _waits = WaitsInDrop;
            panic!("asked for");
        })
        .route(identity)
        .route(|_: &App, _: &Context, req: Upload| Ok(req.body.len().to_string()))
        .route(|app: &App, _: &Context, _: SleepsLong| {
            let _first = Tells(app, "first");
            let _second = Tells(app, "second");
            sleep(Duration::from_secs(20))?;
            Ok("too late".to_owned())
        })
        .route(|app: &App, _: &Context, _: WaitsForLock| {
            let _guard = app.lock.lock_in_time()?;
            Ok("had the lock".to_owned())
        })
        .route(|_: &App, _: &Context, _: SleepsOffloaded| {
            sleep(Duration::from_secs(20))?;
            Ok("too late".to_owned())
        })
        .route(|_: &App, cx: &Context, _: InTime| {
            sleep(Duration::from_millis(1))?;
            Ok(format!("{}", cx.deadline().is_some()))
        })
        .route(|_: &App, cx: &Context, _: Late| {
            spin(Duration::from_millis(80));
            Ok(format!("{}", cx.is_cancelled()))
        })
}

/// Says who it is before and after waits of each kind.
fn identity(app: &App, cx: &Context, _: Identity) -> Result<String> {
    let who = || format!("{} {} {}", cx.operation(), cx.request_id(), cx.trace().trace_id());
    let before = who();
    sleep(Duration::from_millis(3))?;
    let slept = who();
    let blocked = photon_runtime::blocking(|| thread::sleep(Duration::from_millis(1))).map(|()| who())?;
    let guard = app.lock.lock();
    sleep(Duration::from_millis(1))?;
    drop(guard);
    let locked = who();
    let is_same = before == slept && slept == blocked && blocked == locked;
    Ok(format!("{is_same} {}", cx.request_id()))
}

struct Tells<'a>(&'a App, &'static str);

impl Drop for Tells<'_> {
    fn drop(&mut self) {
        self.0.dropped.lock().push(self.1);
    }
}

/// How often a `Drop` was told that nothing may wait.
pub(crate) static REFUSED: AtomicUsize = AtomicUsize::new(0);

/// Breaks the rule: its `Drop` waits.
struct WaitsInDrop;

impl Drop for WaitsInDrop {
    fn drop(&mut self) {
        let refused = sleep(Duration::from_millis(50)) == Err(photon_runtime::Interrupted::Unwinding);
        let worked = photon_runtime::blocking(thread::panicking) == Ok(true);
        photon_runtime::yield_now();
        REFUSED.fetch_add(usize::from(refused && worked), Ordering::SeqCst);
    }
}

/// Computes for a while.
pub(crate) fn spin(time: Duration) -> String {
    let begun = Instant::now();
    let mut sum = 0_u64;
    while begun.elapsed() < time {
        sum = std::hint::black_box(sum.wrapping_mul(31).wrapping_add(7));
    }
    sum.to_string()
}

/// Goes deeper than any stack.
fn deep(level: u64) -> u64 {
    let room = std::hint::black_box([level; 64]);
    if level == u64::MAX { 0 } else { deep(level + 1) + room[7] }
}

/// A handler of a function.
pub(crate) fn plain<F: Fn(&Head<'_>, &mut dyn Exchange) -> String + Send + Sync + 'static>(f: F) -> Plain<F> {
    Plain(f)
}

pub(crate) struct Plain<F>(F);

impl<F: Fn(&Head<'_>, &mut dyn Exchange) -> String + Send + Sync + 'static> Handler for Plain<F> {
    fn handle(&self, request: &Head<'_>, exchange: &mut dyn Exchange) {
        let text = (self.0)(request, exchange);
        exchange.send(200, &[], text.as_bytes());
    }
}

/// The thread that runs this, seen anew at each call.
#[inline(never)]
pub(crate) fn here() -> ThreadId {
    thread::current().id()
}
