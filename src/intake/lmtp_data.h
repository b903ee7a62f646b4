/* The lines behind DATA, to the octets of the mail: where they end, without
 * the dots that were put before dots (RFC 5321 section 4.5.2).
 *
 * Only CR LF ends a line.  A bare LF is told, since two servers that see the
 * end of a mail at different places can be made to see two mails where there
 * is one (SMTP smuggling, CVE-2023-51764). */
#pragma once

#include <stdbool.h>
#include <stddef.h>

typedef enum LmtpDataState {
	LMTP_DATA_LINE, /* at the beginning of a line */
	LMTP_DATA_TEXT,
	LMTP_DATA_DOT,    /* behind a dot at the beginning of a line */
	LMTP_DATA_DOT_CR, /* and a CR behind it */
	LMTP_DATA_END,
} LmtpDataState;

typedef struct LmtpData {
	LmtpDataState state;
	bool is_behind_cr; /* the octet before was a CR */
	bool has_bare_lf;
} LmtpData;

/* What to keep of a piece of input, in order. */
typedef void (*LmtpKeep)(void *keeper, const char *octets, size_t size);

/* Reads at most size octets and returns how many; fewer only behind the end,
 * when state is LMTP_DATA_END.  Starts with a struct of zeros. */
size_t lmtp_data_read(LmtpData *data, const char *octets, size_t size,
                      LmtpKeep keep, void *keeper);
