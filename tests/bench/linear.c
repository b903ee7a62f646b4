/* Is the desk linear on texts that strangers write to slow it down?  Prints the
 * processor time of each at 1/4, 1/2 and 1 MiB; "not linear" where twice the
 * text takes more than two and a half times as long.  A benchmark, not a test:
 * run it on a quiet machine. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <glib.h>
#include <glib/gstdio.h>

#include "base/text.h"
#include "base/token.h"

#include "desk/evidence.h"
#include "desk/order.h"
#include "desk/plan.h"
#include "desk/subject.h"
#include "desk/thanks.h"

#define OCTETS     ((size_t)1 << 20)
#define RATIO_MAX  2.5
#define NOISE_USEC 2000 /* shorter than this tells nothing */

static const char *const tags[] = { "", "acme", NULL };
static KeyRing *ring;

static void
run_subject(const char *text)
{
	g_autofree char *bare = subject_bare(text, tags);

	subject_ticket(text, tags);
	subject_is_reply(text);
}

static void
run_name_find(const char *text)
{
	SignedName name;

	name_find(ring, NAME_POST, text, "desk.example", &name);
}

static void
run_orders(const char *text)
{
	g_autoptr(Desk) desk = desk_new();
	g_autoptr(Ticket) ticket = ticket_new();
	g_autoptr(Plan) before = plan_new();
	g_autoptr(Plan) after = plan_new();
	OrderPlace place = { .desk = desk, .ticket = ticket };
	g_autoptr(Orders) orders =
		orders_read(text, &place, EVIDENCE_E5, before, after);
}

static void
run_evidence(const char *text)
{
	static const char *const ids[] = { "mx", NULL };
	static const char *const none[] = { NULL };
	Trust trust = { ids, none, none, true };
	MailAddress from = { "", "a@b.example" };
	MailField fields[] = { { "Authentication-Results", text },
		               { "Received", text },
		               { "From", "a@b.example" } };
	g_autoptr(Mail) mail = mail_new();
	g_autoptr(GPtrArray) why = g_ptr_array_new_with_free_func(g_free);

	g_array_append_vals(mail->fields, fields, G_N_ELEMENTS(fields));
	g_array_append_val(mail->from, from);
	evidence_from_results(mail, &trust, why);
}

static void
run_action(const char *text)
{
	g_autoptr(Plan) plan = plan_new();

	action_from_text(plan, text);
}

static void
run_clean(const char *text)
{
	g_autofree char *line = text_clean_line(text);
	g_autofree char *block = text_clean_block(text);
	g_autofree char *folded = text_fold(text);

	thanks_only(text);
}

static const struct {
	const char *name;
	const char *head;
	const char *unit; /* repeated */
	void (*run)(const char *text);
} cases[] = {
	{ "subject: open brackets", "", "[", run_subject },
	{ "subject: brackets and hashes", "", "[#", run_subject },
	{ "subject: tags", "", "[#1] ", run_subject },
	{ "subject: prefixes", "", "Re: ", run_subject },
	{ "subject: blanks", "", " ", run_subject },
	{ "subject: one word", "", "a", run_subject },
	{ "names: false ones", "", "p.1.2.aaaaaaaaaaaaaaaaaaaa ",
	  run_name_find },
	{ "names: beginnings", "", "p.1.", run_name_find },
	{ "names: digits", "p.", "1", run_name_find },
	{ "names: letters", "", "a", run_name_find },
	{ "orders: good ones", "", "/close\n", run_orders },
	{ "orders: unknown ones", "", "/fly\n", run_orders },
	{ "orders: one long line", "/tag ", "a ", run_orders },
	{ "orders: blank lines", "", "\n", run_orders },
	{ "results: comments opened", "mx; ", "(", run_evidence },
	{ "results: comments in comments", "mx ", "((a))", run_evidence },
	{ "results: methods", "mx", "; dkim=fail header.d=b.example",
	  run_evidence },
	{ "results: a quoted string", "mx; dkim=pass a=\"", "\\\\",
	  run_evidence },
	{ "actions: a long value", "tag tag=\"", "\\x0a", run_action },
	{ "text: controls", "", "\x01 a\r", run_clean },
	{ "text: marks upon marks", "a", "\u0301", run_clean },
};

static char *
repeat(const char *head, const char *unit, size_t octets)
{
	GString *text = g_string_sized_new(octets + 64);

	g_string_append(text, head);
	while (text->len < octets)
		g_string_append(text, unit);
	return g_string_free(text, FALSE);
}

static gint64
cpu_usec(void)
{
	struct timespec used;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
	return (gint64)used.tv_sec * 1000000 + used.tv_nsec / 1000;
}

/* the best of five, which the machine's other work disturbs least */
static gint64
time_of(unsigned i, size_t octets)
{
	g_autofree char *text = repeat(cases[i].head, cases[i].unit, octets);
	gint64 best = G_MAXINT64;

	for (unsigned run = 0; run < 5; run++) {
		gint64 start = cpu_usec();

		cases[i].run(text);
		best = MIN(best, cpu_usec() - start);
	}
	return best;
}

static KeyRing *
fresh_ring(void)
{
	g_autofree char *path = NULL;
	g_autofree char *text = keyring_generate();
	int fd = g_file_open_tmp("postigo-bench-XXXXXX", &path, NULL);

	if (fd < 0 || write(fd, text, strlen(text)) != (gssize)strlen(text))
		return NULL;
	close(fd);
	KeyRing *fresh = keyring_load(path, NULL);
	g_unlink(path);
	return fresh;
}

int
main(void)
{
	bool all_linear = true;

	ring = fresh_ring();
	if (ring == NULL)
		return 1;
	printf("%-32s %9s %9s %9s  usec\n", "", "1/4 MiB", "1/2 MiB", "1 MiB");
	for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
		gint64 quarter = time_of(i, OCTETS / 4);
		gint64 half = time_of(i, OCTETS / 2);
		gint64 whole = time_of(i, OCTETS);
		bool is_linear = whole < NOISE_USEC ||
		                 (double)whole < RATIO_MAX * (double)half;

		printf("%-32s %9" G_GINT64_FORMAT " %9" G_GINT64_FORMAT
		       " %9" G_GINT64_FORMAT "%s\n",
		       cases[i].name, quarter, half, whole,
		       is_linear ? "" : "  not linear");
		all_linear &= is_linear;
	}
	keyring_free(ring);
	return all_linear ? 0 : 1;
}
