# tests/crash: kill -9 everywhere, and once more; skipped without --enable-faults
TESTS += tests/crash/deliver.sh tests/crash/send.sh tests/crash/serve.sh
