/* The invariants of doc/invariants.md, as far as rows can show them: each is a
 * question that gives the rows that break it.  The first column is named in
 * the finding. */
#include "base/error.h"

#include "store/rows.h"

/* a damaged desk is told about, not listed whole */
#define FINDINGS_PER_RULE_MAX 20

static const struct {
	const char *rule;
	const char *sentence; /* about the first column of the row */
	const char *sql;
} rules[] = {
	{ "I1", "delivery %s: its raw mail is missing",
	  "SELECT id FROM delivery d WHERE NOT EXISTS"
	  " (SELECT 1 FROM raw r WHERE r.sha256 = d.sha256 AND r.size = d.size)" },
	{ "I2", "delivery %s: a second ticket for the same mail",
	  "SELECT b.id FROM delivery a JOIN delivery b"
	  " ON a.content_hash = b.content_hash AND a.id < b.id"
	  " AND b.received_at - a.received_at < 604800"
	  " WHERE a.state = 'ticketed' AND b.state = 'ticketed'" },
	{ "I2", "delivery %s: became two messages",
	  "SELECT delivery FROM message WHERE delivery IS NOT NULL"
	  " GROUP BY delivery HAVING count(*) > 1" },
	{ "I3", "delivery %s: is in no terminal state",
	  "SELECT id FROM delivery WHERE state IS NULL OR state NOT IN"
	  " ('ticketed', 'appended', 'command-done', 'bounce-recorded',"
	  "  'foreign-bounce', 'suppressed-auto', 'duplicate-of',"
	  "  'superseded-by', 'quarantined', 'shunted')" },
	{ "I3", "delivery %s: its ticket has no message of it",
	  "SELECT d.id FROM delivery d WHERE d.state IN ('ticketed', 'appended')"
	  " AND NOT EXISTS (SELECT 1 FROM message m WHERE m.id = d.message"
	  "  AND m.delivery = d.id)" },
	{ "I3", "delivery %s: its message is in another ticket",
	  "SELECT d.id FROM delivery d JOIN message m ON m.id = d.message"
	  " JOIN ticket t ON t.id = d.ticket"
	  " WHERE d.state IN ('ticketed', 'appended')"
	  " AND m.ticket <> d.ticket AND t.merged_into IS NULL" },
	{ "I3", "delivery %s: a copy of nothing",
	  "SELECT id FROM delivery"
	  " WHERE state IN ('duplicate-of', 'superseded-by')"
	  " AND (other IS NULL OR other = id)" },
	{ "I3", "delivery %s: quarantined, but not in the quarantine",
	  "SELECT d.id FROM delivery d WHERE d.state = 'quarantined' AND NOT"
	  " EXISTS (SELECT 1 FROM quarantine q WHERE q.delivery = d.id)" },
	{ "I4", "outgoing mail %s: an automatic answer to a machine's mail",
	  "SELECT o.id FROM outbox o JOIN message m ON m.delivery = o.delivery"
	  " WHERE o.purpose IN ('acknowledgement', 'self-service', 'survey')"
	  " AND m.class <> 'person'" },
	{ "I4", "outgoing mail %s: an automatic answer to the null sender",
	  "SELECT o.id FROM outbox o JOIN delivery d ON d.id = o.delivery"
	  " WHERE o.purpose IN ('acknowledgement', 'self-service', 'survey')"
	  " AND d.envelope_sender = ''" },
	{ "I6", "message %s: unproven, but public",
	  "SELECT m.id FROM message m JOIN ticket t ON t.id = m.ticket"
	  " WHERE m.is_unproven <> 0 AND m.is_internal = 0"
	  " AND m.id <> (SELECT min(n.id) FROM message n"
	  "              WHERE n.ticket = m.ticket)" },
	{ "I8", "outgoing mail %s: its journal line is missing",
	  "SELECT o.id FROM outbox o WHERE o.ticket IS NOT NULL AND NOT EXISTS"
	  " (SELECT 1 FROM journal j WHERE j.ticket = o.ticket"
	  "  AND j.action LIKE 'send %' AND j.at = o.created_at)" },
	{ "I8", "outgoing mail %s: its Message-ID is another's too",
	  "SELECT b.id FROM outbox a JOIN outbox b"
	  " ON a.message_id = b.message_id AND a.id < b.id" },
	{ "I8", "outgoing mail %s: leased, but nobody sends it",
	  "SELECT id FROM outbox WHERE (state = 'sending') <>"
	  " (lease_owner IS NOT NULL AND lease_until IS NOT NULL)" },
	{ "I8", "outgoing mail %s: sent, but not settled",
	  "SELECT id FROM outbox WHERE state IN ('sent', 'failed')"
	  " AND settled_at = 0" },
	{ "I8", "outgoing mail %s: never tried, but settled",
	  "SELECT id FROM outbox WHERE state = 'sent' AND attempts = 0" },
	{ "I8", "outgoing mail %s: its number is above the sequence",
	  "SELECT id FROM outbox WHERE id > (SELECT last FROM sequence"
	  " WHERE name = 'outbox')" },
	{ "I9", "timer %s: fired twice",
	  "SELECT id FROM timer GROUP BY ticket, kind, stage, epoch"
	  " HAVING count(*) > 1" },
	{ "I10", "message %s: its parent is in another ticket",
	  "SELECT m.id FROM message m JOIN message p ON p.id = m.parent"
	  " WHERE m.ticket <> p.ticket" },
	{ "I10", "outgoing mail %s: carries a message of another ticket",
	  "SELECT o.id FROM outbox o JOIN message m ON m.id = o.message"
	  " JOIN ticket t ON t.id = o.ticket WHERE m.ticket <> o.ticket"
	  " AND t.merged_into IS NULL" },
	{ "I10",
	  "outgoing mail %s: an internal note to somebody who is no agent",
	  "SELECT o.id FROM outbox o JOIN message m ON m.id = o.message"
	  " JOIN person p ON p.id = o.person WHERE m.is_internal <> 0"
	  " AND p.agent IS NULL" },
	{ "ticket", "ticket %s: its times do not fit its state",
	  "SELECT id FROM ticket WHERE (state = 'closed' AND closed_at = 0)"
	  " OR (state IN ('new', 'open', 'pending', 'hold')"
	  "     AND (closed_at <> 0 OR resolved_at <> 0))" },
	{ "ticket",
	  "ticket %s: merged into nothing, or not merged but pointing",
	  "SELECT id FROM ticket WHERE (state = 'merged') <>"
	  " (merged_into IS NOT NULL)" },
	{ "ticket", "ticket %s: merged in a circle",
	  "WITH RECURSIVE path(origin, at) AS ("
	  " SELECT id, merged_into FROM ticket WHERE merged_into IS NOT NULL"
	  " UNION SELECT path.origin, t.merged_into FROM path"
	  "  JOIN ticket t ON t.id = path.at WHERE t.merged_into IS NOT NULL)"
	  " SELECT origin FROM path WHERE origin = at" },
	{ "ticket", "ticket %s: its requester takes no part in it",
	  "SELECT t.id FROM ticket t WHERE t.requester IS NOT NULL AND NOT EXISTS"
	  " (SELECT 1 FROM participant p WHERE p.ticket = t.id"
	  "  AND p.person = t.requester)" },
	{ "ticket", "ticket %s: its number is above the sequence",
	  "SELECT id FROM ticket WHERE id > (SELECT last FROM sequence"
	  " WHERE name = 'ticket')" },
	{ "ticket", "ticket %s: no journal line opened it",
	  "SELECT t.id FROM ticket t WHERE NOT EXISTS (SELECT 1 FROM journal j"
	  " WHERE j.ticket = t.id AND j.action LIKE 'open %')" },
	{ "search", "message %s: cannot be found by its words",
	  "SELECT m.id FROM message m WHERE NOT EXISTS"
	  " (SELECT 1 FROM search s WHERE s.rowid = m.id)" },
	{ "search", "message %s: its words are kept, but it is not there",
	  "SELECT s.rowid FROM search s WHERE NOT EXISTS"
	  " (SELECT 1 FROM message m WHERE m.id = s.rowid)" },
	{ "person", "person %s: his own address leads to another",
	  "SELECT p.id FROM person p LEFT JOIN address a"
	  " ON a.address = p.address WHERE a.person IS NULL OR a.person <> p.id" },
};

static bool
ask(Store *store, unsigned rule, GPtrArray *findings, GError **error)
{
	GError *trouble = NULL;
	g_autoptr(DbStatement) rows =
		db_query(store->db, error, rules[rule].sql, "");

	if (rows == NULL)
		return false;
	for (unsigned i = 0; db_next(rows, &trouble); i++) {
		if (i >= FINDINGS_PER_RULE_MAX)
			continue;
		g_auto(GStrv) halves =
			g_strsplit(rules[rule].sentence, "%s", 2);
		g_ptr_array_add(findings,
		                g_strdup_printf("%s: %s%s%s", rules[rule].rule,
		                                halves[0], db_text(rows, 0),
		                                halves[1] == NULL ? ""
		                                                  : halves[1]));
	}
	if (trouble != NULL)
		g_propagate_error(error, trouble);
	return trouble == NULL;
}

static GPtrArray *
all_digests(Store *store, GError **error)
{
	GError *trouble = NULL;
	g_autoptr(GPtrArray) digests = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(DbStatement) rows =
		db_query(store->db, error, "SELECT sha256 FROM raw", "");

	if (rows == NULL)
		return NULL;
	while (db_next(rows, &trouble))
		g_ptr_array_add(digests, db_dup(rows, 0));
	if (trouble != NULL) {
		g_propagate_error(error, trouble);
		return NULL;
	}
	return g_steal_pointer(&digests);
}

/* Every raw mail still has the digest under which it is kept. */
static bool
check_raw(Store *store, GPtrArray *findings, GError **error)
{
	g_autoptr(GPtrArray) digests = all_digests(store, error);

	if (digests == NULL)
		return false;
	for (unsigned i = 0; i < digests->len; i++) {
		g_autoptr(GError) why = NULL;
		g_autoptr(GBytes) octets =
			store_raw_get(store, digests->pdata[i], &why);

		if (octets == NULL)
			g_ptr_array_add(findings,
			                g_strdup_printf("I1: %s",
			                                why->message));
	}
	return true;
}

static bool
check_database(Store *store, GPtrArray *findings, GError **error)
{
	g_autoptr(GPtrArray) faults = g_ptr_array_new_with_free_func(g_free);

	if (!db_check(store->db, faults, error))
		return false;
	for (unsigned i = 0; i < faults->len; i++)
		g_ptr_array_add(findings,
		                g_strdup_printf("database: %s",
		                                (char *)faults->pdata[i]));
	return true;
}

static bool
ask_all(Store *store, GPtrArray *findings, GError **error)
{
	for (unsigned i = 0; i < G_N_ELEMENTS(rules); i++)
		if (!ask(store, i, findings, error))
			return false;
	return check_raw(store, findings, error) &&
	       search_check(store, findings, error);
}

/* A damaged file comes first: it may answer no question any more. */
bool
store_fsck(Store *store, GPtrArray *out_findings, GError **error)
{
	g_autoptr(GError) trouble = NULL;

	if (!check_database(store, out_findings, error))
		return false;
	if (ask_all(store, out_findings, &trouble))
		return true;
	if (out_findings->len > 0) {
		g_ptr_array_add(
			out_findings,
			g_strdup_printf("database: the search ended: %s",
		                        trouble->message));
		return true;
	}
	g_propagate_error(error, g_steal_pointer(&trouble));
	return false;
}
