//! A stream of events that outlives its connection.

use crate::{
    Error, Umpire,
    retry::{Retry, growing_pause, passes},
    v1::{WatchRevisionsRequest, WatchRevisionsResponse},
};
use futures_util::{StreamExt, stream, stream::BoxStream};
use tonic::{Status, Streaming};

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
}

/// Events after a token, or from now on.
pub(crate) fn watch(
    umpire: Umpire,
    resume_token: String,
) -> BoxStream<'static, Result<WatchRevisionsResponse, Error>> {
    let (open, failures, begun, ended) = (None, 0, false, false);
    let watch = Watch { umpire, resume_token, open, failures, begun, ended };
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

    async fn connect(&mut self) -> Result<Streaming<WatchRevisionsResponse>, Status> {
        let request = WatchRevisionsRequest {
            parent: self.umpire.tenant.parent(),
            resume_token: self.resume_token.clone(),
        };
        let answer = self.umpire.raw_rules().watch_revisions(request).await?;
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
        tokio::time::sleep(pause).await;
        None
    }
}
