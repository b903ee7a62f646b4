#!/bin/sh
# kill -9 at every fault point of deliver, then the same mail again, as a mail
# server brings it: no mail is lost, none is doubled (C-01, C-02, C-03), and all
# is as if nothing had happened.
. "${srcdir:-.}/tests/tap.sh"
. "$srcdir/tests/e2e/desk.sh"
grep -q '^#define ENABLE_FAULTS 1' "$builddir/config.h" ||
	skip_all 'not built with --enable-faults'

export POSTIGO_NOW=2026-11-24T10:00:00Z
make_desk "$(id -un)" || { fail 'a desk can be made'; done_testing; exit; }
desk=$scratch/desk

proven_mail() { # FROM TO SUBJECT MESSAGE-ID [FIELD]: text on stdin
	cat <<MAIL
Received: from client.test (client.test [192.0.2.1])
	by mail.desk.test (Postfix) with ESMTP id 1; Tue, 24 Nov 2026 10:00:00 +0000
Authentication-Results: mail.desk.test; dmarc=pass header.from=${1#*@}
From: $1
To: $2
Subject: $3
Date: Tue, 24 Nov 2026 10:00:00 +0000
Message-ID: <$4>
${5:+$5
}
MAIL
	cat
}

# of PURPOSE ADDRESS FIELD: a field of the last such mail in the outbox
of() {
	id=$(ask outbox | grep "\"purpose\":\"$1\".*\"to\":\"$2\"" | tail -n 1 |
		sed 's/.*"id":\([0-9]*\),.*/\1/')
	"$postigo" outbox show "$id" | sed -n "s/^$3: //p" | head -n 1
}

deliver() { # MAIL RECIPIENT: its exit status
	"$postigo" deliver -f someone@client.test -r "$2" <"$1" >/dev/null 2>&1
	echo $?
}

# All that people and other servers can see of a desk.  That a mail came a
# second time is left out: it is a line in the journal, and has no effect.
dump() {
	"$postigo" show 1
	for what in list messages outbox quarantine journal; do
		ask "$what"
	done | grep -v '"action":"settle state=duplicate-of '
}

# crash TITLE MAIL RECIPIENT: from the desk in $scratch/desk, which is as it
# would be without a crash afterwards
crash() {
	rm -rf "$scratch/before" "$scratch/points"
	cp -a "$desk" "$scratch/before"
	POSTIGO_FAULT_LOG=$scratch/points
	export POSTIGO_FAULT_LOG
	is "$(deliver "$2" "$3")" 0 "$1: accepted"
	unset POSTIGO_FAULT_LOG
	dump >"$scratch/want"
	cp -a "$desk" "$scratch/after"
	points=$(wc -l <"$scratch/points")
	at=0 bad='' statuses=''
	while [ "$at" -lt "$points" ]; do
		at=$((at + 1))
		rm -rf "$desk"
		cp -a "$scratch/before" "$desk"
		place=$(sed -n "s/^$at //p" "$scratch/points" | head -n 1)
		first=$(POSTIGO_FAULT_AT=$at deliver "$2" "$3")
		second=$(deliver "$2" "$3")
		dump >"$scratch/got"
		statuses="$statuses $first$second"
		cmp -s "$scratch/want" "$scratch/got" &&
			"$postigo" -q fsck >"$scratch/fsck" 2>&1 && continue
		bad="$bad $at:$place"
		diff "$scratch/want" "$scratch/got" | cut -c 1-300 | head -n 6 | diag
		diag <"$scratch/fsck"
	done
	ok "$1: there are points to be killed at ($points)" test "$points" -ge 5
	is "$(echo "$statuses" | tr ' ' '\n' | grep . | sort -u | tr '\n' ' ')" '750 ' \
		"$1: killed is 75, and the second time 0, at each of $points points"
	is "$bad" '' "$1: neither lost nor doubled, and all invariants hold"
	rm -rf "$desk"
	mv "$scratch/after" "$desk"
}

echo 'The VPN says: error 691.' |
	proven_mail marta@example.test desk@desk.test 'VPN' first@example.test >"$scratch/1"
crash "a requester's first mail" "$scratch/1" desk@desk.test

to=$(of notify ana@staff.test Reply-To)
printf '/take\n/priority high\n\nPlease restart the laptop.\n' |
	proven_mail ana@staff.test "$to" 'Re: [#1] VPN' answer@staff.test \
		"In-Reply-To: $(of notify ana@staff.test Message-ID)" >"$scratch/2"
crash "an agent's answer with orders" "$scratch/2" "$to"

to=$(of reply marta@example.test Reply-To)
echo 'It works now, but the network drive is missing.' |
	proven_mail marta@example.test "$to" 'Re: [#1] VPN' second@example.test \
		"In-Reply-To: $(of reply marta@example.test Message-ID)" >"$scratch/3"
crash "her answer" "$scratch/3" "$to"

crash 'the same mail once more' "$scratch/3" "$to"
is "$(ask list | wc -l)" 1 'one ticket'
is "$(ask messages | wc -l)" 3 'of three messages'

done_testing
