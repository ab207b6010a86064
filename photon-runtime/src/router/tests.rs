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
];

fn router() -> Router {
    let mut router = Router::new();
    for (route, (method, template)) in TEMPLATES.iter().enumerate() {
        router.add(method, template, route).unwrap();
    }
    router
}

/// What is found: the template and its captures, or `405 ..`, or `404`.
fn found(method: &str, path: &str) -> String {
    let mut captures = Captures::default();
    match router().find(method, path, &mut captures) {
        Found::Route(route) => {
            let pieces: Vec<_> = (0..captures.len()).filter_map(|index| captures.get(index)).collect();
            format!("{} {}", TEMPLATES[route].1, pieces.join("|")).trim_end().to_owned()
        }
        Found::Methods(allow) => format!("405 {allow}"),
        Found::Nothing => "404".to_owned(),
    }
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
        ("GET", "/label/;color=blue", "/label/{color} ;color=blue"),
    ];
    for (method, path, expected) in cases {
        assert_eq!(found(method, path), expected, "{method} {path}");
    }
}

#[test]
fn the_same_path_twice_is_a_conflict() {
    let mut router = router();
    assert_eq!(router.add("GET", "/pets/{other}", 99), Err(Conflict { first: 2 }));
    assert_eq!(router.add("PUT", "/pets/{other}", 99), Ok(()));
}

#[test]
fn ten_thousand_routes_are_found() {
    let mut router = Router::new();
    let templates: Vec<String> =
        (0..10_000).map(|n| format!("/group{}/{{id}}/item{n}/{{sub}}", n % 100)).collect();
    for (route, template) in templates.iter().enumerate() {
        router.add("GET", template, route).unwrap();
    }
    for n in (0..10_000).step_by(7) {
        let path = format!("/group{}/x/item{n}/y", n % 100);
        let mut captures = Captures::default();
        assert_eq!(router.find("GET", &path, &mut captures), Found::Route(n));
        assert_eq!(captures.get(1), Some("y"));
    }
}

#[test]
fn names_are_in_order() {
    assert_eq!(parameter_names("/a/{x}/{from}:{to}.json"), ["x", "from", "to"]);
    assert!(parameter_names("/a").is_empty());
}
