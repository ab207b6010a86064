//! Files as answers: ranges, conditions, and paths that lead astray.

#![allow(clippy::unwrap_used)] // A broken expectation fails the test.

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use photon_runtime::testing::Answer;
use photon_runtime::{Folder, Service};

const DIGITS: &[u8] = b"0123456789";

/// A folder of its own for each test.
fn folder(test: &str) -> PathBuf {
    let outer = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("files").join(test);
    let root = outer.join("root");
    let _ = fs::remove_dir_all(&outer);
    fs::create_dir_all(root.join("docs/empty")).unwrap();
    fs::write(outer.join("secret.txt"), "secret").unwrap();
    fs::write(root.join("digits.txt"), DIGITS).unwrap();
    fs::write(root.join("nothing.bin"), "").unwrap();
    fs::write(root.join(".hidden"), "hidden").unwrap();
    fs::write(root.join("docs/index.html"), "<p>docs</p>").unwrap();
    fs::write(root.join("ein \u{fc}ber.svg"), "<svg/>").unwrap();
    let large: Vec<u8> = (0..300_000u32).flat_map(u32::to_be_bytes).collect();
    fs::write(root.join("large"), large).unwrap();
    std::os::unix::fs::symlink("../secret.txt", root.join("astray")).unwrap();
    std::os::unix::fs::symlink("digits.txt", root.join("within")).unwrap();
    root
}

fn service(test: &str) -> Service<()> {
    Service::new((), "{}").files("/static", folder(test))
}

fn header<'a>(answer: &'a Answer, name: &str) -> &'a str {
    answer.headers.get(name).map_or("", |value| value.to_str().unwrap())
}

#[test]
fn a_file_comes_whole_with_its_validators() {
    let service = service("whole");
    let answer = service.get("/static/digits.txt").send();
    assert_eq!((answer.status.as_u16(), &*answer.body), (200, DIGITS));
    assert!(answer.is_complete);
    assert_eq!(header(&answer, "content-type"), "text/plain; charset=utf-8");
    assert_eq!(header(&answer, "content-length"), "10");
    assert_eq!(header(&answer, "accept-ranges"), "bytes");
    assert_eq!(header(&answer, "x-content-type-options"), "nosniff");
    assert!(header(&answer, "etag").starts_with('"') && !header(&answer, "last-modified").is_empty());

    let head = service.request("HEAD", "/static/digits.txt").header("range", "bytes=0-1").send();
    assert_eq!((head.status.as_u16(), head.body.len()), (200, 0));
    assert_eq!(head.headers, answer.headers);

    let large = service.get("/static/large").send();
    assert_eq!(large.body, fs::read(folder("whole_again").join("large")).unwrap());
    assert_eq!(header(&large, "content-type"), "application/octet-stream");
    let empty = service.get("/static/nothing.bin").header("range", "bytes=0-3").send();
    assert_eq!((empty.status.as_u16(), header(&empty, "content-length")), (200, "0"));
}

#[test]
fn ranges_come_alone_or_in_parts() {
    let service = service("ranges");
    let get = |range: &str| service.get("/static/digits.txt").header("range", range).send();
    for (range, content, told) in [
        ("bytes=0-3", "0123", "bytes 0-3/10"),
        ("bytes=7-", "789", "bytes 7-9/10"),
        ("bytes=-2", "89", "bytes 8-9/10"),
        ("bytes=0-3,4-5", "012345", "bytes 0-5/10"),
    ] {
        let answer = get(range);
        assert_eq!((answer.status.as_u16(), &*answer.text()), (206, content), "{range}");
        assert_eq!(header(&answer, "content-range"), told);
        assert_eq!(header(&answer, "content-length"), content.len().to_string());
        assert_eq!(header(&answer, "content-type"), "text/plain; charset=utf-8");
    }

    let parts = get("bytes=8-9,0-0");
    let boundary = header(&parts, "content-type").strip_prefix("multipart/byteranges; boundary=").unwrap();
    let part = |range: &str, content: &str| {
        let media = "content-type: text/plain; charset=utf-8";
        format!("--{boundary}\r\n{media}\r\ncontent-range: bytes {range}/10\r\n\r\n{content}\r\n")
    };
    assert_eq!(parts.text(), format!("{}{}--{boundary}--\r\n", part("8-9", "89"), part("0-0", "0")));
    assert_eq!(header(&parts, "content-length"), parts.body.len().to_string());
    assert!(parts.status == 206 && parts.is_complete && header(&parts, "content-range").is_empty());

    let beyond = get("bytes=10-");
    assert_eq!((beyond.status.as_u16(), header(&beyond, "content-range")), (416, "bytes */10"));
    assert_eq!(header(&beyond, "content-type"), "application/problem+json");
    for whole in ["bytes=x", "lines=0-1", "bytes=5-2"] {
        assert_eq!(get(whole).status, 200, "{whole}");
    }

    let large = service.get("/static/large").header("range", "bytes=199999-1000002").send();
    let all = service.get("/static/large").send().body;
    assert!(large.body == all[199_999..=1_000_002], "a range over many pieces");
}

#[test]
fn conditions_decide_before_ranges() {
    let service = service("conditions");
    let first = service.get("/static/digits.txt").send();
    let (etag, changed) = (header(&first, "etag").to_owned(), header(&first, "last-modified").to_owned());
    let weak = format!("W/{etag}");
    let cases: &[(&[(&str, &str)], u16)] = &[
        (&[("if-none-match", &etag)], 304),
        (&[("if-none-match", &weak)], 304),
        (&[("if-none-match", "*"), ("range", "bytes=0-1")], 304),
        (&[("if-modified-since", &changed)], 304),
        (&[("if-none-match", "\"other\""), ("if-modified-since", &changed)], 200),
        (&[("if-match", "\"other\"")], 412),
        (&[("if-match", &etag), ("range", "bytes=0-1")], 206),
        (&[("if-unmodified-since", "Sun, 06 Nov 1994 08:49:37 GMT")], 412),
        (&[("range", "bytes=0-1"), ("if-range", &etag)], 206),
        (&[("range", "bytes=0-1"), ("if-range", &changed)], 206),
        (&[("range", "bytes=0-1"), ("if-range", &weak)], 200),
        (&[("range", "bytes=0-1"), ("if-range", "\"other\"")], 200),
        (&[("range", "bytes=10-"), ("if-range", "\"other\"")], 200),
    ];
    for (fields, status) in cases {
        let request = service.get("/static/digits.txt");
        let answer = fields.iter().fold(request, |request, (name, value)| request.header(name, value)).send();
        assert_eq!(answer.status, *status, "{fields:?}");
        if *status == 304 {
            assert_eq!((answer.body.len(), header(&answer, "etag")), (0, &*etag));
            assert_eq!(header(&answer, "content-type"), "");
        }
    }

    let path = folder("conditions").join("digits.txt");
    let later = SystemTime::now() + Duration::from_secs(5);
    fs::File::options().write(true).open(path).unwrap().set_modified(later).unwrap();
    let changed = service.get("/static/digits.txt").header("if-none-match", etag).send();
    assert_eq!(changed.status, 200, "a changed file has another tag");
}

#[test]
fn paths_lead_nowhere_else() {
    let service = service("paths");
    let ok = |path: &str| service.get(path).send();
    assert_eq!(ok("/static/within").text(), "0123456789");
    assert_eq!(header(&ok("/static/ein%20%C3%BCber.svg"), "content-type"), "image/svg+xml");
    assert_eq!(ok("/static/docs/").text(), "<p>docs</p>");
    assert_eq!(ok("/static/docs/index.html").text(), "<p>docs</p>");
    let moved = ok("/static/docs?a=b");
    assert_eq!((moved.status.as_u16(), header(&moved, "location")), (308, "./docs/?a=b"));
    for path in [
        "/static/astray",
        "/static/../secret.txt",
        "/static/%2e%2e/secret.txt",
        "/static/..%2fsecret.txt",
        "/static/docs/..%2f..%2f..%2fsecret.txt",
        "/static/docs%2findex.html",
        "/static/docs/../../../secret.txt",
        "/static//etc/passwd",
        "/static/..\\secret.txt",
        "/static/..%5csecret.txt",
        "/static/digits.txt%00.html",
        "/static/%ff",
        "/static/.hidden",
        "/static/docs/empty",
        "/static/docs/empty/",
        "/static/digits.txt/",
        "/static/digits.txt/x",
        "/static/",
        "/static",
        "/static/none",
    ] {
        assert_eq!(ok(path).status, 404, "{path}");
    }
    let refused = service.post("/static/digits.txt").send();
    assert_eq!((refused.status.as_u16(), header(&refused, "allow")), (405, "GET, HEAD, OPTIONS"));
}

#[test]
fn a_folder_may_be_all_there_is() {
    let folder = Folder::new(folder("root").join("docs")).cache_control("max-age=60");
    let service = Service::new((), "{}").files("/", folder);
    let index = service.get("/").send();
    assert_eq!((&*index.text(), header(&index, "cache-control")), ("<p>docs</p>", "max-age=60"));
    assert_eq!(service.get("/index.html").send().text(), "<p>docs</p>");
    assert_eq!(service.get("/empty").send().status, 404);
    let hidden = Folder::new(self::folder("hidden")).with_hidden().index("");
    let service = Service::new((), "{}").base_path("/v1").files("files/", hidden);
    assert_eq!(service.get("/v1/files/.hidden").send().text(), "hidden");
    assert_eq!(service.get("/v1/files/docs/").send().status, 404);
}
