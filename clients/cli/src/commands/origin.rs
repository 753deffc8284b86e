use clap::Args;
use umpire_client::{Message, chat};

/// Where a message comes from.
#[derive(Args)]
pub struct Origin {
    /// Where it appears: world-chat, nickname
    #[arg(long)]
    scene: Option<String>,

    /// User id of the sender
    #[arg(long, value_name = "ID")]
    sender: Option<String>,

    /// Id of the conversation
    #[arg(long, value_name = "ID")]
    conversation: Option<String>,
}

impl Origin {
    /// A message from there.
    pub fn message(&self, text: &str) -> Message {
        let mut message = chat(text);
        if let Some(scene) = &self.scene {
            message = message.scene(scene);
        }
        if let Some(sender) = &self.sender {
            message = message.sender(sender);
        }
        if let Some(conversation) = &self.conversation {
            message = message.conversation(conversation);
        }
        message
    }
}
