#include "desk/notify.h"

#include "base/text.h"

#include "desk/subject.h"

About
about_of(const Ticket *ticket)
{
	return (About){ .ticket = ticket->id,
		        .subject = ticket->subject,
		        .queue = ticket->queue,
		        .team = ticket->team,
		        .owner = ticket->owner,
		        .language = ticket->language };
}

static const char *
or_else(const char *first, const char *second)
{
	return first != NULL && *first != '\0' ? first : second;
}

static const char *
language_of_queue(const Desk *desk, const char *queue_name)
{
	const Queue *queue = desk_queue(desk, queue_name);

	return or_else(queue == NULL ? NULL : queue->language, desk->language);
}

static void
send(Plan *plan, const Desk *desk, const About *about, const Receiver *receiver,
     const Cause *cause)
{
	g_autofree char *subject = NULL;
	const char *language =
		or_else(receiver->language,
	                or_else(about->language,
	                        language_of_queue(desk, about->queue)));

	if (about->subject != NULL)
		subject = subject_tagged(about->subject, desk->subject_tags,
		                         about->ticket,
		                         cause->in_reply_to != NULL);
	plan_add(plan, ACTION_SEND, "ticket", plan_number(plan, about->ticket),
	         "purpose", cause->purpose, "template", cause->template, "to",
	         receiver->address, "name", receiver->name, "language",
	         language, "subject", subject, "scope", receiver->scope,
	         "in-reply-to", cause->in_reply_to, "detail", cause->detail,
	         "why", cause->why, NULL);
}

void
notify_agent(Plan *plan, const Desk *desk, const About *about,
             const Agent *agent, const Cause *cause)
{
	const char *address = agent->addresses[0];

	if (address == NULL)
		return;
	if (cause->actor != NULL &&
	    desk_agent_for_address(desk, cause->actor) == agent)
		return;
	Receiver receiver = {
		.address = address,
		.name = agent->name,
		.language = or_else(agent->language,
		                    language_of_queue(desk, about->queue)),
		.scope = "agent",
	};
	send(plan, desk, about, &receiver, cause);
}

void
notify_agents(Plan *plan, const Desk *desk, const About *about,
              const Cause *cause)
{
	const Agent *owner = desk_agent(desk, about->owner);
	const Team *team = desk_team(desk, about->team);

	if (owner != NULL) {
		notify_agent(plan, desk, about, owner, cause);
		return;
	}
	if (team == NULL)
		return;
	for (const char *const *member = team->members; *member != NULL;
	     member++) {
		const Agent *agent = desk_agent(desk, *member);

		if (agent != NULL)
			notify_agent(plan, desk, about, agent, cause);
	}
}

void
notify_receiver(Plan *plan, const Desk *desk, const About *about,
                const Receiver *receiver, const Cause *cause)
{
	if (text_equal_ascii(receiver->address, cause->actor) ||
	    !address_can_receive(receiver->address) ||
	    desk_owns_address(desk, receiver->address))
		return;
	send(plan, desk, about, receiver, cause);
}

static bool
has_address(const GArray *addresses, const char *address)
{
	for (unsigned i = 0; i < addresses->len; i++)
		if (text_equal_ascii(mail_address(addresses, i)->address,
		                     address))
			return true;
	return false;
}

void
notify_participants(Plan *plan, const Desk *desk, const About *about,
                    const GPtrArray *participants, const Mail *told,
                    const Cause *cause)
{
	for (unsigned i = 0; i < participants->len; i++) {
		const Participant *participant = participants->pdata[i];

		if (told != NULL &&
		    (has_address(told->to, participant->address) ||
		     has_address(told->cc, participant->address)))
			continue;
		Receiver receiver = { .address = participant->address,
			              .name = participant->name,
			              .language = participant->language,
			              .scope = "comment" };
		notify_receiver(plan, desk, about, &receiver, cause);
	}
}
