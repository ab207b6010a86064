//! Operations that ask for the bytes of their body, beside what they mean or alone.

use ::photon_runtime as photon;
use photon::{Context, Service};

use crate::Note;

struct Signed {
    id: i64,
    body: Note,
    raw: photon::Bytes,
}

static SIGNED: photon::Meta = photon::meta("signed", "POST", "/signed/{id}", 200)
    .params(&[photon::path("id")])
    .body(&[photon::json()])
    .body_max(64);
photon::operation! { Signed -> String, photon::Error = SIGNED, id; raw: raw, body: body }

struct Bare {
    raw: photon::Bytes,
}

static BARE: photon::Meta = photon::meta("bare", "POST", "/bare", 200).body_max(64);
photon::operation! { Bare -> String, photon::Error = BARE; raw: raw }

#[test]
fn bytes_come_as_they_were_sent() {
    let service = Service::new((), "{}")
        .route(|(): &(), _: &Context, req: Signed| {
            Ok(format!("{} {} {}", req.id, req.body.title, req.raw.len()))
        })
        .route(|(): &(), _: &Context, req: Bare| Ok(req.raw.len().to_string()));
    let json = "application/json";
    let large = format!("{{\"title\":\"a\"{}}}", " ".repeat(64));
    let cases = [
        ("/signed/7", "{ \"title\" : \"a\" }", json, 200, "\"7 a 17\""),
        ("/signed/7", "{\"title\":1}", json, 422, ""),
        ("/signed/x", "{\"title\":\"a\"}", json, 422, ""),
        ("/signed/7", "{", json, 400, ""),
        ("/signed/7", "a", "text/plain", 415, ""),
        ("/signed/7", &large, json, 413, ""),
        ("/bare", "\u{0}any", "x/y", 200, "\"4\""),
        ("/bare", &large, json, 413, ""),
    ];
    for (path, body, media, status, text) in cases {
        let answer = service.post(path).body(body, media).send();
        assert_eq!(answer.status, status, "{path} {body}: {}", answer.text());
        assert!(text.is_empty() || answer.text() == text, "{path} {body}: {}", answer.text());
    }
    assert_eq!(service.post("/bare").send().text(), "\"0\"");
}
