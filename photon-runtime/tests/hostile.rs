//! Bodies made to cost: each is answered in time that grows with its length, and in memory that does.
#![allow(
    missing_docs,
    missing_debug_implementations,
    unreachable_pub,
    unsafe_code,
    clippy::unwrap_used,
    reason = "measures allocations; a body that cannot be made fails its test"
)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

use ::photon_runtime as photon;
use photon::__private::{Choice, Literals};
use photon::{Check, Checks, Integer, Json, Map, Pattern, Record, Rule, Violations};

/// No case takes a tenth of it, even in a debug build on a machine that has much else to do.
const TIME_MAX: Duration = Duration::from_mins(2);
/// What a byte of a body may come to in memory, at its worst: a free number is two bytes, and 32 as a value, in a list that
/// doubles as it grows.
const MEMORY_FACTOR_MAX: usize = 64;
/// What a small body may take.
const MEMORY_BYTES_MIN: usize = 1 << 20;

struct Measured;

thread_local! {
    static LIVE: Cell<usize> = const { Cell::new(0) };
    static PEAK: Cell<usize> = const { Cell::new(0) };
}

// SAFETY: all is the system's; the counts are the thread's own and allocate nothing.
unsafe impl GlobalAlloc for Measured {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        LIVE.set(LIVE.get().saturating_add(layout.size()));
        PEAK.set(PEAK.get().max(LIVE.get()));
        // SAFETY: as the caller promises.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        LIVE.set(LIVE.get().saturating_sub(layout.size()));
        // SAFETY: as the caller promises.
        unsafe { System.dealloc(at, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Measured = Measured;

/// Decodes a body within its limits, and tells its first fault, `ok` where there is none.
fn told<T: photon::Value>(name: &str, body: &str, rule: &Rule) -> String {
    let before = LIVE.get();
    PEAK.set(before);
    let start = Instant::now();
    let decoded = photon::Decoder::json(body.as_bytes()).decode::<T>(rule);
    let (took, peak) = (start.elapsed(), PEAK.get() - before);
    assert!(took < TIME_MAX, "{name} takes {took:?}");
    let most = MEMORY_BYTES_MIN + MEMORY_FACTOR_MAX * body.len();
    assert!(peak < most, "{name} takes {peak} bytes for {}", body.len());
    match decoded {
        Ok(_) => "ok".to_owned(),
        Err(violations) => first(&violations),
    }
}

fn first(violations: &Violations) -> String {
    assert!(violations.len() <= photon::VIOLATIONS_MAX);
    let Some(fault) = violations.iter().next() else { return String::new() };
    let pointer = Some(fault.pointer()).filter(|pointer| pointer.len() < 20).unwrap_or_default();
    let message: String = fault.message().chars().take(90).collect();
    if pointer.is_empty() { message } else { format!("{pointer}: {message}") }
}

fn list(items: impl IntoIterator<Item = String>) -> String {
    let items: Vec<String> = items.into_iter().collect();
    format!("[{}]", items.join(","))
}

#[derive(Clone, Debug, PartialEq)]
struct Small {
    name: Option<String>,
    next: Option<Box<Small>>,
}

static SMALL: Record = photon::record("Small", &["name", "next"]);
photon::model! { Small, SMALL, name next }

#[derive(Clone, Debug, PartialEq)]
struct Open {
    name: Option<String>,
    extra: Map<Json>,
}

static OPEN: Record = photon::record("Open", &["name"]).keep_extra(photon::ANY);
photon::model! { Open, OPEN, name; extra }

/// A list of lists, none of which repeats an item.
#[derive(Clone, Debug, PartialEq)]
struct Nest(Vec<Nest>);

photon::newtype! { Nest, photon::list(0, u32::MAX).unique() }

#[test]
fn nesting() {
    let deep = 1_000_000;
    let (open, closed) = ("[".repeat(deep), "]".repeat(deep));
    let depth = "is nested more than 128 levels deep";
    for body in [open.clone(), format!("{open}{closed}"), r#"{"a":"#.repeat(deep)] {
        assert_eq!(told::<Json>("free JSON", &body, &photon::ANY), depth);
        assert_ne!(told::<i64>("a number", &body, &photon::ANY), "ok");
    }
    let records = format!("{}null{}", r#"{"next":"#.repeat(deep), "}".repeat(deep));
    assert!(told::<Small>("records", &records, &photon::ANY).contains(depth));
    let ignored = format!(r#"{{"unknown":{open}{closed}}}"#);
    assert!(told::<Small>("an ignored property", &ignored, &photon::ANY).contains(depth));
    // What each level looks at again is counted.
    let nested =
        format!("{}{}{}", "[".repeat(120), list((0..200_000).map(|_| "[]".to_owned())), "]".repeat(120));
    let read_again = told::<Nest>("unique items within unique items", &nested, &photon::ANY);
    assert!(read_again.contains("uniqueItems") || read_again.contains("must not repeat"), "{read_again}");
}

#[test]
fn numbers() {
    let digits = "9".repeat(1_000_000);
    let exponent = format!("1e{digits}");
    let fraction = format!("0.{digits}");
    let multiple = photon::number().multiple_of("0.01");
    for (name, body) in [("digits", &digits), ("an exponent", &exponent), ("a fraction", &fraction)] {
        for told in [
            told::<i64>(name, body, &photon::ANY),
            told::<f64>(name, body, &multiple),
            told::<Integer>(name, body, &photon::ANY),
            told::<Json>(name, body, &photon::ANY),
        ] {
            assert!(!told.is_empty());
        }
    }
    let many = list((0..100_000).map(|at| format!("1e{at}")));
    assert_ne!(told::<Vec<f64>>("many exponents", &many, &photon::ANY), "ok");
}

static LINEAR: Pattern = Pattern::new("^(a+)+$");
static BACK: Pattern = Pattern::new(r"^(?=(a+)+$)\1b$");
static ITEM: Rule = photon::text(0, u32::MAX).pattern(&BACK);

#[test]
fn patterns() {
    let bad = format!("{}!", "a".repeat(100_000));
    let text = photon::text(0, u32::MAX);
    assert!(
        told::<String>("a linear pattern", &format!("\"{bad}\""), &text.pattern(&LINEAR)).contains("pattern")
    );
    // As many texts as there may be, each of which takes all steps that one may take.
    let many = list((0..20_000).map(|_| format!("\"{}!\"", "a".repeat(30))));
    let told = told::<Vec<String>>("patterns that backtrack", &many, &photon::list(0, u32::MAX).items(&ITEM));
    assert!(told.starts_with("/0: "), "{told}");
}

#[test]
fn names() {
    let many: String = (0..200_000).fold("{".to_owned(), |mut body, at| {
        _ = write!(body, "\"k{at}\":1,");
        body
    }) + "\"name\":\"x\"}";
    let same = format!("{{{}\"name\":\"x\"}}", "\"name\":\"x\",".repeat(200_000));
    let same_others = format!("{{{}\"b\":1}}", "\"a\":1,".repeat(200_000));
    let twice = "/name: is given twice";
    assert_eq!(told::<Small>("unknown names", &many, &photon::ANY), "ok");
    assert_eq!(told::<Open>("other names", &many, &photon::ANY), "ok");
    let map = many.replace("\"name\":\"x\"", "\"z\":1");
    assert_eq!(told::<Map<i64>>("a map", &map, &photon::ANY), "ok");
    assert_eq!(told::<Small>("one name", &same, &photon::ANY), twice);
    assert_eq!(told::<Open>("one other name", &same_others, &photon::ANY), "/a: is given twice");
    assert!(!told::<Json>("one free name", &same_others, &photon::ANY).is_empty());
    // Names that a hash table with a known hash would put into one place are no help: none is known.
    let unique = photon::list(0, u32::MAX).unique();
    let objects = list((0..100_000).map(|at| format!("{{\"a\":{at},\"b\":{}}}", at * 7)));
    assert_eq!(told::<Vec<Json>>("unique objects", &objects, &unique), "ok");
}

#[test]
fn a_wide_record() {
    let names: Vec<&'static str> =
        (0..2_000).map(|at| &*Box::leak(format!("field{at}").into_boxed_str())).collect();
    let table: &'static Record =
        Box::leak(Box::new(photon::record("Wide", Box::leak(names.into_boxed_slice()))));
    let body: String = (0..200_000).fold("{".to_owned(), |mut body, at| {
        _ = write!(body, "\"other{at}\":1,");
        body
    }) + "\"field1999\":1}";
    let mut values: Vec<Option<i64>> = vec![None; 2_000];
    let start = Instant::now();
    let mut decoder = photon::Decoder::json_str(&body);
    let mut slots: Vec<&mut dyn photon::Value> = values.iter_mut().map(|value| value as _).collect();
    decoder.record(table, &mut slots);
    assert!(start.elapsed() < TIME_MAX, "{:?}", start.elapsed());
    assert_eq!((decoder.faults(), values[1_999]), (0, Some(1)));
}

#[test]
fn a_million_unique_items() {
    let unique = photon::list(0, u32::MAX).unique();
    let different = list((0..1_000_000).map(|at| at.to_string()));
    assert_eq!(told::<Vec<i64>>("different items", &different, &unique), "ok");
    let equal = list((0..1_000_000).map(|_| "1".to_owned()));
    let repeats = "must not repeat items, but items 0 and 1 are equal";
    assert_eq!(told::<Vec<i64>>("equal items", &equal, &unique), repeats);
    let late = list((0..1_000_000).map(|at| if at == 999_999 { "5.0".to_owned() } else { at.to_string() }));
    let repeats = "must not repeat items, but items 5 and 999999 are equal";
    assert_eq!(told::<Vec<i64>>("a late one", &late, &unique), repeats);
}

/// How many values an enumeration has, and how many items a list of them.
const VALUES: usize = 20_000;

fn leaked(values: impl Iterator<Item = String>) -> &'static [&'static str] {
    let values: Vec<&'static str> = values.map(|value| &*value.leak()).collect();
    values.leak()
}

#[test]
fn large_enumerations() {
    let texts: &'static Choice =
        Box::leak(Box::new(Choice::new(leaked((0..VALUES).map(|at| format!("v{at}"))))));
    let numbers: &'static Literals =
        Box::leak(Box::new(Literals::new(leaked((0..VALUES).map(|at| at.to_string())))));
    let values = list((0..VALUES).map(|at| format!("\"v{at}\"")));
    let source = format!(r#"{{"$defs":{{"S":{{"type":"array","items":{{"enum":{values}}}}}}}}}"#);
    let checks: &'static Checks = Box::leak(Box::new(Checks::new(source.leak())));
    let check: &'static Check = Box::leak(Box::new(Check::new(checks, "S")));

    let start = Instant::now();
    for turn in 0..5 {
        for at in (0..VALUES).rev() {
            let json = format!("\"v{at}\"");
            let found = photon::Decoder::json_str(&json).choice(texts);
            assert_eq!(found, Some(at), "{turn}");
            let json = format!("{at}.0");
            assert_eq!(photon::Decoder::json_str(&json).literal(numbers), Some(at));
        }
    }
    let mut decoder = photon::Decoder::json_str("\"7\"");
    assert_eq!((decoder.literal(numbers), decoder.faults()), (None, 1));
    assert_eq!(photon::Decoder::text("\"7\"").literal(numbers), Some(7));
    let many = list((0..5).flat_map(|_| (0..VALUES).rev()).map(|at| format!("\"v{at}\"")));
    assert_eq!(told::<Json>("an exact check", &many, &photon::ANY.check(check)), "ok");
    let other = many.replace("v19999", "other");
    assert!(
        told::<Json>("a failing check", &other, &photon::ANY.check(check))
            .starts_with("/0: must be one of \"v0\"")
    );
    assert!(start.elapsed() < TIME_MAX, "{:?}", start.elapsed());
}

/// A union whose branches hold the union.
#[derive(Clone, Debug, PartialEq)]
enum Tree {
    Left(Box<Left>),
    Right(Box<Right>),
}

#[derive(Clone, Debug, PartialEq)]
struct Left {
    next: Option<Tree>,
}

#[derive(Clone, Debug, PartialEq)]
struct Right {
    next: Option<Tree>,
}

static LEFT: Record = photon::record("Left", &["next"]);
static RIGHT: Record = photon::record("Right", &["next"]);
static TREE: photon::OneOf =
    photon::one_of("Tree", &[photon::branch(photon::OBJECT), photon::branch(photon::OBJECT)]);
photon::model! { Left, LEFT, next }
photon::model! { Right, RIGHT, next }

impl photon::Model for Tree {
    fn empty() -> Self {
        Self::Left(Box::new(Left { next: None }))
    }

    fn read(&mut self, decoder: &mut photon::Decoder<'_>) {
        decoder.one_of(&TREE, &mut |decoder, index, rule, keep| {
            let value = match index {
                0 => Self::Left(photon::__private::read(decoder, rule)),
                _ => Self::Right(photon::__private::read(decoder, rule)),
            };
            if keep {
                *self = value;
            }
        });
    }

    fn visit(&self, visitor: &mut dyn photon::Visitor) {
        match self {
            Self::Left(value) => visitor.one_of(&TREE, 0, value),
            Self::Right(value) => visitor.one_of(&TREE, 1, value),
        }
    }
}

#[test]
fn unions_within_unions() {
    let body = format!("{}null{}", r#"{"next":"#.repeat(120), "}".repeat(120));
    let told = told::<Tree>("a union within itself", &body, &photon::ANY);
    assert!(told.contains("nests too deep in what is read again"), "{told}");
}
