use super::rule_ids;
use crate::output::short;
use umpire_client::{
    Error,
    v1::{StreamMessagesResponse, Verdict, stream_messages_response::Result as Answer},
};

/// One message of many, with what the server said to it.
pub struct Judged<'a> {
    /// Its line, from 1.
    pub number: i64,
    /// The message.
    pub text: &'a str,
    /// The verdict, or why there is none.
    pub answer: Result<&'a Verdict, &'a Error>,
}

impl Judged<'_> {
    /// Names of the columns.
    pub const COLUMNS: [&'static str; 7] =
        ["line", "decision", "level", "labels", "rules", "text", "error"];

    /// A cell for each column.
    pub fn cells(&self) -> Vec<String> {
        let (line, text) = (self.number.to_string(), self.text.to_owned());
        match self.answer {
            Ok(verdict) => vec![
                line,
                short(verdict.decision().as_str_name(), "DECISION_"),
                short(verdict.level().as_str_name(), "LEVEL_"),
                verdict.labels.join(","),
                rule_ids(verdict).join(","),
                text,
                String::new(),
            ],
            Err(error) => {
                let none = String::new;
                vec![line, none(), none(), none(), none(), text, error.message()]
            }
        }
    }

    /// As the contract tells it, with the line's number as `client_seq`.
    pub fn message(&self) -> StreamMessagesResponse {
        let answer = match self.answer {
            Ok(verdict) => Answer::Verdict(verdict.clone()),
            Err(error) => Answer::Status(error.into()),
        };
        StreamMessagesResponse { client_seq: self.number, result: Some(answer) }
    }
}
