use super::*;
use crate::samples::{channels, sample};
use umpire_fakes::zabbix::{Trapper, TrapperFault};
use umpire_notify::Channel;

fn config(trapper: &Trapper) -> Zabbix {
    Zabbix {
        host: "127.0.0.1".into(),
        port: trapper.address().port(),
        item_host: "umpire".into(),
        item_key: "umpire.alert".into(),
    }
}

async fn trapper() -> Trapper {
    Trapper::start([("umpire", "umpire.alert")]).await
}

async fn tell(config: Zabbix) -> Report {
    sample().to(&channels(), Channel::Zabbix(config)).await
}

#[tokio::test]
async fn the_item_takes_the_notice() {
    let trapper = trapper().await;
    let report = tell(config(&trapper)).await;
    assert_eq!(report.outcome, Outcome::Delivered, "{report:?}");
    assert!(report.detail.starts_with("processed: 1; failed: 0; total: 1"), "{report:?}");
    let taken = trapper.wait_for(1).await.remove(0);
    assert_eq!((&*taken.host, &*taken.key), ("umpire", "umpire.alert"));
    assert_eq!(taken.value, "命中：底薪 | 群聊：销售一群");
    assert!(taken.time.0 > 1_700_000_000, "{taken:?}");
}

#[tokio::test]
async fn an_item_that_nobody_knows_is_asked_for_twice() {
    let trapper = trapper().await;
    let unknown = Zabbix { item_key: "umpire.new".into(), ..config(&trapper) };
    for (attempt, outcome) in [(1, Outcome::Transient), (2, Outcome::Permanent)] {
        let mut sample = sample();
        sample.attempt = attempt;
        let report = sample.to(&channels(), Channel::Zabbix(unknown.clone())).await;
        assert_eq!(report.outcome, outcome, "{report:?}");
        assert!(report.detail.contains("failed: 1"), "{report:?}");
    }
    trapper.add("umpire", "umpire.new");
    assert_eq!(tell(unknown).await.outcome, Outcome::Delivered);
}

#[tokio::test]
async fn what_is_not_understood_is_no_success() {
    let framed = |json: &str| TrapperFault::Say(frame::framed(json.as_bytes()));
    for (fault, outcome) in [
        (TrapperFault::Close, Outcome::Unknown),
        (TrapperFault::Say(Vec::new()), Outcome::Unknown),
        (TrapperFault::Say(b"HTTP/1.1 200 OK\r\n\r\n".to_vec()), Outcome::Unknown),
        (framed("{}"), Outcome::Unknown),
        (framed(r#"{"response":"success"}"#), Outcome::Unknown),
        (framed(r#"{"response":"success","info":"processed: 0; failed: 0"}"#), Outcome::Transient),
        (framed(r#"{"response":"failed","info":"cannot"}"#), Outcome::Permanent),
    ] {
        let trapper = trapper().await;
        trapper.fail_next([fault.clone()]);
        let report = tell(config(&trapper)).await;
        assert_eq!(report.outcome, outcome, "{fault:?}: {report:?}");
        assert!(trapper.taken().is_empty());
    }
}

#[tokio::test]
async fn trappers_that_hang_are_left_in_doubt() {
    let trapper = trapper().await;
    trapper.fail_next([TrapperFault::Hang]);
    let stream = TcpStream::connect(trapper.address()).await.expect("a connection");
    let request = value::request(&config(&trapper), &sample().parcel());
    let report = exchange(stream, &request, 1, Duration::from_millis(300)).await;
    assert_eq!(report.outcome, Outcome::Unknown, "{report:?}");
}

#[tokio::test]
async fn nobody_there_is_transient() {
    let config = config(&trapper().await);
    let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = free.local_addr().expect("an address").port();
    drop(free);
    assert_eq!(tell(Zabbix { port, ..config }).await.outcome, Outcome::Transient);
}
