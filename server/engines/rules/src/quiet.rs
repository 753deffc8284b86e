//! Long work that must not keep checks waiting.

use tokio::sync::oneshot;

/// How far long work stands back behind checks where both want the processor: at this
/// niceness it gets about a sixth of a busy one, so that it ends all the same.
#[cfg(target_os = "linux")]
const NICENESS: i32 = 8;

/// The work broke off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("long work broke off")]
pub struct BrokeOff;

/// Does work on a thread of its own, at low priority where the system has such threads.
///
/// # Errors
/// [`BrokeOff`] when it panics, or no thread can be had.
pub async fn quietly<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, BrokeOff> {
    let (tell, told) = oneshot::channel();
    let thread = std::thread::Builder::new().name("umpire-quiet".into()).spawn(move || {
        stand_back();
        // Whoever asked may have gone.
        let _ = tell.send(work());
    });
    thread.map_err(|_| BrokeOff)?;
    told.await.map_err(|_| BrokeOff)
}

#[cfg(target_os = "linux")]
fn stand_back() {
    // Not to be nice is no reason not to work.
    let _ = rustix::process::setpriority_process(Some(rustix::thread::gettid()), NICENESS);
}

#[cfg(not(target_os = "linux"))]
fn stand_back() {}
