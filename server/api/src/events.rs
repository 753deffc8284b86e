//! Streams of events that are read as their reader takes them.

use crate::{error::ApiError, locale::Locale};
use futures_util::{StreamExt, stream, stream::BoxStream};
use std::{future::Future, time::Duration};
use tonic::Status;

/// A quiet stream says this often that it is alive.
pub(crate) const CHECKPOINT: Duration = Duration::from_secs(15);

/// One reader's way through events. The next are read when the ones before have been
/// taken, so a slow reader holds up nobody.
pub(crate) trait Reading: Send + 'static {
    /// What the reader gets.
    type Event: Send + 'static;

    /// What comes next; waits for it. Nothing, where it is worth asking again.
    fn next(&mut self) -> impl Future<Output = Result<Vec<Self::Event>, ApiError>> + Send;

    /// The reader's language, for the error that ends it.
    fn locale(&self) -> Locale;
}

/// Everything `reading` gives, up to its first error.
pub(crate) fn events<R: Reading>(reading: R) -> BoxStream<'static, Result<R::Event, Status>> {
    let chunks = stream::unfold(Some(reading), |reading| async {
        let mut reading = reading?;
        match reading.next().await {
            Ok(events) => Some((events.into_iter().map(Ok).collect(), Some(reading))),
            Err(error) => Some((vec![Err(error.status(reading.locale()))], None)),
        }
    });
    chunks.flat_map(|events: Vec<_>| stream::iter(events)).boxed()
}
