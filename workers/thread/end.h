/* The application's end, for workers and tasks together: all are told first, then waited for in what is left of the time. */
#ifndef THREAD_END_H
#define THREAD_END_H

/* The first worker or task sees to it that the end runs. Any thread. */
void bh__end_register(void);

#endif
