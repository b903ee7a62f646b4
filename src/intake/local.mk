# src/intake: the doors
libpostigo_a_SOURCES += \
	src/intake/archive.c src/intake/archive.h \
	src/intake/deliver.c src/intake/deliver.h
# lmtp
libpostigo_a_SOURCES += \
	src/intake/handover.c src/intake/handover.h \
	src/intake/listen.c src/intake/listen.h \
	src/intake/lmtp.c src/intake/lmtp.h \
	src/intake/lmtp_command.c src/intake/lmtp_command.h \
	src/intake/lmtp_connection.c src/intake/lmtp_connection.h \
	src/intake/lmtp_data.c src/intake/lmtp_data.h \
	src/intake/lmtp_session.c src/intake/lmtp_session.h \
	src/intake/receiver.c src/intake/receiver.h
# poll
libpostigo_a_SOURCES += \
	src/intake/gnutls_lazy.c src/intake/gnutls_lazy.h \
	src/intake/imap.c src/intake/imap.h src/intake/imap_private.h \
	src/intake/imap_folder.c \
	src/intake/imap_name.c src/intake/imap_name.h \
	src/intake/imap_reply.c src/intake/imap_reply.h \
	src/intake/mail_login.c src/intake/mail_login.h \
	src/intake/poll.c src/intake/poll.h src/intake/poll_private.h \
	src/intake/poll_imap.c \
	src/intake/poll_pop3.c \
	src/intake/poll_take.c \
	src/intake/pop3.c src/intake/pop3.h \
	src/intake/wire.c src/intake/wire.h
