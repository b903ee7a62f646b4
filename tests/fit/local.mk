# tests/fit: the shape of the code itself; seconds each
TESTS += tests/fit/calls.sh tests/fit/desk-pure.sh tests/fit/format.sh \
	tests/fit/functions.sh tests/fit/headers.sh tests/fit/layers.sh \
	tests/fit/manual.sh tests/fit/readme.sh tests/fit/scripts.sh
