//! Handlers by themselves, and the service by its wire, in memory.

#![allow(clippy::disallowed_types, reason = "clients in tests block threads of their own")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;

use photon_runtime::types::serde_json::{Value, json};
use photon_runtime::{Context, Server, Service};

use crate::app::App;
use crate::example::{self, GetTask, GetTaskError, TasksApi as _};
use crate::place::Place;
use crate::secret;

/// The application on a database of its own, of each kind that there is.
fn each(test: impl Fn(App)) {
    for place in Place::each() {
        let folder = std::env::temp_dir().join(format!("taskboard-{}", secret::random()));
        let app = App::open(place.options(), &folder).expect("a database");
        let db = app.db.clone();
        test(app);
        db.close();
        let _ = std::fs::remove_dir_all(folder);
    }
}

pub(crate) fn serve(test: impl Fn(Service<App>)) {
    each(|app| test(example::service(app)));
}

fn value(body: &[u8]) -> Value {
    photon_runtime::types::serde_json::from_slice(body).expect("JSON")
}

#[test]
fn a_handler_is_a_function() {
    each(|app| {
        let missing = app.get_task(&Context::test(), GetTask { task_id: 99 });
        assert!(matches!(missing, Err(GetTaskError::NotFound(_))));
    });
}

#[test]
fn reading_is_open_and_paged() {
    serve(|service| {
        let first = service.get("/api/v1/projects/1/tasks").query("limit", "2").send();
        assert_eq!(first.status, 200);
        let first = value(&first.body);
        assert_eq!(first["items"].as_array().map(Vec::len), Some(2));

        let cursor = first["nextCursor"].as_str().expect("a second page").to_owned();
        let second = value(&service.get("/api/v1/projects/1/tasks").query("cursor", &cursor).send().body);
        assert_eq!(second["items"].as_array().map(Vec::len), Some(1));
        assert_eq!(second.get("nextCursor"), None);

        assert_eq!(service.get("/api/v1/projects").query("cursor", "x").send().status, 422);
        assert_eq!(service.get("/api/v1/projects").query("limit", "0").send().status, 422);
        assert_eq!(service.get("/api/v1/projects/1/tasks?status=todo,done").send().status, 200);
        assert_eq!(service.get("/api/v1/projects/1/tasks?status=todo,late").send().status, 422);
    });
}

#[test]
fn writing_needs_a_token_and_tells_all_mistakes() {
    serve(|service| {
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
    });
}

#[test]
fn null_clears_and_absence_leaves() {
    serve(|service| {
        let patch = |change: &Value| service.patch("/api/v1/tasks/1").bearer("demo").json(change).send();

        let untouched = value(&patch(&json!({ "title": "A name" })).body);
        assert_eq!(untouched["assignee"], 1);
        let cleared = value(&patch(&json!({ "assignee": null })).body);
        assert_eq!(cleared.get("assignee"), None);

        assert_eq!(patch(&json!({ "status": "done" })).status, 200);
        assert_eq!(patch(&json!({ "title": "Too late" })).status, 409);
        assert_eq!(patch(&json!({})).status, 422);
        assert_eq!(value(&service.get("/api/v1/projects/1").send().body)["openTasks"], 2);
    });
}

#[test]
fn a_file_comes_back_as_it_was_sent() {
    serve(|service| {
        let form = "--b\r\ncontent-disposition: form-data; name=\"note\"\r\n\r\nA plan\r\n\
                    --b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"plan.txt\"\r\n\
                    content-type: text/plain\r\n\r\nfirst\r\nsecond\r\n--b--\r\n";
        let attached = service
            .post("/api/v1/tasks/1/attachments")
            .bearer("demo")
            .body(form.as_bytes(), "multipart/form-data; boundary=b")
            .send();
        assert_eq!(attached.status, 201, "{}", String::from_utf8_lossy(&attached.body));
        let attachment = value(&attached.body);
        assert_eq!((&attachment["name"], &attachment["note"]), (&json!("plan.txt"), &json!("A plan")));

        let location = attached.headers["location"].to_str().expect("text").to_owned();
        let file = service.get(&location).send();
        assert_eq!(file.body, b"first\r\nsecond");
        assert_eq!(file.headers["content-disposition"], "attachment; filename=\"plan.txt\"");

        let part = service.get(&location).header("range", "bytes=-6").send();
        assert_eq!((part.status.as_u16(), &*part.body), (206, &b"second"[..]));
        let etag = file.headers["etag"].to_str().expect("text");
        assert_eq!(service.get(&location).header("if-none-match", etag).send().status, 304);
        assert_eq!(service.get(&location).header("range", "bytes=99-").send().status, 416);
    });
}

#[test]
fn a_form_is_refused_before_and_after_its_file() {
    serve(|service| {
        let form = |task: i64, note: &str| {
            let form = format!(
                "--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\nx\r\n\
                 --b\r\ncontent-disposition: form-data; name=\"note\"\r\n\r\n{note}\r\n--b--\r\n"
            );
            let post = service.post(&format!("/api/v1/tasks/{task}/attachments")).bearer("demo");
            post.body(form, "multipart/form-data; boundary=b").send()
        };
        assert_eq!(form(99, "fits").status, 404);
        let refused = form(1, &"x".repeat(201));
        assert_eq!(refused.status, 422);
        assert_eq!(value(&refused.body)["errors"][0]["pointer"], "/note");
        let none = service.post("/api/v1/tasks/1/attachments").bearer("demo");
        assert_eq!(
            none.body("--b--", "multipart/form-data; boundary=b").send().status,
            422,
            "there is no file"
        );
        let listed = service.get("/api/v1/tasks/1/attachments").send();
        assert_eq!(value(&listed.body), json!([]), "what was refused is not kept");
    });
}

#[test]
fn projects_are_followed() {
    serve(|service| {
        let running = Server::new(service).address("127.0.0.1:0").start().expect("a free port");
        let follow = |last: &str| {
            let mut stream = TcpStream::connect(running.address()).expect("a connection");
            let head = format!("GET /api/v1/projects/1/events HTTP/1.1\r\nHost: a\r\n{last}\r\n");
            stream.write_all(head.as_bytes()).expect("sent");
            BufReader::new(stream)
        };
        let event = |stream: &mut BufReader<TcpStream>| {
            let mut lines = stream.lines().map(|line| line.expect("a line"));
            let mut next = |field: &str| {
                lines.find_map(|line| line.strip_prefix(field).map(str::to_owned)).expect("an event")
            };
            (next("event: "), next("id: "), next("data: "))
        };
        let change = |body: &str| {
            let mut stream = TcpStream::connect(running.address()).expect("a connection");
            let length = body.len();
            let head = "PATCH /api/v1/tasks/1 HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer demo\r\nConnection: close\r\n";
            let request =
                format!("{head}Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}");
            stream.write_all(request.as_bytes()).expect("sent");
            let mut answer = String::new();
            stream.read_to_string(&mut answer).expect("answered");
            assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
        };
        let mut following = follow("");
        let mut head = String::new();
        while head != "\r\n" {
            head.clear();
            following.read_line(&mut head).expect("a head");
        }
        change(r#"{"title":"One"}"#);
        let (kind, id, data) = event(&mut following);
        assert_eq!((&*kind, &*id, &*data), ("taskChanged", "1", r#"{"kind":"taskChanged","task":1}"#));
        change(r#"{"title":"Two"}"#);
        assert_eq!(event(&mut following).1, "2");
        let mut back = follow("Last-Event-ID: 1\r\n");
        assert_eq!(event(&mut back).1, "2", "who comes back is told what was missed");
        assert_eq!(running.stop(), 0);
        let mut rest = String::new();
        following.read_to_string(&mut rest).expect("the end");
        assert!(rest.ends_with("0\r\n\r\n"), "the stream ends in order: {rest:?}");
    });
}

#[test]
fn what_was_said_is_found() {
    serve(|service| {
        let comment = json!({ "text": "Purple suits the first page" });
        assert_eq!(service.post("/api/v1/tasks/2/comments").bearer("demo").json(&comment).send().status, 201);

        let hits = value(&service.get("/api/v1/search").query("q", "first page").send().body);
        let kinds: Vec<_> = hits.as_array().into_iter().flatten().map(|hit| hit["kind"].clone()).collect();
        assert_eq!(kinds, ["task", "comment"]);
        assert_eq!(service.get("/api/v1/search").send().status, 422);
    });
}

#[test]
fn who_joins_gets_a_token_of_their_own() {
    serve(|service| {
        let joined =
            service.post("/api/v1/users").json(&json!({ "name": "Bob", "email": "bob@example.org" })).send();
        assert_eq!(joined.status, 201);
        let token = value(&joined.body)["token"].as_str().expect("a token").to_owned();

        let denied = service.delete("/api/v1/projects/1").bearer(&token).send();
        assert_eq!(denied.status, 403);
        assert_eq!(service.delete("/api/v1/projects/1").bearer("demo").send().status, 204);
        assert_eq!(service.get("/api/v1/tasks/1").send().status, 404);
    });
}

#[test]
fn who_saw_an_older_state_changes_nothing() {
    serve(|service| {
        let task = service.get("/api/v1/tasks/1").send();
        assert_eq!(task.headers["etag"], "\"1\"");
        assert_eq!(service.get("/api/v1/tasks/1").header("if-none-match", "\"1\"").send().status, 304);
        let patch = |etag: &str, title: &str| {
            let patch = service.patch("/api/v1/tasks/1").bearer("demo").header("if-match", etag);
            patch.json(&json!({ "title": title })).send()
        };
        let first = patch("\"1\"", "First");
        assert_eq!(
            (first.status.as_u16(), &first.headers["etag"]),
            (200, &"\"2\"".parse().expect("a value"))
        );
        assert_eq!(patch("\"1\"", "Second").status, 412);
        assert_eq!(value(&service.get("/api/v1/tasks/1").send().body)["title"], "First");
        let delete =
            |etag: &str| service.delete("/api/v1/tasks/1").bearer("demo").header("if-match", etag).send();
        assert_eq!(delete("\"1\"").status, 412);
        assert_eq!(delete("\"2\"").status, 204);
    });
}

#[test]
fn of_many_who_saw_the_same_state_one_changes_it() {
    serve(|service| {
        let patch = |title: usize| {
            let patch = service.patch("/api/v1/tasks/1").bearer("demo").header("if-match", "\"1\"");
            patch.json(&json!({ "title": format!("{title}") })).send().status.as_u16()
        };
        let answers: Vec<u16> = std::thread::scope(|scope| {
            let racers: Vec<_> = (0..8).map(|title| scope.spawn(move || patch(title))).collect();
            racers.into_iter().map(|racer| racer.join().expect("an answer")).collect()
        });
        assert_eq!(answers.iter().filter(|status| **status == 200).count(), 1, "{answers:?}");
        assert_eq!(answers.iter().filter(|status| **status == 412).count(), 7, "{answers:?}");
        assert_eq!(service.get("/api/v1/tasks/1").send().headers["etag"], "\"2\"");
    });
}

#[test]
fn what_refers_to_nothing_or_is_taken_is_told() {
    serve(|service| {
        let task = json!({ "title": "Whose?", "assignee": 99 });
        assert_eq!(service.post("/api/v1/projects/1/tasks").bearer("demo").json(&task).send().status, 404);
        assert_eq!(
            service.patch("/api/v1/tasks/1").bearer("demo").json(&json!({ "assignee": 99 })).send().status,
            404
        );
        let twin = json!({ "name": "Ada too", "email": "ADA@example.org" });
        assert_eq!(service.post("/api/v1/users").json(&twin).send().status, 409);
    });
}

#[test]
fn every_order_is_paged_without_gaps() {
    serve(|service| {
        for (priority, due) in
            [(Some(2), None), (Some(1), Some("9999-12-31")), (None, Some("0000-01-01")), (Some(1), None)]
        {
            let mut task = json!({ "title": "More" });
            if let Some(priority) = priority {
                task["priority"] = json!(priority);
            }
            if let Some(due) = due {
                task["dueOn"] = json!(due);
            }
            assert_eq!(
                service.post("/api/v1/projects/1/tasks").bearer("demo").json(&task).send().status,
                201
            );
        }
        for (order, expected) in [
            ("created", [1, 2, 3, 4, 5, 6, 7]),
            ("-created", [7, 6, 5, 4, 3, 2, 1]),
            ("priority", [5, 7, 4, 1, 2, 3, 6]),
            ("due", [6, 5, 1, 2, 3, 4, 7]),
        ] {
            let (mut seen, mut cursor) = (Vec::new(), None);
            loop {
                let mut get =
                    service.get("/api/v1/projects/1/tasks").query("limit", "2").query("sort", order);
                if let Some(cursor) = &cursor {
                    get = get.query("cursor", cursor);
                }
                let page = value(&get.send().body);
                seen.extend(
                    page["items"].as_array().into_iter().flatten().filter_map(|task| task["id"].as_i64()),
                );
                let Some(next) = page["nextCursor"].as_str() else { break };
                cursor = Some(next.to_owned());
            }
            assert_eq!(seen, expected, "{order}");
            let any = service
                .get("/api/v1/projects/1/tasks")
                .query("sort", order)
                .query("cursor", "999999999999999999");
            assert_eq!(any.send().status, 200, "any number is a place in the order");
        }
    });
}

#[test]
fn a_page_goes_on_where_its_last_row_was() {
    serve(|service| {
        let first = value(&service.get("/api/v1/projects/1/tasks").query("limit", "2").send().body);
        assert_eq!(first["items"][1]["id"], 2);
        assert_eq!(service.delete("/api/v1/tasks/2").bearer("demo").send().status, 204);
        let cursor = first["nextCursor"].as_str().expect("a second page");
        let second =
            service.get("/api/v1/projects/1/tasks").query("limit", "2").query("cursor", cursor).send();
        assert_eq!(value(&second.body)["items"][0]["id"], 3);
    });
}

#[test]
fn texts_are_searched_and_kept_whatever_is_in_them() {
    serve(|service| {
        let said = |text: &str| {
            service
                .post("/api/v1/tasks/1/comments")
                .bearer("demo")
                .json(&json!({ "text": text }))
                .send()
                .status
        };
        for text in ["100 % ÄRGER", "100 percent Ärger", "a_b", "a\\b", "nothing\0more"] {
            assert_eq!(said(text), 201, "{text:?}");
        }
        for (words, count) in [("100 ärger", 2), ("% ärger", 1), ("a_", 1), ("a\\", 1), ("nothing\0more", 1)]
        {
            let hits = service.get("/api/v1/search").query("q", words).send();
            assert_eq!(value(&hits.body).as_array().map(Vec::len), Some(count), "{words:?}");
        }
    });
}

#[test]
fn a_database_survives_its_application() {
    for place in Place::each() {
        let folder = std::env::temp_dir().join(format!("taskboard-{}", secret::random()));
        for key in ["ONE", "TWO"] {
            let service = example::service(App::open(place.options(), &folder).expect("a database"));
            let project = json!({ "key": key, "name": "Kept" });
            assert_eq!(service.post("/api/v1/projects").bearer("demo").json(&project).send().status, 201);
        }
        let service = example::service(App::open(place.options(), &folder).expect("a database"));
        let page = value(&service.get("/api/v1/projects").send().body);
        assert_eq!(page["items"].as_array().map(Vec::len), Some(3), "the first look is given once");
        let _ = std::fs::remove_dir_all(folder);
    }
}

#[test]
fn a_database_that_is_gone_is_told_as_such() {
    each(|app| {
        let db = app.db.clone();
        let service = example::service(app);
        db.close();
        assert_eq!(service.get("/api/v1/projects").send().status, 503);
        let task = json!({ "title": "Whose?" });
        let refused = service.post("/api/v1/projects/1/tasks").bearer("demo").json(&task).send();
        assert_eq!(refused.status, 503, "who cannot be looked up is not unknown");
        assert!(
            refused.headers.contains_key("retry-after") && !refused.headers.contains_key("www-authenticate")
        );
    });
}
