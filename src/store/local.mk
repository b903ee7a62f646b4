# src/store: rows in, values out
libpostigo_a_SOURCES += \
	src/store/articles.c src/store/articles.h \
	src/store/budget.c \
	src/store/claim.c \
	src/store/clocks.c src/store/clocks.h \
	src/store/compare.c \
	src/store/db.h src/store/db_sqlite.c \
	src/store/deliveries.c \
	src/store/fsck.c \
	src/store/journal.c \
	src/store/merges.c \
	src/store/messages.c \
	src/store/outbox.c \
	src/store/people.c \
	src/store/quarantine.c \
	src/store/reminders.c \
	src/store/rows.h \
	src/store/schema.c src/store/schema.h \
	src/store/search.c \
	src/store/store.c src/store/store.h \
	src/store/tickets.c

# each step of the schema as a C string
STORE_SCHEMA = src/store/schema/001-first.inc src/store/schema/002-due.inc \
	src/store/schema/003-articles.inc \
	src/store/schema/004-channel.inc \
	src/store/schema/005-orders.inc \
	src/store/schema/006-budget.inc \
	src/store/schema/007-clocks.inc
BUILT_SOURCES += $(STORE_SCHEMA)
CLEANFILES += $(STORE_SCHEMA)
EXTRA_DIST += src/store/schema/001-first.sql src/store/schema/002-due.sql \
	src/store/schema/003-articles.sql \
	src/store/schema/004-channel.sql \
	src/store/schema/005-orders.sql \
	src/store/schema/006-budget.sql \
	src/store/schema/007-clocks.sql
$(STORE_SCHEMA): %.inc: $(srcdir)/%.sql
	$(AM_V_GEN)$(MKDIR_P) src/store/schema && \
	sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/^/"/' -e 's/$$/\\n"/' $< > $@.tmp && \
	mv $@.tmp $@
