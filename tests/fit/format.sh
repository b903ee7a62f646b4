#!/bin/sh
# The layout is clang-format's, version 14 and no other.
. "${srcdir:-.}/tests/tap.sh"
cd "$srcdir" || exit 99

format=$(command -v clang-format-14 || command -v clang-format) ||
	skip_all 'clang-format is not installed'
"$format" --version | grep -q 'version 14\.' ||
	skip_all 'clang-format is not version 14'

formatted() {
	"$format" --dry-run --Werror --style=file "$@"
}

for folder in src/* tests/unit tests/fuzz tests/bench tests/crash; do
	set -- "$folder"/*.[ch]
	while [ $# -gt 0 ] && [ ! -e "$1" ]; do shift; done
	[ $# -eq 0 ] || ok "$folder is formatted" formatted "$@"
done

done_testing
