//! The body of 1 kB that is decoded, checked and echoed.

/// An order that `openapi/bench.yaml` allows, without blanks.
pub const VALID: &str = concat!(
    r#"{"id":"ord_7f3k29dk3m1q","status":"paid","currency":"EUR","total":18450,"#,
    r#""customer":{"name":"Marguerite Lefèvre","email":"marguerite@example.org","phone":"+33 1 44 55 66 77","#,
    r#""address":{"street":"12 rue des \"Trois Frères\"","city":"Paris","zip":"75018","country":"FR"}},"#,
    r#""items":[{"sku":"LAMP-0042","title":"Desk lamp with a brass arm and a linen shade","quantity":1,"price":89.5,"#,
    r#""tags":["light","desk","brass"]},"#,
    r#"{"sku":"CHAIR-117","title":"Folding chair, oak, with a woven seat of paper cord","quantity":4,"price":19.25,"#,
    r#""tags":["oak","chair"]},"#,
    r#"{"sku":"RUG-9001","title":"Hand knotted rug, two metres by three, undyed wool","quantity":1,"price":18,"#,
    r#""tags":["wool","floor","undyed","large"]}],"#,
    r#""note":"Please ring the bell of the courtyard twice; the concierge has the keys and knows about the rug.\n"#,
    r#"Deliver before noon if you can, otherwise leave it with the neighbours on the second floor.","#,
    r#""gift":false,"createdAt":"2026-03-09T11:24:07.512Z"}"#
);

/// The same with eight rules broken: lengths, bounds, a pattern, a format, an enum.
pub fn invalid() -> String {
    [
        ("ord_7f3k29dk3m1q", "order-7f3k29dk3m1"),
        (r#""status":"paid""#, r#""status":"lost""#),
        ("EUR", "EURO"),
        ("18450", "-18450"),
        ("marguerite@example.org", "marguerite.example.org"),
        (r#""country":"FR""#, r#""country":"FRA""#),
        (r#""quantity":4"#, r#""quantity":4000"#),
        (r#""price":18"#, r#""price":-18"#),
    ]
    .iter()
    .fold(VALID.to_owned(), |body, (right, wrong)| body.replace(right, wrong))
}
