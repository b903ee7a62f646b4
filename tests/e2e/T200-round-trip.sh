#!/bin/sh
# A requester's mail, an agent's answer, her answer: one ticket, over a real
# Postfix and with mutt at both ends.
. "${srcdir:-.}/tests/tap.sh"
. "$srcdir/tests/e2e/round_trip.sh"

on_the_way_to_her() {
	cat
}
on_the_way_back='cat'
round_trip
done_testing
