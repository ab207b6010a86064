//! The state of the application, and who its callers are.

use std::path::Path;

use photon_runtime::db::sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use photon_runtime::db::{Db, Options, Wait as _};
use photon_runtime::{Bearer, Context, Result, Scopes, Unauthorized};

use crate::entities::user;
use crate::example::Security;
use crate::feed::Feed;
use crate::live::Live;
use crate::migrations::Migrator;
use crate::uploads::Uploads;

/// All that handlers share: they get it as `self`.
#[derive(Debug)]
pub(crate) struct App {
    pub(crate) db: Db,
    pub(crate) feed: Feed,
    pub(crate) live: Live,
    pub(crate) uploads: Uploads,
}

/// A caller whose token was verified.
#[derive(Clone, Debug, PartialEq)]
#[allow(unreachable_pub, reason = "the generated module names it where things are public")]
pub struct Caller {
    pub(crate) user: i64,
}

impl Scopes for Caller {
    /// Every member may do everything the document secures; ownership is the handlers' business.
    fn holds(&self, _scope: &str) -> bool {
        true
    }
}

impl Security for App {
    fn bearer_auth(&self, _cx: &Context, bearer: Bearer<'_>) -> Result<Caller, Unauthorized> {
        let user = user::Entity::find().filter(user::Column::Token.eq(bearer.token)).one(&self.db).wait()?;
        let user = user.ok_or_else(|| Unauthorized::new("this token is not ours"))?;
        Ok(Caller { user: user.id })
    }
}

impl App {
    /// With this database, brought up to date, and the contents of attachments in this folder.
    pub(crate) fn open(database: Options, folder: &Path) -> Result<Self> {
        let db = database.migrate::<Migrator>().connect()?;
        let uploads = Uploads::open(folder.join("attachments"))?;
        Ok(Self { db, feed: Feed::default(), live: Live::default(), uploads })
    }
}
