#!/bin/sh
# What a delivery costs: `postigo deliver` (reads, threads, opens a ticket,
# writes journal and outbox, SQLite FULL) beside dovecot-lda and procmail, which
# only store; the same mails in turn, several rounds, ratios of one run.  Then
# what a mail costs at 1,000 tickets and at 200,000.  Times are this machine's;
# the ratios are what to quote.
#
# usage: tests/bench/deliver.sh [MAILS [ROUNDS]]
: "${srcdir:=$(pwd)}" "${builddir:=$srcdir}" "${POSTIGO:=$builddir/postigo}"
mails=${1:-200} rounds=${2:-5}
work=$(mktemp -d "${TMPDIR:-/tmp}/postigo-bench.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT

python3 - "$work/mails" "$mails" <<'PY'
import base64, pathlib, random, sys
folder, count = pathlib.Path(sys.argv[1]), int(sys.argv[2])
folder.mkdir()
random.seed(1)
for n in range(count):
    # a mean of 32 KiB, most of it in few mails, as attachments are
    size = int(random.paretovariate(1.2) * 4000) % 400000
    data = base64.encodebytes(random.randbytes(size)).decode()
    (folder / f'{n:06}').write_text(f'''Received: from a by b; Tue, 24 Nov 2026 15:00:00 +0000
From: Person {n} <p{n}@c{n % 50}.example>
To: support@example.com
Subject: trouble number {n}
Message-ID: <b{n}.@ROUND@@c.example>
Date: Tue, 24 Nov 2026 15:00:00 +0000
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=bb

--bb
Content-Type: text/plain; charset=utf-8

Trouble number {n} in round @ROUND@: it does not work any more.

--bb
Content-Type: application/octet-stream; name=a.bin
Content-Transfer-Encoding: base64

{data}
--bb--
''')
PY

seconds() { # COMMAND...: for all mails of $work/round; wall seconds
	begin=$(date +%s.%N)
	for mail in "$work"/round/*; do
		"$@" <"$mail" >/dev/null 2>&1 || echo "failed: $*" >&2
	done
	echo "$(date +%s.%N) $begin" | awk '{ printf "%.3f\n", $1 - $2 }'
}

new_round() { # NAME: the same mails with other ids
	rm -rf "$work/round"
	mkdir "$work/round"
	for mail in "$work"/mails/*; do
		sed "s/@ROUND@/$1/" "$mail" >"$work/round/${mail##*/}"
	done
}

cat >"$work/dovecot.conf" <<EOF
mail_location = maildir:$work/lda
base_dir = $work/run
protocols =
ssl = no
first_valid_uid = 0
log_path = /dev/stderr
EOF
# as root dovecot-lda wants a running dovecot to ask about the user; as another
# it does not (starting setpriv costs it about a millisecond)
lda() {
	$as_user /usr/lib/dovecot/dovecot-lda -c "$work/dovecot.conf" -f a@b.example
}
as_user=
if [ "$(id -u)" = 0 ]; then
	as_user='setpriv --reuid=65534 --regid=65534 --clear-groups'
	mkdir "$work/lda" "$work/run"
	chmod 711 "$work"
	chown 65534:65534 "$work/lda" "$work/run"
	chmod 644 "$work/dovecot.conf"
fi
filer() { procmail -m "DEFAULT=$work/filed/" /dev/null; }
ours() { "$POSTIGO" deliver -f a@b.example -r support@example.com; }

"$POSTIGO" -q init "$work/desk" >/dev/null || exit 1
export POSTIGO_CONFIG="$work/desk/postigo.conf" HOME="$work"
mkdir -p "$work/filed/new" "$work/filed/cur" "$work/filed/tmp"

ratios() { # NAME FILE-A FILE-B: a/b pair by pair
	paste -d' ' "$2" "$3" | awk '{ print $1 / $2 }' | sort -n |
		awk -v name="$1" '{ r[NR] = $1 } END {
			printf "%-34s median %.2f  min %.2f  max %.2f\n",
				name, r[int((NR + 1) / 2)], r[1], r[NR] }'
}

echo "$mails mails a round, $rounds rounds in turn; $(nproc) processors"
for round in $(seq "$rounds"); do
	new_round "$round"
	seconds ours >>"$work/ours"
	if [ -x /usr/lib/dovecot/dovecot-lda ]; then seconds lda >>"$work/lda.s"; fi
	if command -v procmail >/dev/null; then seconds filer >>"$work/filer"; fi
	"$POSTIGO" -q fsck >/dev/null || echo 'fsck finds something' >&2
done
for what in ours lda.s filer; do
	[ -s "$work/$what" ] && sort -n "$work/$what" | awk -v n="$mails" -v what="$what" '
		{ s[NR] = $1 } END { m = s[int((NR + 1) / 2)]
		printf "%-10s %6.1f mails/s\n", what, n / m }'
done
[ ! -s "$work/lda.s" ] || ratios 'time, postigo / dovecot-lda' "$work/ours" "$work/lda.s"
[ ! -s "$work/filer" ] || ratios 'time, postigo / procmail' "$work/ours" "$work/filer"

# ---- small desk, large desk
fill() { # TICKETS: rows as old tickets leave them
	sqlite3 "$work/desk/postigo.db" "
	WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1)
	INSERT INTO ticket (id, state, type, priority, queue, team, level, subject,
		language, requester, created_at, updated_at)
	SELECT (SELECT last FROM sequence WHERE name = 'ticket') + i, 'new',
		'incident', 'normal', 'support', 'level1', 1, 'old trouble ' || i, 'en',
		(SELECT id FROM person LIMIT 1), 1700000000 + i, 1700000000 + i FROM n;
	INSERT INTO message (ticket, direction, is_internal, is_unproven, message_id,
		recipients, subject, text, reply, class, date, received_at)
	SELECT id, 'in', 0, 0, 'old' || id || '@c.example', '', subject,
		'the text of old trouble ' || id, 'the text', 'person', created_at,
		created_at FROM ticket WHERE subject LIKE 'old trouble%';
	INSERT INTO journal (at, actor, event, ticket, action)
	SELECT created_at, 'mail:x', 'delivery:0', id, 'open ticket=' || id
		FROM ticket WHERE subject LIKE 'old trouble%';
	UPDATE sequence SET last = (SELECT max(id) FROM ticket) WHERE name = 'ticket';"
}

rm -rf "$work/desk" "$work/small" "$work/large"
"$POSTIGO" -q init "$work/desk" >/dev/null
new_round first
ours <"$work/round/000000"
fill 1000
cp -r "$work/desk" "$work/small"
fill 199000
mv "$work/desk" "$work/large"
for round in $(seq "$rounds"); do
	new_round "size$round"
	for desk in small large; do
		export POSTIGO_CONFIG="$work/$desk/postigo.conf"
		seconds ours >>"$work/at.$desk"
	done
done
ratios 'time, 200,000 / 1,000 tickets' "$work/at.large" "$work/at.small"
