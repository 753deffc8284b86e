use super::*;
use umpire_model::{Conversation, Sender};

const SECRET: Hash = [7; 32];

fn limits(max_messages: u32, max_age_seconds: u64, max_chars: u32) -> MessageWindow {
    MessageWindow { max_messages, max_age_millis: max_age_seconds * 1_000, max_chars }
}

fn at(seconds: i64) -> Timestamp {
    Timestamp(0).plus_seconds(seconds)
}

fn said<'a>(user_id: &'a str, message_id: &'a str, text: &'a str) -> Message<'a> {
    let sender = Sender { user_id, ..Sender::default() };
    let conversation = Conversation { id: "room", ..Conversation::default() };
    Message { message_id, text, sender, conversation, scene: "world", ..Message::default() }
}

/// Windows with the limits of one tenant.
struct Tenant {
    windows: MessageWindows,
    limits: MessageWindow,
}

impl Tenant {
    fn new(limits: MessageWindow) -> Self {
        Self { windows: MessageWindows::new(&SECRET), limits }
    }

    fn place(&self, message: &Message<'_>) -> Place {
        self.windows.place(&TenantId::operator(), message).expect("sender and text")
    }

    fn enter(&self, message: &Message<'_>, seconds: i64) -> (String, Option<u64>) {
        let place = self.place(message);
        let looked = self.windows.look(place, &self.limits, message, at(seconds));
        let (preceding, number) = self.windows.enter(place, &self.limits, message, at(seconds));
        assert_eq!(preceding, looked, "looking and entering see the same");
        (preceding.text, number)
    }

    /// Enters messages of one sender, one a second; gives what the last goes on from.
    fn after(&self, messages: &[(&str, &str)]) -> String {
        let mut preceding = String::new();
        for (&(message_id, text), second) in messages.iter().zip(0..) {
            preceding = self.enter(&said("u", message_id, text), second).0;
        }
        preceding
    }
}

#[test]
fn as_many_messages_as_the_tenant_wants() {
    let five = [("1", "a"), ("2", "b"), ("3", "c"), ("4", "d"), ("5", "e")];
    for (max_messages, expected) in [(2, "d"), (3, "cd"), (5, "abcd"), (16, "abcd")] {
        let tenant = Tenant::new(limits(max_messages, 60, 10));
        assert_eq!(tenant.after(&five), expected, "{max_messages}");
    }
}

#[test]
fn what_is_too_old_is_not_joined() {
    let tenant = Tenant::new(limits(5, 10, 10));
    tenant.enter(&said("u", "1", "a"), 0);
    tenant.enter(&said("u", "2", "b"), 6);
    assert_eq!(tenant.enter(&said("u", "3", "c"), 10).0, "ab", "10 s old");
    assert_eq!(tenant.enter(&said("u", "4", "d"), 11).0, "bc", "11 s old");
    assert_eq!(tenant.enter(&said("u", "5", "e"), 100).0, "");
}

#[test]
fn of_a_long_text_its_end_stays_and_nothing_before_joins_it() {
    let tenant = Tenant::new(limits(5, 60, 3));
    let long = "😀长text加我微";
    tenant.enter(&said("u", "1", "a"), 0);
    assert_eq!(tenant.enter(&said("u", "2", long), 1).0, "a");
    let next = said("u", "3", "信");
    let place = tenant.place(&next);
    let preceding = tenant.windows.look(place, &tenant.limits, &next, at(2));
    assert_eq!(preceding.text, "加我微");
    let piece = &preceding.pieces[0];
    assert_eq!((preceding.pieces.len(), piece.at, &*piece.message_id), (1, 0, "2"));
    assert_eq!(&long[piece.byte_offset..], "加我微");
    assert_eq!(piece.utf16_offset, 7);
}

#[test]
fn a_message_is_kept_once() {
    let tenant = Tenant::new(limits(5, 60, 10));
    tenant.enter(&said("u", "1", "a"), 0);
    tenant.enter(&said("u", "2", "b"), 1);
    let (preceding, number) = tenant.enter(&said("u", "2", "b"), 2);
    assert_eq!((preceding.as_str(), number), ("a", None), "as when it was seen first");
    assert_eq!(tenant.enter(&said("u", "3", "c"), 3).0, "ab");
    // Without an id nobody can tell.
    tenant.enter(&said("u", "", "d"), 4);
    assert_eq!(tenant.enter(&said("u", "", "d"), 5).0, "abcd");
}

#[test]
fn looking_changes_nothing() {
    let tenant = Tenant::new(limits(5, 60, 10));
    let message = said("u", "1", "a");
    let place = tenant.place(&message);
    for _ in 0..3 {
        tenant.windows.look(place, &tenant.limits, &message, at(0));
    }
    assert_eq!(tenant.enter(&said("u", "2", "b"), 1).0, "");
}

#[test]
fn what_was_found_is_not_joined_again() {
    let tenant = Tenant::new(limits(5, 60, 10));
    tenant.enter(&said("u", "1", "加我"), 0);
    let last = said("u", "2", "微信加");
    let (preceding, number) = tenant.enter(&last, 1);
    assert_eq!(preceding, "加我");
    tenant.windows.cut(tenant.place(&last), number.expect("entered"), "微信".len());
    let next = said("u", "3", "我");
    let preceding = tenant.windows.look(tenant.place(&next), &tenant.limits, &next, at(2));
    assert_eq!((preceding.text.as_str(), preceding.pieces[0].byte_offset), ("加", 6));
    assert_eq!(preceding.pieces[0].utf16_offset, 2);
    // A repeated message still sees what it saw the first time.
    assert_eq!(tenant.enter(&last, 3), ("加我".to_owned(), None));
}

#[test]
fn places_are_told_apart() {
    let windows = MessageWindows::new(&SECRET);
    let tenant = |id: &str| TenantId::new(id).expect("valid");
    let base = said("u", "1", "a");
    let in_room = |id| Message {
        conversation: Conversation { id, ..Conversation::default() },
        ..base.clone()
    };
    let places = [
        windows.place(&tenant("a"), &base),
        windows.place(&tenant("b"), &base),
        windows.place(&tenant("a"), &said("v", "1", "a")),
        windows.place(&tenant("a"), &in_room("other")),
        windows.place(&tenant("a"), &in_room("")),
        windows.place(&tenant("a"), &Message { scene: "guild", ..base.clone() }),
    ];
    for (index, place) in places.iter().enumerate() {
        assert!(place.is_some() && !places[..index].contains(place), "{index}");
    }
    assert_eq!(windows.place(&tenant("a"), &said("u", "2", "b")), places[0]);
    assert_eq!(windows.place(&tenant("a"), &said("", "2", "b")), None, "nobody");
    assert_eq!(windows.place(&tenant("a"), &said("u", "2", "")), None, "nothing");
}

fn measured(windows: &MessageWindows) -> (usize, usize) {
    let shards = windows.shards.iter().map(|shard| shard.lock().expect("not poisoned").measured());
    shards.fold((0, 0), |(senders, bytes), (more, grown)| (senders + more, bytes + grown))
}

#[test]
fn memory_is_bounded_by_senders_and_by_bytes() {
    for (max_senders, max_bytes) in [(SHARDS * 3, usize::MAX), (usize::MAX, SHARDS * 4_096)] {
        let windows = MessageWindows::with_limits(&SECRET, max_senders, max_bytes);
        let tenant = Tenant { windows, limits: MessageWindow::MOST };
        let text = "x".repeat(400);
        for number in 0..5_000 {
            tenant.enter(&said(&format!("u{number}"), "", &text), 0);
        }
        let (senders, bytes) = measured(&tenant.windows);
        assert!(senders <= max_senders && bytes <= max_bytes, "{senders} senders, {bytes} bytes");
        assert!(senders >= SHARDS, "room is used: {senders}");
        // Who wrote last is remembered, who wrote first is not.
        assert_eq!(tenant.enter(&said("u4999", "", "y"), 1).0, text);
        assert_eq!(tenant.enter(&said("u0", "", "y"), 1).0, "");
    }
}

#[test]
fn senders_who_fell_silent_are_forgotten() {
    let tenant = Tenant::new(MessageWindow::MOST);
    for number in 0..1_000 {
        tenant.enter(&said(&format!("u{number}"), "", "x"), 0);
    }
    for number in 0..2_000 {
        tenant.enter(&said(&format!("v{number}"), "", "x"), 601);
    }
    assert_eq!(measured(&tenant.windows).0, 2_000, "only those of the last minutes");
}

#[test]
fn many_threads_lose_and_double_nothing() {
    let tenant = Tenant::new(limits(16, 60, 10));
    std::thread::scope(|scope| {
        for thread in 0..8 {
            let tenant = &tenant;
            scope.spawn(move || {
                for number in 0..1_000 {
                    let (id, user) = (format!("{thread}-{number}"), format!("u{}", number % 50));
                    let message = said(&user, &id, "ab");
                    let place = tenant.place(&message);
                    let (preceding, entered) =
                        tenant.windows.enter(place, &tenant.limits, &message, at(0));
                    assert!(preceding.text.len() <= 30 && preceding.pieces.len() <= 15);
                    if number % 7 == 0 {
                        tenant.windows.cut(place, entered.expect("a new id"), 1);
                    }
                }
            });
        }
    });
    assert_eq!(measured(&tenant.windows).0, 50);
}
