/* SHA-256 by OpenSSL's libcrypto, which is loaded when the first checksum is wanted: a worker that hashes nothing starts without it. */
#ifndef PROGRAM_SHA256_H
#define PROGRAM_SHA256_H

#include <bulkhead/status.h>

#define SHA256_TEXT 65 /* 64 digits and a 0 */

typedef struct sha256 sha256;

/* NULL without memory or libcrypto; WHY is a few words then. Ended by sha256_end. */
sha256 *sha256_begin(const char **why);
bool sha256_add(sha256 *state, const void *data, size_t size);

/* DIGEST NULL: gives it up. STATE is gone afterwards. */
bool sha256_end(sha256 *state, char *digest);

#endif
