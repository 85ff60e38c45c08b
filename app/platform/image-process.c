/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "platform/image-private.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* A header, a JPEG of at most 8192 × 8192 at a sane quality, a thumbnail. A helper that was taken
 * over must not fill our memory. */
#define MAX_REPLY (SHT_IMAGE_MAX_BYTES + 1024 * 1024)

static void
close_fd (int *fd)
{
  if (*fd >= 0)
    close (*fd);
  *fd = -1;
}

static gboolean
set_helper_error (GError **error, const char *name, const char *what)
{
  g_set_error (error, SHT_IMAGE_ERROR, SHT_IMAGE_ERROR_HELPER, "%s: %s", name, what);
  return FALSE;
}

/* posix_spawn and not fork: the caller is one thread of many. */
static int
spawn (ShtHelper *child, const char *const *argv, int child_in, int child_out)
{
  static char *const no_environment[] = { NULL };
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  sigset_t none, all;
  int result;

  sigemptyset (&none);
  sigfillset (&all);
  posix_spawn_file_actions_init (&actions);
  posix_spawn_file_actions_adddup2 (&actions, child_in, STDIN_FILENO);
  posix_spawn_file_actions_adddup2 (&actions, child_out, STDOUT_FILENO);
  posix_spawn_file_actions_addopen (&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addclosefrom_np (&actions, STDERR_FILENO + 1);
  posix_spawnattr_init (&attributes);
  posix_spawnattr_setflags (&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  posix_spawnattr_setsigmask (&attributes, &none);
  posix_spawnattr_setsigdefault (&attributes, &all);
  result = posix_spawn (&child->pid, argv[0], &actions, &attributes, (char *const *) argv,
                        no_environment);
  posix_spawnattr_destroy (&attributes);
  posix_spawn_file_actions_destroy (&actions);
  return result;
}

/* A high copy, so that adddup2 onto 0 or 1 never meets its own number, which would keep
 * close-on-exec set, even in a program whose stdin was closed. */
static int
lift_fd (int fd)
{
  int high = fcntl (fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);

  close (fd);
  return high;
}

/**
 * sht_helper_start:
 * @child: (out caller-allocates): to be ended by sht_helper_end()
 * @argv: the program's path and its arguments, ended by %NULL
 * @name: what to call what it reads in messages
 *
 * Starts a program with no environment and no open files but a socket and a pipe.
 *
 * Returns: %FALSE with %SHT_IMAGE_ERROR_HELPER
 */
gboolean
sht_helper_start (ShtHelper *child, const char *const *argv, const char *name, GError **error)
{
  int in[2] = { -1, -1 }, out[2] = { -1, -1 };
  int result;

  *child = (ShtHelper){ .pidfd = -1, .input = -1, .output = -1 };
  /* A socket for stdin: writing to a pipe whose reader died raises SIGPIPE in this process, and
   * only sockets have MSG_NOSIGNAL. */
  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, in) != 0)
    return set_helper_error (error, name, "cannot be read now, too many files are open");
  if (pipe2 (out, O_CLOEXEC) != 0)
    {
      close_fd (&in[0]);
      close_fd (&in[1]);
      return set_helper_error (error, name, "cannot be read now, too many files are open");
    }
  in[1] = lift_fd (in[1]);
  out[1] = lift_fd (out[1]);
  result = spawn (child, argv, in[1], out[1]);
  close_fd (&in[1]);
  close_fd (&out[1]);
  child->input = in[0];
  child->output = out[0];
  if (result != 0)
    {
      close_fd (&child->input);
      close_fd (&child->output);
      return set_helper_error (error, name, "cannot be read, the program that reads pictures is missing");
    }
  child->pidfd = pidfd_open (child->pid, 0);
  return TRUE;
}

/**
 * sht_helper_end:
 * @deadline: monotonic us at which it is killed
 *
 * Returns: whether it ended by itself
 */
gboolean
sht_helper_end (ShtHelper *child, gint64 deadline)
{
  struct pollfd exited = { .fd = child->pidfd, .events = POLLIN };
  int status = 0;
  pid_t pid;

  close_fd (&child->input);
  close_fd (&child->output);
  if (child->pidfd < 0
      || poll (&exited, 1, (int) CLAMP ((deadline - g_get_monotonic_time ()) / 1000, 0, G_MAXINT)) < 1)
    kill (child->pid, SIGKILL);
  do
    pid = waitpid (child->pid, &status, 0);
  while (pid < 0 && errno == EINTR);
  close_fd (&child->pidfd);
  /* ECHILD: the program ignores SIGCHLD, and then the reply itself has to tell. */
  return pid < 0 || WIFEXITED (status);
}

static void
send_some (ShtHelper *child, const guint8 *data, gsize length, gsize *sent)
{
  gssize n = send (child->input, data + *sent, length - *sent, MSG_NOSIGNAL | MSG_DONTWAIT);

  if (n > 0)
    *sent += (gsize) n;
  /* A helper that refuses early stops reading: not an error, its answer is what counts. */
  if (*sent == length || (n < 0 && errno != EAGAIN && errno != EINTR))
    close_fd (&child->input);
}

static void
receive_some (ShtHelper *child, GByteArray *reply)
{
  guint8 buffer[65536];
  gssize n = read (child->output, buffer, sizeof buffer);

  if (n > 0 && reply->len + (gsize) n <= MAX_REPLY)
    g_byte_array_append (reply, buffer, (guint) n);
  else if (n >= 0 || errno != EINTR)
    close_fd (&child->output);
}

static gboolean
exchange (ShtHelper *child,
          GBytes *input,
          GByteArray *reply,
          gint64 deadline,
          const char *name,
          GCancellable *cancellable,
          GError **error)
{
  gsize length, sent = 0;
  const guint8 *data = g_bytes_get_data (input, &length);
  GPollFD cancel = { .fd = -1 };
  gboolean can_poll = g_cancellable_make_pollfd (cancellable, &cancel);
  gboolean ok = TRUE;

  while (ok && child->output >= 0)
    {
      gint64 left = (deadline - g_get_monotonic_time ()) / 1000;
      struct pollfd fds[3] = {
        { .fd = child->output, .events = POLLIN },
        { .fd = child->input, .events = POLLOUT },
        { .fd = can_poll ? cancel.fd : -1, .events = POLLIN },
      };

      if (left <= 0)
        ok = set_helper_error (error, name, "took too long to read; the limit is 20 seconds");
      else if (poll (fds, G_N_ELEMENTS (fds), (int) left) < 0 && errno != EINTR)
        ok = set_helper_error (error, name, "cannot be read now");
      else if (g_cancellable_set_error_if_cancelled (cancellable, error))
        ok = FALSE;
      else
        {
          if (fds[1].revents != 0)
            send_some (child, data, length, &sent);
          if (fds[0].revents != 0)
            receive_some (child, reply);
        }
    }
  if (can_poll)
    g_cancellable_release_fd (cancellable);
  return ok;
}

/**
 * sht_image_process_run:
 * @argv: the program's path and its arguments, ended by %NULL
 * @input: what it reads on stdin
 * @timeout_ms: real time until it is killed
 * @name: what to call the picture in messages
 *
 * Runs a program with no environment, no open files but a socket and a pipe, and its messages thrown
 * away. Any thread; blocks. The program has ended when this returns.
 *
 * Returns: (transfer full): what it wrote on stdout, or %NULL with %SHT_IMAGE_ERROR_HELPER when it is
 *   missing, took too long or was killed by a signal, or %G_IO_ERROR_CANCELLED
 */
GBytes *
sht_image_process_run (const char *const *argv,
                       GBytes *input,
                       guint timeout_ms,
                       const char *name,
                       GCancellable *cancellable,
                       GError **error)
{
  g_autoptr (GByteArray) reply = g_byte_array_new ();
  gint64 deadline = g_get_monotonic_time () + (gint64) timeout_ms * 1000;
  ShtHelper child = { .pidfd = -1, .input = -1, .output = -1 };
  gboolean ok;

  if (g_cancellable_set_error_if_cancelled (cancellable, error)
      || !sht_helper_start (&child, argv, name, error))
    return NULL;
  ok = exchange (&child, input, reply, deadline, name, cancellable, error);
  if (!sht_helper_end (&child, ok ? deadline : 0) && ok)
    ok = set_helper_error (error, name, "cannot be read, it broke the program that reads pictures");
  return ok ? g_byte_array_free_to_bytes (g_steal_pointer (&reply)) : NULL;
}
