/* No plan credits an action above the evidence of its mail (I6, faults.md 4.2).
 *
 * Random mails: every fact that a stranger, a requester or an agent can bring
 * about, in any mixture, tokens written and spoilt by the real functions.  The
 * properties are said here a second time and in another way than in the desk.
 * $POSTIGO_SEED repeats a run, $POSTIGO_RUNS makes it longer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <glib.h>
#include <glib/gstdio.h>

#include "base/text.h"
#include "base/token.h"

#include "scene.h"

#define RUNS      50000
#define LINES_MAX 9
#define NEXT      30

static GRand *dice;
static KeyRing *ring;

/* ---- random mails ---- */

/* %a address, %t ticket, %p person, %g "agent" or nothing */
static const char *const lines[] = {
	"from %a",
	"from %a",
	"from %a",
	"from-nobody",
	"from-nobody %a %a",
	"proof E0",
	"proof E0",
	"proof E1",
	"says /close",
	"says /assign me|/tag +x|/field a=b",
	"says /note|He lies.",
	"says /queue net",
	"says /resolve||Done.",
	"says /fly",
	"says Thanks!",
	"says ",
	"says |/close",
	"our-id %t",
	"our-id %t %p %g",
	"our-id %t %p %g expired",
	"marker %t %p %g",
	"their-id %t %a",
	"tag %t",
	"tag %t",
	"conversation %t",
	"class list",
	"class automatic",
	"class auto-reply",
	"class bounce",
	"class own",
	"class person",
	"unanswerable",
	"envelope <>",
	"envelope %a",
	"state %t closed",
	"state %t closed 15",
	"state %t resolved",
	"state %t pending",
	"state %t new",
	"owner %t luis",
	"bad-token",
	"child 81 %t",
	"reply-to %a",
	"to %a",
	"cc %a",
	"policy reply-to",
	"policy from",
	"lists-are-tickets",
	"attachment x.png",
	"warned",
	"bare",
	"hops 60",
};

static const char *const addresses[] = {
	"ana@desk.example",    "luis@desk.example",    "eva@desk.example",
	"gone@desk.example",   "berta@client.example", "carl@client.example",
	"dora@client.example", "mallory@evil.example", "no-reply@evil.example",
	"help+x@desk.example", "Berta@client.example", "ANA@desk.example",
};

static const char *
pick(const char *const *list, size_t count)
{
	return list[g_rand_int_range(dice, 0, (gint32)count)];
}

static void
append_choice(GString *line, char kind)
{
	switch (kind) {
	case 'a':
		g_string_append(line, pick(addresses, G_N_ELEMENTS(addresses)));
		break;
	case 't':
		g_string_append(line, g_rand_boolean(dice) ? "12" : "13");
		break;
	case 'p':
		g_string_append_printf(line, "%d",
		                       g_rand_int_range(dice, 0, 8));
		break;
	default:
		g_string_append(line, g_rand_boolean(dice) ? "agent" : "");
		break;
	}
}

static void
tell_random_line(Scene *scene)
{
	g_autoptr(GString) line = g_string_new(NULL);

	for (const char *p = pick(lines, G_N_ELEMENTS(lines)); *p != '\0'; p++)
		if (*p == '%')
			append_choice(line, *++p);
		else
			g_string_append_c(line, *p);
	scene_tell(scene, line->str);
}

/* A token as the desk writes them; half of them with one character spoilt. */
static void
tell_token(Scene *scene)
{
	bool is_for_agent = g_rand_boolean(dice);
	bool is_spoilt = g_rand_boolean(dice);
	ReplyToken token = { g_rand_boolean(dice) ? 12 : 13,
		             (uint32_t)g_rand_int_range(dice, 1, 8),
		             is_for_agent ? TOKEN_AGENT : TOKEN_COMMENT,
		             scene->facts.now +
		                     g_rand_int_range(dice, -3, 9) * 604800 };
	g_autofree char *text = token_write(ring, &token, "desk.example", 0);

	if (is_spoilt) {
		char *at = &text[g_rand_int_range(dice, 0, TOKEN_LENGTH)];

		*at = *at == 'q' ? 'r' : 'q';
	}
	TokenVerdict verdict = token_read(ring, text, "desk.example", 0,
	                                  scene->facts.now, &token);
	if (is_spoilt)
		assert_true(verdict <= TOKEN_BAD);
	if (verdict == TOKEN_BAD)
		scene_tell(scene, "bad-token");
	if (verdict < TOKEN_EXPIRED)
		return;
	g_autofree char *line =
		g_strdup_printf("token %u %u %s %s", token.ticket,
	                        token.principal,
	                        token.scope == TOKEN_AGENT ? "agent" : "",
	                        verdict == TOKEN_EXPIRED ? "expired" : "");
	scene_tell(scene, line);
}

static int
by_kind(const void *a, const void *b)
{
	return (int)((const Witness *)a)->kind -
	       (int)((const Witness *)b)->kind;
}

static Scene *
random_scene(void)
{
	Scene *scene = scene_new();
	int count = g_rand_int_range(dice, 1, LINES_MAX);

	for (int i = 0; i < count; i++)
		if (g_rand_int_range(dice, 0, 4) == 0)
			tell_token(scene);
		else
			tell_random_line(scene);
	if (g_rand_int_range(dice, 0, 20) == 0) {
		scene_tell(scene, "report failed");
		if (g_rand_boolean(dice))
			scene_tell(scene, "ours 12 reply berta@client.example");
	}
	if (scene->facts.from == NULL)
		scene->facts.proven = EVIDENCE_E0;
	g_array_sort(scene->witnesses, by_kind);
	return scene;
}

/* ---- what is true of the mail ---- */

static bool
is_agent_address(const Scene *scene, const char *address)
{
	return desk_agent_for_address(scene->desk, address) != NULL;
}

/* A carrier of that ticket that was given to the sender, as what he is. */
static bool
has_carrier(const Scene *scene, int64_t ticket)
{
	const Facts *facts = &scene->facts;

	for (unsigned i = 0; i < scene->witnesses->len; i++) {
		const Witness *w = &g_array_index(scene->witnesses, Witness, i);

		if (w->kind <= WITNESS_MARKER && w->ticket == ticket &&
		    !w->is_expired && facts->sender != NULL &&
		    w->principal == facts->sender->id &&
		    w->is_for_agents == (facts->agent != NULL))
			return true;
	}
	return false;
}

static bool
is_e3_agent(const Scene *scene, int64_t ticket)
{
	return scene->facts.agent != NULL &&
	       scene->facts.proven == EVIDENCE_E1 && has_carrier(scene, ticket);
}

static bool
wrote_what_is_answered(const Scene *scene, int64_t ticket)
{
	for (unsigned i = 0; i < scene->witnesses->len; i++) {
		const Witness *w = &g_array_index(scene->witnesses, Witness, i);

		if (w->kind == WITNESS_THEIR_ID && w->ticket == ticket &&
		    text_equal_ascii(w->author, scene->facts.from))
			return true;
	}
	return false;
}

/* May he comment in public?  A participant at E1 or E2, or at E1 the writer of
 * the message that he answers (design section 9). */
static bool
may_comment(const Scene *scene, int64_t ticket)
{
	const Facts *facts = &scene->facts;
	const Candidate *candidate = facts_candidate(facts, ticket);
	bool is_e1 = facts->proven >= EVIDENCE_E1;

	if (candidate_participant(candidate, facts->from) != NULL)
		return is_e1 || has_carrier(scene, ticket);
	return is_e1 && wrote_what_is_answered(scene, ticket);
}

static bool
may_answer(const Scene *scene)
{
	MailClass class = scene->mail->class;

	return (class == MAIL_PERSON || class == MAIL_LIST) &&
	       scene->mail->answerable &&
	       g_strcmp0(scene->facts.envelope_sender, "") != 0;
}

/* ---- what must hold of each action ---- */

typedef const char *(*Property)(const Scene *scene, const Plan *plan,
                                const Action *action);

/* a report that carries our own signature may wake its ticket */
static bool
is_on_reported(const Scene *scene, int64_t ticket)
{
	return scene->mail->report != NULL && scene->row != NULL &&
	       scene->row->ticket == ticket;
}

static const char *
check_change(const Scene *scene, const Plan *plan, const Action *action)
{
	int64_t ticket = action_number(action, "ticket");

	(void)plan;
	return is_e3_agent(scene, ticket) ? NULL : "a change below E3";
}

static const char *
check_set(const Scene *scene, const Plan *plan, const Action *action)
{
	int64_t ticket = action_number(action, "ticket");
	bool wakes = strcmp(action_value(action, "field"), "state") == 0 &&
	             strcmp(action_value(action, "value"), "open") == 0;

	if (wakes &&
	    (may_comment(scene, ticket) || is_on_reported(scene, ticket)))
		return NULL;
	return check_change(scene, plan, action);
}

static const char *
check_message(const Scene *scene, const Plan *plan, const Action *action)
{
	int64_t ticket = action_number(action, "ticket");
	bool is_public =
		strcmp(action_value(action, "visibility"), "public") == 0;
	bool is_proven = strcmp(action_value(action, "proof"), "proven") == 0;

	(void)plan;
	if (ticket == NEXT)
		return is_proven && scene->facts.proven < EVIDENCE_E1
		               ? "a first message called proven at E0"
		               : NULL;
	if (strcmp(action_value(action, "direction"), "in") != 0)
		return is_e3_agent(scene, ticket)
		               ? NULL
		               : "an answer or note below E3";
	if ((is_public || is_proven) && !may_comment(scene, ticket))
		return "a public message without proof";
	return NULL;
}

static const char *
check_watch(const Scene *scene, const Plan *plan, const Action *action)
{
	const char *address = action_value(action, "address");
	const MailAddress *reply_to = mail_address(scene->mail->reply_to, 0);

	(void)plan;
	if (action_number(action, "ticket") != NEXT ||
	    strcmp(action_value(action, "kind"), "requester") != 0)
		return "a watcher added by a mail";
	if (text_equal_ascii(address, mail_from_address(scene->mail)) ||
	    (reply_to != NULL && text_equal_ascii(address, reply_to->address)))
		return NULL;
	return "a requester who is neither From nor Reply-To";
}

static const char *
check_link(const Scene *scene, const Plan *plan, const Action *action)
{
	if (action_number(action, "ticket") == NEXT)
		return NULL;
	return check_change(scene, plan, action);
}

static const char *
check_acknowledgement(const Scene *scene, const Action *action)
{
	const char *to = action_value(action, "to");
	bool is_fixed =
		strcmp(action_value(action, "template"), "ack-unproven") == 0;

	if (action_number(action, "ticket") != NEXT)
		return "an acknowledgement of no new ticket";
	if (!may_answer(scene) || scene->mail->class != MAIL_PERSON)
		return "an automatic answer to a machine or a null sender";
	if (is_fixed)
		return action_value(action, "subject") == NULL &&
		                       action_value(action, "name") == NULL
		               ? NULL
		               : "an unproven sender's words sent out";
	return scene->facts.proven >= EVIDENCE_E1 &&
	                       text_equal_ascii(to, scene->facts.from)
	               ? NULL
	               : "an acknowledgement that echoes without proof";
}

static const char *
check_send(const Scene *scene, const Plan *plan, const Action *action)
{
	const char *to = action_value(action, "to");
	int64_t ticket = action_number(action, "ticket");
	const Candidate *candidate = facts_candidate(&scene->facts, ticket);

	(void)plan;
	if (desk_owns_address(scene->desk, to))
		return "a mail to ourselves";
	if (text_equal_ascii(to, scene->facts.from) && !may_answer(scene))
		return "an automatic answer to a machine or a null sender";
	if (strcmp(action_value(action, "purpose"), "acknowledgement") == 0)
		return check_acknowledgement(scene, action);
	if (is_agent_address(scene, to) &&
	    strcmp(action_value(action, "scope"), "agent") == 0)
		return NULL;
	if (candidate == NULL || candidate_participant(candidate, to) == NULL)
		return "a mail to somebody who has no part in the ticket";
	return is_e3_agent(scene, ticket) ? NULL
	                                  : "a mail to the outside below E3";
}

static const char *
check_never(const Scene *scene, const Plan *plan, const Action *action)
{
	(void)scene;
	(void)plan;
	(void)action;
	return "an action that no mail of these may cause";
}

static const Property properties[ACTION_KINDS] = {
	[ACTION_MESSAGE] = check_message, [ACTION_SET] = check_set,
	[ACTION_TAG] = check_change,      [ACTION_UNTAG] = check_change,
	[ACTION_FIELD] = check_change,    [ACTION_LINK] = check_link,
	[ACTION_WATCH] = check_watch,     [ACTION_UNWATCH] = check_change,
	[ACTION_SEND] = check_send,       [ACTION_REPLACE] = check_never,
	[ACTION_RELEASE] = check_never,
};

/* NULL if all is well */
static const char *
check_plan(const Scene *scene, const Plan *plan)
{
	for (unsigned i = 0; i < plan->actions->len; i++) {
		const Action *action = plan_action(plan, i);
		bool is_last = i + 1 == plan->actions->len;
		const char *fault =
			properties[action->kind] == NULL
				? NULL
				: properties[action->kind](scene, plan, action);

		if (fault != NULL)
			return fault;
		if ((action->kind == ACTION_SETTLE) != is_last)
			return "not settled once, at the end (I3)";
	}
	return plan->actions->len > 0 ? NULL : "an empty plan";
}

static void
no_plan_goes_above_its_evidence(void **state)
{
	const char *seed_text = g_getenv("POSTIGO_SEED");
	const char *runs_text = g_getenv("POSTIGO_RUNS");
	guint32 seed = seed_text == NULL
	                       ? g_random_int()
	                       : (guint32)g_ascii_strtoull(seed_text, NULL, 10);
	long runs = runs_text == NULL ? RUNS : strtol(runs_text, NULL, 10);
	unsigned actions = 0;

	(void)state;
	print_message("# POSTIGO_SEED=%u POSTIGO_RUNS=%ld\n", seed, runs);
	dice = g_rand_new_with_seed(seed);
	for (long i = 0; i < runs; i++) {
		g_autoptr(Scene) scene = random_scene();
		g_autoptr(Decision) decision = decide_on_mail(&scene->facts);
		const char *fault = check_plan(scene, decision->plan);

		actions += decision->plan->actions->len;
		if (fault == NULL)
			continue;
		g_autofree char *text = plan_to_text(decision->plan);
		fail_msg("run %ld: %s: from %s, E%d, class %s\n%s", i, fault,
		         scene->facts.from, (int)scene->facts.proven,
		         mail_class_name(scene->mail->class), text);
	}
	print_message("# %u actions\n", actions);
	g_rand_free(dice);
}

static int
make_ring(void **state)
{
	g_autofree char *path = NULL;
	g_autofree char *text = keyring_generate();
	int fd = g_file_open_tmp("postigo-key-XXXXXX", &path, NULL);

	(void)state;
	if (fd < 0 || !g_file_set_contents(path, text, -1, NULL))
		return 1;
	close(fd);
	g_chmod(path, 0600);
	ring = keyring_load(path, NULL);
	g_unlink(path);
	return ring == NULL;
}

static int
drop_ring(void **state)
{
	(void)state;
	keyring_free(ring);
	return 0;
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_plan_goes_above_its_evidence),
	};

	return cmocka_run_group_tests_name("authority", tests, make_ring,
	                                   drop_ring);
}
