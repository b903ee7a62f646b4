#!/bin/sh
# What goes over the wire: addresses that could add a command, bodies of every
# end and size, servers that cannot take them.
. "${srcdir:-.}/tests/tap.sh"
. "$srcdir/tests/e2e/send.sh"
cr=$(printf '\r')

peer wire
desk wire "$(in_clear "$port")"
fill 1 "v@x.example>$cr
RCPT TO:<evil@y.example"
fill 1 "v@x.example$cr"
fill 1 'v@x.example SIZE=1'
fill 1 'v<w@x.example'
fill 1 '-oQ/tmp@x.example'
fill 1 ';`id`;$(id)@x.example'
send
is "$(states)" 'failed failed failed failed sent sent' \
	'S-08 X-02 addresses that could add a command fail their rows'
like "$(field 1 last_error)" '^5.1.3 ' '... with the reason'
is "$(commands rcpt)" 2 'S-08 X-02 nothing of them reached the wire'
is "$(grep -c evil "$peer/wire")" 0 '... not a word'
is "$(cut -f 4 "$peer/index" | tr '\n' ' ')" \
	'-oQ/tmp@x.example ;`id`;$(id)@x.example ' \
	'X-10 what a shell would take for a command is an address like others'

"$builddir/tests/e2e/outbox_fill" "$desk/postigo.db" "$now" 1 a@x.example \
	"b@acme.example>$cr
RCPT TO:<evil@y.example" 1
send
is "$(states)" 'failed failed failed failed sent sent failed' \
	'S-08 X-02 the same for the sender'
is "$(commands mail)" 2 '... nothing reached the wire'

# ---- bodies ----------------------------------------------------------------------

peer bodies
desk bodies "$(in_clear "$port")"
count=0
arrives() { # TITLE: $scratch/body comes out as $scratch/want
	fill 1 'r%d@x.example' 0 "$scratch/body"
	count=$((count + 1))
	send
	sed "1,/^$cr\$/d" "$peer/mail.$count" >"$scratch/got"
	ok "$1" cmp "$scratch/want" "$scratch/got"
}

for size in 1 16383 16384 16385 65535 65536 65537 10485760; do
	head -c "$size" /dev/zero | tr '\0' . | fold -w 70 |
		sed "s/\$/$cr/" | head -c "$size" >"$scratch/body"
	printf '\r\n.\r\n' >>"$scratch/body"
	cp "$scratch/body" "$scratch/want"
	arrives "S-09 $size octets of dots and the end of data"
done
set -- '' '\r\n' '.\r\n' '\r\n.\r\n' '..\r\n' '\r\n\r\n' '.a\r\n.\r\n..b\r\n'
while [ $# -gt 0 ]; do
	text=$1
	# shellcheck disable=SC2059 # escapes are meant
	printf "$text" >"$scratch/body"
	cp "$scratch/body" "$scratch/want"
	arrives "S-09 end $# of a body arrives equal"
	shift
done
while IFS='|' read -r text want; do
	# shellcheck disable=SC2059
	printf "$text" >"$scratch/body"
	# shellcheck disable=SC2059
	printf "$want" >"$scratch/want"
	arrives "S-10 line ends that are none: one mail, with ours ($count)"
done <<'END'
a\n.\nMAIL FROM:<x>\n|a\r\n.\r\nMAIL FROM:<x>\r\n
a\n.\r\nb\n|a\r\n.\r\nb\r\n
a\r.\rb\r|a\r\n.\r\nb\r\n
a\r\n.\nb\r\n|a\r\n.\r\nb\r\n
a\n.\rb|a\r\n.\r\nb\r\n
.|.\r\n
END
is "$(commands mail) $(taken)" "$count $count" 'S-10 no body began a mail of its own'

# ---- what the server cannot -------------------------------------------------------

peer bare --offer 'SIZE 1000'
desk bare "$(in_clear "$port")"
fill 1 'señora%d@x.example'
printf 'ma\303\261ana\r\n' >"$scratch/body"
fill 1 'r%d@x.example' 1 "$scratch/body"
head -c 1500 /dev/zero | tr '\0' a >"$scratch/body"
fill 1 'r%d@x.example' 1 "$scratch/body"
fill 1 'r%d@x.example'
send
is "$(states)" 'failed failed failed sent' \
	'S-12 no SMTPUTF8, no 8BITMIME, too large: those rows fail'
like "$(field 1 last_error)" 'SMTPUTF8' 'S-12 ... the address beyond ASCII, clearly'
like "$(field 2 last_error)" '8BITMIME' 'S-12 ... the 8-bit mail'
like "$(field 3 last_error)" '5.3.4 ' 'S-12 ... the large one'
is "$(commands mail)" 1 'S-12 ... and only the last was offered'

peer rich
desk rich "$(in_clear "$port")"
fill 1 'señora%d@x.example'
send
is "$(states)" sent 'S-12 with SMTPUTF8 it goes out'
done_testing
