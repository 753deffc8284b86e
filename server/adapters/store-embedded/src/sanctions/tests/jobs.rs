use super::{at, folder, id, open, subject, tenant};
use crate::EmbeddedStore;
use umpire_model::{SanctionId, StoreError, Timestamp, new_uuid};
use umpire_sanctions::{Job, JobState, Notice, Sanctions, turn};

/// Something a webhook is to be told about a user.
pub(super) fn job(enforcer: &str, user: &str, due: i64) -> Job {
    Job {
        id: 0,
        tenant: tenant(),
        enforcer: id(enforcer),
        webhook: true,
        sanction: SanctionId(new_uuid()),
        subject: subject(user).key(),
        notice: Notice::Apply,
        state: JobState::Waiting,
        attempts: 0,
        due: at(due),
        fence: 0,
        create_time: at(0),
    }
}

async fn put(store: &EmbeddedStore, job: Job) -> u64 {
    turn(store, move |turn| turn.put_job(&job)).await.expect("kept")
}

async fn change(store: &EmbeddedStore, id: u64, edit: impl FnOnce(&mut Job) + Send + 'static) {
    let change = turn(store, move |turn| {
        let mut job = turn.job(id)?.expect("known");
        edit(&mut job);
        assert_eq!(turn.put_job(&job)?, id);
        assert_eq!(turn.job(id)?, Some(job));
        Ok::<_, StoreError>(())
    });
    change.await.expect("kept");
}

async fn due(store: &EmbeddedStore, now: Timestamp, limit: usize, each: usize) -> Vec<u64> {
    let due = turn(store, move |turn| turn.due_jobs(true, now, limit, each));
    due.await.expect("read").iter().map(|job| job.id).collect()
}

#[tokio::test]
async fn jobs_of_one_enforcer_and_subject_keep_their_order() {
    let folder = folder();
    let store = open(&folder);
    let first = put(&store, job("a", "u1", 5)).await;
    let second = put(&store, job("a", "u1", 1)).await;
    let elsewhere = put(&store, job("b", "u1", 3)).await;
    let another = put(&store, job("a", "u2", 4)).await;
    let stream = Job { webhook: false, ..job("c", "u1", 1) };
    put(&store, stream).await;

    assert_eq!(due(&store, at(4), 9, 9).await, [elsewhere, another], "the second waits");
    assert_eq!(due(&store, at(5), 9, 9).await, [elsewhere, another, first]);
    change(&store, first, |job| {
        (job.state, job.attempts, job.fence, job.due) = (JobState::Leased, 1, 1, at(60));
    })
    .await;
    assert_eq!(due(&store, at(59), 9, 9).await, [elsewhere, another], "it is leased");
    assert_eq!(due(&store, at(60), 9, 9).await, [elsewhere, another, first], "the lease is over");
    change(&store, first, |job| job.state = JobState::Failed).await;
    assert_eq!(due(&store, at(59), 9, 9).await, [second, elsewhere, another]);
    change(&store, second, |job| job.state = JobState::Done).await;
    assert_eq!(due(&store, at(59), 9, 9).await, [elsewhere, another]);
    store.close().await;
}

#[tokio::test]
async fn one_enforcer_does_not_take_the_place_of_others() {
    let folder = folder();
    let store = open(&folder);
    let mut ids = Vec::new();
    for user in ["u1", "u2", "u3", "u4"] {
        ids.push(put(&store, job("a", user, 1)).await);
    }
    ids.push(put(&store, job("b", "u1", 2)).await);
    assert_eq!(due(&store, at(9), 9, 2).await, [ids[0], ids[1], ids[4]]);
    assert_eq!(due(&store, at(9), 1, 2).await, [ids[0]]);
    assert_eq!(store.waiting(at(9)).await.expect("read").jobs, 5);
    store.close().await;
}

#[tokio::test]
async fn open_jobs_are_those_of_a_sanction_that_are_not_over() {
    let folder = folder();
    let store = open(&folder);
    let told = job("a", "u1", 1);
    let sanction = told.sanction;
    let done = put(&store, told.clone()).await;
    let open = put(&store, Job { notice: Notice::Lift, ..told }).await;
    put(&store, job("a", "u1", 1)).await;
    change(&store, done, |job| job.state = JobState::Done).await;
    let jobs = turn(&store, move |turn| turn.open_jobs(&tenant(), sanction)).await;
    let found: Vec<_> = jobs.expect("read").iter().map(|job| (job.id, job.notice)).collect();
    assert_eq!(found, [(open, Notice::Lift)]);
    store.close().await;
}
