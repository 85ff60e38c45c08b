/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Between tus.c, which speaks the protocol, and tus-work.c, which moves the bytes. */
#pragma once

#include "hub/api/tus.h"
#include "hub/api/tus-store.h"

G_BEGIN_DECLS

#define SHT_TUS_EXTENSIONS "creation,creation-with-upload,checksum,expiration,termination"

struct _ShtTus
{
  GObject parent_instance;

  char *folder; /* (owned) */
  char *prefix; /* (owned) */
  ShtTusBackend backend;
  gpointer data;
  GMainContext *context; /* (owned) */
  GThreadPool *worker;   /* (owned): one thread */
  GHashTable *uploads;   /* (owned) (element-type utf8 ShtTusUpload): by id */
  GHashTable *keys;      /* (owned) (element-type utf8 ShtTusUpload): by key; unowned ones */
};

typedef enum
{
  SHT_TUS_VERB_HEAD,
  SHT_TUS_VERB_POST,
  SHT_TUS_VERB_PATCH,
  SHT_TUS_VERB_DELETE,
} ShtTusVerb;

/* One body that is coming in. */
struct _ShtTusPatch
{
  ShtTusUpload *upload; /* (owned) */
  ShtHttpExchange *exchange; /* (unowned) (nullable): NULL when it was taken over */
  GByteArray *buffer;   /* (owned) */
  gint64 offset;        /* where the buffer's first byte belongs */
  gint64 queued;        /* bytes that wait for the disk */
  gboolean held;
  gboolean checked;     /* there is a checksum: the buffer is the whole body */
  GChecksumType type;
  GBytes *digest;       /* (owned) (nullable) */
  GError *error;        /* (owned) (nullable): the first failure */
};

/* What the route keeps with an exchange. */
typedef struct
{
  ShtTus *tus;          /* (unowned): the route owns it */
  ShtTusUpload *upload; /* (owned) */
  ShtTusPatch *patch;   /* (owned) (nullable) */
  ShtTusVerb verb;
} ShtTusRequest;

typedef struct _ShtTusJob ShtTusJob;

/* A piece of work: @run on the worker, then @done on the main thread, which frees it. */
struct _ShtTusJob
{
  ShtTus *tus;               /* (owned) */
  ShtTusUpload *upload;      /* (owned) */
  ShtTusPatch *patch;        /* (owned) (nullable) */
  ShtHttpExchange *exchange; /* (owned) (nullable) */
  GBytes *bytes;             /* (owned) (nullable) */
  GBytes *digest;            /* (owned) (nullable) */
  GChecksumType type;
  gint64 offset;
  gboolean keep_data;
  void (*run) (ShtTusJob *job);
  void (*done) (ShtTusJob *job);
  GError *error; /* (owned) (nullable) */
  gint64 size;   /* bytes in the file afterwards */
};

ShtTusJob *sht_tus_job_new (ShtTus *self, ShtTusUpload *upload, void (*run) (ShtTusJob *), void (*done) (ShtTusJob *));
void sht_tus_job_push (ShtTusJob *job);
void sht_tus_job_run (gpointer job, gpointer unused);
void sht_tus_run_record (ShtTusJob *job);

void sht_tus_set_number (ShtHttpExchange *exchange, const char *name, gint64 number);
void sht_tus_refuse (ShtHttpExchange *exchange, int status, const char *message);
void sht_tus_queue_release (ShtTus *self, ShtTusUpload *upload, ShtTusPatch *patch, ShtHttpExchange *exchange);
void sht_tus_take_over (ShtTus *self, ShtTusUpload *upload);

gboolean sht_tus_patch_start (ShtTus *self, ShtTusRequest *request, ShtHttpExchange *exchange, GError **error);
void sht_tus_patch_take (ShtTus *self, ShtTusPatch *patch, GBytes *bytes);
void sht_tus_patch_end (ShtTus *self, ShtTusPatch *patch, ShtHttpExchange *exchange);
void sht_tus_patch_unref (ShtTusPatch *patch);

G_END_DECLS
