-- Claiming looks at doubtful mails only where they are sent again, oldest
-- first: one that is not sent again stays in doubt for ever.
DROP INDEX outbox_uncertain;
CREATE INDEX outbox_again ON outbox(next_attempt_at, id)
	WHERE state = 'uncertain' AND resend_uncertain <> 0;

-- What is held is asked for daily; what was settled stays.
CREATE INDEX quarantine_held ON quarantine(id) WHERE state = 'held';
CREATE INDEX quarantine_delivery ON quarantine(delivery);
