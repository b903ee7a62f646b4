# tests/fuzz: libFuzzer targets; in plain `make check` each is linked with
# replay.c, an ordinary main, and reads its seeds again
