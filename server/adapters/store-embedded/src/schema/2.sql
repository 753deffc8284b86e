-- Word lists without their entries.
CREATE TABLE word_lists (
    tenant TEXT NOT NULL,
    id     TEXT NOT NULL,
    body   TEXT NOT NULL,
    PRIMARY KEY (tenant, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE policy_tests (
    tenant TEXT NOT NULL,
    id     TEXT NOT NULL,
    body   TEXT NOT NULL,
    PRIMARY KEY (tenant, id)
) STRICT, WITHOUT ROWID;

-- What each revision did to the entries of a list; with `whole`, all entries the
-- list had as of the revision instead.
CREATE TABLE word_list_changes (
    tenant   TEXT    NOT NULL,
    list     TEXT    NOT NULL,
    revision INTEGER NOT NULL,
    whole    INTEGER NOT NULL,
    batch    TEXT    NOT NULL,
    PRIMARY KEY (tenant, list, whole, revision)
) STRICT, WITHOUT ROWID;

-- The changes themselves, in CBOR, in parts that were written before the revision:
-- a batch that no change names is left over from a write that did not end.
CREATE TABLE word_list_parts (
    batch TEXT    NOT NULL,
    part  INTEGER NOT NULL,
    body  BLOB    NOT NULL,
    PRIMARY KEY (batch, part)
) STRICT;
