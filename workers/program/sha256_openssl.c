/* libcrypto's EVP functions, looked up by name: its headers are not needed to build, nor the library to start. */
#include "program/sha256.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

static struct {
    void *(*create)(void);
    void (*free)(void *context);
    const void *(*algorithm)(void);
    int (*begin)(void *context, const void *algorithm, void *engine);
    int (*update)(void *context, const void *data, size_t size);
    int (*end)(void *context, unsigned char *digest, unsigned int *size);
} evp;

/* POSIX says that a pointer to data can hold one to a function; C has no word for it. */
static bool look_up(void *library, const char *name, void *function)
{
    void *found = dlsym(library, name);
    memcpy(function, &found, sizeof found);
    return found != NULL;
}

static const char *load(void)
{
    if (evp.end)
        return NULL;
    void *library = dlopen("libcrypto.so.3", RTLD_NOW | RTLD_LOCAL);
    if (!library)
        return "there is no libcrypto.so.3 (OpenSSL 3)";
    bool all = look_up(library, "EVP_MD_CTX_new", &evp.create) && look_up(library, "EVP_MD_CTX_free", &evp.free) &&
               look_up(library, "EVP_sha256", &evp.algorithm) && look_up(library, "EVP_DigestInit_ex", &evp.begin) &&
               look_up(library, "EVP_DigestUpdate", &evp.update) && look_up(library, "EVP_DigestFinal_ex", &evp.end);
    return all ? NULL : "libcrypto.so.3 lacks the functions of EVP";
}

sha256 *sha256_begin(const char **why)
{
    *why = load();
    if (*why)
        return NULL;
    void *context = evp.create();
    if (context && evp.begin(context, evp.algorithm(), NULL) == 1)
        return context;
    *why = "libcrypto has no memory";
    if (context)
        evp.free(context);
    return NULL;
}

bool sha256_add(sha256 *state, const void *data, size_t size)
{
    return evp.update(state, data, size) == 1;
}

bool sha256_end(sha256 *state, char *digest)
{
    unsigned char bytes[64];
    unsigned int size = 0;
    bool well = !digest || (evp.end(state, bytes, &size) == 1 && size == 32);
    for (unsigned int i = 0; digest && well && i < size; i++)
        snprintf(digest + (size_t)2 * i, 3, "%02x", bytes[i]);
    evp.free(state);
    return well;
}
