#!/bin/sh
# Tickets are merged, parted, split and linked by order, and orders are undone:
# at the terminal, and by an agent's mail.
. "${srcdir:-.}/tests/tap.sh"
. "$srcdir/tests/e2e/desk.sh"
have python3 || skip_all 'python3 is not installed'
make_desk || exit 99

# field TICKET KEY: a value of show --json
field() {
	"$postigo" --json show "$1" | python3 -c \
		'import json, sys; print(json.dumps(json.load(sys.stdin)[sys.argv[1]]))' \
		"$2"
}

messages() {
	"$postigo" --json show "$1" | python3 -c \
		'import json, sys; print(len(json.load(sys.stdin)["messages"]))'
}

# mail NAME SUBJECT: a proven mail to the desk
mail() {
	cat <<MAIL
Authentication-Results: mail.desk.test; dmarc=pass header.from=client.test
Received: from out.client.test by mail.desk.test; Mon, 4 Jan 2027 10:00:00 +0000
From: $1 <$1@client.test>
To: desk@desk.test
Subject: $2
Message-ID: <$1-$2@client.test>
Date: Mon, 4 Jan 2027 10:00:00 +0000

Please help me with $2.
MAIL
}

mail berta printer | "$postigo" deliver
mail carl lights | "$postigo" deliver
mail dora stairs | "$postigo" deliver

"$postigo" -q merge 2 1
is "$(field 2 merged_into)" 1 'merge: ticket 2 lives on in 1'
is "$(field 2 state)" '"merged"' 'merge: its state says so'
is "$(messages 1)" 2 'merge: its message has moved'
is "$(field 1 watchers | grep -c carl@client.test)" 1 \
	'merge: its requester watches the other'
"$postigo" merge 2 3 2>"$scratch/err"
is $? 64 'a merged ticket is not merged again'
"$postigo" merge 1 99 2>"$scratch/err"
is "$?$(cat "$scratch/err")" '64postigo: /merge 99: there is no other ticket 99' \
	'merge: into nothing'

"$postigo" -q unmerge 1
is "$(field 2 state) $(field 2 merged_into)" '"new" null' 'unmerge: as it was'
is "$(messages 1) $(messages 2)" '1 1' 'unmerge: each has its own message'
is "$(field 1 watchers | grep -c carl@client.test)" 0 \
	'unmerge: he watches the other no more'

"$postigo" -q link 1 depends 3
is "$(field 1 links)" '[{"kind": "depends", "ticket": 3}]' 'link: it is shown'
"$postigo" set 1 state=resolved 2>"$scratch/err"
is "$?$(cat "$scratch/err")" \
	'64postigo: /state resolved: it depends on ticket 3, which is not done' \
	'link: not resolved while what it depends on is open'
"$postigo" -q set 3 state=resolved && "$postigo" -q set 1 state=resolved
is "$(field 1 state)" '"resolved"' 'link: resolved after it'

"$postigo" -q undo 1
is "$(field 1 state)" '"new"' 'undo: the state before'

"$postigo" -q merge 2 1 && "$postigo" -q split 1
is "$(field 4 subject) $(messages 4)" '"lights" 1' \
	'split: a message is a ticket of its own'
is "$(field 4 requester | grep -c carl@client.test)" 1 'split: of who wrote it'
"$postigo" split 4 2>"$scratch/err"
is $? 64 'split: the first message stays'

"$postigo" -q cc 1 +eve@other.test -carl@client.test
is "$(field 1 watchers | grep -c eve@other.test)" 1 'cc: she takes part'
"$postigo" cc 1 +desk@desk.test 2>"$scratch/err"
is $? 64 'L-06 cc: an address of the desk takes no part'

# ---- by an agent's mail: it answers the notification of ticket 3 ----

id=$("$postigo" --json outbox | python3 -c '
import json, sys
for line in sys.stdin:
	row = json.loads(line)
	if row["ticket"] == 3 and row["to"] == "ana@staff.test":
		print(row["message_id"])
' | head -1)

# agent_mail NUMBER HEADER ORDERS
agent_mail() {
	cat <<MAIL
Authentication-Results: mail.desk.test; dmarc=pass header.from=staff.test
Received: from out.staff.test by mail.desk.test; Mon, 4 Jan 2027 11:00:00 +0000
From: Ana <ana@staff.test>
To: desk@desk.test
Subject: Re: [#3] stairs
Message-ID: <order-$1@staff.test>
In-Reply-To: <$id>
Date: Mon, 4 Jan 2027 11:00:0$1 +0000
$2
$3
MAIL
}

to_requesters() {
	"$postigo" --json outbox | grep -c '"to": *"[a-z]*@client.test"'
}

before=$(to_requesters)
agent_mail 1 '' '/reopen
/tag +stairs
/remind 2h look again' | "$postigo" deliver
is "$(field 3 state) $(field 3 tags)" '"open" ["stairs"]' \
	'by mail: state and tag'
agent_mail 2 '' '/undo' | "$postigo" deliver
is "$(field 3 state) $(field 3 tags)" '"resolved" []' 'by mail: undone'
agent_mail 3 '' '/try
/reopen' | "$postigo" deliver
is "$(field 3 state)" '"resolved"' 'try: nothing is done'
agent_mail 4 'X-Postigo-Command: reopen
' '' | "$postigo" deliver
is "$(field 3 state)" '"open"' 'the header orders, too'
agent_mail 5 '' '/reopne
I shall look at it.' | "$postigo" deliver
agent_mail 6 '' '/show 1
/list state:new' | "$postigo" deliver
agent_mail 7 '' '/close
/merge all' | "$postigo" deliver
is "$(field 3 state)" '"open"' 'A-25 merge all: refused, and nothing is done'
is "$(to_requesters)" "$before" \
	'no order has reached a requester, neither a good nor a mistyped one'
shown=$("$postigo" --json outbox | tail -2 | head -1 | python3 -c \
	'import json, sys; print(json.loads(sys.stdin.readline())["id"])')
"$postigo" outbox show "$shown" >"$scratch/shown"
is "$(grep -q 'Please help me with printer' "$scratch/shown"; echo $?)" 0 \
	'show: the ticket is in the transcript'
is "$("$postigo" fsck --replay >"$scratch/fsck" 2>&1; echo $?)" 0 \
	'the journal alone gives every table again'
done_testing
