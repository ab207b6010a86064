//! The drift check on real documents: each is the same as itself and as its lock, and locks have the places of their
//! documents.

use std::fmt::Write as _;

use super::*;

/// Larger documents take too long without optimisation.
const DOCUMENT_BYTES_MAX: u64 = 100_000;

#[test]
fn days_are_counted() {
    assert_eq!(day(0), "1970-01-01");
    assert_eq!(day(11_016), "2000-02-29");
    assert_eq!(day(20_782), "2026-11-25");
}

/// A folder of the test's own that goes with it.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("photon-drift-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

/// Every line of a contract, in the order of its values.
fn lines(contract: &Contract) -> Vec<(String, usize)> {
    fn each(contract: &Contract, tree: &tree::Tree, lines: &mut Vec<(String, usize)>) {
        let place = contract.place(tree.place);
        let name = place.file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        lines.push((name, place.line));
        tree.items().iter().for_each(|tree| each(contract, tree, lines));
        tree.entries().iter().for_each(|(_, tree)| each(contract, tree, lines));
    }
    let mut lines = Vec::new();
    each(contract, &contract.tree, &mut lines);
    lines
}

fn check_document(folder: &Folder, config: &Config, path: &Path) {
    let Ok(contract) = Contract::read(config, path) else { return };
    let lock = folder.0.join("openapi.lock");
    let text = contract.lock(path, &lock);
    std::fs::write(&lock, &text).unwrap();
    let locked = Contract::read(config, &lock).unwrap();
    let changes = changes(&locked, &contract, "2026-11-25");
    assert!(changes.is_empty(), "{}: {}", path.display(), changes.text());
    assert_eq!(lines(&contract), lines(&locked), "{}", path.display());
}

#[test]
fn real_documents_are_what_their_locks_say() {
    let default = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared");
    let shared = std::env::var_os("PHOTON_SHARED").map_or(default, PathBuf::from);
    let corpus = shared.join("corpus");
    let folder = Folder::new("corpus");
    let config = crate::configure().vendor(corpus.join("_vendor"));
    for name in ["example.yaml", "petstore.yaml", "constructs.yaml", "conformance.yaml"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../openapi").join(name);
        check_document(&folder, &config, &path);
    }
    let Ok(index) = std::fs::read_to_string(corpus.join("index.tsv")) else {
        eprintln!("SKIPPED: there is no {}", corpus.display());
        return;
    };
    let names = index.lines().filter(|line| line.split('\t').nth(1) == Some("primary"));
    for name in names.filter_map(|line| line.split('\t').next()) {
        let path = corpus.join(name);
        if path.metadata().is_ok_and(|data| data.len() <= DOCUMENT_BYTES_MAX) {
            on_a_stack(|| check_document(&folder, &config, &path)).unwrap();
        }
    }
}

/// A chain of schemas, each written by `link` from the one before: ends although there are 2^40 ways through it, and
/// what changes at its end is found.
fn check_chain(name: &str, link: impl Fn(&str) -> String) {
    let folder = Folder::new(name);
    let mut text =
        "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {/a: {post: {requestBody: {content: \
                    {application/json: {schema: {$ref: '#/components/schemas/A0'}}}}, responses: {}}}}\n\
                    components:\n  schemas:\n"
            .to_owned();
    for at in 0..40 {
        let next = link(&format!("{{ $ref: '#/components/schemas/A{}' }}", at + 1));
        writeln!(text, "    A{at}: {next}").unwrap();
    }
    text += "    A40: { type: object, properties: { x: { type: string } } }\n";
    let (old, new) = (folder.0.join("old.yaml"), folder.0.join("new.yaml"));
    std::fs::write(&old, &text).unwrap();
    std::fs::write(&new, text.replace("x: { type: string }", "x: { type: integer }")).unwrap();
    let changes = compare(&Config::default(), &old, &new).unwrap();
    let breaking: Vec<&str> = changes.of(Verdict::Breaking).map(|change| change.kind.id).collect();
    assert!(breaking.contains(&"request-type-changed"), "{name}: {}", changes.text());
    assert!(compare(&Config::default(), &old, &old).unwrap().is_empty());
}

#[test]
fn schemas_that_multiply_come_to_an_end() {
    let twice = |link: &str, keyword: &str| {
        format!("{{ {keyword}: [{{ allOf: [{link}], title: a }}, {{ allOf: [{link}], required: [x] }}] }}")
    };
    check_chain("all", |link| twice(link, "allOf"));
    check_chain("any", |link| twice(link, "anyOf"));
    check_chain("one", |link| twice(link, "oneOf"));
    check_chain("mixed", |link| {
        format!("{{ oneOf: [{link}, {{ type: object, allOf: [{link}], properties: {{ p: {link} }} }}] }}")
    });
    check_chain("null", |link| {
        format!(
            "{{ allOf: [{{ anyOf: [{link}, {{ type: 'null' }}], title: a }}, {{ anyOf: [{link}, {{ type: 'null' }}], required: [x] }}] }}"
        )
    });
}
