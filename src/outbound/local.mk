# src/outbound: the outbox to SMTP; the only user of libcurl
libpostigo_a_SOURCES += \
	src/outbound/backoff.c src/outbound/backoff.h \
	src/outbound/channel.c src/outbound/channel.h \
	src/outbound/curl_lazy.c src/outbound/curl_lazy.h \
	src/outbound/holder.c src/outbound/holder.h \
	src/outbound/lane.c src/outbound/lane.h \
	src/outbound/reaction.c src/outbound/reaction.h \
	src/outbound/sender.c src/outbound/sender.h \
	src/outbound/sent_log.c src/outbound/sent_log.h \
	src/outbound/smtp.c src/outbound/smtp.h \
	src/outbound/smtp_body.c src/outbound/smtp_body.h \
	src/outbound/smtp_reply.c src/outbound/smtp_reply.h \
	src/outbound/smtp_session.c src/outbound/smtp_session.h
