/* SHA-256 (FIPS 180-4). */
#ifndef PROGRAM_SHA256_H
#define PROGRAM_SHA256_H

#include <stddef.h>
#include <stdint.h>

#define SHA256_TEXT 65 /* 64 digits and a 0 */

typedef struct sha256 {
    uint32_t hash[8];
    uint64_t size;
    unsigned char block[64];
} sha256;

void sha256_begin(sha256 *state);
void sha256_add(sha256 *state, const void *data, size_t size);
void sha256_end(sha256 *state, char digest[SHA256_TEXT]);

#endif
