//! Lets a caller in: the first alternative of which every scheme verifies.

use std::any::{Any, TypeId};
use std::sync::Arc;

use super::credential::is_present;
use super::scheme::{Challenge, Scheme};
use crate::context::Context;
use crate::contract::Input;
use crate::principal::Scopes;
use crate::problem::Problem;
use crate::status::{Forbidden, Unauthorized};

/// What generated code hands to `secured_by`: calls the verifier of one scheme.
pub(crate) type Verifier<A, P> = fn(&A, &Context<'_>, &Scheme, &Input<'_>) -> Result<P, Unauthorized>;

/// Verifies the schemes of one service.
pub(crate) trait Gate: Send + Sync {
    /// Whether callers can be put into a slot of this type.
    fn fits(&self, slot: TypeId) -> bool;

    /// Verifies one scheme and its scopes; puts the caller into the slot if there is one.
    fn verify(
        &self,
        cx: &Context<'_>,
        scheme: &Scheme,
        input: &Input<'_>,
        slot: Option<&mut dyn Any>,
    ) -> Result<(), Refusal>;

    /// Puts nobody into a slot for an optional caller.
    fn anonymous(&self, slot: &mut dyn Any);
}

/// Why a caller is not let in.
#[derive(Clone, Debug)]
pub(crate) struct Refusal {
    pub(crate) problem: Problem,
    /// The value of `WWW-Authenticate`.
    pub(crate) challenge: String,
}

/// A service's verifier with the application that it asks.
pub(crate) struct Verified<A, P> {
    pub(crate) api: Arc<A>,
    pub(crate) verifier: Verifier<A, P>,
}

impl<A: Send + Sync, P: Scopes + 'static> Gate for Verified<A, P> {
    fn fits(&self, slot: TypeId) -> bool {
        slot == TypeId::of::<Option<P>>() || slot == TypeId::of::<Option<Option<P>>>()
    }

    fn verify(
        &self,
        cx: &Context<'_>,
        scheme: &Scheme,
        input: &Input<'_>,
        slot: Option<&mut dyn Any>,
    ) -> Result<(), Refusal> {
        let caller = (self.verifier)(&self.api, cx, scheme, input)
            .map_err(|Unauthorized(problem)| Refusal::of(problem, scheme, Challenge::Refused))?;
        if let Some(missing) = scheme.scopes.iter().find(|scope| !caller.holds(scope)) {
            let Forbidden(problem) = Forbidden::new(format!("the caller does not hold `{missing}`"));
            return Err(Refusal::of(problem, scheme, Challenge::Scopes));
        }
        let Some(slot) = slot else { return Ok(()) };
        if let Some(slot) = slot.downcast_mut::<Option<P>>() {
            *slot = Some(caller);
        } else if let Some(slot) = slot.downcast_mut::<Option<Option<P>>>() {
            *slot = Some(Some(caller));
        }
        Ok(())
    }

    fn anonymous(&self, slot: &mut dyn Any) {
        if let Some(slot) = slot.downcast_mut::<Option<Option<P>>>() {
            *slot = Some(None);
        }
    }
}

impl Refusal {
    fn of(problem: Problem, scheme: &Scheme, challenge: Challenge) -> Self {
        let mut text = String::new();
        scheme.challenge(challenge, &mut text);
        Self { problem, challenge: text }
    }

    /// No alternative's credentials were sent: all schemes are offered.
    fn missing(alternatives: &[&[Scheme]]) -> Self {
        let mut challenge = String::new();
        let mut offered: Vec<&str> = Vec::new();
        for scheme in alternatives.iter().copied().flatten() {
            if !offered.contains(&scheme.name) {
                offered.push(scheme.name);
                scheme.challenge(Challenge::Missing, &mut challenge);
            }
        }
        let Unauthorized(problem) = Unauthorized::new("credentials are missing");
        Self { problem, challenge }
    }
}

/// Lets the caller in by the first alternative that holds; an empty one, which demands nothing, is tried last.
///
/// The slot is an `Option` of the operation's principal. The caller of a combination is its first scheme's. Of several
/// refusals the one that came closest is told: a verifier's own failure before scopes, before credentials, before their
/// absence.
pub(crate) fn admit(
    gate: &dyn Gate,
    cx: &Context<'_>,
    alternatives: &[&[Scheme]],
    input: &Input<'_>,
    slot: &mut dyn Any,
) -> Result<(), Refusal> {
    let mut told: Option<Refusal> = None;
    for schemes in alternatives.iter().filter(|schemes| !schemes.is_empty()) {
        if !schemes.iter().all(|scheme| is_present(scheme, input)) {
            continue;
        }
        match all_of(gate, cx, schemes, input, slot) {
            Ok(()) => return Ok(()),
            Err(refusal) => {
                if told.as_ref().is_none_or(|told| told.problem.status() < refusal.problem.status()) {
                    told = Some(refusal);
                }
            }
        }
    }
    // Who could not be looked up is not nobody.
    let is_unknown = told.as_ref().is_some_and(|told| told.problem.status().is_server_error());
    if !is_unknown && alternatives.iter().any(|schemes| schemes.is_empty()) {
        gate.anonymous(slot);
        return Ok(());
    }
    Err(told.unwrap_or_else(|| Refusal::missing(alternatives)))
}

fn all_of(
    gate: &dyn Gate,
    cx: &Context<'_>,
    schemes: &[Scheme],
    input: &Input<'_>,
    slot: &mut dyn Any,
) -> Result<(), Refusal> {
    for (index, scheme) in schemes.iter().enumerate() {
        let slot = if index == 0 { Some(&mut *slot) } else { None };
        gate.verify(cx, scheme, input, slot)?;
    }
    Ok(())
}
