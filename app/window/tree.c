/* The tree on the left: data sets, fetches and runs, each with how it stands. */
#include "window/inner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    GROUPS = 3,
    STATE_WIDTH = 102,
    TEXT = 96,
    NAME_LETTERS = 60,
    LEAST_LETTERS = 6,
    INDENTATION = 14,
    TIP = 1024,
    MADE_AT_ONCE = 100
};

typedef struct node {
    int64_t id;
    bh_tree_item *item;
    char name[256], state[TEXT];
    const bh_color *color;
    size_t letters; /* for which its name was made */
} node;

typedef struct group {
    store_table table;
    bh_tree_item *item;
    node *nodes;
    size_t count, room;
    char title[TEXT];
} group;

struct tree {
    window *window;
    bh_object *object;
    group groups[GROUPS];
    bool updating;
    size_t letters;  /* of a run's name that fit */
    selected wanted; /* its row is still to be made; table 0: none */
};

/* What a row says. */
typedef struct row_text {
    int64_t id;
    const char *name, *tip;
    char state[TEXT];
    const bh_color *color;
} row_text;

/* --- how rows stand */

static bool say_job(const window *w, store_table table, int64_t id, row_text *out)
{
    const project_job *job = project_job_of(w->project, table, id);
    out->color = &part_active;
    if (!job)
        return false;
    if (job->state == PROJECT_WAITING)
        out->color = &part_quiet;
    if (job->state == PROJECT_WAITING || job->state == PROJECT_STOPPING)
        snprintf(out->state, TEXT, "%s", job->state == PROJECT_WAITING ? "\xE2\x97\x8B waiting" : "\xE2\x96\xA1 stopping");
    else if (job->kind == PROJECT_TRAIN && job->rounds > 0)
        snprintf(out->state, TEXT, "\xE2\x96\xB6 %lld / %lld", (long long)job->round, (long long)job->rounds);
    else if (job->fraction >= 0)
        snprintf(out->state, TEXT, "\xE2\x96\xB6 %.0f %%", job->fraction * 100);
    else
        snprintf(out->state, TEXT, "\xE2\x96\xB6 running");
    return true;
}

static void say_data_set(const window *w, size_t i, row_text *out)
{
    size_t count;
    char number[TEXT_SIZE];
    const store_data_set *row = project_data_sets(w->project, &count)[i];
    *out = (row_text){.id = row->id, .name = row->name, .tip = row->file};
    if (say_job(w, STORE_DATA_SETS, row->id, out))
        return;
    if (row->suspect[0]) {
        *out = (row_text){row->id, row->name, row->suspect, "\xE2\x9A\xA0 not opened", &part_warning};
    } else if (row->row_count < 0 || strncmp(row->facts, "{\"error\"", 8) == 0) {
        snprintf(out->state, TEXT, "%s", row->facts[0] ? "\xE2\x9C\x97 not read" : "");
        out->color = row->facts[0] ? &part_bad : &part_quiet;
    } else {
        snprintf(out->state, TEXT, row->row_count == 1 ? "%s row" : "%s rows", text_count(row->row_count, number));
        out->color = &part_quiet;
    }
}

static void say_fetch(const window *w, size_t i, row_text *out)
{
    static const struct {
        const char *text;
        const bh_color *color;
    } states[] = {{"\xE2\x97\x8B waiting", &part_quiet},       {"\xE2\x96\xB6 fetching", &part_active},
                  {"\xE2\x9C\x93 done", &part_good},           {"\xE2\x9C\x97 failed", &part_bad},
                  {"\xE2\x9A\xA0 interrupted", &part_warning}, {"\xE2\x96\xA0 stopped", &part_quiet}};
    size_t count;
    const store_fetch *row = project_fetches(w->project, &count)[i];
    *out = (row_text){.id = row->id, .name = row->name, .tip = row->error[0] ? row->error : row->url};
    if (say_job(w, STORE_FETCHES, row->id, out))
        return;
    snprintf(out->state, TEXT, "%s", states[row->state].text);
    out->color = states[row->state].color;
}

static void say_run(const window *w, size_t i, row_text *out)
{
    static const struct {
        const char *text;
        const bh_color *color;
    } states[] = {{"\xE2\x97\x8B waiting", &part_quiet},       {"\xE2\x96\xB6 running", &part_active},
                  {"\xE2\x96\xA0 stopped", &part_quiet},       {"\xE2\x96\xA0 killed", &part_quiet},
                  {"\xE2\x9A\xA0 interrupted", &part_warning}, {"\xE2\x9C\x93 done", &part_good},
                  {"\xE2\x9C\x97 failed", &part_bad}};
    size_t count;
    const store_run *row = project_runs(w->project, &count)[i];
    *out = (row_text){.id = row->id, .name = row->name, .tip = row->error[0] ? row->error : row->died[0] ? row->died : row->name};
    if (say_job(w, STORE_RUNS, row->id, out))
        return;
    snprintf(out->state, TEXT, "%s", states[row->state].text);
    out->color = states[row->state].color;
}

static void say(const window *w, store_table table, size_t i, row_text *out)
{
    if (table == STORE_DATA_SETS)
        say_data_set(w, i, out);
    else if (table == STORE_FETCHES)
        say_fetch(w, i, out);
    else
        say_run(w, i, out);
}

static size_t count_of(const window *w, store_table table)
{
    size_t count = 0;
    if (table == STORE_DATA_SETS)
        project_data_sets(w->project, &count);
    else if (table == STORE_FETCHES)
        project_fetches(w->project, &count);
    else
        project_runs(w->project, &count);
    return count;
}

/* --- showing them */

/* LETTERS: how many are shown. A run's name, cut to what is of use, is not cut once more by the view. */
static void show_name(node *at, const row_text *row, store_table table, size_t letters)
{
    char name[4 * sizeof at->name], tip[TIP];
    bool run = table == STORE_RUNS;
    if (strncmp(at->name, row->name, sizeof at->name - 1) == 0 && at->color && at->letters == letters)
        return;
    snprintf(at->name, sizeof at->name, "%s", row->name);
    at->letters = letters;
    bh_tree_item_set_text(at->item, 0,
                          run ? text_short_run(row->name, letters, name, sizeof name)
                              : text_short(row->name, letters, name, sizeof name));
    snprintf(tip, sizeof tip, strcmp(row->name, row->tip) ? "%s\n%s" : "%s", row->name, row->tip);
    bh_tree_item_set_tool_tip(at->item, 0, tip);
}

static void show_node(node *at, const row_text *row, store_table table, size_t letters)
{
    show_name(at, row, table, letters);
    if (at->color == row->color && strcmp(at->state, row->state) == 0)
        return;
    snprintf(at->state, sizeof at->state, "%s", row->state);
    at->color = row->color;
    bh_tree_item_set_text(at->item, 1, row->state);
    bh_tree_item_set_color(at->item, 1, row->color);
    bh_tree_item_set_tool_tip(at->item, 1, row->tip);
}

static void remove_nodes(group *g, size_t from, size_t to)
{
    for (size_t i = to; i > from; i--)
        bh_tree_item_destroy(g->nodes[i - 1].item);
    memmove(&g->nodes[from], &g->nodes[to], (g->count - to) * sizeof *g->nodes);
    g->count -= to - from;
}

/* Where the node ID is, from AT on; the count if there is none. */
static size_t find_node(const group *g, size_t at, int64_t id)
{
    while (at < g->count && g->nodes[at].id != id)
        at++;
    return at;
}

static size_t letters_of(const tree *self, const group *g)
{
    return g->table == STORE_RUNS ? self->letters : NAME_LETTERS;
}

static bool add_node(tree *self, group *g, const row_text *row)
{
    if (g->count == g->room) {
        size_t room = g->room ? g->room * 2 : 32;
        node *nodes = realloc(g->nodes, room * sizeof *nodes);
        if (!nodes)
            return false;
        g->nodes = nodes;
        g->room = room;
    }
    const char *texts[] = {row->name, row->state, NULL};
    g->nodes[g->count] = (node){.id = row->id, .item = bh_tree_widget_add_item(self->object, g->item, texts)};
    show_node(&g->nodes[g->count++], row, g->table, letters_of(self, g));
    return true;
}

/* What its row says now. True if it has become wider or narrower, too: MAY says whether its name follows that now. */
static bool show_again(const tree *self, group *g, const row_text *row, size_t at, bool may)
{
    node *shown = &g->nodes[at];
    bool resized = shown->letters != letters_of(self, g);
    show_node(shown, row, g->table, may ? letters_of(self, g) : shown->letters);
    return resized;
}

/* Items stay as long as they are in order; those from the first that is not on are made anew. False: there are more to be made than at once. */
static bool update_group(tree *self, group *g)
{
    size_t wanted = count_of(self->window, g->table), i = 0, made = 0;
    bool first = g->count == 0;
    row_text row;
    for (; i < wanted; i++) {
        say(self->window, g->table, i, &row);
        if (i < g->count && g->nodes[i].id != row.id)
            remove_nodes(g, i, find_node(g, i, row.id));
        if (i < g->count)
            made += show_again(self, g, &row, i, made < MADE_AT_ONCE);
        else if (made++ >= MADE_AT_ONCE || !add_node(self, g, &row))
            break;
    }
    if (g->count > i)
        remove_nodes(g, i, g->count);
    if (first && g->count)
        bh_tree_item_set_expanded(g->item, true);
    return made <= MADE_AT_ONCE;
}

static void update_title(const tree *self, group *g, const char *name)
{
    char title[TEXT], number[TEXT_SIZE];
    size_t count = count_of(self->window, g->table);
    snprintf(title, sizeof title, count ? "%s (%s)" : "%s", name, text_count((int64_t)count, number));
    if (strcmp(title, g->title) == 0)
        return;
    snprintf(g->title, sizeof g->title, "%s", title);
    bh_tree_item_set_text(g->item, 0, title);
}

/* --- what is selected */

selected tree_selected(const tree *self)
{
    bh_tree_item *item = NULL;
    bh_tree_widget_get_current(self->object, &item);
    for (int i = 0; item && i < GROUPS; i++) {
        const group *g = &self->groups[i];
        if (g->item == item)
            return (selected){g->table, 0};
        for (size_t k = 0; k < g->count; k++)
            if (g->nodes[k].item == item)
                return (selected){g->table, g->nodes[k].id};
    }
    return (selected){0, 0};
}

static bool select_row(tree *self, selected what)
{
    bool updating = self->updating, found = false;
    self->updating = true;
    for (int i = 0; i < GROUPS; i++) {
        const group *g = &self->groups[i];
        size_t at = g->table == what.table ? find_node(g, 0, what.id) : g->count;
        if (at < g->count)
            found = bh_tree_item_select(g->nodes[at].item) == BH_OK;
    }
    self->updating = updating;
    return found;
}

void tree_select(tree *self, store_table table, int64_t id)
{
    const selected what = {table, id}, nothing = {0, 0};
    self->wanted = select_row(self, what) ? nothing : what;
}

bool tree_update(tree *self)
{
    static const char *const names[GROUPS] = {"Data", "Fetches", "Runs"};
    selected before = tree_selected(self);
    bool all = true;
    self->updating = true;
    for (int i = 0; i < GROUPS; i++) {
        all &= update_group(self, &self->groups[i]);
        update_title(self, &self->groups[i], names[i]);
    }
    selected after = tree_selected(self);
    if (before.table && (before.table != after.table || before.id != after.id))
        select_row(self, before);
    if (self->wanted.table)
        tree_select(self, self->wanted.table, self->wanted.id);
    self->updating = false;
    return all;
}

static void on_selection(void *user)
{
    tree *self = user;
    if (self->updating)
        return;
    self->wanted = (selected){0, 0};
    window_select(self->window, tree_selected(self));
}

static bh_event_result on_menu(bh_object *object, void *user, const bh_event *event)
{
    tree *self = user;
    (void)object;
    tree_menu_open(self->window, tree_selected(self), event->global_position);
    return BH_EVENT_ACCEPT;
}

static bh_event_result on_key(bh_object *object, void *user, const bh_event *event)
{
    tree *self = user;
    (void)object;
    if (event->key != BH_KEY_DELETE)
        return BH_EVENT_PASS;
    tree_menu_remove(self->window, tree_selected(self));
    return BH_EVENT_ACCEPT;
}

/* Of a run's name that fit into WIDTH pixels, in a font of the wide kind: about. */
static size_t letters_in(const bh_object *object, int width)
{
    enum { MARGINS = 8 };
    static const double pixels_per_point = 96.0 / 72, letter = 0.57; /* of the font's height */
    bh_font font = {0};
    double height = bh_get_font(object, "font", &font) == BH_OK && font.point_size > 0 ? font.point_size * pixels_per_point : 12;
    double fit = (width - 2 * INDENTATION - MARGINS) / (letter * height);
    return fit > LEAST_LETTERS ? (size_t)fit : LEAST_LETTERS;
}

/* The state keeps its width, the name has the rest. */
static bh_event_result on_resize(bh_object *object, void *user, const bh_event *event)
{
    enum { FRAME = 4 };
    tree *self = user;
    int width = event->new_size.width - STATE_WIDTH - FRAME;
    size_t letters = self->letters;
    bh_table_view_set_column_width(object, 0, width > STATE_WIDTH ? width : STATE_WIDTH);
    self->letters = letters_in(object, width);
    if (self->letters != letters)
        window_refresh(self->window);
    return BH_EVENT_PASS;
}

void tree_destroy(tree *self)
{
    for (int i = 0; self && i < GROUPS; i++)
        free(self->groups[i].nodes);
    free(self);
}

tree *tree_create(window *w, bh_object *parent)
{
    static const char *const header[] = {"Name", "State", NULL};
    static const char *const names[GROUPS][2] = {{"Data", NULL}, {"Fetches", NULL}, {"Runs", NULL}};
    tree *self = calloc(1, sizeof *self);
    if (!self)
        return NULL;
    self->window = w;
    self->letters = LEAST_LETTERS;
    self->object = part_widget(parent, "QTreeWidget", "project-tree");
    bh_set_enum(self->object, "textElideMode", "ElideMiddle"); /* runs of a grid differ at their ends */
    bh_tree_widget_set_header(self->object, header);
    bh_set_bool(self->object, "headerHidden", true);
    bh_set_bool(self->object, "uniformRowHeights", true);
    bh_set_int(self->object, "indentation", INDENTATION);
    bh_set_enum(self->object, "horizontalScrollBarPolicy", "ScrollBarAlwaysOff");
    bh_set_string(self->object, "accessibleName", "Project");
    bh_set_int(self->object, "minimumWidth", 200);
    for (int i = 0; i < GROUPS; i++)
        self->groups[i] =
            (group){.table = (store_table)(STORE_DATA_SETS + i), .item = bh_tree_widget_add_item(self->object, NULL, names[i])};
    bh_splitter_add_widget(parent, self->object, 0);
    bh_connect(self->object, "itemSelectionChanged", BH_CALLBACK(on_selection), self, NULL);
    bh_on_event(self->object, BH_EVENT_CONTEXT_MENU, on_menu, self);
    bh_on_event(self->object, BH_EVENT_KEY_PRESS, on_key, self);
    bh_on_event(self->object, BH_EVENT_RESIZE, on_resize, self);
    return self;
}
