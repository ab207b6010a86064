//! One broken document for each kind of finding, and the report that its author reads.
//!
//! `findings/P0107.yaml` is such a document and `findings/P0107.txt` its report, which `UPDATE=1` rewrites. Where it
//! takes several files they stand in a folder, and the document in it is `openapi.yaml`. Comments at the beginning of
//! a document say how it is run and what is expected of it:
//!
//! ```yaml
//! #: overlay changes.yaml      an overlay that is applied, relative to the document
//! #: vendor vendor             the folder with what other machines have, relative to the document
//! #: tag pets                  the operations that are selected
//! #: unknown-media refuse      media types that Photon cannot carry are refused
//! #: refused 2                 how many operations are left out; their ids begin with `broken`
//! #: also P0003                another kind of finding that comes with it
//! ```

// What fails here is a failed test.
#![allow(clippy::unwrap_used)]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use photon_build::{Code, Config, Error, Report, Severity, UnknownMedia};

const FOLDER: &str = "tests/findings";

/// A document, how it is run and what is expected of it.
struct Case {
    /// `P0107`, `P0118-required`, `several`.
    name: String,
    document: PathBuf,
    overlays: Vec<PathBuf>,
    vendor: Option<PathBuf>,
    tag: Option<String>,
    refuses_media: bool,
    refused: usize,
    also: Vec<String>,
}

impl Case {
    fn new(entry: &Path) -> Self {
        let document = if entry.is_dir() { entry.join("openapi.yaml") } else { entry.to_owned() };
        let bytes = std::fs::read(&document).unwrap();
        let mut case = Self {
            name: entry.file_stem().unwrap().to_string_lossy().into_owned(),
            document,
            overlays: Vec::new(),
            vendor: None,
            tag: None,
            refuses_media: false,
            refused: 0,
            also: Vec::new(),
        };
        for option in String::from_utf8_lossy(&bytes).lines().map_while(|line| line.strip_prefix("#: ")) {
            case.set(option);
        }
        case
    }

    fn set(&mut self, option: &str) {
        match option.split_once(' ').unwrap() {
            ("overlay", file) => self.overlays.push(self.document.with_file_name(file)),
            ("vendor", folder) => self.vendor = Some(self.document.with_file_name(folder)),
            ("tag", tag) => self.tag = Some(tag.to_owned()),
            ("unknown-media", "refuse") => self.refuses_media = true,
            ("refused", count) => self.refused = count.parse().unwrap(),
            ("also", code) => self.also.push(code.to_owned()),
            _ => panic!("{}: `{option}` is no option", self.name),
        }
    }

    /// The code that the case is about; none for a case about several.
    fn code(&self) -> Option<&'static Code> {
        let id = self.name.split('-').next()?;
        photon_build::codes().iter().find(|code| code.id == id)
    }

    fn config(&self) -> Config {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("findings").join(&self.name);
        let mut config = photon_build::configure().out_dir(folder);
        for overlay in &self.overlays {
            config = config.overlay(overlay);
        }
        if let Some(folder) = &self.vendor {
            config = config.vendor(folder);
        }
        if let Some(tag) = &self.tag {
            config = config.tag(tag);
        }
        if self.refuses_media {
            config = config.unknown_media(UnknownMedia::Refuse);
        }
        config
    }

    fn run(&self) -> Result<Report, Error> {
        self.config().run(&self.document)
    }

    /// The report as it is shown, whether something was generated or not.
    fn text(&self) -> String {
        self.run().map_or_else(|error| error.to_string(), |report| report.text)
    }
}

fn cases() -> Vec<Case> {
    let entries = std::fs::read_dir(FOLDER).unwrap().map(|entry| entry.unwrap().path());
    let mut entries: Vec<PathBuf> =
        entries.filter(|path| path.extension().is_none_or(|extension| extension != "txt")).collect();
    entries.sort();
    entries.iter().map(|entry| Case::new(entry)).collect()
}

/// The codes of a report, each once.
fn codes_in(text: &str) -> Vec<&str> {
    let mut codes: Vec<&str> = text
        .lines()
        .filter_map(|line| line.strip_prefix("error[").or_else(|| line.strip_prefix("warning[")))
        .filter_map(|rest| rest.split(']').next())
        .collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

#[test]
fn reports_are_as_their_authors_read_them() {
    let mut different = Vec::new();
    for case in cases() {
        let golden = Path::new(FOLDER).join(format!("{}.txt", case.name));
        let text = format!("{}\n", case.text());
        if std::env::var_os("UPDATE").is_some_and(|value| value == "1") {
            std::fs::write(&golden, &text).unwrap();
        }
        let expected = std::fs::read_to_string(&golden).unwrap_or_default().replace("\r\n", "\n");
        if text != expected {
            different.push(format!("{}:\n{text}", golden.display()));
        }
    }
    let help = "run it again with UPDATE=1 to rewrite the reports";
    assert!(different.is_empty(), "{}\n{} differ: {help}", different.join("\n"), different.len());
}

#[test]
fn every_code_has_a_case_and_a_case_tells_nothing_else() {
    let cases = cases();
    for code in photon_build::codes() {
        let mut own = cases.iter().filter(|case| case.code() == Some(code)).peekable();
        assert!(own.peek().is_some(), "{} has no document in {FOLDER}: {}", code.id, code.title);
        for case in own {
            let text = case.text();
            let mut expected: Vec<&str> = case.also.iter().map(String::as_str).chain([code.id]).collect();
            expected.sort_unstable();
            assert_eq!(codes_in(&text), expected, "{}\n{text}", case.name);
        }
    }
}

#[test]
fn every_code_says_what_it_means_and_what_helps() {
    for code in photon_build::codes() {
        for text in [code.title, code.help] {
            assert!(!text.is_empty() && !text.ends_with('.'), "{}: `{text}`", code.id);
        }
    }
}

/// The page that lists all codes, as the table has it.
fn page() -> String {
    let mut page = String::from(
        "Every kind of finding, with its severity, what it means and what helps or is done instead.\n\n\
         A warning is told and lived with. A refusal leaves out the operations that need what is broken. An error\n\
         generates nothing. Under [`Config::strict`](crate::Config::strict) each is an error.\n\n\
         | code | severity | what it means | what helps, or what is done |\n|---|---|---|---|\n",
    );
    // A bar would end its cell.
    let cell = |text: &str| text.replace('|', "\\|");
    for code in photon_build::codes() {
        let severity = format!("{:?}", code.severity).to_lowercase();
        writeln!(page, "| {} | {severity} | {} | {} |", code.id, cell(code.title), cell(code.help)).unwrap();
    }
    page.push_str(
        "\n# What is tolerated\n\n| code | what documents have: what is done about it |\n|---|---|\n",
    );
    for (code, text) in photon_build::tolerated() {
        writeln!(page, "| {} | {} |", code.id, cell(text)).unwrap();
    }
    page
}

#[test]
fn the_page_of_all_codes_is_the_table() {
    let path = "src/findings.md";
    if std::env::var_os("UPDATE").is_some_and(|value| value == "1") {
        std::fs::write(path, page()).unwrap();
    }
    let written = std::fs::read_to_string(path).unwrap().replace("\r\n", "\n");
    assert_eq!(written, page(), "run it again with UPDATE=1 to rewrite {path}");
}

#[test]
fn every_warning_says_what_is_done_about_it() {
    let warnings = photon_build::codes().iter().filter(|code| code.severity == Severity::Warning);
    let tolerated: Vec<&str> = photon_build::tolerated().map(|(code, _)| code.id).collect();
    assert_eq!(tolerated, warnings.map(|code| code.id).collect::<Vec<_>>());
}

#[test]
fn severities_are_those_of_the_table() {
    for case in cases() {
        let Some(code) = case.code() else { continue };
        let text = case.text();
        // What no caller can send is refused where it is required.
        let severity = if case.refused > 0 { Severity::Refusal } else { code.severity };
        let label = if severity == Severity::Warning { "warning" } else { "error" };
        assert!(text.contains(&format!("{label}[{}]", code.id)), "{text}");
        match case.run() {
            Ok(report) => {
                assert_ne!(severity, Severity::Error, "{text}");
                for told in report.findings.iter().filter(|told| told.code == code.id) {
                    assert_eq!(told.severity, severity, "{text}");
                    let help = told.help.as_deref().unwrap_or_default();
                    assert!(text.contains(&format!("= help: {help}")), "{text}");
                }
            }
            Err(error) => {
                assert_eq!(severity, Severity::Error, "{text}");
                assert!(error.codes().any(|id| id == code.id), "{text}");
            }
        }
    }
}

#[test]
fn what_is_not_broken_is_generated() {
    for case in cases() {
        let Ok(report) = case.run() else { continue };
        assert_eq!(report.refused, case.refused, "{}\n{}", case.name, report.text);
        let module = std::fs::read_to_string(&report.file).unwrap();
        assert!(module.contains("fn good("), "{}", case.name);
        assert!(!module.contains("fn broken"), "{}", case.name);
    }
}

#[test]
fn under_strict_every_finding_is_an_error() {
    for case in cases() {
        let error = case.config().strict().run(&case.document).unwrap_err();
        let text = case.text();
        let mut codes: Vec<&str> = error.codes().collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes, codes_in(&text), "{}\n{error}", case.name);
        assert!(!error.to_string().contains("warning["), "{}\n{error}", case.name);
    }
}

#[test]
fn a_document_that_is_not_there_is_told_by_its_path() {
    let error = photon_build::configure().run("tests/findings/no-such-file.yaml").unwrap_err();
    assert_eq!(error.codes().collect::<Vec<_>>(), ["P0001"]);
    assert!(error.to_string().contains("`tests/findings/no-such-file.yaml` cannot be read"), "{error}");
}

/// A document of which a line is missing is another broken document: whatever it is, it ends in a report.
#[test]
fn no_missing_line_makes_a_panic() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("damaged");
    std::fs::create_dir_all(&folder).unwrap();
    for mut case in cases() {
        // A document that is only wrong by its size is slow, and no less wrong without a line.
        if case.code().is_some_and(|code| code.id == "P0209") {
            continue;
        }
        let Ok(text) = std::fs::read_to_string(&case.document) else { continue };
        let extension = case.document.extension().unwrap().to_owned();
        case.document = folder.join("damaged").with_extension(extension);
        for missing in 0..text.lines().count() {
            let rest = text.lines().enumerate().filter(|(at, _)| *at != missing).map(|(_, line)| line);
            std::fs::write(&case.document, rest.collect::<Vec<_>>().join("\n")).unwrap();
            if let Err(error) = case.run() {
                assert!(!error.to_string().contains("a fault of Photon"), "{}, line {missing}", case.name);
                assert!(error.codes().next().is_some(), "{}, line {missing}: {error}", case.name);
            }
        }
    }
}
