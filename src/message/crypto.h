/* Signed and encrypted mail: what it is, and what can be read without keys.
 *
 * States only: no signature is checked and nothing is decrypted here, and
 * trouble with either never costs the mail (faults.md P-17).  What is signed
 * opaquely (S/MIME signed-data) is opened, since it is plain text in a wrapper
 * that people's clients show. */
#pragma once

#include "desk/mail.h"

#include "message/mime.h"

/* Nested constructed strings in a wrapper; real ones have two. */
#define CRYPTO_DEPTH_MAX 16

/* Sets mail->is_signed and is_encrypted from the tree; call it after
 * crypto_open(). */
void crypto_states(Mail *mail, const MimePart *root);

/* Adds the content of every opaquely signed part below part to the tree, as
 * its child. */
void crypto_open(MimeTree *tree, MimePart *part);

/* The content of a DER or BER encoded CMS SignedData (RFC 5652 section 5), or
 * NULL if it is none or has no content.  Owned by the caller. */
GString *crypto_signed_content(const char *octets, gsize length);

/* Inline OpenPGP (RFC 4880 section 7) in text: sets the states of mail, and
 * returns the text without the armour of a signature.  Owned by the caller. */
char *crypto_strip_armour(Mail *mail, const char *text);
