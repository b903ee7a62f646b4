#!/bin/sh
# The round of T200 where the relay gives our mail a Message-ID of its own, as
# Amazon SES does, and so the requester answers to an id that we do not know.
. "${srcdir:-.}/tests/tap.sh"
. "$srcdir/tests/e2e/round_trip.sh"

on_the_way_to_her() {
	fields 'Message-ID: <0102018f3c5d7a11-4b1e-000000@eu-west-1.amazonses.com>'
}
on_the_way_back='cat'
round_trip
like "$(header "$scratch/marta.sent" In-Reply-To)" 'amazonses' \
	'she answered to the id of the relay'
done_testing
