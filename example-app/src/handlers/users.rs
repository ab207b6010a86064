//! The people who work together.

use std::hash::{BuildHasher as _, RandomState};

use photon_runtime::Context;

use crate::app::App;
use crate::example::models::{CreatedUser, User, UserPage};
use crate::example::{
    CreateUser, CreateUserCreated, CreateUserError, GetUser, GetUserError, ListUsers, ListUsersError,
    UsersApi,
};
use crate::handlers::{after, cursor, length};
use crate::store::Refusal;

impl UsersApi for App {
    fn list_users(&self, _cx: &Context, req: ListUsers) -> Result<UserPage, ListUsersError> {
        let page = self.store.users(after(req.cursor.as_deref())?, length(req.limit));
        Ok(UserPage { items: page.items, next_cursor: cursor(page.next) })
    }

    fn create_user(&self, _cx: &Context, req: CreateUser) -> Result<CreateUserCreated, CreateUserError> {
        let token = new_token();
        let user = self.store.add_user(req.body, token.clone())?;
        Ok(CreateUserCreated {
            location: format!("/api/v1/users/{}", user.id),
            body: CreatedUser { user, token },
        })
    }

    fn get_user(&self, _cx: &Context, req: GetUser) -> Result<User, GetUserError> {
        Ok(self.store.user(req.user_id)?)
    }
}

/// 128 bits from the operating system's randomness, by way of the standard library's hash keys.
fn new_token() -> String {
    let half = || RandomState::new().hash_one("token");
    format!("{:016x}{:016x}", half(), half())
}

impl From<Refusal> for CreateUserError {
    fn from(refusal: Refusal) -> Self {
        Self::conflict(refusal.to_string())
    }
}
