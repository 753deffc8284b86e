use super::*;
use crate::{
    Delivery, DeliveryId, DeliveryQuery, DeliveryState, StatsQuery,
    samples::{delivery, receiver},
};
use umpire_model::new_uuid;
use umpire_query::Expr;

async fn office() -> Office {
    Office::open(Setup::default().receivers(&[("hook", receiver())])).await
}

impl Office {
    /// A delivery to the webhook that ended so.
    async fn ended(&self, state: DeliveryState) -> Delivery {
        let mut delivery = delivery("hook", &alert("k"));
        delivery.end(state, at(5));
        let kept = delivery.clone();
        let work = move |turn: &mut dyn Turn| turn.put_delivery(&kept);
        turn(&*self.store, work).await.expect("a turn of the memory");
        delivery
    }
}

#[tokio::test]
async fn what_failed_is_queued_again_once_a_request() {
    for state in [DeliveryState::DeadLettered, DeliveryState::Expired] {
        let office = office().await;
        let dead = office.ended(state).await;
        let request = asked("r1", "a");
        let first = office.desk.retry_delivery(&tenant(), dead.id, &request).await;
        let first = first.expect("it failed");
        assert_eq!((first.state, first.due), (DeliveryState::Queued, at(10)), "{state:?}");
        assert_eq!(office.desk.delivery(&tenant(), dead.id).await, Ok(first.clone()));
        let again = office.desk.retry_delivery(&tenant(), dead.id, &request).await;
        assert_eq!(again, Ok(first));
    }
}

#[tokio::test]
async fn what_did_not_fail_or_is_not_there_is_not() {
    let office = office().await;
    let delivered = office.ended(DeliveryState::Delivered).await;
    let refused = office.desk.retry_delivery(&tenant(), delivered.id, &act(10)).await;
    assert_eq!(refused, Err(DeskError::WrongState(delivered.name())));
    assert_eq!(office.desk.delivery(&tenant(), delivered.id).await, Ok(delivered.clone()));
    let unknown = Delivery { id: DeliveryId(new_uuid()), ..delivered };
    let missing = Err(DeskError::NotFound(unknown.name()));
    assert_eq!(office.desk.retry_delivery(&tenant(), unknown.id, &act(10)).await, missing);
    assert_eq!(office.desk.delivery(&tenant(), unknown.id).await, missing);
}

#[tokio::test]
async fn deliveries_are_listed_and_counted_by_the_store() {
    let office = office().await;
    let first = office.ended(DeliveryState::Delivered).await;
    let second = office.ended(DeliveryState::Expired).await;
    let (filter, cursor) = (Expr::always(), None);
    let query = DeliveryQuery { tenant: tenant(), filter, size: 9, cursor };
    let page = office.desk.deliveries(query).await.expect("memory");
    assert_eq!(page.items, [second, first]);
    let query = StatsQuery { tenant: tenant(), from: at(0), to: at(9) };
    assert_eq!(office.desk.stats(query).await, Ok(Vec::new()));
}
