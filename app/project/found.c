/* What was found when the project was opened, for those who come later. */
#include "project/inner.h"

const store_opened *project_found(const project *self)
{
    return self && self->opened ? &self->found : NULL;
}
