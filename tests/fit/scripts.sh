#!/bin/sh
# Every shell script is clean under shellcheck.
. "${srcdir:-.}/tests/tap.sh"
have shellcheck || skip_all 'shellcheck is not installed'
cd "$srcdir" || exit 99

find . \( -name '.git' -o -name 'build*' -o -name 'autom4te.cache' \) -prune -o \
	-type f -size -200k -print | sort | while read -r file; do
	case $file in
	./configure | ./configure~) continue ;;
	*.sh) echo "$file" ;;
	*) head -n 1 "$file" 2>/dev/null | grep -aqE '^#! ?/bin/(sh|bash)' &&
		echo "$file" ;;
	esac
done >"$scratch/scripts"

while read -r script; do
	ok "$script" shellcheck -S style "$script"
done <"$scratch/scripts"

done_testing
