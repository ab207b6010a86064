//! Is it JSON? The same answer as `serde_json`'s, for values that are kept and for values that nobody looks at.

use ::photon_runtime as photon;

/// Skips every property.
#[derive(Clone, Debug, PartialEq)]
struct Nothing {}

static NOTHING: photon::Record = photon::record("Nothing", &[]);
photon::model! { Nothing, NOTHING, }

fn check(source: &[u8]) {
    let expected = serde_json::from_slice::<serde_json::Value>(source);
    let ours = photon::decode::<photon::Json>(source);
    let told = || String::from_utf8_lossy(source).into_owned();
    match (&expected, &ours) {
        (Ok(expected), Ok(ours)) => assert_eq!(ours, expected, "{}", told()),
        (Ok(_), Err(violations)) => {
            // What serde_json takes and we do not, by decision.
            let known = ["duplicateKey"];
            assert!(violations.iter().all(|one| known.contains(&one.keyword)), "{}: {violations}", told());
        }
        (Err(error), Ok(_)) => panic!("{}: {error}", told()),
        (Err(error), Err(violations)) => {
            let range = error.to_string().contains("out of range");
            assert!(range || violations.is_syntax(), "{}: {error}, {violations}", told());
        }
    }
    let mut nested = b"{\"x\":".to_vec();
    nested.extend_from_slice(source);
    nested.push(b'}');
    let ignored = serde_json::from_slice::<serde::de::IgnoredAny>(&nested).is_ok()
        && std::str::from_utf8(source).is_ok();
    // Unlike serde_json we look at the surrogates of what we ignore.
    if ignored != photon::decode::<Nothing>(&nested).is_ok() {
        assert!(told().contains("\\u"), "{}", told());
    }
}

#[test]
fn by_hand() {
    let texts: &[&[u8]] = &[
        b"",
        b" ",
        b"null",
        b"nul",
        b"nulll",
        b"true",
        b"truefalse",
        b"[",
        b"]",
        b"[]",
        b"[,]",
        b"[1,]",
        b"[1 2]",
        b"{",
        b"{}",
        b"{,}",
        b"{\"a\"}",
        b"{\"a\":}",
        b"{\"a\":1,}",
        b"{\"a\":1 \"b\":2}",
        b"{a:1}",
        b"{1:1}",
        b"'a'",
        b"\"\"",
        b"\"",
        b"\"\\",
        b"\"\\u",
        b"\"\\u00\"",
        b"\"\\u0000\"",
        b"\"\\ud800\"",
        b"\"\\udc00\\ud800\"",
        b"\"\\ud83d\\ude00\"",
        b"\"\\uD83D\\uDE00\"",
        b"\"\x00\"",
        b"\"\x1f\"",
        b"\"\x7f\"",
        b"\"\t\"",
        b"\"\xff\"",
        b"\"\xc3\x28\"",
        b"\"\xed\xa0\x80\"",
        b"\"\xf0\x9f\x98\x80\"",
        b"\xef\xbb\xbf1",
        b"0",
        b"-0",
        b"00",
        b"01",
        b"-01",
        b"1.",
        b".1",
        b"1.0",
        b"1e",
        b"1e+",
        b"1e5",
        b"1E+5",
        b"1e-5",
        b"-",
        b"--1",
        b"+1",
        b"1e400",
        b"-1e400",
        b"1e-400",
        b"0e999999999999",
        b"123456789012345678901234567890",
        b"18446744073709551615",
        b"18446744073709551616",
        b"-9223372036854775808",
        b"-9223372036854775809",
        b"0.1",
        b"5e-324",
        b"1.7976931348623157e308",
        b"NaN",
        b"Infinity",
        b"1 1",
        b"1\x00",
        b"\x001",
        b"\x0b1",
        b"\x0c1",
        b"1\n",
        b"\xa01",
        b"[1]x",
        b"//a\n1",
        b"/**/1",
        b"{\"a\":1,\"a\":2}",
    ];
    for text in texts {
        check(text);
    }
}

#[test]
fn by_chance() {
    let seed = 0x9e37_79b9_7f4a_7c15u64;
    println!("seed {seed:#x}");
    let mut state = seed;
    let mut next = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    let pieces: &[&[u8]] = &[
        b"{",
        b"}",
        b"[",
        b"]",
        b",",
        b":",
        b"\"a\"",
        b"\"\\n\"",
        b"\"",
        b"\\",
        b"1",
        b"-",
        b"0",
        b".",
        b"e",
        b"E",
        b"+",
        b"5",
        b"true",
        b"false",
        b"null",
        b" ",
        b"\n",
        b"\"b\":",
        b"\xc3\xa9",
        b"\x80",
        b"\\u00e9",
        b"\\ud83d",
        b"\\ude00",
    ];
    for _ in 0..20_000 {
        let length = next() % 12;
        let text: Vec<u8> =
            (0..length).flat_map(|_| pieces[usize::try_from(next() % 29).unwrap()]).copied().collect();
        check(&text);
    }
    // Whole documents with one byte changed.
    let whole = br#"{"a":[1,-2.5e3,"x\n\u00e9",true,null],"b":{"c":"d","e":[[],{}]}}"#;
    for _ in 0..20_000 {
        let mut text = whole.to_vec();
        let at = usize::try_from(next()).unwrap() % text.len();
        text[at] = u8::try_from(next() % 256).unwrap();
        check(&text);
    }
}
