#include "base/log.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include <glib.h>

static LogLevel highest = LOG_LEVEL_NOTICE;
static bool uses_syslog;

static const int priorities[] = {
	[LOG_LEVEL_ERROR] = LOG_ERR,
	[LOG_LEVEL_NOTICE] = LOG_NOTICE,
	[LOG_LEVEL_DEBUG] = LOG_DEBUG,
};

void
log_set_level(LogLevel level)
{
	highest = level;
}

void
log_to_syslog(void)
{
	openlog("postigo", LOG_PID, LOG_MAIL);
	uses_syslog = true;
}

static void
append_value(GString *line, const char *value)
{
	size_t length = strnlen(value, LOG_VALUE_MAX);
	bool is_plain = length > 0;

	for (size_t i = 0; i < length; i++)
		if (!g_ascii_isgraph(value[i]) || value[i] == '"' ||
		    value[i] == '=' || value[i] == '\\')
			is_plain = false;
	if (is_plain) {
		g_string_append_len(line, value, (gssize)length);
		return;
	}
	g_string_append_c(line, '"');
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)value[i];

		if (c == '"' || c == '\\')
			g_string_append_printf(line, "\\%c", c);
		else if (c < 0x20 || c == 0x7f)
			g_string_append_printf(line, "\\x%02x", c);
		else
			g_string_append_c(line, (char)c);
	}
	g_string_append_c(line, '"');
}

void
log_event(LogLevel level, const char *event, ...)
{
	if (level > highest)
		return;
	g_autoptr(GString) line = g_string_new(event);
	va_list pairs;

	va_start(pairs, event);
	for (;;) {
		const char *key = va_arg(pairs, const char *);

		if (key == NULL)
			break;
		const char *value = va_arg(pairs, const char *);
		g_string_append_printf(line, " %s=", key);
		append_value(line, value == NULL ? "-" : value);
	}
	va_end(pairs);
	if (uses_syslog)
		syslog(priorities[level], "%s", line->str);
	else
		fprintf(stderr, "postigo[%d]: %s\n", getpid(), line->str);
}
