//! Deliveries and what is counted over them.

use super::{alert::signed, enums, time};
use prost_types::Duration;
use umpire_notify::{Attempt, Delivery, DeliveryState, Stats};
use umpire_proto::v1::{self as pb, get_delivery_stats_response as stats};

pub(crate) fn to_proto(delivery: &Delivery) -> pb::Delivery {
    let tenant = &delivery.tenant;
    let name = |id| format!("tenants/{tenant}/deliveries/{id}");
    let queued = delivery.state == DeliveryState::Queued;
    pb::Delivery {
        name: delivery.name(),
        receiver: format!("tenants/{tenant}/receivers/{}", delivery.receiver),
        channel: delivery.channel.name().into(),
        alerts: delivery.alerts.iter().map(|id| format!("tenants/{tenant}/alerts/{id}")).collect(),
        reason: enums::notice_reason(delivery.notice.reason),
        level: enums::level(delivery.notice.level),
        state: enums::delivery_state(delivery.state),
        suppressed_by: delivery.suppressed_by.clone(),
        attempts: i32::try_from(delivery.attempts).unwrap_or(i32::MAX),
        create_time: Some(time::to_proto(delivery.create_time)),
        next_attempt_time: queued.then(|| time::to_proto(delivery.due)),
        deadline: Some(time::to_proto(delivery.deadline)),
        done_time: delivery.done_time.map(time::to_proto),
        log: delivery.log.iter().map(attempt_to_proto).collect(),
        vendor_id: delivery.vendor_id.clone(),
        failed_recipients: delivery.failed_recipients.clone(),
        failover_of: delivery.failover_of.map(name).unwrap_or_default(),
        failover: delivery.failover.map(name).unwrap_or_default(),
        stands_for: signed(delivery.notice.stands_for),
        title: delivery.notice.title.clone(),
    }
}

pub(crate) fn attempt_to_proto(attempt: &Attempt) -> pb::delivery::Attempt {
    pb::delivery::Attempt {
        time: Some(time::to_proto(attempt.time)),
        latency: Some(millis(attempt.latency_ms)),
        outcome: attempt.class.clone(),
        http_status: attempt.status.into(),
        vendor_code: attempt.vendor_code.clone(),
        detail: attempt.detail.clone(),
    }
}

pub(crate) fn stats_to_proto(rows: &[Stats]) -> pb::GetDeliveryStatsResponse {
    let delivered: u64 = rows.iter().map(|row| row.delivered).sum();
    let failed: u64 = rows.iter().map(|row| row.expired + row.dead_lettered).sum();
    let all = delivered + failed;
    let delivered_rate = if all == 0 { 1.0 } else { delivered as f64 / all as f64 };
    pb::GetDeliveryStatsResponse { rows: rows.iter().map(row).collect(), delivered_rate }
}

fn row(row: &Stats) -> stats::Row {
    let code = |(code, count): &(String, u64)| stats::VendorCode {
        code: code.clone(),
        count: signed(*count),
    };
    stats::Row {
        channel: row.channel.name().into(),
        level: enums::level(row.level),
        queued: signed(row.queued),
        delivered: signed(row.delivered),
        suppressed: signed(row.suppressed),
        expired: signed(row.expired),
        dead_lettered: signed(row.dead_lettered),
        attempts: signed(row.attempts),
        latency_p50: Some(millis(row.latency_ms_p50)),
        latency_p99: Some(millis(row.latency_ms_p99)),
        vendor_codes: row.vendor_codes.iter().map(code).collect(),
    }
}

fn millis(millis: u64) -> Duration {
    time::duration(std::time::Duration::from_millis(millis))
}
