# The shipped templates are compiled into the program; each is a file here.
shipped_files = \
	postigo.conf
shipped_inc = src/desk/shipped_files.inc
BUILT_SOURCES += $(shipped_inc)
CLEANFILES += $(shipped_inc)
$(shipped_inc): $(shipped_files:%=$(srcdir)/templates/%) \
		$(srcdir)/templates/embed.sh $(srcdir)/templates/local.mk
	$(AM_V_GEN)$(MKDIR_P) src/desk && \
		$(SHELL) $(srcdir)/templates/embed.sh $(srcdir)/templates \
		$(shipped_files) >$@.new && mv $@.new $@
src/desk/libpostigo_a-shipped.$(OBJEXT): $(shipped_inc)
