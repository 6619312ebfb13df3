/* One worker process, between process.c, which sends, and receive.c, which receives. The reactor's thread. */
#ifndef PROCESS_PROCESS_H
#define PROCESS_PROCESS_H

#include "process/process_pool.h"
#include "process/worker_side.h"

void bh__process_on_channel(void *process, uint32_t events);
void bh__process_on_output(void *process, uint32_t events);
void bh__process_on_end(void *process, uint32_t events);

/* The packets that waited for room. */
void bh__process_flush(bh__process *process);
void bh__process_send_initialiser(bh__process *process);

/* Its socket has ended, and it has not: it gets a moment to. */
void bh__process_hung_up(bh__process *process);

/* SIGKILL did not end it: its tasks come to their end without it. */
void bh__process_abandon(bh__process *process);

/* Gives back all but the record and the pidfd. */
void bh__process_let_go(bh__process *process);

#endif
