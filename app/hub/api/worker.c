/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/api/worker.h"

struct _ShtWorker
{
  ShtHub *hub;           /* (owned) */
  GThreadPool *pool;     /* (owned) */
  GMainContext *context; /* (owned): where results go */
};

typedef struct
{
  ShtWorkFunc work;
  ShtWorkedFunc worked;
  gpointer job;
} Task;

static gboolean
deliver (gpointer data)
{
  g_autofree Task *task = data;

  task->worked (task->job);
  return G_SOURCE_REMOVE;
}

static void
run (gpointer data, gpointer user_data)
{
  Task *task = data;
  ShtWorker *worker = user_data;
  g_autoptr (GSource) source = g_idle_source_new ();

  task->work (worker->hub, task->job);
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, deliver, task, NULL);
  g_source_attach (source, worker->context);
}

/**
 * sht_worker_new:
 * @folder: the hub's data folder
 *
 * Returns: (transfer full) (nullable): a worker; %NULL with an error of the database
 */
ShtWorker *
sht_worker_new (const char *folder, GError **error)
{
  ShtHub *hub = sht_hub_open (folder, error);
  ShtWorker *worker;

  if (hub == NULL)
    return NULL;
  worker = g_new0 (ShtWorker, 1);
  worker->hub = hub;
  worker->context = g_main_context_ref_thread_default ();
  worker->pool = g_thread_pool_new (run, worker, 1, TRUE, error);
  if (worker->pool == NULL)
    g_clear_pointer (&worker, sht_worker_free);
  return worker;
}

/**
 * sht_worker_do:
 * @work: done on the worker's thread
 * @worked: called on this thread's main context afterwards, in the order of the jobs
 * @job: (transfer full): passed to both, freed by @worked
 */
void
sht_worker_do (ShtWorker *worker, ShtWorkFunc work, ShtWorkedFunc worked, gpointer job)
{
  Task *task = g_new0 (Task, 1);

  task->work = work;
  task->worked = worked;
  task->job = job;
  g_thread_pool_push (worker->pool, task, NULL);
}

/**
 * sht_worker_free:
 *
 * Finishes the jobs that wait, delivers their results, and ends the thread.
 */
void
sht_worker_free (ShtWorker *worker)
{
  if (worker->pool != NULL)
    g_thread_pool_free (worker->pool, FALSE, TRUE);
  while (g_main_context_iteration (worker->context, FALSE))
    ;
  sht_hub_free (worker->hub);
  g_main_context_unref (worker->context);
  g_free (worker);
}
