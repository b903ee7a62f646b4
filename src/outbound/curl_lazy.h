/* libcurl, loaded when the first mail is sent.
 *
 * `postigo deliver` is the same binary, runs once a mail, and must not pay for
 * loading a library that only the sender needs
 * (doc/decisions/002-one-binary.md).  Only what smtp.c uses is here. */
#pragma once

#include <curl/curl.h>

#include <glib.h>

typedef struct CurlTable {
	CURL *(*init)(void);
	CURLcode (*setopt)(CURL *curl, CURLoption option, ...);
	CURLcode (*perform)(CURL *curl);
	CURLcode (*getinfo)(CURL *curl, CURLINFO what, ...);
	CURLcode (*send)(CURL *curl, const void *data, size_t size,
	                 size_t *out_sent);
	CURLcode (*recv)(CURL *curl, void *data, size_t size, size_t *out_got);
	void (*cleanup)(CURL *curl);
	const char *(*strerror)(CURLcode code);
} CurlTable;

/* The same table each time, never freed.  ERROR_UNAVAILABLE: there is no
 * libcurl on this machine. */
const CurlTable *curl_lazy(GError **error);
