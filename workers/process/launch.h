/* Launchers: the words of a command line that are put in front of a worker's. */
#ifndef PROCESS_LAUNCH_H
#define PROCESS_LAUNCH_H

#include <bulkhead/status.h>

/* Splits TEXT into at most BH__LAUNCH_WORDS words as a shell would that knows blanks, quotes and backslashes and nothing else. *WORDS ends
 * with NULL, and is one allocation: bh__free. Reports for CALL, and returns its status: text that is no command line
 * (BH_ERROR_FORMAT), no memory. */
bh_status bh__launch_split(const char *text, const char *call, char ***words, size_t *count);

/* Whether the program that a launcher begins with can be run; reports for CALL. */
bh_status bh__launch_find(const char *program, const char *call);

#endif
