//! The third step: send every operation a request that fits, and one that lacks a part.

use std::process::Command;

use crate::client::{self, Answer};
use crate::document::Operation;
use crate::options::Options;
use crate::probe::{self, REACHED};
use crate::server::Server;
use crate::synth::{Request, Synth, lacking, whole};

use super::Row;
use super::produce::Case;

/// The statuses that refuse a request which lacks a part.
const REFUSALS: [u16; 3] = [400, 415, 422];
/// How much of an answer is told in a note, in characters.
const BODY_CHARS_MAX: usize = 300;

pub(super) fn ask(options: &Options, case: &mut Case) {
    let Some(document) = &case.document else { return };
    let row = &mut case.row;
    row.asked = true;
    let synth = Synth::new(document);
    let operations = document.operations();
    row.reached.1 = operations.len();
    // What must be refused is known before anybody is asked, so that a missing server counts against it.
    let lacks: Vec<_> = operations
        .iter()
        .map(|operation| {
            // What lacks a part of this operation may be all that another one of the same route asks for.
            let shared = operations.iter().filter(|other| same_route(operation, other)).count() > 1;
            (!shared).then(|| lacking(&synth, operation, &document.base_path_of(operation))).flatten()
        })
        .collect();
    row.refused.1 = lacks.iter().flatten().count();
    let Some(binary) = &case.binary else { return };
    let command = |port: u16| {
        let mut command = Command::new(binary);
        command.env("HOST", "127.0.0.1").env("PORT", port.to_string());
        command
    };
    let mut server = match Server::start(command, &options.scratch) {
        Ok(server) => server,
        Err(error) => {
            row.panics += 1;
            row.notes.push(error);
            return;
        }
    };
    for (operation, lack) in operations.iter().zip(lacks) {
        let base = document.base_path_of(operation);
        match whole(&synth, operation, &base) {
            Ok(request) => reach(row, server.port, operation, &base, &request),
            Err(error) => row.notes.push(format!("not asked: {}: {error}", operation.title())),
        }
        if let Some(lack) = lack {
            refuse(row, server.port, operation, &lack.part, &lack.request);
        }
        if !server.alive() {
            row.panics += 1;
            row.notes.push(format!("the server died of {}: {}", operation.title(), server.log()));
            break;
        }
    }
    if server.log().contains("panicked at") {
        row.panics += 1;
        row.notes.push(format!("the server panicked: {}", server.log()));
    }
}

fn reach(row: &mut Row, port: u16, operation: &Operation<'_>, base: &str, request: &Request) {
    let answer = client::send(port, request);
    match &answer {
        Ok(answer) if reached(answer, operation, base) => row.reached.0 += 1,
        Ok(answer) => {
            let other = answer.header(REACHED).map(|other| format!(" from {other}")).unwrap_or_default();
            row.notes.push(format!(
                "not reached: {} ({}): {}{other} {}",
                operation.title(),
                request.target,
                answer.status,
                body(answer)
            ));
        }
        Err(error) => row.notes.push(format!("not reached: {}: {error}", operation.title())),
    }
}

fn refuse(row: &mut Row, port: u16, operation: &Operation<'_>, missing: &str, request: &Request) {
    match client::send(port, request) {
        Ok(answer) if REFUSALS.contains(&answer.status) && answer.header(REACHED).is_none() => {
            row.refused.0 += 1;
        }
        Ok(answer) => {
            row.notes.push(format!(
                "not refused: {} without {missing}: {}",
                operation.title(),
                answer.status
            ));
        }
        Err(error) => {
            row.notes.push(format!("not refused: {} without {missing}: {error}", operation.title()));
        }
    }
}

/// Whether two operations differ in nothing but a fragment of their path keys, or the names of their parameters.
fn same_route(one: &Operation<'_>, other: &Operation<'_>) -> bool {
    let plain = |operation: &Operation<'_>| {
        let path = operation.path.split(['?', '#']).next().unwrap_or_default();
        let segments = path.split('/').map(|segment| if segment.starts_with('{') { "{}" } else { segment });
        segments.collect::<Vec<_>>().join("/")
    };
    one.method == other.method && plain(one) == plain(other)
}

/// Whether the handler of this very operation was called.
fn reached(answer: &Answer, operation: &Operation<'_>, base: &str) -> bool {
    // Where the servers of a document differ, the base path is written into the route.
    let told = answer.header(REACHED);
    let with_base = format!("{base}{}", operation.path);
    [operation.path, &with_base]
        .iter()
        .any(|path| told == Some(probe::reached(&operation.method, path).as_str()))
}

fn body(answer: &Answer) -> String {
    let text = String::from_utf8_lossy(&answer.body);
    text.chars().take(BODY_CHARS_MAX).collect::<String>().replace(['\n', '\r'], " ")
}
