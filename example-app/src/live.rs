//! What happens just now: the page that shows it, and a room for all who look at it.
//!
//! The page is part of the binary, and loads nothing from elsewhere. It follows a project by server-sent events, and
//! talks over a WebSocket.

use photon_runtime::websocket::{Message, Room};
use photon_runtime::{Context, Error, Socket};

use crate::app::App;
use crate::example::models::Utterance;
use crate::example::{Chat, ChatError, GetLivePage, GetLivePageOk, LiveApi};

/// The page.
const PAGE: &str = include_str!("live.html");

/// What the page may load and do: its own script and style, which stand in it, and connections to this server.
const POLICY: &str = "default-src 'none'; connect-src 'self'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// How many may talk at once: each hears all others.
const MEMBERS_MAX: usize = 100;

/// All who talk.
#[derive(Debug, Default)]
pub(crate) struct Live {
    room: Room,
}

impl LiveApi for App {
    fn get_live_page(&self, _cx: &Context, _req: GetLivePage) -> Result<GetLivePageOk, Error> {
        Ok(GetLivePageOk { content_security_policy: POLICY.to_owned(), body: PAGE.to_owned() })
    }

    fn chat(
        &self,
        _cx: &Context,
        _req: Chat,
        mut socket: Socket<'_, Utterance, Utterance>,
    ) -> Result<(), ChatError> {
        if self.live.room.len() >= MEMBERS_MAX {
            return Err(ChatError::service_unavailable("there is no room left; come again later"));
        }
        let _member = self.live.room.join(socket.sender().untyped());
        while let Some(utterance) = socket.receive()? {
            self.live.room.broadcast(Message::json(&utterance));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use photon_runtime::Service;
    use photon_runtime::testing::Answer;
    use photon_runtime::types::serde_json::{Value, json};
    use photon_runtime::websocket::CloseCode;

    use super::{App, MEMBERS_MAX, POLICY};
    use crate::tests::serve;

    #[test]
    fn everybody_hears_what_is_said() {
        serve(|service| {
            let hello = json!({ "name": "Ada", "text": "hello" });
            let heard = service.get("/api/v1/chat").websocket(|ada| {
                let ben = service.get("/api/v1/chat").websocket(|ben| {
                    ada.send_json(&hello);
                    ben.receive_json::<Value>()
                });
                (ada.receive_json::<Value>(), ben.expect("a WebSocket"))
            });
            assert_eq!(heard.expect("a WebSocket"), (hello.clone(), hello));
        });
    }

    #[test]
    fn what_is_no_utterance_is_told() {
        serve(|service| {
            let closed = service.get("/api/v1/chat").websocket(|socket| {
                socket.send_json(&json!({ "name": "", "text": "hello" }));
                assert_eq!(socket.receive(), None);
                socket.closed().and_then(|close| close.code).map(CloseCode::get)
            });
            assert_eq!(closed.expect("a WebSocket"), Some(1008));
            assert_eq!(service.get("/api/v1/chat").send().status, 426);
        });
    }

    /// Joins until nobody else may.
    fn crowd(service: &Service<App>, left: usize) -> Answer {
        let opened = service.get("/api/v1/chat").websocket(|socket| {
            socket.send_json(&json!({ "name": "Ada", "text": "hello" }));
            assert!(socket.receive().is_some(), "a member of the room");
            crowd(service, left - 1)
        });
        assert!(opened.is_ok() || left == 0);
        opened.unwrap_or_else(|refused| *refused)
    }

    #[test]
    fn who_finds_no_room_gets_an_answer() {
        serve(|service| {
            let refused = crowd(&service, MEMBERS_MAX);
            assert_eq!(refused.status, 503);
            assert!(refused.text().contains("come again later"));
        });
    }

    #[test]
    fn the_page_loads_nothing_from_elsewhere() {
        serve(|service| {
            let page = service.get("/api/v1/live").send();
            assert_eq!(
                (page.status.as_u16(), page.headers["content-type"].to_str().unwrap_or_default()),
                (200, "text/html")
            );
            assert_eq!(page.headers["content-security-policy"], POLICY);
            assert!(!page.text().contains("://"), "no address of another host");
        });
    }
}
