/* Puts mails into the outbox of a new or present database, for the tests of
 * the sender.
 *
 * usage: outbox_fill DATABASE TIME COUNT TO ENVELOPE RESEND [BODY-FILE]
 *
 * TIME is RFC 3339; %d in TO is the mail's number; RESEND is 1 for mails that
 * are sent again when uncertain.  Without a file the body is short; with one
 * it is the file, behind a header with the Message-ID. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "base/clock.h"

#include "store/store.h"

typedef struct Order {
	int64_t at;
	const char *to;
	const char *envelope;
	bool resends;
	const char *text;
	gsize size;
} Order;

static char *
numbered(const char *pattern, int64_t id)
{
	g_auto(GStrv) parts = g_strsplit(pattern, "%d", 2);
	g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, id);

	return g_strjoinv(number, parts);
}

static GBytes *
compose(const OutboxRow *row, const Order *order)
{
	g_autoptr(GString) mail = g_string_new(NULL);

	g_string_printf(mail,
	                "From: desk@acme.example\r\nTo: %s\r\n"
	                "Message-ID: <%s>\r\nSubject: %s\r\n\r\n",
	                row->to, row->message_id, row->subject);
	g_string_append_len(mail, order->text, (gssize)order->size);
	return g_bytes_new(mail->str, mail->len);
}

static bool
add(Store *store, const Order *order, GError **error)
{
	g_autoptr(OutboxRow) row = outbox_row_new();

	if (!store_outbox_next(store, &row->id, error))
		return false;
	row->kind = g_strdup("mail");
	row->purpose = g_strdup(order->resends ? "reply" : "acknowledgement");
	row->to = numbered(order->to, row->id);
	row->from = g_strdup("desk@acme.example");
	row->subject = g_strdup_printf("mail %" G_GINT64_FORMAT, row->id);
	row->message_id =
		g_strdup_printf("p.1.%" G_GINT64_FORMAT ".x@acme.example",
	                        row->id);
	row->envelope = g_strdup(order->envelope);
	row->resend_uncertain = order->resends;
	row->created_at = row->next_attempt_at = order->at;
	row->body = compose(row, order);
	return store_outbox_add(store, row, error);
}

static bool
fill(const char *path, const Order *order, int count, GError **error)
{
	if (!g_file_test(path, G_FILE_TEST_EXISTS) &&
	    !store_create(path, error))
		return false;
	g_autoptr(Store) store = store_open(path, STORE_WRITE, error);
	if (store == NULL || !store_begin(store, error))
		return false;
	for (int i = 0; i < count; i++)
		if (!add(store, order, error))
			return false;
	return store_commit(store, error);
}

int
main(int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *text = NULL;
	Order order = { .text = "A line.\r\n", .size = 9 };

	if (argc < 7 || !instant_from_text(argv[2], &order.at))
		return EXIT_FAILURE;
	order.to = argv[4];
	order.envelope = argv[5];
	order.resends = strcmp(argv[6], "1") == 0;
	if (argc > 7) {
		if (!g_file_get_contents(argv[7], &text, &order.size, &error)) {
			fprintf(stderr, "%s\n", error->message);
			return EXIT_FAILURE;
		}
		order.text = text;
	}
	if (fill(argv[1], &order, (int)g_ascii_strtoll(argv[3], NULL, 10),
	         &error))
		return EXIT_SUCCESS;
	fprintf(stderr, "%s\n", error->message);
	return EXIT_FAILURE;
}
