# tests/unit: one program a module, cmocka, speaking TAP
if HAVE_CMOCKA
endif
