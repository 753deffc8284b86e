//! ModerationService: messages in, verdicts out.

use crate::{
    convert::{
        enums, message,
        verdict::{self, View},
    },
    error::ApiError,
    handler::recheck,
    layers::{Verdicts, caller_of},
    locale::Locale,
    names::own_tenant,
    stream,
};
use futures_util::stream::BoxStream;
use std::{sync::Arc, time::Instant};
use tokio::sync::watch;
use tonic::{Request, Response, Status, Streaming};
use tonic_types::Status as RpcStatus;
use umpire_model::{Clock, Message, TenantId, Timestamp, Violation};
use umpire_moderation::{CheckError, CheckMode, Context, Moderator, TenantView};
use umpire_proto::v1::{self as pb, check_result, moderation_service_server::ModerationService};
use umpire_tenancy::{Caller, Directory};

/// How much one request may hold.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Most bytes of one text.
    pub max_text_bytes: usize,
    /// Most messages of one batch.
    pub max_batch_messages: usize,
}

/// The service.
#[derive(Clone)]
pub struct Moderation {
    moderator: Arc<Moderator>,
    directory: Arc<Directory>,
    clock: Arc<dyn Clock>,
    limits: Limits,
    verdicts: Verdicts,
    /// True once the server wants its streams to end.
    draining: watch::Receiver<bool>,
}

/// One call: who asks, since when, for which tenant, under which rules.
pub(crate) struct Call {
    caller: Arc<Caller>,
    pub tenant: TenantId,
    view: TenantView,
    receive_time: Timestamp,
    started: Instant,
}

/// What one message of a call asks for.
#[derive(Clone, Copy)]
pub(crate) struct Ask {
    pub mode: CheckMode,
    pub view: View,
}

impl Ask {
    /// `path` is where the two fields are.
    pub fn from_proto(mode: i32, view: i32, path: &str) -> Result<Self, ApiError> {
        let refused = |unknown: enums::UnknownValue, field: &str| {
            ApiError::Invalid(vec![unknown.at(format!("{path}{field}"))])
        };
        let mode = enums::check_mode_from(mode).map_err(|unknown| refused(unknown, "mode"))?;
        let view = enums::view_from(view).map_err(|unknown| refused(unknown, "view"))?;
        Ok(Self { mode, view: View::of(view) })
    }
}

impl Call {
    fn context(&self, ask: Ask) -> Context<'_> {
        Context {
            caller: &self.caller.principal,
            receive_time: self.receive_time,
            mode: ask.mode,
            trace: ask.view.trace,
        }
    }
}

impl Moderation {
    /// The service over a moderator.
    #[must_use]
    pub fn new(
        moderator: Arc<Moderator>,
        directory: Arc<Directory>,
        clock: Arc<dyn Clock>,
        limits: Limits,
        verdicts: Verdicts,
        draining: watch::Receiver<bool>,
    ) -> Self {
        Self { moderator, directory, clock, limits, verdicts, draining }
    }

    pub(crate) async fn call(&self, caller: &Arc<Caller>, parent: &str) -> Result<Call, ApiError> {
        let (receive_time, started) = (self.clock.now(), Instant::now());
        let tenant = own_tenant(caller, parent)?;
        let view = self.moderator.view(&tenant).await?;
        let view = view.ok_or_else(|| ApiError::NotFound(format!("tenants/{tenant}")))?;
        Ok(Call { caller: caller.clone(), tenant, view, receive_time, started })
    }

    /// Whether a stream's caller may go on.
    pub(crate) fn recheck(&self, caller: &Caller) -> Result<(), ApiError> {
        recheck(&self.directory, &*self.clock, caller)
    }

    fn answer(
        &self,
        call: &Call,
        result: Result<umpire_model::Verdict, CheckError>,
        message: &Message<'_>,
        ask: Ask,
    ) -> Result<pb::Verdict, ApiError> {
        let verdict = result?;
        self.verdicts.judged(&verdict);
        let elapsed = call.started.elapsed();
        Ok(verdict::to_proto(verdict, &call.tenant, message, ask.view, elapsed))
    }

    async fn check_one(
        &self,
        caller: &Arc<Caller>,
        request: &pb::CheckMessageRequest,
    ) -> Result<pb::Verdict, ApiError> {
        let message = request.message.as_ref();
        let message = message.ok_or_else(|| ApiError::invalid("message", "must be set"))?;
        let message = self.message(message, "message")?;
        let call = self.call(caller, &request.parent).await?;
        let ask = Ask::from_proto(request.mode, request.view, "")?;
        let result = self.moderator.check(&call.view, &call.context(ask), &message).await;
        self.answer(&call, result, &message, ask)
    }

    pub(crate) fn message<'m>(
        &self,
        message: &'m pb::Message,
        path: &str,
    ) -> Result<Message<'m>, ApiError> {
        message::from_proto(message, &self.limits, path).map_err(|v| ApiError::Invalid(vec![v]))
    }

    /// Judges the messages that could be converted; the others keep their error.
    pub(crate) async fn check_all(
        &self,
        call: &Call,
        asked: Vec<Result<(Message<'_>, Ask), ApiError>>,
    ) -> Vec<Result<pb::Verdict, ApiError>> {
        let good = asked.iter().filter_map(|asked| asked.as_ref().ok());
        let items: Vec<_> = good.map(|(message, ask)| (call.context(*ask), message)).collect();
        let mut results = self.moderator.check_all(&call.view, &items).await.into_iter();
        let missing = || ApiError::Internal("a message was not judged".into());
        let answers = asked.iter().map(|asked| match asked {
            Err(error) => Err(error.clone()),
            Ok((message, ask)) => match results.next() {
                Some(result) => self.answer(call, result, message, *ask),
                None => Err(missing()),
            },
        });
        answers.collect()
    }

    async fn check_batch(
        &self,
        caller: &Arc<Caller>,
        request: &pb::BatchCheckMessagesRequest,
        locale: Locale,
    ) -> Result<Response<pb::BatchCheckMessagesResponse>, ApiError> {
        if request.messages.is_empty() {
            return Err(ApiError::invalid("messages", "must not be empty"));
        }
        if request.messages.len() > self.limits.max_batch_messages {
            let limit = self.limits.max_batch_messages;
            return Err(ApiError::Invalid(vec![Violation::too_large("messages", limit)]));
        }
        let call = self.call(caller, &request.parent).await?;
        let ask = Ask::from_proto(request.mode, request.view, "")?;
        let messages = request.messages.iter().enumerate();
        let asked = messages
            .map(|(index, message)| {
                self.message(message, &format!("messages[{index}]")).map(|message| (message, ask))
            })
            .collect();
        let results = self.check_all(&call, asked).await;
        let results = results.into_iter().map(|result| check_result(result, locale)).collect();
        Ok(stamped(pb::BatchCheckMessagesResponse { results }, call.view.revision()))
    }
}

/// An answer that names the revision that judged in its metadata.
fn stamped<T>(answer: T, revision: u64) -> Response<T> {
    let mut response = Response::new(answer);
    response.metadata_mut().insert("x-umpire-revision", revision.into());
    response
}

fn check_result(result: Result<pb::Verdict, ApiError>, locale: Locale) -> pb::CheckResult {
    let result = match result {
        Ok(verdict) => check_result::Result::Verdict(verdict),
        Err(error) => check_result::Result::Status(rpc_status(&error.status(locale))),
    };
    pb::CheckResult { result: Some(result) }
}

/// A status inside an answer, its details included.
pub(crate) fn rpc_status(status: &Status) -> RpcStatus {
    // The details are an encoded google.rpc.Status already.
    prost::Message::decode(status.details()).unwrap_or_else(|_| RpcStatus {
        code: status.code() as i32,
        message: status.message().into(),
        details: Vec::new(),
    })
}

#[tonic::async_trait]
impl ModerationService for Moderation {
    async fn check_message(
        &self,
        request: Request<pb::CheckMessageRequest>,
    ) -> Result<Response<pb::CheckMessageResponse>, Status> {
        let caller = caller_of(&request)?;
        let result = self.check_one(&caller, request.get_ref()).await;
        let verdict = result.map_err(|error| error.status(Locale::of(request.metadata())))?;
        let revision = u64::try_from(verdict.revision).unwrap_or_default();
        Ok(stamped(pb::CheckMessageResponse { verdict: Some(verdict) }, revision))
    }

    async fn batch_check_messages(
        &self,
        request: Request<pb::BatchCheckMessagesRequest>,
    ) -> Result<Response<pb::BatchCheckMessagesResponse>, Status> {
        let caller = caller_of(&request)?;
        let locale = Locale::of(request.metadata());
        let answer = self.check_batch(&caller, request.get_ref(), locale).await;
        answer.map_err(|error| error.status(locale))
    }

    type StreamMessagesStream = BoxStream<'static, Result<pb::StreamMessagesResponse, Status>>;

    async fn stream_messages(
        &self,
        request: Request<Streaming<pb::StreamMessagesRequest>>,
    ) -> Result<Response<Self::StreamMessagesStream>, Status> {
        let caller = caller_of(&request)?;
        let locale = Locale::of(request.metadata());
        let draining = self.draining.clone();
        let answers = stream::answers(self.clone(), caller, locale, request.into_inner(), draining);
        Ok(Response::new(answers))
    }
}
