# The LMTP door for tests.  Sourced after tests/tap.sh and tests/e2e/desk.sh.
# shellcheck shell=sh disable=SC2154

# lmtp_desk: a desk whose door is $door (a Unix socket) and $port on 127.0.0.1
lmtp_desk() {
	port=$(free_port)
	door=$scratch/desk/lmtp
	cat >>"$scratch/desk.conf" <<CONF
lmtp {
	listen = {"lmtp", "127.0.0.1:$port"}
}
CONF
	make_desk "$@"
}

lmtp_start() { # [COMMAND]: the program that serves it; $pid
	start "$postigo" "${1:-lmtp}"
	wait_for 10 test -S "$door" && wait_for 10 listening "$port"
}

lmtp_send() { # PLACE SENDER RECIPIENT...: the mail is stdin; prints replies
	lmtp_place=$1
	shift
	timeout 60 python3 "$srcdir/tests/e2e/lmtp_client.py" "$lmtp_place" send "$@"
}

lmtp_client() { # PLACE WHAT ...
	timeout 120 python3 "$srcdir/tests/e2e/lmtp_client.py" "$@"
}

plain_mail() { # SUBJECT MESSAGE-ID
	cat <<MAIL
From: marta@client.test
To: desk@desk.test
Subject: $1
Date: Tue, 24 Nov 2026 10:00:00 +0000
Message-ID: <$2>

The printer shows error 49.
.A line with a dot at its beginning.
MAIL
}
