/* Whether an answer is one to what was asked: servers ignore ranges, answer other ones, change files, and compress unasked. */
#include "jobs/fetch/fetch.h"

#include <string.h>
#include <strings.h>

/* Weak and strong tags of the same text are of the same file here: a change of bytes that leaves the weak tag is not the rule. */
static const char *tag(const char *etag)
{
    return strncmp(etag, "W/", 2) == 0 ? etag + 2 : etag;
}

/* What both sides know must be the same. Where the address is a new one, a checksum decides in the end. */
static bool is_same_file(const fetch *f, const response *said)
{
    const journal_facts *facts = &f->facts;
    if (facts->total >= 0 && said->total >= 0 && facts->total != said->total)
        return false;
    if (*f->options.hash.digits && f->resumed_any)
        return true;
    if (*facts->etag && *said->etag)
        return strcmp(tag(facts->etag), tag(said->etag)) == 0;
    if (*facts->modified && *said->modified)
        return strcmp(facts->modified, said->modified) == 0;
    return true;
}

static bool is_encoded(const response *said)
{
    return *said->encoding && strcasecmp(said->encoding, "identity") != 0;
}

static verdict judge_partial(fetch *f, const connection *c)
{
    const response *said = &c->said;
    if (is_encoded(said))
        return VERDICT_DECODE;
    if (f->mode == FETCH_WHOLE || f->mode == FETCH_DECODED || said->from != c->at || said->total <= c->at)
        return VERDICT_WHOLE;
    return is_same_file(f, said) ? VERDICT_TAKE : VERDICT_CHANGED;
}

static verdict judge_whole(fetch *f, const connection *c)
{
    const response *said = &c->said;
    if (f->mode == FETCH_DECODED)
        return VERDICT_TAKE;
    if (is_encoded(said))
        return VERDICT_DECODE;
    if (f->mode == FETCH_RANGES)
        return is_same_file(f, said) && !f->resumed_any ? VERDICT_WHOLE : VERDICT_CHANGED;
    return VERDICT_TAKE;
}

static verdict judge_range_refused(const fetch *f, const connection *c)
{
    if (f->mode == FETCH_UNKNOWN)
        return c->said.total == 0 ? VERDICT_EMPTY : VERDICT_WHOLE;
    return c->said.total >= 0 && c->said.total != f->facts.total ? VERDICT_CHANGED : VERDICT_WHOLE;
}

verdict judge(fetch *f, const connection *c)
{
    switch (c->said.status) {
    case 200:
    case 203:
        return judge_whole(f, c);
    case 206:
        return judge_partial(f, c);
    case 416:
        return judge_range_refused(f, c);
    case 408:
    case 425:
    case 429:
    case 500:
    case 502:
    case 503:
    case 504:
        return VERDICT_RETRY;
    default:
        return VERDICT_FATAL;
    }
}

bool judge_is_refusal(const connection *c)
{
    return c->said.status == 401 || c->said.status == 403 || c->said.status == 404 || c->said.status == 410;
}
