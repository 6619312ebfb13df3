/* The program. */
#include "program.h"

#include <bulkhead/bulkhead.h>

int main(int argc, char **argv)
{
    bh_main_guard(argc, argv, NULL);
    return program_run(argc, argv, &program_usual_face);
}
