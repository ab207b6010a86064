//! Bytes as a request: whatever comes in, one whole answer comes out, and what was accepted is accepted again.
//!
//! The first line is the method and the target, lines up to an empty one are headers, the rest is the body.
#![no_main]

use std::sync::OnceLock;

use photon_fuzz::{Echo, service};
use photon_runtime::Service;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    static SERVICE: OnceLock<Service<Echo>> = OnceLock::new();
    let service = SERVICE.get_or_init(service);
    let (head, body) = split(bytes, b"\n\n").unwrap_or((bytes, b""));
    let mut lines = head.split(|byte| *byte == b'\n');
    // The engine refuses heads that are no ASCII before a service sees them.
    let Some((method, target)) = lines.next().and_then(|line| std::str::from_utf8(line).ok()?.split_once(' ')) else {
        return;
    };
    let is_target = target.bytes().all(|byte| byte.is_ascii_graphic()) && target.starts_with('/');
    if method.is_empty() || !method.bytes().all(|byte| byte.is_ascii_uppercase()) || !is_target {
        return;
    }
    let mut request = service.request(method, target).body(body, "application/json");
    for (name, value) in lines.filter_map(|line| split(line, b":")) {
        if let Ok(name) = std::str::from_utf8(name)
            && !name.is_empty()
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        {
            request = request.header(name, value);
        }
    }
    let answer = request.send();
    assert!(answer.is_complete, "the answer was cut");
    assert!(answer.status.as_u16() != 500, "the service failed: {}", answer.text());
    if method == "POST" && answer.status == 200 {
        let again = service.post("/orders").body(answer.body.clone(), "application/json").send();
        assert_eq!(again.body, answer.body, "what was encoded is decoded otherwise");
    }
});

fn split<'b>(bytes: &'b [u8], by: &[u8]) -> Option<(&'b [u8], &'b [u8])> {
    let at = bytes.windows(by.len()).position(|window| window == by)?;
    Some((&bytes[..at], &bytes[at + by.len()..]))
}
