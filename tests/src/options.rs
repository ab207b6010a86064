//! The command line of `verify`.

use std::path::PathBuf;

use regex::Regex;

use crate::synth::fnv;

/// What can be judged.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Part {
    /// Real documents.
    Corpus,
    /// Every schema of real documents beside the `jsonschema` crate.
    Differential,
    /// JSON Schema through OpenAPI.
    JsonSchema,
    /// Parameter serialisation.
    Params,
    /// HTTP/1.1 conformance.
    Http1,
    /// WebSocket conformance.
    Ws,
    /// Faults and overload.
    Faults,
    /// Property-based requests against a service's own document.
    Schemathesis,
}

impl Part {
    /// All, in the order in which they run.
    pub const ALL: [Self; 8] = [
        Self::Corpus,
        Self::Differential,
        Self::JsonSchema,
        Self::Params,
        Self::Http1,
        Self::Ws,
        Self::Faults,
        Self::Schemathesis,
    ];

    /// As it is written on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Corpus => "corpus",
            Self::Differential => "differential",
            Self::JsonSchema => "jsonschema",
            Self::Params => "params",
            Self::Http1 => "http1",
            Self::Ws => "ws",
            Self::Faults => "faults",
            Self::Schemathesis => "schemathesis",
        }
    }
}

/// The command line.
#[derive(Debug)]
pub struct Options {
    /// What to judge; when nothing is named, all but `schemathesis`, which needs a network once, and `differential`, which is long.
    pub parts: Vec<Part>,
    /// Only documents, groups and cases whose name matches.
    pub only: Option<Regex>,
    /// Where the figures go.
    pub json: Option<PathBuf>,
    /// The figures that must not be fallen short of.
    pub floor: Option<PathBuf>,
    /// No servers for the corpus.
    pub check_only: bool,
    /// A third of everything, chosen by a fixed hash.
    pub third: bool,
    /// Seconds of the memory case.
    pub soak: u32,
    /// Print every case and not only failures.
    pub verbose: bool,
    /// The folder with `corpus/` and `harness/`.
    pub shared: PathBuf,
    /// The checkout.
    pub project: PathBuf,
    /// The folder for all that is built and measured.
    pub scratch: PathBuf,
}

impl Options {
    /// Reads the arguments, without the program's name.
    pub fn parse(arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let project = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
        let project = project.canonicalize().map_err(|error| format!("{}: {error}", project.display()))?;
        let shared =
            std::env::var_os("PHOTON_SHARED").map_or_else(|| project.join("../shared"), PathBuf::from);
        let scratch =
            std::env::var_os("PHOTON_SCRATCH").map_or_else(|| project.join("target/verify"), PathBuf::from);
        let mut options = Self {
            parts: Vec::new(),
            only: None,
            json: None,
            floor: None,
            check_only: false,
            third: false,
            soak: 60,
            verbose: false,
            shared: shared.canonicalize().unwrap_or(shared),
            project,
            scratch,
        };
        let mut arguments = arguments;
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().ok_or_else(|| format!("{argument} needs a value"));
            match argument.as_str() {
                "--only" => options.only = Some(Regex::new(&value()?).map_err(|error| error.to_string())?),
                "--json" => options.json = Some(value()?.into()),
                "--floor" => options.floor = Some(value()?.into()),
                "--soak" => options.soak = value()?.parse().map_err(|_| "--soak takes seconds".to_owned())?,
                "--check-only" => options.check_only = true,
                "--third" => options.third = true,
                "--verbose" => options.verbose = true,
                name => match Part::ALL.into_iter().find(|part| part.name() == name) {
                    Some(part) => options.parts.push(part),
                    None => return Err(format!("unknown argument {name}")),
                },
            }
        }
        if options.parts.is_empty() {
            options.parts = Part::ALL
                .into_iter()
                .filter(|part| !matches!(part, Part::Schemathesis | Part::Differential))
                .collect();
        }
        options.parts.sort_unstable();
        options.parts.dedup();
        Ok(options)
    }

    /// Whether this part is judged.
    pub fn judges(&self, part: Part) -> bool {
        self.parts.contains(&part)
    }

    /// Whether what has this name takes part.
    pub fn chooses(&self, name: &str) -> bool {
        self.only.as_ref().is_none_or(|only| only.is_match(name)) && self.in_third(name)
    }

    /// Whether this name is in the third, or everything is asked for.
    pub fn in_third(&self, name: &str) -> bool {
        !self.third || fnv(name).is_multiple_of(3)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Options, String> {
        Options::parse(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn command_lines() {
        let options = parse("params corpus --only ^a --third --soak 20").unwrap();
        assert_eq!(options.parts, [Part::Corpus, Part::Params]);
        assert_eq!((options.third, options.soak), (true, 20));
        assert!(!options.chooses("b"));
        assert!(parse("nonsense").is_err() && parse("--only").is_err() && parse("--only (").is_err());
        assert!(!parse("").unwrap().parts.contains(&Part::Schemathesis));
    }
}
