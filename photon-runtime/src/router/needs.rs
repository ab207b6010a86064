//! What a request must carry to be meant for an operation, where several share one path and method: keys of the query
//! and headers, with values or without. This module knows no path.

use super::Conflict;
use crate::escape;
use crate::exchange::Header;

/// Names, each with the value that it must have, if not any.
pub(super) type Pairs = &'static [(&'static str, Option<&'static str>)];

/// All that a request must carry.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Needs {
    pub(crate) query: Pairs,
    /// Names are compared in any case, values as they are.
    pub(crate) headers: Pairs,
}

/// What of a request is looked at, beside its path.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked<'a> {
    pub(crate) method: &'a str,
    /// Without its question mark.
    pub(crate) query: &'a str,
    pub(crate) headers: &'a [Header<'a>],
}

/// Who answers a method of a path.
#[derive(Debug)]
pub(super) enum Routes {
    /// This one, whatever the request carries.
    One(usize),
    /// The first whose needs are met; the most demanding come first.
    Several(Vec<(Needs, usize)>),
}

impl Needs {
    pub(crate) fn are_none(&self) -> bool {
        self.query.is_empty() && self.headers.is_empty()
    }

    /// How much is demanded; of as many names those with values are more.
    fn weight(&self) -> (usize, usize) {
        let pairs = || self.query.iter().chain(self.headers);
        (pairs().count(), pairs().filter(|(_, value)| value.is_some()).count())
    }

    /// Whether both are met by the same requests, as far as names and values tell.
    fn equal(&self, other: &Self) -> bool {
        let query = |one: Pairs, other: Pairs| one.iter().all(|pair| other.contains(pair));
        let headers = |one: Pairs, other: Pairs| {
            one.iter().all(|(name, value)| {
                other.iter().any(|(known, wanted)| known.eq_ignore_ascii_case(name) && wanted == value)
            })
        };
        query(self.query, other.query)
            && query(other.query, self.query)
            && headers(self.headers, other.headers)
            && headers(other.headers, self.headers)
    }

    fn are_met(&self, asked: &Asked<'_>) -> bool {
        self.headers.iter().all(|(name, value)| {
            let mut given = asked.headers.iter().filter(|header| header.name.eq_ignore_ascii_case(name));
            given.any(|header| value.is_none_or(|value| header.value == value.as_bytes()))
        }) && self.query.iter().all(|(name, value)| {
            asked.query.split('&').filter(|pair| !pair.is_empty()).any(|pair| {
                let (key, given) = pair.split_once('=').unwrap_or((pair, ""));
                escape::is_form_of(key, name) && value.is_none_or(|value| escape::is_form_of(given, value))
            })
        })
    }
}

impl Routes {
    pub(super) fn new(needs: Needs, route: usize) -> Self {
        if needs.are_none() { Self::One(route) } else { Self::Several(vec![(needs, route)]) }
    }

    pub(super) fn add(&mut self, needs: Needs, route: usize) -> Result<(), Conflict> {
        if let Self::One(first) = *self {
            *self = Self::Several(vec![(Needs::default(), first)]);
        }
        let Self::Several(candidates) = self else { return Ok(()) };
        if let Some((_, first)) = candidates.iter().find(|(known, _)| known.equal(&needs)) {
            return Err(Conflict { first: *first });
        }
        let at = candidates.partition_point(|(known, _)| known.weight() >= needs.weight());
        candidates.insert(at, (needs, route));
        Ok(())
    }

    /// The most demanding route whose needs are met.
    #[inline]
    pub(super) fn choose(&self, asked: &Asked<'_>) -> Option<usize> {
        match self {
            Self::One(route) => Some(*route),
            Self::Several(candidates) => {
                candidates.iter().find(|(needs, _)| needs.are_met(asked)).map(|(_, route)| *route)
            }
        }
    }
}
