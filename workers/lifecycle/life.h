/* The life of the program, moment by moment: who does what when. */
#ifndef LIFECYCLE_LIFE_H
#define LIFECYCLE_LIFE_H

/* At exit(): finalisers that are left, and the exit report unless it was written. */
void bh__life_at_exit(void);

#endif
