//! A handler whose paths each stand for one habit of handlers.

use std::borrow::Cow;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use photon_runtime::exchange::{Exchange, Field, Handler, Head, Pause};

/// Tasks that ran after answers.
static TASKS: AtomicUsize = AtomicUsize::new(0);

/// How many tasks have run.
pub(crate) fn tasks() -> String {
    TASKS.load(Ordering::SeqCst).to_string()
}

/// Clients that were seen to leave while their handler waited.
static LEFT: AtomicUsize = AtomicUsize::new(0);

/// How many clients were seen to leave.
pub(crate) fn left() -> usize {
    LEFT.load(Ordering::SeqCst)
}

/// Answers by path.
pub(crate) struct App;

impl Handler for App {
    fn handle(&self, request: &Head<'_>, exchange: &mut dyn Exchange) {
        let path = request.target.split('?').next().unwrap_or_default();
        match path {
            "/echo" => match exchange.read_all() {
                Ok(body) => {
                    let body = body.into_owned();
                    exchange.send(200, &[], &body);
                }
                Err(error) => exchange.send(error.status(), &[], b""),
            },
            "/small" => {
                exchange.limit_body(4);
                let status =
                    exchange.read_all().map_or_else(photon_runtime::exchange::BodyError::status, |_| 200);
                exchange.send(status, &[], b"");
            }
            "/pieces" => {
                let mut sum = 0;
                let mut buffer = [0; 7];
                while let Ok(count @ 1..) = exchange.read(&mut buffer) {
                    sum += count;
                }
                exchange.send(200, &[], sum.to_string().as_bytes());
            }
            "/slow" => {
                photon_runtime::sleep(Duration::from_millis(300)).unwrap();
                exchange.send(200, &[], b"slow");
            }
            "/stream" => {
                exchange.begin(200, &[]).unwrap();
                exchange.write(b"one").unwrap();
                exchange.write(b"two").unwrap();
                exchange.finish().unwrap();
            }
            "/told" => {
                exchange.begin(200, &[field("content-length", "6")]).unwrap();
                exchange.write(b"one").unwrap();
                exchange.write(b"two").unwrap();
                exchange.finish().unwrap();
            }
            "/cut" => {
                exchange.begin(200, &[]).unwrap();
                exchange.write(b"one").unwrap();
            }
            "/feed" => feed(exchange),
            "/split" => exchange.send(200, &[field("x-a", "a\r\nx-b: c")], b"never"),
            "/silent" => {}
            "/panic" => panic!("asked for"),
            "/big" => exchange.send(200, &[], &vec![b'x'; 300_000]),
            "/after" => {
                exchange.after(Box::new(|| {
                    photon_runtime::sleep(Duration::from_secs(1)).unwrap();
                    TASKS.fetch_add(1, Ordering::SeqCst);
                }));
                exchange.after(Box::new(|| panic!("a task's own")));
                exchange.after(Box::new(|| {
                    TASKS.fetch_add(1, Ordering::SeqCst);
                }));
                exchange.send(200, &[], tasks().as_bytes());
            }
            "/tasks" => exchange.send(200, &[], tasks().as_bytes()),
            "/none" => exchange.send(204, &[], b"dropped"),
            "/blocking" => {
                let name = photon_runtime::blocking(|| thread::current().name().map(str::to_owned));
                exchange.send(200, &[], name.unwrap().unwrap_or_default().as_bytes());
            }
            "/deep" => exchange.send(200, &[], deep(1).to_string().as_bytes()),
            "/upgrade" => {
                let mut buffer = [0; 64];
                let stream = exchange.upgrade(&[field("upgrade", "echo")]).unwrap();
                stream.set_read_timeout(Duration::from_secs(20));
                let interrupt = stream.interrupter();
                loop {
                    match stream.read(&mut buffer) {
                        Ok(0) => return,
                        Ok(count) if buffer[..count] == *b"nudge" => {
                            let interrupt = interrupt.clone();
                            thread::spawn(move || interrupt());
                        }
                        Ok(count) => stream.write_all(&buffer[..count]).unwrap(),
                        Err(error) => {
                            stream.write_all(error.to_string().as_bytes()).unwrap();
                            if error.to_string().contains("stopping") {
                                return;
                            }
                        }
                    }
                }
            }
            _ => exchange.send(200, &[field("content-type", "text/plain")], request.target.as_bytes()),
        }
    }
}

/// Says why each pause was over.
fn feed(exchange: &mut dyn Exchange) {
    exchange.begin(200, &[]).unwrap();
    let interrupt = exchange.interrupter().unwrap();
    thread::spawn(move || {
        thread::sleep(Duration::from_millis(50));
        interrupt();
    });
    loop {
        let pause = exchange.pause(Duration::from_mins(1));
        if pause == Pause::Gone {
            LEFT.fetch_add(1, Ordering::SeqCst);
            return exchange.abort();
        }
        let written = exchange.write(format!("{pause:?}\n").as_bytes());
        if pause == Pause::Stopping && written.is_ok() {
            return exchange.finish().unwrap();
        }
    }
}

fn field(name: &'static str, value: &'static str) -> Field {
    Field { name: Cow::Borrowed(name), value: Cow::Borrowed(value) }
}

/// Goes deeper than any stack.
fn deep(level: u64) -> u64 {
    let room = std::hint::black_box([level; 64]);
    if level == u64::MAX { 0 } else { deep(level + 1) + room[7] }
}
