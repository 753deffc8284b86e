//! The contract's description of itself.

use prost_reflect::{DescriptorPool, MessageDescriptor};
use std::sync::LazyLock;

static CONTRACT: LazyLock<DescriptorPool> = LazyLock::new(|| {
    DescriptorPool::decode(umpire_client::DESCRIPTORS).expect("the contract describes itself")
});

/// The description of a message. A name that is not there is a mistake in this program.
pub fn message(name: &str) -> MessageDescriptor {
    let full_name = format!("umpire.v1.{name}");
    CONTRACT.get_message_by_name(&full_name).expect("a message of the contract")
}
