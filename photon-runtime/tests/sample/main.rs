//! The sample of the guide: what a user writes against what is generated, called in memory.

#![allow(clippy::unwrap_used, reason = "a poisoned lock of a sample")]

#[allow(missing_docs, dead_code, unreachable_pub, reason = "as generated modules are included")]
mod petstore;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, RwLock};

use petstore::models::{Pet, PetStatus};
use petstore::{
    CreatePet, CreatePetCreated, CreatePetError, GetPet, GetPetError, PetsApi, Security, Watch, WatchError,
};
use photon_runtime::{
    Bearer, Context, Events, NotFound, Principal, RejectionKind, ResultExt as _, StatusCode, Unauthorized,
    Wording,
};

/// The whole state of the application: no extractors, no injection, just `self`.
#[derive(Default)]
struct Store {
    pets: RwLock<BTreeMap<i64, Pet>>,
    created: Arc<AtomicU32>,
}

impl Store {
    fn find(&self, id: i64) -> Result<Pet, NotFound> {
        self.pets.read().unwrap().get(&id).cloned().ok_or_else(|| NotFound::new(format!("no pet {id}")))
    }
}

impl PetsApi for Store {
    fn get_pet(&self, _cx: &Context, req: GetPet) -> Result<Pet, GetPetError> {
        let pet = self.find(req.pet_id)?; // a declared 404
        if pet.status == PetStatus::Sold && !req.sold {
            return Err(GetPetError::not_found("this pet is sold"));
        }
        Ok(pet)
    }

    fn create_pet(&self, cx: &Context, req: CreatePet) -> Result<CreatePetCreated, CreatePetError> {
        let mut pets = self.pets.write().unwrap();
        if pets.values().any(|pet| pet.name == req.body.name) {
            return Err(Taken::Name(req.body.name).into()); // a declared 409
        }
        assert_ne!(req.body.name, "Panic", "a handler may err like this too");

        let id = i64::try_from(pets.len()).internal()? + 1; // not the caller's fault: a logged 500
        if req.body.name == "Fail" {
            return Err(std::io::Error::other("secret")).internal()?;
        }
        let pet = Pet { id, name: req.body.name, status: PetStatus::Available, tag: req.body.tag };
        pets.insert(id, pet.clone());

        let created = Arc::clone(&self.created);
        cx.after(move || _ = created.fetch_add(1, Ordering::SeqCst));
        cx.response_headers().insert("x-by", req.principal.subject.parse().internal()?);
        Ok(CreatePetCreated { location: format!("/pets/{id}"), body: pet })
    }

    fn watch(&self, _cx: &Context, req: Watch, mut events: Events<Pet>) -> Result<(), WatchError> {
        let pets = self.pets.read().unwrap();
        match req.limit {
            Some(0) => return Err(WatchError::Throttled { retry_after: 7 }),
            Some(99) => events.keep_alive()?,
            _ => {}
        }
        for pet in pets.values() {
            events.send(pet)?;
        }
        if req.limit == Some(99) { Err(WatchError::Throttled { retry_after: 7 }) } else { Ok(()) }
    }
}

impl Security for Store {
    fn bearer_auth(&self, _cx: &Context, bearer: Bearer<'_>) -> Result<Principal, Unauthorized> {
        match bearer.token {
            "let-me-in" => Ok(Principal { subject: "ada".into(), scopes: vec!["pets:write".into()] }),
            "let-me-look" => Ok(Principal::new("bob")),
            _ => Err(Unauthorized::new("unknown token")),
        }
    }
}

/// What the domain says. It may be a `thiserror` enum: the mapping to a declared answer is one `impl`.
#[derive(Debug)]
enum Taken {
    Name(String),
}

impl From<Taken> for CreatePetError {
    fn from(error: Taken) -> Self {
        let Taken::Name(name) = error;
        Self::conflict(format!("{name} is taken"))
    }
}

#[test]
fn a_missing_pet_is_not_found() {
    let store = Store::default();
    let error = store.get_pet(&Context::test(), GetPet { pet_id: 7, sold: false });
    assert!(matches!(error, Err(GetPetError::NotFound(_))));
}

#[test]
fn the_wire() {
    let service = petstore::service(Store::default());
    let rex = serde_json::json!({ "name": "Rex" });

    assert_eq!(service.post("/pets").json(&rex).send().status, 401); // before the body is looked at
    let created = service.post("/pets").bearer("let-me-in").json(&rex).send();
    assert_eq!(created.status, 201);
    assert_eq!(created.headers["location"], "/pets/1");
    assert_eq!(created.headers["x-by"], "ada");
    assert_eq!(service.api().created.load(Ordering::SeqCst), 1);
    assert_eq!(service.post("/pets").bearer("let-me-in").json(&rex).send().status, 409);

    let pet = service.get("/pets/1").query("sold", "true").send();
    assert_eq!(pet.body, br#"{"id":1,"name":"Rex","status":"available"}"#);
    assert_eq!(pet.headers["content-type"], "application/json");
    assert_eq!(service.get("/pets/0").send().status, 422);
    assert_eq!(service.get("/pets/2").send().status, 404);
}

#[test]
fn what_the_framework_refuses_is_a_problem() {
    let service = petstore::service(Arc::new(Store::default()));
    let post = || service.post("/pets").bearer("let-me-in");
    let answers = [
        (service.get("/nowhere").send(), 404, "there is no such path"),
        (service.put("/pets").send(), 405, "the path does not answer this method"),
        (
            service.get("/pets/1").header("accept", "text/csv").send(),
            406,
            "the answer comes as application/json",
        ),
        (service.post("/pets").bearer("nobody").send(), 401, "unknown token"),
        (service.post("/pets").bearer("let-me-look").send(), 403, "the caller does not hold `pets:write`"),
        (post().body("x", "text/plain").send(), 415, "the body must be sent as application/json"),
        (post().body("{", "application/json").send(), 400, "the body is not what its media type says"),
        (post().send(), 422, "the request does not fit the contract"),
        (post().body(vec![b' '; 3 << 20], "application/json").send(), 413, "the body is larger"),
    ];
    for (answer, status, detail) in answers {
        let problem: serde_json::Value = answer.json();
        assert_eq!(answer.status, status, "{problem}");
        assert_eq!(answer.headers["content-type"], "application/problem+json");
        assert_eq!(problem["status"], status);
        assert!(problem["detail"].as_str().unwrap().starts_with(detail), "{problem}");
    }
    assert_eq!(service.put("/pets").send().headers["allow"], "OPTIONS, POST");
    assert_eq!(service.post("/pets").send().headers["www-authenticate"], "Bearer");
    let refused = service.post("/pets").bearer("nobody").send();
    assert_eq!(refused.headers["www-authenticate"], "Bearer error=\"invalid_token\"");
    let options = service.request("OPTIONS", "/pets/1").send();
    assert_eq!(
        (options.status.as_u16(), &options.headers["allow"]),
        (204, &"GET, HEAD, OPTIONS".parse().unwrap())
    );
}

#[test]
fn all_violations_are_told_at_once() {
    let service = petstore::service(Store::default());
    let answer = service.get("/pets/x?sold=maybe&sold=1").send();
    let problem: serde_json::Value = answer.json();
    let found: Vec<_> =
        problem["errors"].as_array().unwrap().iter().map(|error| error["parameter"].clone()).collect();
    assert_eq!(found, ["petId", "sold"]);

    let body = serde_json::json!({ "name": "R2", "tag": 7, "x": 1 });
    let answer = service.post("/pets").bearer("let-me-in").json(&body).send();
    let problem: serde_json::Value = answer.json();
    let found: Vec<_> =
        problem["errors"].as_array().unwrap().iter().map(|error| error["pointer"].clone()).collect();
    assert_eq!(answer.status, 422);
    assert_eq!(found, ["/name", "/tag", "/x"], "{problem}");
}

#[test]
fn failures_are_logged_and_never_told() {
    let service = petstore::service(Store::default());
    for name in ["Panic", "Fail"] {
        let answer =
            service.post("/pets").bearer("let-me-in").json(&serde_json::json!({ "name": name })).send();
        assert_eq!(answer.status, 500);
        assert_eq!(answer.text(), r#"{"title":"Internal Server Error","status":500}"#);
        service.api().pets.clear_poison();
    }
}

#[test]
fn streams_begin_with_their_first_piece() {
    let service = petstore::service(Store::default());
    let empty = service.get("/pets/watch").send();
    assert_eq!((empty.status.as_u16(), empty.text().as_ref()), (200, ""));
    assert_eq!(empty.headers["content-type"], "text/event-stream");

    service.post("/pets").bearer("let-me-in").json(&serde_json::json!({ "name": "Rex" })).send();
    let one = service.get("/pets/watch").send();
    assert_eq!(one.text(), "data: {\"id\":1,\"name\":\"Rex\",\"status\":\"available\"}\n\n");
    assert!(one.is_complete);

    let refused = service.get("/pets/watch?limit=0").send();
    assert_eq!((refused.status.as_u16(), &refused.headers["retry-after"]), (429, &"7".parse().unwrap()));
    let cut = service.get("/pets/watch?limit=99").send();
    assert!(!cut.is_complete);
}

#[test]
fn the_hook_answers_in_the_documents_own_format() {
    let service = petstore::service(Store::default())
        .base_path("/v1")
        .on_reject(|_, rejection| serde_json::json!({ "code": rejection.status.as_u16() }));
    let answer = service.get("/v1/nowhere").send();
    assert_eq!((answer.status.as_u16(), answer.text().as_ref()), (404, r#"{"code":404}"#));
    assert_eq!(answer.headers["content-type"], "application/json");
    assert_eq!(service.put("/v1/pets").send().headers["allow"], "OPTIONS, POST");
    assert_eq!(service.get("/v1/openapi.json").send().text(), petstore::OPENAPI);
    assert_eq!(service.get("/pets/1").send().status, 404);
}

#[test]
fn texts_and_statuses_are_the_applications() {
    let service = petstore::service(Store::default())
        .reject_with(RejectionKind::Invalid, StatusCode::BAD_REQUEST)
        .refuse_unknown_query(true)
        .wording(|cx, wording| {
            let german = cx.headers().get("accept-language").is_some_and(|value| value == "de");
            match wording {
                Wording::Violation(finding) if german => {
                    let values = finding.violation.values();
                    let values: Vec<String> =
                        values.iter().map(|(name, value)| format!("{name}={value}")).collect();
                    Some(format!("{} {}", finding.violation.keyword, values.join(" ")))
                }
                Wording::Refusal(rejection) if german => Some(format!("{:?}", rejection.kind)),
                _ => None,
            }
        });
    let ask = |language: &str| {
        let answer =
            service.get("/pets/0").query("sold", "x").query("slod", "1").header("accept-language", language);
        let answer = answer.send();
        (answer.status.as_u16(), answer.text().into_owned())
    };
    // As `serde_json` writes values: members by name.
    let errors = |texts: [&str; 4]| {
        let [detail, id, sold, slod] = texts;
        format!(
            r#"{{"title":"Bad Request","status":400,"detail":"{detail}","errors":[{{"detail":"{id}","in":"path","keyword":"minimum","parameter":"petId"}},{{"detail":"{sold}","in":"query","keyword":"type","parameter":"sold"}},{{"detail":"{slod}","in":"query","keyword":"unknownParameter","parameter":"slod"}}]}}"#
        )
    };
    let english = [
        "the request does not fit the contract",
        "must be at least 1",
        "must be a boolean, not this text",
        "is not a known parameter",
    ];
    assert_eq!(ask("en"), (400, errors(english)));
    let german =
        ["Invalid", "minimum limit=1", "type expected=a boolean actual=this text", "unknownParameter "];
    assert_eq!(ask("de"), (400, errors(german)));
    assert_eq!(service.get("/pets/7?sold=true&_=1").send().status, 400);
    assert_eq!(service.get("/pets/7?sold=true").send().status, 404);
}

#[test]
fn services_share_a_server() {
    let first = petstore::service(Store::default()).base_path("/a");
    let both = petstore::service(Store::default()).base_path("/b").mount(first);
    let rex = serde_json::json!({ "name": "Rex" });
    assert_eq!(both.post("/a/pets").bearer("let-me-in").json(&rex).send().status, 201);
    assert_eq!(both.get("/a/pets/1").send().status, 200);
    assert_eq!(both.request("HEAD", "/a/pets/1").send().body, b"");
    assert_eq!(both.get("/b/pets/1").send().status, 404);
    assert_eq!(both.get("/pets/1").send().status, 404);
}
