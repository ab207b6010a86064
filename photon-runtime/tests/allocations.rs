//! How often a plain request allocates between its head and its answer.
#![allow(
    missing_docs,
    missing_debug_implementations,
    unreachable_pub,
    unsafe_code,
    reason = "counts allocations"
)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::borrow::Cow;
use std::cell::Cell;
use std::io;
use std::net::SocketAddr;

use ::photon_runtime as photon;
use photon::exchange::{BodyError, BodyLength, Exchange, Field, Handler as _, Head};
use photon::{Context, Service};

struct Counting;

thread_local! {
    static COUNT: Cell<usize> = const { Cell::new(0) };
}

// SAFETY: all is the system's; the count is the thread's own and allocates nothing.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        COUNT.set(COUNT.get() + 1);
        // SAFETY: as the caller promises.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        // SAFETY: as the caller promises.
        unsafe { System.dealloc(at, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// A driver that keeps nothing but the status.
struct Null(u16);

impl Exchange for Null {
    fn body_length(&self) -> BodyLength {
        BodyLength::Empty
    }
    fn limit_body(&mut self, _: u64) {}
    fn read(&mut self, _: &mut [u8]) -> Result<usize, BodyError> {
        Ok(0)
    }
    fn read_all(&mut self) -> Result<Cow<'_, [u8]>, BodyError> {
        Ok(Cow::Borrowed(&[]))
    }
    fn send(&mut self, status: u16, _: &[Field], _: &[u8]) {
        self.0 = status;
    }
    fn begin(&mut self, _: u16, _: &[Field]) -> io::Result<()> {
        Ok(())
    }
    fn write(&mut self, _: &[u8]) -> io::Result<()> {
        Ok(())
    }
    fn finish(&mut self) -> io::Result<()> {
        Ok(())
    }
    fn abort(&mut self) {}
    fn answered(&self) -> bool {
        self.0 != 0
    }
    fn is_cancelled(&self) -> bool {
        false
    }
    fn peer(&self) -> Option<SocketAddr> {
        None
    }
}

struct Get {
    id: i64,
    sold: bool,
}

static GET: photon::Meta = photon::meta("get", "GET", "/pets/{id}", 200)
    .params(&[photon::path("id").rule(photon::int(1, i64::MAX)), photon::query("sold").default("false")])
    .answers(&["application/json"]);
photon::operation! { Get -> i64, photon::Error = GET, id sold }

#[test]
fn a_plain_request_allocates_its_answer_only() {
    let service =
        Service::new((), "{}").route(|(): &(), _: &Context, req: Get| Ok(req.id + i64::from(req.sold)));
    let accept = photon::exchange::Header { name: "Accept", value: b"application/json, */*" };
    let handle = |target: &str| {
        let mut exchange = Null(0);
        let before = COUNT.get();
        service.handle(&Head { method: "GET", target, minor: 1, headers: &[accept] }, &mut exchange);
        (exchange.0, COUNT.get() - before)
    };
    let _first_looks_at_shapes = handle("/pets/1?sold=true");
    // The body and the list of headers.
    assert_eq!(handle("/pets/1?sold=true&other=2"), (200, 2));
    assert_eq!(handle("/pets/1"), (200, 2));
}
