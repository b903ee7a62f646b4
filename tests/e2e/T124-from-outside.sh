#!/bin/sh
# What a mail from outside may say without any effect: fields that only this or
# another desk writes (A-18), tokens that a gateway or client wrote differently
# (A-15), and words that no reader understands (C-14).
. "${srcdir:-.}/tests/tap.sh"
. "$srcdir/tests/e2e/desk.sh"
have sqlite3 || skip_all 'sqlite3 is needed'
have python3 || skip_all 'python3 is needed'
make_desk "$(id -un)" || skip_all 'no desk'

sql() { sqlite3 "$scratch/desk/postigo.db" "$1"; }

# FROM TO ID [FIELDS]
mail() {
	printf 'Authentication-Results: mail.desk.test; dmarc=pass header.from=%s\n' \
		"${1#*@}"
	printf 'From: %s\nTo: %s\nSubject: the printer\nMessage-ID: <%s@%s>\n%b' \
		"$1" "$2" "$3" "${1#*@}" "${4-}"
	printf 'Date: Tue, 24 Nov 2026 15:00:00 +0000\n\nIt is on fire.\n'
}

deliver() { # FROM TO ...: with the envelope that its fields name
	mail "$@" >"$scratch/mail"
	"$postigo" deliver -f "$1" -r "$2" <"$scratch/mail"
}

decided() { # FILE: what would be done, without the words that differ each time
	ask explain "$1" | field plan
}

deliver rosa@customer.test desk@desk.test one || fail 'the first mail'
is "$(ask list | field id)" 1 'there is a ticket'

# A-18: one plan, with and without them
mail juan@other.test desk@desk.test two >"$scratch/without"
instance=$("$postigo" outbox show 1 | tr -d '\r' |
	sed -n 's/^X-Postigo-Instance: *//p')
for field in 'X-Postigo-Ticket: 1' 'X-Postigo-Command: /close' \
	"X-Postigo-Instance: desk.test.aaaaaaaaaaaaaaaaaaaaaaaaaa" \
	'X-Postigo-Queue: other' 'X-Zammad-Ticket-Tags: x' \
	'X-Zammad-Ignore: yes' 'X-OTRS-Priority: 5 very high' \
	'X-OTRS-Ignore: yes' 'RT-Attach: 1' 'RT-Send-Cc: eve@evil.test' \
	'RT-Squelch-Replies-To: rosa@customer.test' \
	'X-Postigo-Ticket: 1\nX-Postigo-Ticket: 2' 'x-postigo-TICKET: 1'; do
	mail juan@other.test desk@desk.test two "$field\n" >"$scratch/with"
	is "$(decided "$scratch/with")" "$(decided "$scratch/without")" \
		"A-18: no effect of $field"
done
deliver juan@other.test desk@desk.test two \
	'X-Postigo-Ticket: 1\nRT-Send-Cc: eve@evil.test\n'
is "$(ask list | wc -l)" 2 'A-18: and it opens its own ticket'
sent=$(sql 'SELECT max(id) FROM outbox')
is "$(for id in $(seq "$sent"); do "$postigo" outbox show "$id"; done |
	grep -ciE '^(RT-|X-OTRS|X-Zammad|X-Postigo-Command)|evil\.test')" 0 \
	'A-18: nothing of it goes out'
mail juan@other.test desk@desk.test three "X-Postigo-Instance: $instance\n" \
	>"$scratch/echo"
like "$(decided "$scratch/echo")" 'suppressed' \
	'A-18: our own mark, which only we can write, is our echo'

# A-15: the token of the acknowledgement, as the world writes it
token=$("$postigo" outbox show 1 | tr -d '\r' |
	sed -n 's/^Reply-To: *//p' | tr -d '<>' | sed 's/.*+//; s/@.*//')
upper=$(echo "$token" | tr '[:lower:]' '[:upper:]')
number=0
for address in "desk+$token@desk.test" "DESK+$upper@DESK.TEST" \
	"Desk+$upper@desk.test" "desk-$token@desk.test" \
	"desk=$token@desk.test" "desk=2B$token@desk.test" \
	"desk=2b$token@desk.test" \
	"SRS0=HHH=TT=desk.test=desk+$token@relay.test" \
	"SRS1=HHH=relay.test==HHH=TT=desk.test=desk+$token@other.test"; do
	number=$((number + 1))
	deliver rosa@customer.test "$address" "answer$number"
	is "$(sql "SELECT ticket FROM message
		WHERE message_id = 'answer$number@customer.test'")" 1 \
		"A-15: $(echo "$address" | sed "s/$token/TOKEN/; s/$upper/TOKEN/")"
done
# but not whatever looks like one
for address in "desk-help@desk.test" "desk=x@desk.test" "desk-@desk.test" \
	"desk+${token}a@desk.test" "desk-$token@elsewhere.test" \
	"SRS0=HHH=TT=desk.test@relay.test" "SRS0@desk.test" "SRS1=@desk.test" \
	"SRS0=HHH=TT==desk+$token@desk.test" "SRS1=a=b=@desk.test" \
	"SRS0=HHH=TT=elsewhere.test=desk+$token@desk.test"; do
	mail kim@third.test "$address" none >"$scratch/mail"
	like "$(decided "$scratch/mail")" '"open ' \
		"A-15, A-24: a plain new mail to $(echo "$address" |
			sed "s/$token/TOKEN/")"
done

# C-14: what cannot be understood is kept, and told
before=$(sql 'SELECT count(*) FROM delivery')
accepted=0
for words in 'no mail at all' '\000\001\002' 'From: \nTo: \n' \
	'From: a@b.test, c@d.test\n\ntwo' 'From: nobody\n\nx' \
	'Content-Type: multipart/mixed\n\nx' ':\n:\n\n'; do
	printf '%b' "$words" >"$scratch/mail"
	"$postigo" deliver -f '' <"$scratch/mail" && accepted=$((accepted + 1))
done
is "$accepted" 7 'C-14: all of them are accepted'
is "$(sql 'SELECT count(*) FROM delivery')" $((before + 7)) \
	'C-14: and each is kept'
is "$(sql 'SELECT count(*) FROM delivery WHERE state IS NULL')" 0 \
	'C-14: and each ended somewhere'
is "$(sql "SELECT count(*) FROM delivery d WHERE d.id > $before AND NOT EXISTS
	(SELECT 1 FROM journal j WHERE j.event = 'delivery:' || d.id
	AND j.action LIKE 'settle %')")" 0 'C-14: which the journal tells'
ok 'all invariants hold' "$postigo" fsck
done_testing
