/* The bridge as base/host.h sees it: from bh_app_create to bh_app_destroy. */
#ifndef CORE_HOST_H
#define CORE_HOST_H

void bh__host_install(void);
void bh__host_remove(void);

#endif
