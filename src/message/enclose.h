/* The octets of a mail's attachments, for a mail that carries them on.
 *
 * They are kept nowhere but in the raw mail, so they are taken out of it again,
 * in a child with limits, by their digests. */
#pragma once

#include "desk/mail.h"

#include "message/worker.h"

/* One GBytes an attachment of mail, in their order; empty where it was not
 * found.  NULL if the child failed. */
GPtrArray *enclose_attachments(const Mail *mail, GBytes *raw,
                               const WorkerLimits *limits);
