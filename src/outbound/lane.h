/* One way to the server at a time: a link, in this process or in a child.
 *
 * With one lane the link is driven here, in turn with the database.  With more,
 * each has a child process that knows neither database nor log: it gets a
 * finished mail over a socket pair and gives the result back, so that a server
 * that takes one octet a second holds up its own lane and no other (faults.md
 * S-11).  A child dies with its parent, so that no mail is on its way whose row
 * somebody else may claim. */
#pragma once

#include <stdbool.h>

#include <glib.h>

#include "outbound/smtp_session.h"

/* What drives a link: smtp.h, or webhook.h. */
typedef struct LaneCarrier {
	void *(*open)(const void *settings, const char *ehlo_name);
	void (*send)(void *link, const SmtpMail *mail, SmtpResult *out_result);
	void (*rest)(void *link); /* nothing to do for a while */
	void (*close)(void *link);
} LaneCarrier;

extern const LaneCarrier lane_smtp;

typedef struct Lane Lane;

/* settings and ehlo_name outlive the lane.  Nothing is connected yet. */
Lane *lane_new(const LaneCarrier *carrier, const void *settings,
               const char *ehlo_name, bool is_process);
void lane_free(Lane *lane);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Lane, lane_free)

/* Begins with a mail; ERROR_LATER: no process for it.  In this process it is
 * done when this returns. */
bool lane_start(Lane *lane, const SmtpMail *mail, GError **error);
bool lane_is_busy(const Lane *lane);

/* Readable when the result is there; -1: it is there, or there is no mail. */
int lane_fd(const Lane *lane);

/* The result of the mail that was begun, waiting for it if need be.  A child
 * that died leaves a mail of which nobody knows whether it was taken. */
void lane_finish(Lane *lane, SmtpResult *out_result);

/* Nothing to do for a while: gives the link up. */
void lane_rest(Lane *lane);
