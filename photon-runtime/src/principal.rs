//! Who calls: what a verifier makes of a credential.

/// The caller, unless `configure().principal(..)` names a type of the application's own.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Principal {
    /// Who it is.
    pub subject: String,
    /// What the caller may do: scopes of `OAuth` 2 and `OpenID` Connect, roles of other schemes.
    pub scopes: Vec<String>,
}

impl Principal {
    /// A caller without scopes.
    pub fn new(subject: impl Into<String>) -> Self {
        Self { subject: subject.into(), scopes: Vec::new() }
    }

    /// Adds a scope.
    #[must_use]
    pub fn scope(mut self, scope: impl Into<String>) -> Self {
        self.scopes.push(scope.into());
        self
    }
}

/// Whether a caller may do what an operation's scopes demand. Every type that verifiers return implements it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot say which scopes it holds",
    note = "write `impl photon_runtime::Scopes for {Self}`, so that operations can demand scopes"
)]
pub trait Scopes {
    /// Whether the caller holds this scope.
    fn holds(&self, scope: &str) -> bool;
}

impl Scopes for Principal {
    fn holds(&self, scope: &str) -> bool {
        self.scopes.iter().any(|held| held == scope)
    }
}

/// For services that secure nothing.
impl Scopes for () {
    fn holds(&self, _scope: &str) -> bool {
        false
    }
}
