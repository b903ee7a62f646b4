#include "message/forward.h"

#include <string.h>

#include "base/text.h"

bool
forward_subject(const char *subject)
{
	return g_ascii_strncasecmp(subject, "fwd:", 4) == 0 ||
	       g_ascii_strncasecmp(subject, "fw:", 3) == 0;
}

void
forward_set(Mail *mail, const char *before, const char *embedded)
{
	if (mail->forwarded == NULL)
		mail->forwarded = g_new0(MailForwarded, 1);
	mail->forwarded->before = mail_keep(mail, before);
	mail->forwarded->embedded = mail_keep(mail, embedded);
}
