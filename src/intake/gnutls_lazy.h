/* GnuTLS, loaded when the first connection to a mailbox is secured.
 *
 * `postigo deliver` is the same binary and runs once a mail; it must not pay
 * for a library that only the fetcher needs (doc/decisions/002-one-binary.md).
 * Only what wire.c uses is here. */
#pragma once

#include <gnutls/gnutls.h>

#include <glib.h>

typedef struct GnutlsTable {
	int (*init)(gnutls_session_t *session, unsigned flags);
	void (*deinit)(gnutls_session_t session);
	int (*priority_set_direct)(gnutls_session_t session,
	                           const char *priorities,
	                           const char **out_place);
	int (*allocate_credentials)(gnutls_certificate_credentials_t *out);
	void (*free_credentials)(gnutls_certificate_credentials_t credentials);
	int (*set_system_trust)(gnutls_certificate_credentials_t credentials);
	int (*set_trust_file)(gnutls_certificate_credentials_t credentials,
	                      const char *file, gnutls_x509_crt_fmt_t format);
	int (*credentials_set)(gnutls_session_t session,
	                       gnutls_credentials_type_t type,
	                       void *credentials);
	int (*server_name_set)(gnutls_session_t session,
	                       gnutls_server_name_type_t type, const void *name,
	                       size_t length);
	void (*session_set_verify_cert)(gnutls_session_t session,
	                                const char *host, unsigned flags);
	unsigned (*get_verify_cert_status)(gnutls_session_t session);
	void (*transport_set_int2)(gnutls_session_t session, int receive,
	                           int send);
	int (*handshake)(gnutls_session_t session);
	int (*record_get_direction)(gnutls_session_t session);
	ssize_t (*record_recv)(gnutls_session_t session, void *data,
	                       size_t size);
	ssize_t (*record_send)(gnutls_session_t session, const void *data,
	                       size_t size);
	int (*bye)(gnutls_session_t session, gnutls_close_request_t how);
	const char *(*strerror)(int code);
	int (*error_is_fatal)(int code);
} GnutlsTable;

/* The same table each time, never freed.  ERROR_UNAVAILABLE: there is no
 * GnuTLS on this machine. */
const GnutlsTable *gnutls_lazy(GError **error);
