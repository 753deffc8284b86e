//! When something is in force.

use super::time;
use umpire_model::{ActiveWindow, Violation};
use umpire_proto::v1 as pb;

/// The window in field `path`; moments that are none are noted.
pub(crate) fn from_proto(
    window: &pb::ActiveWindow,
    path: &str,
    refused: &mut Vec<Violation>,
) -> ActiveWindow {
    let (start, end) = (window.start_time.as_ref(), window.end_time.as_ref());
    ActiveWindow {
        start_time: time::optional(start, &format!("{path}.start_time"), refused),
        end_time: time::optional(end, &format!("{path}.end_time"), refused),
        weekdays: window.weekdays.clone(),
        daily_start: window.daily_start.clone(),
        daily_end: window.daily_end.clone(),
    }
}

pub(crate) fn to_proto(window: &ActiveWindow) -> pb::ActiveWindow {
    pb::ActiveWindow {
        start_time: window.start_time.map(time::to_proto),
        end_time: window.end_time.map(time::to_proto),
        weekdays: window.weekdays.clone(),
        daily_start: window.daily_start.clone(),
        daily_end: window.daily_end.clone(),
    }
}
