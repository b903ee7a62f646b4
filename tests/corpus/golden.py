#!/usr/bin/env python3
"""golden.py POSTIGO FOLDER [accept [FOLDER]]: see run.sh"""
import difflib
import json
import pathlib
import subprocess
import sys


def read(postigo, mails):
    """What postigo reads in each mail, as text to be compared."""
    done = subprocess.run([postigo, '--json', 'parse', *map(str, mails)],
                          stdout=subprocess.PIPE, check=False)
    found = {}
    for line in done.stdout.decode('utf-8').splitlines():
        mail = json.loads(line)
        file = mail.pop('file')
        found[file] = json.dumps(mail, indent=1, sort_keys=True,
                                 ensure_ascii=False) + '\n'
    return found


def compare(number, mail, now):
    golden = mail.with_suffix('.parse')
    want = golden.read_text('utf-8') if golden.exists() else ''
    title = f'{number} - {mail.parent.name}/{mail.stem}'
    if now == want and now:
        print(f'ok {title}')
        return True
    print(f'not ok {title}')
    for line in difflib.unified_diff(want.splitlines(), now.splitlines(),
                                     'wanted', 'read', lineterm='', n=1):
        print(f'# {line}')
    return False


def main(postigo, folder, accept='', only=''):
    mails = sorted(pathlib.Path(folder).glob('*/*.eml'))
    if only:
        mails = [mail for mail in mails if mail.parent.name == only]
    found = read(postigo, mails)
    if accept:
        for mail in mails:
            mail.with_suffix('.parse').write_text(found[str(mail)], 'utf-8')
        return 0
    good = [compare(number, mail, found.get(str(mail), ''))
            for number, mail in enumerate(mails, 1)]
    print(f'1..{len(mails)}')
    return 0 if all(good) else 1


sys.exit(main(*sys.argv[1:]))
