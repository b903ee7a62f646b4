#include "intake/mail_login.h"

#include <string.h>

#include "base/text.h"

#define WORDS_COLUMNS_MAX 200

static char *
base64(const GString *octets)
{
	return g_base64_encode((const guchar *)octets->str, octets->len);
}

char *
mail_login_plain(const MailLogin *login)
{
	g_autoptr(GString) answer = g_string_new(NULL);

	g_string_append_c(answer, '\0');
	g_string_append_len(answer, login->user,
	                    (gssize)strlen(login->user) + 1);
	g_string_append(answer, login->secret);
	return base64(answer);
}

char *
mail_login_xoauth2(const MailLogin *login)
{
	g_autoptr(GString) answer = g_string_new(NULL);

	g_string_printf(answer, "user=%s\001auth=Bearer %s\001\001",
	                login->user, login->secret);
	return base64(answer);
}

char *
mail_server_words(const char *octets)
{
	g_autofree char *text = text_from_octets(octets, -1);
	g_autofree char *line = text_clean_line(text);

	return text_shorten(line, WORDS_COLUMNS_MAX);
}
