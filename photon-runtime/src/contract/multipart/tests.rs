use super::super::body::{encoding, multipart};
use super::head::PART_HEAD_BYTES_MAX;
use super::*;

/// Lines with CRLF between them.
fn lines(lines: &[&str]) -> Bytes {
    Bytes::from(lines.join("\r\n"))
}

fn names(body: &Bytes) -> Result<Vec<(String, String)>, String> {
    match split(body, "b") {
        Ok(parts) => {
            let show = |part: Part| (part.name, String::from_utf8_lossy(&part.content).into_owned());
            Ok(parts.into_iter().map(show).collect())
        }
        Err(Broken::Syntax(message)) => Err(message.into_owned()),
        Err(Broken::TooMany) => Err("too many".to_owned()),
    }
}

#[test]
fn bodies_are_taken_apart() {
    type Pairs = [(&'static str, &'static str)];
    let disposition = "Content-Disposition: form-data; name=\"a\"";
    let cases: &[(&[&str], &Pairs)] = &[
        (&["--b--"], &[]),
        (&["--b", disposition, "", "1", "--b--", ""], &[("a", "1")]),
        (&["preamble", "--b \t", disposition, "", "1", "--b--", "epilogue"], &[("a", "1")]),
        (&["--b", disposition, "", "", "--b--"], &[("a", "")]),
        (&["--b", disposition, "", "--b--"], &[("a", "")]),
        (&["--b", disposition, "", "x", "--bc", "y", "--b--"], &[("a", "x\r\n--bc\r\ny")]),
        (&["--b", disposition, "", "1", "--b", disposition, "", "2", "--b--"], &[("a", "1"), ("a", "2")]),
        (
            &["--b", "content-disposition:form-data;name=a;filename=\"x\\\"y;%22.txt\"", "", "1", "--b--"],
            &[("a", "1")],
        ),
        // A control character that a browser sent in the name of a field.
        (
            &["--b", "Content-Disposition: form-data; name=\"a\u{14}\u{7f}\"", "", "1", "--b--"],
            &[("a\u{14}\u{7f}", "1")],
        ),
    ];
    for (body, expected) in cases {
        let expected: Vec<_> =
            expected.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        assert_eq!(names(&lines(body)), Ok(expected), "{body:?}");
    }
}

#[test]
fn what_is_not_well_formed_is_refused() {
    let disposition = "Content-Disposition: form-data; name=\"a\"";
    let broken: &[&[&str]] = &[
        &[""],
        &["--c--"],
        &["--b"],
        &["--b", disposition, "", "1"],
        &["--b", disposition, "", "1", "--b"],
        &["--b", disposition, "1", "--b--"],
        &["--b", "", "1", "--b--"],
        &["--b", "Content-Disposition: attachment; name=\"a\"", "", "1", "--b--"],
        &["--b", "Content-Disposition: form-data", "", "1", "--b--"],
        &["--b", "Content-Disposition: form-data; name=\"a", "", "1", "--b--"],
        &["--b", "Content-Disposition: form-data; name=\"a\"x", "", "1", "--b--"],
        &["--b", "Content-Disposition: form-data; name=a; name=b", "", "1", "--b--"],
        &["--b", disposition, disposition, "", "1", "--b--"],
        &["--b", disposition, "Content-Transfer-Encoding: base64", "", "1", "--b--"],
        &["--b", disposition, " folded", "", "1", "--b--"],
        &["--b", disposition, "X\u{14}: y", "", "1", "--b--"],
        &["--b", disposition, "X: \u{14}", "", "1", "--b--"],
        &["--b", disposition, ": x", "", "1", "--b--"],
        &["--b", "Content-Disposition: form-data; name=\"\0\"", "", "1", "--b--"],
    ];
    for body in broken {
        assert!(names(&lines(body)).is_err(), "{body:?}");
    }
    for boundary in ["", "a b ", "ü", "a\"", &"x".repeat(71)] {
        assert!(split(&lines(&["--b--"]), boundary).is_err(), "{boundary}");
    }
    let many = format!("--b\r\n{disposition}\r\n\r\n1\r\n").repeat(PARTS_MAX + 1) + "--b--";
    assert_eq!(names(&Bytes::from(many)), Err("too many".to_owned()));
    let long = format!("--b\r\n{disposition}\r\nX: {}\r\n\r\n1\r\n--b--", "x".repeat(PART_HEAD_BYTES_MAX));
    assert!(names(&Bytes::from(long)).is_err());
}

#[test]
fn parts_become_records() {
    static PLAIN: Body = multipart().encoding(&[encoding("photo").content_type("image/png, image/jpeg")]);
    let shape = Shape::Record {
        fields: vec![
            ("n", Shape::Scalar),
            ("at", Shape::Record { fields: vec![("x", Shape::Scalar)], extra: None }),
            ("photo", Shape::File),
            ("files", Shape::List(Box::new(Shape::File))),
        ],
        extra: None,
    };
    let body = lines(&[
        "--b",
        "Content-Disposition: form-data; name=\"n\"",
        "",
        "7",
        "--b",
        "Content-Disposition: form-data; name=\"at\"",
        "Content-Type: application/json",
        "",
        "{\"x\":1}",
        "--b",
        "Content-Disposition: form-data; name=\"files\"; filename=\"a.txt\"",
        "Content-Type: text/plain",
        "",
        "A",
        "--b",
        "Content-Disposition: form-data; name=\"files\"; filename=\"b.bin\"",
        "",
        "B",
        "--b",
        "Content-Disposition: form-data; name=\"files\"; filename=\"\"",
        "Content-Type: application/octet-stream",
        "",
        "",
        "--b",
        "Content-Disposition: form-data; name=\"photo\"; filename=\"p.gif\"",
        "Content-Type: image/gif",
        "",
        "P",
        "--b--",
    ]);
    let media = Media::parse("multipart/form-data; boundary=b").unwrap();
    let Ok(parts) = read(&body, &media, &PLAIN, &shape) else { panic!("the body is well-formed") };
    let mut out = String::new();
    parts.tree.write(&shape, &mut out);
    assert_eq!(out, r#"{"n":"7","at":{"x":1},"files":["0","1"]}"#);
    assert_eq!(parts.files[0].name.as_deref(), Some("a.txt"));
    assert_eq!(parts.files[0].content_type.as_deref(), Some("text/plain"));
    assert_eq!(&*parts.files[1].content, b"B");
    let violations: Vec<_> = parts.violations.iter().map(|one| (one.pointer(), one.keyword)).collect();
    assert_eq!(violations, [("/photo".to_owned(), "contentMediaType")]);
}
