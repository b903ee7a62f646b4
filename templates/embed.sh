#!/bin/sh
# Prints the files of this folder as rows of C: { "en/ack.txt", "..." },
# usage: embed.sh FOLDER FILE...
folder=$1
shift
for file; do
	printf '{ "%s",\n' "$file"
	sed 's/\\/\\\\/g; s/"/\\"/g; s/	/\\t/g; s/^/  "/; s/$/\\n"/' "$folder/$file"
	printf '},\n'
done
