/* Thread-local variables that every handler reads: found without a call. The libraries are loaded with the program, or their few bytes
 * fit into what the loader keeps for those that come later. */
#ifndef BASE_TLS_H
#define BASE_TLS_H

#define BH__TLS __attribute__((tls_model("initial-exec")))

#endif
