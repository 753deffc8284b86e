use super::{Alerts, kept::kept};
use crate::{
    Change, Error, Listing,
    retry::Retry,
    v1::{
        CreateSilenceRequest, DeleteSilenceRequest, GetSilenceRequest, ListSilencesRequest,
        Silence, UpdateSilenceRequest,
    },
};
use prost_types::FieldMask;

const SILENCES: &str = "silences";

impl Alerts {
    /// One silence, by id or name.
    ///
    /// # Errors
    /// NOT_FOUND, and what any call may fail with.
    pub async fn silence(&self, silence: &str) -> Result<Silence, Error> {
        let name = self.0.full_name(SILENCES, silence).await?;
        let answer = self
            .0
            .call(Retry::Safe, GetSilenceRequest { name }, |request| {
                let mut client = self.0.raw_alerts();
                async move { client.get_silence(request).await }
            })
            .await?;
        answer.silence.ok_or(Error::Incomplete("silence"))
    }

    /// The tenant's silences, those that are over among them, by id.
    pub fn silences(&self) -> Listing<ListSilencesRequest> {
        let parent = self.0.tenant.parent();
        Listing::new(&self.0, ListSilencesRequest { parent, ..<_>::default() })
    }

    /// Adds a silence; with an empty id the server chooses one. It needs `match`, `reason` and
    /// `end_time`, and begins now without a `start_time`.
    pub fn create_silence(
        &self,
        id: impl Into<String>,
        silence: Silence,
    ) -> Change<CreateSilenceRequest> {
        let request = CreateSilenceRequest {
            parent: self.0.tenant.parent(),
            silence_id: id.into(),
            silence: Some(silence),
            ..<_>::default()
        };
        Change::new(&self.0, request)
    }

    /// Changes the silence called `silence.name` (or id) where it is set, or, with a
    /// [`mask`](Change::mask), there. Its etag, when set, must be current.
    pub fn update_silence(&self, silence: Silence) -> Change<UpdateSilenceRequest> {
        let silence = Some(silence);
        Change::new(&self.0, UpdateSilenceRequest { silence, ..<_>::default() })
    }

    /// Takes a silence away; with an `end_time` it ends and stays on record.
    pub fn delete_silence(&self, silence: impl Into<String>) -> Change<DeleteSilenceRequest> {
        Change::new(&self.0, DeleteSilenceRequest { name: silence.into(), ..<_>::default() })
    }
}

kept!(
    Silence in SILENCES, silence of silences;
    create_silence(CreateSilenceRequest), update_silence(UpdateSilenceRequest),
    delete_silence(DeleteSilenceRequest), list_silences(ListSilencesRequest)
);
