/* One worker process, between process.c, which sends, and receive.c, which receives. The reactor's thread. */
#ifndef PROCESS_PROCESS_H
#define PROCESS_PROCESS_H

#include "process/process_pool.h"
#include "process/worker_side.h"

void bh__process_on_channel(void *process, uint32_t events);
void bh__process_on_room(void *process, uint32_t events);
void bh__process_on_output(void *process, uint32_t events);
void bh__process_on_end(void *process, uint32_t events);

/* Sends a packet, or keeps it until there is room. False without memory or descriptors: nothing of it is kept then. */
bool bh__process_post(bh__process *process, const void *bytes, size_t size, int file);

/* The packets that waited for room. */
void bh__process_flush(bh__process *process);
void bh__process_drop_waiting(bh__process *process);
void bh__process_send_initialiser(bh__process *process);

/* It is ready: tasks that it has it has to begin now. */
void bh__process_become_ready(bh__process *process);

/* A task in it has come to its end that was asked to: what was held for that may go on, if no other one is. */
void bh__process_release(bh__process *process);

/* From now on the task that it was asked to end is ended by signals. */
void bh__process_arm(bh__process *process, const bh__task *task, bh__reason reason);

/* SIGTERM. */
void bh__process_term(bh__process *process);

/* What it sent is no packet, or cannot be. */
void bh__process_break_off(bh__process *process);

/* It is dead, as END says. */
void bh__process_bury(bh__process *process, bh__end end);

/* Its socket has ended, and it has not: it gets a moment to. */
void bh__process_hung_up(bh__process *process);

/* SIGKILL did not end it: its tasks come to their end without it. */
void bh__process_abandon(bh__process *process);

/* Gives back all but the record and the pidfd. */
void bh__process_let_go(bh__process *process);

#endif
