#include "outbound/smtp_body.h"

#include <string.h>

void
smtp_body_init(SmtpBody *body, GBytes *octets)
{
	memset(body, 0, sizeof *body);
	body->data = g_bytes_get_data(octets, &body->size);
}

/* The octets from at up to the next line end, at most most. */
static size_t
run_length(const SmtpBody *body, size_t most)
{
	size_t left = MIN(body->size - body->at, most);
	size_t length = 0;

	while (length < left && body->data[body->at + length] != '\r' &&
	       body->data[body->at + length] != '\n')
		length++;
	return length;
}

/* The octets of the line end that stands at at: CR LF 2, CR or LF 1. */
static size_t
end_length(const SmtpBody *body)
{
	const char *at = body->data + body->at;
	size_t left = body->size - body->at;

	return left > 1 && at[0] == '\r' && at[1] == '\n' ? 2 : 1;
}

static void
make_text(SmtpBody *body, GString *out, size_t length)
{
	if (!body->in_line && body->data[body->at] == '.')
		g_string_append_c(out, '.');
	g_string_append_len(out, body->data + body->at, (gssize)length);
	body->at += length;
	body->in_line = true;
}

static void
make_line_end(SmtpBody *body, GString *out)
{
	g_string_append(out, "\r\n");
	body->in_line = false;
}

void
smtp_body_step(SmtpBody *body, GString *out, size_t step)
{
	size_t end = out->len + step;

	while (body->at < body->size && out->len < end) {
		size_t length = run_length(body, end - out->len);

		if (length > 0) {
			make_text(body, out, length);
			continue;
		}
		body->at += end_length(body);
		make_line_end(body, out);
	}
	if (body->at < body->size || body->is_done)
		return;
	if (body->in_line)
		make_line_end(body, out);
	g_string_append(out, ".\r\n");
	body->is_done = true;
}

uint64_t
smtp_body_count(GBytes *octets, bool *out_is_eight_bit)
{
	SmtpBody body;
	uint64_t count = 0;
	unsigned char all = 0;

	smtp_body_init(&body, octets);
	while (body.at < body.size) {
		size_t length = run_length(&body, body.size);

		for (size_t i = 0; i < length; i++)
			all |= (unsigned char)body.data[body.at + i];
		body.at += length;
		body.at += body.at < body.size ? end_length(&body) : 0;
		count += length + 2;
	}
	*out_is_eight_bit = (all & 0x80) != 0;
	return count;
}
