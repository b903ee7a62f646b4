/* The processes of serve: started, watched, started again, stopped in order.
 *
 * One that ends unasked is started again, at once the first time, then after
 * 1, 2, 4 ... CREW_PATIENCE_MAX seconds; who lives for CREW_STEADY_SECONDS is
 * forgiven.  They go when serve goes, even if it is killed. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include <glib.h>

#include "desk/desk.h"

#include "serve/work.h"

#define CREW_PATIENCE_MAX   60
#define CREW_STEADY_SECONDS 60
#define CREW_STOP_SECONDS   10 /* to end by oneself, each kind */

typedef struct Worker {
	const WorkKind *kind;
	unsigned index;
	pid_t pid;       /* 0: does not run */
	int64_t since;   /* Unix seconds of the last start */
	gint64 start_at; /* monotonic; of the last start, or of the next */
	unsigned fails;  /* in a row */
	unsigned restarts;
	int last_status; /* of waitpid(2) */
} Worker;

typedef struct Crew Crew;

/* Desk and listeners are borrowed until the next crew_start(). */
Crew *crew_new(void);
void crew_free(Crew *crew);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Crew, crew_free)

/* All that this desk needs; none may run. */
void crew_start(Crew *crew, Desk *desk, const GPtrArray *listeners);

/* Collects who ended, and starts who is due. */
void crew_look(Crew *crew);

/* Milliseconds until somebody is due; -1: nobody is. */
int crew_wait_ms(const Crew *crew);

/* Asks them to end, in the opposite order of starting, and waits; who does not
 * is killed. */
void crew_stop(Crew *crew);

/* Of Worker, borrowed. */
const GPtrArray *crew_workers(const Crew *crew);

/* "poll inbox"; owned by the caller. */
char *crew_worker_name(const Crew *crew, const Worker *worker);
