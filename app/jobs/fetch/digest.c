/* Checksums by OpenSSL, which uses the processor's instructions for them. */
#include "jobs/fetch/digest.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static const struct kind {
    const char *name;
    size_t digits;
} kinds[] = {{"md5", 32}, {"sha1", 40}, {"sha256", 64}, {"sha384", 96}, {"sha512", 128}};

enum { KINDS = sizeof kinds / sizeof kinds[0] };

static const struct kind *kind_of(const char *name, size_t length, size_t digits)
{
    for (size_t i = 0; i < KINDS; i++) {
        bool named = strlen(kinds[i].name) == length && strncasecmp(kinds[i].name, name, length) == 0;
        if (length ? named : kinds[i].digits == digits)
            return kinds + i;
    }
    return NULL;
}

bool digest_parse(const char *text, digest_wanted *wanted)
{
    *wanted = (digest_wanted){0};
    if (!text || !*text)
        return true;
    const char *colon = strchr(text, ':'), *digits = colon ? colon + 1 : text;
    const struct kind *kind = colon ? kind_of(text, (size_t)(colon - text), 0) : kind_of(text, strlen(text), 0);
    if (!colon && kind)
        digits = "";
    if (!colon && !kind)
        kind = kind_of("", 0, strlen(text));
    if (!kind || (*digits && strlen(digits) != kind->digits) || (colon && !*digits))
        return false;
    for (size_t i = 0; digits[i]; i++) {
        if (!isxdigit((unsigned char)digits[i]))
            return false;
        wanted->digits[i] = (char)tolower((unsigned char)digits[i]);
    }
    snprintf(wanted->name, sizeof wanted->name, "%s", kind->name);
    return true;
}

bool digest_begin(digest *d, const digest_wanted *wanted, int64_t length)
{
    char header[32];
    *d = (digest){EVP_MD_CTX_new(), NULL};
    const EVP_MD *kind = EVP_get_digestbyname(wanted->name);
    bool fine = d->plain && kind && EVP_DigestInit_ex(d->plain, kind, NULL);
    if (fine && strcmp(wanted->name, "sha1") == 0) {
        int size = snprintf(header, sizeof header, "blob %lld", (long long)length) + 1;
        d->blob = EVP_MD_CTX_new();
        fine = d->blob && EVP_DigestInit_ex(d->blob, kind, NULL) && EVP_DigestUpdate(d->blob, header, (size_t)size);
    }
    if (!fine)
        digest_drop(d);
    return fine;
}

bool digest_add(digest *d, const void *bytes, size_t size)
{
    return EVP_DigestUpdate(d->plain, bytes, size) && (!d->blob || EVP_DigestUpdate(d->blob, bytes, size));
}

static bool digits_of(EVP_MD_CTX *context, char *digits, size_t size)
{
    unsigned char bytes[EVP_MAX_MD_SIZE];
    unsigned count = 0;
    if (!EVP_DigestFinal_ex(context, bytes, &count) || size < 2 * (size_t)count + 1)
        return false;
    for (unsigned i = 0; i < count; i++)
        snprintf(digits + (size_t)2 * i, 3, "%02x", bytes[i]);
    return true;
}

bool digest_end(digest *d, const digest_wanted *wanted, digest_found *found)
{
    char plain[2 * EVP_MAX_MD_SIZE + 1] = "", blob[2 * EVP_MAX_MD_SIZE + 1] = "";
    bool fine = digits_of(d->plain, plain, sizeof plain) && (!d->blob || digits_of(d->blob, blob, sizeof blob));
    *found = (digest_found){0};
    if (fine && *wanted->digits && strcmp(plain, wanted->digits) == 0)
        found->as = kind_of(wanted->name, strlen(wanted->name), 0)->name;
    else if (fine && *wanted->digits && strcmp(blob, wanted->digits) == 0)
        found->as = "git-blob sha1";
    bool as_blob = found->as && strncmp(found->as, "git", 3) == 0;
    snprintf(found->text, sizeof found->text, "%s:%s", wanted->name, as_blob ? blob : plain);
    digest_drop(d);
    return fine;
}

void digest_drop(digest *d)
{
    EVP_MD_CTX_free(d->plain);
    EVP_MD_CTX_free(d->blob);
    *d = (digest){NULL, NULL};
}
