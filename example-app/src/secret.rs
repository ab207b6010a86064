//! Names that nobody guesses.

use std::hash::{BuildHasher as _, RandomState};

/// 128 bits from the operating system's randomness, by way of the standard library's hash keys.
pub(crate) fn random() -> String {
    let half = || RandomState::new().hash_one("secret");
    format!("{:016x}{:016x}", half(), half())
}
