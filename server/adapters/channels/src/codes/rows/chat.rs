//! Vendors of chats.

use super::Rows;
use umpire_notify::Outcome::{Gone, Permanent, Throttled, Transient};

pub(super) const WECOM: Rows = &[
    (&["-1"], "", Transient),
    // The token, although it was fetched anew.
    (&["40001", "40014", "42001"], "", Transient),
    // The secret, the corporation, the application.
    (&["40091", "40013", "40056", "301002"], "", Permanent),
    // Nobody who could read it.
    (&["40003", "60111", "81013"], "", Permanent),
    // A parameter, the kind of message, no content, too much of it.
    (&["40058", "40008", "44004", "45002"], "", Permanent),
    (&["45009", "45033"], "", Throttled(60)),
    // Our address is not on the application's list.
    (&["60020"], "", Permanent),
    // The key of a robot.
    (&["93000"], "", Permanent),
];

pub(super) const DINGTALK: Rows = &[
    (&["-1"], "", Transient),
    // Over the limit a robot is blocked for ten minutes.
    (&["130101"], "", Throttled(600)),
    (&["410100"], "", Throttled(60)),
    // Signature, keyword or address.
    (&["310000"], "", Permanent),
    // The next attempt is signed afresh.
    (&["310000"], "invalid timestamp", Transient),
    (&["310000"], "签名过期", Transient),
    (&["300001", "400101"], "", Permanent),
    // Too long.
    (&["460101", "101002"], "", Permanent),
    // The quota of a month: far longer than anything may wait, so others are told.
    (&["90030"], "", Permanent),
    // The group is gone, the robot is stopped, the kind of message.
    (&["400013", "400102", "400105"], "", Permanent),
    // What it says is not allowed.
    (&["430101", "430102", "430103", "430104"], "", Permanent),
];

pub(super) const FEISHU: Rows = &[
    // One code for two things.
    (&["9499"], "", Permanent),
    (&["9499"], "too many request", Throttled(10)),
    (&["11232", "99991400"], "", Throttled(60)),
    // Signature, address, keyword.
    (&["19021", "19022", "19024"], "", Permanent),
    // The token, the length, the card.
    (&["19001", "19036", "11246"], "", Permanent),
];

pub(super) const SLACK: Rows = &[
    (&["rollup_error"], "", Transient),
    (&["service_unavailable", "internal_error", "fatal_error"], "", Transient),
    (&["ratelimited", "rate_limited"], "", Throttled(30)),
    (&["channel_is_archived"], "", Gone),
    (&["invalid_payload", "action_prohibited", "invalid_token"], "", Permanent),
    (&["channel_not_found", "no_service"], "", Permanent),
];

pub(super) const TELEGRAM: Rows = &[
    (&["429"], "", Throttled(60)),
    (&["400", "401", "403", "404"], "", Permanent),
    (&["5*"], "", Transient),
];

/// Connectors of old say the status in a sentence.
pub(super) const TEAMS: Rows = &[
    (&["429"], "", Throttled(60)),
    (&["410"], "", Gone),
    (&["5*"], "", Transient),
    (&["4*"], "", Permanent),
];
