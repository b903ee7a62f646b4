-- The knowledge base: the newest version of each article ...
CREATE TABLE article (
	id INTEGER PRIMARY KEY,
	version INTEGER NOT NULL,
	title TEXT NOT NULL,
	language TEXT NOT NULL,
	category TEXT,
	keywords TEXT,
	kind TEXT NOT NULL,
	state TEXT NOT NULL,
	visibility TEXT NOT NULL,
	text TEXT NOT NULL,
	source INTEGER REFERENCES ticket(id),
	original INTEGER REFERENCES article(id),
	created_at INTEGER NOT NULL,
	updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX article_original ON article(original) WHERE original IS NOT NULL;

-- ... and what each version said.
CREATE TABLE article_version (
	article INTEGER NOT NULL REFERENCES article(id),
	version INTEGER NOT NULL,
	at INTEGER NOT NULL,
	actor TEXT NOT NULL,
	title TEXT NOT NULL,
	text TEXT NOT NULL,
	PRIMARY KEY (article, version)
) STRICT, WITHOUT ROWID;

-- What an article had to do with a ticket: proposed, solved, sent, source.
CREATE TABLE article_use (
	article INTEGER NOT NULL REFERENCES article(id),
	ticket INTEGER NOT NULL REFERENCES ticket(id),
	kind TEXT NOT NULL,
	at INTEGER NOT NULL,
	PRIMARY KEY (article, ticket, kind)
) STRICT, WITHOUT ROWID;
CREATE INDEX article_use_ticket ON article_use(ticket);

-- A person's last word on an article: 1 it helped, -1 it did not.
CREATE TABLE article_vote (
	article INTEGER NOT NULL REFERENCES article(id),
	person INTEGER NOT NULL REFERENCES person(id),
	vote INTEGER NOT NULL,
	at INTEGER NOT NULL,
	PRIMARY KEY (article, person)
) STRICT, WITHOUT ROWID;

-- Stems, not words (desk/terms.h), so the tokenizer only splits at blanks.
CREATE VIRTUAL TABLE article_search USING fts5(
	title, keywords, text, tokenize='unicode61 remove_diacritics 0'
);
CREATE VIRTUAL TABLE article_term USING fts5vocab('article_search', 'row');

INSERT INTO sequence (name, last) VALUES ('article', 0);
