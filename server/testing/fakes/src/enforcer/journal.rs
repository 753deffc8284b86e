use super::Answer;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::{
    collections::{HashSet, VecDeque},
    fs::{self, File},
    io::Write,
    path::Path,
    time::Instant,
};

/// A request, as it came.
#[derive(Debug, Clone)]
pub struct Received {
    /// Its place among all requests, from 0.
    pub order: usize,
    /// When it came.
    pub at: Instant,
    /// The idempotency key.
    pub key: String,
    /// The event, such as `sanction.apply`.
    pub kind: String,
    /// The sanction's name.
    pub sanction: String,
    /// The subject's user.
    pub user_id: String,
    /// All of the body; `Null` when it is no JSON.
    pub body: Value,
    /// Why the enforcer did not believe it, if it did not.
    pub refused: Option<&'static str>,
}

/// Something that was carried out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Effect {
    /// The idempotency key.
    pub key: String,
    /// The event, such as `sanction.apply`.
    pub kind: String,
    /// The sanction's name.
    pub sanction: String,
    /// The subject's user.
    pub user_id: String,
}

/// What came and what was done, and what to do next.
pub(super) struct Journal {
    pub received: Vec<Received>,
    pub effects: Vec<Effect>,
    /// Answers for the next requests.
    pub queue: VecDeque<Answer>,
    /// The answer when the queue is empty.
    pub usual: Answer,
    /// Keys of the effects.
    carried_out: HashSet<String>,
    file: Option<File>,
}

impl Journal {
    /// A journal in memory, or in a file too, with what is in there.
    pub(super) fn open(file: Option<&Path>) -> Self {
        let kept = file.filter(|file| file.exists());
        let lines = kept.map_or_else(String::new, |file| fs::read_to_string(file).unwrap());
        let effects: Vec<Effect> =
            lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let append = |file: &Path| File::options().create(true).append(true).open(file).unwrap();
        Self {
            received: Vec::new(),
            carried_out: effects.iter().map(|effect| effect.key.clone()).collect(),
            effects,
            queue: VecDeque::new(),
            usual: Answer::Apply,
            file: file.map(append),
        }
    }

    /// The answer that the next request gets.
    pub(super) fn next_answer(&mut self) -> Answer {
        self.queue.pop_front().unwrap_or_else(|| self.usual.clone())
    }

    /// Carries a request out unless its key was carried out before; says whether it did.
    pub(super) fn carry_out(&mut self, request: &Received) -> bool {
        if !self.carried_out.insert(request.key.clone()) {
            return false;
        }
        let effect = Effect {
            key: request.key.clone(),
            kind: request.kind.clone(),
            sanction: request.sanction.clone(),
            user_id: request.user_id.clone(),
        };
        if let Some(file) = &mut self.file {
            let mut line = serde_json::to_string(&effect).unwrap();
            line.push('\n');
            file.write_all(line.as_bytes()).unwrap();
            file.sync_data().unwrap();
        }
        self.effects.push(effect);
        true
    }
}
