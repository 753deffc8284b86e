//! Answers of a stream, put into the order of their questions.

use crate::{
    Error,
    v1::{StreamMessagesResponse, Verdict, stream_messages_response::Result as Answer},
};
use futures_util::{Stream, StreamExt, stream, stream::BoxStream};
use std::collections::BTreeMap;

/// The server keeps the order of each conversation, not of all. What comes early
/// waits here; the server reads no further than it answers, so that is little.
struct Waiting {
    answers: BoxStream<'static, Result<StreamMessagesResponse, Error>>,
    early: BTreeMap<i64, Result<Verdict, Error>>,
    next: i64,
    broken: bool,
}

/// Verdicts by ascending `client_seq`, which must begin at 0 and leave nothing out.
pub(crate) fn in_order(
    answers: BoxStream<'static, Result<StreamMessagesResponse, Error>>,
) -> impl Stream<Item = Result<Verdict, Error>> + Send + 'static {
    let waiting = Waiting { answers, early: BTreeMap::new(), next: 0, broken: false };
    stream::unfold(waiting, |mut waiting| async move {
        let answer = waiting.next_answer().await?;
        Some((answer, waiting))
    })
}

impl Waiting {
    async fn next_answer(&mut self) -> Option<Result<Verdict, Error>> {
        loop {
            if let Some(answer) = self.early.remove(&self.next) {
                self.next += 1;
                return Some(answer);
            }
            if self.broken {
                return None;
            }
            match self.answers.next().await? {
                Ok(answer) => {
                    self.early.insert(answer.client_seq, verdict_of(answer.result));
                }
                Err(error) => {
                    self.broken = true;
                    return Some(Err(error));
                }
            }
        }
    }
}

fn verdict_of(answer: Option<Answer>) -> Result<Verdict, Error> {
    match answer {
        Some(Answer::Verdict(verdict)) => Ok(verdict),
        Some(Answer::Status(status)) => Err(status.into()),
        None => Err(Error::Incomplete("result")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Code;
    use tonic::Status;

    fn answer(client_seq: i64) -> Result<StreamMessagesResponse, Error> {
        let verdict = Verdict { revision: client_seq, ..Verdict::default() };
        Ok(StreamMessagesResponse { client_seq, result: Some(Answer::Verdict(verdict)) })
    }

    async fn seen(answers: Vec<Result<StreamMessagesResponse, Error>>) -> Vec<Result<i64, Code>> {
        let verdicts = in_order(stream::iter(answers).boxed());
        verdicts
            .map(|verdict| verdict.map(|found| found.revision).map_err(|error| error.code()))
            .collect()
            .await
    }

    #[tokio::test]
    async fn early_answers_wait() {
        let seen = seen(vec![answer(2), answer(0), answer(1), answer(3)]).await;
        assert_eq!(seen, [Ok(0), Ok(1), Ok(2), Ok(3)]);
    }

    #[tokio::test]
    async fn a_break_is_the_last_item() {
        let broken = Err(Status::unavailable("gone").into());
        let seen = seen(vec![answer(0), answer(2), broken, answer(1)]).await;
        assert_eq!(seen, [Ok(0), Err(Code::Unavailable)]);
    }
}
