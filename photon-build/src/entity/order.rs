//! The order in which tables are created: what is referred to is there before.
//!
//! Knows numbers. Must not know tables.

/// What a table refers to: the number of the other one, and whether a row can do without.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Need {
    /// The other table.
    pub table: usize,
    /// Its column may be `NULL`.
    pub nullable: bool,
}

/// The numbers of the tables in the order of their creation, as near to their own order as can be. An error with the
/// tables of a circle of which none can do without the others.
///
/// Only needs that are nullable may lead to a table that comes later. A table that refers to itself is no circle:
/// where it cannot do without, its first row refers to itself.
pub(super) fn order(needs: &[Vec<Need>]) -> Result<Vec<usize>, Vec<usize>> {
    let mut order: Vec<usize> = Vec::with_capacity(needs.len());
    let mut left: Vec<usize> = (0..needs.len()).collect();
    while !left.is_empty() {
        let is_there = |table: usize| order.contains(&table);
        let has = |at: usize, without_nullable: bool| {
            let met =
                |need: &Need| need.table == at || is_there(need.table) || without_nullable && need.nullable;
            needs[at].iter().all(met)
        };
        let whole = left.iter().position(|at| has(*at, false));
        let next = whole.or_else(|| left.iter().position(|at| has(*at, true)));
        let Some(next) = next else { return Err(circle(needs, &left)) };
        order.push(left.remove(next));
    }
    Ok(order)
}

/// One circle among the tables that are `left`, each of which needs another of them.
fn circle(needs: &[Vec<Need>], left: &[usize]) -> Vec<usize> {
    let mut path: Vec<usize> = Vec::new();
    let mut at = left.first().copied();
    while let Some(table) = at {
        if let Some(begin) = path.iter().position(|seen| *seen == table) {
            return path.split_off(begin);
        }
        path.push(table);
        let wanted = |need: &&Need| !need.nullable && need.table != table && left.contains(&need.table);
        at = needs[table].iter().find(wanted).map(|need| need.table);
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `1 2?` is a table that refers to 1, and to 2 if it likes.
    fn check(tables: &[&str], expected: Result<&[usize], &[usize]>) {
        let need = |text: &str| Need {
            table: text.trim_end_matches('?').parse().unwrap(),
            nullable: text.ends_with('?'),
        };
        let needs: Vec<Vec<Need>> =
            tables.iter().map(|text| text.split_whitespace().map(need).collect()).collect();
        let expected = expected.map(<[usize]>::to_vec).map_err(<[usize]>::to_vec);
        assert_eq!(order(&needs), expected, "{tables:?}");
    }

    #[test]
    fn what_is_referred_to_comes_first() {
        check(&[], Ok(&[]));
        check(&["", "", ""], Ok(&[0, 1, 2]));
        check(&["1", "2", ""], Ok(&[2, 1, 0]));
        check(&["2?", "", "1"], Ok(&[1, 2, 0]));
        check(&["0"], Ok(&[0]));
        check(&["0?", "0 1"], Ok(&[0, 1]));
    }

    #[test]
    fn a_circle_is_opened_where_a_row_can_do_without() {
        check(&["1", "0?"], Ok(&[1, 0]));
        check(&["1?", "0"], Ok(&[0, 1]));
        check(&["1", "2", "0?"], Ok(&[2, 1, 0]));
    }

    #[test]
    fn a_circle_that_cannot_be_opened_is_told() {
        check(&["1", "0"], Err(&[0, 1]));
        check(&["1", "2", "1"], Err(&[1, 2]));
        check(&["", "2", "3 0", "1"], Err(&[1, 2, 3]));
    }
}
