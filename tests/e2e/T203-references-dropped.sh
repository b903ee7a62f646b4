#!/bin/sh
# The round of T200 where the requester's client writes neither References nor
# In-Reply-To and changes the subject.  What is left is the reply token.
. "${srcdir:-.}/tests/tap.sh"
. "$srcdir/tests/e2e/round_trip.sh"

on_the_way_to_her() {
	cat
}
on_the_way_back='"$fields" -References -In-Reply-To "Subject: still not well"'
round_trip
done_testing
