//! The options of a run: plain values with consuming setters and documented defaults, no logic.

use std::path::{Path, PathBuf};

use crate::api::Api;
use crate::hook::Hooks;

/// What `date-time` becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DateTimeCrate {
    /// `chrono::DateTime<FixedOffset>`, and `NaiveDate` for `date`.
    #[default]
    Chrono,
    /// `String`, checked but not converted.
    Text,
}

/// What an `integer` without a `format` becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Integers {
    /// `i64`; greater ones are refused with a 422.
    #[default]
    I64,
    /// A type that holds every integer.
    Arbitrary,
}

/// Whether a `format` such as `email` is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Formats {
    /// It is checked.
    #[default]
    Assert,
    /// It only says what is meant, as JSON Schema has it by default.
    Annotate,
}

/// How a schema without `type` is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Untyped {
    /// By what it speaks of: `properties` means an object, `minLength` a string. In 3.1 and later each is told by a
    /// warning, for values of other types would fit, too.
    #[default]
    Infer,
    /// To the letter: its keywords hold for values of their type, and values of all other types fit.
    Exact,
}

/// What happens to an operation one of whose media types Photon cannot carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum UnknownMedia {
    /// The media type is left out with a warning; the others are served.
    #[default]
    Skip,
    /// The operation is refused.
    Refuse,
}

/// The options of a run; [`configure`](crate::configure) starts one.
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct Config {
    pub(crate) file: Option<String>,
    pub(crate) out_dir: Option<PathBuf>,
    pub(crate) replace: Vec<(String, String)>,
    pub(crate) derive: Vec<(String, String)>,
    pub(crate) principal: Option<String>,
    pub(crate) internal_error: Vec<String>,
    pub(crate) base_path: Option<String>,
    pub(crate) selection: Selection,
    pub(crate) date_time: DateTimeCrate,
    pub(crate) integers: Integers,
    pub(crate) formats: Formats,
    pub(crate) unknown_media: UnknownMedia,
    pub(crate) untyped: Untyped,
    pub(crate) strict: bool,
    pub(crate) vendor: Option<PathBuf>,
    pub(crate) overlays: Vec<PathBuf>,
    pub(crate) hooks: Hooks,
}

/// Which operations are generated: those that match any entry, or all where there is none.
#[derive(Debug, Clone, Default)]
pub(crate) struct Selection {
    /// Tags, as written.
    pub(crate) tags: Vec<String>,
    /// Paths, as written; one that ends with `*` stands for all that begin so.
    pub(crate) paths: Vec<String>,
    /// `operationId`s.
    pub(crate) operations: Vec<String>,
}

impl Config {
    /// The name of the generated file. Defaults to the document's: `pet-store.yaml` gives `pet_store.rs`.
    pub fn file(mut self, name: impl Into<String>) -> Self {
        self.file = Some(name.into());
        self
    }

    /// Where the file goes. Defaults to `OUT_DIR`, which cargo sets for build scripts.
    pub fn out_dir(mut self, path: impl Into<PathBuf>) -> Self {
        self.out_dir = Some(path.into());
        self
    }

    /// Uses `rust_path` instead of generating a type for the schema named `schema`. Defaults to none.
    pub fn replace(mut self, schema: impl Into<String>, rust_path: impl Into<String>) -> Self {
        self.replace.push((schema.into(), rust_path.into()));
        self
    }

    /// Derives `derive_path` on the type generated as `ty`. Defaults to none.
    pub fn derive(mut self, ty: impl Into<String>, derive_path: impl Into<String>) -> Self {
        self.derive.push((ty.into(), derive_path.into()));
        self
    }

    /// What verified callers are. Defaults to `photon_runtime::Principal`.
    pub fn principal(mut self, rust_path: impl Into<String>) -> Self {
        self.principal = Some(rust_path.into());
        self
    }

    /// An error type that `?` turns into a logged 500 in every handler. Defaults to none; may be called repeatedly.
    pub fn internal_error(mut self, rust_path: impl Into<String>) -> Self {
        self.internal_error.push(rust_path.into());
        self
    }

    /// Where the routes are mounted. Defaults to the path of the document's first server.
    pub fn base_path(mut self, path: impl Into<String>) -> Self {
        self.base_path = Some(path.into());
        self
    }

    /// Generates the operations of this tag. Defaults to all; tags, paths and operations add up.
    pub fn tag(mut self, tag: impl Into<String>) -> Self {
        self.selection.tags.push(tag.into());
        self
    }

    /// Generates the operations of this path, or of all that begin so: `/admin/*`. Defaults to all.
    pub fn path(mut self, path: impl Into<String>) -> Self {
        self.selection.paths.push(path.into());
        self
    }

    /// Generates the operation of this `operationId`. Defaults to all.
    pub fn operation(mut self, id: impl Into<String>) -> Self {
        self.selection.operations.push(id.into());
        self
    }

    /// What `date-time` and `date` become. Defaults to [`DateTimeCrate::Chrono`].
    pub fn date_time(mut self, date_time: DateTimeCrate) -> Self {
        self.date_time = date_time;
        self
    }

    /// What an `integer` without a `format` becomes. Defaults to [`Integers::I64`].
    pub fn integers(mut self, integers: Integers) -> Self {
        self.integers = integers;
        self
    }

    /// Whether formats are checked. Defaults to [`Formats::Assert`].
    pub fn formats(mut self, formats: Formats) -> Self {
        self.formats = formats;
        self
    }

    /// How schemas without `type` are read. Defaults to [`Untyped::Infer`].
    pub fn untyped(mut self, untyped: Untyped) -> Self {
        self.untyped = untyped;
        self
    }

    /// What happens to media types that Photon cannot carry. Defaults to [`UnknownMedia::Skip`].
    pub fn unknown_media(mut self, unknown_media: UnknownMedia) -> Self {
        self.unknown_media = unknown_media;
        self
    }

    /// Makes every finding an error: nothing is tolerated, no operation is left out. Defaults to off.
    pub fn strict(mut self) -> Self {
        self.strict = true;
        self
    }

    /// A folder that holds the files behind remote references, as `HOST/PATH`. Defaults to none: nothing is
    /// ever downloaded.
    pub fn vendor(mut self, folder: impl Into<PathBuf>) -> Self {
        self.vendor = Some(folder.into());
        self
    }

    /// An OpenAPI Overlay that is applied to the document first. Defaults to none; several apply in order.
    pub fn overlay(mut self, file: impl Into<PathBuf>) -> Self {
        self.overlays.push(file.into());
        self
    }

    /// Adds the Rust items that `hook` makes of the generated module to its end. Defaults to none; several add up.
    pub fn hook(mut self, hook: impl Fn(&Api) -> proc_macro2::TokenStream + Send + Sync + 'static) -> Self {
        self.hooks.push(hook);
        self
    }

    /// The vendored folder.
    pub(crate) fn vendor_path(&self) -> Option<&Path> {
        self.vendor.as_deref()
    }
}

impl Selection {
    /// Whether nothing is left out.
    pub(crate) fn is_all(&self) -> bool {
        self.tags.is_empty() && self.paths.is_empty() && self.operations.is_empty()
    }

    /// Whether an operation is among the chosen.
    pub(crate) fn contains<'a>(
        &self,
        path: &str,
        id: Option<&str>,
        mut tags: impl Iterator<Item = &'a str>,
    ) -> bool {
        self.is_all()
            || self.paths.iter().any(|pattern| path_meets(pattern, path))
            || id.is_some_and(|id| self.operations.iter().any(|chosen| chosen == id))
            || tags.any(|tag| self.tags.iter().any(|chosen| chosen == tag))
    }
}

/// Whether a path is one that an entry of a selection stands for.
pub(crate) fn path_meets(pattern: &str, path: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(start) => path.starts_with(start),
        None => pattern == path,
    }
}
