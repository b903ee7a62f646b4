#!/bin/sh
# What sending costs: the outbox to Postfix's smtp-sink with 1, 4 and 16 lanes,
# leases, log and settlements durable, beside a plain libcurl loop that sends
# the same mails from memory; several rounds in turn, ratios of one run.  Then
# the memory of a sender with ROWS rows waiting.  Times are this machine's; the
# ratios are what to quote.
#
# usage: tests/bench/send.sh [MAILS [ROUNDS [ROWS]]]
: "${srcdir:=$(pwd)}" "${builddir:=$srcdir}" "${POSTIGO:=$builddir/postigo}"
mails=${1:-2000} rounds=${2:-3} rows=${3:-100000}
sink=$(PATH=$PATH:/usr/sbin command -v smtp-sink) || {
	echo 'smtp-sink (postfix) is needed' >&2
	exit 1
}
work=$(mktemp -d "${TMPDIR:-/tmp}/postigo-bench.XXXXXX") || exit 1
port=$((20000 + $$ % 20000))
user=
[ "$(id -u)" != 0 ] || user='-u nobody'
# shellcheck disable=SC2086
"$sink" $user "127.0.0.1:$port" 256 &
sink_pid=$!
trap 'kill "$sink_pid"; rm -rf "$work"' EXIT
sleep 1

now=2026-03-02T09:00:00Z
yes 'A line of a mail of some four thousand octets, as they are in the mean.' |
	head -n 56 | sed 's/$/\r/' >"$work/body"
{
	printf 'From: desk@acme.example\r\nTo: r1@x.example\r\n'
	printf 'Message-ID: <p.1.1.x@acme.example>\r\nSubject: mail 1\r\n\r\n'
	cat "$work/body"
} >"$work/mail"
(
	umask 077
	echo "1 $(head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n')" \
		>"$work/postigo.key"
)
desk() { # LANES
	cat >"$work/postigo.conf" <<-END
	desk { name = "Desk" address = desk@acme.example }
	queue "q" { address = {"q@acme.example"} team = "one" }
	team "one" { members = {"ana"} }
	agent "ana" { name = "Ana" address = {"ana@acme.example"} }
	smtp { url = "smtp://127.0.0.1:$port" tls = never connections = $1 }
	END
	rm -f "$work"/postigo.db*
}
fill() { # COUNT
	"$builddir/tests/e2e/outbox_fill" "$work/postigo.db" "$now" "$1" \
		'r%d@x.example' bounce@acme.example 1 "$work/body" || exit 1
}
seconds() { # COMMAND...
	begin=$(date +%s.%N)
	"$@" >"$work/out" 2>&1 || {
		echo "failed: $*" >&2
		tail -n 3 "$work/out" >&2
	}
	echo "$(date +%s.%N) $begin" | awk '{ printf "%.3f\n", $1 - $2 }'
}
postigo() { "$POSTIGO" -q -c "$work/postigo.conf" --now "$now" "$@"; }

echo "$mails mails a round, $rounds rounds in turn; $(nproc) processors"
for _ in $(seq "$rounds"); do
	seconds "$builddir/tests/bench/curl_loop" "smtp://127.0.0.1:$port" \
		"$mails" "$work/mail" >>"$work/curl"
	for lanes in 1 4 16; do
		desk "$lanes"
		fill "$mails"
		seconds postigo send --once >>"$work/lanes$lanes"
		sent=$(postigo outbox --json | grep -c '"state": *"sent"')
		[ "$sent" = "$mails" ] || echo "only $sent were sent" >&2
	done
done
for what in curl lanes1 lanes4 lanes16; do
	sort -n "$work/$what" | awk -v n="$mails" -v what="$what" '
		{ s[NR] = $1 } END { printf "%-8s %8.1f mails/s\n", what,
			n / s[int((NR + 1) / 2)] }'
	[ "$what" = curl ] || paste -d' ' "$work/curl" "$work/$what" |
		awk '{ print $1 / $2 }' | sort -n | awk -v what="$what" '
		{ r[NR] = $1 } END { printf "%-8s rate, postigo / libcurl: median %.2f min %.2f max %.2f\n",
			what, r[int((NR + 1) / 2)], r[1], r[NR] }'
done

kill "$sink_pid"
wait "$sink_pid" 2>/dev/null
trap 'rm -rf "$work"' EXIT
for count in 10 "$rows"; do
	desk 1
	fill "$count"
	/usr/bin/time -o "$work/memory" -f %M "$POSTIGO" -q \
		-c "$work/postigo.conf" --now 2026-03-09T09:00:00Z send --once \
		>/dev/null 2>&1
	echo "$(tail -n 1 "$work/memory") KiB with $count rows waiting a week"
done
