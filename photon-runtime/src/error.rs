//! The error for everything that is not the caller's fault: logged, answered with 500, never shown.
//!
//! This module knows no HTTP.

use std::error::Error as StdError;
use std::fmt;

/// What a fallible function of an application returns when it does not answer a caller itself.
pub type Result<T = (), E = Error> = std::result::Result<T, E>;

/// Any error, one pointer wide. `?` makes it of every `std::error::Error`.
///
/// It implements no `std::error::Error` itself: that is what lets `?` accept all others.
pub struct Error(Box<Box<dyn StdError + Send + Sync>>);

impl Error {
    /// An error that is only a message.
    pub fn new(message: impl Into<String>) -> Self {
        Self(Box::new(message.into().into()))
    }

    /// What was wrapped.
    pub fn get_ref(&self) -> &(dyn StdError + Send + Sync + 'static) {
        &**self.0
    }

    /// What was wrapped, if it is an `E`.
    pub fn downcast_ref<E: StdError + 'static>(&self) -> Option<&E> {
        self.0.downcast_ref()
    }
}

impl Error {
    /// Whether what was wrapped is a `C`, or any of its causes.
    pub(crate) fn is_caused_by<C: StdError + 'static>(&self) -> bool {
        self.cause::<C>().is_some()
    }

    /// What was wrapped, or the first of its causes, that is a `C`.
    pub(crate) fn cause<C: StdError + 'static>(&self) -> Option<&C> {
        let mut cause: Option<&(dyn StdError + 'static)> = Some(self.get_ref());
        while let Some(error) = cause {
            // An `io::Error` that carries another is not its cause, but stands for it.
            let carried = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
            let carried = carried.and_then(|carried| carried.downcast_ref::<C>());
            if let Some(found) = error.downcast_ref::<C>().or(carried) {
                return Some(found);
            }
            cause = error.source();
        }
        None
    }
}

impl<E: StdError + Send + Sync + 'static> From<E> for Error {
    fn from(error: E) -> Self {
        Self(Box::new(Box::new(error)))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// The message and those of its causes, for cargo and the log print errors by `Debug`.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)?;
        let mut cause = self.0.source();
        while let Some(error) = cause {
            write!(f, ": {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}

/// `.internal()`: says that an error is not the caller's fault.
pub trait ResultExt<T> {
    /// Turns the error into [`Error`], which every handler's error accepts by `?` and answers with a logged 500.
    fn internal(self) -> Result<T>;
}

impl<T, E: Into<Error>> ResultExt<T> for std::result::Result<T, E> {
    fn internal(self) -> Result<T> {
        self.map_err(Into::into)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_one_pointer_wide_and_tells_its_causes() {
        #[derive(Debug)]
        struct Outer(std::num::ParseIntError);
        impl fmt::Display for Outer {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("no number")
            }
        }
        impl StdError for Outer {
            fn source(&self) -> Option<&(dyn StdError + 'static)> {
                Some(&self.0)
            }
        }

        assert_eq!(size_of::<Error>(), size_of::<usize>());

        let error = "x".parse::<i32>().map_err(Outer).internal().unwrap_err();
        assert_eq!(error.to_string(), "no number");
        assert_eq!(format!("{error:?}"), "no number: invalid digit found in string");
        assert!(error.downcast_ref::<Outer>().is_some());
        assert_eq!(Error::new("plain").to_string(), "plain");
    }
}
