# tests/corpus
TESTS += tests/corpus/run.sh
TESTS += tests/corpus/explain.sh
