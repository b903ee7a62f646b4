# For the tests of the sender (T3xx): a desk, mails in its outbox, and a
# scripted mail server.  Sourced behind tap.sh.
# shellcheck shell=sh disable=SC2154,SC2034

have python3 openssl || skip_all 'python3 and openssl are needed'
now=2026-03-02T09:00:00Z
# a version manager's python3 is slow to start
python=python3
[ ! -x /usr/bin/python3 ] || python=/usr/bin/python3

desk() { # NAME URL [SMTP-KEY...]: a desk in $scratch/NAME, the present one
	desk=$scratch/$1
	mkdir -p "$desk"
	[ -f "$desk/postigo.key" ] || (
		umask 077
		echo "1 $(head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n')" \
			>"$desk/postigo.key"
	)
	cat >"$desk/postigo.conf" <<-END
	desk { name = "Desk" address = desk@acme.example }
	queue "q" { address = {"q@acme.example"} team = "one" }
	team "one" { members = {"ana"} }
	agent "ana" { name = "Ana" address = {"ana@acme.example"} }
	smtp { url = "$2" ${3-tls = never} }
	END
}

in_clear() { # PORT
	echo "smtp://127.0.0.1:$1"
}

fill() { # COUNT TO [RESEND [BODY-FILE]]
	"$builddir/tests/e2e/outbox_fill" "$desk/postigo.db" "$now" "$1" "$2" \
		bounce@acme.example "${3-1}" ${4+"$4"}
}

postigo() {
	timeout 120 "$POSTIGO" -c "$desk/postigo.conf" --now "$now" "$@"
}

send() { # sends what is due; its status in $status, its words in $said
	status=0
	said=$(postigo send --once 2>&1) || status=$?
}

# peer NAME [OPTION...] [RULE...]: a server with its files in $scratch/NAME;
# its port in $port, its pid in $pid.
peer() {
	peer=$scratch/$1
	shift
	rm -rf "$peer"
	mkdir -p "$peer"
	start $python "$srcdir/tests/e2e/smtp_peer.py" "$peer" "$@"
	wait_for 300 test -f "$peer/port" || fail 'the scripted server starts'
	port=$(cat "$peer/port")
}

states() { # of all rows, in order
	postigo outbox --json |
		sed 's/.*"state": *"\([a-z]*\)".*/\1/' | tr '\n' ' ' | sed 's/ $//'
}

field() { # ID KEY: a text or number of a row
	postigo outbox --json | sed -n "s/^{\"id\": *$1,/,/p" |
		sed -n "s/.*\"$2\": *\"\{0,1\}\(\([^\"\\\\]\|\\\\.\)*\)\"\{0,1\}[,}].*/\1/p"
}

taken() { # how many mails the server got whole
	if [ -f "$peer/index" ]; then grep -c '' "$peer/index"; else echo 0; fi
}

# commands VERB: how many of that command came
commands() {
	if [ -f "$peer/wire" ]; then
		grep -ci "^[0-9]*< $1" "$peer/wire"
	else
		echo 0
	fi
}

later() { # SECONDS: the clock goes on
	now=$(date -u -d "$now + $1 seconds" +%Y-%m-%dT%H:%M:%SZ)
}
