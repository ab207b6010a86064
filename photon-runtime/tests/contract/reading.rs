//! Bodies that handlers read as they come, and conditions that they hold against their state, in memory.

#![allow(clippy::unwrap_used)] // A broken expectation fails the test.

use std::io::Read as _;

use ::photon_runtime as photon;
use photon::{BodyReader, Context, Etag, Part, Parts, ResultExt as _, Service, Validators};

use crate::Upload;

/// An operation without parameters beside its body.
macro_rules! operation {
    ($name:ident: $meta:expr, $body:ty => $error:ty) => {
        #[derive(Debug)]
        pub struct $name {
            pub body: $body,
        }

        const _: () = {
            static TABLE: photon::Meta = $meta;
            photon::operation! { $name -> String, $error = TABLE; body: reader }
        };
    };
}

operation!(Sum: photon::meta("sum", "POST", "/sum", 200)
    .body(&[photon::bytes().media_types(&["text/*"])]).body_max(64), BodyReader => photon::Error);
operation!(Maybe: photon::meta("maybe", "POST", "/maybe", 200)
    .optional_body(&[photon::bytes()]), Option<BodyReader> => photon::Error);
operation!(Idle: photon::meta("idle", "POST", "/idle", 200).body(&[photon::bytes()]), BodyReader => photon::Error);
operation!(Form: photon::meta("form", "POST", "/form", 200)
    .body(&[photon::multipart().encoding(&[photon::encoding("files").content_type("text/plain")])])
    .blocking(), Parts<Upload> => photon::Error);

fn service() -> Service<()> {
    Service::new((), "{}")
        .route(|(): &(), _: &Context, mut req: Sum| {
            let mut sum = 0;
            let mut piece = [0; 7];
            loop {
                match req.body.read(&mut piece).internal()? {
                    0 => return Ok(format!("{:?} {:?} {sum}", req.body.media(), req.body.length())),
                    count => sum += piece[..count].iter().map(|byte| u64::from(*byte)).sum::<u64>(),
                }
            }
        })
        .route(|(): &(), _: &Context, req: Maybe| Ok(req.body.is_some().to_string()))
        .route(|(): &(), _: &Context, _: Idle| Ok("unread".to_owned()))
        .route(|(): &(), _: &Context, mut req: Form| {
            let mut told = Vec::new();
            while let Some(mut part) = req.body.next_file()? {
                let mut content = String::new();
                part.read_to_string(&mut content).internal()?;
                told.push(format!("{} {content}", described(&part)));
            }
            let form = req.body.finish()?;
            Ok(format!("{told:?} {:?} {}", form.note.title, form.files.len()))
        })
}

fn described(part: &Part<'_>) -> String {
    format!(
        "{}={:?} {:?}",
        part.name(),
        part.file_name().unwrap_or_default(),
        part.media().unwrap_or_default()
    )
}

#[test]
fn bodies_are_read_as_they_come() {
    let service = service();
    let sum = service.post("/sum").body([1, 2, 3].repeat(4), "text/csv").send();
    assert_eq!(sum.text(), "\"Some(\\\"text/csv\\\") Some(12) 24\"");
    let refused = service.post("/sum").body(vec![1; 65], "text/csv").send();
    assert_eq!(
        (refused.status.as_u16(), &refused.headers["content-type"] == "application/problem+json"),
        (413, true)
    );
    assert_eq!(service.post("/sum").json(&1).send().status, 415);
    assert_eq!(service.post("/sum").send().status, 422);
    assert_eq!(service.post("/maybe").send().text(), "\"false\"");
    assert_eq!(service.post("/maybe").body(*b"x", "application/octet-stream").send().text(), "\"true\"");
    assert_eq!(service.post("/idle").body(*b"x", "application/octet-stream").send().text(), "\"unread\"");
}

#[test]
fn forms_are_read_by_their_files() {
    let service = service();
    let part = |head: &str, content: &str| {
        format!("--b\r\ncontent-disposition: form-data; {head}\r\n\r\n{content}\r\n")
    };
    let send =
        |form: String| service.post("/form").body(form + "--b--", "multipart/form-data; boundary=b").send();
    let note = part("name=note", r#"{"title":"t","tags":[]}"#);
    let file = |name: &str, content: &str| part(&format!("name=files; filename={name}"), content);

    let both = send(file("a", "one") + &note + &file("b", "two"));
    assert_eq!(
        both.text(),
        r#""[\"files=\\\"a\\\" \\\"\\\" one\", \"files=\\\"b\\\" \\\"\\\" two\"] \"t\" 2""#
    );
    let unfit = send(part("name=note", r#"{"title":"","tags":[]}"#) + &file("a", "one"));
    let told: serde_json::Value = serde_json::from_slice(&unfit.body).unwrap();
    assert_eq!((unfit.status.as_u16(), &told["errors"][0]["pointer"]), (422, &"/note/title".into()));
    assert_eq!(send(file("a", "one")).status, 422, "the note is missing");
    let media = "name=files; filename=a\r\ncontent-type: image/png";
    assert_eq!(send(note.clone() + &part(media, "x")).status, 422, "only texts are declared");
    let broken = service.post("/form").body(note, "multipart/form-data; boundary=b").send();
    assert_eq!(broken.status, 400, "it breaks off");
    assert_eq!(service.post("/form").body("", "multipart/form-data").send().status, 422);
    assert_eq!(service.post("/form").body("--b--", "multipart/form-data").send().status, 400);
}

#[test]
fn handlers_are_tested_without_a_service() {
    let mut body = Sum { body: BodyReader::from("hello") };
    let mut text = String::new();
    body.body.read_to_string(&mut text).unwrap();
    assert_eq!((text.as_str(), body.body.length(), body.body.media()), ("hello", Some(5), None));
}

#[test]
fn a_reader_kept_beyond_its_handler_reads_nothing() {
    use std::cell::RefCell;
    thread_local!(static KEPT: RefCell<Option<BodyReader>> = const { RefCell::new(None) });
    let service = Service::new((), "{}").route(|(): &(), _: &Context, req: Idle| {
        KEPT.with(|kept| kept.replace(Some(req.body)));
        Ok(String::new())
    });
    service.post("/idle").body(*b"x", "application/octet-stream").send();
    let mut kept = KEPT.take().unwrap();
    assert_eq!(kept.read(&mut [0; 9]).unwrap_err().kind(), std::io::ErrorKind::BrokenPipe);
}

/// A thing with a version that clients must know to change it.
#[derive(Clone, Debug, PartialEq)]
pub struct Read {}

#[derive(Clone, Debug, PartialEq)]
pub struct Change {}

#[derive(Debug)]
pub enum ChangeError {
    Stale(photon::Problem),
    Internal(photon::Error),
}

photon::errors! { ChangeError, problem Stale stale 412 }

static READ: photon::Meta = photon::meta("read", "GET", "/thing", 200).answers(&["application/json"]);
photon::operation! { Read -> String, ChangeError = READ }
static CHANGE: photon::Meta = photon::meta("change", "PUT", "/thing", 204);
photon::operation! { Change -> (), ChangeError = CHANGE }

#[test]
fn conditions_are_held_against_any_state() {
    let read = |(): &(), cx: &Context, _: Read| {
        cx.precondition(Etag::strong("v1"))?;
        Ok("thing".to_owned())
    };
    let change: fn(&(), &Context<'_>, Change) -> Result<(), ChangeError> =
        |(), cx, _| Ok(cx.precondition(Etag::strong("v1"))?);
    let create: fn(&(), &Context<'_>, Change) -> Result<(), ChangeError> =
        |(), cx, _| Ok(cx.precondition(Validators::absent())?);
    let service = |made: bool| Service::new((), "{}").route(read).route(if made { change } else { create });
    let made = service(true);
    let first = made.get("/thing").send();
    assert_eq!((first.status.as_u16(), first.headers["etag"].as_bytes()), (200, &b"\"v1\""[..]));
    let again = made.get("/thing").header("if-none-match", "\"v1\"").send();
    assert_eq!((again.status.as_u16(), again.body.len()), (304, 0));
    assert!(again.headers.contains_key("etag") && !again.headers.contains_key("content-type"));
    assert_eq!(made.get("/thing").header("if-match", "\"v0\"").send().status, 412);
    let put = |service: &Service<()>, name: &str, value: &str| {
        service.put("/thing").header(name, value).send().status.as_u16()
    };
    assert_eq!(made.put("/thing").send().status, 204);
    assert_eq!((put(&made, "if-match", "\"v1\""), put(&made, "if-match", "\"v0\"")), (204, 412));
    assert_eq!((put(&made, "if-match", "*"), put(&made, "if-none-match", "*")), (204, 412));
    let absent = service(false);
    assert_eq!((put(&absent, "if-match", "*"), put(&absent, "if-none-match", "*")), (412, 204));
}
