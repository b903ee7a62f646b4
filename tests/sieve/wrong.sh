#!/bin/sh
# Wrong scripts: each fault at its line and column, with a sentence that helps.
# wrong.cases: scripts between lines of "%%", what is said of each behind "=>".
. "${srcdir:-.}/tests/tap.sh"
cd "$scratch" || exit 99
count=$(awk '
	BEGIN { n = 1 }
	$0 == "%%" { n++; next }
	/^=> / { print "s:" substr($0, 4) >(n ".want"); next }
	{ print >(n ".sieve") }
	END { print n }' "$srcdir/tests/sieve/wrong.cases")

wrong=0
for number in $(seq "$count"); do
	[ -e "$number.sieve" ] || : >"$number.sieve"
	cp "$number.sieve" s
	"$builddir/tests/sieve/trace" s >"$number.got"
	[ $? -eq 1 ] || echo 'it was taken' >>"$number.got"
	cmp -s "$number.want" "$number.got" || {
		wrong=$((wrong + 1))
		diag <"$number.sieve"
		diff "$number.want" "$number.got" | diag
	}
done
is "$wrong" 0 "$count wrong scripts, and what is said of them"

done_testing
