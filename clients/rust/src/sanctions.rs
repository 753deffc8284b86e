mod acks;
mod enforcers;
mod rules;
mod safety;
mod subjects;
mod watching;
mod waves;

pub use acks::SanctionExt;
pub use subjects::subject;
pub use watching::SanctionEvent;
pub use waves::{BatchLift, Drain};

use crate::{
    Change, Error, Listing, Umpire,
    length::length,
    listing::{lists_with, paged},
    mutation::{mutation, mutations_with},
    retry::Retry,
    v1::{
        CreateSanctionRequest, ExtendSanctionRequest, GetSanctionRequest, LiftSanctionRequest,
        ListSanctionsRequest, Sanction, extend_sanction_request::End,
    },
};
use std::time::Duration;

const COLLECTION: &str = "sanctions";

/// Strikes, sanctions, and how they are carried out. Role SERVICE watches, acknowledges
/// and asks about subjects; MODERATOR sanctions and lifts; OPS undoes waves and minds the
/// safety switch; ADMIN may do all of it, and keeps sanction rules and enforcers; COMPLIANCE
/// reads.
///
/// A game server carries sanctions out as they come, and says so:
///
/// ```no_run
/// use futures_util::TryStreamExt;
/// use umpire_client::{SanctionEvent, SanctionExt, v1::watch_sanctions_response::Event};
///
/// # fn carry_out(_: &Event) {}
/// # fn keep(_: &str) {}
/// # async fn example(umpire: umpire_client::Umpire, kept: String) -> Result<(), umpire_client::Error> {
/// let sanctions = umpire.sanctions();
/// let mut events = sanctions.watch("game", kept);
/// while let Some(event) = events.try_next().await? {
///     // What does not come again after `SnapshotBegin` is over.
///     let SanctionEvent::Told(told) = event else { continue };
///     if let Some(event @ (Event::Sanction(about) | Event::Lifted(about))) = &told.event {
///         carry_out(event);
///         sanctions.ack("game", vec![about.applied()]).await?;
///     }
///     keep(&told.resume_token);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Sanctions(Umpire);

impl Sanctions {
    pub(crate) fn new(umpire: Umpire) -> Self {
        Self(umpire)
    }

    /// One sanction, by id or name.
    ///
    /// # Errors
    /// NOT_FOUND, and what any call may fail with.
    pub async fn get(&self, sanction: &str) -> Result<Sanction, Error> {
        let name = self.0.full_name(COLLECTION, sanction).await?;
        let answer = self
            .0
            .call(Retry::Safe, GetSanctionRequest { name }, |request| {
                let mut client = self.0.raw_sanctions();
                async move { client.get_sanction(request).await }
            })
            .await?;
        answer.sanction.ok_or(Error::Incomplete("sanction"))
    }

    /// The tenant's sanctions, newest first.
    pub fn list(&self) -> Listing<ListSanctionsRequest> {
        let parent = self.0.tenant.parent();
        Listing::new(&self.0, ListSanctionsRequest { parent, ..<_>::default() })
    }

    /// Sanctions by hand: `subject`, `kind` and `reason` are needed, and an end, a
    /// [`duration`](Change::duration) or `permanent` for a mute or ban. It is neither
    /// counted in the budget nor held.
    pub fn create(&self, sanction: Sanction) -> Change<CreateSanctionRequest> {
        let (parent, sanction) = (self.0.tenant.parent(), Some(sanction));
        Change::new(&self.0, CreateSanctionRequest { parent, sanction, ..<_>::default() })
    }

    /// Ends a sanction, by id or name, before its time, and tells the enforcers that
    /// know of it.
    pub fn lift(
        &self,
        sanction: impl Into<String>,
        reason: impl Into<String>,
    ) -> Change<LiftSanctionRequest> {
        let (name, reason) = (sanction.into(), reason.into());
        Change::new(&self.0, LiftSanctionRequest { name, reason, ..<_>::default() })
    }

    /// Moves the end of a sanction, further or nearer, and tells the enforcers that know
    /// of it.
    pub fn extend(
        &self,
        sanction: impl Into<String>,
        end: End,
        reason: impl Into<String>,
    ) -> Change<ExtendSanctionRequest> {
        let (name, end, reason) = (sanction.into(), Some(end), reason.into());
        Change::new(&self.0, ExtendSanctionRequest { name, end, reason, ..<_>::default() })
    }
}

impl Change<CreateSanctionRequest> {
    /// Id of the sanction (a UUID); the server chooses one otherwise.
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.request.sanction_id = id.into();
        self
    }

    /// How long it lasts from the decision on, instead of an end.
    pub fn duration(mut self, lasting: Duration) -> Self {
        self.request.duration = Some(length(lasting));
        self
    }
}

impl Change<LiftSanctionRequest> {
    /// With `true` the strikes come back that the sanction cleared, but for those of the
    /// last message.
    pub fn restore_strikes(mut self, yes: bool) -> Self {
        self.request.restore_strikes = yes;
        self
    }

    /// For so long its rule does not count this subject; as the rule says unless given.
    pub fn grace(mut self, lasting: Duration) -> Self {
        self.request.grace = Some(length(lasting));
        self
    }
}

paged!(raw_sanctions.list_sanctions(ListSanctionsRequest) -> sanctions: Sanction, 200 at once);
lists_with!(Filtered, filter: String; ListSanctionsRequest);

mutation!(
    raw_sanctions.create_sanction(CreateSanctionRequest) -> Sanction,
    |answer| answer.sanction
);
mutation!(
    raw_sanctions.lift_sanction(LiftSanctionRequest) -> Sanction,
    |answer| answer.sanction,
    |request| Some((&mut request.name, COLLECTION))
);
mutation!(
    raw_sanctions.extend_sanction(ExtendSanctionRequest) -> Sanction,
    |answer| answer.sanction,
    |request| Some((&mut request.name, COLLECTION))
);
mutations_with!(
    Checkable, validate_only: bool;
    CreateSanctionRequest, LiftSanctionRequest, ExtendSanctionRequest
);
mutations_with!(Guarded, etag: String; LiftSanctionRequest, ExtendSanctionRequest);
