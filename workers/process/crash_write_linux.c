/* The lines of a record. All of it runs in the handler of a fatal signal: crash_hook.h says what may be called here. */
#include "process/crash_hook.h"

#include <stdatomic.h>
#include <sys/prctl.h>
#include <sys/uio.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>
#include <unwind.h>

/* --- text */

static void put(bh__crash_text *text, char c)
{
    uint32_t at = atomic_load_explicit(text->used, memory_order_relaxed) + text->line;
    if (at < text->size)
        text->bytes[at] = c;
    text->line++;
}

void bh__crash_begin(bh__crash_text *text, const char *word)
{
    text->line = 0;
    for (; *word; word++)
        put(text, *word);
}

void bh__crash_word(bh__crash_text *text, const char *word, size_t most)
{
    put(text, ' ');
    for (; most > 0 && *word; word++, most--)
        put(text, (unsigned char)*word < ' ' || *word == 0x7f ? '?' : *word);
}

void bh__crash_number(bh__crash_text *text, int64_t number)
{
    char digits[24];
    size_t at = sizeof digits;
    uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    digits[--at] = 0;
    do
        digits[--at] = (char)('0' + rest % 10);
    while (rest /= 10);
    if (number < 0)
        digits[--at] = '-';
    bh__crash_word(text, digits + at, sizeof digits);
}

void bh__crash_hex(bh__crash_text *text, uint64_t number)
{
    char digits[20];
    size_t at = sizeof digits;
    digits[--at] = 0;
    do
        digits[--at] = "0123456789abcdef"[number % 16];
    while (number /= 16);
    digits[--at] = 'x';
    digits[--at] = '0';
    bh__crash_word(text, digits + at, sizeof digits);
}

void bh__crash_end(bh__crash_text *text)
{
    put(text, '\n');
    uint32_t used = atomic_load_explicit(text->used, memory_order_relaxed);
    if (text->line <= text->size - used)
        atomic_store(text->used, used + text->line);
    text->line = 0;
}

/* --- memory that may not be there */

bool bh__crash_read_memory(uint64_t address, void *out, size_t size)
{
    struct iovec here = {out, size}, there = {(void *)(uintptr_t)address, size};
    return process_vm_readv(getpid(), &here, 1, &there, 1, 0) == (ssize_t)size;
}

/* --- head and registers */

void bh__crash_write_head(bh__crash_text *text, const bh__crash_facts *facts)
{
    char path[1024], name[17] = "";
    struct timespec now = {0, 0};
    ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
    bh__crash_begin(text, "bulkhead-crash 1");
    bh__crash_end(text);
    bh__crash_begin(text, "signal");
    bh__crash_number(text, facts->signal);
    bh__crash_number(text, facts->code);
    bh__crash_hex(text, facts->address);
    bh__crash_end(text);
    clock_gettime(CLOCK_REALTIME, &now);
    bh__crash_begin(text, "time");
    bh__crash_number(text, now.tv_sec);
    bh__crash_end(text);
    bh__crash_begin(text, "process");
    bh__crash_number(text, getpid());
    bh__crash_word(text, path, length > 0 ? (size_t)length : 0);
    bh__crash_end(text);
    prctl(PR_GET_NAME, name, 0, 0, 0);
    bh__crash_begin(text, "thread");
    bh__crash_number(text, facts->thread);
    bh__crash_word(text, name, sizeof name);
    bh__crash_end(text);
}

#if defined(__x86_64__)
enum { PC = REG_RIP, SP = REG_RSP };
static const struct {
    const char *name;
    int at;
} registers[] = {{"rip", REG_RIP}, {"rsp", REG_RSP}, {"rbp", REG_RBP}, {"rax", REG_RAX}, {"rbx", REG_RBX}, {"rcx", REG_RCX},
                 {"rdx", REG_RDX}, {"rsi", REG_RSI}, {"rdi", REG_RDI}, {"r8", REG_R8},   {"r9", REG_R9},   {"r10", REG_R10},
                 {"r11", REG_R11}, {"r12", REG_R12}, {"r13", REG_R13}, {"r14", REG_R14}, {"r15", REG_R15}, {"eflags", REG_EFL}};

static uint64_t register_at(const ucontext_t *context, size_t i)
{
    return (uint64_t)context->uc_mcontext.gregs[registers[i].at];
}

uint64_t bh__crash_instruction(const void *context)
{
    return (uint64_t)((const ucontext_t *)context)->uc_mcontext.gregs[PC];
}

/* A call to nowhere: the context as it was in the caller, for the unwinder. */
static bool back_to_caller(ucontext_t *context)
{
    uint64_t caller;
    if (!bh__crash_read_memory((uint64_t)context->uc_mcontext.gregs[SP], &caller, sizeof caller))
        return false;
    context->uc_mcontext.gregs[PC] = (greg_t)caller;
    context->uc_mcontext.gregs[SP] += (greg_t)sizeof caller;
    return true;
}
#elif defined(__aarch64__)
static const struct {
    const char *name;
    int at;
} registers[] = {{"pc", 32},  {"sp", 31},  {"x0", 0},   {"x1", 1},   {"x2", 2},   {"x3", 3},   {"x4", 4},
                 {"x5", 5},   {"x6", 6},   {"x7", 7},   {"x8", 8},   {"x9", 9},   {"x10", 10}, {"x11", 11},
                 {"x12", 12}, {"x13", 13}, {"x14", 14}, {"x15", 15}, {"x16", 16}, {"x17", 17}, {"x18", 18},
                 {"x19", 19}, {"x20", 20}, {"x21", 21}, {"x22", 22}, {"x23", 23}, {"x24", 24}, {"x25", 25},
                 {"x26", 26}, {"x27", 27}, {"x28", 28}, {"x29", 29}, {"x30", 30}};

static uint64_t register_at(const ucontext_t *context, size_t i)
{
    const mcontext_t *machine = &context->uc_mcontext;
    int at = registers[i].at;
    return at == 32 ? machine->pc : at == 31 ? machine->sp : machine->regs[at];
}

uint64_t bh__crash_instruction(const void *context)
{
    return ((const ucontext_t *)context)->uc_mcontext.pc;
}

static bool back_to_caller(ucontext_t *context)
{
    context->uc_mcontext.pc = context->uc_mcontext.regs[30];
    return true;
}
#else
static const struct {
    const char *name;
} registers[] = {{""}};

static uint64_t register_at(const ucontext_t *context, size_t i)
{
    (void)context;
    (void)i;
    return 0;
}

uint64_t bh__crash_instruction(const void *context)
{
    (void)context;
    return 0;
}

static bool back_to_caller(ucontext_t *context)
{
    (void)context;
    return false;
}
#endif

void bh__crash_write_registers(bh__crash_text *text, const bh__crash_facts *facts)
{
    for (size_t i = 0; i < sizeof registers / sizeof registers[0] && registers[i].name[0]; i++) {
        bh__crash_begin(text, "register");
        bh__crash_word(text, registers[i].name, 8);
        bh__crash_hex(text, register_at(facts->context, i));
        bh__crash_end(text);
    }
}

/* --- frames */

typedef struct walk {
    bh__crash_text *text;
    uint64_t from; /* the first frame that counts; those before it are the handler's own */
    bool begun;    /* it was met */
    bool called;   /* the first one is a return address */
    int count;
} walk;

/* "frame": the instruction itself. "return": where a call will return to, which may be the next line already, or the next function. */
static void write_frame(walk *at, uint64_t address, bool called)
{
    bh__crash_begin(at->text, called ? "return" : "frame");
    bh__crash_hex(at->text, address);
    bh__crash_end(at->text);
    at->count++;
}

static _Unwind_Reason_Code on_frame(struct _Unwind_Context *context, void *user)
{
    walk *at = user;
    int interrupted = 0;
    uint64_t address = _Unwind_GetIPInfo(context, &interrupted);
    if (!address || at->count >= BH__CRASH_FRAMES)
        return _URC_END_OF_STACK;
    if (!at->begun && address == at->from) {
        at->begun = true;
        write_frame(at, address, at->called);
    } else if (at->begun) {
        write_frame(at, address, !interrupted);
    }
    return _URC_NO_REASON;
}

void bh__crash_write_frames(bh__crash_text *text, const bh__crash_facts *facts)
{
    ucontext_t *context = facts->context;
    const ucontext_t kept = *context;
    walk at = {.text = text, .from = facts->instruction};
    if (facts->address == facts->instruction && facts->code > 0 && (facts->signal == SIGSEGV || facts->signal == SIGBUS)) {
        write_frame(&at, facts->instruction, false);
        if (!back_to_caller(context))
            return;
        at.from = bh__crash_instruction(context);
        at.called = true;
    }
    _Unwind_Backtrace(on_frame, &at);
    *context = kept;
    if (!at.begun && !at.count) /* the unwinder does not know the way out of a handler here */
        write_frame(&at, at.from, false);
}
