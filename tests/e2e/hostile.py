"""Writes mails that no program should have sent: one file each, named after
the rows of the catalogue of faults they come from.  Standard library only.

    hostile.py DIRECTORY
"""
import base64
import gzip
import pathlib
import sys

HEAD = (b'From: Eve <eve@evil.example>\nTo: desk@acme.example\n'
        b'Subject: hostile\nDate: Tue, 24 Nov 2026 15:00:00 +0000\n')


def mail(fields=b'', body=b'words\n', head=HEAD):
    return (b'Received: from evil by mx.acme.example; Tue, 24 Nov 2026 15:00:00 '
            b'+0000\n' + head + fields + b'\n' + body)


def without(name):
    return b''.join(line for line in HEAD.splitlines(True)
                    if not line.lower().startswith(name.lower()))


def part(kind, body, fields=b''):
    return b'--b\nContent-Type: ' + kind + b'\n' + fields + b'\n' + body + b'\n'


def multipart(*parts, kind=b'mixed'):
    return mail(b'MIME-Version: 1.0\nContent-Type: multipart/' + kind
                + b'; boundary=b\n', b''.join(parts) + b'--b--\n')


def nested(levels):
    """multiparts, one inside the other"""
    out = b'deep\n'
    for level in range(levels):
        name = b'b%d' % level
        out = (b'Content-Type: multipart/mixed; boundary=' + name + b'\n\n--'
               + name + b'\n' + out + b'\n--' + name + b'--\n')
    return mail(b'MIME-Version: 1.0\n' + out.split(b'\n', 1)[0] + b'\n',
                out.split(b'\n\n', 1)[1])


def attached_mails(levels):
    out = mail(body=b'inner\n')
    for _ in range(levels):
        out = mail(b'Content-Type: message/rfc822\n', out)
    return out


def cases():
    text = b'Content-Type: text/plain; charset='
    for name, charset, body in (
            ('unknown', b'"%CHARSET"', b'a\xe9b\n'),
            ('lying', b'us-ascii', b'a\xc3\xa9b\n'),
            ('semicolon', b'"utf-8; "', b'a\xc3\xa9b\n'),
            ('truncated-iso-2022', b'iso-2022-jp', b'\x1b$B%F%9'),
            ('utf-7', b'utf-7', b'a+AOk-b\n')):
        yield f'P-01-{name}', mail(text + charset + b'\n', body)
    no_date = without(b'Date')
    for name, date in (('long', b'x' * 180), ('hour', b'Tue, 24 Nov 2026 29:00:00 +0000'),
                       ('far', b'Tue, 24 Nov 99999 00:00:00 +0000'),
                       ('two', b'Tue, 24 Nov 2026 15:00:00 +0000\nDate: yesterday')):
        yield f'P-02-{name}', mail(b'Date: ' + date + b'\n', head=no_date)
    yield 'P-02-none', mail(head=no_date)
    no_from = without(b'From')
    yield 'P-03-absent', mail(head=no_from)
    for name, value in (('empty', b''), ('quotes', b'<""@x>'), ('group', b'a:b@c.example,d@e.example;'),
                        ('two', b'a@x.example, b@y.example'),
                        ('twice', b'a@x.example\nFrom: b@y.example'),
                        ('no-domain', b'eve'), ('umlaut', 'müller@x.example'.encode())):
        yield f'P-03-{name}', mail(b'From: ' + value + b'\n', head=no_from)
    yield 'P-04-nul', mail(b'X-Nul: a\0b\n', b'a\0b\n')
    yield 'P-04-raw-8-bit', mail(b'X-Raw: \x80\xff\xfe\n', b'\x80\xff\n')
    yield 'P-04-lone-cr', mail().replace(b'\n', b'\r')
    for name, value in (('none', None), ('empty', b'<>'), ('long', b'<' + b'x' * 10240 + b'@x>'),
                        ('odd', b'<a b (c) \xe9\'"%;@x>')):
        yield f'P-05-{name}', mail(b'' if value is None else b'Message-ID: ' + value + b'\n',
                                   b'id ' + name.encode() + b'\n')
    yield 'P-06-one', mail(b'Message-ID: <same@evil.example>\n', b'first words\n')
    yield 'P-06-two', mail(b'Message-ID: <same@evil.example>\n', b'other words\n')
    yield 'P-07-one', mail(body=b'no id, first\n')
    yield 'P-07-two', mail(body=b'no id, second\n')
    yield 'P-08-2000-levels', nested(2000)
    yield 'P-08-100000-parts', multipart(b'--b\n\nx\n' * 100000)
    yield 'P-08-500-mails', attached_mails(500)
    yield 'P-08-no-boundary', mail(b'Content-Type: multipart/mixed\n', b'--x\n\nwords\n')
    yield 'P-08-open', mail(b'Content-Type: multipart/mixed; boundary=b\n', b'--b\n\nnever closed\n')
    yield 'P-09-to', mail(b'Cc: ' + b'a@x.example, ' * 100000 + b'z@x.example\n')
    yield 'P-09-fields', mail(b'X-F: 1\n' * 100000)
    yield 'P-09-parameters', mail(b'Content-Type: text/plain; ' + b'a=b; ' * 50000 + b'\n')
    yield 'P-09-groups', mail(b'Cc: ' + b'a:' * 100000 + b'\n')
    yield 'P-10-base64', mail(b'Content-Transfer-Encoding: base64\n', b'!!d29y ZHM=d29yZHM\n' + b'A\n' * 100000)
    yield 'P-11-literal', mail(b'Cc: a@[IPv6:' + b':' * 100000 + b'\n')
    yield 'P-11-comment', mail(b'Cc: ' + b'(' * 100000 + b' a@x.example\n')
    names = (b' ', b'=?utf-8?b??=', b'.', b'..', b'../../etc/cron.d/x', b'C:\\x', b'.htaccess',
             '\u200b.htaccess'.encode(), '\u202egpj.exe'.encode(), b'con', b'n' * 4096)
    yield 'P-13-X-09-names', multipart(*(
        part(b'application/octet-stream', b'data',
             b'Content-Disposition: attachment; filename="' + name + b'"\n') for name in names))
    yield 'P-14-html-only', mail(b'Content-Type: text/html\n', b'<b>words</b>')
    yield 'P-14-white', mail(body=b' \n' * 500000)
    yield 'P-16-not-a-mail', b'\x89PNG\r\n\x1a\n' + bytes(range(256)) * 40
    yield 'P-16-body-only', b'just words, and no header at all\nmore\n'
    yield 'P-16-utf-16', '\ufeffFrom: a@x.example\n\nhello\n'.encode('utf-16')
    yield 'P-16-gzip', base64.b64decode('H4sIAAAAAAAAA8vIBABn3NGoAgAAAA==')
    yield 'R-01-60-MB', mail(body=(b'x' * 70 + b'\n') * 900000)
    yield 'R-03-zip-bomb', multipart(part(b'application/gzip; name=bomb.gz', base64.encodebytes(
        gzip.compress(bytes(50 << 20))), b'Content-Transfer-Encoding: base64\n'))
    yield 'X-01-crlf', mail(b'Subject: =?utf-8?q?x=0D=0ABcc:_victim@x.example?=\n', head=without(b'Subject'))
    yield 'X-03-sql', mail(b'Subject: \'; DROP TABLE ticket; -- %s\n'
                           b'Reply-To: "x\'/**/UNION SELECT 1"@a.example\n', head=without(b'Subject'))
    yield 'X-05-template', mail(b'Subject: {{7*7}} {{{key}}} ${x} <%= 1 %>\n', b'{{#each}} {{desk.key}}\n',
                                head=without(b'Subject'))
    yield 'X-06-script', mail(b'Content-Type: text/html\n',
                              b'<base href="http://evil"><script>alert(1)</script><svg onload=x>'
                              + b'<a href="javascript:x">' * 20000)
    yield 'A-18-control-fields', mail(b'X-Postigo-Ticket: 1\nX-Postigo-Instance: acme.example.aaaaaaaaaaaaaaaaaaaa\n'
                                      b'X-Postigo-Command: close\nX-OTRS-Queue: x\nRT-Attach: 1\n')


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(exist_ok=True)
    for name, octets in cases():
        (folder / f'{name}.eml').write_bytes(octets)


main()
