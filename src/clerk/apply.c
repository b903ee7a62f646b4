#include "clerk/apply.h"

#include "base/error.h"
#include "base/fault.h"

#include "clerk/apply_part.h"
#include "clerk/clocks.h"

const char *
apply_value(const Applying *a, const char *key)
{
	return action_value(a->action, key);
}

int64_t
apply_number(const Applying *a, const char *key)
{
	return action_number(a->action, key);
}

bool
apply_journal(const ApplyPlace *place, const ApplyEvent *event,
              const Action *action, GError **error)
{
	if (event->actor == NULL)
		return true;
	g_autofree char *text = action_to_text(action);
	bool has_ticket =
		action->kind != ACTION_PERSON &&
		action->kind != ACTION_ARTICLE && action->kind != ACTION_VOTE &&
		action->kind != ACTION_COUNT &&
		action->kind != ACTION_REMEMBER && action->kind != ACTION_TOLD;
	JournalLine line = {
		.at = place->now,
		.actor = (char *)(uintptr_t)event->actor,
		.event = (char *)(uintptr_t)event->event,
		.ticket = has_ticket ? action_number(action, "ticket") : 0,
		.action = text,
	};

	return store_journal_add(place->store, &line, error);
}

/* ---- held, counted, noted ---- */

static bool
apply_quarantine(Applying *a)
{
	g_autoptr(Quarantined) held = quarantined_new();
	const Mail *mail = a->event->mail;
	const MailAddress *to = mail_address(mail->to, 0);

	held->delivery = a->event->delivery->id;
	held->ticket = apply_number(a, "ticket");
	held->received_at = a->place->now;
	held->from = g_strdup(mail_from_address(mail));
	held->to = g_strdup(to == NULL ? NULL : to->address);
	held->subject = g_strdup(mail->subject);
	held->reason = g_strdup(apply_value(a, "reason"));
	held->state = g_strdup("held");
	return store_quarantine_add(a->place->store, held, a->error);
}

static bool
apply_release(Applying *a)
{
	return store_quarantine_settle(a->place->store,
	                               apply_number(a, "quarantine"),
	                               apply_value(a, "state"), a->error);
}

static bool
apply_count(Applying *a)
{
	int64_t ignored;

	return store_counter_add(a->place->store, apply_value(a, "name"),
	                         apply_number(a, "by"), &ignored, a->error);
}

static bool
apply_remember(Applying *a)
{
	return store_note_set(a->place->store, apply_value(a, "name"),
	                      apply_value(a, "text"), a->error);
}

static bool
apply_settle(Applying *a)
{
	Delivery *delivery = a->event->delivery;

	delivery_state_from_name(apply_value(a, "state"), &delivery->state);
	delivery->ticket = apply_number(a, "ticket");
	delivery->other = apply_number(a, "other");
	g_free(delivery->reason);
	delivery->reason = g_strdup(apply_value(a, "why"));
	return store_delivery_settle(a->place->store, delivery, a->error);
}

static bool (*const apply_kinds[ACTION_KINDS])(Applying *) = {
	[ACTION_PERSON] = apply_person,
	[ACTION_OPEN] = apply_open,
	[ACTION_MESSAGE] = apply_message,
	[ACTION_REPLACE] = apply_replace,
	[ACTION_JOIN] = apply_join,
	[ACTION_SET] = apply_set,
	[ACTION_TAG] = apply_tag,
	[ACTION_UNTAG] = apply_tag,
	[ACTION_FIELD] = apply_field,
	[ACTION_LINK] = apply_link,
	[ACTION_NOTE] = apply_note,
	[ACTION_UNLINK] = apply_unlink,
	[ACTION_MERGE] = apply_merge,
	[ACTION_UNMERGE] = apply_unmerge,
	[ACTION_SPLIT] = apply_split,
	[ACTION_REQUESTER] = apply_requester,
	[ACTION_REMIND] = apply_remind,
	[ACTION_FORGET] = apply_forget,
	[ACTION_REMINDED] = apply_reminded,
	[ACTION_WATCH] = apply_watch,
	[ACTION_UNWATCH] = apply_unwatch,
	[ACTION_SEND] = apply_send,
	[ACTION_WITHHOLD] = apply_withhold,
	[ACTION_UNDELIVERED] = apply_undelivered,
	[ACTION_OUTBOX] = apply_outbox,
	[ACTION_QUARANTINE] = apply_quarantine,
	[ACTION_RELEASE] = apply_release,
	[ACTION_ARTICLE] = apply_article,
	[ACTION_USE] = apply_use,
	[ACTION_VOTE] = apply_vote,
	[ACTION_COUNT] = apply_count,
	[ACTION_REMEMBER] = apply_remember,
	[ACTION_CLOCK] = apply_clock,
	[ACTION_TIMER] = apply_timer,
	[ACTION_FIRE] = apply_fire,
	[ACTION_ACK] = apply_ack,
	[ACTION_TELL] = apply_tell,
	[ACTION_TOLD] = apply_told,
	[ACTION_SETTLE] = apply_settle,
};

static bool
apply_action(const ApplyPlace *place, const Action *action, ApplyEvent *event,
             GError **error)
{
	Applying a = { place, event, action, error };

	FAULT_POINT("clerk.action");
	if (!apply_journal(place, event, action, error))
		return false;
	if (apply_kinds[action->kind](&a))
		return true;
	g_prefix_error(error, "%s: ", action_name(action->kind));
	return false;
}

static bool
apply_or_replace(const ApplyPlace *place, const Action *action,
                 ApplyEvent *event, GError **error)
{
	g_autoptr(Plan) instead = plan_new();

	if (!apply_gate(place, event, action, instead, error))
		return false;
	if (instead->actions->len == 0)
		return apply_action(place, action, event, error);
	for (unsigned i = 0; i < instead->actions->len; i++)
		if (!apply_action(place, plan_action(instead, i), event, error))
			return false;
	return true;
}

bool
apply_actions(const ApplyPlace *place, const Plan *plan, ApplyEvent *event,
              GError **error)
{
	for (unsigned i = 0; i < plan->actions->len; i++)
		if (!apply_or_replace(place, plan_action(plan, i), event,
		                      error))
			return false;
	return true;
}

bool
apply_plan(const ApplyPlace *place, const Plan *plan, ApplyEvent *event,
           GError **error)
{
	return apply_actions(place, plan, event, error) &&
	       (event->actor == NULL ||
	        clocks_follow(place, plan, event, error));
}
