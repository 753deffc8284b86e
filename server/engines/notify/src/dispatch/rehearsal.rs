//! Tests that receivers make by themselves.

use super::breaker::health_of;
use crate::{
    AlertKind, Mention, Notice, Reason, Receiver, World,
    port::Turn,
    queue::{Order, later, queue},
    render::sample_notice,
};
use umpire_catalog::Kept;
use umpire_model::{Level, StoreError, TenantId, Timestamp};

/// Deliveries among which an earlier test is looked for.
const LOOKED_AT: usize = 64;

/// Queues the tests whose time has come; gives how many. The first is due at once.
pub(super) fn queue_due(
    turn: &mut dyn Turn,
    world: &World,
    now: Timestamp,
) -> Result<usize, StoreError> {
    let mut count = 0;
    for tenant in world.receivers.tenants() {
        for kept in world.receivers_of(&tenant).iter() {
            let wanted = kept.item.test_interval > 0 && !kept.item.disabled;
            if wanted && is_due(turn, &tenant, kept, now)? {
                test(turn, world, &tenant, kept, now)?;
                count += 1;
            }
        }
    }
    Ok(count)
}

fn is_due(
    turn: &mut dyn Turn,
    tenant: &TenantId,
    kept: &Kept<Receiver>,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let tested = health_of(turn, tenant, kept)?.tested;
    Ok(tested.is_none_or(|tested| later(tested, kept.item.test_interval) <= now))
}

/// Queues a test, unless the one before still waits: then that says what there is to say.
fn test(
    turn: &mut dyn Turn,
    world: &World,
    tenant: &TenantId,
    kept: &Kept<Receiver>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let mut health = health_of(turn, tenant, kept)?;
    health.tested = Some(now);
    turn.put_health(tenant, &kept.id, Some(&health))?;
    let queued = turn.queued(tenant, &kept.id, LOOKED_AT)?;
    if queued.iter().any(|one| one.notice.reason == Reason::Test) {
        return Ok(());
    }
    let order = Order {
        tenant,
        receiver: &kept.id,
        alerts: Vec::new(),
        notice: notice(world, tenant, kept, now),
        failover_of: None,
        suppressed_by: None,
    };
    queue(turn, world, order, now).map(drop)
}

fn notice(world: &World, tenant: &TenantId, kept: &Kept<Receiver>, now: Timestamp) -> Notice {
    Notice {
        reason: Reason::Test,
        mentions: Vec::new(),
        mention: Mention::Nobody,
        urgent: false,
        parts: Vec::new(),
        more_parts: 0,
        thread: format!("test-{}", kept.id),
        time_zone: world.zones.zone(tenant),
        tenant: tenant.to_string(),
        ..sample_notice(AlertKind::System, Level::P3, now)
    }
}
