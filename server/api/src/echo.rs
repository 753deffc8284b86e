//! The echo twin: the same requests through the same layers, a constant answer.

use futures_util::{StreamExt, stream::BoxStream};
use tonic::{Request, Response, Status, Streaming};
use umpire_proto::{
    bench::echo_service_server::EchoService,
    v1::{
        AuditState, BatchCheckMessagesRequest, BatchCheckMessagesResponse, CheckMessageRequest,
        CheckMessageResponse, CheckResult, Decision, StreamMessagesRequest, StreamMessagesResponse,
        Verdict, check_result, stream_messages_response,
    },
};

/// The service.
pub struct Echo;

/// What CheckMessage answers to a message without a match.
fn pass() -> Verdict {
    Verdict {
        audit_state: AuditState::Skipped as i32,
        decision: Decision::Pass as i32,
        revision: 1,
        engine_version: env!("CARGO_PKG_VERSION").into(),
        elapsed: Some(prost_types::Duration { seconds: 0, nanos: 1_000 }),
        ..Verdict::default()
    }
}

#[tonic::async_trait]
impl EchoService for Echo {
    async fn echo_message(
        &self,
        _: Request<CheckMessageRequest>,
    ) -> Result<Response<CheckMessageResponse>, Status> {
        Ok(Response::new(CheckMessageResponse { verdict: Some(pass()) }))
    }

    async fn echo_messages(
        &self,
        request: Request<BatchCheckMessagesRequest>,
    ) -> Result<Response<BatchCheckMessagesResponse>, Status> {
        let result = || CheckResult { result: Some(check_result::Result::Verdict(pass())) };
        let results = request.get_ref().messages.iter().map(|_| result()).collect();
        Ok(Response::new(BatchCheckMessagesResponse { results }))
    }

    type EchoStreamStream = BoxStream<'static, Result<StreamMessagesResponse, Status>>;

    async fn echo_stream(
        &self,
        request: Request<Streaming<StreamMessagesRequest>>,
    ) -> Result<Response<Self::EchoStreamStream>, Status> {
        let answers = request.into_inner().map(|asked| {
            let result = stream_messages_response::Result::Verdict(pass());
            Ok(StreamMessagesResponse { client_seq: asked?.client_seq, result: Some(result) })
        });
        Ok(Response::new(answers.boxed()))
    }
}
