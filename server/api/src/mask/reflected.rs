//! Masks by the contract's own description of a message, field names and all.

use prost::Message;
use prost_reflect::{DescriptorPool, DynamicMessage, ReflectMessage, Value};
use prost_types::FieldMask;
use std::sync::LazyLock;
use umpire_model::Violation;

/// The contract. Read once; it never changes.
static CONTRACT: LazyLock<Option<DescriptorPool>> =
    LazyLock::new(|| DescriptorPool::decode(umpire_proto::DESCRIPTORS).ok());

/// Fields inside others that the server alone sets.
const SHOWN_ONLY: &str = "secret_set";

/// Which fields of a kind of message a change may name.
pub(crate) struct Writable {
    /// The message's full name.
    pub message: &'static str,
    /// Its fields; `*` names them all.
    pub fields: &'static [&'static str],
    /// Those that are messages and, without a mask, change field by field.
    pub deep: &'static [&'static str],
}

impl Writable {
    /// What `change` makes of `current` under a mask; without one, every field that is set.
    ///
    /// # Errors
    /// When the mask names a field that is not there, or not the caller's to change.
    pub fn apply<M: Message + Default>(
        &self,
        current: &M,
        change: &M,
        mask: Option<&FieldMask>,
    ) -> Result<M, Violation> {
        let (mut merged, change) = (self.reflect(current)?, self.reflect(change)?);
        for path in self.paths(&change, mask) {
            let top = path.split('.').next().unwrap_or_default();
            let known = self.fields.contains(&top) && copy(&path, &change, &mut merged);
            if !known {
                let message = format!("`{path}` cannot be changed");
                return Err(Violation::invalid("update_mask", message));
            }
        }
        merged.transcode_to().map_err(|_| unknown(self.message))
    }

    /// The fields a change is about.
    ///
    /// # Errors
    /// When this is no message of the contract.
    pub fn named<M: Message>(
        &self,
        change: &M,
        mask: Option<&FieldMask>,
    ) -> Result<Vec<String>, Violation> {
        Ok(self.paths(&self.reflect(change)?, mask))
    }

    fn reflect<M: Message>(&self, message: &M) -> Result<DynamicMessage, Violation> {
        let descriptor = CONTRACT.as_ref().and_then(|pool| pool.get_message_by_name(self.message));
        let mut reflected = DynamicMessage::new(descriptor.ok_or_else(|| unknown(self.message))?);
        reflected.transcode_from(message).map_err(|_| unknown(self.message))?;
        Ok(reflected)
    }

    fn paths(&self, change: &DynamicMessage, mask: Option<&FieldMask>) -> Vec<String> {
        let named = mask.map_or(&[][..], |mask| &mask.paths);
        if named.iter().any(|path| path == "*") {
            return self.fields.iter().map(|&field| field.to_owned()).collect();
        }
        if named.is_empty() { self.set(change) } else { named.to_vec() }
    }

    /// Paths of the fields that are set.
    fn set(&self, change: &DynamicMessage) -> Vec<String> {
        let mut paths = Vec::new();
        for &name in self.fields.iter().filter(|name| change.has_field_by_name(name)) {
            match change.get_field_by_name(name).as_deref() {
                Some(Value::Message(inner)) if self.deep.contains(&name) => {
                    let set = inner.fields().map(|(field, _)| field.name().to_owned());
                    let set = set.filter(|field| field != SHOWN_ONLY);
                    let before = paths.len();
                    paths.extend(set.map(|field| format!("{name}.{field}")));
                    if paths.len() == before {
                        // Nothing inside it is set: that it is there may still say something.
                        paths.push(name.to_owned());
                    }
                }
                _ => paths.push(name.to_owned()),
            }
        }
        paths
    }
}

/// Copies what a path names; says whether there is such a field.
fn copy(path: &str, from: &DynamicMessage, to: &mut DynamicMessage) -> bool {
    let (name, rest) = match path.split_once('.') {
        Some((name, rest)) => (name, Some(rest)),
        None => (path, None),
    };
    let Some(field) = to.descriptor().get_field_by_name(name) else { return false };
    if name == SHOWN_ONLY {
        return false;
    }
    let Some(rest) = rest else {
        if from.has_field(&field) {
            to.set_field(&field, from.get_field(&field).into_owned());
        } else {
            to.clear_field(&field);
        }
        return true;
    };
    let from = from.get_field(&field).into_owned();
    match (from, to.get_field_mut(&field)) {
        (Value::Message(from), Value::Message(to)) => copy(rest, &from, to),
        _ => false,
    }
}

fn unknown(message: &str) -> Violation {
    Violation::invalid("update_mask", format!("{message} cannot be changed field by field"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use umpire_proto::v1::{self as pb, receiver::Channel, receiver::Dingtalk};

    const RECEIVER: Writable = Writable {
        message: "umpire.v1.Receiver",
        fields: &["display_name", "dingtalk", "slack", "rate"],
        deep: &["dingtalk", "slack"],
    };

    fn mask(paths: &[&str]) -> Option<FieldMask> {
        Some(FieldMask { paths: paths.iter().map(|&path| path.to_owned()).collect() })
    }

    fn dingtalk(url: &str, secret: &str) -> pb::Receiver {
        let robot = Dingtalk { url: url.into(), secret: secret.into(), ..<_>::default() };
        pb::Receiver { channel: Some(Channel::Dingtalk(robot)), ..<_>::default() }
    }

    #[test]
    fn only_named_fields_change() {
        let current = pb::Receiver { display_name: "old".into(), ..dingtalk("https://a", "s") };
        let change = dingtalk("https://b", "");
        let apply = |paths: &[&str]| RECEIVER.apply(&current, &change, mask(paths).as_ref());
        let moved = pb::Receiver { display_name: "old".into(), ..dingtalk("https://b", "s") };
        assert_eq!(apply(&[]), Ok(moved.clone()), "what is set");
        assert_eq!(apply(&["dingtalk.url"]), Ok(moved));
        let whole = pb::Receiver { display_name: "old".into(), ..change.clone() };
        assert_eq!(apply(&["dingtalk"]), Ok(whole));
        assert_eq!(apply(&["*"]), Ok(change.clone()));
        for bad in ["name", "etag", "secrets_set", "color", "dingtalk.color", "display_name.x"] {
            assert!(apply(&[bad]).is_err(), "{bad}");
        }
    }

    #[test]
    fn another_member_of_a_choice_takes_the_place_of_the_first() {
        let slack = pb::receiver::Slack { url: "https://s".into(), ..<_>::default() };
        let change = pb::Receiver { channel: Some(Channel::Slack(slack)), ..<_>::default() };
        assert_eq!(RECEIVER.apply(&dingtalk("https://a", "s"), &change, None), Ok(change));
    }
}
