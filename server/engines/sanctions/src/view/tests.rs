use super::*;
use crate::court::{Act, Draft};
use umpire_model::new_uuid;

const NOW: Timestamp = Timestamp(1_000_000);

fn tenant() -> TenantId {
    TenantId::operator()
}

fn of_user(user: &str) -> Subject {
    Subject { user_id: user.into(), ..Subject::default() }
}

/// A mute of user `u` for so many seconds, permanent without, that is carried out.
fn mute(seconds: Option<u64>) -> Sanction {
    let draft = Draft {
        subject: of_user("u"),
        kind: Some(SanctionKind::Mute),
        duration: seconds,
        permanent: seconds.is_none(),
        reason: "spam".into(),
        ..Draft::default()
    };
    let act = Act {
        operator: "ann".into(),
        time: NOW,
        reason: String::new(),
        request: None,
        validate_only: false,
    };
    let made = draft.sanction(&tenant(), SanctionId(new_uuid()), &act);
    Sanction { state: State::Done, ..made.expect("a good draft") }
}

fn entry(sequence: u64, sanction: &Sanction) -> Entry {
    let change = Change::Sanction { sanction: Box::new(sanction.clone()), telling: None };
    Entry { sequence, tenant: tenant(), time: NOW, change }
}

fn view(open: Vec<Sanction>) -> View {
    View::of(0, open, Timestamp(0))
}

fn check(view: &View, subject: &Subject, expected: &[&Sanction]) {
    let found = view.restrictions(&tenant(), subject, NOW);
    let found: Vec<_> = found.iter().map(|known| known.id).collect();
    let expected: Vec<_> = expected.iter().map(|known| known.id).collect();
    assert_eq!(found, expected, "{subject:?}");
}

#[test]
fn entries_replace_what_was_known() {
    let (view, mut sanction) = (view(Vec::new()), mute(Some(60)));
    check(&view, &of_user("u"), &[]);
    view.apply(vec![entry(1, &sanction)]);
    check(&view, &of_user("u"), &[&sanction]);
    check(&view, &of_user("v"), &[]);
    sanction.end_time = Some(NOW);
    view.apply(vec![entry(2, &sanction)]);
    check(&view, &of_user("u"), &[]);
    sanction.end_time = None;
    view.apply(vec![entry(3, &sanction)]);
    check(&view, &of_user("u"), &[&sanction]);
    sanction.state = State::Lifted;
    view.apply(vec![entry(4, &sanction)]);
    check(&view, &of_user("u"), &[]);
    assert!(view.read().open.values().all(HashMap::is_empty));
}

#[test]
fn an_entry_is_taken_once() {
    let (view, sanction) = (view(Vec::new()), mute(None));
    let lifted = Sanction { state: State::Lifted, ..sanction.clone() };
    view.apply(vec![entry(1, &sanction), entry(2, &lifted)]);
    view.apply(vec![entry(1, &sanction)]);
    check(&view, &of_user("u"), &[]);
    assert_eq!(view.applied(), 2);
}

#[test]
fn what_ends_last_comes_first() {
    let (short, long, permanent) = (mute(Some(10)), mute(Some(20)), mute(None));
    let ban = Sanction { kind: SanctionKind::LoginBan, ..mute(Some(10)) };
    let all = [&short, &permanent, &ban, &long].map(Clone::clone);
    let view = view(all.into());
    check(&view, &of_user("u"), &[&permanent, &long, &ban, &short]);
}

#[test]
fn empty_fields_of_a_subject_stand_for_all() {
    let mut here = mute(None);
    here.subject.server_id = "s1".into();
    let view = view(vec![here.clone()]);
    let on = |server: &str| Subject { server_id: server.into(), ..of_user("u") };
    check(&view, &on("s1"), &[&here]);
    check(&view, &on("s2"), &[]);
    check(&view, &of_user("u"), &[&here]);
}

#[test]
fn warnings_suppressed_and_held_ones_restrict_nobody() {
    let warning = Sanction { kind: SanctionKind::Warn, permanent: false, ..mute(None) };
    let suppressed = Sanction { suppressed_by: Some("shadow".into()), ..mute(None) };
    let mut held = Sanction { state: State::Held, ..mute(None) };
    let view = view(vec![warning, suppressed, held.clone()]);
    check(&view, &of_user("u"), &[]);
    assert_eq!(view.held(&tenant()), 1);
    held.state = State::Done;
    view.apply(vec![entry(1, &held)]);
    check(&view, &of_user("u"), &[&held]);
    assert_eq!(view.held(&tenant()), 0);
}

#[test]
fn it_says_how_far_it_is_complete() {
    let (view, later) = (view(Vec::new()), NOW.plus_seconds(9));
    assert_eq!(view.as_of(1, later), Timestamp(0));
    view.apply(vec![entry(1, &mute(None))]);
    assert_eq!(view.as_of(2, later), NOW);
    assert_eq!(view.as_of(1, later), later);
    assert_eq!(view.as_of(2, later.plus_seconds(1)), later);
}

#[test]
fn built_anew_it_is_the_same() {
    let (live, mut first, second) = (view(Vec::new()), mute(None), mute(Some(60)));
    first.subject.user_id = "v".into();
    let lifted = Sanction { state: State::Lifted, ..first.clone() };
    live.apply(vec![entry(1, &first), entry(2, &second), entry(3, &lifted)]);
    let rebuilt = View::of(3, vec![second], NOW);
    for user in ["u", "v"] {
        let of = |view: &View| view.restrictions(&tenant(), &of_user(user), NOW);
        assert_eq!(of(&live), of(&rebuilt), "{user}");
    }
}
