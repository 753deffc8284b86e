//! A stream of events that outlives its connection.

use crate::{
    Error, Umpire,
    retry::{Retry, growing_pause, passes},
    v1::{WatchRevisionsRequest, WatchRevisionsResponse},
};
use futures_util::{StreamExt, stream, stream::BoxStream};
use tonic::{Status, Streaming};

/// Whether a watch has its server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// The server went away; it is tried again and again.
    Away,
    /// The server is there again.
    Back,
}

/// Who wants to know of it.
pub(crate) type Notice = Box<dyn FnMut(Presence) + Send>;

struct Watch {
    umpire: Umpire,
    /// Of the last event.
    resume_token: String,
    open: Option<Streaming<WatchRevisionsResponse>>,
    /// Since the last event.
    failures: u32,
    /// Whether an event ever came. Until one has, patience is that of other calls.
    begun: bool,
    ended: bool,
    away: bool,
    notice: Notice,
}

/// Events after a token, or from now on.
pub(crate) fn watch(
    umpire: Umpire,
    resume_token: String,
    notice: Notice,
) -> BoxStream<'static, Result<WatchRevisionsResponse, Error>> {
    let (open, failures, begun, ended, away) = (None, 0, false, false, false);
    let watch = Watch { umpire, resume_token, open, failures, begun, ended, away, notice };
    stream::unfold(watch, |mut watch| async move {
        let event = watch.next().await?;
        Some((event, watch))
    })
    .boxed()
}

impl Watch {
    async fn next(&mut self) -> Option<Result<WatchRevisionsResponse, Error>> {
        while !self.ended {
            match self.read().await {
                Ok(event) => {
                    self.resume_token.clone_from(&event.resume_token);
                    (self.failures, self.begun) = (0, true);
                    return Some(Ok(event));
                }
                Err(status) => {
                    if let Some(error) = self.endure(status).await {
                        return Some(Err(error));
                    }
                }
            }
        }
        None
    }

    /// The next event, over a new connection where there is none.
    async fn read(&mut self) -> Result<WatchRevisionsResponse, Status> {
        let mut open = match self.open.take() {
            Some(open) => open,
            None => self.connect().await?,
        };
        // A server that ends a watch without a word is being replaced.
        let event = open.message().await?.ok_or_else(|| Status::unavailable("the watch ended"))?;
        self.open = Some(open);
        Ok(event)
    }

    /// Says so when the server went or came.
    fn tell(&mut self, away: bool) {
        if self.away != away {
            self.away = away;
            (self.notice)(if away { Presence::Away } else { Presence::Back });
        }
    }

    async fn connect(&mut self) -> Result<Streaming<WatchRevisionsResponse>, Status> {
        let request = WatchRevisionsRequest {
            parent: self.umpire.tenant.parent(),
            resume_token: self.resume_token.clone(),
        };
        let answer = self.umpire.raw_rules().watch_revisions(request).await?;
        self.tell(false);
        Ok(answer.into_inner())
    }

    /// Waits out what passes; gives back what does not.
    async fn endure(&mut self, status: Status) -> Option<Error> {
        self.failures += 1;
        let pause = if self.begun {
            passes(&status).then(|| growing_pause(self.failures))
        } else {
            Retry::Safe.pause(self.failures, &status)
        };
        let Some(pause) = pause else {
            self.ended = true;
            return Some(status.into());
        };
        self.tell(true);
        tokio::time::sleep(pause).await;
        None
    }
}
