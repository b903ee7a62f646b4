#include "message/scan.h"

#include <string.h>

#include "base/sha256.h"

#include "desk/mail.h"

/* how far a line that is no field looks for a field below it */
#define LOOK_AHEAD_LINES 200

bool
scan_has_lone_cr(const char *octets, gsize length)
{
	return length > 0 && memchr(octets, '\n', length) == NULL &&
	       memchr(octets, '\r', length) != NULL;
}

Slice
scan_line(const char *at, const char *end, bool lone_cr, const char **next)
{
	const char *stop = memchr(at, lone_cr ? '\r' : '\n', (gsize)(end - at));
	Slice line = { at, 0 };

	*next = stop == NULL ? end : stop + 1;
	if (stop == NULL)
		stop = end;
	if (stop > at && stop[-1] == '\r')
		stop--;
	line.length = (gsize)(stop - at);
	return line;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool
is_space(char c)
{
	return is_blank(c) || c == '\r' || c == '\n';
}

static bool
slice_starts(Slice slice, const char *text)
{
	gsize length = strlen(text);

	return slice.length >= length && memcmp(slice.at, text, length) == 0;
}

/* RFC 5322 section 2.2: printable ASCII but the colon.  Returns the length of
 * the name, or 0 if the line is no field; raw 8-bit names are no names. */
static gsize
name_length(Slice line)
{
	gsize i = 0;

	while (i < line.length && line.at[i] > ' ' && line.at[i] < 0x7f &&
	       line.at[i] != ':')
		i++;
	gsize length = i;
	while (i < line.length && is_blank(line.at[i]))
		i++;
	if (i == line.length || line.at[i] != ':' || length > SCAN_NAME_MAX)
		return 0;
	return length;
}

static bool
is_name(Slice name, const char *text)
{
	return strlen(text) == name.length &&
	       g_ascii_strncasecmp(name.at, text, name.length) == 0;
}

/* Fields that nobody writes into the first lines of a body. */
static bool
is_known_name(Slice name)
{
	static const char *const known[] = {
		"Bcc",
		"Cc",
		"Content-Disposition",
		"Content-ID",
		"Content-Transfer-Encoding",
		"Content-Type",
		"Date",
		"Delivered-To",
		"DKIM-Signature",
		"From",
		"In-Reply-To",
		"Message-ID",
		"MIME-Version",
		"Received",
		"References",
		"Reply-To",
		"Return-Path",
		"Sender",
		"Subject",
		"To",
		"X-Mailer",
	};

	for (unsigned i = 0; name.length > 0 && i < G_N_ELEMENTS(known); i++)
		if (is_name(name, known[i]))
			return true;
	return false;
}

static bool
is_known_field(Slice line)
{
	return is_known_name((Slice){ line.at, name_length(line) });
}

static Slice
trimmed(const char *from, const char *to)
{
	while (from < to && is_space(*from))
		from++;
	while (to > from && is_space(to[-1]))
		to--;
	return (Slice){ from, (gsize)(to - from) };
}

static bool
is_blank_line(Slice line)
{
	return trimmed(line.at, line.at + line.length).length == 0;
}

/* The state of one scan. */
typedef struct Scan {
	const char *at;
	const char *end;
	bool lone_cr;
	ScanHeader *header;
	bool has_field; /* the header has begun */
	const char *origin;
	/* what looking ahead has found: up to seen, whether a field is there */
	const char *seen;
	bool field_seen;
} Scan;

static Slice
peek_line(const Scan *scan, const char **next)
{
	return scan_line(scan->at, scan->end, scan->lone_cr, next);
}

/* faults.md P-16: what stands above the first field */
static void
skip_lead(Scan *scan)
{
	const char *next;

	if (slice_starts((Slice){ scan->at, (gsize)(scan->end - scan->at) },
	                 "\xef\xbb\xbf"))
		scan->at += 3;
	while (scan->at < scan->end) {
		Slice line = peek_line(scan, &next);

		if (!is_blank_line(line) && !slice_starts(line, "From ") &&
		    !slice_starts(line, ">From "))
			return;
		scan->at = next;
	}
}

/* The first delimiter of a multipart whose header was not ended. */
static bool
is_delimiter(const Scan *scan, Slice line)
{
	return scan->has_field && line.length > 2 && slice_starts(line, "--");
}

/* Whether a known field stands between from and the next blank line or
 * delimiter.  Lines are looked at once: the answer holds up to where it was
 * found. */
static bool
field_follows(Scan *scan, const char *from)
{
	Scan ahead = *scan;
	const char *next;

	if (scan->seen != NULL && from <= scan->seen)
		return scan->field_seen;
	scan->field_seen = false;
	ahead.at = from;
	for (int i = 0; i < LOOK_AHEAD_LINES && ahead.at < ahead.end; i++) {
		Slice line = peek_line(&ahead, &next);

		scan->field_seen = is_known_field(line);
		if (scan->field_seen || line.length == 0 ||
		    is_delimiter(scan, line))
			break;
		ahead.at = next;
	}
	scan->seen = ahead.at;
	return scan->field_seen;
}

static void
keep_field(Scan *scan, Slice line, const char *end)
{
	GArray *fields = scan->header->fields;
	gsize length = name_length(line);
	const char *colon = memchr(line.at, ':', line.length);
	ScanField field = { { line.at, length }, trimmed(colon + 1, end) };

	if (field.value.length > MAIL_FIELD_OCTETS_MAX) {
		field.value.length = MAIL_FIELD_OCTETS_MAX;
		scan->header->is_cut = true;
	}
	if (fields->len >= MAIL_FIELDS_MAX ||
	    line.at - scan->origin > MAIL_HEADER_OCTETS_MAX)
		scan->header->is_cut = true;
	else
		g_array_append_val(fields, field);
}

/* A line of blanks only inside a header is a fold to the standard and the end
 * of the header to everybody else; it is the end unless a field follows. */
static bool
is_continuation(Scan *scan, Slice line, const char *next)
{
	if (line.length == 0 || !is_blank(line.at[0]))
		return false;
	if (!is_blank_line(line))
		return true;
	return field_follows(scan, next);
}

/* The field at scan->at with its continuations; scan->at is behind it then. */
static void
take_field(Scan *scan)
{
	const char *next;
	Slice first = peek_line(scan, &next);
	const char *end = first.at + first.length;

	scan->has_field = true;
	scan->at = next;
	while (scan->at < scan->end) {
		Slice line = peek_line(scan, &next);

		if (!is_continuation(scan, line, next)) {
			if (line.length == 0 || name_length(line) > 0 ||
			    is_delimiter(scan, line) ||
			    !field_follows(scan, next))
				break;
			scan->header->has_junk = true;
		}
		end = line.at + line.length;
		scan->at = next;
	}
	keep_field(scan, first, end);
}

static void
scan_fields(Scan *scan)
{
	const char *next;

	while (scan->at < scan->end) {
		Slice line = peek_line(scan, &next);

		if (is_blank_line(line)) {
			scan->at = next;
			return;
		}
		if (name_length(line) > 0) {
			take_field(scan);
		} else if (slice_starts(line, ">From ")) {
			scan->at = next;
		} else if (!is_delimiter(scan, line) &&
		           field_follows(scan, next)) {
			scan->header->has_junk = true;
			scan->at = next;
		} else {
			break;
		}
	}
	scan->header->is_open = true;
}

/* "Note: call me" on top of a text without header is no field. */
static bool
is_header(const GArray *fields)
{
	for (unsigned i = 0; i < fields->len; i++) {
		Slice name = g_array_index(fields, ScanField, i).name;

		if (memchr(name.at, '-', name.length) != NULL ||
		    is_known_name(name))
			return true;
	}
	return false;
}

void
scan_header(const char *octets, gsize length, ScanPlace place,
            ScanHeader *out_header)
{
	Scan scan = { .at = octets,
		      .end = octets + length,
		      .origin = octets,
		      .header = out_header };

	*out_header = (ScanHeader){
		.fields = g_array_new(FALSE, FALSE, sizeof(ScanField)),
	};
	scan.lone_cr =
		scan_has_lone_cr(octets,
	                         MIN(length, (gsize)MAIL_HEADER_OCTETS_MAX));
	if (place == SCAN_MAIL)
		skip_lead(&scan);
	scan_fields(&scan);
	/* text only: what looked like lead is part of it */
	if (place == SCAN_MAIL && !is_header(out_header->fields)) {
		g_array_set_size(out_header->fields, 0);
		scan.at = octets;
	}
	out_header->body = (gsize)(scan.at - octets);
}

void
scan_header_release(ScanHeader *header)
{
	g_clear_pointer(&header->fields, g_array_unref);
}

Slice
scan_find(const ScanHeader *header, const char *name)
{
	for (unsigned i = 0; i < header->fields->len; i++) {
		const ScanField *field =
			&g_array_index(header->fields, ScanField, i);
		if (is_name(field->name, name))
			return field->value;
	}
	return (Slice){ NULL, 0 };
}

char *
scan_sha256(const char *octets, gsize length)
{
	return sha256_hex(octets, length);
}

static void
hash(Sha256 *sum, const char *at, gsize length)
{
	sha256_update(sum, at, length);
}

static void
hash_value(Sha256 *sum, Slice value)
{
	const char *end =
		value.length == 0 ? value.at : value.at + value.length;

	for (const char *at = value.at; at < end;) {
		const char *word = at;

		while (at < end && !is_space(*at))
			at++;
		hash(sum, word, (gsize)(at - word));
		if (at < end)
			hash(sum, " ", 1);
		while (at < end && is_space(*at))
			at++;
	}
	hash(sum, "\n", 1);
}

static void
hash_body(Sha256 *sum, const char *at, const char *end)
{
	while (end > at && is_space(end[-1]))
		end--;
	while (at < end) {
		const char *cr = memchr(at, '\r', (gsize)(end - at));
		const char *stop = cr == NULL ? end : cr;

		hash(sum, at, (gsize)(stop - at));
		if (cr != NULL && (cr + 1 == end || cr[1] != '\n'))
			hash(sum, "\n", 1);
		at = cr == NULL ? end : cr + 1;
	}
}

char *
scan_content_hash(const char *octets, gsize length, const ScanHeader *header)
{
	static const char *const counted[] = { "Message-ID", "From", "Date",
		                               "Subject" };
	Sha256 *sum = sha256_new();

	for (unsigned i = 0; i < G_N_ELEMENTS(counted); i++)
		hash_value(sum, scan_find(header, counted[i]));
	hash_body(sum, octets + header->body, octets + length);
	return sha256_finish(sum);
}
