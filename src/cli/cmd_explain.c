#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"
#include "base/json.h"

#include "cli/report.h"
#include "cli/session.h"

#define MAIL_OCTETS_MAX ((size_t)512 << 20)

static json_t *
principal_json(const Facts *facts, const Decision *decision)
{
	json_t *json = json_object();

	json_object_set_new(json, "address", json_text(facts->from));
	json_object_set_new(json, "role", json_text(decision->role));
	json_object_set_new(json, "level",
	                    json_text(evidence_name(decision->level)));
	json_object_set_new(json, "why", json_texts(facts->proven_why));
	return json;
}

static json_t *
candidates_json(const Facts *facts, const Thread *thread)
{
	json_t *list = json_array();

	for (unsigned i = 0; thread != NULL && i < thread->heard->len; i++) {
		const Witness *witness =
			&g_array_index(facts->witnesses, Witness, i);
		json_t *json = json_object();

		json_object_set_new(json, "ticket",
		                    json_integer(witness->ticket));
		json_object_set_new(json, "by",
		                    json_text(witness_name(witness->kind)));
		json_object_set_new(json, "why",
		                    json_text(thread->heard->pdata[i]));
		json_array_append_new(list, json);
	}
	return list;
}

static json_t *
thread_json(const Facts *facts, const Thread *thread)
{
	bool is_found = thread != NULL && thread->outcome != THREAD_NEW;
	json_t *json = json_object();

	json_object_set_new(json, "ticket",
	                    is_found ? json_integer(
					       thread->candidate->ticket->id)
	                             : json_null());
	json_object_set_new(json, "by",
	                    is_found ? json_text(witness_name(thread->by->kind))
	                             : json_null());
	json_object_set_new(json, "candidates", candidates_json(facts, thread));
	return json;
}

static json_t *
plan_json(const Plan *plan)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < plan->actions->len; i++) {
		g_autofree char *text = action_to_text(plan_action(plan, i));

		json_array_append_new(list, json_text(text));
	}
	return list;
}

/* Entries of one branch stand together. */
static json_t *
rules_json(const Ruling *ruling)
{
	json_t *list = json_array();
	json_t *actions = NULL;

	for (unsigned i = 0; ruling != NULL && i < ruling->entries->len; i++) {
		const RulingEntry *entry = ruling_entry(ruling, i);
		g_autofree char *text = ruling_entry_to_text(entry);

		if (i == 0 ||
		    ruling_entry(ruling, i - 1)->line != entry->line) {
			json_t *rule = json_object();

			actions = json_array();
			json_object_set_new(rule, "file",
			                    json_text(ruling->file));
			json_object_set_new(rule, "line",
			                    json_integer(entry->line));
			json_object_set_new(rule, "actions", actions);
			json_array_append_new(list, rule);
		}
		json_array_append_new(actions, json_text(text));
	}
	return list;
}

static json_t *
notifications_json(const Explanation *explanation)
{
	const Plan *plan = explanation_decision(explanation)->plan;
	json_t *list = json_array();

	for (unsigned i = 0; i < plan->actions->len; i++) {
		const Action *action = plan_action(plan, i);

		if (action->kind != ACTION_SEND)
			continue;
		json_t *json = json_object();
		json_object_set_new(json, "purpose",
		                    json_text(action_value(action, "purpose")));
		json_object_set_new(json, "to",
		                    json_text(action_value(action, "to")));
		json_object_set_new(json, "subject",
		                    json_text(action_value(action, "subject")));
		json_array_append_new(list, json);
	}
	return list;
}

static void
print_json(const Explanation *explanation)
{
	const Mail *mail = explanation_mail(explanation);
	const Facts *facts = explanation_facts(explanation);
	const Decision *decision = explanation_decision(explanation);
	json_t *json = json_object();

	json_object_set_new(json, "class",
	                    json_text(mail_class_name(mail->class)));
	json_object_set_new(json, "answerable", json_boolean(mail->answerable));
	json_object_set_new(json, "evidence", json_texts(mail->evidence));
	json_object_set_new(json, "principal", principal_json(facts, decision));
	json_object_set_new(json, "thread",
	                    thread_json(facts, decision->thread));
	json_object_set_new(json, "rules", rules_json(facts->ruling));
	json_object_set_new(json, "plan", plan_json(decision->plan));
	json_object_set_new(json, "notifications",
	                    notifications_json(explanation));
	json_print_line(stdout, json);
}

static void
print_strings(const char *key, const GPtrArray *strings)
{
	for (unsigned i = 0; i < strings->len; i++)
		report_pair(i == 0 ? key : "", strings->pdata[i]);
}

static void
print_people(const Explanation *explanation)
{
	const Mail *mail = explanation_mail(explanation);
	const Facts *facts = explanation_facts(explanation);
	const Decision *decision = explanation_decision(explanation);
	g_autofree char *class =
		g_strdup_printf("%s, %s", mail_class_name(mail->class),
	                        mail->answerable
	                                ? "may be answered automatically"
	                                : "no automatic answer");

	report_pair("from", facts->from);
	report_pair("subject", mail->subject);
	report_pair("class", class);
	print_strings("evidence", mail->evidence);
	report_pair("role", decision->role);
	report_pair("level", evidence_name(decision->level));
	print_strings("because", facts->proven_why);
	report_pair("queue", facts->queue->name);
	report_pair("", facts->queue_why);
	if (decision->thread != NULL)
		print_strings("thread", decision->thread->heard);
}

static void
print_rules(const Ruling *ruling)
{
	for (unsigned i = 0; ruling != NULL && i < ruling->entries->len; i++) {
		const RulingEntry *entry = ruling_entry(ruling, i);
		g_autofree char *text = ruling_entry_to_text(entry);
		g_autofree char *line =
			g_strdup_printf("%s:%u: %s", ruling->file, entry->line,
		                        text);

		report_pair(i == 0 ? "rules" : "", line);
	}
}

static void
print_plan(const Plan *plan)
{
	g_autofree char *title = report_tone(TONE_BOLD, "plan");

	puts(title);
	for (unsigned i = 0; i < plan->actions->len; i++) {
		g_autofree char *text = action_to_text(plan_action(plan, i));

		printf("  %s\n", text);
	}
}

static GBytes *
read_mail(const char *path, GError **error)
{
	if (path == NULL || strcmp(path, "-") == 0)
		return io_read_all(STDIN_FILENO, MAIL_OCTETS_MAX, error);
	return io_read_file(path, MAIL_OCTETS_MAX, error);
}

static int
explain(Session *session, bool as_json, const char *path)
{
	g_autoptr(GError) error = NULL;
	static const char *const no_recipients[] = { NULL };
	g_autoptr(GBytes) raw = read_mail(path, &error);

	if (raw == NULL)
		return session_fail(error);
	Arrival arrival = { .door = "pipe",
		            .recipients = no_recipients,
		            .raw = raw };
	g_autoptr(Explanation) explanation =
		clerk_explain(session->clerk, &arrival, &error);
	if (explanation == NULL)
		return session_fail(error);
	if (as_json) {
		print_json(explanation);
		return EXIT_SUCCESS;
	}
	print_people(explanation);
	print_rules(explanation_facts(explanation)->ruling);
	print_plan(explanation_decision(explanation)->plan);
	return EXIT_SUCCESS;
}

/* A mail that cannot be explained does not stop the rest. */
static int
run(Context *context, int argc, char **argv)
{
	g_auto(Session) session = { NULL, NULL, NULL };
	g_autoptr(GError) error = NULL;
	int status = EXIT_SUCCESS;

	if (!session_open_clerk(&session, context, &error))
		return session_fail(error);
	if (argc < 2)
		return explain(&session, context->json, NULL);
	for (int i = 1; i < argc; i++) {
		int one = explain(&session, context->json, argv[i]);

		status = MAX(status, one);
		if (!context->json && i + 1 < argc)
			puts("");
	}
	return status;
}

const Command cmd_explain = { "explain", "[FILE]...", run, false };
