use super::{Alerts, kept::kept};
use crate::{
    Change, Error, Listing,
    retry::Retry,
    v1::{
        CreateReceiverRequest, DeleteReceiverRequest, GetReceiverRequest, Level,
        ListReceiversRequest, Receiver, SendTestNotificationRequest, SendTestNotificationResponse,
        UpdateReceiverRequest,
    },
};
use prost_types::FieldMask;

const RECEIVERS: &str = "receivers";

impl Alerts {
    /// One receiver, by id or name, and what is known of it now; secrets are never shown.
    ///
    /// # Errors
    /// NOT_FOUND, and what any call may fail with.
    pub async fn receiver(&self, receiver: &str) -> Result<Receiver, Error> {
        let name = self.0.full_name(RECEIVERS, receiver).await?;
        let answer = self
            .0
            .call(Retry::Safe, GetReceiverRequest { name }, |request| {
                let mut client = self.0.raw_alerts();
                async move { client.get_receiver(request).await }
            })
            .await?;
        answer.receiver.ok_or(Error::Incomplete("receiver"))
    }

    /// The tenant's receivers, by id.
    pub fn receivers(&self) -> Listing<ListReceiversRequest> {
        let parent = self.0.tenant.parent();
        Listing::new(&self.0, ListReceiversRequest { parent, ..<_>::default() })
    }

    /// Adds a receiver; with an empty id the server chooses one.
    pub fn create_receiver(
        &self,
        id: impl Into<String>,
        receiver: Receiver,
    ) -> Change<CreateReceiverRequest> {
        let request = CreateReceiverRequest {
            parent: self.0.tenant.parent(),
            receiver_id: id.into(),
            receiver: Some(receiver),
            ..<_>::default()
        };
        Change::new(&self.0, request)
    }

    /// Changes the receiver called `receiver.name` (or id) where it is set, or, with a
    /// [`mask`](Change::mask), there. Its etag, when set, must be current. Secrets that
    /// are left empty stay as they are, and so does the kind of channel.
    pub fn update_receiver(&self, receiver: Receiver) -> Change<UpdateReceiverRequest> {
        let receiver = Some(receiver);
        Change::new(&self.0, UpdateReceiverRequest { receiver, ..<_>::default() })
    }

    /// Takes a receiver away. What waited for it is not sent.
    pub fn delete_receiver(&self, receiver: impl Into<String>) -> Change<DeleteReceiverRequest> {
        Change::new(&self.0, DeleteReceiverRequest { name: receiver.into(), ..<_>::default() })
    }

    /// Sends a notice of this level to a receiver now, P2 when unspecified, and gives what the
    /// peer answered: [`delivered`](SendTestNotificationResponse::delivered) says whether it
    /// took it. Not tried again by itself.
    ///
    /// # Errors
    /// NOT_FOUND, and what any call may fail with; a peer that refuses is no error.
    pub async fn send_test(
        &self,
        receiver: &str,
        level: Level,
    ) -> Result<SendTestNotificationResponse, Error> {
        let name = self.0.full_name(RECEIVERS, receiver).await?;
        let level = level as i32;
        let request = SendTestNotificationRequest { name, level, ..<_>::default() };
        self.0
            .call(Retry::Never, request, |request| {
                let mut client = self.0.raw_alerts();
                async move { client.send_test_notification(request).await }
            })
            .await
    }
}

kept!(
    Receiver in RECEIVERS, receiver of receivers;
    create_receiver(CreateReceiverRequest), update_receiver(UpdateReceiverRequest),
    delete_receiver(DeleteReceiverRequest), list_receivers(ListReceiversRequest)
);
