//! Headless Chromium, told what to do over a pair of pipes (`--remote-debugging-pipe`): messages of JSON that end in NUL.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use photon_runtime::types::serde_json::{self, Value, json};

/// What the program is called.
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// How long anything may take.
const PATIENCE: Duration = Duration::from_mins(1);

/// Opens both pipes before it becomes the browser, which finds them at 3 and 4.
const SHELL: &str = r#"exec "$0" "$@" 3<"$PIPE_IN" 4>"$PIPE_OUT""#;

/// A browser, which ends when this is dropped.
pub(crate) struct Chromium {
    child: Child,
    folder: PathBuf,
    to: File,
    from: BufReader<File>,
    last: u64,
}

/// A page of a browser.
pub(crate) struct Tab {
    session: String,
}

impl Chromium {
    /// Starts a browser; none, told loudly, where there is none.
    pub(crate) fn start() -> Option<Self> {
        let has =
            |name: &&&str| Command::new(name).arg("--version").output().is_ok_and(|it| it.status.success());
        let Some(name) = NAMES.iter().find(has) else {
            eprintln!("SKIPPED: there is no Chromium: none of {NAMES:?} runs");
            return None;
        };
        let folder = std::env::temp_dir().join(format!("photon-chromium-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        let (pipe_in, pipe_out) = (folder.join("in"), folder.join("out"));
        assert!(Command::new("mkfifo").args([&pipe_in, &pipe_out]).status().unwrap().success());
        let child = Command::new("sh")
            .args(["-c", SHELL, name, "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run"])
            .args(["--disable-dev-shm-usage", "--remote-debugging-pipe", "about:blank"])
            .arg(format!("--user-data-dir={}", folder.join("profile").display()))
            .envs([("PIPE_IN", &pipe_in), ("PIPE_OUT", &pipe_out)])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // In the order in which the shell opens them.
        let to = File::options().write(true).open(&pipe_in).unwrap();
        let from = BufReader::new(File::open(&pipe_out).unwrap());
        Some(Self { child, folder, to, from, last: 0 })
    }

    /// Opens a page.
    pub(crate) fn open(&mut self, url: &str) -> Tab {
        let target = self.call(None, "Target.createTarget", &json!({ "url": url }));
        let asked = json!({ "targetId": target["targetId"], "flatten": true });
        let attached = self.call(None, "Target.attachToTarget", &asked);
        Tab { session: attached["sessionId"].as_str().unwrap().to_owned() }
    }

    /// Runs statements in a page.
    pub(crate) fn run(&mut self, tab: &Tab, script: &str) {
        let result = self.evaluate(tab, script);
        assert!(result.get("exceptionDetails").is_none(), "{script}: {result}");
    }

    /// Polls until an expression in a page is this text.
    pub(crate) fn until(&mut self, tab: &Tab, expression: &str, expected: &str) {
        let begun = Instant::now();
        loop {
            // A page that is not there yet knows none of its elements.
            let result = self.evaluate(tab, expression);
            if result["result"]["value"] == expected {
                return;
            }
            assert!(begun.elapsed() < PATIENCE, "{expression} is not {expected:?} but {result}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn evaluate(&mut self, tab: &Tab, expression: &str) -> Value {
        let asked = json!({ "expression": expression, "returnByValue": true });
        self.call(Some(&tab.session), "Runtime.evaluate", &asked)
    }

    /// One message, and the answer to it.
    fn call(&mut self, session: Option<&str>, method: &str, params: &Value) -> Value {
        self.last += 1;
        let mut message = json!({ "id": self.last, "method": method, "params": params });
        if let Some(session) = session {
            message["sessionId"] = json!(session);
        }
        self.to.write_all(format!("{message}\0").as_bytes()).unwrap();
        loop {
            let mut bytes = Vec::new();
            self.from.read_until(0, &mut bytes).unwrap();
            assert_eq!(bytes.pop(), Some(0), "the browser ended");
            let mut answer: Value = serde_json::from_slice(&bytes).unwrap();
            if answer["id"] == self.last {
                assert!(answer.get("error").is_none(), "{method}: {answer}");
                return answer["result"].take();
            }
        }
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
