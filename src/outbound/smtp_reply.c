#include "outbound/smtp_reply.h"

#include <string.h>

#include "base/text.h"

struct SmtpReplyReader {
	GString *line; /* the line that is coming */
	GString *text; /* of the lines that have come */
	char enhanced[SMTP_ENHANCED_MAX];
	int code;    /* of the first line; 0 before it */
	size_t size; /* octets of this reply so far */
};

SmtpReplyReader *
smtp_reply_reader_new(void)
{
	SmtpReplyReader *reader = g_new0(SmtpReplyReader, 1);

	reader->line = g_string_new(NULL);
	reader->text = g_string_new(NULL);
	return reader;
}

void
smtp_reply_reader_free(SmtpReplyReader *reader)
{
	if (reader == NULL)
		return;
	g_string_free(reader->line, TRUE);
	g_string_free(reader->text, TRUE);
	g_free(reader);
}

void
smtp_reply_clear(SmtpReply *reply)
{
	g_free(reply->text);
	memset(reply, 0, sizeof *reply);
}

/* Digits of *at, one to most of them; *at moves behind them. */
static bool
skip_digits(const char **at, unsigned most)
{
	unsigned count = 0;

	while (count < most && g_ascii_isdigit((*at)[count]))
		count++;
	*at += count;
	return count > 0;
}

/* The length of class "." subject "." detail at the start of text, whose class
 * must be that of the code (RFC 2034 section 4); 0: there is none. */
static size_t
enhanced_length(const char *text, int code)
{
	const char *at = text;

	if (*at++ != '0' + code / 100 || *at++ != '.')
		return 0;
	if (!skip_digits(&at, 3) || *at++ != '.' || !skip_digits(&at, 3))
		return 0;
	return *at == ' ' || *at == '\0' ? (size_t)(at - text) : 0;
}

/* Three digits, then a blank, a hyphen or the end; 0: not a reply's line. */
static int
code_of(const char *line)
{
	for (int i = 0; i < 3; i++)
		if (!g_ascii_isdigit(line[i]))
			return 0;
	if (line[3] != ' ' && line[3] != '-' && line[3] != '\0')
		return 0;
	int code = (line[0] - '0') * 100 + (line[1] - '0') * 10 + line[2] - '0';
	return code >= 200 && code <= 599 ? code : 0;
}

/* Cuts at the cap, but not inside a UTF-8 character. */
static void
keep(SmtpReplyReader *reader, const char *text)
{
	GString *all = reader->text;
	size_t room = SMTP_REPLY_TEXT_MAX - MIN(all->len, SMTP_REPLY_TEXT_MAX);
	size_t length = MIN(strlen(text), room);

	while (length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80)
		length--;
	g_string_append_len(all, text, (gssize)length);
}

/* The code once, then each line's text, without the enhanced code that some
 * servers repeat on every line. */
static void
keep_line(SmtpReplyReader *reader, const char *line, int code)
{
	const char *text = line[3] == '\0' ? "" : line + 4;
	size_t enhanced = enhanced_length(text, code);

	if (reader->code == 0) {
		reader->code = code;
		memcpy(reader->enhanced, text, enhanced);
		reader->enhanced[enhanced] = '\0';
		g_string_append_len(reader->text, line, 3);
	} else {
		text += enhanced;
	}
	keep(reader, " ");
	keep(reader, text);
}

static void
finish(SmtpReplyReader *reader, SmtpReply *out_reply)
{
	g_autofree char *text =
		text_from_octets(reader->text->str, (gssize)reader->text->len);

	out_reply->code = reader->code;
	memcpy(out_reply->enhanced, reader->enhanced, SMTP_ENHANCED_MAX);
	out_reply->text = text_clean_line(text);
	g_string_truncate(reader->text, 0);
	reader->enhanced[0] = '\0';
	reader->code = 0;
	reader->size = 0;
}

/* Takes the whole line that has come, CR LF or LF at its end. */
static SmtpReplyState
take_line(SmtpReplyReader *reader, SmtpReply *out_reply)
{
	GString *line = reader->line;

	g_string_truncate(line, line->len - 1);
	if (line->len > 0 && line->str[line->len - 1] == '\r')
		g_string_truncate(line, line->len - 1);
	if (memchr(line->str, '\0', line->len) != NULL)
		return SMTP_REPLY_BROKEN;
	int code = code_of(line->str);
	if (code == 0 || (reader->code != 0 && reader->code != code))
		return SMTP_REPLY_BROKEN;
	bool is_last = line->str[3] != '-';
	keep_line(reader, line->str, code);
	g_string_truncate(line, 0);
	if (!is_last)
		return SMTP_REPLY_MORE;
	finish(reader, out_reply);
	return SMTP_REPLY_DONE;
}

/* Adds a piece of a line; false: over a cap. */
static bool
take_piece(SmtpReplyReader *reader, const char *piece, size_t length)
{
	reader->size += length;
	if (reader->line->len + length > SMTP_LINE_MAX ||
	    reader->size > SMTP_REPLY_MAX)
		return false;
	g_string_append_len(reader->line, piece, (gssize)length);
	return true;
}

SmtpReplyState
smtp_reply_read(SmtpReplyReader *reader, const char *data, size_t size,
                size_t *out_used, SmtpReply *out_reply)
{
	SmtpReplyState state = SMTP_REPLY_MORE;
	size_t used = 0;

	while (state == SMTP_REPLY_MORE && used < size) {
		const char *end = memchr(data + used, '\n', size - used);
		size_t length = end != NULL ? (size_t)(end - data) + 1 - used
		                            : size - used;

		if (!take_piece(reader, data + used, length))
			state = SMTP_REPLY_BROKEN;
		else if (end != NULL)
			state = take_line(reader, out_reply);
		used += length;
	}
	*out_used = used;
	return state;
}
