/* bulkhead-worker: the worker program that is installed. It links no Qt. */
#include "program/functions.h"

#include <bulkhead/main_guard.h>

int main(int argc, char **argv)
{
    return bh_worker_main(argc, argv, worker_functions);
}
