#!/bin/sh
# What the server says at each phase, and what becomes of the row.
. "${srcdir:-.}/tests/tap.sh"
. "$srcdir/tests/e2e/send.sh"

# ---- refusals: row 1 at MAIL, 2 at RCPT, 3 at DATA, 4 at the dot -----------------

peer later --offer DSN 'mail@1=451 4.3.0 m' 'rcpt@1=451 4.3.0 r' \
	'data@1=451 4.3.0 d' 'dot@1=452 4.3.1 disk full'
desk later "$(in_clear "$port")"
fill 5 'r%d@x.example'
send
is "$status $(states)" '0 deferred deferred deferred deferred sent' \
	'S-03 4yz at MAIL, RCPT, DATA, the dot defers that row'
is "$(field 1 last_reply), $(field 2 last_reply), $(field 3 last_reply)" \
	'451 4.3.0 m, 451 4.3.0 r, 451 4.3.0 d' 'S-03 ... with its own reply'
is "$(field 4 last_reply)" '452 4.3.1 disk full' 'S-03 ... the last too'
is "$(field 1 next_attempt)" 2026-03-02T09:01:00Z 'S-03 ... for a minute'
send
is "$(states)" 'deferred deferred deferred deferred sent' \
	'S-03 ... and nothing is tried before'
later 60
send
is "$(states) $(taken)" 'sent sent sent sent sent 6' 'S-03 ... then all go out'
is "$(field 1 attempts)" 2 'S-03 ... with the second try'
now=2026-03-02T09:00:00Z

# five days of 450
peer five 'rcpt=450 4.2.0 come back'
desk five "$(in_clear "$port")"
fill 1 'r%d@x.example'
for wait in 0 60 300 900 3600 430000; do
	later "$wait"
	send
done
is "$(states)" failed 'S-03 after five days of 450 it is given up'
like "$(field 1 last_error)" 'given up after 6 tries: rcpt: 450 4.2.0 come back' \
	'S-03 ... and says why'
like "$(postigo journal)" 'undelivered .*outbox=1.* action=failed' \
	'S-03 ... in the journal too'
now=2026-03-02T09:00:00Z

# pipelined: each try sends MAIL, RCPT and DATA
peer never 'mail@1=550 5.1.8 m' 'rcpt@2=550 5.1.1 r' 'data@3=554 5.7.0 d' \
	'dot@1=554 5.6.0 not this'
desk never "$(in_clear "$port")"
fill 5 'r%d@x.example'
send
is "$status $(states)" '0 failed failed failed failed sent' \
	'S-04 5yz at MAIL, RCPT, DATA, the dot fails that row only'
is "$(field 1 last_reply), $(field 2 last_reply), $(field 3 last_reply)" \
	'550 5.1.8 m, 550 5.1.1 r, 554 5.7.0 d' 'S-04 ... with its own reply'
is "$(field 4 last_reply)" '554 5.6.0 not this' 'S-04 ... the last too'

peer three 'rcpt@1=250 2.1.5 ok' 'rcpt@2=550 5.1.1 nobody' \
	'rcpt@3=450 4.2.1 busy'
desk three "$(in_clear "$port")"
fill 3 'r%d@x.example'
send
is "$status $(states)" '0 sent failed deferred' \
	'S-05 250, 550 and 450: each row has its own end'
is "$(cut -f 4 "$peer/index")" r1@x.example 'S-05 ... the first got it once'
later 60
send
is "$(states)" 'sent failed sent' 'S-05 ... and the third goes out later'
is "$(cut -f 4 "$peer/index" | tr '\n' ' ')" 'r1@x.example r3@x.example ' \
	'S-05 ... and only that one'
now=2026-03-02T09:00:00Z

# 250 MAIL, refused RCPT, and a server that takes the pipelined DATA all the same
peer odd 'rcpt@1=550 5.1.1 nobody' 'data@1=354 go on' 'dot@1=554 5.5.1 no recipients'
desk odd "$(in_clear "$port")"
fill 2 'r%d@x.example'
send
is "$(states)" 'failed sent' 'RFC 2920: 354 after a refused recipient harms nobody'
is "$(wc -c <"$peer/mail.1")" 0 '... the server gets an empty mail to nobody'

# ---- the link ends --------------------------------------------------------------

peer dot 'dot@1=close'
desk dot "$(in_clear "$port")"
fill 1 'r%d@x.example' 1
send
is "$(states) $(taken)" 'uncertain 1' \
	'S-01 closed after the dot: nobody can say'
like "$(postigo journal)" 'undelivered .*action=unknown' \
	'S-01 ... and the journal counts it'
later 60
send
is "$(states) $(taken)" 'sent 2' 'S-01 ... a reply is sent again'
is "$(cut -f 5 "$peer/index" | sort -u)" p.1.1.x@acme.example \
	'S-01 ... under the same Message-ID'
ok 'S-01 ... with the same octets' cmp "$peer/mail.1" "$peer/mail.2"
now=2026-03-02T09:00:00Z

peer once 'dot@1=reset'
desk once "$(in_clear "$port")"
fill 1 'r%d@x.example' 0
send
later 86400
send
is "$(states) $(taken)" 'uncertain 1' \
	'S-01 an acknowledgement is not sent again'
now=2026-03-02T09:00:00Z

for phase in mail rcpt data; do
	peer "cut-$phase" --offer 8BITMIME "$phase@2=close"
	desk "cut-$phase" "$(in_clear "$port")"
	fill 3 'r%d@x.example' 0
	send
	is "$(states) $(taken)" 'sent sent sent 3' \
		"S-17 a kept link that ends at $phase is replaced"
done

peer early 'data@1=354 go|raw:452 4.3.1 no more\r\n|close'
desk early "$(in_clear "$port")"
head -c 3000000 /dev/zero | tr '\0' x | fold >"$scratch/large"
fill 1 'r%d@x.example' 0 "$scratch/large"
fill 1 'r%d@x.example' 0
send
is "$(states) $(taken)" 'deferred sent 1' \
	'S-17 refused in mid-body: the next mail gets a new link'
is "$(grep -c '> 220 ' "$peer/wire")" 2 'S-17 ... two links in all'

peer bye 'mail@21=421 4.7.0 enough for now|close'
desk bye "$(in_clear "$port")"
fill 50 'r%d@x.example' 0
send
is "$(postigo outbox --json | grep -c '"sent"') $(taken)" '50 50' \
	'S-13 421 after 20 mails: a new link, and no row is lost'
is "$(grep -c '> 220 ' "$peer/wire")" 2 'S-13 ... two links in all'

peer quiet 'dot=sleep:2|250 2.0.0 taken'
desk quiet "$(in_clear "$port")"
fill 1 'r%d@x.example' 0
send
is "$(states) $(taken)" 'sent 1' 'S-02 a slow answer to the dot: one copy'

peer drip 'connect=dribble:220 slow.example\r\n' 'mail=dribble:250 2.1.0 ok\r\n' \
	'dot=dribble:250-2.0.0 tak\r\n250 2.0.0 en\r\n'
desk drip "$(in_clear "$port")"
fill 2 'r%d@x.example' 0
send
is "$(states) $(field 2 last_reply)" 'sent sent 250 2.0.0 tak en' \
	'replies that come octet by octet are read'
done_testing
