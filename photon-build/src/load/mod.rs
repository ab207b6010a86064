//! Step 1: the root document, the files that it refers to, and overlays, as trees of nodes.
//!
//! The only reads of a run; nothing is ever downloaded. Must not know what a document means, but where references
//! stand.

mod json;
mod mend;
mod metaschema;
mod overlay;
mod path;
pub(crate) mod scalar;
mod tree;
pub(crate) mod uri;
mod words;
mod yaml;

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::codes;
use crate::config::Config;
use crate::finding::{Finding, Findings, Severity};
use crate::node::{Node, Value};
use crate::source::{FileId, Span};
use tree::{Fault, Said};

/// The largest file that is read, in bytes.
pub(crate) const FILE_BYTES_MAX: u64 = 128 << 20;

/// How many files a document may consist of.
pub(crate) const FILES_MAX: usize = 20_000;

/// The root document and every file that it refers to.
#[derive(Debug)]
pub(crate) struct Files {
    list: Vec<File>,
    by_uri: HashMap<String, usize>,
    failed: HashMap<String, String>,
}

/// A file as a tree.
#[derive(Debug)]
pub(crate) struct File {
    /// Where it was read: the base of its references, unless it says otherwise.
    pub(crate) uri: Arc<str>,
    /// Its content.
    pub(crate) root: Node,
}

impl Files {
    /// All files; the root document is the first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &File> {
        self.list.iter()
    }

    /// The file of a URI, and its number.
    pub(crate) fn get(&self, uri: &str) -> Option<(usize, &File)> {
        let index = *self.by_uri.get(uri)?;
        Some((index, self.list.get(index)?))
    }

    /// The file of a number.
    pub(crate) fn at(&self, index: usize) -> Option<&File> {
        self.list.get(index)
    }

    /// Why the file of a URI could not be read, if that was tried.
    pub(crate) fn failure(&self, uri: &str) -> Option<&str> {
        self.failed.get(uri).map(String::as_str)
    }
}

/// Reads the document at `path` with all that it refers to. `None` where the root itself cannot be read.
pub(crate) fn load(config: &Config, findings: &mut Findings, path: &Path) -> Option<Files> {
    let mut loader = Loader {
        config,
        findings,
        files: Vec::new(),
        by_uri: HashMap::new(),
        failed: HashMap::new(),
        absent: HashSet::new(),
    };
    let mut root = loader.document(path)?;
    for overlay in &config.overlays {
        if let Some(actions) = loader.document(overlay) {
            overlay::apply(loader.findings, &mut root, &actions);
        }
    }
    loader.keep(uri::of_file(path), root);
    loader.follow();
    Some(Files { list: loader.files, by_uri: loader.by_uri, failed: loader.failed })
}

struct Loader<'a> {
    config: &'a Config,
    findings: &'a mut Findings,
    files: Vec<File>,
    by_uri: HashMap<String, usize>,
    failed: HashMap<String, String>,
    /// What is on another machine and not in the folder of what other machines have.
    absent: HashSet<String>,
}

/// Why a file gave no tree.
enum Failure {
    /// It could not be read.
    Unreadable(&'static codes::Code, String),
    /// It was read, and this is wrong in it.
    Fault(Fault),
}

impl Loader<'_> {
    /// A file that must be there: what is wrong is told at once.
    fn document(&mut self, path: &Path) -> Option<Node> {
        match self.read(path) {
            Ok(node) => Some(node),
            Err(Failure::Fault(fault)) => {
                tell(self.findings, &fault);
                None
            }
            Err(Failure::Unreadable(code, message)) => {
                let file = self.findings.sources.add(path.to_owned(), "".into());
                self.findings.add(code, Span::new(file, 0, 0), message);
                None
            }
        }
    }

    /// Reads every file that a kept file refers to, and what those refer to.
    fn follow(&mut self) {
        let mut next = 0;
        while next < self.files.len() {
            let mut wanted = Vec::new();
            let file = &self.files[next];
            let base = own_base(&file.root, &file.uri);
            References { retrieval: &file.uri, wanted: &mut wanted }.scan(&file.root, &base);
            for uri in wanted {
                self.want(uri);
            }
            next += 1;
        }
    }

    fn want(&mut self, uri: String) {
        if self.by_uri.contains_key(&uri) || self.failed.contains_key(&uri) || self.absent.contains(&uri) {
            return;
        }
        if let Some(text) = metaschema::text(&uri) {
            let file = self.findings.sources.add_built_in(&uri, text.into());
            if let Ok(root) = json::parse(file, text, false, &mut Vec::new()) {
                self.keep(uri, root);
            }
            return;
        }
        let Some(path) = uri::to_file(&uri, self.config.vendor_path()) else { return };
        if self.files.len() >= FILES_MAX {
            self.failed.insert(uri, format!("a document may consist of at most {FILES_MAX} files"));
            return;
        }
        match self.read(&shown(&path)) {
            Ok(root) => self.keep(uri, root),
            Err(Failure::Unreadable(_, message)) => {
                // Among the sources all the same, so that the build runs again once it is there.
                self.findings.sources.add(shown(&path), "".into());
                if uri::is_remote(&uri) && !path.exists() {
                    self.absent.insert(uri);
                } else {
                    self.failed.insert(uri, message);
                }
            }
            Err(Failure::Fault(fault)) => {
                let message = format!("`{}` cannot be read for what is wrong in it", shown(&path).display());
                tell(self.findings, &fault).severity = Severity::Refusal;
                self.failed.insert(uri, message);
            }
        }
    }

    fn keep(&mut self, uri: String, root: Node) {
        let index = self.files.len();
        let own = own_base(&root, &uri);
        self.by_uri.entry(own).or_insert(index);
        self.files.push(File { uri: uri.as_str().into(), root });
        self.by_uri.insert(uri, index);
    }

    fn read(&mut self, path: &Path) -> Result<Node, Failure> {
        let unreadable = |error: std::io::Error| {
            Failure::Unreadable(&codes::UNREADABLE, format!("`{}` cannot be read: {error}", path.display()))
        };
        let metadata = std::fs::metadata(path).map_err(unreadable)?;
        if !metadata.is_file() {
            // A device or a pipe may never end.
            return Err(unreadable(std::io::Error::other("it is no regular file")));
        }
        if metadata.len() > FILE_BYTES_MAX {
            let message = format!("`{}` has more than {FILE_BYTES_MAX} bytes", path.display());
            return Err(Failure::Unreadable(&codes::LIMIT, message));
        }
        let bytes = std::fs::read(path).map_err(unreadable)?;
        let text: Arc<str> = match String::from_utf8(bytes) {
            Ok(text) => text.into(),
            Err(error) => return Err(self.not_utf8(path, &error)),
        };
        let file = self.findings.sources.add(path.to_owned(), text.clone());
        let mut faults = Vec::new();
        let node = parse(file, path, &text, &mut faults);
        for fault in faults {
            tell(self.findings, &fault);
        }
        node.map_err(Failure::Fault)
    }

    /// What is right of the text is kept, for the place of the fault to be shown.
    fn not_utf8(&mut self, path: &Path, error: &std::string::FromUtf8Error) -> Failure {
        let at = error.utf8_error().valid_up_to();
        let message = format!("the byte 0x{:02X} is not UTF-8", error.as_bytes()[at]);
        let text = String::from_utf8_lossy(error.as_bytes());
        let file = self.findings.sources.add(path.to_owned(), text.into());
        let start = u32::try_from(at).unwrap_or(u32::MAX);
        Failure::Fault(Fault::NotUtf8(Span::new(file, start, 1), message))
    }
}

/// The tree of a text; a `.json` file that is not JSON is read as YAML.
fn parse(file: FileId, path: &Path, text: &str, faults: &mut Vec<Fault>) -> Result<Node, Fault> {
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or("");
    if matches!(extension, "md" | "markdown" | "txt" | "html") {
        let span = Span::new(file, 0, 0);
        return Ok(Node { span, value: Value::String(text.into()) });
    }
    let is_json = extension.eq_ignore_ascii_case("json");
    if !is_json && !text.trim_start_matches('\u{feff}').trim_start().starts_with(['{', '[']) {
        return yaml::parse(file, text, faults);
    }
    let mut json_faults = Vec::new();
    let fault = match json::parse(file, text, is_json, &mut json_faults) {
        Ok(node) => {
            faults.append(&mut json_faults);
            return Ok(node);
        }
        Err(fault) => fault,
    };
    // To YAML, what begins with `//` is text.
    let has_comments = json_faults.iter().any(|fault| matches!(fault, Fault::NotJson(..)));
    match (yaml::parse(file, text, faults), fault) {
        (Ok(node), Fault::Syntax(span, said)) if !has_comments => {
            if is_json {
                faults.push(Fault::NotJson(span, said.message));
            }
            Ok(node)
        }
        (Err(yaml_fault), _) if !is_json => Err(yaml_fault),
        (_, fault) => Err(fault),
    }
}

fn tell<'f>(findings: &'f mut Findings, fault: &Fault) -> &'f mut Finding {
    let message = message_of(fault);
    match *fault {
        Fault::Syntax(span, Said { help, .. }) => {
            let finding = findings.add(&codes::SYNTAX, span, message);
            if let Some(help) = help {
                finding.help = Some(help.to_owned());
            }
            finding
        }
        Fault::Limit(span, _) => findings.add(&codes::LIMIT, span, message),
        Fault::KeyKind(span) => findings.add(&codes::KEY_KIND, span, message),
        Fault::Mended(span, _) => findings.add(&codes::NOT_YAML, span, message),
        Fault::NotJson(span, _) => findings.add(&codes::NOT_JSON, span, message),
        Fault::NotUtf8(span, _) => findings.add(&codes::NOT_UTF8, span, message),
        Fault::Several(span) => findings.add(&codes::SEVERAL_DOCUMENTS, span, message),
        Fault::Duplicate(second, first, _) => {
            let finding = findings.add(&codes::DUPLICATE_KEY, second, message);
            finding.notes.push((first, "it stands here first".to_owned()));
            finding
        }
    }
}

fn message_of(fault: &Fault) -> String {
    match fault {
        Fault::Syntax(_, said) => said.message.clone(),
        Fault::Limit(_, message) | Fault::Mended(_, message) | Fault::NotUtf8(_, message) => message.clone(),
        Fault::NotJson(_, message) => format!("this is not JSON: {message}"),
        Fault::KeyKind(_) => "a key must be a text, not a mapping or a list".to_owned(),
        Fault::Several(_) => "a second document begins here".to_owned(),
        Fault::Duplicate(_, _, key) => format!("the key `{key}` stands twice"),
    }
}

/// The base of a file's references: `$self` (3.2) or `$id` where it has one.
pub(crate) fn own_base(root: &Node, uri: &str) -> String {
    let own = root.get("$self").or_else(|| root.get("$id")).and_then(Node::as_str);
    own.map_or_else(|| uri.to_owned(), |own| uri::resolve(uri, uri::split_fragment(own).0))
}

/// A path as users wrote it: relative to where they are, if it lies below.
fn shown(path: &Path) -> PathBuf {
    let here = std::env::current_dir().unwrap_or_default();
    path.strip_prefix(&here).map_or_else(|_| path.to_owned(), Path::to_owned)
}

/// Finds what a file refers to.
struct References<'a> {
    retrieval: &'a str,
    wanted: &'a mut Vec<String>,
}

impl References<'_> {
    fn scan(&mut self, node: &Node, base: &str) {
        match &node.value {
            Value::Array(items) => items.iter().for_each(|item| self.scan(item, base)),
            Value::Object(object) => {
                let id = object.get("$id").and_then(Node::as_str);
                let own = id.map(|id| uri::resolve(base, uri::split_fragment(id).0));
                let base = own.as_deref().unwrap_or(base);
                for entry in object.iter() {
                    match (&*entry.key, &entry.value.value) {
                        ("$ref" | "$dynamicRef", Value::String(text)) => self.want(base, text),
                        ("$schema" | "jsonSchemaDialect", Value::String(text))
                            if is_foreign_dialect(text) =>
                        {
                            self.want(base, text);
                        }
                        ("mapping", Value::Object(mapping)) => {
                            let texts = mapping.iter().filter_map(|entry| entry.value.as_str());
                            texts.filter(|text| text.contains('.')).for_each(|text| self.want(base, text));
                        }
                        _ => {}
                    }
                    self.scan(&entry.value, base);
                }
            }
            _ => {}
        }
    }

    fn want(&mut self, base: &str, reference: &str) {
        let (file, _) = uri::split_fragment(reference);
        if file.is_empty() {
            return;
        }
        self.wanted.push(uri::resolve(base, file));
        if base != self.retrieval {
            self.wanted.push(uri::resolve(self.retrieval, file));
        }
    }
}

/// Whether a `$schema` names a metaschema that has to be looked into.
fn is_foreign_dialect(text: &str) -> bool {
    text.starts_with("http") && metaschema::text(uri::split_fragment(text).0).is_none()
}
