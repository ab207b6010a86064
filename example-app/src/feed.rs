//! What happens in projects: told to all who follow, and remembered for a while for those who come back.
//!
//! Knows events, no HTTP.

use std::collections::VecDeque;

use photon_runtime::sync::{Mutex, Receiver, Topic};

use crate::example::models::{ProjectEvent, ProjectEventKind};

/// How many events of all projects are remembered, and how many a follower may be behind.
const REMEMBERED: usize = 256;

/// One event, by its number.
#[derive(Clone, Debug)]
pub(crate) struct Happening {
    pub(crate) number: u64,
    pub(crate) project: i64,
    pub(crate) event: ProjectEvent,
}

/// All events.
#[derive(Debug)]
pub(crate) struct Feed {
    recent: Mutex<VecDeque<Happening>>,
    topic: Topic<Happening>,
}

impl Default for Feed {
    fn default() -> Self {
        Self { recent: Mutex::default(), topic: Topic::new(REMEMBERED) }
    }
}

impl Feed {
    /// Tells what happened to a task of a project.
    pub(crate) fn tell(&self, project: i64, task: i64, kind: ProjectEventKind) {
        let mut recent = self.recent.lock();
        let number = recent.back().map_or(1, |last| last.number + 1);
        let happening = Happening { number, project, event: ProjectEvent { kind, task } };
        if recent.len() == REMEMBERED {
            recent.pop_front();
        }
        recent.push_back(happening.clone());
        // Under the lock, so that followers get events in order.
        self.topic.publish(&happening);
    }

    /// The events after this one, and those to come.
    pub(crate) fn follow(&self, after: Option<u64>) -> (Vec<Happening>, Receiver<Happening>) {
        let recent = self.recent.lock();
        let missed = |after| recent.iter().filter(|happening| happening.number > after).cloned().collect();
        (after.map(missed).unwrap_or_default(), self.topic.subscribe())
    }
}
