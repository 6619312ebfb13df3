/* The runs of the comparison: filter, order, the best ones. */
#include "window/compare_rows.h"

#include "monotonic.h"
#include "window/room.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* --- what is there */

static void read_entry(compare_entry *entry, const store_run *row)
{
    if (!entry->known)
        run_facts_parameters(row, &entry->facts);
    run_facts_metrics(row, &entry->facts);
    entry->known = true;
}

static void clear_facts(run_facts *facts)
{
    memset(facts, 0, sizeof *facts);
    for (int i = 0; i < PARAMETER_COUNT; i++)
        facts->value[i] = NAN;
    facts->validation = facts->split_seed = facts->train = facts->valid = NAN;
}

static bool has_room(compare_rows *self, size_t count)
{
    void *entries = self->entries;
    bool made = room_make(&entries, sizeof *self->entries, &self->shown, &self->room, count);
    self->entries = entries;
    return made;
}

static int by_id(const void *a, const void *b)
{
    int64_t left = ((const compare_entry *)a)->id, right = ((const compare_entry *)b)->id;
    return (left > right) - (left < right);
}

/* The rows in the order of ids, in which entries are too, so that both are walked through together. */
typedef struct walk {
    const store_run *const *rows;
    size_t count, at;
} walk;

static walk walk_rows(const compare_rows *self)
{
    walk begun = {NULL, 0, 0};
    begun.rows = project_runs(self->project, &begun.count);
    return begun;
}

/* NULL: it is gone. Ids are asked for in rising order. */
static const store_run *walk_to(walk *self, int64_t id)
{
    while (self->at < self->count && self->rows[self->at]->id < id)
        self->at++;
    return self->at < self->count && self->rows[self->at]->id == id ? self->rows[self->at] : NULL;
}

/* Entries of runs that are gone go; those of new ones come at the end, as ids rise. */
static bool match(compare_rows *self, void (*gone)(void *, compare_entry *), void *user)
{
    size_t kept = 0, before = self->count;
    walk rows = walk_rows(self);
    for (size_t i = 0; i < self->count; i++) {
        if (walk_to(&rows, self->entries[i].id))
            self->entries[kept++] = self->entries[i];
        else
            gone(user, &self->entries[i]);
    }
    self->count = kept;
    int64_t newest = kept ? self->entries[kept - 1].id : 0;
    size_t added = 0;
    for (size_t i = rows.count; i-- > 0 && rows.rows[i]->id > newest;)
        added++;
    if (!has_room(self, kept + added))
        return kept != before;
    for (size_t i = rows.count - added; i < rows.count; i++) {
        compare_entry *made = &self->entries[self->count++];
        *made = (compare_entry){.id = rows.rows[i]->id, .series = -1, .changed = -1, .state = -1};
        clear_facts(&made->facts);
    }
    return kept != before || added;
}

compare_change compare_rows_sync(compare_rows *self, double most_ms, void (*gone)(void *, compare_entry *), void *user)
{
    double until = monotonic_s() + most_ms / 1000;
    bool some = false;
    compare_change change = {.rows = match(self, gone, user)};
    walk rows = walk_rows(self);
    for (size_t i = 0; i < self->count; i++) {
        compare_entry *entry = &self->entries[i];
        const store_run *row = walk_to(&rows, entry->id);
        if (!row || (entry->known && entry->changed == row->changed && entry->state == (int)row->state))
            continue;
        if (some && monotonic_s() > until) {
            change.unknown = true;
            break;
        }
        some = true;
        change.rows = change.rows || entry->state != (int)row->state;
        change.values = true;
        read_entry(entry, row);
        entry->changed = row->changed;
        entry->data_set = row->data_set;
        entry->state = (int)row->state;
    }
    return change;
}

compare_entry *compare_rows_find(const compare_rows *self, int64_t id)
{
    const compare_entry key = {.id = id};
    return self->count ? bsearch(&key, self->entries, self->count, sizeof key, by_id) : NULL;
}

compare_entry *compare_rows_at(const compare_rows *self, int row)
{
    return row >= 0 && row < self->shown_count ? &self->entries[self->shown[row]] : NULL;
}

int compare_rows_row_of(const compare_rows *self, int64_t id)
{
    for (int i = 0; i < self->shown_count; i++)
        if (self->entries[self->shown[i]].id == id)
            return i;
    return -1;
}

void compare_rows_free(compare_rows *self)
{
    free(self->entries);
    free(self->shown);
}

/* --- order */

double compare_value(const compare_entry *entry, const store_run *row, int column)
{
    const run_facts *facts = &entry->facts;
    if (column >= COMPARE_PARAMETER && column < COMPARE_VALIDATION)
        return facts->value[column - COMPARE_PARAMETER];
    switch (column) {
    case COMPARE_VALID:
        return facts->valid;
    case COMPARE_TRAIN:
        return facts->train;
    case COMPARE_BEST:
        return row->best_round > 0 ? (double)row->best_round : NAN;
    case COMPARE_ROUND:
        return (double)row->round;
    case COMPARE_TIME:
        return row->spent_ms > 0 ? (double)row->spent_ms / 1000 : NAN;
    case COMPARE_ADDED:
        return (double)row->added;
    case COMPARE_STATE:
        return row->state;
    case COMPARE_VALIDATION:
        return facts->validation;
    case COMPARE_SPLIT:
        return facts->split_seed;
    default:
        return NAN;
    }
}

static const char *text_value(const compare_rows *self, const compare_entry *entry, const store_run *row)
{
    const store_data_set *set;
    switch (self->column) {
    case COMPARE_NAME:
        return row->name;
    case COMPARE_DATA:
        set = project_data_set(self->project, row->data_set);
        return set ? set->name : "";
    case COMPARE_METRIC:
        return entry->facts.metric;
    case COMPARE_NOTES:
        return row->notes;
    default:
        return NULL;
    }
}

typedef struct sort_key {
    double number;
    const char *text; /* NULL: a number */
    int place;
    bool descending;
} sort_key;

/* What has no value comes last either way; equals by age. */
static int by_key(const void *left, const void *right)
{
    const sort_key *a = left, *b = right;
    bool no_a = a->text ? !*a->text : isnan(a->number), no_b = b->text ? !*b->text : isnan(b->number);
    int order = 0;
    if (no_a || no_b)
        order = no_a - no_b;
    else if (a->text && b->text)
        order = strcasecmp(a->text, b->text);
    else
        order = (a->number > b->number) - (a->number < b->number);
    if (order)
        return a->descending && !no_a && !no_b ? -order : order;
    return (a->place > b->place) - (a->place < b->place);
}

static bool fits(const compare_rows *self, const store_run *row)
{
    if (self->data_set && row->data_set != self->data_set)
        return false;
    if (self->state >= 0 && (int)row->state != self->state)
        return false;
    return !self->filter[0] || strcasestr(row->name, self->filter) || strcasestr(row->notes, self->filter) ||
           strcasestr(row->parameters, self->filter);
}

/* --- what is said of those that are shown */

static bool comparable(const compare_entry *a, const compare_entry *b)
{
    return a->data_set == b->data_set && strcmp(a->facts.metric, b->facts.metric) == 0;
}

static void mark_best(compare_rows *self)
{
    for (size_t i = 0; i < self->count; i++)
        self->entries[i].best = false;
    compare_entry *best[32];
    int groups = 0;
    for (int i = 0; i < self->shown_count; i++) {
        compare_entry *entry = compare_rows_at(self, i);
        int at = 0;
        if (isnan(run_facts_score(&entry->facts)) || !entry->facts.metric[0])
            continue;
        while (at < groups && !comparable(best[at], entry))
            at++;
        if (at == groups && groups < 32)
            best[groups++] = entry;
        else if (at < groups && run_facts_better(&entry->facts, &best[at]->facts))
            best[at] = entry;
    }
    for (int i = 0; i < groups; i++)
        best[i]->best = true;
}

static bool same(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

static void find_differences(compare_rows *self)
{
    memset(self->differs, 0, sizeof self->differs);
    const compare_entry *first = NULL;
    for (int i = 0; i < self->shown_count; i++) {
        const compare_entry *entry = compare_rows_at(self, i);
        if (!entry->known)
            continue;
        if (!first)
            first = entry;
        for (int j = 0; j < PARAMETER_COUNT; j++)
            if (!same(entry->facts.value[j], first->facts.value[j]))
                self->differs[COMPARE_PARAMETER + j] = true;
        self->differs[COMPARE_VALIDATION] |= !same(entry->facts.validation, first->facts.validation);
        self->differs[COMPARE_SPLIT] |= !same(entry->facts.split_seed, first->facts.split_seed);
    }
}

void compare_rows_arrange(compare_rows *self)
{
    sort_key *keys = self->count ? malloc(self->count * sizeof *keys) : NULL;
    size_t count = 0;
    walk rows = walk_rows(self);
    for (size_t i = 0; keys && i < self->count; i++) {
        const store_run *row = walk_to(&rows, self->entries[i].id);
        if (!row || !fits(self, row))
            continue;
        keys[count++] = (sort_key){compare_value(&self->entries[i], row, self->column), text_value(self, &self->entries[i], row),
                                   (int)i, self->descending};
    }
    if (count)
        qsort(keys, count, sizeof *keys, by_key);
    for (size_t i = 0; i < count; i++)
        self->shown[i] = keys[i].place;
    self->shown_count = (int)count;
    free(keys);
    mark_best(self);
    find_differences(self);
}
