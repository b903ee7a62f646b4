/* One line per event: "postigo[pid]: event key=value key="two words"".
 *
 * Only the outermost level logs (the clerk, a session, main); below it trouble
 * travels as GError.  Values are escaped and cut at LOG_VALUE_MAX octets, so a
 * mail cannot write lines of its own (faults.md X-11). */
#pragma once

#define LOG_VALUE_MAX 512

typedef enum LogLevel {
	LOG_LEVEL_ERROR,
	LOG_LEVEL_NOTICE,
	LOG_LEVEL_DEBUG
} LogLevel;

/* Lines above level are not written.  The default is LOG_LEVEL_NOTICE. */
void log_set_level(LogLevel level);

/* To syslog (facility mail) instead of standard error: `deliver` must be
 * silent, since Exim calls any output a failure (faults.md 0.1). */
void log_to_syslog(void);

/* Pairs of key and value (both const char *, value may be NULL), then NULL. */
void log_event(LogLevel level, const char *event, ...)
	__attribute__((sentinel));
