# src/cli
libpostigo_a_SOURCES +=
# parse
libpostigo_a_SOURCES += \
	src/cli/cmd_parse.c src/cli/command.h \
	src/cli/mail_json.c src/cli/mail_json.h
