# src/outbound: the outbox to SMTP; the only user of libcurl
libpostigo_a_SOURCES += \
	src/outbound/smtp_reply.c src/outbound/smtp_reply.h \
	src/outbound/smtp_body.c src/outbound/smtp_body.h \
	src/outbound/smtp_session.c src/outbound/smtp_session.h
