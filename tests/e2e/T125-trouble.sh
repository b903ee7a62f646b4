#!/bin/sh
# Trouble of our own, with the real program: a reader that crashes, never ends
# or eats all memory (C-04, R-02), a disk that is full (C-07), the same archive
# imported twice at once (K-02).
. "${srcdir:-.}/tests/tap.sh"
. "$srcdir/tests/e2e/desk.sh"
have sqlite3 || skip_all 'sqlite3 is needed'
printf 'limits { parse-seconds = 1\n\tfree-octets = 0 }\n' >"$scratch/desk.conf"
make_desk "$(id -un)" || skip_all 'no desk'

sql() { sqlite3 "$scratch/desk/postigo.db" "$1"; }

mail() { # ID CHARSET
	printf 'From: rosa@customer.test\nTo: desk@desk.test\nSubject: %s\n' "$1"
	printf 'Message-ID: <%s@customer.test>\n' "$1"
	printf 'Content-Type: text/plain; charset=%s\n' "$2"
	printf 'Content-Transfer-Encoding: 8bit\n\nsome w\344rds of %s\n' "$1"
}

# ---- C-04, R-02: three character sets that are the death of the reader ----

cat >"$scratch/deadly.c" <<'C'
#define _GNU_SOURCE
#include <dlfcn.h>
#include <iconv.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

iconv_t
iconv_open(const char *to, const char *from)
{
	iconv_t (*next)(const char *, const char *) =
		(iconv_t (*)(const char *, const char *))dlsym(RTLD_NEXT,
	                                                       "iconv_open");

	if (strcasecmp(from, "windows-1257") == 0)
		raise(SIGSEGV);
	while (strcasecmp(from, "windows-1258") == 0)
		;
	while (strcasecmp(from, "iso-8859-13") == 0)
		memset(malloc(1 << 20), 1, 1 << 20);
	return next(to, from);
}
C
asan=no
have nm && nm "$POSTIGO" 2>/dev/null | grep -q ' __asan_init' && asan=yes
if [ $asan = no ] && have cc &&
	cc -shared -fPIC -o "$scratch/deadly.so" "$scratch/deadly.c" -ldl \
		2>"$scratch/cc.out"; then
	mail 'before' windows-1252 | "$postigo" deliver
	for pair in 'C-04:windows-1257:crashes' 'R-02:windows-1258:never-ends' \
		'R-02:iso-8859-13:eats-all-memory'; do
		row=${pair%%:*} what=${pair##*:} set=${pair#*:}
		mail "$what" "${set%:*}" >"$scratch/mail"
		exits 0 "$row: a reader that $what, and the mail is accepted" \
			env LD_PRELOAD="$scratch/deadly.so" "$postigo" deliver \
			<"$scratch/mail"
		is "$(sql "SELECT d.state, m.text LIKE '[This mail could not be read%'
			FROM delivery d JOIN message m ON m.id = d.message
			WHERE d.message_id = '$what@customer.test'")" 'shunted|1' \
			"$row: as a bare ticket"
		"$postigo" raw "$(sha256sum <"$scratch/mail" | cut -c1-64)" \
			>"$scratch/kept"
		ok "$row: with the mail as it came" cmp "$scratch/mail" "$scratch/kept"
	done
	mail 'after' windows-1252 >"$scratch/mail"
	ok 'C-04: the next mail proceeds' env LD_PRELOAD="$scratch/deadly.so" \
		"$postigo" deliver <"$scratch/mail"
	is "$(sql "SELECT state FROM delivery WHERE message_id =
		'after@customer.test'")" ticketed 'C-04: and is read'
else
	skip 'C-04, R-02: readers that die' 'no compiler, or sanitizers'
fi

# ---- K-02: two imports of one archive ----

mkdir "$scratch/archive"
for number in $(seq 30); do
	mail "old$number" utf-8 >"$scratch/archive/$number"
done
"$postigo" -q import "$scratch/archive" >"$scratch/import1" 2>&1 &
one=$!
"$postigo" -q import "$scratch/archive" >"$scratch/import2" 2>&1 &
two=$!
wait $one
first=$?
wait $two
is "$first$?" 00 'K-02: two imports at once both end well'
is "$(sql "SELECT count(*) FROM message WHERE message_id LIKE 'old%'")" 30 \
	'K-02: and each mail is there once'
ok 'all invariants hold' "$postigo" fsck

# ---- C-07: no room ----

mkdir "$scratch/small"
if [ "$(id -u)" = 0 ] && mount -t tmpfs -o size=2m none "$scratch/small" 2>/dev/null; then
	at_exit "umount $scratch/small"
	POSTIGO_CONFIG=$scratch/small/desk/postigo.conf
	export POSTIGO_CONFIG
	"$POSTIGO" -q init "$scratch/small/desk"
	printf 'limits { free-octets = 0 }\n' >>"$POSTIGO_CONFIG"
	accepted=0 later=0 other=0
	for number in $(seq 60); do
		mail "full$number" utf-8 >"$scratch/mail"
		head -c 24000 /dev/urandom | base64 >>"$scratch/mail"
		status=0
		"$POSTIGO" deliver <"$scratch/mail" || status=$?
		case $status in
		0) accepted=$((accepted + 1)) ;;
		75) later=$((later + 1)) last=$scratch/mail ;;
		*) other=$((other + 1)) ;;
		esac
		[ $later -lt 5 ] || break
	done
	diag "accepted $accepted, later $later"
	is "$other" 0 'C-07: a full disk is later, and nothing else'
	ok 'C-07: it was full' test $later -gt 0
	is "$(sqlite3 "$scratch/small/desk/postigo.db" \
		'SELECT count(*) FROM delivery')" "$accepted" \
		'C-07: what was accepted is there, and nothing of the rest'
	is "$(sqlite3 "$scratch/small/desk/postigo.db" 'PRAGMA integrity_check')" \
		ok 'C-07: the database is sound'
	mount -o remount,size=8m "$scratch/small"
	ok 'C-07: with room again, the mail is accepted' \
		"$POSTIGO" deliver <"$last"
	ok 'C-07: all invariants hold' "$POSTIGO" fsck
else
	skip 'C-07: a full disk' 'only root can make a small one'
fi
done_testing
