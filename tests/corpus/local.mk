# tests/corpus
TESTS += tests/corpus/run.sh
