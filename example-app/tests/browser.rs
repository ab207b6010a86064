//! The page of the example in headless Chromium: server-sent events and WebSocket as a browser speaks them.
//!
//! The browser is driven over a pair of pipes by its own protocol. Skipped, loudly, where there is no Chromium.

// What fails here is a failed test.
#![allow(clippy::unwrap_used)]
#![allow(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "clients in tests block threads of their own"
)]

mod chromium;

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use chromium::Chromium;

/// Where the example keeps its data.
const DATA: &str = concat!(env!("CARGO_TARGET_TMPDIR"), "/browser");

/// The example at work, in a process of its own.
struct Example {
    child: Child,
    url: String,
}

impl Example {
    fn start(port: &str) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_example-app"));
        command.env("PORT", port).env_remove("HOST").env("RUST_LOG", "warn");
        command.env("DATABASE_FOLDER", DATA);
        command.env_remove("DATABASE_URL");
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok);
        let url = lines.find_map(|line| Some(line.strip_prefix("listening on ")?.to_owned())).unwrap();
        // Somebody has to go on reading.
        std::thread::spawn(move || lines.for_each(|line| eprintln!("example: {line}")));
        Self { child, url }
    }

    fn stop(&mut self) {
        let process = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &process]).status().unwrap().success());
        assert!(self.child.wait().unwrap().success(), "every client was told the end");
    }
}

impl Drop for Example {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Fills a form of the page in, and sends it as a person would.
fn submit(form: &str, fields: &[(&str, &str)]) -> String {
    let fill = |(name, value): &(&str, &str)| format!("form.elements[{name:?}].value = {value:?};");
    let filled = fields.iter().map(fill).collect::<Vec<_>>().concat();
    format!(
        "{{ const form = document.getElementById({form:?}); {filled} form.querySelector('button').click(); }}"
    )
}

#[test]
fn two_people_see_the_same() {
    let Some(mut browser) = Chromium::start() else { return };
    // The board of a first look, whatever was done to another one.
    let _ = std::fs::remove_dir_all(DATA);
    let mut example = Example::start("0");
    let page = format!("{}/api/v1/live?project=1", example.url);
    let (ada, ben) = (browser.open(&page), browser.open(&page));
    for tab in [&ada, &ben] {
        browser.until(tab, "document.getElementById('events-state').value", "open");
        browser.until(tab, "document.getElementById('chat-state').value", "open");
    }

    // An event for each task, in order, with its number; to both.
    for title in ["Look", "Listen"] {
        browser.run(&ada, &submit("add", &[("title", title), ("token", "demo")]));
        browser.until(&ada, "document.querySelector('#add [name=title]').value", "");
    }
    let told = "[...document.querySelectorAll('#events li')].map((it) => it.textContent.replace(/[0-9]+/g, '#')).join()";
    for tab in [&ada, &ben] {
        browser.until(tab, told, "#: task # was created,#: task # was created");
    }
    browser.run(&ada, &submit("add", &[("title", "No"), ("token", "wrong")]));
    browser.until(&ada, "document.getElementById('add-state').value !== '' ? 'refused' : ''", "refused");

    // What one says both hear, in one order.
    browser.run(&ada, &submit("say", &[("name", "Ada"), ("text", "Grüß dich \u{1f980}")]));
    let heard = "[...document.querySelectorAll('#chat li')].map((it) => it.textContent).join()";
    browser.until(&ben, heard, "Ada: Grüß dich \u{1f980}");
    browser.run(&ben, &submit("say", &[("name", "Ben"), ("text", "<b>Hello</b>")]));
    for tab in [&ada, &ben] {
        browser.until(tab, heard, "Ada: Grüß dich \u{1f980},Ben: <b>Hello</b>");
    }

    // What is no utterance ends the WebSocket with a code that says so, and the page comes back.
    browser.run(&ben, "socket.onclose = ({ code }) => { window.ended = `${code}`; join(); }");
    browser.run(&ben, r#"socket.send('{"name": "", "text": "x"}')"#);
    browser.until(&ben, "window.ended ?? ''", "1008");
    browser.until(&ben, "document.getElementById('chat-state').value", "open");

    // A server that stops tells both; the page finds the one that takes its place, and goes on.
    let port = example.url.rsplit(':').next().unwrap().to_owned();
    example.stop();
    browser.until(&ada, "document.getElementById('chat-state').value", "closed (1001)");
    let mut next = Example::start(&port);
    for tab in [&ada, &ben] {
        browser.until(tab, "document.getElementById('chat-state').value", "open");
        browser.until(tab, "document.getElementById('events-state').value", "open");
    }
    next.stop();
}
