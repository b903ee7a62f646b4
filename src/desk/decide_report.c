/* A delivery report came back: is it on a mail of ours, and who must hear? */
#include <string.h>

#include "desk/case.h"
#include "desk/notify.h"

static const ReportRecipient *
reported_recipient(const MailReport *report)
{
	return report->recipients->len == 0
	               ? NULL
	               : &g_array_index(report->recipients, ReportRecipient, 0);
}

/* One of ours did not arrive: the ticket must tell (L-03, L-04). */
static void
tell_failure(Case *c, const OutboxRow *row, const MailReport *report)
{
	const ReportRecipient *recipient = reported_recipient(report);
	const Candidate *candidate = facts_candidate(c->facts, row->ticket);
	bool is_failure = report->action == REPORT_FAILED;

	plan_add(c->plan, ACTION_UNDELIVERED, "ticket",
	         plan_number(c->plan, row->ticket), "outbox",
	         plan_number(c->plan, row->id), "address", row->to, "action",
	         report_action_name(report->action), "status",
	         recipient == NULL ? NULL : recipient->status, "reason",
	         recipient == NULL ? NULL : recipient->reason, "why",
	         c->facts->reported_why, NULL);
	/* a second report on the same mail is no news */
	if (!is_failure || candidate == NULL || row->state == OUTBOX_FAILED ||
	    strcmp(row->purpose, "reply") != 0)
		return;
	About about = about_of(candidate->ticket);
	if (ticket_state_is_done(candidate->ticket->state))
		case_set(c, row->ticket, "state", "open",
		         "the answer did not arrive");
	Cause cause = { .purpose = "failure",
		        .template = "delivery-failed",
		        .actor = c->facts->from,
		        .detail = plan_number(c->plan, row->id),
		        .why = "the answer did not arrive" };
	notify_agents(c->plan, c->facts->desk, &about, &cause);
}

/* No ticket per report of a mail that we never sent (L-13). */
void
case_foreign_bounce(Case *c)
{
	plan_add(c->plan, ACTION_COUNT, "name", "foreign-bounces", "by", "1",
	         NULL);
	case_settle(c, DELIVERY_FOREIGN, 0, 0,
	            "a report on a mail that this desk did not send");
}

bool
case_is_report(Case *c)
{
	const Mail *mail = c->facts->mail;
	const OutboxRow *row = c->facts->reported;

	if (mail->class != MAIL_BOUNCE || mail->report == NULL)
		return false;
	if (row == NULL) {
		case_foreign_bounce(c);
		return true;
	}
	tell_failure(c, row, mail->report);
	case_settle(c, DELIVERY_BOUNCE, row->ticket, 0, c->facts->reported_why);
	return true;
}
