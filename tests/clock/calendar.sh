#!/bin/sh
# Working time against a second reckoning of it in Python's zoneinfo.  With
# POSTIGO_LONG=1: 400 zones, 20 years, 50 calendars each.
. "${srcdir:-.}/tests/tap.sh"
have python3 || skip_all 'python3 is not installed'
sums=$builddir/tests/clock/calendar_sums
oracle=$srcdir/tests/clock/calendar_oracle.py
[ -x "$sums" ] || skip_all 'calendar_sums is not built'

set -- --zones 24 --calendars 3 --sums 30
[ -z "${POSTIGO_LONG-}" ] || set -- --zones 400 --calendars 50 --sums 40
exits 0 'T-01 T-02 working time in many zones, over clock changes, with free and short days' \
	python3 "$oracle" "$sums" "$@"
tail -n 1 "$scratch/.out" | diag

done_testing
