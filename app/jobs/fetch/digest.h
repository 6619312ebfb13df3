/* Checksums of files: md5, sha1, sha256, sha384, sha512. A sha1 may be git's of a blob, which hashes "blob LENGTH" and a 0 first:
 * lists of files have either and do not say which, so both are computed. */
#ifndef FETCH_DIGEST_H
#define FETCH_DIGEST_H

#include <openssl/evp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DIGEST_TEXT 140 /* "sha512:", 128 digits and a 0 */

/* What a file's checksum should be. */
typedef struct digest_wanted {
    char name[8];                         /* "sha256"; "": nothing is wanted */
    char digits[2 * EVP_MAX_MD_SIZE + 1]; /* small letters; "": to be computed, whatever it is */
} digest_wanted;

/* Reads "sha256:0123…", "sha256" alone, or digits alone, whose number says which. False if it is none of these. NULL and "": nothing. */
bool digest_parse(const char *text, digest_wanted *wanted);

typedef struct digest {
    EVP_MD_CTX *plain, *blob; /* BLOB: only for sha1 */
} digest;

/* LENGTH: bytes of the whole file. False: no memory, or OpenSSL does not know it. */
bool digest_begin(digest *digest, const digest_wanted *wanted, int64_t length);
bool digest_add(digest *digest, const void *bytes, size_t size);

typedef struct digest_found {
    char text[DIGEST_TEXT]; /* "sha256:0123…", the one that matches if one does */
    const char *as;         /* which matched: "sha256", "git-blob sha1"; NULL: none did, or none was given */
} digest_found;

/* Compares with what is wanted, and frees. */
bool digest_end(digest *digest, const digest_wanted *wanted, digest_found *found);
void digest_drop(digest *digest);

#endif
