#!/bin/sh
# The LMTP door (reads, threads, opens a ticket, writes journal and outbox,
# SQLite FULL) beside Dovecot's LMTP to Maildir, which only stores; the same
# mails, 1, 4, 8 and 16 sessions in turn, ratios of one run.  Then deliver
# through serve beside procmail, and what serve holds in memory (PSS).
#
# usage: tests/bench/lmtp.sh [MAILS]     as root, with dovecot-lmtpd
: "${srcdir:=$(pwd)}" "${builddir:=$srcdir}" "${POSTIGO:=$builddir/postigo}"
mails=${1:-1000}
work=$(mktemp -d "${TMPDIR:-/tmp}/postigo-bench.XXXXXX") || exit 1
client="python3 $srcdir/tests/e2e/lmtp_client.py"
chmod 711 "$work"
pids=
finish() {
	for pid in $pids; do kill "$pid" 2>/dev/null; done
	wait
	rm -rf "$work"
}
trap finish EXIT

"$POSTIGO" -q init "$work/desk" >/dev/null || exit 1
export POSTIGO_CONFIG="$work/desk/postigo.conf" HOME="$work"
echo "lmtp { listen = {\"$work/door\"} }" >>"$POSTIGO_CONFIG"
"$POSTIGO" serve 2>"$work/serve.log" &
serve=$!
pids=$serve

mkdir "$work/mail" "$work/run"
chown 65534:65534 "$work/mail"
cat >"$work/dovecot.conf" <<CONF
base_dir = $work/run
state_dir = $work/run
protocols = lmtp
ssl = no
log_path = $work/dovecot.log
mail_location = maildir:$work/mail/%n
first_valid_uid = 0
default_internal_user = nobody
default_internal_group = nogroup
default_login_user = nobody
postmaster_address = p@example.com
passdb {
  driver = static
  args = nopassword=y
}
userdb {
  driver = static
  args = uid=65534 gid=65534 home=$work/mail/%n
}
service lmtp {
  process_min_avail = 2
  unix_listener lmtp {
    mode = 0666
  }
}
CONF
if [ "$(id -u)" = 0 ] && [ -x /usr/lib/dovecot/lmtp ]; then
	/usr/sbin/dovecot -F -c "$work/dovecot.conf" 2>"$work/dovecot.err" &
	pids="$pids $!"
fi
for _ in 1 2 3 4 5 6 7 8 9 10; do
	[ -S "$work/door" ] && [ -S "$work/run/lmtp" ] && break
	sleep 0.5
done

load() { # PLACE SESSIONS RECIPIENT ROUND: mails a second
	$client "$1" load "$2" "$mails" "$3" "$4"
}

echo "$mails mails a run; $(nproc) processors; mails a second"
for sessions in 1 4 8 16; do
	ours=$(load "$work/door" "$sessions" support@example.com "r$sessions")
	theirs=-
	[ ! -S "$work/run/lmtp" ] ||
		theirs=$(load "$work/run/lmtp" "$sessions" support@example.com "r$sessions")
	echo "$sessions $ours $theirs" | awk '{
		printf "%2d sessions: postigo %6.0f  dovecot %6.0f  ratio %.2f\n",
			$1, $2, $3, ($3 > 0 ? $2 / $3 : 0) }'
done
pss() { # of serve and all below it, KiB
	pstree -p "$serve" | grep -o '([0-9]*)' | tr -d '()' |
		while read -r one; do
			sed -n 's/^Pss:[[:blank:]]*\([0-9]*\) kB/\1/p' "/proc/$one/smaps_rollup"
		done | awk '{ s += $1 } END { print s }'
}
echo "serve: PSS $(pss) KiB after $("$POSTIGO" --json list | wc -l) mails"

one() { # NUMBER
	printf 'From: p%s@c.example\nTo: support@example.com\nSubject: one %s\nMessage-ID: <one.%s@c.example>\n\nIt broke.\n' \
		"$1" "$1" "$1"
}
mkdir -p "$work/filed/new" "$work/filed/cur" "$work/filed/tmp" "$work/ones"
for n in $(seq 200); do one "$n" >"$work/ones/$n"; done
seconds() {
	begin=$(date +%s.%N)
	for mail in "$work"/ones/*; do "$@" <"$mail" >/dev/null 2>&1; done
	echo "$(date +%s.%N) $begin" | awk '{ printf "%.3f", $1 - $2 }'
}
ours() { "$POSTIGO" deliver -f a@b.example -r support@example.com; }
filer() { procmail -m "DEFAULT=$work/filed/" /dev/null; }
if command -v procmail >/dev/null; then
	echo "$(seconds ours) $(seconds filer)" | awk '{
		printf "deliver through serve %.1f ms, procmail %.1f ms, ratio %.2f\n",
			$1 * 5, $2 * 5, $1 / $2 }'
fi
"$POSTIGO" -q fsck || echo 'fsck finds something'
