//! Every kind of change: its id, what it means to clients, and what the opposite change is called.
//!
//! The one table that reports and documentation are made from: `changes.md` lists it, and a test compares the two. Ids
//! never change their meaning.

pub(super) mod access;
pub(super) mod message;
pub(super) mod operation;
pub(super) mod schema;

/// What a change means to those who use the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// It is only said differently.
    Documentation,
    /// Clients that kept to the contract go on as they are.
    Compatible,
    /// Most clients go on as they are; those that are strict, or rely on what was never promised, may not.
    Risky,
    /// Clients that kept to the contract break.
    Breaking,
}

impl Verdict {
    /// The word for it: `breaking`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Documentation => "documentation",
            Self::Compatible => "compatible",
            Self::Risky => "risky",
            Self::Breaking => "breaking",
        }
    }
}

/// Which way travels what has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// Clients send it: requests, and the answers to webhooks and callbacks.
    Request,
    /// Clients receive it: answers, and the requests of webhooks and callbacks.
    Response,
    /// It does not travel, or both ways.
    Neither,
}

impl Direction {
    /// The word for it: `request`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Response => "response",
            Self::Neither => "",
        }
    }

    /// The other way.
    pub(super) fn flipped(self) -> Self {
        match self {
            Self::Request => Self::Response,
            Self::Response => Self::Request,
            Self::Neither => Self::Neither,
        }
    }
}

/// What part of a contract a change is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Area {
    /// Paths, operations, webhooks and callbacks as a whole.
    Operation,
    /// Parameters.
    Parameter,
    /// Bodies of requests.
    Body,
    /// Responses with their headers, bodies and links.
    Response,
    /// Values: properties, items, types.
    Schema,
    /// Who may call.
    Security,
    /// Where to call.
    Server,
    /// The document itself.
    Document,
}

impl Area {
    /// The word for it: `schema`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Operation => "operation",
            Self::Parameter => "parameter",
            Self::Body => "body",
            Self::Response => "response",
            Self::Schema => "schema",
            Self::Security => "security",
            Self::Server => "server",
            Self::Document => "document",
        }
    }
}

/// A kind of change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct ChangeKind {
    /// `request-property-became-required`
    pub id: &'static str,
    /// What part of a contract it is in.
    pub area: Area,
    /// Which way travels what has changed.
    pub direction: Direction,
    /// What it means to clients.
    pub verdict: Verdict,
    /// What has changed, without a full stop.
    pub what: &'static str,
    /// Why the verdict is what it is, without a full stop.
    pub why: &'static str,
    /// The id of the opposite change; its own where there is none.
    pub back: &'static str,
}

/// The two kinds that one change has, by the way in which what has changed travels.
#[derive(Debug)]
pub(super) struct Pair {
    /// Where clients send it.
    pub(super) request: ChangeKind,
    /// Where clients receive it.
    pub(super) response: ChangeKind,
}

impl Pair {
    /// The kind for a direction.
    pub(super) fn of(&'static self, direction: Direction) -> &'static ChangeKind {
        if direction == Direction::Response { &self.response } else { &self.request }
    }
}

/// Verdict and reason, where clients send and where they receive.
pub(super) struct Judgement {
    pub(super) request: (Verdict, &'static str),
    pub(super) response: (Verdict, &'static str),
}

const ACCEPTED: (Verdict, &str) = (Verdict::Compatible, "what was accepted still is");
const REFUSED: (Verdict, &str) = (Verdict::Breaking, "what was accepted may be refused");
const IGNORED: (Verdict, &str) = (Verdict::Risky, "what clients send there is ignored");
const KNOWN: (Verdict, &str) = (Verdict::Compatible, "what clients receive is what they know");
const UNKNOWN: (Verdict, &str) = (Verdict::Breaking, "clients may receive what they do not know");
const UNMATCHED: (Verdict, &str) =
    (Verdict::Risky, "clients that match exhaustively meet what they do not know");
const EXTRA: (Verdict, &str) = (Verdict::Compatible, "clients pass over what they do not know");
const MISSED: (Verdict, &str) = (Verdict::Breaking, "clients may miss what was promised");
const UNPROMISED: (Verdict, &str) = (Verdict::Risky, "clients that rely on what was never promised miss it");
const ANNOUNCED: (Verdict, &str) = (Verdict::Compatible, "clients were told to leave it");
const QUIET: (Verdict, &str) = (Verdict::Compatible, "nothing that is sent changes");
const WORDS: (Verdict, &str) = (Verdict::Documentation, "it is only said differently");

const fn judge(request: (Verdict, &'static str), response: (Verdict, &'static str)) -> Judgement {
    Judgement { request, response }
}

/// Fewer values fit than before.
const NARROWS: Judgement = judge(REFUSED, KNOWN);
/// More values fit than before.
const WIDENS: Judgement = judge(ACCEPTED, UNKNOWN);
/// More values fit than before, of a kind that clients should be ready for.
const OPENS: Judgement = judge(ACCEPTED, UNMATCHED);
/// Other values fit than before.
const DIFFERS: Judgement = judge(REFUSED, UNKNOWN);
/// Nobody can tell in general which values fit no longer.
const DOUBTFUL: Judgement = judge(
    (Verdict::Risky, "what was accepted may be refused; compare the two"),
    (Verdict::Risky, "clients may receive what they do not know; compare the two"),
);
/// Nothing that is sent changes.
const HARMLESS: Judgement = judge(QUIET, QUIET);
/// It is only said differently.
const SAID: Judgement = judge(WORDS, WORDS);

/// Rows that hold in both directions, with a prefix for each.
macro_rules! pairs {
    ($area:ident $request:literal $response:literal: $($name:ident = $id:literal $judgement:expr, $what:literal <-> $back:literal;)*) => {
        $(
            #[doc = concat!($id, ": ", $what, ".")]
            pub(in crate::drift) static $name: Pair = Pair {
                request: ChangeKind {
                    id: concat!($request, "-", $id),
                    area: Area::$area,
                    direction: Direction::Request,
                    verdict: $judgement.request.0,
                    what: $what,
                    why: $judgement.request.1,
                    back: concat!($request, "-", $back),
                },
                response: ChangeKind {
                    id: concat!($response, "-", $id),
                    area: Area::$area,
                    direction: Direction::Response,
                    verdict: $judgement.response.0,
                    what: $what,
                    why: $judgement.response.1,
                    back: concat!($response, "-", $back),
                },
            };
        )*

        pub(in crate::drift) static ALL: &[&Pair] = &[$(&$name),*];
    };
}
use pairs;

/// Rows that hold whichever way something travels.
macro_rules! kinds {
    ($($name:ident = $id:literal $area:ident $verdict:ident $what:literal, $why:literal <-> $back:literal;)*) => {
        $(
            #[doc = concat!($id, ": ", $what, ".")]
            pub(in crate::drift) static $name: ChangeKind = ChangeKind {
                id: $id,
                area: Area::$area,
                direction: Direction::Neither,
                verdict: Verdict::$verdict,
                what: $what,
                why: $why,
                back: $back,
            };
        )*

        pub(in crate::drift) static ALL: &[&ChangeKind] = &[$(&$name),*];
    };
}
use kinds;

/// Every kind, area by area.
pub(super) fn all() -> impl Iterator<Item = &'static ChangeKind> {
    let requests = message::request::ALL.iter().flat_map(|pair| [&pair.request, &pair.response]);
    let responses = message::response::ALL.iter().flat_map(|pair| [&pair.response, &pair.request]);
    let schemas = schema::ALL.iter().flat_map(|pair| [&pair.request, &pair.response]);
    let singles = operation::ALL.iter().chain(access::ALL).copied();
    singles.chain(requests).chain(responses).chain(schemas)
}
