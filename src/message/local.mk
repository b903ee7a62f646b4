# src/message
libpostigo_a_SOURCES +=
# HTML to text, and the new words
libpostigo_a_SOURCES += \
	src/message/attribution.c src/message/attribution.h \
	src/message/forward.c src/message/forward.h \
	src/message/html.c src/message/html.h \
	src/message/html_input.c src/message/html_input.h \
	src/message/html_tables.c src/message/html_tables.h \
	src/message/marks.h \
	src/message/quote.c src/message/quote.h \
	src/message/quote_line.c src/message/quote_line.h \
	src/message/quote_tables.c src/message/quote_tables.h
# octets to fields: nothing in here knows of parts
libpostigo_a_SOURCES += \
	src/message/scan.c src/message/scan.h \
	src/message/decode.c src/message/decode.h \
	src/message/charset.c src/message/charset.h \
	src/message/header.c src/message/header.h \
	src/message/address.c src/message/address.h \
	src/message/param.c src/message/param.h
# parts: from octets to text and files
libpostigo_a_SOURCES += \
	src/message/mime.c src/message/mime.h \
	src/message/miscoded.c src/message/miscoded.h \
	src/message/flowed.c src/message/flowed.h \
	src/message/inline.c src/message/inline.h \
	src/message/attach.c src/message/attach.h \
	src/message/body.c src/message/body.h \
	src/message/crypto.c src/message/crypto.h
# a whole mail, in a child
libpostigo_a_SOURCES += \
	src/message/mailread.c src/message/mailread.h \
	src/message/record.c src/message/record.h \
	src/message/rtf.c src/message/rtf.h \
	src/message/tnef.c src/message/tnef.h \
	src/message/worker.c src/message/worker.h
# what kind of mail, and what delivery reports say
libpostigo_a_SOURCES += \
	src/message/classify.c src/message/classify.h \
	src/message/classify_tables.c src/message/classify_tables.h \
	src/message/report.c src/message/report.h \
	src/message/report_address.c src/message/report_address.h \
	src/message/report_dsn.c src/message/report_dsn.h \
	src/message/report_fold.c src/message/report_fold.h \
	src/message/report_parts.c src/message/report_parts.h \
	src/message/report_prose.c src/message/report_prose.h \
	src/message/report_reason.c src/message/report_reason.h \
	src/message/report_tables.c src/message/report_tables.h
# outgoing mail
libpostigo_a_SOURCES += \
	src/message/compose.c src/message/compose.h \
	src/message/encode.c src/message/encode.h

# attachments that travel on
libpostigo_a_SOURCES += src/message/enclose.c src/message/enclose.h

libpostigo_a_SOURCES += src/message/xml_lazy.c src/message/xml_lazy.h
# articles
libpostigo_a_SOURCES += src/message/markdown.c src/message/markdown.h
