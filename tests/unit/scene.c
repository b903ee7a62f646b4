#include "scene.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOW INT64_C(1800000000)
#define DAY INT64_C(86400)

static const char *const no_names[] = { NULL };

/* ---- the desk ---- */

static const struct {
	int64_t id;
	const char *name;
	const char *address;
	const char *agent;
} known[] = {
	{ 1, "Ana", "ana@desk.example", "ana" },
	{ 2, "Luis", "luis@desk.example", "luis" },
	{ 3, "Eva", "eva@desk.example", "eva" },
	{ 4, "Old Agent", "gone@desk.example", NULL },
	{ 5, "Berta", "berta@client.example", NULL },
	{ 6, "Carl", "carl@client.example", NULL },
	{ 7, "Dora", "dora@client.example", NULL },
};

static void
add_queue(Desk *desk, const char *name, const char *address, const char *team)
{
	const char *const list[] = { address, NULL };
	Queue *queue = g_new0(Queue, 1);

	*queue = (Queue){ .name = name,
		          .addresses = desk_keep_list(desk, list),
		          .team = team,
		          .acknowledge = true,
		          .reopen_days = 14 };
	g_ptr_array_add(desk->queues, queue);
}

static void
add_team(Desk *desk, const char *name, const char *const *members, int level)
{
	Team *team = g_new0(Team, 1);

	*team = (Team){ .name = name,
		        .members = desk_keep_list(desk, members),
		        .level = level,
		        .assign = "none" };
	g_ptr_array_add(desk->teams, team);
}

static void
add_agent(Desk *desk, const char *id, const char *name, const char *address)
{
	const char *const list[] = { address, NULL };
	Agent *agent = g_new0(Agent, 1);

	*agent = (Agent){ .id = id,
		          .name = name,
		          .addresses = desk_keep_list(desk, list),
		          .roles = no_names };
	g_ptr_array_add(desk->agents, agent);
}

static Desk *
make_desk(void)
{
	static const char *const first[] = { "ana", "luis", NULL };
	static const char *const second[] = { "eva", NULL };
	static const char *const tags[] = { "", NULL };
	Desk *desk = desk_new();

	desk->name = "Help";
	desk->address = "help@desk.example";
	desk->domain = "desk.example";
	desk->language = "en";
	desk->subject_tags = tags;
	add_queue(desk, "help", "help@desk.example", "level1");
	add_queue(desk, "net", "net@desk.example", "level2");
	add_team(desk, "level1", first, 1);
	add_team(desk, "level2", second, 2);
	for (unsigned i = 0; i < G_N_ELEMENTS(known); i++)
		if (known[i].agent != NULL)
			add_agent(desk, known[i].agent, known[i].name,
			          known[i].address);
	return desk;
}

/* ---- the people and the tickets ---- */

static void
free_person(gpointer person)
{
	person_free(person);
}

static GPtrArray *
make_people(void)
{
	GPtrArray *people = g_ptr_array_new_with_free_func(free_person);

	for (unsigned i = 0; i < G_N_ELEMENTS(known); i++) {
		Person *person = g_new0(Person, 1);

		person->id = known[i].id;
		person->name = g_strdup(known[i].name);
		person->address = g_strdup(known[i].address);
		person->agent = g_strdup(known[i].agent);
		g_ptr_array_add(people, person);
	}
	return people;
}

static void
free_participant(gpointer participant)
{
	participant_free(participant);
}

static void
free_candidate(gpointer data)
{
	Candidate *candidate = data;

	ticket_free(candidate->ticket);
	g_ptr_array_unref(candidate->participants);
	g_free(candidate);
}

static void
add_participant(Candidate *candidate, const Person *person,
                ParticipantKind kind)
{
	Participant *participant = g_new0(Participant, 1);

	participant->person = person->id;
	participant->kind = kind;
	participant->name = g_strdup(person->name);
	participant->address = g_strdup(person->address);
	g_ptr_array_add(candidate->participants, participant);
}

static Candidate *
add_ticket(Scene *scene, int64_t id, const char *subject,
           const Person *requester)
{
	Candidate *candidate = g_new0(Candidate, 1);
	Ticket *ticket = ticket_new();

	ticket->id = id;
	ticket->state = STATE_OPEN;
	ticket->type = g_strdup("incident");
	ticket->priority = g_strdup("normal");
	ticket->queue = g_strdup("help");
	ticket->team = g_strdup("level1");
	ticket->level = 1;
	ticket->subject = g_strdup(subject);
	ticket->language = g_strdup("en");
	ticket->requester = requester->id;
	candidate->ticket = ticket;
	candidate->messages = 1;
	candidate->participants =
		g_ptr_array_new_with_free_func(free_participant);
	add_participant(candidate, requester, PARTICIPANT_REQUESTER);
	g_ptr_array_add(scene->candidates, candidate);
	return candidate;
}

Ticket *
scene_ticket(const Scene *scene, int64_t number)
{
	const Candidate *candidate = facts_candidate(&scene->facts, number);

	g_assert_nonnull(candidate);
	return candidate->ticket;
}

/* ---- words ---- */

static void
add_address(Scene *scene, GArray *list, const char *address)
{
	MailAddress one = { .name = "",
		            .address = mail_keep(scene->mail, address) };

	g_array_append_val(list, one);
}

static void
tell_from(Scene *scene, char **words)
{
	Facts *facts = &scene->facts;

	g_array_set_size(scene->mail->from, 0);
	add_address(scene, scene->mail->from, words[0]);
	facts->from = mail_from_address(scene->mail);
	facts->agent = desk_agent_for_address(scene->desk, facts->from);
	facts->sender = NULL;
	for (unsigned i = 0; i < scene->people->len; i++) {
		const Person *person = scene->people->pdata[i];

		if (g_ascii_strcasecmp(person->address, facts->from) == 0)
			facts->sender = person;
	}
}

/* Two mailboxes, or none: nobody's identity (P-03). */
static void
tell_from_nobody(Scene *scene, char **words)
{
	g_array_set_size(scene->mail->from, 0);
	for (; *words != NULL; words++)
		add_address(scene, scene->mail->from, *words);
	scene->facts.from = NULL;
	scene->facts.sender = NULL;
	scene->facts.agent = NULL;
	scene->facts.proven = EVIDENCE_E0;
}

static void
tell_proof(Scene *scene, char **words)
{
	scene->facts.proven = (EvidenceLevel)(words[0][1] - '0');
}

static char *
join(char **words)
{
	g_autofree char *line = g_strjoinv(" ", words);

	return g_strdelimit(g_steal_pointer(&line), "|", '\n');
}

static void
tell_says(Scene *scene, char **words)
{
	g_autofree char *text = join(words);

	scene->mail->text = mail_keep(scene->mail, text);
	scene->mail->reply = scene->mail->text;
}

/* what he says is somebody else's, under words of his own or under none */
static void
tell_forwards(Scene *scene, char **words)
{
	g_autofree char *before = join(words);
	MailForwarded *forwarded = g_new0(MailForwarded, 1);

	forwarded->before = mail_keep(scene->mail, before);
	forwarded->embedded = scene->mail->text;
	scene->mail->forwarded = forwarded;
}

static void
tell_subject(Scene *scene, char **words)
{
	g_autofree char *text = join(words);

	scene->mail->subject = mail_keep(scene->mail, text);
}

static bool
has_word(char **words, const char *word)
{
	return g_strv_contains((const char *const *)words, word);
}

static int64_t
number(const char *word)
{
	return g_ascii_strtoll(word, NULL, 10);
}

static void
add_witness(Scene *scene, WitnessKind kind, char **words)
{
	Witness witness = { .kind = kind,
		            .text = "-",
		            .ticket = number(words[0]),
		            .is_for_agents = has_word(words, "agent"),
		            .is_expired = has_word(words, "expired") };

	if (words[1] != NULL && kind <= WITNESS_MARKER)
		witness.principal = number(words[1]);
	if (words[1] != NULL && kind == WITNESS_THEIR_ID)
		witness.author = mail_keep(scene->mail, words[1]);
	if (kind == WITNESS_THEIR_ID)
		witness.message = 90;
	g_array_append_val(scene->witnesses, witness);
}

static void
tell_token(Scene *scene, char **words)
{
	add_witness(scene, WITNESS_TOKEN, words);
}

static void
tell_our_id(Scene *scene, char **words)
{
	add_witness(scene, WITNESS_OUR_ID, words);
}

static void
tell_marker(Scene *scene, char **words)
{
	add_witness(scene, WITNESS_MARKER, words);
}

static void
tell_their_id(Scene *scene, char **words)
{
	add_witness(scene, WITNESS_THEIR_ID, words);
}

static void
tell_tag(Scene *scene, char **words)
{
	add_witness(scene, WITNESS_SUBJECT, words);
}

static void
tell_conversation(Scene *scene, char **words)
{
	add_witness(scene, WITNESS_CONVERSATION, words);
}

static void
tell_class(Scene *scene, char **words)
{
	g_assert_true(mail_class_from_name(words[0], &scene->mail->class));
	scene->mail->answerable = scene->mail->class == MAIL_PERSON;
}

static void
tell_unanswerable(Scene *scene, char **words)
{
	(void)words;
	scene->mail->answerable = false;
}

static void
tell_envelope(Scene *scene, char **words)
{
	scene->facts.envelope_sender =
		strcmp(words[0], "<>") == 0 ? ""
					    : mail_keep(scene->mail, words[0]);
}

/* state TICKET STATE [DAYS]: since so many days */
static void
tell_state(Scene *scene, char **words)
{
	Ticket *ticket = scene_ticket(scene, number(words[0]));
	int64_t days = words[2] == NULL ? 1 : number(words[2]);

	g_assert_true(ticket_state_from_name(words[1], &ticket->state));
	ticket->closed_at = NOW - days * DAY;
}

static void
tell_owner(Scene *scene, char **words)
{
	Ticket *ticket = scene_ticket(scene, number(words[0]));

	g_free(ticket->owner);
	ticket->owner = g_strdup(words[1]);
}

static void
tell_import(Scene *scene, char **words)
{
	(void)words;
	scene->facts.is_import = true;
}

static void
tell_echo(Scene *scene, char **words)
{
	g_autofree char *text = join(words);

	scene->facts.echo_why = mail_keep(scene->mail, text);
}

static void
tell_hops(Scene *scene, char **words)
{
	scene->facts.hops = (unsigned)number(words[0]);
}

static void
tell_in_hand(Scene *scene, char **words)
{
	scene->facts.times_in_hand = (int)number(words[0]);
}

static void
tell_bad_token(Scene *scene, char **words)
{
	(void)words;
	scene->facts.bad_tokens = 1;
}

/* seen same|truncated|longer: of delivery 80, which is message 81 of 12 */
static void
tell_seen(Scene *scene, char **words)
{
	static const char *const names[] = { "not", "same", "truncated",
		                             "longer" };

	for (unsigned i = 0; i < G_N_ELEMENTS(names); i++)
		if (strcmp(names[i], words[0]) == 0)
			scene->facts.seen = (SeenBefore)i;
	scene->other = delivery_new();
	scene->other->id = 80;
	scene->other->ticket = 12;
	scene->other->message = has_word(words, "held") ? 0 : 81;
	scene->other->state = DELIVERY_APPENDED;
	scene->facts.other = scene->other;
}

static void
tell_child(Scene *scene, char **words)
{
	WaitingChild child = { .message = number(words[0]),
		               .ticket = number(words[1]) };

	g_array_append_val(scene->children, child);
}

/* report failed|delayed|delivered: on any mail */
static void
tell_report(Scene *scene, char **words)
{
	ReportRecipient recipient = { .address = "berta@client.example",
		                      .status = "5.1.1",
		                      .reason = "user-unknown",
		                      .permanent = 1 };

	MailReport *report = g_new0(MailReport, 1);

	for (int i = 0; i <= REPORT_UNKNOWN; i++)
		if (strcmp(report_action_name((ReportAction)i), words[0]) == 0)
			recipient.action = (ReportAction)i;
	report->action = recipient.action;
	report->recipients = g_array_new(FALSE, FALSE, sizeof recipient);
	g_array_append_val(report->recipients, recipient);
	scene->mail->report = report;
	scene->mail->class = MAIL_BOUNCE;
	scene->mail->answerable = false;
}

/* ours TICKET PURPOSE ADDRESS: the report is on that mail of ours */
static void
tell_ours(Scene *scene, char **words)
{
	scene->row = outbox_row_new();
	scene->row->id = 70;
	scene->row->ticket = number(words[0]);
	scene->row->purpose = g_strdup(words[1]);
	scene->row->to = g_strdup(words[2]);
	scene->facts.reported = scene->row;
	scene->facts.reported_why = "VERP address of ours";
}

static void
tell_reply_to(Scene *scene, char **words)
{
	add_address(scene, scene->mail->reply_to, words[0]);
}

static void
tell_to(Scene *scene, char **words)
{
	add_address(scene, scene->mail->to, words[0]);
}

static void
tell_cc(Scene *scene, char **words)
{
	add_address(scene, scene->mail->cc, words[0]);
}

static Queue *
first_queue(Scene *scene)
{
	return scene->desk->queues->pdata[0];
}

static void
tell_policy(Scene *scene, char **words)
{
	first_queue(scene)->reply_to =
		strcmp(words[0], "from") == 0       ? REPLY_TO_FROM
		: strcmp(words[0], "reply-to") == 0 ? REPLY_TO_REPLY_TO
						    : REPLY_TO_AUTO;
}

static void
tell_lists(Scene *scene, char **words)
{
	(void)words;
	first_queue(scene)->lists = LIST_TICKET;
}

static void
tell_silent_queue(Scene *scene, char **words)
{
	(void)words;
	first_queue(scene)->acknowledge = false;
}

static void
tell_attachment(Scene *scene, char **words)
{
	MailAttachment attachment = { .name = mail_keep(scene->mail, words[0]),
		                      .type = "image/png" };

	g_array_append_val(scene->mail->attachments, attachment);
}

static void
tell_acknowledged(Scene *scene, char **words)
{
	scene->facts.budgets.acknowledgements_to_sender_day = number(words[0]);
}

static void
tell_tickets(Scene *scene, char **words)
{
	scene->facts.budgets.tickets_by_sender_hour = number(words[0]);
}

static void
tell_unproven_acknowledged(Scene *scene, char **words)
{
	scene->facts.budgets.unproven_acknowledgements_hour = number(words[0]);
}

static void
tell_warned(Scene *scene, char **words)
{
	(void)words;
	scene->facts.budgets.was_agent_warned_today = true;
}

static void
tell_bare(Scene *scene, char **words)
{
	(void)words;
	scene->mail->is_bare = true;
}

static const struct {
	const char *word;
	void (*tell)(Scene *, char **);
} vocabulary[] = {
	{ "from", tell_from },
	{ "from-nobody", tell_from_nobody },
	{ "proof", tell_proof },
	{ "says", tell_says },
	{ "forwards", tell_forwards },
	{ "subject", tell_subject },
	{ "token", tell_token },
	{ "our-id", tell_our_id },
	{ "marker", tell_marker },
	{ "their-id", tell_their_id },
	{ "tag", tell_tag },
	{ "conversation", tell_conversation },
	{ "class", tell_class },
	{ "unanswerable", tell_unanswerable },
	{ "envelope", tell_envelope },
	{ "state", tell_state },
	{ "owner", tell_owner },
	{ "import", tell_import },
	{ "echo", tell_echo },
	{ "hops", tell_hops },
	{ "in-hand", tell_in_hand },
	{ "bad-token", tell_bad_token },
	{ "seen", tell_seen },
	{ "child", tell_child },
	{ "report", tell_report },
	{ "ours", tell_ours },
	{ "reply-to", tell_reply_to },
	{ "to", tell_to },
	{ "cc", tell_cc },
	{ "policy", tell_policy },
	{ "lists-are-tickets", tell_lists },
	{ "silent-queue", tell_silent_queue },
	{ "attachment", tell_attachment },
	{ "acknowledged", tell_acknowledged },
	{ "tickets", tell_tickets },
	{ "unproven-acknowledged", tell_unproven_acknowledged },
	{ "warned", tell_warned },
	{ "bare", tell_bare },
};

void
scene_tell(Scene *scene, const char *line)
{
	g_auto(GStrv) words = g_strsplit(line, " ", -1);

	for (unsigned i = 0; i < G_N_ELEMENTS(vocabulary); i++)
		if (strcmp(vocabulary[i].word, words[0]) == 0) {
			vocabulary[i].tell(scene, words + 1);
			return;
		}
	fprintf(stderr, "no such word in a story: %s\n", line);
	abort();
}

void
scene_tell_all(Scene *scene, const char *story)
{
	g_auto(GStrv) lines = g_strsplit(story, "\n", -1);

	for (unsigned i = 0; lines[i] != NULL; i++)
		if (*lines[i] != '\0')
			scene_tell(scene, lines[i]);
}

/* ---- the scene ---- */

Scene *
scene_new(void)
{
	Scene *scene = g_new0(Scene, 1);

	scene->desk = make_desk();
	scene->mail = mail_new();
	scene->people = make_people();
	scene->witnesses = g_array_new(FALSE, FALSE, sizeof(Witness));
	scene->children = g_array_new(FALSE, FALSE, sizeof(WaitingChild));
	scene->candidates = g_ptr_array_new_with_free_func(free_candidate);
	scene->facts = (Facts){ .now = NOW,
		                .desk = scene->desk,
		                .mail = scene->mail,
		                .queue = desk_queue(scene->desk, "help"),
		                .queue_why = "addressed to help@desk.example",
		                .proven = EVIDENCE_E1,
		                .witnesses = scene->witnesses,
		                .candidates = scene->candidates,
		                .children = scene->children,
		                .next_ticket = 30 };
	Candidate *printer = add_ticket(scene, 12, "printer on fire",
	                                scene->people->pdata[4]);
	add_participant(printer, scene->people->pdata[5], PARTICIPANT_WATCHER);
	add_ticket(scene, 13, "the lights are out", scene->people->pdata[6]);
	scene->mail->message_id = "m@client.example";
	scene_tell(scene, "from berta@client.example");
	scene_tell(scene, "subject coffee machine");
	scene_tell(scene, "says It leaks.");
	return scene;
}

void
scene_free(Scene *scene)
{
	if (scene == NULL)
		return;
	mail_free(scene->mail);
	delivery_free(scene->other);
	outbox_row_free(scene->row);
	g_array_unref(scene->witnesses);
	g_array_unref(scene->children);
	g_ptr_array_unref(scene->candidates);
	g_ptr_array_unref(scene->people);
	desk_free(scene->desk);
	g_free(scene);
}

char *
plan_to_text(const Plan *plan)
{
	GString *text = g_string_new(NULL);

	for (unsigned i = 0; i < plan->actions->len; i++) {
		g_autofree char *line = action_to_text(plan_action(plan, i));

		g_string_append_printf(text, "%s\n", line);
	}
	return g_string_free(text, FALSE);
}
