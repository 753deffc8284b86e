//! Streams of events that outlive their connections.

use crate::{
    Error, Umpire,
    retry::{Retry, growing_pause, passes},
};
use futures_util::{StreamExt, stream, stream::BoxStream};
use tonic::{Code, Status};

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

/// What the server sends over one connection.
pub(crate) type Answers<A> = BoxStream<'static, Result<A, Status>>;

/// A request for a stream that goes on after the event its token belongs to.
pub(crate) trait Watched: Clone + Send + Sync + 'static {
    /// An event as the server sends it.
    type Answer: Send + 'static;
    /// An event as callers get it.
    type Event: From<Self::Answer> + Send + 'static;

    /// Where the token of the last event goes.
    fn resume_token(&mut self) -> &mut String;

    /// The token of an event.
    fn token_of(answer: &Self::Answer) -> &str;

    /// Connects.
    fn open(
        self,
        umpire: &Umpire,
    ) -> impl Future<Output = Result<Answers<Self::Answer>, Status>> + Send;

    /// What callers are told first where a stream is opened without a token.
    fn beginning() -> Option<Self::Event> {
        None
    }

    /// Whether the server cannot go on after the token, and is to begin without one.
    fn is_forgotten(_status: &Status) -> bool {
        false
    }
}

struct Watch<Q: Watched> {
    umpire: Umpire,
    /// With the token of the last event.
    request: Q,
    open: Option<Answers<Q::Answer>>,
    /// Since the last event.
    failures: u32,
    /// Whether an event ever came. Until one has, patience is that of other calls.
    begun: bool,
    ended: bool,
    away: bool,
    notice: Notice,
}

/// Events after the token of the request, or from where the server begins without one.
pub(crate) fn watch<Q: Watched>(
    umpire: Umpire,
    request: Q,
    notice: Notice,
) -> BoxStream<'static, Result<Q::Event, Error>> {
    let (open, failures, begun, ended, away) = (None, 0, false, false, false);
    let watch = Watch { umpire, request, open, failures, begun, ended, away, notice };
    stream::unfold(watch, |mut watch| async move {
        let event = watch.next().await?;
        Some((event, watch))
    })
    .boxed()
}

impl<Q: Watched> Watch<Q> {
    async fn next(&mut self) -> Option<Result<Q::Event, Error>> {
        while !self.ended {
            match self.read().await {
                Ok(event) => return Some(Ok(event)),
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
    async fn read(&mut self) -> Result<Q::Event, Status> {
        let mut open = match self.open.take() {
            Some(open) => open,
            None => {
                let open = self.connect().await?;
                if let Some(event) = self.beginning() {
                    self.open = Some(open);
                    return Ok(event);
                }
                open
            }
        };
        // A server that ends a watch without a word is being replaced.
        let answer = open.next().await.ok_or_else(|| Status::unavailable("the watch ended"))??;
        self.open = Some(open);
        *self.request.resume_token() = Q::token_of(&answer).to_owned();
        (self.failures, self.begun) = (0, true);
        Ok(answer.into())
    }

    /// What is told before the first event of a connection.
    fn beginning(&mut self) -> Option<Q::Event> {
        if self.request.resume_token().is_empty() { Q::beginning() } else { None }
    }

    /// Says so when the server went or came.
    fn tell(&mut self, away: bool) {
        if self.away != away {
            self.away = away;
            (self.notice)(if away { Presence::Away } else { Presence::Back });
        }
    }

    async fn connect(&mut self) -> Result<Answers<Q::Answer>, Status> {
        // Boxed: generated calls are big.
        let answers = Box::pin(self.request.clone().open(&self.umpire)).await?;
        self.tell(false);
        Ok(answers)
    }

    /// Waits out what passes; gives back what does not.
    async fn endure(&mut self, status: Status) -> Option<Error> {
        if Q::is_forgotten(&status) && !self.request.resume_token().is_empty() {
            self.request.resume_token().clear();
            return None;
        }
        self.failures += 1;
        let pause = if self.begun {
            let passing = passes(&status) || was_cut_off(&status);
            passing.then(|| growing_pause(self.failures))
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

/// Whether the server had enough of a slow reader, who may go on after what was read.
fn was_cut_off(status: &Status) -> bool {
    status.code() == Code::ResourceExhausted
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{
        collections::VecDeque,
        sync::{Arc, Mutex},
    };

    /// What one connection after the other sends; every event is its own token.
    type Script = Arc<Mutex<VecDeque<Vec<Result<String, Status>>>>>;

    #[derive(Clone)]
    struct Scripted {
        resume_token: String,
        script: Script,
        opened_with: Arc<Mutex<Vec<String>>>,
    }

    impl Watched for Scripted {
        type Answer = String;
        type Event = String;

        fn resume_token(&mut self) -> &mut String {
            &mut self.resume_token
        }

        fn token_of(answer: &String) -> &str {
            answer
        }

        async fn open(self, _umpire: &Umpire) -> Result<Answers<String>, Status> {
            self.opened_with.lock().expect("whole").push(self.resume_token);
            let answers = self.script.lock().expect("whole").pop_front();
            let answers = answers.ok_or_else(|| Status::internal("the script is over"))?;
            Ok(stream::iter(answers).boxed())
        }

        fn beginning() -> Option<String> {
            Some("begin".into())
        }

        fn is_forgotten(status: &Status) -> bool {
            status.code() == Code::OutOfRange
        }
    }

    /// What callers see, `!` for an error, and with which tokens was connected.
    async fn seen(script: Vec<Vec<Result<&str, Status>>>) -> (Vec<String>, Vec<String>) {
        let owned = |answers: Vec<Result<&str, Status>>| {
            answers.into_iter().map(|answer| answer.map(str::to_owned)).collect()
        };
        let script = Arc::new(Mutex::new(script.into_iter().map(owned).collect()));
        let opened_with = Arc::new(Mutex::new(Vec::new()));
        let request =
            Scripted { resume_token: String::new(), script, opened_with: opened_with.clone() };
        let umpire = Umpire::builder("http://127.0.0.1:1").connect_lazy().expect("an endpoint");
        let events = watch(umpire, request, Box::new(|_| {}));
        let told = |event: Result<String, Error>| event.unwrap_or_else(|_| "!".into());
        let events: Vec<_> = events.map(told).collect().await;
        let opened_with = opened_with.lock().expect("whole").clone();
        (events, opened_with)
    }

    #[tokio::test]
    async fn it_goes_on_after_the_last_event() {
        let cut_off = Err(Status::resource_exhausted("too slow"));
        let script = vec![vec![Ok("1"), Ok("2")], vec![Ok("3"), cut_off], vec![Ok("4")]];
        let (events, opened_with) = seen(script).await;
        assert_eq!(events, ["begin", "1", "2", "3", "4", "!"]);
        assert_eq!(opened_with, ["", "2", "3", "4"]);
    }

    #[tokio::test]
    async fn what_is_forgotten_begins_anew_and_is_told() {
        let forgotten = || Err(Status::out_of_range("forgotten"));
        let script = vec![vec![Ok("1")], vec![forgotten()], vec![Ok("7"), forgotten()]];
        let (events, opened_with) = seen(script).await;
        assert_eq!(events, ["begin", "1", "begin", "7", "!"]);
        assert_eq!(opened_with, ["", "1", "", ""]);
    }
}
