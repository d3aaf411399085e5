"""The tables, as the steps that made them. A step that has been released is never edited: add another.

`mentions` holds what was collected; `progress` is narrow, so that moving a million mentions through the stages
rewrites few pages. `n` is the order of arrival and joins them all. Stages are 0 read, 1 relate, 2 index, 3 done.
"""

from __future__ import annotations

FIRST = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO meta VALUES ('generation', 0), ('index_version', 0), ('erased_lines', 0);

CREATE TABLE labels (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
INSERT INTO labels VALUES (0, '');
CREATE TABLE versions (
    id INTEGER PRIMARY KEY, model TEXT NOT NULL, lexicon TEXT NOT NULL, brands TEXT NOT NULL,
    UNIQUE (model, lexicon, brands)
);

CREATE TABLE mentions (
    n INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, source TEXT NOT NULL, author TEXT NOT NULL,
    published INTEGER, collected INTEGER NOT NULL, revision TEXT NOT NULL, raw TEXT NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX mentions_source ON mentions (source);
CREATE TABLE sightings (
    n INTEGER NOT NULL, raw TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (n, raw)
) WITHOUT ROWID;

CREATE TABLE progress (
    n INTEGER PRIMARY KEY, stage INTEGER NOT NULL DEFAULT 0, claim INTEGER, since INTEGER,
    reading INTEGER, relation INTEGER, indexed INTEGER
);
CREATE INDEX progress_waiting ON progress (stage) WHERE stage < 3;
CREATE INDEX progress_claimed ON progress (claim) WHERE claim IS NOT NULL;
CREATE TABLE claims (
    id INTEGER PRIMARY KEY AUTOINCREMENT, token TEXT NOT NULL UNIQUE, stage INTEGER NOT NULL, expires INTEGER NOT NULL
);
CREATE INDEX claims_expires ON claims (expires);

CREATE TABLE readings (n INTEGER PRIMARY KEY, revision TEXT NOT NULL, body TEXT NOT NULL, vector BLOB NOT NULL);
CREATE TABLE relations (n INTEGER PRIMARY KEY, duplicate_of TEXT NOT NULL, body TEXT NOT NULL);
CREATE INDEX relations_duplicate ON relations (duplicate_of) WHERE duplicate_of <> '';
CREATE TABLE history (
    id INTEGER PRIMARY KEY, n INTEGER NOT NULL, since INTEGER, until INTEGER, claim INTEGER,
    at INTEGER NOT NULL, body BLOB NOT NULL
);
CREATE INDEX history_n ON history (n);
CREATE INDEX history_at ON history (at);
CREATE INDEX history_claim ON history (claim) WHERE claim IS NOT NULL;
CREATE TABLE missing (since INTEGER NOT NULL, until INTEGER NOT NULL, count INTEGER NOT NULL);

CREATE TABLE signatures (
    n INTEGER PRIMARY KEY, author TEXT NOT NULL, published INTEGER, exact TEXT NOT NULL, bands TEXT NOT NULL,
    minhash BLOB NOT NULL
);
CREATE TABLE bands (
    key INTEGER NOT NULL, published INTEGER NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (key, published, n)
) WITHOUT ROWID;

CREATE TABLE frontier (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, crawl TEXT NOT NULL, fingerprint TEXT NOT NULL, state INTEGER NOT NULL,
    priority INTEGER NOT NULL, expires INTEGER NOT NULL DEFAULT 0, url TEXT NOT NULL, callback TEXT NOT NULL,
    meta TEXT NOT NULL, UNIQUE (crawl, fingerprint)
);
CREATE INDEX frontier_waiting ON frontier (crawl, priority DESC, seq) WHERE state = 0;
CREATE INDEX frontier_leased ON frontier (crawl, expires) WHERE state = 1;
CREATE TABLE cursors (subject TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE health (
    source TEXT NOT NULL, hour INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (source, hour)
) WITHOUT ROWID;
CREATE INDEX health_hour ON health (hour);

CREATE TABLE incidents (id TEXT PRIMARY KEY, status TEXT NOT NULL, started INTEGER NOT NULL, body TEXT NOT NULL);
CREATE INDEX incidents_started ON incidents (started);
CREATE TABLE evidence (
    incident TEXT NOT NULL, place INTEGER NOT NULL, mention TEXT NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (incident, place)
) WITHOUT ROWID;
CREATE INDEX evidence_mention ON evidence (mention);
CREATE TABLE deliveries (id INTEGER PRIMARY KEY, message TEXT NOT NULL, body TEXT NOT NULL);
CREATE INDEX deliveries_message ON deliveries (message);

CREATE TABLE requests (
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, state TEXT NOT NULL, asked INTEGER NOT NULL, body TEXT NOT NULL
);
CREATE TABLE leases (name TEXT PRIMARY KEY, owner TEXT NOT NULL, expires INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE audits (
    id INTEGER PRIMARY KEY, at INTEGER NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL, detail TEXT NOT NULL
);

CREATE TABLE receipts (seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, body TEXT NOT NULL);
CREATE TABLE erased (key BLOB PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE pending (kind TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (kind, value)) WITHOUT ROWID;
"""

LABELS = """
INSERT INTO meta VALUES ('labels', 0);
CREATE TABLE label_draws (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, body TEXT NOT NULL);
CREATE TABLE label_sample (
    n INTEGER PRIMARY KEY, revision TEXT NOT NULL, weight REAL NOT NULL, place INTEGER NOT NULL, body TEXT NOT NULL
);
CREATE TABLE label_answers (
    id INTEGER PRIMARY KEY, n INTEGER NOT NULL, revision TEXT NOT NULL, who TEXT NOT NULL, at INTEGER NOT NULL,
    body TEXT NOT NULL, UNIQUE (n, revision, who)
);
"""

TOPICS = """
CREATE TABLE topic_runs (
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, query TEXT NOT NULL, at INTEGER NOT NULL, body TEXT NOT NULL,
    rule BLOB NOT NULL
);
CREATE TABLE topic_members (
    run INTEGER NOT NULL, topic TEXT NOT NULL, place INTEGER NOT NULL, n INTEGER NOT NULL,
    quoted INTEGER, quote_start INTEGER, quote_end INTEGER, PRIMARY KEY (run, topic, place)
) WITHOUT ROWID;
CREATE INDEX topic_members_n ON topic_members (n);
CREATE INDEX topic_members_quoted ON topic_members (run, topic, quoted) WHERE quoted IS NOT NULL;
CREATE TRIGGER topic_members_erased AFTER DELETE ON mentions BEGIN DELETE FROM topic_members WHERE n = OLD.n; END;
CREATE TRIGGER topic_members_rewritten AFTER UPDATE OF revision ON mentions WHEN OLD.revision <> NEW.revision
    BEGIN UPDATE topic_members SET quoted = NULL WHERE n = OLD.n; END;
"""

REREADING = """
CREATE INDEX progress_unread ON progress (stage) WHERE stage = 0 AND reading IS NULL;
CREATE TABLE viewed (query TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE ahead (place INTEGER PRIMARY KEY, n INTEGER NOT NULL UNIQUE);
CREATE TRIGGER ahead_erased AFTER DELETE ON mentions BEGIN DELETE FROM ahead WHERE n = OLD.n; END;
CREATE TABLE generations (generation INTEGER PRIMARY KEY, at INTEGER NOT NULL);
CREATE TABLE words (since INTEGER PRIMARY KEY, body TEXT NOT NULL);
"""

NAMELESS = """
CREATE TEMP TABLE naming AS SELECT seq FROM topic_runs WHERE query LIKE '%author%' OR query LIKE '%作者%'
    OR query GLOB '*[Ａ-Ｚａ-ｚ]*' OR query GLOB '*[\U0001d400-\U0001d7ff]*';
DELETE FROM topic_members WHERE run IN (SELECT seq FROM naming);
DELETE FROM topic_runs WHERE seq IN (SELECT seq FROM naming);
DROP TABLE naming;
"""
"""Topic runs were kept under their query as typed, an author's name with it. A field may be typed in wide or
mathematical letters too."""

STEPS: tuple[str, ...] = (FIRST, LABELS, TOPICS, REREADING, NAMELESS)
"""STEPS[k] brings a file from version k to k + 1."""
VERSION = len(STEPS)
