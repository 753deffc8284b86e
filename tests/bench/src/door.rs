//! One way to have messages judged.

use clap::ValueEnum;
use tokio_stream::StreamExt;
use tonic::transport::Channel;
use umpire_proto::{
    bench::echo_service_client::EchoServiceClient,
    v1::{
        BatchCheckMessagesRequest, CheckMessageRequest, Message, StreamMessagesRequest,
        moderation_service_client::ModerationServiceClient,
    },
};

/// Which call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Door {
    Unary,
    Stream,
    Batch,
}

/// Which service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Target {
    Check,
    Echo,
}

/// Sends `messages` through a door: a call each, one batch, or one stream.
pub async fn send(channel: &Channel, target: Target, door: Door, messages: Vec<Message>) {
    let expected = messages.len();
    let answered = match door {
        Door::Unary => unary(channel, target, messages).await,
        Door::Batch => batch(channel, target, messages).await,
        Door::Stream => stream(channel, target, messages).await,
    };
    assert_eq!(answered, expected, "every message is answered");
}

async fn unary(channel: &Channel, target: Target, messages: Vec<Message>) -> usize {
    let mut check = ModerationServiceClient::new(channel.clone());
    let mut echo = EchoServiceClient::new(channel.clone());
    let mut answered = 0;
    for message in messages {
        let request = CheckMessageRequest { message: Some(message), ..<_>::default() };
        let answer = match target {
            Target::Check => check.check_message(request).await,
            Target::Echo => echo.echo_message(request).await,
        };
        answered += usize::from(answer.unwrap().into_inner().verdict.is_some());
    }
    answered
}

async fn batch(channel: &Channel, target: Target, messages: Vec<Message>) -> usize {
    let request = BatchCheckMessagesRequest { messages, ..<_>::default() };
    let answer = match target {
        Target::Check => {
            ModerationServiceClient::new(channel.clone()).batch_check_messages(request).await
        }
        Target::Echo => EchoServiceClient::new(channel.clone()).echo_messages(request).await,
    };
    answer.unwrap().into_inner().results.len()
}

async fn stream(channel: &Channel, target: Target, messages: Vec<Message>) -> usize {
    let asked = messages.into_iter().zip(0..).map(|(message, client_seq)| {
        let check = CheckMessageRequest { message: Some(message), ..<_>::default() };
        StreamMessagesRequest { client_seq, check: Some(check) }
    });
    let asked = tokio_stream::iter(asked.collect::<Vec<_>>());
    let answers = match target {
        Target::Check => ModerationServiceClient::new(channel.clone()).stream_messages(asked).await,
        Target::Echo => EchoServiceClient::new(channel.clone()).echo_stream(asked).await,
    };
    let mut answers = answers.unwrap().into_inner();
    let mut answered = 0;
    while let Some(answer) = answers.next().await {
        answered += usize::from(answer.unwrap().result.is_some());
    }
    answered
}
