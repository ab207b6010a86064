//! Every construct that Photon understands: what is generated for it is kept beside, compiled, and asked.

#![allow(clippy::unwrap_used)]

photon_runtime::include_api!(mod constructs);

mod socket;

use std::fmt::Debug;
use std::io::Read as _;

use constructs::models::{Point, Shape, Thing, ThingInput};
use constructs::{
    Answer, AnswerError, AnswerOutput, AnswersApi, BodiesApi, Events, Header, Outgoing, ParametersApi,
    PatchThing, PatchThingError, Path, Points, PutThing, PutThingError, Query, Receive, ReceiveForm, Search,
    Security, SendBytes, SendForm, SendLines, SendShape, Talk, TalkError, Upload,
};
use photon_runtime::testing::Answer as Answered;
use photon_runtime::websocket::Socket;
use photon_runtime::{
    ApiKey, Basic, Bearer, BodyWriter, Bytes, Context, Error, Etag, Patch, Principal, Problem, Result,
    ResultExt as _, SendFile, Service, StatusCode, Unauthorized, Uuid,
};
use serde_json::{Value, json};

/// Answers with what it was given.
struct Echo;

fn seen(what: &impl Debug) -> String {
    format!("{what:?}")
}

impl ParametersApi for Echo {
    fn path(&self, _cx: &Context, req: Path) -> Result<String> {
        Ok(seen(&req))
    }

    fn query(&self, _cx: &Context, req: Query) -> Result<String> {
        Ok(seen(&req))
    }

    fn header(&self, _cx: &Context, req: Header) -> Result<String> {
        Ok(seen(&req))
    }

    fn search(&self, _cx: &Context, req: Search) -> Result<String> {
        Ok(seen(&req.body.text))
    }
}

/// Operations whose documents say the same of their errors have one type of error.
fn named(name: &str) -> Result<(), PutThingError> {
    if name == "nobody" { Err(PutThingError::not_found("there is none")) } else { Ok(()) }
}

impl BodiesApi for Echo {
    fn put_thing(&self, _cx: &Context, req: PutThing) -> Result<Thing, PutThingError> {
        named(&req.body.name)?;
        let mut thing = answered(req.body);
        if thing.name == "too long" {
            thing.name = " ".repeat(33);
            thing.words = Some(vec!["a".to_owned(), "a".to_owned()]);
            thing.odd = Some(2);
        }
        Ok(thing)
    }

    fn patch_thing(&self, _cx: &Context, req: PatchThing) -> Result<String, PatchThingError> {
        if let Some(Patch::Value(name)) = req.body.as_ref().map(|body| &body.name) {
            named(name)?;
        }
        Ok(seen(&(req.principal.map(|principal| principal.subject), req.body)))
    }

    fn send_form(&self, _cx: &Context, req: SendForm) -> Result<String> {
        Ok(seen(&req.body))
    }

    fn upload(&self, _cx: &Context, req: Upload) -> Result<String> {
        let files = req.body.files.iter().map(|file| (&file.name, &file.content));
        Ok(seen(&(&req.body.point, files.collect::<Vec<_>>())))
    }

    fn receive(&self, _cx: &Context, req: Receive) -> Result<String> {
        let Some(mut body) = req.body else { return Ok(seen(&"nothing")) };
        let mut text = String::new();
        body.read_to_string(&mut text)?;
        Ok(seen(&(body.media(), text)))
    }

    fn receive_form(&self, _cx: &Context, mut req: ReceiveForm) -> Result<String> {
        let mut files = Vec::new();
        while let Some(mut part) = req.body.next_file()? {
            let mut text = String::new();
            part.read_to_string(&mut text)?;
            files.push((part.file_name().map(str::to_owned), text));
        }
        Ok(seen(&(req.body.finish()?.point, files)))
    }

    fn send_bytes(&self, _cx: &Context, req: SendBytes) -> Result<Bytes> {
        Ok(req.body)
    }

    fn send_lines(&self, _cx: &Context, req: SendLines) -> Result<String> {
        Ok(seen(&req.body.iter().map(|point| (point.x, point.y)).collect::<Vec<_>>()))
    }

    fn send_shape(&self, _cx: &Context, req: SendShape) -> Result<Shape> {
        Ok(req.body)
    }
}

/// A thing as it is answered: with an id, and without what is write-only.
fn answered(thing: ThingInput) -> Thing {
    Thing {
        id: Uuid::nil(),
        name: thing.name,
        kind: thing.kind,
        color: thing.color,
        level: thing.level,
        version: thing.version,
        huge: thing.huge,
        amount: thing.amount,
        price: thing.price,
        born: thing.born,
        note: thing.note,
        mail: thing.mail,
        words: thing.words,
        range: thing.range,
        counts: thing.counts,
        extra: thing.extra,
        parent: thing.parent.map(|parent| Box::new(answered(*parent))),
        shape: thing.shape,
        owner: thing.owner,
        odd: thing.odd,
        any: thing.any,
    }
}

impl AnswersApi for Echo {
    fn answer(&self, _cx: &Context, req: Answer) -> Result<AnswerOutput, AnswerError> {
        let (x_total, x_words) = (3, Some(vec!["a".to_owned(), "b".to_owned()]));
        match req.which {
            1 => Ok(AnswerOutput::OkJson { x_total, x_words, body: Point { x: 1, y: 2 } }),
            2 => Ok(AnswerOutput::OkText { x_total, x_words: None, body: "two".to_owned() }),
            3 => Ok(AnswerOutput::NoContent),
            4 => Err(AnswerError::not_found("no such answer")),
            5 => {
                let reason = constructs::models::AnswerClient { reason: "teapot".to_owned() };
                Err(AnswerError::Client(StatusCode::IM_A_TEAPOT, reason))
            }
            6 => Err(AnswerError::Other(
                StatusCode::BAD_GATEWAY,
                Problem::new(StatusCode::BAD_GATEWAY, "beyond"),
            )),
            _ => Err(Error::new("the database is gone").into()),
        }
    }

    fn outgoing(&self, _cx: &Context, _req: Outgoing, body: BodyWriter) -> Result<()> {
        body.send_file(SendFile::bytes("0123456789").etag(Etag::strong(1)).inline("a.svg"))
    }

    fn events(&self, _cx: &Context, _req: Events, mut events: photon_runtime::Events<Point>) -> Result<()> {
        events.send(&Point { x: 1, y: 2 })?;
        events.send(&Point { x: 3, y: 4 })?;
        Ok(())
    }

    fn points(&self, _cx: &Context, _req: Points, mut lines: photon_runtime::Lines<Point>) -> Result<()> {
        lines.send(&Point { x: 1, y: 2 })?;
        lines.send(&Point { x: 3, y: 4 })?;
        Ok(())
    }

    fn talk(&self, _cx: &Context, req: Talk, mut socket: Socket<Vec<Point>, Point>) -> Result<(), TalkError> {
        let scale = i32::try_from(req.scale).internal()?;
        let sender = socket.sender();
        if req.room == "full" {
            // Nobody has heard of a WebSocket yet.
            assert!(sender.send(&Point { x: 1, y: 1 }).is_ok());
            return Err(TalkError::unprocessable_content("the room is full"));
        }
        if req.room == "late" {
            socket.open()?;
            return Err(TalkError::unprocessable_content("the room is full"));
        }
        while let Some(points) = socket.receive()? {
            let (x, y) = points.iter().fold((0, 0), |(x, y), point| (x + point.x, y + point.y));
            socket.send(&Point { x: x * scale, y: y * scale })?;
        }
        Ok(())
    }
}

impl Security for Echo {
    fn bearer(&self, _cx: &Context, bearer: Bearer<'_>) -> Result<Principal, Unauthorized> {
        known(bearer.token)
    }

    fn basic(&self, _cx: &Context, basic: Basic<'_>) -> Result<Principal, Unauthorized> {
        known(&basic.username)
    }

    fn key(&self, _cx: &Context, key: ApiKey<'_>) -> Result<Principal, Unauthorized> {
        known(&key.key)
    }
}

fn known(who: &str) -> Result<Principal, Unauthorized> {
    match who {
        "ada" => Ok(Principal { subject: who.to_owned(), scopes: Vec::new() }),
        _ => Err(Unauthorized::new("who is that?")),
    }
}

fn service() -> Service<Echo> {
    constructs::service(Echo)
}

/// Place and keyword of every violation.
fn faults(answer: &Answered) -> Vec<String> {
    let problem: Value = answer.json();
    let place = |error: &Value| {
        let at =
            error.get("parameter").or_else(|| error.get("pointer")).and_then(Value::as_str).unwrap_or("");
        format!("{} {at} {}", error["in"].as_str().unwrap(), error["keyword"].as_str().unwrap())
    };
    problem["errors"].as_array().unwrap().iter().map(place).collect()
}

#[test]
fn the_copy_is_what_is_generated() -> photon_build::Result {
    let copy = concat!(env!("CARGO_MANIFEST_DIR"), "/goldens/constructs.rs");
    photon_build::check("../openapi/constructs.yaml", copy)
}

#[test]
fn parameters_stand_everywhere() {
    let service = service();
    let path = service.get("/v1/path/1,2/.a.b/;matrix=x,1,y,2/name.json").send().text().into_owned();
    assert_eq!(
        path,
        r#"Path { simple: [1, 2], label: ["a", "b"], matrix: Point { x: 1, y: 2 }, file: "name" }"#
    );
    let wrong = service.get("/v1/path/0,2/.a.b/;matrix=x,1/NAME.json").send();
    assert_eq!(wrong.status, 422);
    assert_eq!(faults(&wrong), ["path simple minimum", "path matrix required", "path file pattern"]);

    let query = "/v1/query?exploded=name&exploded=age&flat=1,2&spaced=a%20b&piped=a%7Cb&deep[x]=1&deep[y]=2\
        &json=%7B%22x%22:3,%22y%22:4%7D&since=2026-01-02T03:04:05Z";
    assert_eq!(
        service.get(query).send().text(),
        "Query { exploded: Some([Name, Age]), flat: Some([1, 2]), spaced: Some([\"a\", \"b\"]), \
        piped: Some([\"a\", \"b\"]), deep: Some(Point { x: 1, y: 2 }), json: Some(Point { x: 3, y: 4 }), limit: 20, \
        since: Some(2026-01-02T03:04:05+00:00) }"
    );
    let wrong = service.get("/v1/query?exploded=name&exploded=name&limit=101&json=%7B%7D&since=today").send();
    assert_eq!(
        faults(&wrong),
        [
            "query exploded uniqueItems",
            "query json required",
            "query json required",
            "query limit maximum",
            "query since format"
        ]
    );

    let ids = "00000000-0000-0000-0000-000000000001, 00000000-0000-0000-0000-000000000002";
    let header =
        service.get("/v1/header").header("x-ids", ids).header("x-point", "x=1,y=2").cookie("session", "abcd");
    assert!(header.send().text().contains("x_point: Some(Point { x: 1, y: 2 }), session: Some(\"abcd\")"));
    assert_eq!(faults(&service.get("/v1/header").send()), ["header X-Ids required"]);

    let search = service.request("QUERY", "/v1/search").json(&json!({ "text": "rex" })).send();
    assert_eq!((search.status.as_u16(), &*search.text()), (200, "\"rex\""));
}

#[test]
fn models_say_all_that_their_schemas_say() {
    let service = service();
    let put = |thing: &Value| service.put("/v1/json").bearer("ada").json(thing).send();
    let thing = json!({
        "name": "a", "kind": "small", "color": "blue", "level": "high", "version": 2, "huge": -9_007_199_254_740_993_i64,
        "amount": 0.07, "price": "1.10", "born": "2024-02-29", "note": null, "mail": "a@example.org", "secret": "s",
        "words": ["a", "b"], "range": [1.5, 2.5], "counts": { "a": 1 }, "extra": { "x-a": "1" },
        "parent": { "name": "b", "kind": "large" }, "shape": { "shape": "circle", "radius": 1.5 },
        "owner": { "mail": "m" }, "odd": 3, "any": [1, { "a": null }],
    });
    let answer = put(&thing);
    assert_eq!(answer.status, 200, "{}", answer.text());
    let mut expected = thing.clone();
    expected["id"] = json!(Uuid::nil().to_string());
    expected["parent"]["id"] = json!(Uuid::nil().to_string());
    expected.as_object_mut().unwrap().remove("secret");
    assert_eq!(answer.json::<Value>(), expected);

    let answer = put(&json!({
        "name": " a", "kind": "huge", "level": 3, "version": 1, "huge": 1.5, "amount": 0.075, "price": "x",
        "born": "2023-02-29", "mail": "m", "secret": "s", "words": ["a", "a"], "range": [1, 2, 3], "counts": { "A": -1 },
        "extra": { "y": "1" }, "parent": { "kind": "small" }, "shape": { "shape": "circle", "radius": 0 },
        "owner": { "id": "x" }, "odd": 2,
    }));
    assert_eq!(answer.status, 422);
    assert_eq!(
        faults(&answer),
        [
            "body /amount multipleOf",
            "body /born format",
            "body /counts/A propertyNames",
            "body /counts/A minimum",
            "body /extra/y propertyNames",
            "body /huge type",
            "body /kind enum",
            "body /level enum",
            "body /mail format",
            "body /name pattern",
            "body /odd not",
            "body /owner/id type",
            "body /parent/name required",
            "body /price format",
            "body /range/2 items",
            "body /shape/radius exclusiveMinimum",
            "body /version enum",
            "body /words uniqueItems",
        ]
    );
    let dependent = put(&json!({ "name": "a", "kind": "small", "secret": "s" }));
    assert_eq!(faults(&dependent), ["body  dependentRequired"]);
    assert_eq!(put(&json!({ "name": "nobody", "kind": "small" })).status, 404);
    let patch = service.patch("/v1/json").body(r#"{"name":"nobody"}"#, "application/merge-patch+json").send();
    assert_eq!(patch.status, 404);

    let shape = |shape: &Value| service.post("/v1/shape").json(shape).send();
    assert_eq!(
        shape(&json!({ "shape": "square", "side": 2.0 })).json::<Value>(),
        json!({ "shape": "square", "side": 2.0 })
    );
    assert_eq!(faults(&shape(&json!({ "shape": "oval" }))), ["body /shape discriminator"]);
    assert_eq!(service.post("/v1/shape").body("{\"shape\":", "application/json").send().status, 400);
}

#[test]
fn absent_and_null_are_not_the_same() {
    let service = service();
    let patch = |body: &str| {
        let request = service.patch("/v1/json").body(body, "application/merge-patch+json");
        request.send().text().into_owned()
    };
    assert_eq!(patch(r#"{"name":null}"#), "(None, Some(ThingPatch { name: Null, note: Absent }))");
    assert_eq!(patch(r#"{"note":"x"}"#), "(None, Some(ThingPatch { name: Absent, note: Value(\"x\") }))");
    assert_eq!(service.patch("/v1/json").send().text(), "(None, None)");
    let empty = service.patch("/v1/json").body("{}", "application/merge-patch+json").send();
    assert_eq!(faults(&empty), ["body  minProperties"]);
}

#[test]
fn bodies_have_many_media_types() {
    let service = service();
    let form = |body: &str| service.post("/v1/form").body(body, "application/x-www-form-urlencoded").send();
    assert_eq!(
        form("name=a+b&ages=1,2&point[x]=1&point[y]=2").text(),
        "Form(SendFormBody { name: \"a b\", ages: Some([1, 2]), point: Some(Point { x: 1, y: 2 }) })"
    );
    assert_eq!(faults(&form("name=123456789&ages=x")), ["body /ages/0 type", "body /name maxLength"]);
    assert_eq!(service.post("/v1/form").body("hello", "text/plain").send().text(), "Text(\"hello\")");
    assert_eq!(service.post("/v1/form").body("{}", "application/json").send().status, 415);

    let part =
        |head: &str, body: &str| format!("--b\r\nContent-Disposition: form-data; {head}\r\n\r\n{body}\r\n");
    let point = part("name=\"point\"\r\nContent-Type: application/json", "{\"x\":1,\"y\":2}");
    let file = part("name=\"files\"; filename=\"a.txt\"\r\nContent-Type: text/plain", "abc");
    let upload =
        |body: String| service.post("/v1/upload").body(body, "multipart/form-data; boundary=b").send();
    assert_eq!(
        upload(format!("{point}{file}{file}--b--\r\n")).text(),
        "(Some(Point { x: 1, y: 2 }), [(Some(\"a.txt\"), b\"abc\"), (Some(\"a.txt\"), b\"abc\")])"
    );
    assert_eq!(faults(&upload(format!("{point}--b--\r\n"))), ["body /files required"]);
    let large = part("name=\"files\"; filename=\"a.txt\"\r\nContent-Type: text/plain", &"x".repeat(1 << 20));
    assert_eq!(upload(format!("{large}--b--\r\n")).status, 413);

    let bytes = service.post("/v1/bytes").body([0, 159, 146], "application/octet-stream").send();
    assert_eq!(bytes.body, [0, 159, 146]);
    let lines = |body: &str| service.post("/v1/lines").body(body, "application/x-ndjson").send();
    assert_eq!(lines("{\"x\":1,\"y\":2}\n{\"x\":3,\"y\":4}\n").text(), "[(1, 2), (3, 4)]");
    assert_eq!(faults(&lines("{\"x\":1,\"y\":2}\n{\"x\":3}\n")), ["body /1/y required"]);
}

#[test]
fn answers_are_those_of_the_document() {
    let service = service();
    let answer = |which: u8, accept: &str| {
        service.get(&format!("/v1/answers/{which}")).bearer("ada").header("accept", accept).send()
    };
    let json = answer(1, "application/json");
    assert_eq!(json.json::<Value>(), json!({ "x": 1, "y": 2 }));
    assert_eq!(
        (&json.headers["x-total"], &json.headers["x-words"]),
        (&"3".parse().unwrap(), &"a,b".parse().unwrap())
    );
    let text = answer(2, "*/*");
    assert_eq!((&*text.text(), text.headers.contains_key("x-words")), ("two", false));
    assert_eq!(answer(3, "*/*").status, 204);

    for (which, status, media, part) in [
        (4, 404, "application/problem+json", "no such answer"),
        (5, 418, "application/json", "{\"reason\":\"teapot\"}"),
        (6, 502, "application/problem+json", "beyond"),
        (7, 500, "application/problem+json", "\"status\":500"),
    ] {
        let answer = answer(which, "*/*");
        assert_eq!(
            (answer.status.as_u16(), answer.headers["content-type"].to_str().unwrap()),
            (status, media)
        );
        assert!(answer.text().contains(part), "{}", answer.text());
        assert!(!answer.text().contains("database"), "{}", answer.text());
    }

    let events = service.get("/v1/events").send();
    assert_eq!(events.headers["content-type"], "text/event-stream");
    let event = "event: point\ndata: ";
    assert_eq!(events.text(), format!("{event}{{\"x\":1,\"y\":2}}\n\n{event}{{\"x\":3,\"y\":4}}\n\n"));
    assert_eq!(service.get("/v1/points").send().text(), "{\"x\":1,\"y\":2}\n{\"x\":3,\"y\":4}\n");
}

/// What the test of a handler that does not keep the document fails with.
fn departure(send: impl FnOnce() -> Answered + std::panic::UnwindSafe) -> String {
    let panic = std::panic::catch_unwind(send).unwrap_err();
    panic.downcast_ref::<String>().unwrap().clone()
}

#[test]
fn what_departs_fails_the_test() {
    let check = |name: &str, expected: &str| {
        let body = json!({ "name": name, "kind": "small" }).to_string();
        let told =
            departure(move || service().put("/v1/json").bearer("ada").body(body, "application/json").send());
        assert_eq!(told, format!("the answer 200 of `putThing` is not what the document says: {expected}"));
    };
    check(
        "too long",
        "the body at /name must have at most 32 characters, has 33; the body at /name must match the pattern ^\\S; \
         the body at /words must not repeat items, but items 0 and 1 are equal; the body at /odd must not be a multiple of 2",
    );
    let refused = departure(|| service().get("/v1/answers/1").bearer("eve").send());
    assert_eq!(
        refused,
        "the answer 401 of `answer` is not what the document says: its media type is application/problem+json, and must \
         be application/json"
    );
    let unchecked = constructs::service(Echo).check_answers(false);
    let body = json!({ "name": "too long", "kind": "small" });
    assert_eq!(unchecked.put("/v1/json").bearer("ada").json(&body).send().status, 200);
}

#[test]
fn bodies_and_files_are_streamed() {
    let service = service();
    let post = || service.post("/v1/incoming");
    assert_eq!(post().send().text(), "\"nothing\"");
    assert_eq!(post().body("a,b", "text/csv").send().text(), r#"(Some("text/csv"), "a,b")"#);
    assert_eq!(post().json(&1).send().status, 415);
    let form = |point: &str| {
        let part = "--b\r\ncontent-disposition: form-data; name=";
        let form = format!("{part}file; filename=f\r\n\r\nhello\r\n{part}point\r\n\r\n{point}\r\n--b--");
        service.put("/v1/incoming").body(form, "multipart/form-data; boundary=b").send()
    };
    assert_eq!(form(r#"{"x":1,"y":2}"#).text(), r#"(Some(Point { x: 1, y: 2 }), [(Some("f"), "hello")])"#);
    assert_eq!(form(r#"{"x":1}"#).status, 422);

    let whole = service.get("/v1/outgoing").send();
    assert_eq!(
        (whole.text().as_ref(), &whole.headers["content-type"]),
        ("0123456789", &"image/svg+xml".parse().unwrap())
    );
    let part = service.get("/v1/outgoing").header("range", "bytes=2-3").send();
    assert_eq!((part.status.as_u16(), part.text().as_ref()), (206, "23"));
    assert_eq!(service.get("/v1/outgoing").header("if-none-match", "\"1\"").send().status, 304);
}

#[test]
fn callers_are_verified_before_anything_is_read() {
    let service = service();
    assert_eq!(service.put("/v1/json").body("{", "application/json").send().status, 401);
    // The document has an error of its own for it, which nobody gives here: see `what_departs_fails_the_test`.
    let unchecked = constructs::service(Echo).check_answers(false);
    assert_eq!(unchecked.get("/v1/answers/1").bearer("eve").send().status, 401);
    let png = unchecked.get("/v1/answers/1").bearer("ada").header("accept", "image/png");
    assert_eq!(png.send().status, 406);

    let patch = || service.patch("/v1/json");
    assert_eq!(patch().bearer("ada").header("x-key", "ada").send().text(), "(Some(\"ada\"), None)");
    assert_eq!(patch().basic("ada", "secret").send().text(), "(Some(\"ada\"), None)");
    assert_eq!(patch().send().text(), "(None, None)");
}
