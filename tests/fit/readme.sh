#!/bin/sh
# src/README has a line for every file of src/, and no line without a file.
. "${srcdir:-.}/tests/tap.sh"
cd "$srcdir/src" || exit 99

# a line: "desk/plan.[ch]  what was decided ..."; [ch] is both
sed -nE 's/^([a-z]+\/[a-z0-9_.\/-]+(\[ch\])?)[[:blank:]].*/\1/p' README |
	while read -r name; do
		case $name in
		*'[ch]') echo "${name%'[ch]'}c" "${name%'[ch]'}h" ;;
		*) echo "$name" ;;
		esac
	done | tr ' ' '\n' | sort >"$scratch/lines"
find . -name '*.[ch]' -o -name '*.sql' -path './store/*' |
	sed 's|^\./||' | sort >"$scratch/files"

is "$(comm -13 "$scratch/lines" "$scratch/files" | tr '\n' ' ')" '' \
	'every file has its line'
is "$(comm -23 "$scratch/lines" "$scratch/files" | tr '\n' ' ')" '' \
	'every line has its file'
is "$(uniq -d "$scratch/lines" | tr '\n' ' ')" '' 'no file has two lines'
is "$(awk 'length > 80 { print FNR }' README | tr '\n' ' ')" '' \
	'each line fits in 80 columns'

done_testing
