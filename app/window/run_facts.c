/* What a run's JSON says, as numbers. */
#include "window/run_facts.h"

#include "project/json.h"
#include "window/parts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static const double usual_validation = 0.2, usual_split_seed = 1; /* of the job train */

static double read_number(bh_message_view map, const char *key)
{
    double value = NAN;
    bh_message_view one = bh_message_view_find(map, key);
    bh_message_type type = bh_message_view_type(one);
    if ((type == BH_MESSAGE_INT || type == BH_MESSAGE_DOUBLE) && bh_message_read_double(one, NULL, &value))
        value = NAN;
    return value;
}

static double read_choice(bh_message_view map, const parameter *of)
{
    const char *text = NULL;
    bh_message_view one = bh_message_view_find(map, of->name);
    if (bh_message_view_type(one) != BH_MESSAGE_STRING || bh_message_read_string(one, NULL, &text))
        return of->fallback;
    for (int i = 0; of->choices[i]; i++)
        if (strcmp(of->choices[i], text) == 0)
            return i;
    return of->fallback;
}

static double read_or(bh_message_view map, const char *key, double usual)
{
    double value = read_number(map, key);
    return isnan(value) ? usual : value;
}

void run_facts_parameters(const store_run *row, run_facts *out)
{
    bh_message *message;
    bh_message_view map;
    json_open(row->parameters, &message, &map); /* without one, none is found */
    for (int i = 0; i < PARAMETER_COUNT; i++) {
        const parameter *of = &parameters[i];
        bool choice = of->kind == PARAMETER_CHOICE;
        out->value[i] = choice ? read_choice(map, of) : read_or(map, of->name, of->fallback);
    }
    out->validation = read_or(map, "validation", usual_validation);
    out->split_seed = read_or(map, "split_seed", usual_split_seed);
    bh_message_destroy(message);
}

void run_facts_metrics(const store_run *row, run_facts *out)
{
    bh_message *message;
    bh_message_view map;
    double chosen = out->value[PARAMETER_METRIC];
    out->train = out->valid = NAN;
    snprintf(out->metric, sizeof out->metric, "%s", chosen > 0 ? parameters[PARAMETER_METRIC].choices[(int)chosen] : "");
    if (!json_open(row->metrics, &message, &map))
        return;
    out->train = read_number(map, "train");
    out->valid = read_number(map, "valid");
    if (bh_message_view_type(bh_message_view_find(map, "metric")) == BH_MESSAGE_STRING)
        snprintf(out->metric, sizeof out->metric, "%s", bh_message_get_string(map, "metric", ""));
    bh_message_destroy(message);
}

double run_facts_score(const run_facts *facts)
{
    return isnan(facts->valid) ? facts->train : facts->valid;
}

bool run_facts_better(const run_facts *a, const run_facts *b)
{
    double left = run_facts_score(a), right = run_facts_score(b);
    bool greater = strcmp(a->metric, "auc") == 0 || strcmp(a->metric, "aucpr") == 0;
    if (isnan(left) || strcmp(a->metric, b->metric) != 0)
        return false;
    return isnan(right) || (greater ? left > right : left < right);
}

/* --- as texts */

const char *run_number_text(double value, char out[TEXT_SIZE])
{
    snprintf(out, TEXT_SIZE, "%.5g", value);
    if (isnan(value))
        snprintf(out, TEXT_SIZE, "\xE2\x80\x93");
    return out;
}

const char *run_parameter_text(parameter_id id, double value, char out[TEXT_SIZE])
{
    out[0] = 0;
    if (isnan(value))
        return out;
    if (parameters[id].kind == PARAMETER_CHOICE)
        snprintf(out, TEXT_SIZE, "%s", parameters[id].choices[(int)value]);
    else
        snprintf(out, TEXT_SIZE, "%.12g", value);
    return out;
}

const char *run_date_text(int64_t ms, char out[TEXT_SIZE])
{
    struct tm parts;
    time_t seconds = (time_t)(ms / 1000);
    out[0] = 0;
    if (ms > 0 && localtime_r(&seconds, &parts))
        strftime(out, TEXT_SIZE, "%Y-%m-%d %H:%M", &parts);
    return out;
}

const char *run_state_text(const store_run *row, const project_job *job)
{
    static const char *const words[] = {"waiting", "running", "stopped", "killed", "interrupted", "finished", "failed"};
    if (job && job->state == PROJECT_STOPPING)
        return "stopping";
    return words[row->state];
}

bh_color run_state_color(const store_run *row, const project_job *job)
{
    if (job && job->state == PROJECT_STOPPING)
        return part_warning;
    switch (row->state) {
    case STORE_RUN_RUNNING:
        return part_active;
    case STORE_RUN_DONE:
        return part_good;
    case STORE_RUN_FAILED:
        return part_bad;
    case STORE_RUN_KILLED:
    case STORE_RUN_INTERRUPTED:
        return part_warning;
    case STORE_RUN_QUEUED:
    case STORE_RUN_STOPPED:
        break;
    }
    return part_quiet;
}
