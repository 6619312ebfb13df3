/* Caused faults: the process kills itself at the Nth step between which the order of events matters to whoever resumes. */
#ifndef FETCH_FAULT_H
#define FETCH_FAULT_H

/* One step. Kills this process (SIGKILL) if it is the one that the environment names: BH_FETCH_KILL_AT=17, counted from 1. */
void fault_step(void);

#endif
