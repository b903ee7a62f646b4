-- What was sent lately, by domain and in all; who wrote what lately.
ALTER TABLE outbox ADD COLUMN domain TEXT NOT NULL DEFAULT '';
CREATE INDEX outbox_domain ON outbox(domain, created_at);
CREATE INDEX outbox_created ON outbox(created_at);
CREATE INDEX message_person ON message(person, received_at);

-- Mails that were held back; those to agents are told of in a digest.
CREATE TABLE withheld (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	at INTEGER NOT NULL,
	ticket INTEGER REFERENCES ticket(id),
	recipient TEXT NOT NULL,
	agent TEXT,
	purpose TEXT NOT NULL,
	template TEXT,
	reason TEXT NOT NULL,
	is_told INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX withheld_untold ON withheld(recipient, at)
	WHERE is_told = 0 AND agent IS NOT NULL;

-- Addresses that mails of ours did not reach.  Each failure counts once, by the
-- outgoing mail it is about.
CREATE TABLE mailbox (
	address TEXT PRIMARY KEY,
	state TEXT NOT NULL,
	failures INTEGER NOT NULL,
	first_at INTEGER NOT NULL,
	last_at INTEGER NOT NULL,
	last_outbox INTEGER NOT NULL,
	rests_until INTEGER NOT NULL,
	reason TEXT
) STRICT, WITHOUT ROWID;
