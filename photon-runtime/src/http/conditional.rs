//! Conditional requests (RFC 9110, section 13): whether what a client knows of a representation still holds.
//!
//! Knows header fields and validators, no file and no answer.

use std::fmt::{self, Write as _};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::exchange::Head;

/// The seconds since 1970 at which dates of HTTP end, with the year 9999.
const DATE_SECONDS_END: u64 = 253_402_300_800;

/// An entity tag (RFC 9110, section 8.8.3): names one state of a resource.
///
/// ```
/// use photon_runtime::Etag;
///
/// assert_eq!(Etag::strong("7").to_string(), r#""7""#);
/// assert_eq!(Etag::weak("a b").to_string(), r#"W/"a%20b""#);
/// ```
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Etag {
    is_weak: bool,
    tag: String,
}

impl Etag {
    /// A tag that changes whenever a byte of the representation does. What a tag cannot hold (quotes, blanks, control
    /// characters) is written `%XX`.
    pub fn strong(tag: impl fmt::Display) -> Self {
        Self { is_weak: false, tag: fit(&tag.to_string()) }
    }

    /// A tag that changes whenever the meaning of the representation does. It never fits `If-Match` nor a range.
    pub fn weak(tag: impl fmt::Display) -> Self {
        Self { is_weak: true, tag: fit(&tag.to_string()) }
    }

    /// The text between the quotes.
    pub fn tag(&self) -> &str {
        &self.tag
    }

    /// Whether it only names the meaning of a representation.
    pub fn is_weak(&self) -> bool {
        self.is_weak
    }

    fn fits(&self, sent: &Sent<'_>, comparison: Comparison) -> bool {
        let is_strong = !self.is_weak && !sent.is_weak;
        self.tag.as_bytes() == sent.tag && (is_strong || comparison == Comparison::Weak)
    }
}

impl fmt::Display for Etag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\"{}\"", if self.is_weak { "W/" } else { "" }, self.tag)
    }
}

/// The text with everything escaped that a tag cannot hold.
fn fit(text: &str) -> String {
    let mut tag = String::with_capacity(text.len());
    for char in text.chars() {
        if matches!(char, '!' | '#'..='~') || !char.is_ascii() {
            tag.push(char);
        } else {
            // Writing to memory cannot fail.
            let _ = write!(tag, "%{:02X}", u32::from(char));
        }
    }
    tag
}

/// What is known of the present state of a resource, for conditional requests to be held against.
///
/// ```
/// use photon_runtime::{Etag, Validators};
///
/// let known = Validators::new().etag(Etag::strong(7)).last_modified(std::time::SystemTime::now());
/// # let _ = (known, Validators::absent());
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Validators {
    exists: bool,
    etag: Option<Etag>,
    last_modified: Option<SystemTime>,
}

impl Validators {
    /// The resource exists, and nothing else is known.
    pub fn new() -> Self {
        Self { exists: true, etag: None, last_modified: None }
    }

    /// There is no such resource yet: `If-Match` fails, and `If-None-Match: *` holds.
    pub fn absent() -> Self {
        Self { exists: false, etag: None, last_modified: None }
    }

    /// The tag of its state.
    #[must_use]
    pub fn etag(mut self, etag: Etag) -> Self {
        self.etag = Some(etag);
        self
    }

    /// When it was last changed; HTTP counts in seconds.
    #[must_use]
    pub fn last_modified(mut self, at: impl Into<SystemTime>) -> Self {
        self.last_modified = Some(at.into());
        self
    }

    /// `ETag`, where there is a tag.
    pub(crate) fn etag_text(&self) -> Option<String> {
        self.etag.as_ref().map(Etag::to_string)
    }

    /// `Last-Modified`, which is never later than now (RFC 9110, section 8.8.2.1).
    pub(crate) fn last_modified_text(&self) -> Option<String> {
        let at = seconds(self.last_modified?.min(SystemTime::now()))?;
        Some(httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(at)))
    }

    fn seconds(&self) -> Option<u64> {
        seconds(self.last_modified?)
    }
}

impl Default for Validators {
    fn default() -> Self {
        Self::new()
    }
}

impl From<Etag> for Validators {
    fn from(etag: Etag) -> Self {
        Self::new().etag(etag)
    }
}

/// What the conditions of a request come to.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Condition {
    /// The method is to be performed.
    Holds,
    /// The client has it already: 304.
    NotModified,
    /// The resource is not in the state that the client expects: 412.
    Failed,
}

/// Whether the method only reads, so that 304 may answer it.
pub(crate) fn reads(method: &str) -> bool {
    matches!(method, "GET" | "HEAD")
}

/// Evaluates the conditions in the order of RFC 9110, section 13.2.2; `If-Range` is left to [`allows_range`].
pub(crate) fn evaluate(head: &Head<'_>, known: &Validators) -> Condition {
    if head.header("if-match").is_some() {
        if !any_tag(head, "if-match", known, Comparison::Strong) {
            return Condition::Failed;
        }
    } else if let (Some(since), Some(changed)) = (date(head, "if-unmodified-since"), known.seconds())
        && changed > since
    {
        return Condition::Failed;
    }
    let is_read = reads(head.method);
    if head.header("if-none-match").is_some() {
        let is_known = any_tag(head, "if-none-match", known, Comparison::Weak);
        return match (is_known, is_read) {
            (false, _) => Condition::Holds,
            (true, true) => Condition::NotModified,
            (true, false) => Condition::Failed,
        };
    }
    match (date(head, "if-modified-since"), known.seconds()) {
        (Some(since), Some(changed)) if is_read && changed <= since => Condition::NotModified,
        _ => Condition::Holds,
    }
}

/// Whether a range of this representation may be sent: `If-Range` is absent, or names the very same bytes.
pub(crate) fn allows_range(head: &Head<'_>, known: &Validators) -> bool {
    let Some(value) = head.header("if-range") else { return true };
    if let Some((sent, [])) = tag(value) {
        return known.etag.as_ref().is_some_and(|etag| etag.fits(&sent, Comparison::Strong));
    }
    date(head, "if-range").is_some_and(|date| known.seconds() == Some(date))
}

/// How two tags are compared (RFC 9110, section 8.8.3.2).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Comparison {
    Strong,
    Weak,
}

/// A tag as it was sent.
struct Sent<'v> {
    is_weak: bool,
    tag: &'v [u8],
}

/// Whether one of the tags in these fields is the present one; `*` is any.
fn any_tag(head: &Head<'_>, name: &str, known: &Validators, comparison: Comparison) -> bool {
    head.header_all(name).any(|value| {
        if value.trim_ascii() == b"*" {
            return known.exists;
        }
        let Some(etag) = known.etag.as_ref().filter(|_| known.exists) else { return false };
        tags(value).any(|sent| etag.fits(&sent, comparison))
    })
}

/// The tags of a list, up to what is none.
fn tags(mut rest: &[u8]) -> impl Iterator<Item = Sent<'_>> {
    std::iter::from_fn(move || {
        while let [b' ' | b'\t' | b',', tail @ ..] = rest {
            rest = tail;
        }
        let (sent, tail) = tag(rest)?;
        rest = tail;
        Some(sent)
    })
}

/// The tag at the front, and what follows it.
fn tag(value: &[u8]) -> Option<(Sent<'_>, &[u8])> {
    let opaque = value.strip_prefix(b"W/").unwrap_or(value);
    let is_weak = opaque.len() < value.len();
    let inner = opaque.strip_prefix(b"\"")?;
    let end = memchr::memchr(b'"', inner)?;
    let is_fit = inner[..end].iter().all(|byte| matches!(byte, b'!' | b'#'..=b'~' | 0x80..));
    is_fit.then(|| (Sent { is_weak, tag: &inner[..end] }, &inner[end + 1..]))
}

/// The one date of a field in seconds since 1970; what is none counts as absent.
fn date(head: &Head<'_>, name: &str) -> Option<u64> {
    let mut values = head.header_all(name);
    let text = str::from_utf8(values.next()?).ok()?;
    let date = httpdate::parse_http_date(text.trim_ascii()).ok()?;
    if values.next().is_some() { None } else { seconds(date) }
}

/// Whole seconds since 1970, where HTTP has a date for them.
fn seconds(at: SystemTime) -> Option<u64> {
    let seconds = at.duration_since(UNIX_EPOCH).ok()?.as_secs();
    (seconds < DATE_SECONDS_END).then_some(seconds)
}

#[cfg(test)]
#[path = "conditional_tests.rs"]
mod tests;
