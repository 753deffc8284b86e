-- One row: the name of this file's chain.
CREATE TABLE chain (writer TEXT NOT NULL) STRICT;

-- The audit log. `record` is the canonical form that `leaf` covers; the columns
-- before it repeat what queries filter by.
CREATE TABLE records (
    sequence     INTEGER PRIMARY KEY,
    id           BLOB    NOT NULL UNIQUE,
    tenant       TEXT    NOT NULL,
    receive_time INTEGER NOT NULL, -- microseconds since the epoch
    kind         INTEGER NOT NULL,
    scene        TEXT    NOT NULL,
    conversation TEXT    NOT NULL,
    sender       TEXT    NOT NULL,
    message_id   TEXT    NOT NULL,
    level        INTEGER NOT NULL, -- urgency, -1 for none
    decision     INTEGER NOT NULL,
    record       BLOB    NOT NULL,
    content      BLOB,             -- null once erased, with its salt
    salt         BLOB,
    previous     BLOB    NOT NULL,
    leaf         BLOB    NOT NULL
) STRICT;

CREATE INDEX records_by_time ON records (tenant, receive_time, sequence);
CREATE INDEX records_by_conversation ON records (tenant, conversation, receive_time, sequence);
CREATE INDEX records_by_sender ON records (tenant, sender, receive_time, sequence);

-- Rules, labels and character pairs of each record, by its sequence.
CREATE VIRTUAL TABLE record_tokens USING fts5 (
    tokens, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii'
);

-- What a repeated message is known by, for 24 hours.
CREATE TABLE message_ids (
    key          BLOB    NOT NULL PRIMARY KEY,
    content      BLOB    NOT NULL,
    sequence     INTEGER NOT NULL,
    receive_time INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX message_ids_by_time ON message_ids (receive_time);

CREATE TABLE rule_sets (
    tenant   TEXT    NOT NULL PRIMARY KEY,
    revision INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE rules (
    tenant TEXT NOT NULL,
    id     TEXT NOT NULL,
    body   TEXT NOT NULL,
    PRIMARY KEY (tenant, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE revisions (
    tenant TEXT    NOT NULL,
    number INTEGER NOT NULL,
    body   TEXT    NOT NULL,
    PRIMARY KEY (tenant, number)
) STRICT;

CREATE TABLE tenants (
    id      TEXT    NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL,
    body    TEXT    NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE api_keys (
    tenant TEXT NOT NULL,
    id     TEXT NOT NULL,
    body   TEXT NOT NULL,
    PRIMARY KEY (tenant, id)
) STRICT, WITHOUT ROWID;

-- Mutations that were carried out, for 24 hours.
CREATE TABLE requests (
    tenant      TEXT    NOT NULL,
    id          TEXT    NOT NULL,
    fingerprint TEXT    NOT NULL,
    outcome     TEXT    NOT NULL,
    time        INTEGER NOT NULL,
    PRIMARY KEY (tenant, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX requests_by_time ON requests (time);
