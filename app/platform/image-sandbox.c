/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "platform/image-helper.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#define MAX_FILES 8

static gboolean
limit (int resource, rlim_t value)
{
  struct rlimit l = { .rlim_cur = value, .rlim_max = value };

  return setrlimit (resource, &l) == 0;
}

static gboolean
set_limits (gsize memory, guint cpu_s)
{
  gboolean ok = limit (RLIMIT_CPU, cpu_s) && limit (RLIMIT_CORE, 0) && limit (RLIMIT_FSIZE, 0);

#if !SHT_WITH_ASAN
  /* AddressSanitizer maps terabytes of shadow and opens files to report. */
  ok = ok && limit (RLIMIT_AS, memory) && limit (RLIMIT_DATA, memory)
       && limit (RLIMIT_NOFILE, MAX_FILES);
#endif
  return ok;
}

#if SHT_WITH_ASAN

/* AddressSanitizer needs too much of the kernel at exit for an allow-list: what would hurt most is
 * denied instead. Only builds for testing are made this way. */
static gboolean
add_rules (scmp_filter_ctx filter)
{
  static const int denied[] = {
    SCMP_SYS (execve),  SCMP_SYS (execveat), SCMP_SYS (connect), SCMP_SYS (bind),
    SCMP_SYS (listen),  SCMP_SYS (accept),   SCMP_SYS (accept4), SCMP_SYS (sendto),
    SCMP_SYS (sendmsg), SCMP_SYS (unlink),   SCMP_SYS (rename),  SCMP_SYS (mkdir),
  };
  int error = seccomp_rule_add (filter, SCMP_ACT_KILL_PROCESS, SCMP_SYS (openat), 1,
                                SCMP_A2 (SCMP_CMP_MASKED_EQ, O_ACCMODE, O_WRONLY));

  for (guint i = 0; error == 0 && i < G_N_ELEMENTS (denied); i++)
    error = seccomp_rule_add (filter, SCMP_ACT_KILL_PROCESS, denied[i], 0);
  return error == 0;
}

#define DEFAULT_ACTION SCMP_ACT_ALLOW

#else

/* Computing, memory, the two pipes, and the end: no names of files, no network, no other process. */
static gboolean
add_rules (scmp_filter_ctx filter)
{
  static const int allowed[] = {
    SCMP_SYS (read),           SCMP_SYS (write),          SCMP_SYS (writev),
    SCMP_SYS (close),          SCMP_SYS (lseek),          SCMP_SYS (fstat),
    SCMP_SYS (brk),            SCMP_SYS (munmap),         SCMP_SYS (mremap),
    SCMP_SYS (madvise),        SCMP_SYS (futex),          SCMP_SYS (sched_yield),
    SCMP_SYS (clock_gettime),  SCMP_SYS (gettimeofday),   SCMP_SYS (getrandom),
    SCMP_SYS (getpid),         SCMP_SYS (gettid),         SCMP_SYS (rt_sigreturn),
    SCMP_SYS (rt_sigprocmask), SCMP_SYS (rt_sigaction),   SCMP_SYS (sigaltstack),
    SCMP_SYS (exit),           SCMP_SYS (exit_group),     SCMP_SYS (restart_syscall),
    SCMP_SYS (set_robust_list), SCMP_SYS (rseq),          SCMP_SYS (sched_getaffinity),
    SCMP_SYS (nanosleep),      SCMP_SYS (clock_nanosleep),
  };
  /* A library that looks for a table or a plugin is told that there is none, and goes on. */
  static const int refused[] = {
    SCMP_SYS (openat),  SCMP_SYS (newfstatat), SCMP_SYS (access), SCMP_SYS (faccessat2),
    SCMP_SYS (statx),   SCMP_SYS (readlink),   SCMP_SYS (ioctl),  SCMP_SYS (sysinfo),
    SCMP_SYS (prlimit64), SCMP_SYS (prctl),
  };
  int error = 0;

  for (guint i = 0; error == 0 && i < G_N_ELEMENTS (allowed); i++)
    error = seccomp_rule_add (filter, SCMP_ACT_ALLOW, allowed[i], 0);
  for (guint i = 0; error == 0 && i < G_N_ELEMENTS (refused); i++)
    error = seccomp_rule_add (filter, SCMP_ACT_ERRNO (EACCES), refused[i], 0);
  /* Memory that is never run, and backed by no file. */
  if (error == 0)
    error = seccomp_rule_add (filter, SCMP_ACT_ALLOW, SCMP_SYS (mmap), 2,
                              SCMP_A2 (SCMP_CMP_MASKED_EQ, PROT_EXEC, 0),
                              SCMP_A3 (SCMP_CMP_MASKED_EQ, MAP_ANONYMOUS, MAP_ANONYMOUS));
  if (error == 0)
    error = seccomp_rule_add (filter, SCMP_ACT_ALLOW, SCMP_SYS (mprotect), 1,
                              SCMP_A2 (SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
  /* HEIC is decoded in threads. The flags of clone3 are out of a filter's sight, so glibc is sent
   * back to clone, where they are not. */
  if (error == 0)
    error = seccomp_rule_add (filter, SCMP_ACT_ERRNO (ENOSYS), SCMP_SYS (clone3), 0);
  if (error == 0)
    error = seccomp_rule_add (filter, SCMP_ACT_ALLOW, SCMP_SYS (clone), 1,
                              SCMP_A0 (SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD));
  return error == 0;
}

#define DEFAULT_ACTION SCMP_ACT_KILL_PROCESS

#endif

/**
 * sht_sandbox_enter:
 * @memory: bytes of address space that it may have
 * @cpu_s: seconds of processor until it is killed
 *
 * Gives up everything that turning bytes into other bytes does not need. Call it when the libraries
 * are loaded and the source is read, before a foreign byte is parsed. There is no way back.
 *
 * Returns: %FALSE when the kernel does not confine; then nothing may be parsed
 */
gboolean
sht_sandbox_enter (gsize memory, guint cpu_s)
{
  scmp_filter_ctx filter;
  gboolean ok;

  /* Not dumpable: neither a core file with somebody's photo nor ptrace by a process of this user. */
  if (prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || !set_limits (memory, cpu_s))
    return FALSE;
#if !SHT_WITH_ASAN
  if (prctl (PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
    return FALSE;
#endif
  filter = seccomp_init (DEFAULT_ACTION);
  ok = filter != NULL && add_rules (filter) && seccomp_load (filter) == 0;
  if (filter != NULL)
    seccomp_release (filter);
  return ok;
}
