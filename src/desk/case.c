#include "desk/case.h"

#include "base/text.h"

void
case_settle(Case *c, DeliveryState state, int64_t ticket, int64_t other,
            const char *why)
{
	plan_add(c->plan, ACTION_SETTLE, "state", delivery_state_name(state),
	         "ticket", ticket == 0 ? NULL : plan_number(c->plan, ticket),
	         "other", other == 0 ? NULL : plan_number(c->plan, other),
	         "why", why, NULL);
}

void
case_hold(Case *c, int64_t ticket, const char *reason)
{
	plan_add(c->plan, ACTION_QUARANTINE, "ticket",
	         ticket == 0 ? NULL : plan_number(c->plan, ticket), "reason",
	         reason, NULL);
}

void
case_quarantine(Case *c, int64_t ticket, const char *reason)
{
	case_hold(c, ticket, reason);
	case_settle(c, DELIVERY_QUARANTINED, ticket, 0, reason);
}

void
case_set(Case *c, int64_t ticket, const char *field, const char *value,
         const char *why)
{
	plan_add(c->plan, ACTION_SET, "ticket", plan_number(c->plan, ticket),
	         "field", field, "value", value, "why", why, NULL);
}

static const char *
parent_of(Case *c)
{
	const Thread *thread = c->decision->thread;

	if (thread == NULL || thread->by == NULL || thread->by->message == 0)
		return NULL;
	return plan_number(c->plan, thread->by->message);
}

static const char *
sender_name(Case *c)
{
	const MailAddress *from = mail_address(c->facts->mail->from, 0);

	return from == NULL ? NULL : from->name;
}

static bool
is_introduced(const Plan *plan, const char *address)
{
	for (unsigned i = 0; i < plan->actions->len; i++) {
		const Action *action = plan_action(plan, i);

		if (action->kind == ACTION_PERSON &&
		    text_equal_ascii(action_value(action, "address"), address))
			return true;
	}
	return false;
}

/* A mail whose witnesses disagree is shown as such. */
static const char *
why_here(Case *c, const MessageForm *form)
{
	const Thread *thread = c->decision->thread;

	if (thread == NULL || !thread->is_contradicted)
		return form->why;
	return plan_format(c->plan, "%s; %s",
	                   form->why == NULL ? "new" : form->why,
	                   "another witness names another ticket");
}

/* The words that are not to be found in the mail as they are: it began with
 * orders. */
static const char *
own_text(Case *c)
{
	const Orders *orders = c->decision->orders;

	if (orders == NULL ||
	    g_strcmp0(orders->rest, c->facts->mail->reply) == 0)
		return NULL;
	return orders->rest;
}

void
case_add_message(Case *c, int64_t ticket, const MessageForm *form)
{
	const Facts *facts = c->facts;

	if (facts->from != NULL && facts->sender == NULL &&
	    !is_introduced(c->plan, facts->from))
		plan_add(c->plan, ACTION_PERSON, "address", facts->from, "name",
		         sender_name(c), "agent",
		         facts->agent == NULL ? NULL : facts->agent->id, NULL);
	plan_add(c->plan, ACTION_MESSAGE, "ticket",
	         plan_number(c->plan, ticket), "direction", form->direction,
	         "visibility", form->visibility, "proof", form->proof, "by",
	         facts->from, "name", sender_name(c), "message-id",
	         facts->mail->message_id, "parent", parent_of(c), "why",
	         why_here(c, form), "text", own_text(c), NULL);
	for (unsigned i = 0; i < facts->children->len; i++) {
		const WaitingChild *child =
			&g_array_index(facts->children, WaitingChild, i);

		if (child->ticket != ticket && !facts->is_import)
			continue;
		plan_add(c->plan, ACTION_JOIN, "ticket",
		         plan_number(c->plan, ticket), "message",
		         plan_number(c->plan, child->message), "from",
		         plan_number(c->plan, child->ticket), "why",
		         "it answers this message, which came after it", NULL);
	}
}

/* A machine's mail, or one of an archive: filed, and nothing else moves. */
void
case_file_quietly(Case *c, int64_t ticket, const char *why)
{
	bool is_public = c->facts->is_import;
	MessageForm form = { "in", is_public ? "public" : "internal",
		             is_public ? "proven" : "unproven", why };

	case_add_message(c, ticket, &form);
	case_settle(c, DELIVERY_APPENDED, ticket, 0, why);
}

bool
mail_is_machine(const Mail *mail)
{
	return mail->class != MAIL_PERSON && mail->class != MAIL_LIST;
}

/* A null sender or a machine's mark: no automatic mail goes back (I4). */
bool
facts_may_answer(const Facts *facts)
{
	return facts->mail->answerable && !mail_is_machine(facts->mail) &&
	       (facts->envelope_sender == NULL ||
	        *facts->envelope_sender != '\0');
}

void
decision_free(Decision *decision)
{
	if (decision == NULL)
		return;
	plan_free(decision->plan);
	thread_free(decision->thread);
	orders_free(decision->orders);
	g_free(decision);
}
