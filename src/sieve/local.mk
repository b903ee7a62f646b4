# src/sieve: the language of the rules, pure
libpostigo_a_SOURCES += \
	src/sieve/complaint.c src/sieve/complaint.h \
	src/sieve/date.c src/sieve/date.h \
	src/sieve/desk_values.c \
	src/sieve/lexer.c src/sieve/lexer.h \
	src/sieve/load.c \
	src/sieve/match.c src/sieve/match.h \
	src/sieve/program.h \
	src/sieve/run.c src/sieve/sieve.h \
	src/sieve/syntax.c src/sieve/syntax.h \
	src/sieve/tests.c \
	src/sieve/values.c \
	src/sieve/vocabulary.c src/sieve/vocabulary.h \
	src/sieve/words.c src/sieve/words.h
