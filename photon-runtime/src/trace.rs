//! W3C Trace Context, level 1: whose work a request is part of, and what is told to the next service.
//!
//! What a client sends is taken over if it is exactly what the recommendation demands; else a trace of our own begins.
//! This module knows headers, and nobody who collects traces.

use std::collections::hash_map::RandomState;
use std::fmt;
use std::hash::BuildHasher as _;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use http::{HeaderMap, HeaderName, HeaderValue};

const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");
const TRACESTATE: HeaderName = HeaderName::from_static("tracestate");

/// The length of `traceparent` in version 00: `00-`, 32 digits, `-`, 16 digits, `-`, 2 digits.
const TRACEPARENT_BYTES: usize = 55;

/// The bit of the flags that says that the caller records the trace. All others are not ours to pass on.
const SAMPLED: u8 = 1;

/// The most members and bytes of a `tracestate` that is passed on.
const MEMBERS_MAX: usize = 32;
const STATE_BYTES_MAX: usize = 512;

/// The place of one request in a trace.
#[allow(clippy::struct_field_names, reason = "the recommendation calls it so")]
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Trace {
    trace_id: u128,
    parent_id: Option<u64>,
    span_id: u64,
    is_sampled: bool,
    state: String,
}

impl Trace {
    /// A trace that begins with this request.
    pub fn fresh() -> Self {
        let trace_id = (u128::from(random()) << 64) | u128::from(random());
        Self { trace_id, parent_id: None, span_id: random(), is_sampled: false, state: String::new() }
    }

    /// Goes on with what the values of the headers `traceparent` and `tracestate` tell, or begins a trace.
    pub fn from_headers<'h>(
        traceparent: impl IntoIterator<Item = &'h [u8]>,
        tracestate: impl IntoIterator<Item = &'h [u8]>,
    ) -> Self {
        let mut parents = traceparent.into_iter();
        // Two of them are as good as none.
        let parent = match (parents.next(), parents.next()) {
            (Some(value), None) => parse_parent(value),
            _ => None,
        };
        let Some(Parent { trace_id, span_id, is_sampled }) = parent else { return Self::fresh() };
        let state = parse_state(tracestate).unwrap_or_default();
        Self { trace_id, parent_id: Some(span_id), span_id: random(), is_sampled, state }
    }

    /// The id of the whole trace: 32 hexadecimal digits.
    pub fn trace_id(&self) -> impl fmt::Display + use<> {
        Hex::<32>(self.trace_id)
    }

    /// The id of this request: 16 hexadecimal digits.
    pub fn span_id(&self) -> impl fmt::Display + use<> {
        Hex::<16>(u128::from(self.span_id))
    }

    /// The id of the request that the client was at, if it sent one: 16 hexadecimal digits.
    pub fn parent_id(&self) -> Option<impl fmt::Display + use<>> {
        self.parent_id.map(|id| Hex::<16>(u128::from(id)))
    }

    /// Whether the client records the trace.
    pub fn is_sampled(&self) -> bool {
        self.is_sampled
    }

    /// What systems on the way have noted (`tracestate`); empty where there is nothing, or nothing valid.
    pub fn state(&self) -> &str {
        &self.state
    }

    /// The value of `traceparent` for requests that are made on behalf of this one.
    pub fn traceparent(&self) -> String {
        format!("00-{}-{}-{:02x}", self.trace_id(), self.span_id(), u8::from(self.is_sampled))
    }

    /// Sets `traceparent` and `tracestate` of a request that is made on behalf of this one.
    ///
    /// ```
    /// # use photon_runtime::{Context, HeaderMap};
    /// # let cx = Context::test();
    /// let mut headers = HeaderMap::new();
    /// cx.trace().inject(&mut headers);
    /// assert_eq!(headers["traceparent"].len(), 55);
    /// ```
    pub fn inject(&self, headers: &mut HeaderMap) {
        if let Ok(parent) = HeaderValue::try_from(self.traceparent()) {
            headers.insert(TRACEPARENT, parent);
        }
        match HeaderValue::from_str(&self.state) {
            Ok(state) if !state.is_empty() => headers.insert(TRACESTATE, state),
            _ => headers.remove(TRACESTATE),
        };
    }
}

/// A number with this many hexadecimal digits.
struct Hex<const DIGITS: usize>(u128);

impl<const DIGITS: usize> fmt::Display for Hex<DIGITS> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:0width$x}", self.0, width = DIGITS)
    }
}

struct Parent {
    trace_id: u128,
    span_id: u64,
    is_sampled: bool,
}

/// Section 3.2 of the recommendation.
fn parse_parent(value: &[u8]) -> Option<Parent> {
    let (parent, rest) = value.split_at_checked(TRACEPARENT_BYTES)?;
    let is_shaped = parent[2] == b'-' && parent[35] == b'-' && parent[52] == b'-';
    if !is_shaped {
        return None;
    }
    let version = hex(&parent[..2])?;
    // Later versions may go on after another dash.
    let may_end = rest.is_empty() || (version != 0 && rest[0] == b'-');
    let trace_id = hex(&parent[3..35])?;
    let span_id = u64::try_from(hex(&parent[36..52])?).ok()?;
    let flags = hex(&parent[53..])?;
    if version == 0xff || !may_end || trace_id == 0 || span_id == 0 {
        return None;
    }
    Some(Parent { trace_id, span_id, is_sampled: flags & u128::from(SAMPLED) != 0 })
}

/// A number in lower-case hexadecimal digits, and nothing else.
fn hex(digits: &[u8]) -> Option<u128> {
    digits.iter().try_fold(0, |number: u128, digit| {
        let digit = match digit {
            b'0'..=b'9' => digit - b'0',
            b'a'..=b'f' => digit - b'a' + 10,
            _ => return None,
        };
        Some((number << 4) | u128::from(digit))
    })
}

/// Section 3.3: a list of members over one or more headers; none if anything in it is wrong.
fn parse_state<'h>(values: impl IntoIterator<Item = &'h [u8]>) -> Option<String> {
    let mut state = String::new();
    let mut keys: Vec<&str> = Vec::new();
    for value in values {
        for member in std::str::from_utf8(value).ok()?.split(',') {
            let member = member.trim_matches([' ', '\t']);
            if member.is_empty() {
                continue;
            }
            let (key, noted) = member.split_once('=')?;
            if !is_key(key) || !is_note(noted) || keys.contains(&key) {
                return None;
            }
            keys.push(key);
            if !state.is_empty() {
                state.push(',');
            }
            state.push_str(member);
        }
    }
    (keys.len() <= MEMBERS_MAX && state.len() <= STATE_BYTES_MAX).then_some(state)
}

/// A name of up to 256 letters, or a tenant and a system: `fw529a3039@dt`.
fn is_key(key: &str) -> bool {
    let is_word = |text: &str, length_max: usize, may_begin_with_digit: bool| {
        let is_letter = |byte: &u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-' | b'*' | b'/');
        let begins = text.bytes().next().is_some_and(|first| {
            first.is_ascii_lowercase() || (may_begin_with_digit && first.is_ascii_digit())
        });
        begins && text.len() <= length_max && text.as_bytes().iter().all(is_letter)
    };
    match key.split_once('@') {
        Some((tenant, system)) => is_word(tenant, 241, true) && is_word(system, 14, false),
        None => is_word(key, 256, false),
    }
}

/// Up to 256 printable letters without `,` and `=`, not ending in a blank.
fn is_note(noted: &str) -> bool {
    let is_letter = |byte: u8| matches!(byte, 0x20..=0x7e) && byte != b',' && byte != b'=';
    !noted.is_empty() && noted.len() <= 256 && !noted.ends_with(' ') && noted.bytes().all(is_letter)
}

/// A number that nobody can foresee, never 0: a count, hashed with keys that the system drew.
fn random() -> u64 {
    static KEYS: OnceLock<RandomState> = OnceLock::new();
    static COUNT: AtomicU64 = AtomicU64::new(0);
    KEYS.get_or_init(RandomState::new).hash_one(COUNT.fetch_add(1, Ordering::Relaxed)).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    fn read(parents: &[&str], states: &[&str]) -> Trace {
        let bytes =
            |values: &[&str]| values.iter().map(|value| value.as_bytes().to_vec()).collect::<Vec<_>>();
        let (parents, states) = (bytes(parents), bytes(states));
        Trace::from_headers(parents.iter().map(Vec::as_slice), states.iter().map(Vec::as_slice))
    }

    #[test]
    fn a_parent_is_taken_over_and_told_on() {
        let trace = read(&[PARENT], &["rojo=00f067aa0ba902b7,congo=t61rcWkgMzE"]);
        assert_eq!(trace.trace_id().to_string(), "0af7651916cd43dd8448eb211c80319c");
        assert_eq!(trace.parent_id().map(|id| id.to_string()).as_deref(), Some("b7ad6b7169203331"));
        assert!(trace.is_sampled());
        let mut headers = HeaderMap::new();
        headers.insert(TRACESTATE, HeaderValue::from_static("old=1"));
        trace.inject(&mut headers);
        let told = format!("00-0af7651916cd43dd8448eb211c80319c-{}-01", trace.span_id());
        assert_eq!(headers["traceparent"], told.as_str());
        assert_eq!(headers["tracestate"], "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE");
        assert_ne!(told, PARENT, "the request has an id of its own");
        read(&[PARENT], &[]).inject(&mut headers);
        assert_eq!(headers.get("tracestate"), None);
    }

    #[test]
    fn only_what_the_recommendation_demands_is_taken_over() {
        let check = |parent: &str, expected: bool| {
            assert_eq!(read(&[parent], &[]).parent_id().is_some(), expected, "{parent}");
        };
        check(PARENT, true);
        check("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00", true);
        check("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-ff", true);
        check("", false);
        check("00", false);
        check(&format!("{PARENT}-"), false);
        check(&format!("{PARENT}0"), false);
        check(&PARENT.to_uppercase(), false);
        check(&PARENT.replacen("00-", "ff-", 1), false);
        check(&PARENT.replacen("00-", "cc-", 1), true);
        check(&format!("{}-later", PARENT.replacen("00-", "cc-", 1)), true);
        check(&format!("{}.later", PARENT.replacen("00-", "cc-", 1)), false);
        check(&PARENT.replace('-', "_"), false);
        check("00-00000000000000000000000000000000-b7ad6b7169203331-01", false);
        check("00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01", false);
        check("00-0af7651916cd43dd8448eb211c80319g-b7ad6b7169203331-01", false);
        check("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-+1", false);
        check("00-0af7651916cd43dd8448eb211c80319cb7ad6b7169203331----01", false);
        assert_eq!(read(&[PARENT, PARENT], &[]).parent_id().map(|id| id.to_string()), None);
    }

    #[test]
    fn only_valid_states_are_passed_on() {
        let check = |states: &[&str], expected: &str| {
            assert_eq!(read(&[PARENT], states).state(), expected, "{states:?}");
        };
        check(&["a=1, b=2 ,, c=3"], "a=1,b=2,c=3");
        check(&["a=1", "b=2"], "a=1,b=2");
        check(&["fw529a3039@dt=FfAxNDM1OTU0"], "fw529a3039@dt=FfAxNDM1OTU0");
        check(&["0tenant@system=1"], "0tenant@system=1");
        check(&["a=1,a=2"], "");
        check(&["a"], "");
        check(&["A=1"], "");
        check(&["0a=1"], "");
        check(&["a@b@c=1"], "");
        check(&["a="], "");
        check(&["a=b=c"], "");
        check(&["a=\u{fc}"], "");
        let many: Vec<String> = (0..40).map(|at| format!("k{at}=1")).collect();
        check(&[&many[..32].join(",")], &many[..32].join(","));
        check(&[&many[..33].join(",")], "");
        check(&[&format!("a={}", "x".repeat(256)), &format!("b={}", "x".repeat(255))], "");
        assert_eq!(read(&["nonsense"], &["a=1"]).state(), "", "a trace of our own has nobody's notes");
    }

    #[test]
    fn ids_are_new() {
        let (one, other) = (Trace::fresh(), Trace::fresh());
        assert_ne!(one.trace_id().to_string(), other.trace_id().to_string());
        assert_eq!(one.traceparent().len(), TRACEPARENT_BYTES);
        assert!(parse_parent(one.traceparent().as_bytes()).is_some());
    }
}
