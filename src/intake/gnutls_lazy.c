#include "intake/gnutls_lazy.h"

#include "base/lazy.h"

static const char *const sonames[] = { "libgnutls.so.30", NULL };

static const LazyFunction functions[] = {
	{ "gnutls_init", offsetof(GnutlsTable, init) },
	{ "gnutls_deinit", offsetof(GnutlsTable, deinit) },
	{ "gnutls_priority_set_direct",
	  offsetof(GnutlsTable, priority_set_direct) },
	{ "gnutls_certificate_allocate_credentials",
	  offsetof(GnutlsTable, allocate_credentials) },
	{ "gnutls_certificate_free_credentials",
	  offsetof(GnutlsTable, free_credentials) },
	{ "gnutls_certificate_set_x509_system_trust",
	  offsetof(GnutlsTable, set_system_trust) },
	{ "gnutls_certificate_set_x509_trust_file",
	  offsetof(GnutlsTable, set_trust_file) },
	{ "gnutls_credentials_set", offsetof(GnutlsTable, credentials_set) },
	{ "gnutls_server_name_set", offsetof(GnutlsTable, server_name_set) },
	{ "gnutls_session_set_verify_cert",
	  offsetof(GnutlsTable, session_set_verify_cert) },
	{ "gnutls_session_get_verify_cert_status",
	  offsetof(GnutlsTable, get_verify_cert_status) },
	{ "gnutls_transport_set_int2",
	  offsetof(GnutlsTable, transport_set_int2) },
	{ "gnutls_handshake", offsetof(GnutlsTable, handshake) },
	{ "gnutls_record_get_direction",
	  offsetof(GnutlsTable, record_get_direction) },
	{ "gnutls_record_recv", offsetof(GnutlsTable, record_recv) },
	{ "gnutls_record_send", offsetof(GnutlsTable, record_send) },
	{ "gnutls_bye", offsetof(GnutlsTable, bye) },
	{ "gnutls_strerror", offsetof(GnutlsTable, strerror) },
	{ "gnutls_error_is_fatal", offsetof(GnutlsTable, error_is_fatal) },
	{ NULL, 0 },
};

const GnutlsTable *
gnutls_lazy(GError **error)
{
	static GnutlsTable table;
	static bool is_filled;

	if (!is_filled && !lazy_load(sonames, functions, &table, error))
		return NULL;
	is_filled = true;
	return &table;
}
