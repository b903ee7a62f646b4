#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <sysexits.h>

/* by hand: the formatter takes the macro's hyphen for a minus */
GQuark
postigo_error_quark(void)
{
	return g_quark_from_static_string("postigo-error-quark");
}

static const struct {
	int exit_status;
	const char *reply;
} reactions[] = {
	[ERROR_LATER] = { EX_TEMPFAIL, "451 4.3.0" },
	[ERROR_REFUSED] = { EX_NOPERM, "550 5.7.1" },
	[ERROR_NO_SUCH_DESK] = { EX_NOUSER, "550 5.1.1" },
	[ERROR_NOT_FOUND] = { EX_NOINPUT, "550 5.1.1" },
	[ERROR_MALFORMED] = { EX_DATAERR, "554 5.6.0" },
	[ERROR_TOO_BIG] = { EX_DATAERR, "552 5.3.4" },
	[ERROR_USAGE] = { EX_USAGE, "451 4.3.0" },
	[ERROR_CONFIG] = { EX_CONFIG, "451 4.3.5" },
	[ERROR_UNAVAILABLE] = { EX_UNAVAILABLE, "451 4.4.1" },
	[ERROR_IO] = { EX_IOERR, "451 4.3.0" },
};

bool
error_set(GError **error, ErrorCode code, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	g_autofree char *message = g_strdup_vprintf(format, args);
	va_end(args);
	g_set_error_literal(error, POSTIGO_ERROR, (int)code, message);
	return false;
}

bool
error_set_errno(GError **error, ErrorCode code, const char *format, ...)
{
	const char *why = g_strerror(errno);
	va_list args;

	va_start(args, format);
	g_autofree char *message = g_strdup_vprintf(format, args);
	va_end(args);
	return error_set(error, code, "%s: %s", message, why);
}

static ErrorCode
code_of(const GError *error)
{
	g_assert(error != NULL);
	return error->domain == POSTIGO_ERROR ? (ErrorCode)error->code
	                                      : ERROR_LATER;
}

int
error_exit_status(const GError *error)
{
	return reactions[code_of(error)].exit_status;
}

const char *
error_reply(const GError *error)
{
	return reactions[code_of(error)].reply;
}
