//! Schemas that tables do not express, as constants of generated code; compiled once, and judged by [`exact`].

use std::fmt;
use std::sync::OnceLock;

use super::exact::{self, Program, Value};
use super::violation::{Violation, Violations};

/// The schemas of a module: `{"$defs": {..}}`, as JSON text.
pub struct Checks {
    source: &'static str,
    formats: bool,
    schemas: OnceLock<Result<Value<'static>, String>>,
}

impl Checks {
    /// Schemas, not yet parsed.
    pub const fn new(source: &'static str) -> Self {
        Self { source, formats: true, schemas: OnceLock::new() }
    }

    /// Formats only annotate: they are not asserted.
    #[must_use]
    pub const fn without_formats(mut self) -> Self {
        self.formats = false;
        self
    }

    fn schemas(&self) -> Result<&Value<'static>, String> {
        let parsed = self.schemas.get_or_init(|| {
            Value::parse(self.source).ok_or_else(|| "the schemas to check by are broken".to_owned())
        });
        parsed.as_ref().map_err(Clone::clone)
    }
}

impl fmt::Debug for Checks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Checks").finish_non_exhaustive()
    }
}

/// One schema to check a value by, compiled when the service is made, or else on first use.
pub struct Check {
    checks: &'static Checks,
    key: &'static str,
    /// Named where a check is made, so that a binary without checks does not hold what judges by them.
    judge: fn(&Self, &str, &mut Violations),
    program: OnceLock<Result<Program, String>>,
}

impl Check {
    /// A check by the schema of this key in `$defs`, not yet compiled.
    pub const fn new(checks: &'static Checks, key: &'static str) -> Self {
        Self { checks, key, judge: judge_exactly, program: OnceLock::new() }
    }

    /// Compiles it now; the error says what is wrong with it.
    pub fn compile(&self) -> Result<(), String> {
        self.program().map(|_| ())
    }

    fn program(&self) -> Result<&Program, String> {
        let compiled = self.program.get_or_init(|| {
            let schemas = self.checks.schemas()?;
            Program::compile(schemas, self.key, self.checks.formats)
                .map_err(|error| format!("the schema {} does not compile: {error}", self.key))
        });
        compiled.as_ref().map_err(Clone::clone)
    }

    /// Tells what of a JSON text does not fit.
    pub(crate) fn judge(&self, json: &str, faults: &mut Violations) {
        (self.judge)(self, json, faults);
    }
}

fn judge_exactly(check: &Check, json: &str, faults: &mut Violations) {
    match check.program() {
        Ok(program) => exact::judge(program, json, faults),
        Err(reason) => faults.push(Violation::new("schema", reason)),
    }
}

impl fmt::Debug for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Check").field(&self.key).finish()
    }
}
