/* A file system for SQLite that dies, or is full, at the Nth time that something is written, synced, shortened or deleted. It
 * hands everything to the usual one, and becomes the default, so that what is tested need not know of it. */
#ifndef TEST_VFS_H
#define TEST_VFS_H

#include <signal.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef enum vfs_fault {
    VFS_NONE,
    VFS_KILL,      /* the process dies before the Nth */
    VFS_KILL_TORN, /* the process dies when half of the Nth write is on the disk */
    VFS_FULL       /* from the Nth on, every write finds the disk full */
} vfs_fault;

static struct {
    vfs_fault fault;
    long count, at; /* of those calls; the one to fail */
} vfs;

typedef struct vfs_file {
    sqlite3_file base;
    sqlite3_file *real;
} vfs_file;

static sqlite3_vfs vfs_itself, *vfs_usual;

#define REAL(file) (((vfs_file *)(file))->real)
#define HAND_ON(file, method, ...) REAL(file)->pMethods->method(REAL(file), __VA_ARGS__)

static inline void vfs_die(void)
{
    kill(getpid(), SIGKILL);
    pause();
}

/* True if this call is to find the disk full. */
static inline bool vfs_hit(void)
{
    vfs.count++;
    if ((vfs.fault == VFS_KILL || vfs.fault == VFS_KILL_TORN) && vfs.count == vfs.at)
        vfs_die();
    return vfs.fault == VFS_FULL && vfs.count >= vfs.at;
}

static int vfs_close(sqlite3_file *file)
{
    int code = REAL(file)->pMethods->xClose(REAL(file));
    free(REAL(file));
    return code;
}

static int vfs_read(sqlite3_file *file, void *out, int size, sqlite3_int64 at)
{
    return HAND_ON(file, xRead, out, size, at);
}

static int vfs_write(sqlite3_file *file, const void *bytes, int size, sqlite3_int64 at)
{
    if (vfs.fault == VFS_KILL_TORN && vfs.count + 1 == vfs.at)
        HAND_ON(file, xWrite, bytes, size / 2, at);
    return vfs_hit() ? SQLITE_FULL : HAND_ON(file, xWrite, bytes, size, at);
}

static int vfs_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    return vfs_hit() ? SQLITE_FULL : HAND_ON(file, xTruncate, size);
}

/* Death of a process loses nothing that was written, so the disk is spared. */
static int vfs_sync(sqlite3_file *file, int flags)
{
    (void)file;
    (void)flags;
    return vfs_hit() ? SQLITE_FULL : SQLITE_OK;
}

static int vfs_size(sqlite3_file *file, sqlite3_int64 *size)
{
    return REAL(file)->pMethods->xFileSize(REAL(file), size);
}

static int vfs_lock(sqlite3_file *file, int level)
{
    return HAND_ON(file, xLock, level);
}

static int vfs_unlock(sqlite3_file *file, int level)
{
    return HAND_ON(file, xUnlock, level);
}

static int vfs_reserved(sqlite3_file *file, int *out)
{
    return HAND_ON(file, xCheckReservedLock, out);
}

static int vfs_control(sqlite3_file *file, int operation, void *argument)
{
    return HAND_ON(file, xFileControl, operation, argument);
}

static int vfs_sector(sqlite3_file *file)
{
    return REAL(file)->pMethods->xSectorSize(REAL(file));
}

static int vfs_device(sqlite3_file *file)
{
    return REAL(file)->pMethods->xDeviceCharacteristics(REAL(file));
}

static int vfs_shm_map(sqlite3_file *file, int page, int size, int extend, void volatile **out)
{
    return HAND_ON(file, xShmMap, page, size, extend, out);
}

static int vfs_shm_lock(sqlite3_file *file, int offset, int count, int flags)
{
    return HAND_ON(file, xShmLock, offset, count, flags);
}

static void vfs_shm_barrier(sqlite3_file *file)
{
    REAL(file)->pMethods->xShmBarrier(REAL(file));
}

static int vfs_shm_unmap(sqlite3_file *file, int remove)
{
    return HAND_ON(file, xShmUnmap, remove);
}

static const sqlite3_io_methods vfs_methods = {2,          vfs_close,   vfs_read,     vfs_write,       vfs_truncate,  vfs_sync,
                                               vfs_size,   vfs_lock,    vfs_unlock,   vfs_reserved,    vfs_control,   vfs_sector,
                                               vfs_device, vfs_shm_map, vfs_shm_lock, vfs_shm_barrier, vfs_shm_unmap, NULL,
                                               NULL};

static int vfs_open(sqlite3_vfs *self, const char *name, sqlite3_file *file, int flags, int *out)
{
    (void)self;
    vfs_file *ours = (vfs_file *)file;
    memset(ours, 0, sizeof *ours);
    ours->real = calloc(1, (size_t)vfs_usual->szOsFile);
    if (!ours->real)
        return SQLITE_NOMEM;
    int code = vfs_usual->xOpen(vfs_usual, name, ours->real, flags, out);
    if (code)
        free(ours->real);
    else
        ours->base.pMethods = &vfs_methods;
    return code;
}

static int vfs_delete(sqlite3_vfs *self, const char *name, int sync)
{
    (void)self;
    return vfs_hit() ? SQLITE_FULL : vfs_usual->xDelete(vfs_usual, name, sync);
}

static inline void vfs_install(void)
{
    sqlite3_initialize();
    if (vfs_usual)
        return;
    vfs_usual = sqlite3_vfs_find(NULL);
    vfs_itself = *vfs_usual;
    vfs_itself.zName = "test";
    vfs_itself.szOsFile = (int)sizeof(vfs_file);
    vfs_itself.xOpen = vfs_open;
    vfs_itself.xDelete = vfs_delete;
    sqlite3_vfs_register(&vfs_itself, 1);
}

static inline void vfs_plan(vfs_fault fault, long at)
{
    vfs.fault = fault;
    vfs.count = 0;
    vfs.at = at;
}

#endif
