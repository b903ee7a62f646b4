# tests/crash
# kill -9 at every point of send; skipped without --enable-faults
TESTS += tests/crash/send.sh
