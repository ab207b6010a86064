//! Rules that are functions of the user's: asked for values that keep all others, so that they may rely on these.

use super::decoder::Decoder;
use super::violation::Violations;

/// What was wrong before a value is read.
pub fn before<T>(decoder: &Decoder<'_>, _: fn(&T, &mut Violations)) -> usize {
    decoder.faults()
}

/// Asks the function, if nothing was found in the value that it judges.
pub fn custom<T>(decoder: &mut Decoder<'_>, before: usize, value: &T, judge: fn(&T, &mut Violations)) {
    if decoder.is_fatal() || decoder.faults() != before {
        return;
    }
    let mut found = Violations::default();
    judge(value, &mut found);
    decoder.violations.append(found);
}

/// Asks the function.
pub fn ask<T>(value: &T, found: &mut Violations, judge: fn(&T, &mut Violations)) {
    judge(value, found);
}

#[cfg(test)]
#[allow(
    unreachable_pub,
    clippy::trivially_copy_pass_by_ref,
    reason = "as the macros write for users, whose functions take references"
)]
mod tests {
    use crate::model::{self, ANY, Record, Violation, Violations, check, decode, int, record};
    use crate::{Rule, choice, model as record_model, newtype};

    #[derive(Clone, Debug, PartialEq)]
    struct Period {
        start: i64,
        end: i64,
    }

    static PERIOD: Record = record("Period", &["start", "end"])
        .all_required()
        .rules(&[("start", int(0, 100)), ("end", int(0, 100))]);
    record_model! { Period where period, PERIOD, start end }

    fn period(period: &Period, found: &mut Violations) {
        assert!(period.start <= 100, "only what keeps the table is judged");
        if period.end < period.start {
            found.push(Violation::new("period", "must not end before it starts").at("/end"));
        }
    }

    #[derive(Clone, Debug, PartialEq)]
    struct Even(i64);
    newtype! { Even where even, Rule::ANYTHING }

    fn even(value: &Even, found: &mut Violations) {
        if value.0 % 2 != 0 {
            found.push(Violation::new("even", "must be even"));
        }
    }

    #[derive(Clone, Copy, Debug, PartialEq)]
    enum Day {
        Sunday,
        Monday,
    }
    choice! { Day where open_day, Sunday = "sunday", Monday = "monday" }

    fn open_day(day: &Day, found: &mut Violations) {
        if *day == Day::Sunday {
            found.push(Violation::new("openDay", "must be a day on which we are open"));
        }
    }

    #[derive(Clone, Debug, PartialEq)]
    struct Booking {
        period: Vec<Period>,
        seats: Option<Even>,
        day: Option<Day>,
    }
    static BOOKING: Record = record("Booking", &["periods", "seats", "day"]).required(&["periods"]);
    record_model! { Booking, BOOKING, period seats day }

    #[test]
    fn functions_are_asked_where_all_else_fits() {
        let cases = [
            (r#"{"periods":[{"start":1,"end":2}],"seats":2,"day":"monday"}"#, ""),
            (
                r#"{"periods":[{"start":1,"end":2},{"start":3,"end":2}]}"#,
                "/periods/1/end: must not end before it starts",
            ),
            (r#"{"periods":[{"start":101,"end":2}]}"#, "/periods/0/start: must be at most 100"),
            (r#"{"periods":[],"seats":3}"#, "/seats: must be even"),
            (r#"{"periods":[],"seats":"x"}"#, "/seats: must be an integer, not a string"),
            (r#"{"periods":[],"day":"sunday"}"#, "/day: must be a day on which we are open"),
            (
                r#"{"periods":[{"start":3,"end":2}],"seats":3,"day":"noday"}"#,
                "/periods/0/end: must not end before it starts; /seats: must be even; /day: must be one of sunday, monday",
            ),
        ];
        for (json, expected) in cases {
            let told = decode::<Booking>(json.as_bytes()).err().unwrap_or_default().to_string();
            assert_eq!(told, expected, "{json}");
        }
    }

    #[test]
    fn values_made_by_hand_are_judged_alike() {
        let period = |start, end| Period { start, end };
        let booking = Booking {
            period: vec![period(3, 2), period(200, 1)],
            seats: Some(Even(3)),
            day: Some(Day::Sunday),
        };
        assert_eq!(
            check(&booking, &ANY).to_string(),
            "/periods/0/end: must not end before it starts; /periods/1/start: must be at most 100; \
             /seats: must be even; /day: must be a day on which we are open"
        );
        assert_eq!(model::to_json(&booking.seats), b"3");
    }
}
