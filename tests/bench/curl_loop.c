/* The yardstick of send.sh: the same mails from memory with a plain libcurl
 * loop, one kept handle, no database.
 *
 * usage: curl_loop URL COUNT FILE */
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct Source {
	const char *data;
	size_t size;
	size_t at;
} Source;

static size_t
give(char *out, size_t size, size_t count, void *user)
{
	Source *source = user;
	size_t octets = size * count;

	if (octets > source->size - source->at)
		octets = source->size - source->at;
	memcpy(out, source->data + source->at, octets);
	source->at += octets;
	return octets;
}

static size_t
read_mail(const char *path, char *data, size_t cap)
{
	FILE *file = fopen(path, "r");
	size_t size = file == NULL ? 0 : fread(data, 1, cap, file);

	if (file != NULL)
		fclose(file);
	return size;
}

int
main(int argc, char **argv)
{
	static char data[1 << 20];

	if (argc != 4)
		return EXIT_FAILURE;
	Source source = { data, read_mail(argv[3], data, sizeof data), 0 };
	CURL *curl = curl_easy_init();
	struct curl_slist *to = curl_slist_append(NULL, "r1@x.example");
	long count = strtol(argv[2], NULL, 10);

	curl_easy_setopt(curl, CURLOPT_URL, argv[1]);
	curl_easy_setopt(curl, CURLOPT_MAIL_FROM, "bounce@acme.example");
	curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, to);
	curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(curl, CURLOPT_READFUNCTION, give);
	curl_easy_setopt(curl, CURLOPT_READDATA, &source);
	curl_easy_setopt(curl, CURLOPT_INFILESIZE, (long)source.size);
	for (long i = 0; i < count; i++) {
		source.at = 0;
		if (curl_easy_perform(curl) != CURLE_OK)
			return EXIT_FAILURE;
	}
	curl_slist_free_all(to);
	curl_easy_cleanup(curl);
	return EXIT_SUCCESS;
}
