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
