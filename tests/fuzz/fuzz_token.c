/* What may be a token or a signed name: nobody without the key writes one. */
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <glib.h>
#include <glib/gstdio.h>

#include "base/token.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static KeyRing *
fresh_ring(void)
{
	g_autofree char *path = NULL;
	g_autofree char *text = keyring_generate();
	int fd = g_file_open_tmp("postigo-fuzz-XXXXXX", &path, NULL);

	g_assert(fd >= 0);
	g_assert(write(fd, text, strlen(text)) == (gssize)strlen(text));
	close(fd);
	KeyRing *ring = keyring_load(path, NULL);
	g_unlink(path);
	g_assert(ring != NULL);
	return ring;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static KeyRing *ring;
	g_autofree char *text = g_strndup((const char *)data, size);
	ReplyToken token;
	SignedName name;

	if (ring == NULL)
		ring = fresh_ring();
	token_peek(text, &token);
	g_assert(token_read(ring, text, "desk.example", 0, 0, &token) <=
	         TOKEN_BAD);
	g_assert(!name_read(ring, text, "desk.example", &name));
	g_assert(!name_find(ring, NAME_POST, text, "desk.example", &name));
	return 0;
}
