/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/session/session.h"

/* --- all that waits, into a file: on a thread and over a handle of its own, as a stick may be slow, and the work on
 * this tablet goes on meanwhile --- */

typedef struct
{
  char *folder;
  char *file;
  ShtRescueFunc progress; /* (nullable): told on the caller's thread */
  gpointer data;
  int percent;
  ShtRescue rescue;
} Job;

typedef struct
{
  GTask *task; /* (owned) */
  gint64 done;
  gint64 all;
} Told;

static void
job_free (gpointer data)
{
  Job *job = data;

  g_free (job->folder);
  g_free (job->file);
  g_free (job);
}

static gboolean
tell (gpointer data)
{
  g_autofree Told *told = data;
  Job *job = g_task_get_task_data (told->task);

  if (!g_task_get_completed (told->task))
    job->progress (job->data, told->done, told->all);
  g_object_unref (told->task);
  return G_SOURCE_REMOVE;
}

/* A hundred times at the most. */
static void
on_progress (gpointer data, gint64 done, gint64 all)
{
  GTask *task = data;
  Job *job = g_task_get_task_data (task);
  int percent = all > 0 ? (int) (done * 100 / all) : 100;
  Told *told;

  if (percent == job->percent)
    return;
  job->percent = percent;
  told = g_new0 (Told, 1);
  told->task = g_object_ref (task);
  told->done = done;
  told->all = all;
  g_main_context_invoke (g_task_get_context (task), tell, told);
}

static void
rescue_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Job *job = data;
  GError *error = NULL;
  ShtStore *store = sht_store_open (job->folder, sht_store_world (), &error);
  gboolean ok = store != NULL
                && sht_store_rescue (store, job->file, job->progress != NULL ? on_progress : NULL, task, cancellable,
                                     &job->rescue, &error);

  g_clear_pointer (&store, sht_store_close);
  if (ok)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/**
 * sht_session_rescue_async:
 * @file: where all that waits shall go, such as a name on a USB stick
 * @progress: (nullable): told on this thread how far it is, with @data
 * @callback: called when the file is whole and durable, or there is none
 */
void
sht_session_rescue_async (ShtSession *self, const char *file, ShtRescueFunc progress, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer data)
{
  /* Not the session's: it must not end on that thread. */
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, data);
  Job *job = g_new0 (Job, 1);

  job->folder = g_strdup (sht_session_get_reader (self)->folder);
  job->file = g_strdup (file);
  job->progress = progress;
  job->data = data;
  job->percent = -1;
  g_task_set_source_tag (task, sht_session_rescue_async);
  g_task_set_task_data (task, job, job_free);
  /* What is whole stays, however late the wish to end it came. */
  g_task_set_check_cancellable (task, FALSE);
  g_task_run_in_thread (task, rescue_in_thread);
}

/**
 * sht_session_rescue_finish:
 * @rescue: (out caller-allocates): what went in
 */
gboolean
sht_session_rescue_finish (GAsyncResult *result, ShtRescue *rescue, GError **error)
{
  *rescue = ((Job *) g_task_get_task_data (G_TASK (result)))->rescue;
  return g_task_propagate_boolean (G_TASK (result), error);
}

static gboolean
copy_seen (ShtStore *store, gpointer data, GError **error)
{
  return sht_store_copy_seen (store, error);
}

/**
 * sht_session_copy_seen_async:
 *
 * A person has seen that this store is a copy, or an older one.
 */
void
sht_session_copy_seen_async (ShtSession *self, GAsyncReadyCallback callback, gpointer data)
{
  sht_session_do_async (self, copy_seen, NULL, NULL, callback, data);
}
