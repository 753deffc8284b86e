//! Checking messages: one, many, or as they come.

use crate::{
    Error, Message, Umpire,
    in_order::in_order,
    retry::Retry,
    v1::{
        BatchCheckMessagesRequest, CheckMessageRequest, CheckMode, CheckResult,
        StreamMessagesRequest, Verdict, check_result,
    },
};
use futures_util::{Stream, StreamExt, TryStreamExt, stream, stream::BoxStream};

/// Most messages of one call.
const CHUNK_MESSAGES: usize = 1_000;
/// Most bytes of the messages of one call; servers take 8 MiB unless told otherwise.
const CHUNK_BYTES: usize = 4 << 20;

impl Umpire {
    /// Checks one message.
    ///
    /// # Errors
    /// INVALID_ARGUMENT for a message that cannot be checked, ALREADY_EXISTS when its id
    /// was used for other content, and what any call may fail with.
    pub async fn check(&self, message: impl Into<Message>) -> Result<Verdict, Error> {
        let message = message.into();
        let retry = self.retry(message.has_id());
        let request = self.check_request(message);
        let answer = self
            .call(retry, request, |request| {
                let mut client = self.raw_moderation();
                async move { client.check_message(request).await }
            })
            .await?;
        answer.verdict.ok_or(Error::Incomplete("verdict"))
    }

    /// The verdict as it would be: nothing is recorded or replayed.
    ///
    /// # Errors
    /// As [`Umpire::check`].
    pub async fn dry_run(&self, message: impl Into<Message>) -> Result<Verdict, Error> {
        self.clone().with_mode(CheckMode::DryRun).check(message).await
    }

    /// Checks messages in calls of up to 1,000: one answer each, in order. When a call
    /// fails, every message of it gets its error.
    pub async fn check_all(&self, messages: Vec<Message>) -> Vec<Result<Verdict, Error>> {
        let mut answers = Vec::with_capacity(messages.len());
        for chunk in chunks(messages) {
            let expected = chunk.len();
            match self.check_chunk(chunk).await {
                Ok(results) => answers.extend(results.into_iter().map(verdict_of)),
                Err(error) => answers.extend(std::iter::repeat_n(Err(error), expected)),
            }
        }
        answers
    }

    /// Checks messages as they come; answers come in their order. A message that cannot
    /// be checked gets an error of its own; when the stream itself breaks, an error is
    /// its last item. Must be polled within a tokio runtime.
    pub fn check_stream<S>(&self, messages: S) -> BoxStream<'static, Result<Verdict, Error>>
    where
        S: Stream + Send + 'static,
        S::Item: Into<Message>,
    {
        let mut client = self.raw_moderation();
        let caller = self.clone();
        let mut client_seq = -1;
        let questions = messages.map(move |message| {
            client_seq += 1;
            let check = Some(caller.check_request(message.into()));
            StreamMessagesRequest { client_seq, check }
        });
        let answers = async move {
            let opened = client.stream_messages(questions).await.map_err(Error::from)?;
            Ok::<_, Error>(opened.into_inner().map_err(Error::from))
        };
        in_order(stream::once(answers).try_flatten().boxed()).boxed()
    }

    /// Dry runs and messages with an id can be checked twice without a second record.
    fn retry(&self, have_ids: bool) -> Retry {
        if have_ids || self.mode == CheckMode::DryRun { Retry::Safe } else { Retry::Never }
    }

    fn check_request(&self, message: Message) -> CheckMessageRequest {
        CheckMessageRequest {
            parent: self.tenant.parent(),
            message: Some(message.into()),
            mode: self.mode as i32,
            view: self.view as i32,
        }
    }

    async fn check_chunk(&self, chunk: Vec<Message>) -> Result<Vec<CheckResult>, Error> {
        let (expected, retry) = (chunk.len(), self.retry(chunk.iter().all(Message::has_id)));
        let request = BatchCheckMessagesRequest {
            parent: self.tenant.parent(),
            messages: chunk.into_iter().map(Into::into).collect(),
            mode: self.mode as i32,
            view: self.view as i32,
        };
        let answer = self
            .call(retry, request, |request| {
                let mut client = self.raw_moderation();
                async move { client.batch_check_messages(request).await }
            })
            .await?;
        if answer.results.len() == expected {
            Ok(answer.results)
        } else {
            Err(Error::Incomplete("results"))
        }
    }
}

fn verdict_of(result: CheckResult) -> Result<Verdict, Error> {
    match result.result {
        Some(check_result::Result::Verdict(verdict)) => Ok(verdict),
        Some(check_result::Result::Status(status)) => Err(status.into()),
        None => Err(Error::Incomplete("result")),
    }
}

/// Cuts where a call would hold too many messages or too many bytes.
fn chunks(messages: Vec<Message>) -> Vec<Vec<Message>> {
    let mut chunks: Vec<Vec<Message>> = Vec::new();
    let mut bytes = 0;
    for message in messages {
        let size = message.size();
        match chunks.last_mut() {
            Some(chunk) if chunk.len() < CHUNK_MESSAGES && bytes + size <= CHUNK_BYTES => {
                chunk.push(message);
                bytes += size;
            }
            _ => {
                chunks.push(vec![message]);
                bytes = size;
            }
        }
    }
    chunks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chat;

    #[test]
    fn calls_are_bounded_in_messages_and_bytes() {
        let sizes = |messages| chunks(messages).iter().map(Vec::len).collect::<Vec<_>>();
        assert_eq!(sizes(Vec::new()), [0; 0]);
        assert_eq!(sizes(vec![chat("hi"); 2_001]), [1_000, 1_000, 1]);
        assert_eq!(sizes(vec![chat("x".repeat(CHUNK_BYTES / 3)); 4]), [2, 2]);
    }
}
