/* The page of a run: texts and tables from its row and its job. */
#include "window/run_inner.h"

#include "project/json.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
    BESIDE_TITLE = 335,
    BESIDE_TITLE_AND_RESUME = 430,
    LONGEST_TITLE = 120,
    LONGEST_DATA = 40,
    FEATURES_SHOWN = 200,
    LINE = 512
};

static void show_state(const run_page *self, const store_run *row, const project_job *job)
{
    char style[128];
    bh_color color = run_state_color(row, job);
    snprintf(style, sizeof style, "color: white; background: rgb(%d, %d, %d); border-radius: 8px; padding: 2px 9px", color.red,
             color.green, color.blue);
    part_set_style(self->state, style);
    bh_set_string(self->state, "text", run_state_text(row, job));
}

/* As much of it as there is room for beside state and buttons. */
void run_page_show_title(const run_page *self, const store_run *row)
{
    char title[4 * LONGEST_TITLE];
    int beside = row->state == STORE_RUN_DONE ? BESIDE_TITLE : BESIDE_TITLE_AND_RESUME;
    int letters = part_title_letters(part_int(self->stack, "width", 0) - beside);
    bh_set_string(self->title, "text",
                  text_short_run(row->name, (size_t)(letters < LONGEST_TITLE ? letters : LONGEST_TITLE), title, sizeof title));
    bh_set_string(self->title, "toolTip", row->name);
}

static void show_head(const run_page *self, const store_run *row)
{
    char data[LINE], line[LINE * 2], when[TEXT_SIZE];
    const store_data_set *set = row->data_set ? project_data_set(self->project, row->data_set) : NULL;
    run_page_show_title(self, row);
    snprintf(line, sizeof line, "%s \xC2\xB7 %s \xC2\xB7 added %s",
             set ? text_short(set->name, LONGEST_DATA, data, sizeof data) : "data set removed",
             row->mode == STORE_RUN_PROCESS ? "in a worker process" : "in a thread of this program",
             run_date_text(row->added, when));
    bh_set_string(self->about, "text", line);
    bh_set_string(self->about, "toolTip", set ? set->name : "");
}

/* Why it is not finished, and what can be done. */
static void show_trouble(const run_page *self, const store_run *row)
{
    char text[LINE * 2], round[TEXT_SIZE];
    bool bad = row->state == STORE_RUN_FAILED;
    const char *why = row->error[0] ? row->error : row->died;
    snprintf(text, sizeof text, "%s", why);
    if (row->state == STORE_RUN_INTERRUPTED)
        snprintf(text, sizeof text, "Interrupted after round %s. %s%sResume goes on from the last checkpoint.",
                 text_count(row->round, round), why, why[0] ? " " : "");
    else if (row->state == STORE_RUN_KILLED)
        snprintf(text, sizeof text, "Killed after round %s. Resume goes on from the last checkpoint, to the same model.",
                 text_count(row->round, round));
    else if (row->state == STORE_RUN_STOPPED && row->round)
        snprintf(text, sizeof text, "Stopped after round %s, with a checkpoint. Resume goes on to the same model.",
                 text_count(row->round, round));
    else if (row->state == STORE_RUN_RUNNING || row->state == STORE_RUN_DONE)
        text[0] = 0;
    part_set_style(self->trouble, bad ? "background: rgba(217, 72, 72, 40); border-radius: 4px; padding: 6px 8px"
                                      : "background: rgba(192, 132, 26, 40); border-radius: 4px; padding: 6px 8px");
    part_set_text(self->trouble, text);
}

static void show_progress(const run_page *self, const store_run *row, const project_job *job, const run_facts *facts)
{
    char line[LINE], round[TEXT_SIZE], rounds[TEXT_SIZE], time[TEXT_SIZE], other[TEXT_SIZE];
    double seconds = (double)row->spent_ms / 1000 + (job ? job->seconds : 0);
    int64_t at = job && job->round > row->round ? job->round : row->round;
    size_t used = (size_t)snprintf(line, sizeof line, "Round %s of %s \xC2\xB7 %s", text_count(at, round),
                                   text_count(row->rounds, rounds), text_seconds(seconds, time));
    if (job && job->eta_s >= 0)
        used += (size_t)snprintf(line + used, sizeof line - used, " \xC2\xB7 %s left", text_seconds(job->eta_s, time));
    if (job && job->memory > 0)
        used += (size_t)snprintf(line + used, sizeof line - used, " \xC2\xB7 %s", text_bytes(job->memory, other));
    if (!isnan(run_facts_score(facts)))
        snprintf(line + used, sizeof line - used, " \xC2\xB7 %s %s", facts->metric[0] ? facts->metric : "metric",
                 run_number_text(run_facts_score(facts), other));
    bh_set_string(self->progress, "text", job && job->state == PROJECT_WAITING ? "Waiting for its turn" : line);
    bool moving = job && job->state != PROJECT_WAITING;
    part_show(self->bar, moving && job->fraction >= 0); /* never a bar without an end: its animation may outlive its style */
    if (moving && job->fraction >= 0)
        bh_set_int(self->bar, "value", (int)(job->fraction * 1000));
}

static void show_buttons(const run_page *self, const store_run *row, const project_job *job)
{
    bool model = row->model[0] != 0, over = row->state >= STORE_RUN_STOPPED && row->state != STORE_RUN_DONE;
    part_show(self->stop, job != NULL);
    part_show(self->kill, job != NULL);
    bh_set_bool(self->stop, "enabled", job && job->stoppable);
    bh_set_bool(self->kill, "enabled", job && job->killable);
    part_show(self->resume, !job && (over || row->state == STORE_RUN_QUEUED));
    part_show(self->predict, !job);
    part_show(self->save, !job);
    bh_set_bool(self->predict, "enabled", model);
    bh_set_bool(self->save, "enabled", model);
    bh_set_string(self->predict, "toolTip",
                  model ? "Applies the model to a file" : "There is no model before the run has finished");
}

/* --- tables */

static double number_of(bh_message_view map, const char *prefix, const char *name)
{
    char key[64];
    double value = NAN;
    snprintf(key, sizeof key, "%s%s", prefix, name);
    bh_message_view one = bh_message_view_find(map, key);
    bh_message_type type = bh_message_view_type(one);
    if ((type == BH_MESSAGE_DOUBLE || type == BH_MESSAGE_INT) && bh_message_read_double(one, NULL, &value))
        value = NAN;
    return value;
}

static void show_metrics(const run_page *self, const store_run *row, const run_facts *facts)
{
    bh_message *message;
    bh_message_view map;
    char a[TEXT_SIZE], b[TEXT_SIZE];
    const char *const *names = parameters[PARAMETER_METRIC].choices;
    bool listed = false;
    run_pairs_begin(self->metrics);
    if (json_open(row->metrics, &message, &map)) {
        for (int i = 1; names[i]; i++) {
            double train = number_of(map, "train-", names[i]), valid = number_of(map, "valid-", names[i]);
            const char *const texts[] = {names[i], run_number_text(train, a), run_number_text(valid, b)};
            bool main_one = strcmp(names[i], facts->metric) == 0;
            listed = listed || (main_one && !(isnan(train) && isnan(valid)));
            if (!(isnan(train) && isnan(valid)))
                run_pairs_add(self->metrics, texts, NULL, -1, main_one);
        }
        if (!listed && !(isnan(facts->train) && isnan(facts->valid))) {
            const char *const texts[] = {facts->metric[0] ? facts->metric : "metric", run_number_text(facts->train, a),
                                         run_number_text(facts->valid, b)};
            run_pairs_add(self->metrics, texts, NULL, -1, true);
        }
        bh_message_destroy(message);
    }
    run_pairs_show(self->metrics);
}

/* They never change. */
static void show_parameters(run_page *self, const run_facts *facts)
{
    char text[TEXT_SIZE];
    if (self->parameters_of == self->run)
        return;
    self->parameters_of = self->run;
    run_pairs_begin(self->parameters);
    for (int i = 0; i < PARAMETER_COUNT; i++) {
        double value = isnan(facts->value[i]) ? parameters[i].fallback : facts->value[i];
        const char *const texts[] = {parameters[i].name, run_parameter_text((parameter_id)i, value, text)};
        run_pairs_add(self->parameters, texts, parameters[i].help, -1, value != parameters[i].fallback);
    }
    const char *const validation[] = {"validation", run_number_text(facts->validation, text)};
    run_pairs_add(self->parameters, validation, "The part of the rows that is held back to validate.", -1, false);
    const char *const seed[] = {"split_seed", run_number_text(facts->split_seed, text)};
    run_pairs_add(self->parameters, seed, "Which rows these are.", -1, false);
    run_pairs_show(self->parameters);
}

/* Sorted by gain already. */
static void add_features(const run_page *self, bh_message_view map)
{
    bh_message_view names = bh_message_view_find(map, "features"), gains = bh_message_view_find(map, "gain");
    const double *list = NULL;
    size_t count = bh_message_view_count(names), numbers = 0;
    if (bh_message_view_type(gains) == BH_MESSAGE_DOUBLES)
        bh_message_read_doubles(gains, NULL, &list, &numbers);
    for (size_t i = 0; list && i < count && i < numbers && i < FEATURES_SHOWN; i++) {
        const char *name = "";
        char text[TEXT_SIZE];
        bh_message_read_string(bh_message_view_at(names, i), NULL, &name);
        const char *const texts[] = {name, run_number_text(list[i], text)};
        run_pairs_add(self->features, texts, NULL, list[0] > 0 ? list[i] / list[0] : 0, false);
    }
}

static void show_features(run_page *self, const store_run *row)
{
    bh_message *message;
    bh_message_view map;
    char key[sizeof self->importance_of];
    snprintf(key, sizeof key, "%lld %zu", (long long)row->id, strlen(row->importance));
    if (strcmp(key, self->importance_of) == 0)
        return;
    memcpy(self->importance_of, key, sizeof key);
    run_pairs_begin(self->features);
    if (json_open(row->importance, &message, &map)) {
        add_features(self, map);
        bh_message_destroy(message);
    }
    run_pairs_show(self->features);
}

static void show_notes(run_page *self, const store_run *row)
{
    char *text = NULL;
    if (self->notes_edited || bh_get_string(self->notes, "plainText", &text))
        return;
    self->filling = true;
    if (strcmp(text, row->notes) != 0)
        bh_set_string(self->notes, "plainText", row->notes);
    self->filling = false;
    bh_free(text);
}

static void show_chart(const run_page *self, const store_run *row, const project_job *job, const run_facts *facts)
{
    char text[TEXT_SIZE] = "";
    int64_t best = job && job->best_round > 0 ? job->best_round : row->best_round;
    snprintf(text, sizeof text, "best round %lld", (long long)best);
    bh_chart_set_marker(self->chart, best > 0 ? (double)best : NAN, text);
    bh_chart_set_titles(self->chart, "Round", facts->metric[0] ? facts->metric : "Metric");
    bh_chart_set_empty_text(self->chart, row->state == STORE_RUN_QUEUED    ? "The curve begins when it is this run's turn."
                                         : row->state == STORE_RUN_RUNNING ? "The data set is being read."
                                                                           : "No round was finished.");
}

void run_page_update(run_page *self)
{
    const store_run *row = self->run ? project_run(self->project, self->run) : NULL;
    if (!row)
        self->run = 0;
    bh_set_int(self->stack, "currentIndex", row ? 1 : 0);
    if (!row)
        return;
    const project_job *job = project_job_of(self->project, STORE_RUNS, self->run);
    if (self->facts_of != self->run)
        run_facts_parameters(row, &self->known);
    self->facts_of = self->run;
    run_facts facts = self->known;
    run_facts_metrics(row, &facts);
    if (job && !isnan(job->train)) {
        facts.train = job->train;
        facts.valid = job->valid;
        snprintf(facts.metric, sizeof facts.metric, "%s", job->metric);
    }
    show_state(self, row, job);
    show_head(self, row);
    show_trouble(self, row);
    show_progress(self, row, job, &facts);
    show_buttons(self, row, job);
    show_metrics(self, row, &facts);
    show_parameters(self, &facts);
    show_features(self, row);
    show_notes(self, row);
    show_chart(self, row, job, &facts);
}
