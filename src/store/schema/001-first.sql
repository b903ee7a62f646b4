-- Raw mail, once a digest; codec 0 as it is, 1 zlib.
CREATE TABLE raw (
	id INTEGER PRIMARY KEY,
	sha256 TEXT NOT NULL UNIQUE,
	size INTEGER NOT NULL,
	codec INTEGER NOT NULL,
	octets BLOB NOT NULL
) STRICT;

CREATE TABLE person (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	name TEXT,
	address TEXT NOT NULL,
	language TEXT,
	agent TEXT,
	token_epoch INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE address (
	address TEXT PRIMARY KEY,
	person INTEGER NOT NULL REFERENCES person(id)
) STRICT, WITHOUT ROWID;

CREATE TABLE ticket (
	id INTEGER PRIMARY KEY,
	state TEXT NOT NULL,
	type TEXT NOT NULL,
	priority TEXT NOT NULL,
	impact TEXT,
	urgency TEXT,
	queue TEXT NOT NULL,
	team TEXT,
	owner TEXT,
	level INTEGER NOT NULL DEFAULT 1,
	subject TEXT,
	language TEXT,
	requester INTEGER REFERENCES person(id),
	created_at INTEGER NOT NULL,
	updated_at INTEGER NOT NULL,
	resolved_at INTEGER NOT NULL DEFAULT 0,
	closed_at INTEGER NOT NULL DEFAULT 0,
	merged_into INTEGER REFERENCES ticket(id),
	sla TEXT,
	is_unproven INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX ticket_requester ON ticket(requester, created_at);
CREATE INDEX ticket_state ON ticket(state);
CREATE INDEX ticket_owner ON ticket(owner) WHERE owner IS NOT NULL;

CREATE TABLE tag (
	ticket INTEGER NOT NULL REFERENCES ticket(id),
	tag TEXT NOT NULL,
	PRIMARY KEY (ticket, tag)
) STRICT, WITHOUT ROWID;
CREATE INDEX tag_tag ON tag(tag);

CREATE TABLE field (
	ticket INTEGER NOT NULL REFERENCES ticket(id),
	name TEXT NOT NULL,
	value TEXT NOT NULL,
	PRIMARY KEY (ticket, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE link (
	ticket INTEGER NOT NULL REFERENCES ticket(id),
	kind TEXT NOT NULL,
	other INTEGER NOT NULL REFERENCES ticket(id),
	PRIMARY KEY (ticket, kind, other)
) STRICT, WITHOUT ROWID;

CREATE TABLE participant (
	ticket INTEGER NOT NULL REFERENCES ticket(id),
	person INTEGER NOT NULL REFERENCES person(id),
	kind TEXT NOT NULL,
	PRIMARY KEY (ticket, person)
) STRICT, WITHOUT ROWID;

-- The dedup ledger: every mail that was accepted, and where it ended.
CREATE TABLE delivery (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	door TEXT NOT NULL,
	door_key TEXT UNIQUE,
	sha256 TEXT NOT NULL REFERENCES raw(sha256),
	size INTEGER NOT NULL,
	content_hash TEXT NOT NULL,
	message_id TEXT,
	envelope_sender TEXT,
	recipients TEXT NOT NULL,
	received_at INTEGER NOT NULL,
	state TEXT,
	ticket INTEGER REFERENCES ticket(id),
	message INTEGER REFERENCES message(id),
	other INTEGER REFERENCES delivery(id),
	reason TEXT
) STRICT;
CREATE INDEX delivery_content ON delivery(content_hash, received_at);
CREATE INDEX delivery_message_id ON delivery(message_id)
	WHERE message_id IS NOT NULL;

CREATE TABLE message (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	ticket INTEGER NOT NULL REFERENCES ticket(id),
	parent INTEGER REFERENCES message(id),
	delivery INTEGER REFERENCES delivery(id),
	direction TEXT NOT NULL,
	is_internal INTEGER NOT NULL,
	is_unproven INTEGER NOT NULL,
	message_id TEXT,
	person INTEGER REFERENCES person(id),
	from_name TEXT,
	from_address TEXT,
	recipients TEXT NOT NULL,
	subject TEXT,
	text TEXT,
	reply TEXT,
	class TEXT NOT NULL,
	date INTEGER NOT NULL,
	received_at INTEGER NOT NULL,
	file_sha256 TEXT REFERENCES raw(sha256),
	conversation TEXT
) STRICT;
CREATE INDEX message_ticket ON message(ticket);
CREATE INDEX message_message_id ON message(message_id)
	WHERE message_id IS NOT NULL;
CREATE INDEX message_conversation ON message(conversation)
	WHERE conversation IS NOT NULL;
CREATE INDEX message_delivery ON message(delivery) WHERE delivery IS NOT NULL;

CREATE TABLE attachment (
	message INTEGER NOT NULL REFERENCES message(id),
	position INTEGER NOT NULL,
	name TEXT,
	type TEXT,
	size INTEGER NOT NULL,
	sha256 TEXT,
	disposition TEXT,
	content_id TEXT,
	PRIMARY KEY (message, position)
) STRICT, WITHOUT ROWID;

-- Ids that a message names and whose own message has not come (yet).
CREATE TABLE awaited (
	message_id TEXT NOT NULL,
	message INTEGER NOT NULL REFERENCES message(id),
	PRIMARY KEY (message_id, message)
) STRICT, WITHOUT ROWID;

CREATE TABLE outbox (
	id INTEGER PRIMARY KEY,
	ticket INTEGER REFERENCES ticket(id),
	message INTEGER REFERENCES message(id),
	delivery INTEGER REFERENCES delivery(id),
	person INTEGER REFERENCES person(id),
	kind TEXT NOT NULL,
	purpose TEXT NOT NULL,
	template TEXT,
	recipient TEXT NOT NULL,
	sender TEXT,
	subject TEXT,
	message_id TEXT NOT NULL UNIQUE,
	envelope TEXT NOT NULL,
	body BLOB NOT NULL,
	state TEXT NOT NULL,
	resend_uncertain INTEGER NOT NULL,
	attempts INTEGER NOT NULL DEFAULT 0,
	created_at INTEGER NOT NULL,
	next_attempt_at INTEGER NOT NULL,
	lease_owner TEXT,
	lease_until INTEGER,
	settled_at INTEGER NOT NULL DEFAULT 0,
	last_error TEXT,
	last_reply TEXT
) STRICT;
CREATE UNIQUE INDEX outbox_once ON outbox(delivery, recipient, purpose)
	WHERE delivery IS NOT NULL;
CREATE INDEX outbox_ticket ON outbox(ticket);
CREATE INDEX outbox_due ON outbox(next_attempt_at, id)
	WHERE state IN ('queued', 'deferred');
CREATE INDEX outbox_leased ON outbox(lease_until) WHERE state = 'sending';
CREATE INDEX outbox_uncertain ON outbox(id) WHERE state = 'uncertain';
CREATE INDEX outbox_recent ON outbox(purpose, created_at);
CREATE INDEX outbox_recipient ON outbox(recipient, created_at);

CREATE TABLE journal (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	at INTEGER NOT NULL,
	actor TEXT NOT NULL,
	event TEXT NOT NULL,
	ticket INTEGER,
	action TEXT NOT NULL
) STRICT;
CREATE INDEX journal_ticket ON journal(ticket) WHERE ticket IS NOT NULL;
CREATE INDEX journal_event ON journal(event);
CREATE TRIGGER journal_is_append_only_u BEFORE UPDATE ON journal
	BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER journal_is_append_only_d BEFORE DELETE ON journal
	BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

CREATE TABLE quarantine (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	delivery INTEGER NOT NULL REFERENCES delivery(id),
	ticket INTEGER REFERENCES ticket(id),
	received_at INTEGER NOT NULL,
	sender TEXT,
	recipient TEXT,
	subject TEXT,
	reason TEXT NOT NULL,
	state TEXT NOT NULL
) STRICT;

CREATE TABLE timer (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	ticket INTEGER NOT NULL REFERENCES ticket(id),
	kind TEXT NOT NULL,
	stage TEXT NOT NULL,
	epoch INTEGER NOT NULL,
	due_at INTEGER NOT NULL,
	state TEXT NOT NULL,
	UNIQUE (ticket, kind, stage, epoch)
) STRICT;

-- Mails whose process died over them, by digest.
CREATE TABLE hand (
	sha256 TEXT PRIMARY KEY,
	times INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE counter (
	name TEXT PRIMARY KEY,
	value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE note (
	name TEXT PRIMARY KEY,
	text TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Numbers that are never given twice, not even after a purge.
CREATE TABLE sequence (
	name TEXT PRIMARY KEY,
	last INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO sequence (name, last) VALUES ('ticket', 0), ('outbox', 0);

CREATE VIRTUAL TABLE search USING fts5(
	subject, text, content='', tokenize='unicode61 remove_diacritics 2'
);
