//! The people who work together.

use photon_runtime::Context;
use photon_runtime::db::Wait as _;
use photon_runtime::db::sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, Condition, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _,
};
use photon_runtime::types::now;

use crate::app::App;
use crate::entities::user;
use crate::example::models::{CreatedUser, User, UserPage};
use crate::example::{
    CreateUser, CreateUserCreated, CreateUserError, GetUser, GetUserError, ListUsers, ListUsersError,
    UsersApi,
};
use crate::handlers::found;
use crate::paging::{after, asked, cut};
use crate::secret;
use crate::texts::kept;

impl UsersApi for App {
    fn list_users(&self, _cx: &Context, req: ListUsers) -> Result<UserPage, ListUsersError> {
        let later = after(req.cursor.as_deref())?.map(|id| user::Column::Id.gt(id));
        let rows = user::Entity::find()
            .filter(Condition::all().add_option(later))
            .order_by_asc(user::Column::Id)
            .limit(asked(req.limit))
            .all(&self.db)
            .wait()?;
        let (rows, next_cursor) = cut(rows, req.limit, |user| user.id);
        Ok(UserPage { items: rows.into_iter().map(User::from).collect(), next_cursor })
    }

    fn create_user(&self, _cx: &Context, req: CreateUser) -> Result<CreateUserCreated, CreateUserError> {
        let token = secret::random();
        let user = user::ActiveModel {
            name: Set(kept(req.body.name)),
            // An address that somebody has already is a 409: so the database's error is answered.
            email_key: Set(req.body.email.to_lowercase()),
            email: Set(req.body.email),
            token: Set(token.clone()),
            created_at: Set(now()),
            ..Default::default()
        };
        let user = User::from(user.insert(&self.db).wait()?);
        Ok(CreateUserCreated {
            location: format!("/api/v1/users/{}", user.id),
            body: CreatedUser { user, token },
        })
    }

    fn get_user(&self, _cx: &Context, req: GetUser) -> Result<User, GetUserError> {
        Ok(found::<user::Entity, GetUserError>(&self.db, req.user_id)?.into())
    }
}
