#!/bin/sh
# kill -9 at every fault point of send in turn, then send again: every mail
# reaches the server at least once, a further copy only where the row was
# uncertain, all copies under one Message-ID, and mails that must not be doubled
# at most once.  Needs a build with --enable-faults.
. "${srcdir:-.}/tests/tap.sh"
. "$srcdir/tests/e2e/send.sh"

# One desk and one server for all kills; each kill has three rows of its own:
# 3n+1 and 3n+2 are sent again when uncertain, 3n+3 is not.
peer p
desk d "$(in_clear "$port")"
three() {
	fill 2 'r%d@x.example' 1
	fill 1 'r%d@x.example' 0
}

# The log of points is written only where they are compiled in.
three
POSTIGO_FAULT_LOG=$scratch/points
export POSTIGO_FAULT_LOG
send
unset POSTIGO_FAULT_LOG
[ -s "$scratch/points" ] || skip_all 'built without --enable-faults'
total=$(grep -c '' "$scratch/points")
for name in claim claimed connect connected mail rcpt data last-octet \
	handed-over final-reply log-written log-synced settle settled; do
	ok "the point send.$name is passed" \
		grep -q " send.$name\$" "$scratch/points"
done

at=0 missed=0 failed=0
while [ "$at" -lt "$total" ]; do
	at=$((at + 1))
	three
	POSTIGO_FAULT_AT=$at
	export POSTIGO_FAULT_AT
	send
	unset POSTIGO_FAULT_AT
	[ "$status" -eq 137 ] || missed=$((missed + 1))
	send
	[ "$status" -eq 0 ] || failed=$((failed + 1))
done
is "$missed" 0 "each of $total points kills"
is "$failed" 0 '... and the next start sends the rest'

# "ROW COPIES DOUBTS" of each row
rows=$((3 * (total + 1)))
postigo journal >"$scratch/journal"
sed -n 's/.*undelivered .*outbox=\([0-9]*\) .*action=unknown.*/doubt \1/p' \
	"$scratch/journal" >"$scratch/facts"
cut -f 5 "$peer/index" | sed 's/^p\.1\.\([0-9]*\)\..*/copy \1/' \
	>>"$scratch/facts"
awk -v rows="$rows" '{ n[$1, $2]++ } END { for (i = 1; i <= rows; i++)
	print i, n["copy", i] + 0, n["doubt", i] + 0 }' \
	"$scratch/facts" >"$scratch/rows"

is "$(awk '$1 % 3 != 0 && $2 < 1' "$scratch/rows")" '' \
	'C-17 I8 no mail is lost'
is "$(awk '$2 > 1 + $3' "$scratch/rows")" '' \
	'C-17 I8 a further copy only where the row was uncertain'
is "$(awk '$1 % 3 == 0 && $2 > 1' "$scratch/rows")" '' \
	'C-17 what must not be doubled is not'
is "$(awk '$1 % 3 == 0 && $2 < 1 && $3 < 1' "$scratch/rows")" '' \
	'... and is missing only where that is on record'
ok 'a kill behind the last octet does make a second copy' \
	[ -n "$(awk '$2 > 1' "$scratch/rows")" ]
diag "$(awk '$2 > 1' "$scratch/rows" | grep -c '') second copies, \
$(grep -c doubt "$scratch/facts") doubts, $total points"
done_testing
