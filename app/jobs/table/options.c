/* Options and choices of columns, from a job's arguments and into its result. */
#include "jobs/table/error.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const formats[] = {"auto", "csv", "tsv", "libsvm", NULL};
static const char *const bad_rows[] = {"skip", "stop", NULL};
static const char *const targets[] = {"auto", "class", "number", NULL};

void table_options_init(table_options *options)
{
    *options = (table_options){.quote = '"'};
}

void table_choices_init(table_choices *choices)
{
    *choices = (table_choices){0};
}

/* A string, or FALLBACK where there is none. */
static bh_status read_text(bh_message_view arguments, const char *key, const char **text, const char *fallback,
                           table_error *error)
{
    bh_message_view value = bh_message_view_find(arguments, key);
    *text = fallback;
    if (bh_message_view_type(value) <= BH_MESSAGE_NULL)
        return BH_OK;
    if (bh_message_view_type(value) != BH_MESSAGE_STRING)
        return table__fail(error, BH_ERROR_TYPE, 0, "'%s' is %s: it must be a string", key,
                           bh_message_type_name(bh_message_view_type(value)));
    return bh_message_read_string(value, NULL, text);
}

/* One of WORDS, by its place; 0 if it is missing. */
static bh_status read_word(bh_message_view arguments, const char *key, const char *const *words, int *place, table_error *error)
{
    const char *text;
    bh_status status = read_text(arguments, key, &text, words[0], error);
    if (status)
        return status;
    for (*place = 0; words[*place]; ++*place)
        if (strcmp(words[*place], text) == 0)
            return BH_OK;
    *place = 0;
    char all[100] = "";
    for (int i = 0; words[i]; i++) {
        size_t used = strlen(all);
        snprintf(all + used, sizeof all - used, "%s'%s'", i == 0 ? "" : words[i + 1] ? ", " : " or ", words[i]);
    }
    return table__fail(error, BH_ERROR_NAME, 0, "'%s' is '%s': it must be %s", key, text, all);
}

/* "auto", true or false; numbers and other words are refused. */
static bh_status read_choice(bh_message_view arguments, const char *key, table_choice *choice, table_error *error)
{
    bh_message_view value = bh_message_view_find(arguments, key);
    bh_message_type type = bh_message_view_type(value);
    bool yes;
    *choice = TABLE_DETECT;
    if (type <= BH_MESSAGE_NULL)
        return BH_OK;
    if (type == BH_MESSAGE_BOOL && bh_message_read_bool(value, NULL, &yes) == BH_OK) {
        *choice = yes ? TABLE_YES : TABLE_NO;
        return BH_OK;
    }
    if (type == BH_MESSAGE_STRING && strcmp(bh_message_get_string(value, NULL, ""), "auto") == 0)
        return BH_OK;
    return table__fail(error, BH_ERROR_NAME, 0, "'%s' is %s: it must be true, false or 'auto'", key, bh_message_type_name(type));
}

static bh_status read_delimiter(bh_message_view arguments, char *delimiter, table_error *error)
{
    const char *text;
    bh_status status = read_text(arguments, "delimiter", &text, "auto", error);
    if (status)
        return status;
    *delimiter = 0;
    if (strcmp(text, "auto") == 0)
        return BH_OK;
    if (strcmp(text, "tab") == 0 || strcmp(text, "space") == 0)
        *delimiter = *text == 't' ? '\t' : ' ';
    else if (text[0] && !text[1] && text[0] > 0 && text[0] != '\n' && text[0] != '\r' && text[0] != '"')
        *delimiter = text[0];
    else
        return table__fail(error, BH_ERROR_NAME, 0, "'delimiter' is '%s': it must be one character, 'tab', 'space' or 'auto'",
                           text);
    return BH_OK;
}

static bh_status read_quote(bh_message_view arguments, char *quote, char delimiter, table_error *error)
{
    const char *text;
    bh_status status = read_text(arguments, "quote", &text, "\"", error);
    if (status)
        return status;
    *quote = '"';
    if (strcmp(text, "none") == 0)
        *quote = 0;
    else if (text[0] > ' ' && !text[1] && text[0] != delimiter)
        *quote = text[0];
    else
        return table__fail(error, BH_ERROR_NAME, 0,
                           "'quote' is '%s': it must be one character other than the delimiter, or 'none'", text);
    return BH_OK;
}

static bh_status read_lead(bh_message_view arguments, int *lead, table_error *error)
{
    enum { MOST = 50 };
    bh_message_view value = bh_message_view_find(arguments, "lead");
    int64_t number = 0;
    *lead = 0;
    if (bh_message_view_type(value) <= BH_MESSAGE_NULL)
        return BH_OK;
    if (bh_message_view_type(value) != BH_MESSAGE_INT || bh_message_read_int(value, NULL, &number) || number < 0 || number > MOST)
        return table__fail(error, BH_ERROR_RANGE, 0, "'lead' must be a number of rows from 0 to %d", MOST);
    *lead = (int)number;
    return BH_OK;
}

bh_status table_options_read(bh_message_view arguments, table_options *options, table_error *error)
{
    int format, bad;
    bh_status status = read_word(arguments, "format", formats, &format, error);
    if (!status)
        status = read_word(arguments, "bad_rows", bad_rows, &bad, error);
    if (!status)
        status = read_delimiter(arguments, &options->delimiter, error);
    if (!status)
        status = read_quote(arguments, &options->quote, options->delimiter, error);
    if (!status)
        status = read_choice(arguments, "header", &options->header, error);
    if (!status)
        status = read_lead(arguments, &options->lead, error);
    if (!status)
        status = read_choice(arguments, "count_line", &options->count_line, error);
    if (status)
        return status;
    options->format = (table_format)format;
    options->bad_rows = (table_bad_rows)bad;
    return BH_OK;
}

static void write_choice(bh_message *message, const char *key, table_choice choice)
{
    if (choice == TABLE_DETECT)
        bh_message_add_string(message, key, "auto");
    else
        bh_message_add_bool(message, key, choice == TABLE_YES);
}

void table_options_write(const table_options *options, bh_message *message)
{
    char delimiter[2] = {options->delimiter, 0}, quote[2] = {options->quote, 0};
    bh_message_add_string(message, "format", formats[options->format]);
    bh_message_add_string(message, "delimiter",
                          !options->delimiter          ? "auto"
                          : options->delimiter == '\t' ? "tab"
                          : options->delimiter == ' '  ? "space"
                                                       : delimiter);
    bh_message_add_string(message, "quote", options->quote ? quote : "none");
    write_choice(message, "header", options->header);
    bh_message_add_int(message, "lead", options->lead);
    write_choice(message, "count_line", options->count_line);
    bh_message_add_string(message, "bad_rows", bad_rows[options->bad_rows]);
}

/* --- choices of columns */

static bh_status read_names(bh_message_view arguments, const char *key, const char *const **names, size_t *count,
                            table_error *error)
{
    bh_message_view list = bh_message_view_find(arguments, key);
    *names = NULL;
    *count = bh_message_view_count(list);
    if (bh_message_view_type(list) <= BH_MESSAGE_NULL || (bh_message_view_type(list) == BH_MESSAGE_INTS && *count == 0))
        return BH_OK;
    if (bh_message_view_type(list) != BH_MESSAGE_ARRAY)
        return table__fail(error, BH_ERROR_TYPE, 0, "'%s' is %s: it must be an array of names", key,
                           bh_message_type_name(bh_message_view_type(list)));
    const char **texts = calloc(*count + 1, sizeof *texts);
    if (!texts)
        return table__no_memory(error);
    *names = texts;
    for (size_t i = 0; i < *count; i++)
        if (bh_message_view_type(bh_message_view_at(list, i)) != BH_MESSAGE_STRING ||
            bh_message_read_string(bh_message_view_at(list, i), NULL, &texts[i]))
            return table__fail(error, BH_ERROR_TYPE, 0, "'%s' has an element that is no string: name columns, or \"#3\"", key);
    return BH_OK;
}

bh_status table_choices_read(bh_message_view arguments, table_choices *choices, table_error *error)
{
    int as = 0;
    table_choices_init(choices);
    bh_status status = read_text(arguments, "target", &choices->target, NULL, error);
    if (!status)
        status = read_word(arguments, "target_is", targets, &as, error);
    choices->as = (table_target)as;
    if (!status)
        status = read_names(arguments, "features", &choices->features, &choices->feature_count, error);
    if (!status)
        status = read_names(arguments, "categorical", &choices->categorical, &choices->categorical_count, error);
    if (status)
        table_choices_clear(choices);
    return status;
}

void table_choices_clear(table_choices *choices)
{
    free((void *)choices->features);
    free((void *)choices->categorical);
    table_choices_init(choices);
}
