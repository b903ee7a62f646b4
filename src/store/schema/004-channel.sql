-- By which way a mail goes out: '' is the smtp section, a name is one of the
-- channel sections, webhook:NAME is no mail.  A channel that rests must cost
-- nothing, so each has its own due mails.
ALTER TABLE outbox ADD COLUMN channel TEXT NOT NULL DEFAULT '';
DROP INDEX outbox_due;
CREATE INDEX outbox_due ON outbox(channel, next_attempt_at, id)
	WHERE state IN ('queued', 'deferred');
DROP INDEX outbox_again;
CREATE INDEX outbox_again ON outbox(channel, next_attempt_at, id)
	WHERE state = 'uncertain' AND resend_uncertain <> 0;
