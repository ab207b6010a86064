//! Pages of lists: a page begins after the row that ended the one before, whatever was added or removed meanwhile.
//!
//! To clients a cursor is a number and nothing else; to us it is that row's place in the order.

use photon_runtime::BadRequest;
use photon_runtime::db::sea_orm::prelude::Date;
use photon_runtime::db::sea_orm::sea_query::{NullOrdering, Value};
use photon_runtime::db::sea_orm::{
    ColumnTrait as _, Condition, Order, QueryFilter as _, QueryOrder as _, Select,
};
use photon_runtime::types::chrono::Datelike as _;

use crate::entities::task;
use crate::example::models::TaskOrder;

/// The ids in cursors that also hold a key are below this.
const IDS_END: i64 = 100_000_000_000;

/// The key of rows that have none: they come last. Higher than any priority, and than the number of any day up to the
/// year 9999.
const NO_KEY: i64 = 9_999_999;

/// The number of the first day of the year 0, before which no date of the document is.
const FIRST_DAY: i64 = -365;

/// How many rows are asked for: one more than the page takes says that there is another page.
pub(crate) fn asked(limit: i32) -> u64 {
    u64::try_from(limit).unwrap_or_default() + 1
}

/// Cuts what was asked for to the page, and names the cursor of the next one by the last row.
pub(crate) fn cut<R>(mut rows: Vec<R>, limit: i32, cursor: impl Fn(&R) -> i64) -> (Vec<R>, Option<String>) {
    let limit = usize::try_from(limit).unwrap_or_default();
    let is_last = rows.len() <= limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| !is_last).map(|row| cursor(row).to_string());
    (rows, next)
}

/// The cursor's number, which is an id where rows come by their ids.
pub(crate) fn after(cursor: Option<&str>) -> Result<Option<i64>, BadRequest> {
    let number =
        |text: &str| text.parse().map_err(|_| BadRequest::new(format!("{text:?} is not a cursor of ours")));
    cursor.map(number).transpose()
}

/// The cursor of a task in this order.
pub(crate) fn task_cursor(task: &task::Model, order: TaskOrder) -> i64 {
    let key = match order {
        TaskOrder::Created | TaskOrder::MinusCreated => return task.id,
        TaskOrder::Priority => task.priority.map(|priority| i64::from(priority as i16)),
        TaskOrder::Due => task.due_on.map(|day| i64::from(day.num_days_from_ce()) - FIRST_DAY),
    };
    key.unwrap_or(NO_KEY) * IDS_END + task.id
}

/// The tasks after this cursor, in this order; what has no date or priority comes last.
pub(crate) fn tasks_after(
    query: Select<task::Entity>,
    order: TaskOrder,
    after: Option<i64>,
) -> Select<task::Entity> {
    match order {
        TaskOrder::Created => {
            let later = after.map(|id| task::Column::Id.gt(id));
            query.filter(Condition::all().add_option(later)).order_by_asc(task::Column::Id)
        }
        TaskOrder::MinusCreated => {
            let earlier = after.map(|id| task::Column::Id.lt(id));
            query.filter(Condition::all().add_option(earlier)).order_by_desc(task::Column::Id)
        }
        TaskOrder::Priority => {
            let key = |key: i64| i16::try_from(key).unwrap_or(i16::MAX).into();
            by_key(query, task::Column::Priority, after, key)
        }
        TaskOrder::Due => {
            let day = |key: i64| {
                let day = i32::try_from(key + FIRST_DAY).ok().and_then(Date::from_num_days_from_ce_opt);
                day.unwrap_or(Date::MAX).into()
            };
            by_key(query, task::Column::DueOn, after, day)
        }
    }
}

fn by_key(
    query: Select<task::Entity>,
    column: task::Column,
    after: Option<i64>,
    key_of: impl Fn(i64) -> Value,
) -> Select<task::Entity> {
    let ordered =
        query.order_by_with_nulls(column, Order::Asc, NullOrdering::Last).order_by_asc(task::Column::Id);
    let Some(cursor) = after else { return ordered };
    let (key, id) = (cursor / IDS_END, cursor % IDS_END);
    let later_id = task::Column::Id.gt(id);
    ordered.filter(if key == NO_KEY {
        Condition::all().add(column.is_null()).add(later_id)
    } else {
        let key = key_of(key);
        Condition::any()
            .add(column.is_null())
            .add(column.gt(key.clone()))
            .add(Condition::all().add(column.eq(key)).add(later_id))
    })
}
