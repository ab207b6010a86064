//! What a document says of an operation's answers, as generated code describes it.
//!
//! Answers are held to it by `conform`. This module knows no answer.

use std::marker::PhantomData;

use super::body::Body;
use super::header;
use super::param::Param;
use crate::model::{Value, Violations};
use crate::problem::PROBLEM_JSON;

/// One declared answer: its status, the headers that clients may count on, its bodies.
#[derive(Debug)]
pub struct Declared {
    pub(crate) statuses: Statuses,
    pub(crate) headers: &'static [Told],
    /// One for each of the media types that its body may have.
    pub(crate) bodies: &'static [Body],
}

/// The statuses that an answer is declared for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Statuses {
    One(u16),
    /// Several that are declared alike.
    Each(&'static [u16]),
    /// `4XX` is 4.
    Class(u16),
    /// `default`.
    Others,
}

impl Statuses {
    fn names(self, status: u16) -> bool {
        match self {
            Self::One(one) => one == status,
            Self::Each(several) => several.contains(&status),
            Self::Class(_) | Self::Others => false,
        }
    }

    fn ranges_over(self, status: u16) -> bool {
        self == Self::Class(status / 100)
    }

    const fn is_success(self) -> bool {
        match self {
            Self::One(status) => status / 100 == 2,
            Self::Each(statuses) => statuses[0] / 100 == 2,
            Self::Class(digit) => digit == 2,
            Self::Others => false,
        }
    }
}

/// A header of an answer, and how its text is read back.
#[derive(Debug)]
pub struct Told {
    pub(crate) param: Param,
    pub(crate) judge: fn(&'static Param, &[&[u8]]) -> Violations,
}

/// The answer of this status.
pub const fn answer(status: u16) -> Declared {
    Declared::new(Statuses::One(status))
}

/// The answers of these statuses, declared alike.
pub const fn answers(statuses: &'static [u16]) -> Declared {
    Declared::new(Statuses::Each(statuses))
}

/// The answers whose status begins with this digit: `4XX`.
pub const fn answer_range(digit: u16) -> Declared {
    Declared::new(Statuses::Class(digit))
}

/// All other answers: `default`.
pub const fn other_answers() -> Declared {
    Declared::new(Statuses::Others)
}

/// A header of an answer that holds a `T`.
pub const fn told<T: Value>(header: Param) -> Told {
    Told { param: header, judge: header::judge::<T> }
}

impl Declared {
    const fn new(statuses: Statuses) -> Self {
        Self { statuses, headers: &[], bodies: &[] }
    }

    /// The headers that clients may count on, or whose values are bounded.
    #[must_use]
    pub const fn headers(mut self, headers: &'static [Told]) -> Self {
        self.headers = headers;
        self
    }

    /// The body is the JSON of a `T`.
    #[must_use]
    pub const fn json<T: Value>(self) -> Self {
        self.bodies(Json::<T>::BODIES)
    }

    /// The body is an RFC 9457 problem.
    #[must_use]
    pub const fn problem(self) -> Self {
        self.bodies(PROBLEM)
    }

    /// What the body may be.
    #[must_use]
    pub const fn bodies(mut self, bodies: &'static [Body]) -> Self {
        self.bodies = bodies;
        self
    }
}

/// A body that a constant can refer to for each type.
struct Json<T>(PhantomData<T>);

impl<T: Value> Json<T> {
    const BODIES: &'static [Body] = &[super::json().holds::<T>()];
}

const PROBLEM: &[Body] = &[super::json().media(PROBLEM_JSON)];

/// The declaration that a status falls under: its own before that of its class before `default`.
pub(crate) fn find(declared: &'static [Declared], status: u16) -> Option<&'static Declared> {
    let by = |fits: fn(Statuses, u16) -> bool| declared.iter().find(|it| fits(it.statuses, status));
    by(Statuses::names).or_else(|| by(Statuses::ranges_over)).or_else(|| by(|it, _| it == Statuses::Others))
}

/// The media type of the first success that has a body.
pub(crate) const fn media_type_of_success(declared: &'static [Declared]) -> &'static [&'static str] {
    let mut at = 0;
    while at < declared.len() {
        let answer = &declared[at];
        if answer.statuses.is_success() && !answer.bodies.is_empty() {
            return std::slice::from_ref(&answer.bodies[0].media);
        }
        at += 1;
    }
    &[]
}
