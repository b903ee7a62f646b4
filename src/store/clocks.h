/* Rows of the clocks: what each promise came to, timers, notices; part of the
 * contract of store.h. */
#pragma once

#include "desk/decide_clock.h"

#include "store/store.h"

/* ---- history ---- */

/* Of Happening, in the order in which they happened; owned by the caller. */
GArray *store_happenings(Store *store, int64_t ticket, GError **error);

/* ---- clocks ---- */

/* Fills CLOCK_KINDS rows; epoch 0 where there is none. */
bool store_clocks(Store *store, int64_t ticket, ClockRow *out_rows,
                  GError **error);
/* Writes it, and takes back the pending timers of earlier epochs. */
bool store_clock_put(Store *store, int64_t ticket, ClockKind kind,
                     const ClockRow *row, GError **error);

/* A clock with what a report sorts it by; strings owned. */
typedef struct ClockFigure {
	int64_t ticket;
	ClockKind kind;
	ClockRow row;
	char *sla;
	char *queue;
	char *owner;
	char *priority;
} ClockFigure;

void clock_figure_clear(ClockFigure *figure);

/* Of ClockFigure, by ticket: the clocks of tickets opened from since to before
 * until; or, with until 0, all that run. */
GArray *store_clock_figures(Store *store, int64_t since, int64_t until,
                            GError **error);

/* Tickets with a promise that are not done, above after, by number: of int64_t,
 * limit at most. */
GArray *store_promised(Store *store, int64_t after, int64_t limit,
                       GError **error);

/* ---- timers ---- */

/* Of TimerRow, oldest first; all states.  Owned by the caller. */
GArray *store_timers(Store *store, int64_t ticket, GError **error);
bool store_timer_add(Store *store, int64_t ticket, const TimerRow *timer,
                     GError **error);
/* Pending to state; ERROR_REFUSED if it is not pending any more (I9). */
bool store_timer_fire(Store *store, int64_t ticket, const TimerRow *timer,
                      GError **error);
/* Takes the repeats of a ticket back, or (until not 0) puts them off. */
bool store_timer_ack(Store *store, int64_t ticket, int64_t until,
                     GError **error);
/* Tickets with a timer that is due, the longest due first: of int64_t, limit at
 * most. */
GArray *store_timers_due(Store *store, int64_t now, int64_t limit,
                         GError **error);
/* When the next timer or notice is due; 0: none waits. */
bool store_timer_next(Store *store, int64_t *out_at, GError **error);

/* ---- notices ---- */

typedef struct NoticeFields {
	int64_t ticket;
	const char *receiver;
	const char *kind;
	const char *stage;
	int64_t due_at;
	int64_t at; /* not before */
} NoticeFields;

bool store_notice_add(Store *store, const NoticeFields *notice, GError **error);
/* Who has something that may be told now: of char *. */
GPtrArray *store_notice_receivers(Store *store, int64_t now, GError **error);
/* Of NoticeRow, by id: those of a receiver that may be told now. */
GArray *store_notices(Store *store, const char *receiver, int64_t now,
                      GError **error);
bool store_notices_told(Store *store, const char *receiver, int64_t upto,
                        int64_t now, GError **error);
