#!/bin/sh
# The round of T200 where everything that carries a token in a header is lost on
# the way to the requester: Message-ID, Reply-To and References.  What is left
# is the marker in her quote and the tag in the subject.
. "${srcdir:-.}/tests/tap.sh"
. "$srcdir/tests/e2e/round_trip.sh"

on_the_way_to_her() {
	fields -Reply-To -References -In-Reply-To \
		'Message-ID: <20261124.1@gateway.example.test>'
}
on_the_way_back='cat'
round_trip
case $(header "$scratch/marta.sent" To) in
*+*) fail 'no token came back in an address' ;;
*) pass 'no token came back in an address' ;;
esac
done_testing
