//! Takes a body apart at its boundary (RFC 2046, section 5.1.1), in whatever pieces it comes.
//!
//! ```text
//! Start ──▶ Preamble ──▶ Delimiter ──▶ Head ──▶ Blank ──▶ Content ──▶ Delimiter ──▶ ..
//!   └─────────────────────▲  └── `--`: End                    └── a line that is none
//! ```
//!
//! It is given a window of bytes, and says how many of them it has used and what they were; the rest must stand at the
//! front of the next window. Knows bytes only.

use bytes::Bytes;

use super::head::{PART_HEAD_BYTES_MAX, part_head};
use super::{Broken, PARTS_MAX, Part};

/// How long a boundary may be, in bytes (RFC 2046, section 5.1.1).
const BOUNDARY_BYTES_MAX: usize = 70;

/// A window this long always gets the splitter on.
pub(crate) const WINDOW_BYTES: usize = 2 * PART_HEAD_BYTES_MAX;

/// What the front of a window is, and how many bytes of it that takes.
#[derive(Debug)]
pub(crate) enum Step {
    /// Nothing can be said before more bytes have come.
    More,
    /// Bytes that belong to no part.
    Skip(usize),
    /// The headers of a part.
    Head(Box<Part>, usize),
    /// Content of the present part.
    Data(usize),
    /// The end of the present part.
    PartEnd(usize),
    /// There are no more parts; what follows is nobody's.
    End,
}

/// A body that is being taken apart.
pub(crate) struct Splitter {
    /// The end of a line, two dashes, the boundary.
    delimiter: Vec<u8>,
    finder: memchr::memmem::Finder<'static>,
    state: State,
    parts: usize,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum State {
    Start,
    Preamble,
    Delimiter,
    Head,
    /// The blank line that ends the headers, which may begin the delimiter of an empty part.
    Blank,
    Content,
    End,
}

impl Splitter {
    pub(crate) fn new(boundary: &str) -> Result<Self, Broken> {
        check_boundary(boundary)?;
        let delimiter = format!("\r\n--{boundary}").into_bytes();
        let finder = memchr::memmem::Finder::new(&delimiter).into_owned();
        Ok(Self { delimiter, finder, state: State::Start, parts: 0 })
    }

    /// One of a body without parts.
    pub(crate) fn ended() -> Self {
        let finder = memchr::memmem::Finder::new(b"").into_owned();
        Self { delimiter: Vec::new(), finder, state: State::End, parts: 0 }
    }

    /// Looks at the front of what has come; `is_end` says that nothing comes after it.
    pub(crate) fn step(&mut self, window: &[u8], is_end: bool) -> Result<Step, Broken> {
        match self.state {
            State::Start => self.start(window, is_end),
            State::Preamble => self.preamble(window, is_end),
            State::Delimiter => self.after_delimiter(window, is_end),
            State::Head => self.head(window, is_end),
            State::Blank => Ok(self.blank(window, is_end)),
            State::Content => self.content(window, 0, is_end),
            State::End => Ok(Step::End),
        }
    }

    /// The first boundary may stand at the very start.
    fn start(&mut self, window: &[u8], is_end: bool) -> Result<Step, Broken> {
        let bare = &self.delimiter[2..];
        if let Some(rest) = window.strip_prefix(bare) {
            let used = bare.len();
            match after(rest, is_end) {
                After::Unknown => return Ok(Step::More),
                After::Neither => {}
                After::Close | After::Open(_) => {
                    self.state = State::Delimiter;
                    return Ok(Step::Skip(used));
                }
            }
        } else if !is_end && bare.starts_with(window) {
            return Ok(Step::More);
        }
        self.state = State::Preamble;
        self.preamble(window, is_end)
    }

    fn preamble(&mut self, window: &[u8], is_end: bool) -> Result<Step, Broken> {
        if let Some(at) = self.finder.find(window) {
            self.state = State::Delimiter;
            return Ok(Step::Skip(at + self.delimiter.len()));
        }
        match self.surely_none(window) {
            _ if is_end => Err("does not contain its boundary".into()),
            0 => Ok(Step::More),
            count => Ok(Step::Skip(count)),
        }
    }

    fn after_delimiter(&mut self, window: &[u8], is_end: bool) -> Result<Step, Broken> {
        match after(window, is_end) {
            After::Unknown => return Ok(Step::More),
            After::Neither => return Err("has a boundary that is followed by other text".into()),
            After::Close => self.state = State::End,
            After::Open(skipped) => {
                if self.parts == PARTS_MAX {
                    return Err(Broken::TooMany);
                }
                self.parts += 1;
                self.state = State::Head;
                return Ok(Step::Skip(skipped));
            }
        }
        Ok(Step::End)
    }

    fn head(&mut self, window: &[u8], is_end: bool) -> Result<Step, Broken> {
        let is_whole = memchr::memmem::find(window, b"\r\n\r\n").is_some() || window.starts_with(b"\r\n");
        if !is_whole && !is_end && window.len() < PART_HEAD_BYTES_MAX {
            return Ok(Step::More);
        }
        let (part, length) = part_head(window)?;
        self.state = State::Blank;
        Ok(Step::Head(Box::new(part), length - 2))
    }

    fn blank(&mut self, window: &[u8], is_end: bool) -> Step {
        let is_delimiter = match window.strip_prefix(&*self.delimiter) {
            Some(rest) => match after(rest, is_end) {
                After::Unknown => return Step::More,
                After::Neither => false,
                After::Close | After::Open(_) => true,
            },
            None if !is_end && self.delimiter.starts_with(window) => return Step::More,
            None => false,
        };
        if is_delimiter {
            return self.part_end();
        }
        self.state = State::Content;
        Step::Skip(2)
    }

    /// Content up to the next delimiter; `from` is where one may begin.
    fn content(&mut self, window: &[u8], from: usize, is_end: bool) -> Result<Step, Broken> {
        let mut from = from;
        while let Some(found) = self.finder.find(&window[from..]).map(|found| from + found) {
            match after(&window[found + self.delimiter.len()..], is_end) {
                After::Neither => from = found + 2,
                After::Unknown if found == 0 => return Ok(Step::More),
                After::Close | After::Open(_) if found == 0 => return Ok(self.part_end()),
                _ => return Ok(Step::Data(found)),
            }
        }
        match self.surely_none(window).max(from) {
            _ if is_end => Err("ends within a part".into()),
            0 => Ok(Step::More),
            count => Ok(Step::Data(count)),
        }
    }

    fn part_end(&mut self) -> Step {
        self.state = State::Delimiter;
        Step::PartEnd(self.delimiter.len())
    }

    /// How many bytes of a window without a delimiter can begin none either.
    fn surely_none(&self, window: &[u8]) -> usize {
        let tail = window.len().saturating_sub(self.delimiter.len() - 1);
        // The line end with which a delimiter begins, in what may be the start of one.
        memchr::memchr(b'\r', &window[tail..]).map_or(window.len(), |at| tail + at)
    }
}

/// Takes a body apart that is there as a whole. Contents are slices of it.
pub(super) fn split(body: &Bytes, boundary: &str) -> Result<Vec<Part>, Broken> {
    let mut splitter = Splitter::new(boundary)?;
    let mut parts: Vec<Part> = Vec::new();
    let (mut at, mut start) = (0, 0);
    loop {
        match splitter.step(&body[at..], true)? {
            Step::Skip(count) => {
                at += count;
                start = at;
            }
            Step::Head(part, count) => {
                parts.push(*part);
                at += count;
                start = at;
            }
            Step::Data(count) => at += count,
            Step::PartEnd(count) => {
                if let Some(part) = parts.last_mut() {
                    part.content = body.slice(start..at);
                }
                at += count;
            }
            Step::End => return Ok(parts),
            Step::More => return Err("ends within a part".into()),
        }
    }
}

/// What follows a boundary.
enum After {
    /// `--`: no more parts.
    Close,
    /// The end of the line, so many bytes on: a part.
    Open(usize),
    /// Other text: a longer line that only begins like the boundary.
    Neither,
    /// It has not come yet.
    Unknown,
}

fn after(rest: &[u8], is_end: bool) -> After {
    if rest.starts_with(b"--") {
        return After::Close;
    }
    let padding = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    match &rest[padding..] {
        // More padding than a head may have bytes is none.
        _ if padding > PART_HEAD_BYTES_MAX => After::Neither,
        [b'\r', b'\n', ..] => After::Open(padding + 2),
        [] | [b'\r'] if !is_end => After::Unknown,
        [b'-'] if padding == 0 && !is_end => After::Unknown,
        _ => After::Neither,
    }
}

fn check_boundary(boundary: &str) -> Result<(), Broken> {
    let is_fit = !boundary.is_empty()
        && boundary.len() <= BOUNDARY_BYTES_MAX
        && !boundary.ends_with(' ')
        && boundary.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"'()+_,-./:=? ".contains(&byte));
    if is_fit { Ok(()) } else { Err("has a boundary that is not one".into()) }
}
