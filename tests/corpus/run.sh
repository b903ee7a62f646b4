#!/bin/sh
# Each mail of tests/corpus/*/, as `postigo parse --json` reads it, against the
# .parse beside it: the object without the key "file", keys sorted.
#
#	tests/corpus/run.sh                compare, in TAP
#	tests/corpus/run.sh accept [DIR]   write what is read now; look at the
#	                                   difference before you commit it
: "${srcdir:=.}" "${builddir:=$srcdir}"
: "${POSTIGO:=$builddir/postigo}"
command -v python3 >/dev/null || {
	echo '1..0 # SKIP python3 is needed'
	exit 0
}
exec python3 "$srcdir/tests/corpus/golden.py" "$POSTIGO" \
	"$srcdir/tests/corpus" "$@"
