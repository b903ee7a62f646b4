#include "intake/lmtp_data.h"

#include <string.h>

/* Up to the end of the line, or of the input; the line end is kept too. */
static size_t
read_text(LmtpData *data, const char *octets, size_t size, LmtpKeep keep,
          void *keeper)
{
	const char *lf = memchr(octets, '\n', size);
	size_t length = lf == NULL ? size : (size_t)(lf - octets) + 1;
	bool had_cr =
		length > 1 ? octets[length - 2] == '\r' : data->is_behind_cr;

	keep(keeper, octets, length);
	data->is_behind_cr = octets[length - 1] == '\r';
	if (lf != NULL && had_cr)
		data->state = LMTP_DATA_LINE;
	else if (lf != NULL)
		data->has_bare_lf = true;
	return length;
}

/* The states that look at one octet; those return 0 that leave it to the next
 * one. */
static size_t
read_line(LmtpData *data, char octet)
{
	data->is_behind_cr = false;
	data->state = octet == '.' ? LMTP_DATA_DOT : LMTP_DATA_TEXT;
	return octet == '.' ? 1 : 0;
}

static size_t
read_dot(LmtpData *data, char octet)
{
	data->state = octet == '\r' ? LMTP_DATA_DOT_CR : LMTP_DATA_TEXT;
	return octet == '\r' ? 1 : 0;
}

static size_t
read_dot_cr(LmtpData *data, char octet, LmtpKeep keep, void *keeper)
{
	if (octet == '\n') {
		data->state = LMTP_DATA_END;
		return 1;
	}
	keep(keeper, "\r", 1);
	data->is_behind_cr = true;
	data->state = LMTP_DATA_TEXT;
	return 0;
}

size_t
lmtp_data_read(LmtpData *data, const char *octets, size_t size, LmtpKeep keep,
               void *keeper)
{
	size_t at = 0;

	while (at < size && data->state != LMTP_DATA_END) {
		switch (data->state) {
		case LMTP_DATA_LINE:
			at += read_line(data, octets[at]);
			break;
		case LMTP_DATA_TEXT:
			at += read_text(data, octets + at, size - at, keep,
			                keeper);
			break;
		case LMTP_DATA_DOT:
			at += read_dot(data, octets[at]);
			break;
		case LMTP_DATA_DOT_CR:
			at += read_dot_cr(data, octets[at], keep, keeper);
			break;
		case LMTP_DATA_END:
			break;
		}
	}
	return at;
}
