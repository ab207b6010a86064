//! Handlers by themselves, and the service by its wire, in memory.

use photon_runtime::types::serde_json::{Value, json};
use photon_runtime::{Context, Service};

use crate::app::App;
use crate::example::{self, GetTask, GetTaskError, TasksApi as _};

fn service() -> Service<App> {
    example::service(App::with_demo_data().expect("demo data"))
}

fn value(body: &[u8]) -> Value {
    photon_runtime::types::serde_json::from_slice(body).expect("JSON")
}

#[test]
fn a_handler_is_a_function() {
    let app = App::with_demo_data().expect("demo data");
    let missing = app.get_task(&Context::test(), GetTask { task_id: 99 });
    assert!(matches!(missing, Err(GetTaskError::NotFound(_))));
}

#[test]
fn reading_is_open_and_paged() {
    let service = service();
    let first = service.get("/api/v1/projects/2/tasks").query("limit", "2").send();
    assert_eq!(first.status, 200);
    let first = value(&first.body);
    assert_eq!(first["items"].as_array().map(Vec::len), Some(2));

    let cursor = first["nextCursor"].as_str().expect("a second page").to_owned();
    let second = value(&service.get("/api/v1/projects/2/tasks").query("cursor", &cursor).send().body);
    assert_eq!(second["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(second.get("nextCursor"), None);

    assert_eq!(service.get("/api/v1/projects").query("cursor", "x").send().status, 400);
    assert_eq!(service.get("/api/v1/projects").query("limit", "0").send().status, 422);
    assert_eq!(service.get("/api/v1/projects/2/tasks?status=todo,done").send().status, 200);
    assert_eq!(service.get("/api/v1/projects/2/tasks?status=todo,late").send().status, 422);
}

#[test]
fn writing_needs_a_token_and_tells_all_mistakes() {
    let service = service();
    let wrong = json!({ "key": "web", "name": "", "colour": "red" });
    assert_eq!(service.post("/api/v1/projects").json(&wrong).send().status, 401);

    let refused = service.post("/api/v1/projects").bearer("demo").json(&wrong).send();
    assert_eq!(refused.status, 422);
    let problem = value(&refused.body);
    let pointers: Vec<_> =
        problem["errors"].as_array().into_iter().flatten().map(|e| e["pointer"].clone()).collect();
    assert_eq!(pointers, ["/colour", "/key", "/name"]);

    let taken = json!({ "key": "WEB", "name": "Another" });
    assert_eq!(service.post("/api/v1/projects").bearer("demo").json(&taken).send().status, 409);
}

#[test]
fn null_clears_and_absence_leaves() {
    let service = service();
    let patch = |change: &Value| service.patch("/api/v1/tasks/3").bearer("demo").json(change).send();

    let untouched = value(&patch(&json!({ "title": "A name" })).body);
    assert_eq!(untouched["assignee"], 1);
    let cleared = value(&patch(&json!({ "assignee": null })).body);
    assert_eq!(cleared.get("assignee"), None);

    assert_eq!(patch(&json!({ "status": "done" })).status, 200);
    assert_eq!(patch(&json!({ "title": "Too late" })).status, 409);
    assert_eq!(patch(&json!({})).status, 422);
    assert_eq!(value(&service.get("/api/v1/projects/2").send().body)["openTasks"], 2);
}

#[test]
fn a_file_comes_back_as_it_was_sent() {
    let service = service();
    let form = "--b\r\ncontent-disposition: form-data; name=\"note\"\r\n\r\nA plan\r\n\
                --b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"plan.txt\"\r\n\
                content-type: text/plain\r\n\r\nfirst\r\nsecond\r\n--b--\r\n";
    let attached = service
        .post("/api/v1/tasks/3/attachments")
        .bearer("demo")
        .body(form.as_bytes(), "multipart/form-data; boundary=b")
        .send();
    assert_eq!(attached.status, 201, "{}", String::from_utf8_lossy(&attached.body));
    let attachment = value(&attached.body);
    assert_eq!((&attachment["name"], &attachment["note"]), (&json!("plan.txt"), &json!("A plan")));

    let location = attached.headers["location"].to_str().expect("text").to_owned();
    let file = service.get(&location).send();
    assert_eq!(file.body, b"first\r\nsecond");
    assert_eq!(file.headers["content-disposition"], "attachment; filename*=UTF-8''plan.txt");
}

#[test]
fn what_was_said_is_found() {
    let service = service();
    let comment = json!({ "text": "Purple suits the first page" });
    assert_eq!(service.post("/api/v1/tasks/4/comments").bearer("demo").json(&comment).send().status, 201);

    let hits = value(&service.get("/api/v1/search").query("q", "first page").send().body);
    let kinds: Vec<_> = hits.as_array().into_iter().flatten().map(|hit| hit["kind"].clone()).collect();
    assert_eq!(kinds, ["task", "comment"]);
    assert_eq!(service.get("/api/v1/search").send().status, 422);
}

#[test]
fn who_joins_gets_a_token_of_their_own() {
    let service = service();
    let joined =
        service.post("/api/v1/users").json(&json!({ "name": "Bob", "email": "bob@example.org" })).send();
    assert_eq!(joined.status, 201);
    let token = value(&joined.body)["token"].as_str().expect("a token").to_owned();

    let denied = service.delete("/api/v1/projects/2").bearer(&token).send();
    assert_eq!(denied.status, 403);
    assert_eq!(service.delete("/api/v1/projects/2").bearer("demo").send().status, 204);
    assert_eq!(service.get("/api/v1/tasks/3").send().status, 404);
}
