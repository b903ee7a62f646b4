/* What went out lately, what was held back, and which addresses refuse mail. */
#include <string.h>

#include "base/error.h"

#include "store/rows.h"

#define TO \
	"SELECT count(*) FROM outbox WHERE recipient = $1 AND created_at >= $2"

static bool
count_recipient(Store *store, const BudgetQuestion *question, BudgetUse *out,
                GError **error)
{
	int64_t an_hour_ago = question->now - BUDGET_HOUR;

	return db_number(store->db, &out->recipient_hour, error, TO, "ti",
	                 question->to, an_hour_ago) &&
	       db_number(store->db, &out->ticket_recipient_hour, error,
	                 TO " AND ticket = $3", "tii", question->to,
	                 an_hour_ago, question->ticket) &&
	       db_number(store->db, &out->recipient_burst, error,
	                 TO " AND purpose <> 'reply' AND id > COALESCE("
	                    "(SELECT max(id) FROM outbox WHERE recipient = $1"
	                    " AND created_at >= $2 AND purpose = 'reply'), 0)",
	                 "ti", question->to,
	                 question->now - BUDGET_BURST_SECONDS);
}

/* Agents are told of their tickets: that is no bomb on their domain. */
static bool
count_all(Store *store, const BudgetQuestion *question, BudgetUse *out,
          GError **error)
{
	const char *at = strrchr(question->to, '@');
	int64_t an_hour_ago = question->now - BUDGET_HOUR;

	return db_number(store->db, &out->domain_hour, error,
	                 "SELECT count(*) FROM outbox WHERE domain = $1"
	                 " AND created_at >= $2 AND NOT EXISTS"
	                 " (SELECT 1 FROM person WHERE person.id ="
	                 " outbox.person AND agent IS NOT NULL)",
	                 "ti", at == NULL ? "" : at + 1, an_hour_ago) &&
	       db_number(store->db, &out->all_hour, error,
	                 "SELECT count(*) FROM outbox WHERE created_at >= $1",
	                 "i", an_hour_ago);
}

bool
store_budget_use(Store *store, const BudgetQuestion *question, BudgetUse *out,
                 GError **error)
{
	g_autoptr(Mailbox) mailbox = NULL;

	if (!count_recipient(store, question, out, error) ||
	    !count_all(store, question, out, error) ||
	    !store_mailbox_get(store, question->to, &mailbox, error))
		return false;
	out->rests_until = mailbox == NULL ? 0 : mailbox->rests_until;
	return true;
}

bool
store_count_words(Store *store, const char *address, const char *words,
                  int64_t since, int64_t *out_count, GError **error)
{
	return db_number(store->db, out_count, error,
	                 "SELECT count(*) FROM message WHERE person ="
	                 " (SELECT person FROM address WHERE address = $1)"
	                 " AND received_at >= $2 AND reply = $3",
	                 "tit", address, since, words);
}

/* ---- held back ---- */

bool
store_withheld_add(Store *store, const Withheld *withheld, GError **error)
{
	return db_run(store->db, error,
	              "INSERT INTO withheld (at, ticket, recipient, agent,"
	              " purpose, template, reason) VALUES ($1, NULLIF($2, 0),"
	              " $3, $4, $5, $6, $7)",
	              "iittttt", withheld->at, withheld->ticket, withheld->to,
	              withheld->agent, withheld->purpose, withheld->template,
	              withheld->reason);
}

/* ---- addresses ---- */

bool
store_mailbox_get(Store *store, const char *address, Mailbox **out,
                  GError **error)
{
	GError *trouble = NULL;
	g_autoptr(DbStatement) rows =
		db_query(store->db, error,
	                 "SELECT address, state, failures, first_at, last_at,"
	                 " last_outbox, rests_until, reason FROM mailbox"
	                 " WHERE address = $1",
	                 "t", address);

	*out = NULL;
	if (rows == NULL)
		return false;
	if (db_next(rows, &trouble)) {
		Mailbox *mailbox = *out = g_new0(Mailbox, 1);

		mailbox->address = db_dup(rows, 0);
		mailbox_state_from_name(db_text(rows, 1), &mailbox->state);
		mailbox->failures = (int)db_int(rows, 2);
		mailbox->first_at = db_int(rows, 3);
		mailbox->last_at = db_int(rows, 4);
		mailbox->last_outbox = db_int(rows, 5);
		mailbox->rests_until = db_int(rows, 6);
		mailbox->reason = db_dup(rows, 7);
	}
	if (trouble == NULL)
		return true;
	g_propagate_error(error, trouble);
	return false;
}

bool
store_mailbox_put(Store *store, const Mailbox *mailbox, GError **error)
{
	return db_run(store->db, error,
	              "INSERT INTO mailbox (address, state, failures, first_at,"
	              " last_at, last_outbox, rests_until, reason)"
	              " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
	              " ON CONFLICT (address) DO UPDATE SET state = $2,"
	              " failures = $3, first_at = $4, last_at = $5,"
	              " last_outbox = $6, rests_until = $7, reason = $8",
	              "ttiiiiit", mailbox->address,
	              mailbox_state_name(mailbox->state),
	              (int64_t)mailbox->failures, mailbox->first_at,
	              mailbox->last_at, mailbox->last_outbox,
	              mailbox->rests_until, mailbox->reason);
}

bool
store_mailbox_forget(Store *store, const char *address, GError **error)
{
	return db_run(store->db, error,
	              "DELETE FROM mailbox WHERE address = $1", "t", address);
}
