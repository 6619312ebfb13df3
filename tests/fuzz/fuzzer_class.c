/* libFuzzer: bytes as the description of a class, from which an instance is made and used. Any description must be accepted or
 * refused with a sentence.
 *
 * A description lives as long as the program once it was accepted, so each input has one of its own, under a name that was not used
 * before; so that memory stays bounded, the names run out after a while, and from then on only refusals are tried. */
#include <bulkhead/qt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

enum { ACCEPTED = 20000, TEXT_SIZE = 80 };

/* What is left of the input. */
static struct {
    const uint8_t *at, *end;
} input;

/* A description, and the texts that it points to; kept in a list, so that no memory is lost. */
typedef struct described {
    struct described *next;
    bh_class class;
    char texts[128][TEXT_SIZE];
    int used;
} described;

static described *accepted;
static int accepted_count, name_count;
static bool refused_without_sentence;

static void hear(const bh_error *error, void *user)
{
    (void)user;
    refused_without_sentence = !error->sentence[0];
}

static unsigned byte(void)
{
    return input.at < input.end ? *input.at++ : 0;
}

static int number(void)
{
    unsigned bits = 0;
    for (int i = 0; i < 4; i++)
        bits = bits << 8 | byte();
    return (int)bits;
}

/* The input's next text, up to a zero or a line end; NULL for an empty one that says so. */
static const char *text(described *one)
{
    if (one->used == 128)
        return NULL;
    char *out = one->texts[one->used++];
    int length = 0;
    for (unsigned c = byte(); c && c != '\n' && length < TEXT_SIZE - 1; c = byte())
        out[length++] = (char)c;
    out[length] = 0;
    return length == 0 && byte() % 2 ? NULL : out;
}

static void slot_void(bh_object *self, void *user)
{
    (void)self;
    (void)user;
}

static void slot_int(bh_object *self, void *user, int value)
{
    (void)self;
    (void)user;
    (void)value;
}

static void paint(bh_object *self, void *user, bh_painter *painter, bh_size size)
{
    (void)self;
    (void)user;
    bh_painter_draw_line(painter, 0, 0, size.width, size.height);
}

static void read_slot(described *one, bh_slot *slot)
{
    static const bh_slot known[] = {BH_SLOT("act()", slot_void), BH_SLOT("takeInt(int)", slot_int, int)};
    unsigned kind = byte();
    *slot = known[kind % 2];
    if (kind & 4)
        slot->signature = text(one);
    if (kind & 8)
        slot->callback.count = number();
    if (kind & 16)
        slot->callback.function = NULL;
}

static void read_class(described *one)
{
    static const char *const bases[] = {NULL, "QObject", "QWidget", "QDialog", "QMainWindow", "QLabel", "", "QFoo"};
    bh_class *class = &one->class;
    unsigned flags = byte();
    class->size = flags & 1 ? (size_t)number() : sizeof *class;
    if (flags & 2) {
        class->name = text(one);
    } else {
        snprintf(one->texts[0], TEXT_SIZE, "Made%d", accepted_count < ACCEPTED ? ++name_count : 1);
        class->name = one->texts[0];
        one->used = 1;
    }
    class->base = bases[byte() % 8];
    for (unsigned i = 0, count = byte() % (BH_MAX_SIGNALS + 1); i < count; i++) {
        class->signals[i] = text(one);
        if (flags & 4)
            class->queues[i] = (bh_queue){(bh_queue_policy)byte(), number()};
    }
    for (unsigned i = 0, count = byte() % (BH_MAX_SLOTS + 1); i < count; i++)
        read_slot(one, &class->slots[i]);
    for (unsigned i = 0, count = byte() % (BH_MAX_PROPERTIES + 1); i < count; i++)
        class->properties[i] = (bh_property){text(one), text(one), text(one), byte() % 2};
    class->paint = flags & 8 ? paint : NULL;
}

static void use(bh_object *object, const bh_class *class)
{
    bh_value values[BH_MAX_ARGUMENTS] = {BH_VALUE(1), BH_VALUE("text")};
    char *got = NULL;
    for (int i = 0; i < BH_MAX_SIGNALS && class->signals[i]; i++)
        bh_emit_values(object, i, (int)(byte() % 3), values);
    for (int i = 0; i < BH_MAX_PROPERTIES && class->properties[i].name; i++) {
        bh_set_property_value(object, class->properties[i].name, &values[byte() % 2]);
        bh_get_string(object, class->properties[i].name, &got);
        bh_free(got);
    }
    bh_property_info *properties = NULL;
    bh_method_info *methods = NULL;
    if (!bh_class_properties(class->name, &properties, NULL))
        bh_free(properties);
    if (!bh_class_methods(class->name, &methods, NULL))
        bh_free(methods);
    bh_destroy(object);
}

static void quiet(bh_log_level level, const char *category, const char *line, void *user)
{
    (void)level;
    (void)category;
    (void)line;
    (void)user;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    setenv("QT_QPA_PLATFORM", "offscreen", 0);
    bh_set_error_hook((bh_error_hook){hear, NULL});
    bh_set_log_handler((bh_log_handler){quiet, NULL});
    if (!bh_app_create(0, NULL))
        abort();
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    described *one = calloc(1, sizeof *one);
    if (!one)
        return 0;
    input.at = bytes;
    input.end = bytes + size;
    read_class(one);
    refused_without_sentence = true;
    bh_object *object = bh_create_instance(&one->class, NULL, NULL);
    if (!object) {
        if (refused_without_sentence)
            abort();
        free(one);
        return 0;
    }
    accepted_count++;
    one->next = accepted;
    accepted = one;
    use(object, &one->class);
    return 0;
}
