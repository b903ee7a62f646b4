#include "base/place.h"

#include <string.h>

#include <glib.h>

#define PORT_MAX 65535

bool
place_split(const char *text, char **out_host, unsigned *out_port)
{
	const char *colon = strrchr(text, ':');
	guint64 port;

	if (colon == NULL || colon == text ||
	    !g_ascii_string_to_unsigned(colon + 1, 10, 1, PORT_MAX, &port,
	                                NULL))
		return false;
	size_t length = (size_t)(colon - text);
	bool has_brackets = *text == '[' && colon[-1] == ']';
	if (!has_brackets && memchr(text, ':', length) != NULL)
		return false;
	*out_host = has_brackets ? g_strndup(text + 1, length - 2)
	                         : g_strndup(text, length);
	*out_port = (unsigned)port;
	return true;
}

bool
place_is_path(const char *text)
{
	return strchr(text, '/') != NULL || strchr(text, ':') == NULL;
}

bool
place_is_loopback(const char *host)
{
	return strcmp(host, "localhost") == 0 || strcmp(host, "::1") == 0 ||
	       g_str_has_prefix(host, "127.");
}
