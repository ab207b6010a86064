use super::*;
use crate::model::types::{File, Json};

static FORM: Body = body::multipart();

/// What a form comes to: its files with what was read of them, then its fields.
fn read<T: Value + fmt::Debug>(
    body: &Bytes,
    piece: usize,
    skipped: bool,
) -> Result<(Vec<String>, T), String> {
    let reader = BodyReader::in_pieces(body.clone(), "multipart/form-data; boundary=b", piece);
    let mut parts = Parts::<T>::empty();
    parts.begin(reader, &FORM).map_err(|_| "boundary")?;
    let mut files = Vec::new();
    while let Some(mut part) = parts.next_file().map_err(|error| error.to_string())? {
        let mut content = Vec::new();
        if !skipped {
            part.read_to_end(&mut content).map_err(|error| error.to_string())?;
        }
        let name = part.file_name().unwrap_or_default().to_owned();
        files.push(format!("{}/{name}: {}", part.name(), String::from_utf8_lossy(&content)));
    }
    Ok((files, parts.finish().map_err(|error| error.to_string())?))
}

fn form(parts: &[(&str, &str)]) -> Bytes {
    let part = |(head, content): &(&str, &str)| {
        format!("--b\r\ncontent-disposition: form-data; {head}\r\n\r\n{content}\r\n")
    };
    Bytes::from(parts.iter().map(part).collect::<String>() + "--b--")
}

#[derive(Clone, Debug, PartialEq)]
struct Upload {
    note: String,
    photo: Option<File>,
    tags: Vec<i64>,
}

static UPLOAD: crate::Record = crate::record("Upload", &["note", "photo", "tags"])
    .required(&["note"])
    .rules(&[("note", crate::text(1, 9))]);
crate::model! { Upload, UPLOAD, note photo tags }

#[test]
fn files_are_read_and_fields_decoded() {
    let long = "x\r\n--bc\r\n--".repeat(9000);
    let body = form(&[
        ("name=note", "hi"),
        ("name=photo; filename=p.png", &long),
        ("name=tags", "1"),
        ("name=other; filename=o", "unknown"),
        ("name=tags", "2"),
    ]);
    for piece in [1, 7, 1000, usize::MAX] {
        let (files, upload) = read::<Upload>(&body, piece, false).unwrap();
        assert_eq!(files, [format!("photo/p.png: {long}"), "other/o: unknown".to_owned()], "{piece}");
        assert_eq!((upload.note.as_str(), &*upload.tags), ("hi", &[1, 2][..]));
        let photo = upload.photo.unwrap();
        assert_eq!((photo.name.as_deref(), photo.content.len()), (Some("p.png"), 0));
        let (files, again) = read::<Upload>(&body, piece, true).unwrap();
        assert_eq!((files.len(), again.tags), (2, vec![1, 2]), "what nobody reads is skipped");
    }
}

#[test]
fn what_does_not_fit_is_refused() {
    let no_file = form(&[("name=note", "hi"), ("name=photo; filename=\"\"", "")]);
    assert_eq!(read::<Upload>(&no_file, 3, false).unwrap().1.photo, None);
    let many = vec![("name=a", "1"); PARTS_MAX + 1];
    let large = "x".repeat(FIELDS_BYTES_MAX);
    for (body, told) in [
        (form(&[("name=note", "")]), "the request does not fit the contract"),
        (form(&[("name=tags", "1")]), "the request does not fit the contract"),
        (form(&[("name=note", "hi"), ("name=tags", "x")]), "the request does not fit the contract"),
        (form(&[("name=photo", "not closed")]).slice(..60), "the body is not what its media type says"),
        (form(&many), "the form has more than 1024 parts"),
        (
            form(&[("name=a", &large), ("name=b", "1")]),
            "the fields of the form are longer than 1048576 bytes together",
        ),
    ] {
        assert_eq!(read::<Upload>(&body, 4096, false).unwrap_err(), told);
    }
}

/// Random forms, whole and broken, come to the same in whatever pieces they arrive, and as where they are there at once.
#[test]
fn pieces_do_not_matter() {
    const BITS: &[&str] = &[
        "\r\n--b\r\n",
        "\r\n--b--",
        "--b\r\n",
        "\r\n",
        "\r",
        "-",
        "--",
        "--b",
        " \t",
        "content-disposition: form-data; name=a",
        "content-disposition: form-data; name=\"f\"; filename=\"x\"",
        "\r\n\r\n",
        "text",
        "content-type: text/plain",
        "{",
        "\u{e9}",
        "--b \r\ncontent-disposition: form-data; name=a\r\n\r\n1\r\n--b\t\r\n",
    ];
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = |below: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        usize::try_from(seed >> 33).unwrap() % below
    };
    let mut whole = 0;
    for _ in 0..1000 {
        let count = random(14);
        let body: String = (0..count).map(|_| BITS[random(BITS.len())]).collect();
        let body = Bytes::from(if random(2) == 0 {
            format!("--b\r\ncontent-disposition: form-data; name=a\r\n\r\n{body}\r\n--b--")
        } else {
            body
        });
        let at_once = read::<Json>(&body, usize::MAX, false);
        for piece in [1, 2, 3, 1 + random(40)] {
            assert_eq!(read::<Json>(&body, piece, false).ok(), at_once.clone().ok(), "{piece}: {body:?}");
        }
        let media = Media::parse("multipart/form-data; boundary=b").unwrap();
        let read = multipart::read(&body, &media, &FORM, &Shape::Any);
        assert_eq!(read.is_ok_and(|parts| parts.violations.is_empty()), at_once.is_ok(), "{body:?}");
        whole += usize::from(at_once.is_ok());
    }
    assert!(whole > 100, "{whole} forms were whole");
}
