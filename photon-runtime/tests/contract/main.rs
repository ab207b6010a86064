//! What generated code can say of errors, bodies, answers and security, called in memory.
#![allow(
    missing_docs,
    missing_debug_implementations,
    unreachable_pub,
    clippy::trivially_copy_pass_by_ref,
    reason = "as generated modules are included"
)]

mod files;
mod raw;
mod reading;
mod routing;

use ::photon_runtime as photon;
use photon::{Context, File, Service};
use serde_json::{Value as Json, json};

#[derive(Clone, Debug, PartialEq)]
pub struct Note {
    pub title: String,
    pub tags: Vec<String>,
    pub count: Option<i64>,
}

static NOTE: photon::Record = photon::record("Note", &["title", "tags", "count"])
    .required(&["title"])
    .rules(&[("title", photon::text(1, 9))]);
photon::model! { Note, NOTE, title tags count }

#[derive(Clone, Debug, PartialEq)]
pub struct Upload {
    pub note: Note,
    pub files: Vec<File>,
    pub raw: Option<photon::Bytes>,
}

static UPLOAD: photon::Record =
    photon::record("Upload", &["note", "files", "raw"]).required(&["note", "files"]);
photon::model! { Upload, UPLOAD, note files raw }

/// An operation without parameters beside its body.
macro_rules! operation {
    ($name:ident: $meta:expr, $body:ty => $output:ty, $error:ty) => {
        pub struct $name {
            pub body: $body,
        }

        const _: () = {
            static TABLE: photon::Meta = $meta;
            photon::operation! { $name -> $output, $error = TABLE; body: body }
        };
    };
}

operation!(SendForm: photon::meta("sendForm", "POST", "/form", 200)
    .body(&[photon::form().encoding(&[photon::encoding("tags").flat()])]), Note => Note, photon::Error);
operation!(SendParts: photon::meta("sendParts", "POST", "/parts", 200)
    .body(&[photon::multipart()]), Upload => String, photon::Error);
operation!(SendText: photon::meta("sendText", "POST", "/text", 200)
    .optional_body(&[photon::plain().rule(photon::int(0, 10))])
    .answers(&["text/plain"]), Option<i64> => String, photon::Error);
operation!(SendBytes: photon::meta("sendBytes", "POST", "/bytes", 200)
    .body(&[photon::bytes().media("image/*")])
    .answers(&["image/png"]), photon::Bytes => photon::Bytes, photon::Error);
operation!(SendLines: photon::meta("sendLines", "POST", "/lines", 200)
    .body(&[photon::json_lines()])
    .body_max(64), Vec<Note> => Vec<Note>, photon::Error);

#[derive(Debug)]
pub enum AnyError {
    Missing(photon::Problem),
    Busy(Note),
    Gone,
    Throttled { retry_after: i64, reset: Option<String>, body: Note },
    Client(photon::StatusCode, Note),
    Moved { status: photon::StatusCode, location: String, kind: i64, body: photon::Problem },
    Tea { status: photon::StatusCode, x_tea: String },
    Other(photon::StatusCode, photon::Problem),
    Server(photon::StatusCode),
    Internal(photon::Error),
}

photon::errors! { AnyError,
    problem Missing missing 404,
    body Busy 409 "application/vnd.note+json",
    empty Gone 410,
    fields Throttled 429 "application/json" { retry_after "retry-after" reset "x-reset" } body,
    range Client "application/json",
    range_fields Moved "application/problem+json" { location "location" kind "x-kind" } body,
    range_fields Tea "" { x_tea "x-tea" },
    range_problem Other,
    range_empty Server,
}
photon::internal! { AnyError, std::io::Error, std::fmt::Error }

pub enum TwoBodies {
    Json(Note),
    Form(Note),
}
photon::bodies! { TwoBodies, 0 = Json 1 = Form }

pub struct Fail {
    pub body: Option<TwoBodies>,
}

static FAIL: photon::Meta =
    photon::meta("fail", "POST", "/fail", 204).optional_body(&[photon::json(), photon::form()]);
photon::operation! { Fail -> (), AnyError = FAIL; body: bodies }

fn fail(_: &(), _: &Context, req: Fail) -> Result<(), AnyError> {
    let note = match req.body {
        None => return Ok(()),
        Some(TwoBodies::Json(note) | TwoBodies::Form(note)) => note,
    };
    let body = note.clone();
    Err(match note.title.as_str() {
        "missing" => photon::NotFound::new("nothing").into(),
        "busy" => AnyError::Busy(body),
        "gone" => AnyError::Gone,
        "throttled" => AnyError::Throttled { retry_after: 5, reset: None, body },
        "client" => AnyError::Client(photon::StatusCode::IM_A_TEAPOT, body),
        "moved" => {
            let status = photon::StatusCode::FOUND;
            AnyError::Moved { status, location: "/x".into(), kind: 1, body: photon::Problem::of(status) }
        }
        "tea" => AnyError::Tea { status: photon::StatusCode::IM_A_TEAPOT, x_tea: "green".into() },
        "other" => {
            AnyError::Other(photon::StatusCode::BAD_GATEWAY, photon::Problem::of(photon::StatusCode::OK))
        }
        "server" => AnyError::Server(photon::StatusCode::BAD_GATEWAY),
        _ => std::io::Error::other("secret").into(),
    })
}

fn service() -> Service<()> {
    Service::new((), "{}")
        .route(|(): &(), _: &Context, req: SendForm| Ok(req.body))
        .route(|(): &(), _: &Context, req: SendParts| {
            let names: Vec<_> = req.body.files.iter().filter_map(|file| file.name.clone()).collect();
            Ok(format!("{} {names:?} {:?}", req.body.note.title, req.body.raw))
        })
        .route(|(): &(), _: &Context, req: SendText| Ok(format!("{:?}", req.body)))
        .route(|(): &(), _: &Context, req: SendBytes| Ok(req.body))
        .route(|(): &(), _: &Context, req: SendLines| Ok(req.body))
        .route(fail)
}

#[test]
fn declared_errors_are_answered_as_declared() {
    let service = service();
    let cases = [
        ("missing", 404, "application/problem+json"),
        ("busy", 409, "application/vnd.note+json"),
        ("gone", 410, ""),
        ("throttled", 429, "application/json"),
        ("client", 418, "application/json"),
        ("moved", 302, "application/problem+json"),
        ("tea", 418, ""),
        ("other", 502, "application/problem+json"),
        ("server", 502, ""),
        ("io", 500, "application/problem+json"),
    ];
    for (title, status, media) in cases {
        let answer = service.post("/fail").json(&json!({ "title": title })).send();
        assert_eq!(answer.status, status, "{title}");
        assert_eq!(
            answer.headers.get("content-type").map_or("", |value| value.to_str().unwrap()),
            media,
            "{title}"
        );
        assert!(!answer.text().contains("secret"));
    }
    let throttled = service.post("/fail").form(&[("title", "throttled")]).send();
    assert_eq!(throttled.headers["retry-after"], "5");
    assert!(!throttled.headers.contains_key("x-reset"));
    assert_eq!(throttled.json::<Json>()["title"], "throttled");
    assert_eq!(service.post("/fail").send().status, 204);
    let other = service.post("/fail").body("x", "text/csv").send();
    assert_eq!(
        (other.status.as_u16(), &other.headers["accept"]),
        (415, &"application/json, application/x-www-form-urlencoded".parse().unwrap())
    );
    assert_eq!(AnyError::missing("x").to_string(), "answered with status 404");
    assert_eq!(AnyError::Gone.to_string(), "answered with status 410");
}

#[test]
fn forms_are_read() {
    let service = service();
    let form = |text: &str| service.post("/form").body(text, "application/x-www-form-urlencoded").send();
    assert_eq!(
        form("title=a+b&tags=x,y&count=3").json::<Json>(),
        json!({"title":"a b","tags":["x","y"],"count":3})
    );
    for (text, status, errors) in [
        ("title=", 422, json!([["/title", "minLength"]])),
        ("count=x", 422, json!([["/title", "required"], ["/count", "type"]])),
        ("title=a&title=b", 422, json!([["/title", "type"]])),
        ("title=%ZZ", 400, json!([["", "syntax"], ["/title", "required"]])),
        ("", 422, json!([["/title", "required"]])),
    ] {
        let answer = form(text);
        let problem: Json = answer.json();
        let mut found: Vec<Json> = problem["errors"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| json!([it["pointer"], it["keyword"]]))
            .collect();
        found.sort_by_key(ToString::to_string);
        let mut errors = errors.as_array().unwrap().clone();
        errors.sort_by_key(ToString::to_string);
        assert_eq!((answer.status.as_u16(), found), (status, errors), "{text}");
    }
}

#[test]
fn parts_are_read() {
    let service = service();
    let part = |head: &str, content: &str| {
        format!("--b\r\nContent-Disposition: form-data; {head}\r\n\r\n{content}\r\n")
    };
    let note = "--b\r\nContent-Disposition: form-data; name=note\r\nContent-Type: application/json\r\n\r\n{\"title\":\"t\"}\r\n";
    let whole = note.to_owned()
        + &part("name=files; filename=a.txt", "A")
        + &part("name=files; filename=b.txt", "B")
        + &part("name=raw", "\u{0}bytes")
        + "--b--";
    let send = |text: String| service.post("/parts").body(text, "multipart/form-data; boundary=b").send();
    assert_eq!(send(whole.clone()).text(), r#""t [\"a.txt\", \"b.txt\"] Some(b\"\\0bytes\")""#);
    assert_eq!(send(whole.replace("title", "tital")).status, 422);
    assert_eq!(send(whole.replace("{\"title", "{title")).status, 422);
    assert_eq!(send(whole.replace("--b--", "")).status, 400);
    assert_eq!(service.post("/parts").body(whole, "multipart/form-data").send().status, 400);
}

#[test]
fn other_bodies_are_read() {
    let service = service();
    assert_eq!(service.post("/text").body("7", "text/plain").send().text(), "Some(7)");
    assert_eq!(service.post("/text").send().text(), "None");
    assert_eq!(service.post("/text").body("11", "text/plain").send().status, 422);
    assert_eq!(service.post("/text").body("7", "text/plain; charset=latin1").send().status, 415);
    assert_eq!(service.post("/text").body(vec![0xff], "text/plain").send().status, 400);

    let coded = |coding: &str| {
        service.post("/text").header("content-encoding", coding).body("7", "text/plain").send()
    };
    assert_eq!(coded("identity").status, 200);
    let refused = coded("gzip");
    assert_eq!(
        (refused.status.as_u16(), &refused.headers["accept-encoding"]),
        (415, &"identity".parse().unwrap())
    );
    assert_eq!(refused.json::<Json>()["title"], "Unsupported Media Type");

    let image = service.post("/bytes").body(vec![0xff, 0x00, 0x89], "image/gif").send();
    assert_eq!(
        (image.body.as_slice(), &image.headers["content-type"]),
        (&[0xff, 0x00, 0x89][..], &"image/png".parse().unwrap())
    );
    assert_eq!(service.post("/bytes").body("x", "text/plain").send().status, 415);
    let coded = service.post("/bytes").header("content-encoding", "gzip").body(vec![0x1f, 0x8b], "image/gif");
    assert_eq!(coded.send().body.as_slice(), [0x1f, 0x8b]);

    let lines = |text: &str| service.post("/lines").body(text, "application/x-ndjson").send();
    assert_eq!(lines("{\"title\":\"a\"}\n\n{\"title\":\"b\"}\n").json::<Json>().as_array().unwrap().len(), 2);
    assert_eq!(lines("").json::<Json>(), json!([]));
    assert_eq!(lines("{\"title\":\"a\"},{\"title\":\"b\"}").status, 400);
    assert_eq!(lines("{\"title\":\"\"}").json::<Json>()["errors"][0]["pointer"], "/0/title");
    assert_eq!(lines(&" ".repeat(65)).status, 413);
}

mod secured {
    use super::*;
    use photon::{
        ApiKey, Authorization, Basic, Bearer, Certificate, Credential as _, Principal, Problem, StatusCode,
        Unauthorized,
    };

    const BASIC: photon::Scheme = photon::basic("basic");
    const BEARER: photon::Scheme = photon::bearer("bearer");
    const KEY: photon::Scheme = photon::api_key("key", photon::In::Query, "key");
    const HEADER: photon::Scheme = photon::api_key("header", photon::In::Header, "X-Key");
    const SESSION: photon::Scheme = photon::api_key("session", photon::In::Cookie, "sid");
    const TLS: photon::Scheme = photon::mutual_tls("tls");
    const DIGEST: photon::Scheme = photon::http_scheme("digest", "Digest");

    macro_rules! secured {
        ($name:ident, $path:literal, $principal:ty, $($security:tt)*) => {
            struct $name {
                principal: $principal,
            }

            const _: () = {
                static TABLE: photon::Meta = photon::meta($path, "GET", $path, 200).security($($security)*);
                photon::operation! { $name($principal) -> String, photon::Error = TABLE }
            };
        };
    }

    secured!(
        Either,
        "/either",
        Principal,
        &[&[BASIC], &[KEY, HEADER.scopes(&["read"])], &[SESSION], &[DIGEST]]
    );
    secured!(Scoped, "/scoped", Principal, &[&[BEARER.scopes(&["read", "write"])]]);
    secured!(Perhaps, "/perhaps", Option<Principal>, &[&[], &[BEARER]]);

    secured!(Shown, "/shown", Principal, &[&[TLS]]);

    fn authenticate(
        (): &(),
        _: &Context,
        scheme: &photon::Scheme,
        input: &photon::Input<'_>,
    ) -> Result<Principal, Unauthorized> {
        let subject = match scheme.name {
            "basic" => {
                let basic = Basic::extract(scheme, input)?;
                format!("{}/{}", basic.username, basic.password)
            }
            "tls" => String::from_utf8_lossy(&Certificate::extract(scheme, input)?.der).into_owned(),
            "bearer" => Bearer::extract(scheme, input)?.token.to_owned(),
            "digest" => Authorization::extract(scheme, input)?.credentials.to_owned(),
            _ => ApiKey::extract(scheme, input)?.key.into_owned(),
        };
        if subject == "bad" {
            Err(Unauthorized::new("bad"))
        } else if subject == "gone" {
            // Nobody knows whether these credentials hold.
            Err(Unauthorized(Problem::of(StatusCode::SERVICE_UNAVAILABLE)))
        } else {
            Ok(Principal::new(subject).scope("read"))
        }
    }

    #[test]
    fn callers_are_let_in_by_any_alternative() {
        let service = Service::new((), "{}")
            .secured_by(authenticate)
            .route(|(): &(), _: &Context, req: Either| Ok(req.principal.subject))
            .route(|(): &(), _: &Context, req: Scoped| Ok(req.principal.subject))
            .route(|(): &(), _: &Context, req: Shown| Ok(req.principal.subject))
            .route(|(): &(), _: &Context, req: Perhaps| {
                Ok(format!("{:?}", req.principal.map(|caller| caller.subject)))
            });
        let get = |path: &str| service.get(path);
        let cases = [
            (get("/either").basic("ada", "a:b").send(), 200, "\"ada/a:b\""),
            (get("/either?key=k%201").header("x-key", "h").send(), 200, "\"k 1\""),
            (get("/either").cookie("sid", "s").send(), 200, "\"s\""),
            (get("/either").header("authorization", "digest x=1").send(), 200, "\"x=1\""),
            (get("/either?key=k").send(), 401, "missing"),
            (get("/either?key=bad").cookie("sid", "s").header("x-key", "h").send(), 200, "\"s\""),
            (get("/either").cookie("sid", "bad").send(), 401, "bad"),
            (get("/either").header("authorization", "Basic !!").send(), 401, "well-formed"),
            (
                get("/either").header("authorization", "Basic YTpi").basic("a", "b").send(),
                401,
                "more than once",
            ),
            (get("/either").send(), 401, "missing"),
            (get("/shown").send(), 401, "missing"),
            (get("/shown").header("client-cert", ":aGVhZGVy:").send(), 200, "\"header\""),
            (get("/shown").header("client-cert", "aGVhZGVy").send(), 401, "no certificate"),
            (
                get("/shown").header("client-cert", ":aGVhZGVy:").client_certificate("own").send(),
                200,
                "\"own\"",
            ),
            (get("/scoped").bearer("x").send(), 403, "`write`"),
            (get("/scoped").bearer("a b").send(), 401, "well-formed"),
            (get("/either").cookie("sid", "gone").send(), 503, "Service Unavailable"),
            (get("/either").header("x-key", "h").cookie("sid", "gone").send(), 503, "Service Unavailable"),
            (get("/perhaps").bearer("gone").send(), 503, "Service Unavailable"),
            (get("/perhaps").send(), 200, "None"),
            (get("/perhaps").bearer("x").send(), 200, "Some"),
            (get("/perhaps").header("authorization", "bearer x").send(), 200, "Some"),
        ];
        for (index, (answer, status, text)) in cases.into_iter().enumerate() {
            assert_eq!(answer.status, status, "{index}: {}", answer.text());
            assert!(answer.text().contains(text), "{index}: {}", answer.text());
        }
        assert_eq!(
            get("/either").send().headers["www-authenticate"],
            "Basic realm=\"basic\", charset=\"UTF-8\", ApiKey in=\"query\", name=\"key\", \
             ApiKey in=\"header\", name=\"X-Key\", ApiKey in=\"cookie\", name=\"sid\", Digest"
        );
        let unknown = get("/perhaps").bearer("gone").send();
        assert!(
            unknown.headers.contains_key("retry-after") && !unknown.headers.contains_key("www-authenticate")
        );
        assert_eq!(
            get("/scoped").bearer("x").send().headers["www-authenticate"],
            "Bearer error=\"insufficient_scope\", scope=\"read write\""
        );
    }

    #[test]
    #[should_panic(expected = "nothing verifies its callers")]
    fn a_secured_operation_needs_a_verifier() {
        let _ = Service::new((), "{}").route(|(): &(), _: &Context, req: Scoped| Ok(req.principal.subject));
    }
}

mod streams {
    use std::cell::RefCell;
    use std::io::Write as _;

    use photon::{BodyWriter, Event, Events, Lines};

    use super::*;

    macro_rules! streaming {
        ($name:ident, $path:literal, $media:literal, $sink:ty) => {
            struct $name {}

            const _: () = {
                static TABLE: photon::Meta =
                    photon::meta($path, "GET", $path, 200).answers(&[$media]).blocking();
                photon::operation! { $name -> (), photon::Error = TABLE }
            };

            impl photon::Streaming for $name {
                type Sink = $sink;
            }
        };
    }

    streaming!(Ticks, "/ticks", "text/event-stream", Events<i64>);
    streaming!(Items, "/items", "application/x-ndjson", Lines<i64>);
    streaming!(Sequence, "/sequence", "application/json-seq", Lines<i64>);
    streaming!(Download, "/download", "image/*", BodyWriter);
    streaming!(Leak, "/leak", "text/csv", BodyWriter);

    thread_local! {
        static LEAKED: RefCell<Option<BodyWriter>> = const { RefCell::new(None) };
    }

    fn service() -> Service<()> {
        Service::new((), "{}")
            .stream(|(): &(), cx: &Context, _: Ticks, mut events: Events<i64>| {
                cx.response_headers().insert("cache-control", photon::HeaderValue::from_static("no-store"));
                events.retry(std::time::Duration::from_secs(2))?;
                events.send(&1)?;
                events.send_event(Event { name: Some("tick"), id: Some("7") }, &2)?;
                assert!(events.send_event(Event { name: Some("a\nb"), id: None }, &3).is_err());
                Ok(())
            })
            .stream(|(): &(), _: &Context, _: Items, mut lines: Lines<i64>| {
                lines.send(&1)?;
                lines.send(&2)
            })
            .stream(|(): &(), _: &Context, _: Sequence, mut lines: Lines<i64>| lines.send(&1))
            .stream(|(): &(), _: &Context, _: Download, mut body: BodyWriter| {
                body.media("image/png");
                body.write_all(&vec![7; 100_000])?;
                Ok(())
            })
            .stream(|(): &(), _: &Context, _: Leak, mut body: BodyWriter| {
                body.write_all(b"a,b")?;
                LEAKED.set(Some(body));
                Ok(())
            })
    }

    #[test]
    fn pieces_are_written_in_their_form() {
        let service = service();
        let ticks = service.get("/ticks").send();
        assert_eq!(ticks.text(), "retry: 2000\n\ndata: 1\n\nevent: tick\nid: 7\ndata: 2\n\n");
        assert_eq!(ticks.headers["cache-control"], "no-store");
        assert_eq!(service.get("/items").send().text(), "1\n2\n");
        assert_eq!(service.get("/sequence").send().text(), "\u{1e}1\n");
        let image = service.get("/download").send();
        assert_eq!(
            (image.body.len(), &image.headers["content-type"]),
            (100_000, &"image/png".parse().unwrap())
        );
    }

    #[test]
    fn a_sink_kept_beyond_its_handler_writes_to_nothing() {
        assert_eq!(service().get("/leak").send().text(), "a,b");
        let mut leaked = LEAKED.take().unwrap();
        assert!(leaked.is_cancelled());
        assert!(leaked.write_all(b"c").is_err());
        assert!(leaked.flush().is_ok(), "there is nothing to flush");
    }
}
