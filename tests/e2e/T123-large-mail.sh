#!/bin/sh
# R-01: a large mail does not make large processes: the parent of deliver holds
# it in a file without a name, and small mails pay nothing for that.
. "${srcdir:-.}/tests/tap.sh"
. "$srcdir/tests/e2e/desk.sh"
have sqlite3 || skip_all 'sqlite3 is needed'
[ -r /proc/self/status ] || skip_all '/proc is needed'
have nm && nm "$POSTIGO" 2>/dev/null | grep -q ' __asan_init' &&
	skip_all 'sanitizers take memory of their own'
make_desk "$(id -un)" || skip_all 'no desk'
POSTIGO_CONFIG=$scratch/desk/postigo.conf
export POSTIGO_CONFIG

large() { # KIB: a mail of about that size, base64 of noise
	printf 'From: Rosa <rosa@customer.test>\nTo: desk@desk.test\n'
	printf 'Subject: photographs\nMessage-ID: <%s@customer.test>\n' "$1"
	printf 'Content-Type: application/octet-stream; name=p.bin\n'
	printf 'Content-Transfer-Encoding: base64\n\n'
	head -c "$(($1 * 758))" /dev/urandom | base64
}

high_water() { # PID: kB
	sed -n 's/^VmHWM:[^0-9]*\([0-9]*\) kB/\1/p' "/proc/$1/status"
}

# The pipe stays open until the parent was looked at.
deliver_and_look() { # FILE: status and the parent's kB, in $status and $most
	mkfifo "$scratch/pipe"
	"$POSTIGO" deliver -f rosa@customer.test <"$scratch/pipe" &
	parent=$!
	exec 3>"$scratch/pipe"
	cat "$1" >&3
	most=$(high_water $parent)
	files=$(find "$scratch/desk" -name '.postigo-spool*' | wc -l)
	exec 3>&-
	status=0
	wait $parent || status=$?
	rm "$scratch/pipe"
}

large 40960 >"$scratch/large"
deliver_and_look "$scratch/large"
is "$status" 0 'R-01: a mail of 40 MiB is accepted'
diag "the parent's most: $most kB"
ok 'R-01: its parent stayed under 16 MiB' test "$most" -lt 16384
is "$files" 0 'R-01: the file it is in has no name'
"$postigo" raw "$(sqlite3 "$scratch/desk/postigo.db" \
	'SELECT sha256 FROM delivery')" >"$scratch/kept"
ok 'R-01: it is kept as it came' cmp "$scratch/large" "$scratch/kept"
is "$(ask show 1 | field messages.0.attachments.0.name)" p.bin \
	'R-01: and it was read'

# all of it: the child maps it, a copy is compressed, a copy goes to the store
if have python3; then
	large 32768 >"$scratch/other"
	python3 -c '
import resource, subprocess, sys
subprocess.run([sys.argv[1], "deliver"], check=True, stdin=sys.stdin)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)' \
		"$POSTIGO" <"$scratch/other" >"$scratch/most"
	diag "32 MiB: the largest process of all had $(cat "$scratch/most") kB"
	ok 'R-01: no process takes four times the mail' \
		test "$(cat "$scratch/most")" -lt 131072
fi

large 20 >"$scratch/small"
deliver_and_look "$scratch/small"
is "$status" 0 'a small one is accepted too'

# no room for the file: the mail stays with the MTA
chmod 500 "$scratch/desk"
if [ -w "$scratch/desk" ]; then
	skip 'R-01: no place for the file is later' 'root may write everywhere'
else
	exits 75 'R-01: no place for the file is later' \
		"$POSTIGO" deliver -f rosa@customer.test <"$scratch/large"
fi
chmod 700 "$scratch/desk"
ok 'all invariants hold' "$postigo" fsck
done_testing
