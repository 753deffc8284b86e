-- Resources that tenants keep by name, as documents: sanction rules, enforcers.
CREATE TABLE shelves (
    collection TEXT    NOT NULL,
    tenant     TEXT    NOT NULL,
    id         TEXT    NOT NULL,
    version    INTEGER NOT NULL,
    body       TEXT    NOT NULL,
    PRIMARY KEY (collection, tenant, id)
) STRICT, WITHOUT ROWID;

-- What happened to strikes and sanctions. `leaf` covers tenant, time and body, and
-- is chained like that of records.
CREATE TABLE journal (
    sequence INTEGER PRIMARY KEY,
    tenant   TEXT    NOT NULL,
    time     INTEGER NOT NULL, -- microseconds since the epoch
    body     TEXT    NOT NULL,
    previous BLOB    NOT NULL,
    leaf     BLOB    NOT NULL
) STRICT;

-- From here to `switches`: projections of the journal, which can be rebuilt from it.
-- One row: the entry they are up to.
CREATE TABLE projected (sequence INTEGER NOT NULL) STRICT;
INSERT INTO projected (sequence) VALUES (0);

-- Counters that hold a strike.
CREATE TABLE counters (
    id      INTEGER PRIMARY KEY,
    tenant  TEXT NOT NULL,
    rule    TEXT NOT NULL,
    subject BLOB NOT NULL, -- its key
    user    TEXT NOT NULL,
    server  TEXT NOT NULL,
    body    TEXT NOT NULL, -- the subject
    UNIQUE (tenant, rule, subject)
) STRICT;

CREATE INDEX counters_by_tenant ON counters (tenant, id);
CREATE INDEX counters_by_user ON counters (tenant, user, id);

CREATE TABLE strikes (
    counter  INTEGER NOT NULL,
    time     INTEGER NOT NULL,
    sequence INTEGER NOT NULL, -- of the entry that counted it
    weight   INTEGER NOT NULL,
    PRIMARY KEY (counter, time, sequence)
) STRICT, WITHOUT ROWID;

-- Until when a rule does not count a subject.
CREATE TABLE graces (
    tenant  TEXT    NOT NULL,
    rule    TEXT    NOT NULL,
    subject BLOB    NOT NULL,
    until   INTEGER NOT NULL,
    PRIMARY KEY (tenant, rule, subject)
) STRICT, WITHOUT ROWID;

-- `body` is the sanction; the columns before it repeat what is asked for.
CREATE TABLE sanctions (
    sequence      INTEGER PRIMARY KEY, -- of its first entry
    tenant        TEXT    NOT NULL,
    id            BLOB    NOT NULL,
    state         INTEGER NOT NULL, -- in the order of the contract, from 0 for PENDING
    kind          INTEGER NOT NULL,
    origin        INTEGER NOT NULL, -- 0 for AUTOMATIC
    subject       BLOB    NOT NULL, -- its key
    user          TEXT    NOT NULL,
    server        TEXT    NOT NULL,
    channel       TEXT    NOT NULL,
    category      TEXT    NOT NULL,
    role          TEXT    NOT NULL,
    rule          TEXT    NOT NULL, -- empty when made by hand
    revision      INTEGER NOT NULL,
    operator      TEXT    NOT NULL,
    start_time    INTEGER NOT NULL,
    end_time      INTEGER,
    dispatch_time INTEGER,
    permanent     INTEGER NOT NULL,
    suppressed    INTEGER NOT NULL,
    open          INTEGER NOT NULL, -- neither suppressed nor over, nor a warning that is DONE
    released      INTEGER NOT NULL, -- a person let it out of HELD
    body          TEXT    NOT NULL,
    UNIQUE (tenant, id)
) STRICT;

CREATE INDEX sanctions_by_tenant ON sanctions (tenant, sequence);
CREATE INDEX sanctions_by_user ON sanctions (tenant, user, sequence);
CREATE INDEX sanctions_by_rule ON sanctions (tenant, rule, sequence);
CREATE INDEX sanctions_by_subject ON sanctions (tenant, subject, rule, start_time);
CREATE INDEX sanctions_open ON sanctions (tenant, user, sequence) WHERE open = 1;
CREATE INDEX sanctions_ending ON sanctions (end_time) WHERE open = 1 AND end_time IS NOT NULL;
CREATE INDEX sanctions_in_force ON sanctions (tenant, sequence) WHERE open = 1;
CREATE INDEX sanctions_unfinished ON sanctions (state, start_time) WHERE state < 3;
CREATE INDEX sanctions_waiting ON sanctions (tenant, sequence) WHERE state < 3;
CREATE INDEX sanctions_pending ON sanctions (released, start_time, sequence) WHERE state = 0;
CREATE INDEX sanctions_dispatched ON sanctions (dispatch_time, tenant, rule, released)
    WHERE origin = 0 AND dispatch_time IS NOT NULL;

CREATE TABLE switches (
    tenant TEXT NOT NULL PRIMARY KEY,
    body   TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What enforcers are to be told. Ids are never used again: who held a job that is
-- forgotten must not settle another.
CREATE TABLE jobs (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant      TEXT    NOT NULL,
    enforcer    TEXT    NOT NULL,
    webhook     INTEGER NOT NULL,
    sanction    BLOB    NOT NULL,
    subject     BLOB    NOT NULL, -- its key
    notice      INTEGER NOT NULL,
    state       INTEGER NOT NULL, -- 0 waiting, 1 leased, 2 done, 3 failed
    attempts    INTEGER NOT NULL,
    due         INTEGER NOT NULL,
    fence       INTEGER NOT NULL,
    create_time INTEGER NOT NULL
) STRICT;

CREATE INDEX jobs_due ON jobs (due) WHERE state < 2;
CREATE INDEX jobs_of_enforcer ON jobs (webhook, tenant, enforcer, due, id) WHERE state < 2;
CREATE INDEX jobs_in_order ON jobs (tenant, enforcer, subject, id) WHERE state < 2;
CREATE INDEX jobs_by_sanction ON jobs (tenant, sanction, id) WHERE state < 2;
CREATE INDEX jobs_over ON jobs (create_time) WHERE state >= 2;
