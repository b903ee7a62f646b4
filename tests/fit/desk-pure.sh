#!/bin/sh
# The desk is blind to the world: what its objects ask of others is strings,
# containers and the pure parts of base/.  No file, clock, environment or log.
. "${srcdir:-.}/tests/tap.sh"
have nm || skip_all 'nm is not installed'

ls "$builddir"/src/desk/*.o >"$scratch/objects" 2>/dev/null ||
	skip_all 'no objects of src/desk in the build directory'

# One regular expression a line; # for comments.
allowed=$srcdir/tests/fit/desk-pure.allowed
grep -v '^#' "$allowed" | grep . >"$scratch/allowed"

# shellcheck disable=SC2046 # one path a line, no blanks in a build directory
set -- $(cat "$scratch/objects")
nm -g --defined-only "$@" | awk 'NF == 3 { print $3 }' | sort -u >"$scratch/own"
for object; do
	nm -u "$object" | awk '{ print $2 }' | sort -u |
		comm -23 - "$scratch/own" | grep -vxE -f "$scratch/allowed" |
		tr '\n' ' ' >"$scratch/bad"
	name=${object##*/}
	is "$(cat "$scratch/bad")" '' "desk/${name#libpostigo_a-} asks for nothing outside"
done

done_testing
