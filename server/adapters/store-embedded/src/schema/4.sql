-- Events that are to become alerts. Once one is taken out, `body` is null, and the row
-- only says that its id was there.
CREATE TABLE alert_events (
    place INTEGER PRIMARY KEY,
    id    BLOB    NOT NULL UNIQUE,
    time  INTEGER NOT NULL, -- microseconds since the epoch
    later INTEGER NOT NULL, -- 0 for P0, 1 for the others
    body  TEXT
) STRICT;

CREATE INDEX alert_events_waiting ON alert_events (later, place) WHERE body IS NOT NULL;
CREATE INDEX alert_events_taken ON alert_events (time) WHERE body IS NULL;

-- `body` is the alert; the columns before it repeat what is asked for.
CREATE TABLE alerts (
    tenant       TEXT    NOT NULL,
    id           BLOB    NOT NULL,
    state        INTEGER NOT NULL, -- 0 OPEN, 1 ACKNOWLEDGED, 2 RESOLVED
    kind         INTEGER NOT NULL,
    level        INTEGER NOT NULL, -- urgency
    key          TEXT    NOT NULL,
    rule         TEXT    NOT NULL, -- its name
    rule_id      TEXT    NOT NULL, -- the last segment of it
    labels       TEXT    NOT NULL, -- an array, in JSON
    scene        TEXT    NOT NULL,
    conversation TEXT    NOT NULL,
    sender       TEXT    NOT NULL,
    department   TEXT    NOT NULL,
    camera       TEXT    NOT NULL,
    assignee     TEXT    NOT NULL,
    first_time   INTEGER NOT NULL,
    last_time    INTEGER NOT NULL,
    count        INTEGER NOT NULL,
    suppressed   INTEGER NOT NULL,
    due          INTEGER,          -- when it is to be looked at again
    over_time    INTEGER,          -- since when it is RESOLVED
    body         TEXT    NOT NULL,
    UNIQUE (tenant, id)
) STRICT;

CREATE INDEX alerts_open ON alerts (tenant, id) WHERE state < 2;
CREATE INDEX alerts_open_by_key ON alerts (tenant, key, id) WHERE state < 2;
CREATE INDEX alerts_due ON alerts (due, id) WHERE due IS NOT NULL;
CREATE INDEX alerts_over ON alerts (over_time) WHERE over_time IS NOT NULL;

-- What happened to alerts, for consoles that follow. Sequences are never used again:
-- who has seen one that is forgotten must not miss another.
CREATE TABLE alert_journal (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant   TEXT    NOT NULL,
    time     INTEGER NOT NULL,
    body     TEXT    NOT NULL
) STRICT;

CREATE INDEX alert_journal_by_tenant ON alert_journal (tenant, sequence);

-- One row: the entry of the journal up to which all are forgotten.
CREATE TABLE alert_journal_forgotten (sequence INTEGER NOT NULL) STRICT;
INSERT INTO alert_journal_forgotten (sequence) VALUES (0);

-- Alerts of a route that are told together.
CREATE TABLE alert_groups (
    tenant TEXT NOT NULL,
    route  TEXT NOT NULL,
    key    TEXT NOT NULL,
    due    INTEGER, -- when it is to be looked at again
    body   TEXT NOT NULL,
    PRIMARY KEY (tenant, route, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX alert_groups_due ON alert_groups (due) WHERE due IS NOT NULL;

-- Notices on their way to receivers, and afterwards the log of them. `body` is the
-- delivery; the columns before it repeat what is asked for.
CREATE TABLE deliveries (
    place       INTEGER PRIMARY KEY,
    tenant      TEXT    NOT NULL,
    id          BLOB    NOT NULL,
    receiver    TEXT    NOT NULL,
    channel     TEXT    NOT NULL, -- as the contract names it
    state       INTEGER NOT NULL, -- 0 QUEUED, 1 DELIVERED, 2 SUPPRESSED, 3 EXPIRED, 4 DEAD_LETTERED
    level       INTEGER NOT NULL, -- urgency
    later       INTEGER NOT NULL, -- 0 for P0, 1 for the others
    reason      TEXT    NOT NULL,
    due         INTEGER NOT NULL,
    deadline    INTEGER NOT NULL,
    create_time INTEGER NOT NULL,
    over_time   INTEGER,          -- since when it is not QUEUED
    failover    INTEGER NOT NULL, -- another stands in for it
    about       BLOB,             -- the alert it tells of, where it is exactly one
    calls       INTEGER NOT NULL, -- of the vendor
    codes       TEXT    NOT NULL, -- the vendor's, an array, in JSON
    body        TEXT    NOT NULL,
    UNIQUE (tenant, id)
) STRICT;

CREATE INDEX deliveries_queued ON deliveries (tenant, receiver, later, id) WHERE state = 0;
CREATE INDEX deliveries_about ON deliveries (tenant, receiver, about, id) WHERE state = 0;
CREATE INDEX deliveries_due_of_receiver ON deliveries (tenant, receiver, due) WHERE state = 0;
CREATE INDEX deliveries_due ON deliveries (due) WHERE state = 0;
CREATE INDEX deliveries_deadline ON deliveries (deadline, id) WHERE state = 0;
CREATE INDEX deliveries_oldest ON deliveries (create_time) WHERE state = 0;
CREATE INDEX deliveries_waiting ON deliveries (tenant, id) WHERE state = 0;
CREATE INDEX deliveries_slow ON deliveries (create_time, id)
    WHERE state = 0 AND later = 0 AND failover = 0;
CREATE INDEX deliveries_dead ON deliveries (tenant, id) WHERE state >= 3;
CREATE INDEX deliveries_over ON deliveries (over_time) WHERE over_time IS NOT NULL;
CREATE INDEX deliveries_by_time ON deliveries (tenant, create_time);
CREATE INDEX deliveries_by_receiver ON deliveries (tenant, receiver, id);

-- Which alerts a delivery tells of.
CREATE TABLE delivery_alerts (
    delivery INTEGER NOT NULL, -- its place
    alert    BLOB    NOT NULL,
    PRIMARY KEY (delivery, alert)
) STRICT, WITHOUT ROWID;

CREATE INDEX delivery_alerts_by_alert ON delivery_alerts (alert, delivery);

-- What is known of receivers.
CREATE TABLE receiver_healths (
    tenant   TEXT NOT NULL,
    receiver TEXT NOT NULL,
    body     TEXT NOT NULL,
    PRIMARY KEY (tenant, receiver)
) STRICT, WITHOUT ROWID;
