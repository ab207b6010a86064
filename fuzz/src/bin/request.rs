//! A request as a text, the fields of its head and its body given: whatever comes in, one whole answer comes out.
//!
//! The first line is the method and the target, lines up to an empty one are headers, the rest is the body. Without the
//! empty line there is no body.
#![no_main]

use photon_fuzz::send;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let (head, body) = split(bytes, b"\n\n").map_or((bytes, None), |(head, body)| (head, Some(body)));
    let mut lines = head.split(|byte| *byte == b'\n');
    // The engine refuses heads that are no ASCII before a service sees them.
    let Some((method, target)) =
        lines.next().and_then(|line| std::str::from_utf8(line).ok()?.split_once(' '))
    else {
        return;
    };
    let is_target = target.bytes().all(|byte| byte.is_ascii_graphic()) && target.starts_with('/');
    if method.is_empty() || !method.bytes().all(|byte| byte.is_ascii_uppercase()) || !is_target {
        return;
    }
    let headers: Vec<(&str, &[u8])> = lines.filter_map(header).collect();
    send(method, target, &headers, body);
});

fn header(line: &[u8]) -> Option<(&str, &[u8])> {
    let (name, value) = split(line, b":")?;
    let name = std::str::from_utf8(name).ok()?;
    let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    is_name.then_some((name, value))
}

fn split<'b>(bytes: &'b [u8], by: &[u8]) -> Option<(&'b [u8], &'b [u8])> {
    let at = bytes.windows(by.len()).position(|window| window == by)?;
    Some((&bytes[..at], &bytes[at + by.len()..]))
}
