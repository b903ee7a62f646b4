#include "store/clocks.h"

#include <string.h>

#include "base/error.h"

#include "desk/thanks.h"

#include "store/rows.h"

/* Ends a loop over rows: NULL and the error, or the list. */
static GArray *
ended(GArray *list, GError *trouble, GError **error)
{
	if (trouble == NULL)
		return list;
	g_propagate_error(error, trouble);
	g_array_unref(list);
	return NULL;
}

static GArray *
numbers_of(DbStatement *rows, GError **error)
{
	GError *trouble = NULL;

	if (rows == NULL)
		return NULL;
	GArray *list = g_array_new(FALSE, FALSE, sizeof(int64_t));
	while (db_next(rows, &trouble)) {
		int64_t number = db_int(rows, 0);
		g_array_append_val(list, number);
	}
	return ended(list, trouble, error);
}

/* ---- history ---- */

/* Public words of people, and moves of the state, which the journal tells.
 * What happens at one instant: words before the state that they lead to. */
#define SQL_HAPPENINGS                                                \
	"SELECT received_at, 0 AS kind, id, direction, reply, text"   \
	" FROM message WHERE ticket = $1 AND is_internal = 0"         \
	" AND class = 'person' AND direction <> 'note'"               \
	" UNION ALL "                                                 \
	"SELECT at, 1, id, action, NULL, NULL FROM journal"           \
	" WHERE ticket = $1 AND action >= 'set ' AND action < 'set!'" \
	" AND action LIKE '% field=state %'"                          \
	" ORDER BY 1, 2, 3"

static bool
read_state(const char *text, Happening *happening)
{
	g_autoptr(Plan) plan = plan_new();

	if (!action_from_text(plan, text))
		return false;
	return ticket_state_from_name(action_value(plan_action(plan, 0),
	                                           "value"),
	                              &happening->state);
}

/* A requester's thanks move nothing. */
static bool
read_happening(DbStatement *row, Happening *happening)
{
	const char *what = db_text(row, 3);
	const char *words = db_text(row, 4);

	*happening = (Happening){ .at = db_int(row, 0) };
	if (db_int(row, 1) != 0) {
		happening->kind = HAPPENED_STATE;
		return read_state(what, happening);
	}
	bool is_out = strcmp(what, "out") == 0;
	happening->kind = is_out ? HAPPENED_ANSWERED : HAPPENED_ASKED;
	if (words == NULL)
		words = db_text(row, 5);
	return is_out || words == NULL || !thanks_only(words);
}

GArray *
store_happenings(Store *store, int64_t ticket, GError **error)
{
	GError *trouble = NULL;
	g_autoptr(DbStatement) rows =
		db_query(store->db, error, SQL_HAPPENINGS, "i", ticket);

	if (rows == NULL)
		return NULL;
	GArray *list = g_array_new(FALSE, FALSE, sizeof(Happening));
	while (db_next(rows, &trouble)) {
		Happening happening;
		if (read_happening(rows, &happening))
			g_array_append_val(list, happening);
	}
	return ended(list, trouble, error);
}

/* ---- clocks ---- */

#define CLOCK_COLUMNS                                         \
	"c.kind, c.epoch, c.state, c.started_at, c.since_at," \
	" c.stopped_at, c.target, c.used, c.worst, c.due_at, c.breached_at"

static bool
read_clock(DbStatement *row, ClockKind *out_kind, ClockRow *out)
{
	*out = (ClockRow){ .epoch = db_int(row, 1),
		           .started_at = db_int(row, 3),
		           .since_at = db_int(row, 4),
		           .stopped_at = db_int(row, 5),
		           .target = db_int(row, 6),
		           .used = db_int(row, 7),
		           .worst = db_int(row, 8),
		           .due_at = db_int(row, 9),
		           .breached_at = db_int(row, 10) };
	return clock_state_from_name(db_text(row, 2), &out->state) &&
	       clock_from_name(db_text(row, 0), out_kind);
}

bool
store_clocks(Store *store, int64_t ticket, ClockRow *out_rows, GError **error)
{
	GError *trouble = NULL;
	g_autoptr(DbStatement) rows =
		db_query(store->db, error,
	                 "SELECT " CLOCK_COLUMNS
	                 " FROM clock c WHERE c.ticket = $1",
	                 "i", ticket);

	if (rows == NULL)
		return false;
	memset(out_rows, 0, sizeof(*out_rows) * CLOCK_KINDS);
	while (db_next(rows, &trouble)) {
		ClockKind kind;
		ClockRow row;
		if (read_clock(rows, &kind, &row))
			out_rows[kind] = row;
	}
	if (trouble != NULL)
		g_propagate_error(error, trouble);
	return trouble == NULL;
}

bool
store_clock_put(Store *store, int64_t ticket, ClockKind kind,
                const ClockRow *row, GError **error)
{
	const char *name = clock_name(kind);

	return db_run(store->db, error,
	              "INSERT INTO clock (ticket, kind, epoch, state,"
	              " started_at, since_at, stopped_at, target, used, worst,"
	              " due_at, breached_at)"
	              " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11,"
	              " $12) ON CONFLICT (ticket, kind) DO UPDATE SET"
	              " epoch = $3, state = $4, started_at = $5, since_at = $6,"
	              " stopped_at = $7, target = $8, used = $9, worst = $10,"
	              " due_at = $11, breached_at = $12",
	              "ititiiiiiiii", ticket, name, row->epoch,
	              clock_state_name(row->state), row->started_at,
	              row->since_at, row->stopped_at, row->target, row->used,
	              row->worst, row->due_at, row->breached_at) &&
	       db_run(store->db, error,
	              "UPDATE timer SET state = 'void' WHERE ticket = $1"
	              " AND kind = $2 AND state = 'pending' AND epoch < $3",
	              "iti", ticket, name, row->epoch);
}

void
clock_figure_clear(ClockFigure *figure)
{
	g_free(figure->sla);
	g_free(figure->queue);
	g_free(figure->owner);
	g_free(figure->priority);
}

GArray *
store_clock_figures(Store *store, int64_t since, int64_t until, GError **error)
{
	GError *trouble = NULL;
	g_autoptr(DbStatement) rows = db_query(
		store->db, error,
		"SELECT " CLOCK_COLUMNS ", t.id, t.sla, t.queue, t.owner,"
		" t.priority FROM clock c JOIN ticket t ON t.id = c.ticket"
		" WHERE c.state <> 'off' AND (($2 = 0 AND c.state = 'running')"
		" OR ($2 <> 0 AND t.created_at >= $1 AND t.created_at < $2))"
		" ORDER BY t.id, c.kind",
		"ii", since, until);

	if (rows == NULL)
		return NULL;
	GArray *list = g_array_new(FALSE, TRUE, sizeof(ClockFigure));
	g_array_set_clear_func(list, (GDestroyNotify)clock_figure_clear);
	while (db_next(rows, &trouble)) {
		ClockFigure figure;
		if (!read_clock(rows, &figure.kind, &figure.row))
			continue;
		figure.ticket = db_int(rows, 11);
		figure.sla = db_dup(rows, 12);
		figure.queue = db_dup(rows, 13);
		figure.owner = db_dup(rows, 14);
		figure.priority = db_dup(rows, 15);
		g_array_append_val(list, figure);
	}
	return ended(list, trouble, error);
}

GArray *
store_promised(Store *store, int64_t after, int64_t limit, GError **error)
{
	g_autoptr(DbStatement) rows =
		db_query(store->db, error,
	                 "SELECT id FROM ticket WHERE id > $1 AND sla IS NOT"
	                 " NULL AND state NOT IN ('closed', 'merged')"
	                 " ORDER BY id LIMIT $2",
	                 "ii", after, limit);

	return numbers_of(rows, error);
}

/* ---- timers ---- */

GArray *
store_timers(Store *store, int64_t ticket, GError **error)
{
	GError *trouble = NULL;
	g_autoptr(DbStatement) rows =
		db_query(store->db, error,
	                 "SELECT kind, stage, epoch, due_at, state FROM timer"
	                 " WHERE ticket = $1 ORDER BY due_at, id",
	                 "i", ticket);

	if (rows == NULL)
		return NULL;
	GArray *list = g_array_new(FALSE, FALSE, sizeof(TimerRow));
	g_array_set_clear_func(list, (GDestroyNotify)timer_row_clear);
	while (db_next(rows, &trouble)) {
		TimerRow timer = { .kind = db_dup(rows, 0),
			           .stage = db_dup(rows, 1),
			           .epoch = db_int(rows, 2),
			           .due_at = db_int(rows, 3),
			           .state = db_dup(rows, 4) };
		g_array_append_val(list, timer);
	}
	return ended(list, trouble, error);
}

bool
store_timer_add(Store *store, int64_t ticket, const TimerRow *timer,
                GError **error)
{
	return db_run(store->db, error,
	              "INSERT INTO timer (ticket, kind, stage, epoch, due_at,"
	              " state) VALUES ($1, $2, $3, $4, $5, 'pending')",
	              "ittii", ticket, timer->kind, timer->stage, timer->epoch,
	              timer->due_at);
}

bool
store_timer_fire(Store *store, int64_t ticket, const TimerRow *timer,
                 GError **error)
{
	int64_t id = 0;

	if (!db_number(store->db, &id, error,
	               "SELECT id FROM timer WHERE ticket = $1 AND kind = $2"
	               " AND stage = $3 AND epoch = $4 AND state = 'pending'",
	               "itti", ticket, timer->kind, timer->stage, timer->epoch))
		return false;
	if (id == 0)
		return error_set(error, ERROR_REFUSED,
		                 "timer %s %s of ticket %" G_GINT64_FORMAT
		                 " is not pending",
		                 timer->kind, timer->stage, ticket);
	return db_run(store->db, error,
	              "UPDATE timer SET state = $2 WHERE id = $1", "it", id,
	              timer->state);
}

bool
store_timer_ack(Store *store, int64_t ticket, int64_t until, GError **error)
{
	if (until != 0)
		return db_run(store->db, error,
		              "UPDATE timer SET due_at = MAX(due_at, $2)"
		              " WHERE ticket = $1 AND kind = '" TIMER_REPEAT
		              "' AND state = 'pending'",
		              "ii", ticket, until);
	return db_run(store->db, error,
	              "UPDATE timer SET state = 'void' WHERE ticket = $1"
	              " AND kind = '" TIMER_REPEAT "' AND state = 'pending'",
	              "i", ticket);
}

GArray *
store_timers_due(Store *store, int64_t now, int64_t limit, GError **error)
{
	g_autoptr(DbStatement) rows =
		db_query(store->db, error,
	                 "SELECT ticket FROM timer WHERE state = 'pending' AND"
	                 " due_at <= $1 GROUP BY ticket ORDER BY MIN(due_at)"
	                 " LIMIT $2",
	                 "ii", now, limit);

	return numbers_of(rows, error);
}

bool
store_timer_next(Store *store, int64_t *out_at, GError **error)
{
	int64_t timer;
	int64_t notice;

	if (!db_number(store->db, &timer, error,
	               "SELECT COALESCE(MIN(due_at), 0) FROM timer"
	               " WHERE state = 'pending'",
	               "") ||
	    !db_number(store->db, &notice, error,
	               "SELECT COALESCE(MIN(at), 0) FROM notice"
	               " WHERE state = 'waiting'",
	               ""))
		return false;
	*out_at =
		timer == 0 || notice == 0 ? timer + notice : MIN(timer, notice);
	return true;
}

/* ---- notices ---- */

bool
store_notice_add(Store *store, const NoticeFields *notice, GError **error)
{
	return db_run(store->db, error,
	              "INSERT INTO notice (ticket, receiver, kind, stage,"
	              " due_at, at, state) VALUES ($1, $2, $3, $4, $5, $6,"
	              " 'waiting')",
	              "itttii", notice->ticket, notice->receiver, notice->kind,
	              notice->stage, notice->due_at, notice->at);
}

GPtrArray *
store_notice_receivers(Store *store, int64_t now, GError **error)
{
	GError *trouble = NULL;
	g_autoptr(DbStatement) rows =
		db_query(store->db, error,
	                 "SELECT DISTINCT receiver FROM notice"
	                 " WHERE state = 'waiting' AND at <= $1 ORDER BY 1",
	                 "i", now);

	if (rows == NULL)
		return NULL;
	g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(g_free);
	while (db_next(rows, &trouble))
		g_ptr_array_add(list, db_dup(rows, 0));
	if (trouble == NULL)
		return g_steal_pointer(&list);
	g_propagate_error(error, trouble);
	return NULL;
}

GArray *
store_notices(Store *store, const char *receiver, int64_t now, GError **error)
{
	GError *trouble = NULL;
	g_autoptr(DbStatement) rows = db_query(
		store->db, error,
		"SELECT n.id, n.ticket, n.kind, n.stage, n.due_at, t.subject,"
		" t.state IN ('resolved', 'closed', 'merged')"
		" FROM notice n JOIN ticket t ON t.id = n.ticket"
		" WHERE n.receiver = $1 AND n.state = 'waiting' AND n.at <= $2"
		" ORDER BY n.id",
		"ti", receiver, now);

	if (rows == NULL)
		return NULL;
	GArray *list = g_array_new(FALSE, FALSE, sizeof(NoticeRow));
	g_array_set_clear_func(list, (GDestroyNotify)notice_row_clear);
	while (db_next(rows, &trouble)) {
		NoticeRow row = { .id = db_int(rows, 0),
			          .ticket = db_int(rows, 1),
			          .kind = db_dup(rows, 2),
			          .stage = db_dup(rows, 3),
			          .due_at = db_int(rows, 4),
			          .subject = db_dup(rows, 5),
			          .is_done = db_int(rows, 6) != 0 };
		g_array_append_val(list, row);
	}
	return ended(list, trouble, error);
}

bool
store_notices_told(Store *store, const char *receiver, int64_t upto,
                   int64_t now, GError **error)
{
	return db_run(store->db, error,
	              "UPDATE notice SET state = 'told' WHERE receiver = $1"
	              " AND id <= $2 AND at <= $3 AND state = 'waiting'",
	              "tii", receiver, upto, now);
}
