//! JSON Schema through OpenAPI: one server for each class, every handler answers its declared success.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::figures::Figures;
use crate::options::Options;

use super::Tally;
use super::params::{Serve, serve};
use super::script::Script;

/// The class whose formats only annotate, and the one that cannot all pass.
const ANNOTATION: &str = "annotation";
const HARD: &str = "hard";
/// The least share of instances that must be judged rightly, in percent.
const SHARE_MIN: f64 = 100.0;
const HARD_SHARE_MIN: f64 = 84.0;

/// One group of the suite: a document and its instances.
#[derive(Debug)]
struct Group {
    name: String,
    class: String,
    /// The stem of the files that hold it.
    file: String,
}

pub(super) fn run(options: &Options, figures: &mut Figures) -> Result<Tally, String> {
    let folder = options.shared.join("harness/jsonschema/cases");
    let groups = groups(&folder)?;
    let mut classes: Vec<&str> = Vec::new();
    for group in &groups {
        if !classes.contains(&group.class.as_str()) {
            classes.push(&group.class);
        }
    }
    let mut total = Tally::default();
    for class in classes {
        let own: Vec<&Group> =
            groups.iter().filter(|group| group.class == class && options.in_third(&group.name)).collect();
        if own.is_empty() {
            continue;
        }
        let mut tally = Tally::default();
        for (document, members) in documents(&folder, class, &own) {
            tally.merge(judge(options, &folder, class, &document, &members)?);
        }
        let name = format!("jsonschema {class}");
        tally.report(&name, figures);
        #[allow(clippy::cast_precision_loss)] // Counts of a suite.
        let share = tally.passed() as f64 * 100.0 / (tally.passed() + tally.failures()).max(1) as f64;
        let least = if class == HARD { HARD_SHARE_MIN } else { SHARE_MIN };
        let judged = tally.passed() + tally.failures() > 0 || options.only.is_some();
        figures.demand(judged && (share >= least || tally.failures() == 0), || {
            format!("{name}: {} of {} is below {least} %", tally.passed(), tally.passed() + tally.failures())
        });
        total.merge(tally);
    }
    total.report("jsonschema", figures);
    Ok(total)
}

/// The groups, in the order of their names; told by the instances themselves.
fn groups(folder: &Path) -> Result<Vec<Group>, String> {
    let fail = |error: std::io::Error| format!("{}: {error}", folder.display());
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder).map_err(fail)?.filter_map(|file| Some(file.ok()?.path())).collect();
    paths.sort();
    let mut groups: Vec<Group> = Vec::new();
    let mut seen = BTreeSet::new();
    for path in paths {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let Some(file) = name.strip_suffix(".expect.jsonl").filter(|file| !file.starts_with("ALL-")) else {
            continue;
        };
        let text = fs::read_to_string(&path).map_err(fail)?;
        for instance in text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok()) {
            let member = |key: &str| instance.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
            let (name, class) = (member("group"), member("class"));
            if seen.insert((name.clone(), class.clone())) {
                groups.push(Group { name, class, file: file.to_owned() });
            }
        }
    }
    Ok(groups)
}

/// The documents that hold these groups: one for the whole class where there is one, else one a file.
fn documents<'g>(folder: &Path, class: &str, groups: &[&'g Group]) -> Vec<(PathBuf, Vec<&'g Group>)> {
    let all = folder.join(format!("ALL-{class}.openapi.json"));
    if all.exists() {
        return vec![(all, groups.to_vec())];
    }
    let mut documents: Vec<(PathBuf, Vec<&Group>)> = Vec::new();
    for group in groups {
        let document = folder.join(format!("{}.openapi.json", group.file));
        match documents.iter_mut().find(|(known, _)| *known == document) {
            Some((_, members)) => members.push(group),
            None => documents.push((document, vec![group])),
        }
    }
    documents
}

fn judge(
    options: &Options,
    folder: &Path,
    class: &str,
    document: &Path,
    groups: &[&Group],
) -> Result<Tally, String> {
    let annotates = class == ANNOTATION;
    let serving = serve(options, document, Serve::Success, !annotates);
    let server = match serving {
        Ok(server) => server,
        Err(error) => {
            println!("    {}: {error}", document.display());
            return all_failed(options, folder, class, groups);
        }
    };
    let name =
        format!("jsonschema-{class}-{}", groups.first().map(|group| group.file.as_str()).unwrap_or_default());
    let mut script = Script::new(options, &name, "jsonschema/jsrun.py")
        .with("--base", server.base())
        .with("--dir", folder.display())
        .with("--class", class);
    for group in groups {
        script = script.with("--group", &group.name);
    }
    if !options.verbose {
        script = script.flag("--quiet");
    }
    script.run()
}

/// A document that is not served fails with all its instances.
fn all_failed(options: &Options, folder: &Path, class: &str, groups: &[&Group]) -> Result<Tally, String> {
    let mut tally = Tally::default();
    for group in groups {
        let path = folder.join(format!("{}.expect.jsonl", group.file));
        let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        for instance in text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok()) {
            let member = |key: &str| instance.get(key).and_then(Value::as_str).unwrap_or_default();
            let chosen = options.only.as_ref().is_none_or(|only| only.is_match(member("id")));
            if member("class") == class && member("group") == group.name && chosen {
                tally.add(member("id"), false, false);
            }
        }
    }
    Ok(tally)
}
