/* A mail's octets as they go over the wire after DATA (RFC 5321 section 4.5.2).
 *
 * Every line ends in CR LF, whether it came with CR LF, LF or CR, so that no
 * server can see an end of data where we see none (SMTP smuggling, faults.md
 * S-10); a dot that begins a line is doubled; the end is CR LF . CR LF, without
 * an empty line before it that was not there (S-09).  Made in steps, the whole
 * is never copied. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

typedef struct SmtpBody {
	const char *data; /* borrowed */
	size_t size;
	size_t at;
	bool in_line; /* an octet of the present line has been made */
	bool is_done; /* the closing dot has been made */
} SmtpBody;

void smtp_body_init(SmtpBody *body, GBytes *octets);

/* Appends about step octets of it to out; the closing dot with the last. */
void smtp_body_step(SmtpBody *body, GString *out, size_t step);

/* Octets as RFC 1870 section 3 counts them: line ends as CR LF, doubled dots
 * and the closing dot not counted. */
uint64_t smtp_body_count(GBytes *octets, bool *out_is_eight_bit);
