use super::*;

const TEMPLATES: &[(&str, &str)] = &[
    ("GET", "/pets"),
    ("POST", "/pets"),
    ("GET", "/pets/{id}"),
    ("DELETE", "/pets/{petId}"),
    ("GET", "/pets/mine"),
    ("GET", "/pets/{id}/toys/{toy}"),
    ("GET", "/pets/mine/toys"),
    ("GET", "/files/{id}.json"),
    ("GET", "/files/{id}.tar.gz"),
    ("GET", "/files/{id}"),
    ("DELETE", "/files/{id}"),
    ("GET", "/span/{from}:{to}"),
    ("GET", "/v{major}.{minor}/x"),
    ("GET", "/"),
    ("GET", "/dir/"),
    ("GET", "/caf\u{e9}/a b"),
    ("GET", "/esc%20aped"),
    ("GET", "/deep/{a}/{b}/{c}/{d}/{e}/{f}/{g}/{h}/{i}/{j}"),
    ("GET", "/back/{a}/x/end"),
    ("GET", "/back/fixed/y/end"),
    ("OPTIONS", "/own"),
    ("GET", "/label/{color}"),
    ("GET", "/s3/{bucket}/{key+}"),
    ("GET", "/s3/{bucket}/{key+}/acl"),
    ("GET", "/s3/{bucket}/{id}/fixed"),
    ("GET", "/repo/{name+}/tags/{tag}"),
    ("POST", "/repo/v{n}-{name+}:{verb}"),
    ("POST", "/repo/{name+}:{verb}"),
    ("GET", "/page/{name}{ext=.html|.json}"),
    ("GET", "/row/{a}{b=x|xy}-{c}{d}"),
];

fn router() -> Router {
    let mut router = Router::new();
    for (route, (method, template)) in TEMPLATES.iter().enumerate() {
        router.add(method, template, Needs::default(), route).unwrap();
    }
    router
}

/// What is found: the template and its captures, or `405 ..`, or `404`.
fn found(method: &str, path: &str) -> String {
    let mut captures = Captures::default();
    match router().find(&asked(method), path, &mut captures) {
        Found::Route(route) => {
            let pieces: Vec<_> = (0..captures.len()).filter_map(|index| captures.get(index)).collect();
            format!("{} {}", TEMPLATES[route].1, pieces.join("|")).trim_end().to_owned()
        }
        Found::Methods(allow) => format!("405 {allow}"),
        Found::Unmeant | Found::Nothing => "404".to_owned(),
    }
}

fn asked(method: &str) -> Asked<'_> {
    Asked { method, query: "", headers: &[] }
}

#[test]
fn paths_choose_routes() {
    let cases = [
        ("GET", "/pets", "/pets"),
        ("POST", "/pets", "/pets"),
        ("HEAD", "/pets", "/pets"),
        ("PUT", "/pets", "405 GET, HEAD, OPTIONS, POST"),
        ("get", "/pets", "405 GET, HEAD, OPTIONS, POST"),
        ("GET", "/pets/", "404"),
        ("GET", "/Pets", "404"),
        ("GET", "/pets/mine", "/pets/mine"),
        ("GET", "/pets/%6Dine", "/pets/mine"),
        ("GET", "/pets/mine2", "/pets/{id} mine2"),
        ("DELETE", "/pets/7", "/pets/{petId} 7"),
        ("DELETE", "/pets/mine", "405 GET, HEAD, OPTIONS"),
        ("GET", "/pets/mine/toys", "/pets/mine/toys"),
        ("GET", "/pets/mine/toys/ball", "/pets/{id}/toys/{toy} mine|ball"),
        ("GET", "/pets/a%2Fb", "/pets/{id} a%2Fb"),
        ("GET", "/pets/a/b", "404"),
        ("GET", "/pets//toys/x", "404"),
        ("GET", "/files/a.json", "/files/{id}.json a"),
        ("GET", "/files/a.json.json", "/files/{id}.json a.json"),
        ("GET", "/files/a.tar.gz", "/files/{id}.tar.gz a"),
        ("GET", "/files/.json", "/files/{id} .json"),
        ("GET", "/files/a.txt", "/files/{id} a.txt"),
        ("DELETE", "/files/a.json", "/files/{id} a.json"),
        ("PUT", "/files/a.json", "405 DELETE, GET, HEAD, OPTIONS"),
        ("GET", "/span/1:2:3", "/span/{from}:{to} 1|2:3"),
        ("GET", "/span/:2", "404"),
        ("GET", "/span/1:", "404"),
        ("GET", "/v1.20/x", "/v{major}.{minor}/x 1|20"),
        ("GET", "/v1/x", "404"),
        ("GET", "/", "/"),
        ("GET", "", "404"),
        ("GET", "*", "404"),
        ("GET", "/dir/", "/dir/"),
        ("GET", "/dir", "404"),
        ("GET", "/caf%C3%A9/a%20b", "/caf\u{e9}/a b"),
        ("GET", "/esc%20aped", "/esc%20aped"),
        ("GET", "/caf%FF/a%20b", "404"),
        (
            "GET",
            "/deep/1/2/3/4/5/6/7/8/9/10",
            "/deep/{a}/{b}/{c}/{d}/{e}/{f}/{g}/{h}/{i}/{j} 1|2|3|4|5|6|7|8|9|10",
        ),
        ("GET", "/back/fixed/x/end", "/back/{a}/x/end fixed"),
        ("GET", "/back/fixed/y/end", "/back/fixed/y/end"),
        ("OPTIONS", "/own", "/own"),
        ("GET", "/own", "405 OPTIONS"),
        ("GET", "/label/.blue", "/label/{color} .blue"),
        ("GET", "/s3/b/a/c.txt", "/s3/{bucket}/{key+} b|a/c.txt"),
        ("GET", "/s3/b/x", "/s3/{bucket}/{key+} b|x"),
        ("GET", "/s3/b//x/", "/s3/{bucket}/{key+} b|/x/"),
        ("GET", "/s3/b/a%2Fb%20c", "/s3/{bucket}/{key+} b|a%2Fb%20c"),
        ("GET", "/s3/b/", "404"),
        ("GET", "/s3/b", "404"),
        ("PUT", "/s3/b/x", "405 GET, HEAD, OPTIONS"),
        ("GET", "/s3/b/a/c/acl", "/s3/{bucket}/{key+}/acl b|a/c"),
        ("GET", "/s3/b/acl", "/s3/{bucket}/{key+} b|acl"),
        ("GET", "/s3/b/x/fixed", "/s3/{bucket}/{id}/fixed b|x"),
        ("GET", "/s3/b/x/y/fixed", "/s3/{bucket}/{key+} b|x/y/fixed"),
        ("GET", "/repo/a/b/tags/v1", "/repo/{name+}/tags/{tag} a/b|v1"),
        ("GET", "/repo/a/tags/b/tags/c", "/repo/{name+}/tags/{tag} a/tags/b|c"),
        ("GET", "/repo/a/tags/b/c", "404"),
        ("GET", "/repo/tags/b", "404"),
        ("POST", "/repo/v12-a/b:copy", "/repo/v{n}-{name+}:{verb} 12|a/b|copy"),
        ("POST", "/repo/v1/2-a/b:copy", "/repo/{name+}:{verb} v1/2-a/b|copy"),
        ("POST", "/repo/a:b:c", "/repo/{name+}:{verb} a:b|c"),
        ("POST", "/repo/a:\u{e9}", "/repo/{name+}:{verb} a|\u{e9}"),
        ("GET", "/page/about.us.json", "/page/{name}{ext=.html|.json} about.us|.json"),
        ("GET", "/page/a.json.html", "/page/{name}{ext=.html|.json} a.json|.html"),
        ("GET", "/page/.json", "404"),
        ("GET", "/page/about", "404"),
        ("GET", "/row/1xxy-234", "/row/{a}{b=x|xy}-{c}{d} 1x|xy|2|34"),
        ("GET", "/label/;color=blue", "/label/{color} ;color=blue"),
    ];
    for (method, path, expected) in cases {
        assert_eq!(found(method, path), expected, "{method} {path}");
    }
}

#[test]
fn the_same_path_twice_is_a_conflict() {
    let mut router = router();
    let mut add = |method, path| router.add(method, path, Needs::default(), 99);
    assert_eq!(add("GET", "/pets/{other}"), Err(Conflict { first: 2 }));
    assert_eq!(add("PUT", "/pets/{other}"), Ok(()));
    assert_eq!(add("GET", "/s3/{a}/{b+}"), Err(Conflict { first: 22 }));
}

#[test]
fn ten_thousand_routes_are_found() {
    let mut router = Router::new();
    let templates: Vec<String> =
        (0..10_000).map(|n| format!("/group{}/{{id}}/item{n}/{{sub}}", n % 100)).collect();
    for (route, template) in templates.iter().enumerate() {
        router.add("GET", template, Needs::default(), route).unwrap();
    }
    for n in (0..10_000).step_by(7) {
        let path = format!("/group{}/x/item{n}/y", n % 100);
        let mut captures = Captures::default();
        assert_eq!(router.find(&asked("GET"), &path, &mut captures), Found::Route(n));
        assert_eq!(captures.get(1), Some("y"));
    }
}

#[test]
fn names_are_in_order() {
    assert_eq!(parameter_names("/a/{x}/{from}:{to}.json"), ["x", "from", "to"]);
    assert_eq!(parameter_names("/{a}/{key+}/acl"), ["a", "key"]);
    assert_eq!(parameter_names("/{page}{ext=.html|.json}/{x=y}"), ["page", "ext", "x=y"]);
    assert!(parameter_names("/a").is_empty());
}

#[test]
fn needs_tell_routes_of_one_path_apart() {
    const ROUTES: &[(&str, &str, Needs)] = &[
        ("GET", "/{key+}", Needs { query: &[], headers: &[] }),
        ("GET", "/{key+}", Needs { query: &[("acl", None)], headers: &[] }),
        ("GET", "/{key+}", Needs { query: &[("acl", Some("full set"))], headers: &[] }),
        ("GET", "/{key+}", Needs { query: &[("acl", None), ("versionId", None)], headers: &[] }),
        ("GET", "/{key+}", Needs { query: &[], headers: &[("x-copy", None)] }),
        ("HEAD", "/{key+}", Needs { query: &[("acl", None)], headers: &[] }),
        ("POST", "/", Needs { query: &[], headers: &[("x-amz-target", Some("A.Get"))] }),
        ("POST", "/", Needs { query: &[], headers: &[("x-amz-target", Some("A.Put"))] }),
        ("PUT", "/", Needs { query: &[("list-type", Some("2"))], headers: &[] }),
    ];
    let mut router = Router::new();
    for (route, (method, path, needs)) in ROUTES.iter().enumerate() {
        router.add(method, path, *needs, route).unwrap();
    }
    let (none, get, put) = ("", "A.Get", "A.Put");
    let cases = [
        ("GET /x", none, Found::Route(0)),
        ("GET /x?ACL", none, Found::Route(0)),
        ("GET /x?b=acl&xacl", none, Found::Route(0)),
        ("GET /x?acl", none, Found::Route(1)),
        ("GET /x?a=1&acl=", none, Found::Route(1)),
        ("GET /x?%61cl=other", none, Found::Route(1)),
        ("GET /x?acl=full+set", none, Found::Route(2)),
        ("GET /x?acl=other&acl=full%20set", none, Found::Route(2)),
        ("GET /x?versionId=7&acl=full+set", none, Found::Route(3)),
        ("GET /x?versionId=7", none, Found::Route(0)),
        ("GET /x", "copy", Found::Route(4)),
        ("HEAD /x", none, Found::Route(0)),
        ("HEAD /x?acl", none, Found::Route(5)),
        ("POST /", get, Found::Route(6)),
        ("POST /", put, Found::Route(7)),
        ("POST /", "a.get", Found::Unmeant),
        ("POST /", none, Found::Unmeant),
        ("PUT /?list-type=2", none, Found::Route(8)),
        ("PUT /?list-type=22", none, Found::Unmeant),
        ("PUT /", none, Found::Unmeant),
    ];
    for (request, header, expected) in cases {
        let (method, target) = request.split_once(' ').unwrap();
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let name = if header == "copy" { "X-Copy" } else { "X-Amz-Target" };
        let headers = [crate::exchange::Header { name, value: header.as_bytes() }];
        let headers = if header.is_empty() { &[][..] } else { &headers };
        let found = router.find(&Asked { method, query, headers }, path, &mut Captures::default());
        assert_eq!(found, expected, "{request} {header}");
    }

    let mut add = |method, needs| router.add(method, "/{other+}", needs, 99);
    assert_eq!(add("GET", Needs::default()), Err(Conflict { first: 0 }));
    let swapped = Needs { query: &[("versionId", None), ("acl", None)], headers: &[] };
    assert_eq!(add("GET", swapped), Err(Conflict { first: 3 }));
    assert_eq!(add("GET", Needs { query: &[], headers: &[("X-COPY", None)] }), Err(Conflict { first: 4 }));
    assert_eq!(add("GET", Needs { query: &[("x-copy", None)], headers: &[] }), Ok(()));
}
