//! What a WebSocket may cost: sizes, numbers, times. Plain data.

use std::time::Duration;

/// The limits of each WebSocket of a server; each field tells its default.
///
/// ```
/// use photon_runtime::{Limits, WebSocketLimits};
///
/// let websocket = WebSocketLimits { message_bytes_max: 32 << 20, ..WebSocketLimits::default() };
/// let limits = Limits { websocket, ..Limits::default() };
/// ```
#[derive(Clone, Debug)]
pub struct WebSocketLimits {
    /// Bytes of a message from the client, all its fragments together; a longer one closes with 1009. Defaults to
    /// 1 MiB.
    pub message_bytes_max: usize,
    /// Bytes of the payload of one frame; a longer one closes with 1009 before any of it is read. Defaults to
    /// [`message_bytes_max`](Self::message_bytes_max), whatever that is.
    pub frame_bytes_max: Option<usize>,
    /// Messages that senders may have waiting, beside the one that is being sent. Defaults to 256.
    pub queue_messages_max: usize,
    /// Bytes that senders may have waiting; an empty queue takes one message of any length. Defaults to 1 MiB.
    pub queue_bytes_max: usize,
    /// How long a sender waits for room in the queue before it fails. Defaults to 30 s.
    pub queue_timeout: Duration,
    /// How long the client may be silent before it is asked for a sign of life. Defaults to 30 s.
    pub ping_interval: Duration,
    /// How long the client may be silent, its answers to pings included, before the WebSocket closes with 1008.
    /// Defaults to 90 s.
    pub idle_timeout: Duration,
    /// How long the client may take to answer a closing frame. Defaults to 2 s.
    pub close_timeout: Duration,
}

impl Default for WebSocketLimits {
    fn default() -> Self {
        Self {
            message_bytes_max: 1 << 20,
            frame_bytes_max: None,
            queue_messages_max: 256,
            queue_bytes_max: 1 << 20,
            queue_timeout: Duration::from_secs(30),
            ping_interval: Duration::from_secs(30),
            idle_timeout: Duration::from_secs(90),
            close_timeout: Duration::from_secs(2),
        }
    }
}
