/* The life of the program, moment by moment: who does what when. */
#ifndef LIFECYCLE_LIFE_H
#define LIFECYCLE_LIFE_H

/* At exit(CODE): finalisers that are left, and the exit report unless it was written. Does not return if threads of ours still run. */
void bh__life_at_exit(int code);

#endif
