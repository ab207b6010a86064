//! The state of the application, and who its callers are.

use photon_runtime::{Bearer, Context, Result, ResultExt as _, Scopes, Unauthorized};

use crate::example::Security;
use crate::example::models::{NewProject, NewTask, NewUser};
use crate::feed::Feed;
use crate::live::Live;
use crate::store::Store;
use crate::uploads::Uploads;

/// All that handlers share: they get it as `self`.
#[derive(Debug)]
pub(crate) struct App {
    pub(crate) store: Store,
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
        match self.store.user_of_token(bearer.token) {
            Some(user) => Ok(Caller { user }),
            None => Err(Unauthorized::new("this token is not ours")),
        }
    }
}

impl App {
    /// A board with something on it, for a first look: user 1 holds the token `demo`.
    pub(crate) fn with_demo_data() -> Result<Self> {
        let (store, feed, live) = (Store::default(), Feed::default(), Live::default());
        let app = Self { store, feed, live, uploads: Uploads::temporary()? };
        let ada = NewUser { name: "Ada".into(), email: "ada@example.org".into() };
        let ada = app.store.add_user(ada, "demo".into()).internal()?;
        let project = NewProject { key: "WEB".into(), name: "The web site".into(), description: None };
        let project = app.store.add_project(project, ada.id).internal()?;
        for title in ["Choose a name", "Draw the first page", "Tell the world"] {
            let task = NewTask {
                title: title.into(),
                body: None,
                priority: None,
                assignee: Some(ada.id),
                due_on: None,
                labels: None,
                estimate: None,
            };
            app.store.add_task(project.id, task).internal()?;
        }
        Ok(app)
    }
}
