/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What libraries allocate while the loader starts them is no leak, such as GLib's table of quarks: past 2048 names it is
 * replaced, and the old one is left standing on purpose. Said here as a suppression by name would need stacks that are
 * whole, which make a window nine times as slow. Loaded before all else, and started first (-z initfirst). */
#include <dlfcn.h>

typedef int (*Start) (int (*main) (int, char **, char **), int argc, char **argv, void (*init) (void), void (*fini) (void),
                      void (*rtld_fini) (void), void *stack_end);

/* Of the leak checker; other programs are started with this library too. */
void __attribute__ ((weak)) __lsan_disable (void);
void __attribute__ ((weak)) __lsan_enable (void);
int __libc_start_main (int (*main) (int, char **, char **), int argc, char **argv, void (*init) (void), void (*fini) (void),
                       void (*rtld_fini) (void), void *stack_end);

static void __attribute__ ((constructor))
before_all_libraries (void)
{
  if (__lsan_disable)
    __lsan_disable ();
}

/* The program's first call, once all libraries are started. */
int
__libc_start_main (int (*main) (int, char **, char **), int argc, char **argv, void (*init) (void), void (*fini) (void),
                   void (*rtld_fini) (void), void *stack_end)
{
  Start start = (Start) dlsym (RTLD_NEXT, "__libc_start_main");

  if (__lsan_enable)
    __lsan_enable ();
  return start (main, argc, argv, init, fini, rtld_fini, stack_end);
}
