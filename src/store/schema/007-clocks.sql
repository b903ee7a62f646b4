-- What each promise of a ticket has come to; the timers follow from it.
CREATE TABLE clock (
	ticket INTEGER NOT NULL REFERENCES ticket(id),
	kind TEXT NOT NULL,
	epoch INTEGER NOT NULL,
	state TEXT NOT NULL,
	started_at INTEGER NOT NULL,
	since_at INTEGER NOT NULL,
	stopped_at INTEGER NOT NULL,
	target INTEGER NOT NULL,
	used INTEGER NOT NULL,
	worst INTEGER NOT NULL,
	due_at INTEGER NOT NULL,
	breached_at INTEGER NOT NULL,
	PRIMARY KEY (ticket, kind)
) STRICT, WITHOUT ROWID;
CREATE INDEX clock_due ON clock(due_at) WHERE state = 'running';

CREATE INDEX timer_due ON timer(due_at) WHERE state = 'pending';

-- What somebody is still to be told about a ticket in danger.
CREATE TABLE notice (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	ticket INTEGER NOT NULL REFERENCES ticket(id),
	receiver TEXT NOT NULL,
	kind TEXT NOT NULL,
	stage TEXT NOT NULL,
	due_at INTEGER NOT NULL,
	at INTEGER NOT NULL,
	state TEXT NOT NULL
) STRICT;
CREATE INDEX notice_waiting ON notice(receiver, at) WHERE state = 'waiting';
