#!/bin/sh
# What reading mails costs, as ratios taken in one run (never a timed test):
# `postigo parse --json` of a batch against a bare GMime walk of the same files
# (parse, decode every part), and how time and memory grow with the size of a
# mail.
#
#	tests/bench/parse.sh FILE...	(POSTIGO, builddir from the environment)
set -eu
: "${POSTIGO:=./postigo}" "${builddir:=.}"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# seconds of processor time (user and system) of a command; the best of five
cpu() {
	for _ in 1 2 3 4 5; do
		{ TIMEFORMAT='%U %S' bash -c 'time "$@" >/dev/null 2>&1' - "$@"; } \
			2>&1 | awk '{ print $1 + $2 }'
	done | sort -n | head -n 1
}

ratio() {
	awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", (b > 0 ? a / b : 0) }'
}

# one mail of N MiB: MIB KIND
mail_of() {
	printf 'From: a@b.example\nSubject: size\nMIME-Version: 1.0\n'
	case $2 in
	file)
		printf 'Content-Type: application/octet-stream; name=a.bin\n'
		printf 'Content-Transfer-Encoding: base64\n\n'
		yes 'QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5' |
			head -c "${1}M"
		;;
	text)
		printf 'Content-Type: text/plain\n\n'
		yes 'The printer on the third floor does not answer any more.' |
			head -c "${1}M"
		;;
	html)
		printf 'Content-Type: text/html\n\n'
		yes '<p>The <b>printer</b> on the <a href="x">third</a> floor</p>' |
			head -c "${1}M"
		;;
	quotes)
		printf 'Content-Type: text/plain\n\n'
		yes '> > > On Monday Ana wrote:' | head -c "${1}M"
		;;
	parts)
		printf 'Content-Type: multipart/mixed; boundary=m\n\n'
		yes -- '--m

x' | head -c "${1}M"
		;;
	esac
}

if [ $# -gt 0 ]; then
	ours=$(cpu "$POSTIGO" parse --json "$@")
	theirs=$(cpu "$builddir/tests/bench/gmime_walk" "$@")
	echo "batch of $# files: parse $ours s, GMime walk $theirs s," \
		"ratio $(ratio "$ours" "$theirs")"
fi

for kind in file text html quotes parts; do
	mail_of 5 $kind >"$scratch/small"
	mail_of 10 $kind >"$scratch/large"
	small=$(cpu "$POSTIGO" parse --json "$scratch/small")
	large=$(cpu "$POSTIGO" parse --json "$scratch/large")
	echo "$kind: 5 MiB $small s, 10 MiB $large s," \
		"ratio $(ratio "$large" "$small")"
done

mail_of 100 file >"$scratch/large"
peak=$( { /usr/bin/time -f %M "$POSTIGO" parse --json "$scratch/large" \
	>/dev/null; } 2>&1 | tail -n 1)
echo "file: 100 MiB, largest process $((peak / 1024)) MiB"
