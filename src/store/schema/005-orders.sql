-- What a merge moved, so that it can be taken back.
CREATE TABLE merged (
	ticket INTEGER PRIMARY KEY REFERENCES ticket(id),
	target INTEGER NOT NULL REFERENCES ticket(id),
	state TEXT NOT NULL
) STRICT;
CREATE INDEX merged_target ON merged(target);
CREATE TABLE merged_message (
	ticket INTEGER NOT NULL REFERENCES ticket(id),
	message INTEGER NOT NULL REFERENCES message(id),
	PRIMARY KEY (ticket, message)
) STRICT, WITHOUT ROWID;
CREATE TABLE merged_person (
	ticket INTEGER NOT NULL REFERENCES ticket(id),
	person INTEGER NOT NULL REFERENCES person(id),
	PRIMARY KEY (ticket, person)
) STRICT, WITHOUT ROWID;

-- What the desk is to come back to: the end of a wait, an agent's reminder.
CREATE TABLE reminder (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	ticket INTEGER NOT NULL REFERENCES ticket(id),
	kind TEXT NOT NULL,
	due_at INTEGER NOT NULL,
	agent TEXT,
	text TEXT,
	state TEXT NOT NULL
) STRICT;
CREATE INDEX reminder_due ON reminder(due_at) WHERE state = 'waiting';
CREATE INDEX reminder_ticket ON reminder(ticket);
