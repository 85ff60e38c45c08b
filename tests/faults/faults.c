/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A library that is loaded before the programs' own (LD_PRELOAD): it counts what they do to files under one folder
 * and what they send, does one thing wrong at a chosen call, and can keep a journal of it all. README.md tells the
 * environment by which it is steered. */
/* Both names of each call are to be had here. */
#undef _FILE_OFFSET_BITS
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum kind { WRITE, CUT, SYNC, RENAME, UNLINK, MAKE, SEND, N_KINDS };
static const char *const kind_names[] = { "write", "cut", "sync", "rename", "unlink", "make", "send" };

enum deed { NOTHING, KILL_BEFORE, KILL_HALF, KILL_AFTER, FAIL, SHORT };

/* Shared by all processes that are given the same file. */
struct tally
{
  _Atomic uint64_t calls[N_KINDS];
  _Atomic uint64_t fired; /* how often something was done wrong */
  _Atomic uint64_t bytes; /* written to files */
  _Atomic uint64_t room;  /* how many bytes may be written before the disk is full; 0: there is no end */
};

/* What a record of the journal begins with; its path and its bytes follow. */
struct record
{
  uint32_t type; /* enum kind, for a folder's sync and a new folder with the bit below */
  uint32_t path;
  uint64_t inode;
  uint64_t at; /* where bytes were written, or the size that was cut to */
  uint64_t bytes;
};
#define FOLDER 0x100u

static char under[PATH_MAX];
static struct tally own;
static struct tally *tally = &own;
static int journal = -1;
static uint32_t wanted_kinds;
static uint64_t wanted_call;
static enum deed deed;
static int failure;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

#define REAL(name) \
  static __typeof__ (&name) real; \
  if (real == NULL) \
    real = (__typeof__ (&name)) dlsym (RTLD_NEXT, #name)

static void
die_of (const char *what)
{
  fprintf (stderr, "faults: cannot make sense of %s\n", what);
  abort ();
}

/* SHETACH_FAULT=DEED@KIND:N, where KIND may be any. */
static void
read_fault (const char *text)
{
  static const struct { const char *name; enum deed deed; int failure; } deeds[] = {
    { "kill-before", KILL_BEFORE, 0 }, { "kill-half", KILL_HALF, 0 }, { "kill-after", KILL_AFTER, 0 },
    { "eio", FAIL, EIO }, { "enospc", FAIL, ENOSPC }, { "short", SHORT, 0 },
  };
  char name[16], kind[16];
  unsigned long long n;

  if (sscanf (text, "%15[a-z-]@%15[a-z]:%llu", name, kind, &n) != 3)
    die_of (text);
  for (size_t i = 0; i < sizeof deeds / sizeof deeds[0]; i++)
    if (strcmp (deeds[i].name, name) == 0)
      {
        deed = deeds[i].deed;
        failure = deeds[i].failure;
      }
  for (int i = 0; i < N_KINDS; i++)
    if (strcmp (kind, "any") == 0 || strcmp (kind, kind_names[i]) == 0)
      wanted_kinds |= 1u << i;
  wanted_call = n;
  if (deed == NOTHING || wanted_kinds == 0)
    die_of (text);
}

static void __attribute__ ((constructor))
begin (void)
{
  const char *folder = getenv ("SHETACH_FAULTS_UNDER");
  const char *path = getenv ("SHETACH_FAULTS_TALLY");
  const char *fault = getenv ("SHETACH_FAULT");
  int fd;

  if (folder == NULL)
    return;
  snprintf (under, sizeof under, "%s", folder);
  if (path != NULL)
    {
      fd = open (path, O_RDWR | O_CLOEXEC);
      tally = fd >= 0 ? mmap (NULL, sizeof *tally, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) : MAP_FAILED;
      if (tally == MAP_FAILED)
        die_of (path);
      close (fd);
    }
  if (fault != NULL)
    read_fault (fault);
  path = getenv ("SHETACH_FAULTS_JOURNAL");
  if (path != NULL)
    journal = open (path, O_WRONLY | O_APPEND | O_CLOEXEC);
}

static int
is_under (const char *path)
{
  size_t length = strlen (under);

  return length > 0 && strncmp (path, under, length) == 0 && (path[length] == '/' || path[length] == '\0');
}

static int
whole_path (int dir, const char *path, char *to)
{
  char link[64], base[PATH_MAX];
  ssize_t n;

  if (path[0] == '/')
    return snprintf (to, PATH_MAX, "%s", path) < PATH_MAX && is_under (to);
  if (dir == AT_FDCWD)
    return 0;
  snprintf (link, sizeof link, "/proc/self/fd/%d", dir);
  n = readlink (link, base, sizeof base - 1);
  if (n <= 0)
    return 0;
  base[n] = '\0';
  return snprintf (to, PATH_MAX, "%s/%s", base, path) < PATH_MAX && is_under (to);
}

/* The index of a WAL is the machine's memory under a file's name. */
static int
is_memory (const char *path)
{
  size_t length = strlen (path);

  return length > 4 && strcmp (path + length - 4, "-shm") == 0;
}

static int
path_of (int fd, char *to)
{
  char link[64];
  ssize_t n;

  if (under[0] == '\0')
    return 0;
  snprintf (link, sizeof link, "/proc/self/fd/%d", fd);
  n = readlink (link, to, PATH_MAX - 1);
  if (n <= 0)
    return 0;
  to[n] = '\0';
  return is_under (to) && !is_memory (to);
}

static int
is_network (int fd)
{
  int domain = 0;
  socklen_t length = sizeof domain;

  return under[0] != '\0' && getsockopt (fd, SOL_SOCKET, SO_DOMAIN, &domain, &length) == 0
         && (domain == AF_INET || domain == AF_INET6);
}

static void
note (uint32_t type, const char *path, uint64_t inode, uint64_t at, const void *data, uint64_t bytes)
{
  struct record record = { type, (uint32_t) strlen (path), inode, at, bytes };
  struct iovec parts[] = { { &record, sizeof record }, { (void *) path, record.path }, { (void *) data, bytes } };

  if (journal >= 0)
    syscall (SYS_writev, journal, parts, data != NULL ? 3 : 2);
}

static void
note_of (int fd, uint32_t type, const char *path, uint64_t at, const void *data, uint64_t bytes)
{
  struct stat info;

  if (journal >= 0 && fstat (fd, &info) == 0)
    note (type, path, info.st_ino, at, data, bytes);
}

/* Counts a call. Returns what is to be done to it. */
static enum deed
count (enum kind kind)
{
  uint64_t n = 0;

  atomic_fetch_add (&tally->calls[kind], 1);
  if (deed == NOTHING || (wanted_kinds & 1u << kind) == 0)
    return NOTHING;
  for (int i = 0; i < N_KINDS; i++)
    if (wanted_kinds & 1u << i)
      n += atomic_load (&tally->calls[i]);
  if (n != wanted_call)
    return NOTHING;
  atomic_fetch_add (&tally->fired, 1);
  return deed;
}

static void
die (void)
{
  syscall (SYS_kill, getpid (), SIGKILL);
}

/* Before a call that is whole or not at all. Returns: whether it fails, with errno set. */
static int
spoil (enum deed what)
{
  if (what == KILL_BEFORE || what == KILL_HALF)
    die ();
  if (what != FAIL)
    return 0;
  errno = failure;
  return 1;
}

/* How much of a write is made; -1 with errno when it fails. */
static ssize_t
allowance (enum deed what, size_t length, int is_file)
{
  uint64_t room = atomic_load (&tally->room);

  if (what == KILL_BEFORE)
    die ();
  if (what == FAIL)
    {
      errno = failure;
      return -1;
    }
  if (what == KILL_HALF || what == SHORT)
    length = length > 1 ? length / 2 : length;
  if (!is_file)
    return (ssize_t) length;
  if (room > 0 && atomic_fetch_add (&tally->bytes, length) + length > room)
    {
      atomic_fetch_add (&tally->fired, 1);
      errno = ENOSPC;
      return -1;
    }
  return (ssize_t) length;
}

static void
after (enum deed what)
{
  if (what == KILL_HALF || what == KILL_AFTER)
    die ();
}

static ssize_t
do_write (int fd, const void *data, size_t length, off_t at)
{
  REAL (pwrite);
  static ssize_t (*real_write) (int, const void *, size_t);
  char path[PATH_MAX];
  int is_file = path_of (fd, path);
  enum deed what;
  ssize_t n;

  if (real_write == NULL)
    real_write = (ssize_t (*) (int, const void *, size_t)) dlsym (RTLD_NEXT, "write");
  if (!is_file && !(at < 0 && is_network (fd)))
    return at >= 0 ? real (fd, data, length, at) : real_write (fd, data, length);
  pthread_mutex_lock (&lock);
  what = count (is_file ? WRITE : SEND);
  n = allowance (what, length, is_file);
  if (n >= 0)
    {
      off_t where = at >= 0 || !is_file ? at : lseek (fd, 0, SEEK_CUR);

      n = at >= 0 ? real (fd, data, (size_t) n, at) : real_write (fd, data, (size_t) n);
      if (n > 0 && is_file)
        note_of (fd, WRITE, path, (uint64_t) where, data, (uint64_t) n);
      after (what);
    }
  pthread_mutex_unlock (&lock);
  return n;
}

ssize_t
write (int fd, const void *data, size_t length)
{
  return do_write (fd, data, length, -1);
}

ssize_t
pwrite (int fd, const void *data, size_t length, off_t at)
{
  return do_write (fd, data, length, at);
}

ssize_t
pwrite64 (int fd, const void *data, size_t length, off64_t at)
{
  return do_write (fd, data, length, at);
}

ssize_t
send (int fd, const void *data, size_t length, int flags)
{
  REAL (send);
  enum deed what;
  ssize_t n;

  if (!is_network (fd))
    return real (fd, data, length, flags);
  what = count (SEND);
  n = allowance (what, length, 0);
  if (n < 0)
    return n;
  n = real (fd, data, (size_t) n, flags);
  after (what);
  return n;
}

/* Of several pieces the first is the half. */
ssize_t
sendmsg (int fd, const struct msghdr *message, int flags)
{
  REAL (sendmsg);
  struct msghdr shorter = *message;
  enum deed what;
  ssize_t n;

  if (!is_network (fd))
    return real (fd, message, flags);
  what = count (SEND);
  if (allowance (what, 0, 0) < 0)
    return -1;
  if ((what == KILL_HALF || what == SHORT) && message->msg_iovlen > 1)
    shorter.msg_iovlen = 1;
  n = real (fd, &shorter, flags);
  after (what);
  return n;
}

ssize_t
writev (int fd, const struct iovec *parts, int n_parts)
{
  REAL (writev);
  char path[PATH_MAX];
  ssize_t sum = 0;

  if (is_network (fd))
    {
      struct msghdr message = { .msg_iov = (struct iovec *) parts, .msg_iovlen = (size_t) n_parts };

      return sendmsg (fd, &message, MSG_NOSIGNAL);
    }
  if (!path_of (fd, path))
    return real (fd, parts, n_parts);
  for (int i = 0; i < n_parts; i++)
    {
      ssize_t n = do_write (fd, parts[i].iov_base, parts[i].iov_len, -1);

      if (n < 0)
        return sum > 0 ? sum : n;
      sum += n;
      if (n < (ssize_t) parts[i].iov_len)
        break;
    }
  return sum;
}

int
ftruncate (int fd, off_t size)
{
  REAL (ftruncate);
  char path[PATH_MAX];
  enum deed what;
  int result = -1;

  if (!path_of (fd, path))
    return real (fd, size);
  pthread_mutex_lock (&lock);
  what = count (CUT);
  if (!spoil (what))
    {
      result = real (fd, size);
      if (result == 0)
        note_of (fd, CUT, path, (uint64_t) size, NULL, 0);
      after (what);
    }
  pthread_mutex_unlock (&lock);
  return result;
}

int
ftruncate64 (int fd, off64_t size)
{
  return ftruncate (fd, size);
}

static int
do_sync (int fd, int (*real) (int))
{
  char path[PATH_MAX];
  struct stat info;
  enum deed what;
  int result = -1;

  if (!path_of (fd, path) || fstat (fd, &info) != 0)
    return real (fd);
  pthread_mutex_lock (&lock);
  what = count (SYNC);
  if (!spoil (what))
    {
      result = real (fd);
      if (result == 0)
        note (SYNC | (S_ISDIR (info.st_mode) ? FOLDER : 0), path, info.st_ino, 0, NULL, 0);
      after (what);
    }
  pthread_mutex_unlock (&lock);
  return result;
}

int
fsync (int fd)
{
  REAL (fsync);

  return do_sync (fd, real);
}

int
fdatasync (int fd)
{
  REAL (fdatasync);

  return do_sync (fd, real);
}

int
rename (const char *from, const char *to)
{
  REAL (rename);
  char old[PATH_MAX], new[PATH_MAX];
  enum deed what;
  int result = -1;

  if (!whole_path (AT_FDCWD, from, old) || !whole_path (AT_FDCWD, to, new))
    return real (from, to);
  pthread_mutex_lock (&lock);
  what = count (RENAME);
  if (!spoil (what))
    {
      result = real (from, to);
      if (result == 0)
        note (RENAME, old, 0, 0, new, strlen (new));
      after (what);
    }
  pthread_mutex_unlock (&lock);
  return result;
}

int
unlink (const char *name)
{
  REAL (unlink);
  char path[PATH_MAX];
  enum deed what;
  int result = -1;

  if (!whole_path (AT_FDCWD, name, path) || is_memory (path))
    return real (name);
  pthread_mutex_lock (&lock);
  what = count (UNLINK);
  if (!spoil (what))
    {
      result = real (name);
      if (result == 0)
        note (UNLINK, path, 0, 0, NULL, 0);
      after (what);
    }
  pthread_mutex_unlock (&lock);
  return result;
}

int
mkdir (const char *name, mode_t mode)
{
  REAL (mkdir);
  char path[PATH_MAX];
  enum deed what;
  int result = -1;

  if (!whole_path (AT_FDCWD, name, path))
    return real (name, mode);
  pthread_mutex_lock (&lock);
  what = count (MAKE);
  if (!spoil (what))
    {
      result = real (name, mode);
      if (result == 0)
        note (MAKE | FOLDER, path, 0, 0, NULL, 0);
      after (what);
    }
  pthread_mutex_unlock (&lock);
  return result;
}

/* Opening a file is of interest when it makes one, or empties it. */
static int
do_open (int dir, const char *name, int flags, mode_t mode)
{
  REAL (openat);
  char path[PATH_MAX];
  struct stat before;
  enum deed what;
  int is_new, fd = -1;

  if ((flags & (O_CREAT | O_TRUNC)) == 0 || under[0] == '\0' || !whole_path (dir, name, path) || is_memory (path))
    return real (dir, name, flags, mode);
  pthread_mutex_lock (&lock);
  is_new = stat (path, &before) != 0;
  what = is_new || (flags & O_TRUNC) != 0 ? count (MAKE) : NOTHING;
  if (!spoil (what))
    {
      fd = real (dir, name, flags, mode);
      if (fd >= 0 && is_new)
        note_of (fd, MAKE, path, 0, NULL, 0);
      else if (fd >= 0 && (flags & O_TRUNC) != 0)
        note_of (fd, CUT, path, 0, NULL, 0);
      after (what);
    }
  pthread_mutex_unlock (&lock);
  return fd;
}

static mode_t
mode_of (int flags, va_list arguments)
{
  return (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg (arguments, mode_t) : 0;
}

#define OPEN(name) \
  int name (const char *path, int flags, ...) \
  { \
    va_list arguments; \
    mode_t mode; \
\
    va_start (arguments, flags); \
    mode = mode_of (flags, arguments); \
    va_end (arguments); \
    return do_open (AT_FDCWD, path, flags, mode); \
  }
OPEN (open)
OPEN (open64)

/* A folder that is prepared once and copied for each point is, for these tests, the same tablet: else the store would
 * take itself for a clone, which is another test. */
int
statx (int dir, const char *path, int flags, unsigned mask, struct statx *info)
{
  REAL (statx);
  int result = real (dir, path, flags, mask, info);

  if (result != 0 || under[0] == '\0' || !is_under (path) || getenv ("SHETACH_FAULTS_SAME") == NULL)
    return result;
  info->stx_ino = 1;
  info->stx_btime.tv_sec = 0;
  info->stx_btime.tv_nsec = 0;
  return result;
}
