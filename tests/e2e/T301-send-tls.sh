#!/bin/sh
# S-07: configured with TLS, nothing goes out in clear and nothing to a server
# that does not prove its name.
. "${srcdir:-.}/tests/tap.sh"
. "$srcdir/tests/e2e/send.sh"

certificate() { # NAME SUBJECT-ALT-NAME DAYS: signed by our authority
	openssl req -newkey rsa:2048 -nodes -keyout "$1.key" -out "$1.req" \
		-subj '/CN=peer' &&
		printf 'subjectAltName=%s\n' "$2" >"$1.ext" &&
		openssl x509 -req -in "$1.req" -CA ca.pem -CAkey ca.key \
			-CAcreateserial -days "$3" -extfile "$1.ext" -out "$1.pem"
}

certificates() {
	cd "$scratch" &&
		openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key \
			-out ca.pem -days 2 -subj '/CN=Test authority' &&
		openssl req -x509 -newkey rsa:2048 -nodes -keyout self.key \
			-out self.pem -days 2 -subj '/CN=127.0.0.1' \
			-addext 'subjectAltName=IP:127.0.0.1' &&
		certificate good IP:127.0.0.1 2 &&
		certificate wrong DNS:mail.other.example 2 &&
		certificate old IP:127.0.0.1 -1
}

ok 'certificates are made' certificates
printf 'sesame\n' >"$scratch/password"
chmod 600 "$scratch/password"
login="user = \"desk\" password_file = \"$scratch/password\""
trusted="ca-file = \"$scratch/ca.pem\" $login"

# kept TITLE: the row waits, the channel rests, and nobody was told anything
kept() {
	send
	is "$status $(states) $(commands mail) $(grep -c '! ' "$peer/wire")" \
		'69 deferred 0 0' "$1"
	like "$said" 'channel-paused' '... and it is said'
}

peer good --cert "$scratch/good.pem" --key "$scratch/good.key" \
	--offer 'AUTH PLAIN,PIPELINING'
desk good "$(in_clear "$port")" "$trusted"
fill 2 'r%d@x.example'
send
is "$status $(states) $(taken)" '0 sent sent 2' 'STARTTLS and a login'
is "$(commands EHLO)" 2 '... what was offered before TLS is asked again'
like "$(cat "$peer/wire")" '! PLAIN  desk sesame' '... the login is inside'

peer smtps --cert "$scratch/good.pem" --key "$scratch/good.key" --smtps \
	--offer 'AUTH LOGIN,PIPELINING'
desk smtps "smtps://127.0.0.1:$port" "$trusted auth = \"login\""
fill 2 'r%d@x.example'
send
is "$status $(states) $(taken)" '0 sent sent 2' 'TLS from the start, and LOGIN'
like "$(cat "$peer/wire")" '! LOGIN desk sesame' '... with name and password'

# a large body over TLS, where a write may take part of it
head -c 5000000 /dev/urandom | base64 >"$scratch/large"
fill 1 'r%d@x.example' 1 "$scratch/large"
send
is "$(states)" 'sent sent sent' 'a large mail goes through TLS'
ok '... and arrives whole' sh -c "tr -d '\r' <'$peer/mail.3' |
	sed '1,/^\$/d' | cmp - '$scratch/large'"

for kind in wrong old self; do
	peer "$kind" --cert "$scratch/$kind.pem" --key "$scratch/$kind.key" \
		--offer 'AUTH PLAIN'
	desk "$kind" "$(in_clear "$port")" "$trusted"
	fill 1 'r%d@x.example'
	kept "S-07 a certificate that is $kind"
done

peer stranger --cert "$scratch/good.pem" --key "$scratch/good.key"
desk stranger "$(in_clear "$port")" "$login"
fill 1 'r%d@x.example'
kept 'S-07 an authority that nobody knows'

peer stripped --offer 'AUTH PLAIN'
desk stripped "$(in_clear "$port")" "$trusted"
fill 1 'r%d@x.example'
kept 'S-07 STARTTLS is not offered'

peer busy --cert "$scratch/good.pem" --key "$scratch/good.key" \
	--offer 'AUTH PLAIN' 'starttls=454 4.7.0 not now'
desk busy "$(in_clear "$port")" "$trusted"
fill 1 'r%d@x.example'
kept 'S-07 STARTTLS is refused'

peer injected --cert "$scratch/good.pem" --key "$scratch/good.key" \
	'starttls=raw:220 go\r\n250-x\r\n250 AUTH PLAIN\r\n'
desk injected "$(in_clear "$port")" "$trusted"
fill 1 'r%d@x.example'
kept 'S-07 replies put in clear behind the 220'

peer mute --cert "$scratch/good.pem" --key "$scratch/good.key" \
	'ehlo@2=250-peer.example;250 PIPELINING'
desk mute "$(in_clear "$port")" "ca-file = \"$scratch/ca.pem\""
fill 1 'r%d@x.example'
send
is "$status $(states)" '0 sent' 'only the EHLO reply inside TLS counts'
is "$(grep -c 'ORCPT' "$peer/wire")" 0 '... DSN was offered outside only'
done_testing
