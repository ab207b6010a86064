//! One line a format: texts that are in it, texts that are not.

use std::path::Path;

use super::Format;

#[test]
#[allow(clippy::too_many_lines, reason = "a table")]
fn formats() {
    let many: &[(Format, &[&str], &[&str])] = &[
        (
            Format::Date,
            &["2024-02-29"],
            &["2023-02-29", "2024-2-29", "2024-02-2৪", "20240229", "-2024-01-01"],
        ),
        (
            Format::Time,
            &["08:30:06Z", "23:59:60+00:00", "08:30:06.1234567890123-00:00"],
            &["08:30:06", "24:00:00Z"],
        ),
        (
            Format::Duration,
            &["P4DT12H30M5S", "P1Y", "P1M", "PT1M", "PT36H", "P2W", "P0D", "PT0S"],
            &["P", "PT", "P1", "1D", "PT1D", "P2D1Y", "P1YT", "P1Y2W", "P1D2H", "P2S", "P১Y", "p1y", "P1.5D"],
        ),
        (
            Format::Email,
            &[
                "joe.bloggs@example.com",
                r#""joe bloggs"@example.com"#,
                r#""a\"b"@x.y"#,
                "a@[127.0.0.1]",
                "a@[IPv6:::1]",
            ],
            &[
                "2962",
                ".a@b.c",
                "a.@b.c",
                "a..b@c.d",
                "a@b=c.d",
                "a@[127.0.0.300]",
                "a b@c.d",
                r#""a@b.c"#,
                "é@b.c",
            ],
        ),
        (Format::IdnEmail, &["실례@실례.테스트", "joe@example.com"], &["2962", "실례", "@실례.테스트"]),
        (
            Format::Hostname,
            &["www.example.com", "1host", "a--b.com", "xn--9n2bp8q.xn--9t4b11yi5a"],
            &["", ".", "a.", "-a", "a-", "a_b", "a..b", "실례", "xn--X", "example.com\n"],
        ),
        (
            Format::IdnHostname,
            &["실례.테스트", "a。b", "ßς་〇", "l·l", "hostname", "münchen.de"],
            &["", "。", "a·l", "〮실례", "-> $1.00 <--", "ab--cd-é", "i❤.ws", "Ä.de", "ａ.de"],
        ),
        (
            Format::Ipv4,
            &["192.168.0.1"],
            &["127.0.0.0.1", "256.0.0.1", "01.2.3.4", "127.1", "1২7.0.0.1", "1.2.3.4\n"],
        ),
        (
            Format::Ipv6,
            &["::1", "::ffff:192.168.0.1", "1:2:3:4:5:6:7:8"],
            &["12345::", "::1%eth0", "1:2", "[::1]", ":"],
        ),
        (
            Format::Uri,
            &[
                "http://foo.bar/?baz=qux#quux",
                "urn:a:b",
                "ldap://[2001:db8::7]/c=GB?x?y",
                "http://u:p@h:80/",
                "a:",
            ],
            &[
                "/abc",
                "abc",
                "http:// x",
                ":// x",
                "bar,baz:foo",
                "https://[@x/",
                "http://é/",
                "http://x/%A",
                "http://x:a/",
            ],
        ),
        (
            Format::UriReference,
            &["/abc", "abc", "#a", "", "//h/p", "?q"],
            &["\\\\x", "#a\\b", "1a:b", "abc é"],
        ),
        (
            Format::Iri,
            &["http://ƒøø.ßår/?∂éœ=πîx#πîüx", "http://[V1.fe]"],
            &["âππ", "http://2001:0db8:85a3", "/a"],
        ),
        (Format::IriReference, &["âππ", "#ƒ"], &["\\\\WINDOWS\\x", "a b"]),
        (
            Format::UriTemplate,
            &["http://x/{term:1}/{term}", "{+a,b*}", "", "a%41b", "{%41}", "a'b", "a😀b"],
            &["{", "}", "{}", "{a,,b}", "{v:0}", "{v:10000}", "a b", "{a..b}", "{v:01}", "{a=b}", "%4"],
        ),
        (
            Format::Uuid,
            &["2EB8AA08-AA98-11EA-B4AA-73B441D16380", "00000000-0000-0000-0000-000000000000"],
            &[
                "2eb8aa08aa9811eab4aa73b441d16380",
                "2eb8aa08-aa98-11ea-b4aa-73b441d1638",
                "{2eb8aa08-aa98-11ea-b4aa-73b441d16}",
            ],
        ),
        (Format::JsonPointer, &["", "/", "/a~0b~1", "/ü"], &["a", "/~2", "/~", "#/a"]),
        (
            Format::RelativeJsonPointer,
            &["0", "1/a", "0#", "120/x"],
            &["", "/a", "-1/a", "+1/a", "01#", "0##", "a"],
        ),
        (Format::Regex, &["^a$", r"\d", "(?=a)"], &["^(abc]", r"\a", "(?i)a"]),
        (Format::Byte, &["", "Zm8="], &["Zm8", "Z"]),
        (
            Format::Decimal,
            &["0", "-1.50", "123456789012345678901234567890"],
            &["", "1e3", "+1", "1,5", ".5", "01"],
        ),
    ];
    for (format, fits, fails) in many {
        for text in *fits {
            assert!(format.is_valid(text), "{} {text:?}", format.name());
        }
        for text in *fails {
            assert!(!format.is_valid(text), "{} {text:?}", format.name());
        }
    }
}

/// The cases of the JSON-Schema-Test-Suite whose schema is a format and nothing else.
#[test]
fn the_suite() {
    let Some(cases) = Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .map(|folder| folder.join("shared/harness/jsonschema/cases"))
        .find(|cases| cases.exists())
    else {
        println!("SKIPPED: there is no shared/harness/jsonschema beside the checkout");
        return;
    };
    let schemas = std::fs::read(cases.join("ALL-format.openapi.json"));
    let expected = std::fs::read_to_string(cases.join("ALL-format.expect.jsonl"));
    let (Ok(schemas), Ok(expected)) = (schemas, expected) else {
        panic!("the suite at {} is not whole", cases.display());
    };
    let document: serde_json::Value = serde_json::from_slice(&schemas).unwrap();
    let mut failed = Vec::new();
    for line in expected.lines() {
        let case: serde_json::Value = serde_json::from_str(line).unwrap();
        let name = case["path"].as_str().unwrap().replace("/c", "C");
        let name = document["components"]["schemas"][name]["format"].as_str().unwrap_or_default();
        let format = Format::ALL.into_iter().find(|format| format.name() == name);
        let body = serde_json::from_str::<String>(case["body"].as_str().unwrap());
        if let (Some(format), Ok(text)) = (format, body)
            && format.is_valid(&text) != case["valid"].as_bool().unwrap()
        {
            failed.push(format!("{name} {text:?} {}", case["test"]));
        }
    }
    assert!(failed.is_empty(), "{} failed:\n{}", failed.len(), failed.join("\n"));
}
