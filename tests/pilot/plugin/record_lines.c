/* Lines of the script: how texts are written in Lua, and where lines go. The last one may be replaced. */
#include "record_inner.h"

static struct {
    bool keep;
    buffer kept;
    size_t last; /* where the last line begins */
} self;

void lines_keep(bool keep)
{
    self.keep = keep;
    self.last = 0;
    buffer_clear(&self.kept);
}

void lines_kept(buffer *out)
{
    buffer_put(out, buffer_get(&self.kept), self.kept.length);
}

static void keep_line(const char *line)
{
    self.last = self.kept.length;
    buffer_text(&self.kept, line);
    if (*line)
        buffer_text(&self.kept, "\n");
}

void lines_say(const char *line)
{
    if (self.keep)
        keep_line(line);
    else
        session_say("line", line);
}

void lines_instead(const char *line)
{
    if (!self.keep) {
        session_say("instead", line);
        return;
    }
    self.kept.length = self.last;
    keep_line(line);
}

/* Not of the script: what a person should know of it */
void lines_warn(const char *text)
{
    if (*text && !self.keep)
        session_say("warning", text);
}

void lines_quote(buffer *out, const char *text)
{
    buffer_text(out, "\"");
    for (; *text; text++) {
        unsigned char byte = (unsigned char)*text;
        if (byte == '\n')
            buffer_text(out, "\\n");
        else if (byte == '\t')
            buffer_text(out, "\\t");
        else if (byte < 0x20 || byte == 0x7f)
            buffer_format(out, "\\%03d", byte);
        else if (byte == '"' || byte == '\\')
            buffer_format(out, "\\%c", byte);
        else
            buffer_put(out, text, 1);
    }
    buffer_text(out, "\"");
}

/* Selectors have quotes of their own: in Lua's other quotes they can stay as they are */
void lines_selector(buffer *out, const char *text)
{
    bool other = false;
    for (const char *at = text; *at; at++) {
        if (*at == '\'' || *at == '\\' || (unsigned char)*at < 0x20) {
            lines_quote(out, text);
            return;
        }
        other |= *at == '"';
    }
    if (other)
        buffer_format(out, "'%s'", text);
    else
        lines_quote(out, text);
}

void lines_word(buffer *out, const char *word, const char *name)
{
    buffer_format(out, "%s(", word);
    lines_selector(out, name);
}
