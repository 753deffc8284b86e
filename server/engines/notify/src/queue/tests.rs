use super::{Order, RECEIVER_DISABLED, SUPERSEDED, queue};
use crate::{
    Alert, Delivery, DeliveryState, Reason, Receiver, World,
    memory::Memory,
    samples::{alert, at, id, notice, receiver, tenant, world},
};
use umpire_model::Level;

fn order<'a>(
    tenant: &'a umpire_model::TenantId,
    receiver: &'a umpire_model::ResourceId,
    alert: &Alert,
) -> Order<'a> {
    Order {
        tenant,
        receiver,
        alerts: vec![alert.id],
        notice: notice(alert),
        failover_of: None,
        suppressed_by: None,
    }
}

/// Queues what `change` makes of the first notice of an alert.
fn put(
    memory: &mut Memory,
    world: &World,
    alert: &Alert,
    change: impl FnOnce(&mut Order<'_>),
) -> Option<Delivery> {
    let (tenant, receiver) = (tenant(), id("a"));
    let mut order = order(&tenant, &receiver, alert);
    change(&mut order);
    queue(memory, world, order, at(10)).expect("in memory")
}

#[test]
fn what_is_queued_is_due_at_once_and_has_a_deadline() {
    let (mut memory, world) = (Memory::default(), world(&[("a", receiver())], &[]));
    let alert = Alert { level: Level::P2, ..alert("fraud") };
    let queued = put(&mut memory, &world, &alert, |_| ()).expect("a receiver");
    assert_eq!((queued.state, queued.leased), (DeliveryState::Queued, false));
    assert_eq!((queued.due, queued.create_time), (at(10), at(10)));
    assert_eq!(queued.deadline, at(10).plus_seconds(6 * 3_600));
    assert_eq!(memory.deliveries[&(tenant(), queued.id)], queued);
}

#[test]
fn for_nobody_nothing_is_kept() {
    let (mut memory, world) = (Memory::default(), world(&[], &[]));
    assert_eq!(put(&mut memory, &world, &alert("fraud"), |_| ()), None);
    assert!(memory.deliveries.is_empty());
}

#[test]
fn what_is_held_back_is_a_row_that_says_why_and_replaces_nothing() {
    let off = Receiver { disabled: true, ..receiver() };
    let (mut memory, on) = (Memory::default(), world(&[("a", receiver())], &[]));
    let alert = alert("fraud");
    let first = put(&mut memory, &on, &alert, |_| ()).expect("a receiver");
    let held = |order: &mut Order<'_>| order.suppressed_by = Some("SILENCED".into());
    let off = world(&[("a", off)], &[]);
    for (row, why) in [
        (put(&mut memory, &on, &alert, held), "SILENCED"),
        (put(&mut memory, &off, &alert, |_| ()), RECEIVER_DISABLED),
    ] {
        let row = row.expect("a receiver");
        assert_eq!((row.state, &*row.suppressed_by), (DeliveryState::Suppressed, why));
        assert_eq!(row.done_time, Some(at(10)));
    }
    assert_eq!(memory.deliveries[&(tenant(), first.id)], first);
}

#[test]
fn who_waits_for_long_does_not_wait_anew_with_each_notice() {
    let (mut memory, world) = (Memory::default(), world(&[("a", receiver())], &[]));
    let alert = Alert { level: Level::P2, ..alert("fraud") };
    let mut first = put(&mut memory, &world, &alert, |_| ()).expect("a receiver");
    first.create_time = at(-7_200);
    memory.deliveries.insert((tenant(), first.id), first.clone());
    let raised = |order: &mut Order<'_>| {
        order.notice.level = Level::P0;
        order.notice.reason = Reason::LevelUp;
    };
    let second = put(&mut memory, &world, &alert, raised).expect("a receiver");
    assert_eq!(second.create_time, at(-7_200));
    assert_eq!(second.deadline, at(-7_200).plus_seconds(24 * 3_600), "of its own level");
    assert_eq!(second.notice.stands_for, 2);
    assert_eq!(memory.deliveries[&(tenant(), first.id)].suppressed_by, SUPERSEDED);
}
