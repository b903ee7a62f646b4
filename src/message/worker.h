/* Reading mails in a child with limits.
 *
 * One child reads a batch and writes a record a mail down a pipe, in order.  If
 * it dies, hangs or writes nonsense, the first mail without a record is tried
 * alone in a child of its own; if that one dies too, the mail becomes a bare
 * mail, and the rest goes on in a fresh child.  So every mail gets an answer,
 * and one that kills costs two children and no other mail.
 *
 * The child has no descriptors but its pipe, and what it says is checked
 * (message/record.h).  Digests are taken in the parent. */
#pragma once

#include <stdbool.h>

#include <glib.h>

#include "desk/mail.h"

/* Mails a child.  Each fork costs faults on both sides for every page written
 * afterwards, so few large batches are cheaper than many small ones. */
#define WORKER_BATCH_MAX 1024

typedef struct WorkerLimits {
	unsigned cpu_seconds;  /* of each mail */
	unsigned wall_seconds; /* of each mail */
	gsize memory_octets;   /* beyond what the parent had mapped */
} WorkerLimits;

#define WORKER_CPU_SECONDS   10
#define WORKER_WALL_SECONDS  30
#define WORKER_MEMORY_OCTETS ((gsize)512 << 20)

#define WORKER_LIMITS_DEFAULT                                                 \
	{                                                                     \
		WORKER_CPU_SECONDS, WORKER_WALL_SECONDS, WORKER_MEMORY_OCTETS \
	}

/* Fills out_mails with count mails, each owned by the caller and never NULL.
 * false: no child could be made (our trouble: later); nothing is filled in. */
bool worker_read(GBytes *const *raws, unsigned count,
                 const WorkerLimits *limits, Mail **out_mails);

/* The same with another reader than mail_read_undigested(), which runs in the
 * child and never returns NULL; and each mail is handed on as soon as it is
 * read, in order, without its content_hash: take owns mail.  false: no child
 * could be made; the mails before that were handed on. */
typedef Mail *(*WorkerReader)(GBytes *raw);
typedef void (*WorkerTake)(void *taker, unsigned index, Mail *mail);
bool worker_read_each(WorkerReader read, GBytes *const *raws, unsigned count,
                      const WorkerLimits *limits, WorkerTake take, void *taker);

/* Some other work on hostile octets, in a child of its own with the same
 * limits: what call() makes, or NULL if the child died, was late, or made more
 * than WORKER_ANSWER_MAX.  data comes along with the fork. */
#define WORKER_ANSWER_MAX ((gsize)256 << 20)
typedef GBytes *(*WorkerCall)(const void *data);
GBytes *worker_call(WorkerCall call, const void *data,
                    const WorkerLimits *limits);
