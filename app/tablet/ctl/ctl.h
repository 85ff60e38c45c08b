/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/photo/photo.h"
#include "tablet/store/store.h"

G_BEGIN_DECLS

/**
 * ShtCtlOptions:
 *
 * What was said on the command line; all strings are owned and %NULL when they were not given.
 */
typedef struct
{
  char *store;
  gboolean json;
  char *status;
  char *search;
  char *near;
  char *layer;
  gint64 limit;
  char *reason;
  char *waiting_for;
  char *duplicate_of;
  GStrv without_photo;
  gboolean without_answers;
  GStrv set;
  char *role;
  char *caption;
  char *service;
  char *lat;
  char *lon;
  char *title;
  char *photo;
  char *department;
  char *ticket;
  gboolean settles;
  char *field;
  char *keep;
  char *by;
  char *from;
  char *to;
  gboolean seen;
  gboolean verify;
  gint timeout;
} ShtCtlOptions;

int sht_ctl_fail (GError *error);
int sht_ctl_usage (const char *what);
void sht_ctl_print (JsonNode *node);
void sht_ctl_tell_taken (const char *path, const ShtPhotoTaken *taken);
JsonObject *sht_ctl_find_reference (ShtStore *store, const char *type, const char *code, GError **error) G_GNUC_WARN_UNUSED_RESULT;

gboolean sht_ctl_near_of (ShtCtlOptions *options, gint64 *lat_e7, gint64 *lon_e7);
int sht_ctl_enrol (ShtStore *store, int argc, char **argv, ShtCtlOptions *options);
int sht_ctl_sync (ShtStore *store, int argc, char **argv, ShtCtlOptions *options);
int sht_ctl_check (ShtStore *store, int argc, char **argv, ShtCtlOptions *options);
int sht_ctl_list (ShtStore *store, int argc, char **argv, ShtCtlOptions *options);
int sht_ctl_places (ShtStore *store, int argc, char **argv, ShtCtlOptions *options);
int sht_ctl_near (ShtStore *store, int argc, char **argv, ShtCtlOptions *options);
int sht_ctl_show (ShtStore *store, int argc, char **argv, ShtCtlOptions *options);
int sht_ctl_conflicts (ShtStore *store, int argc, char **argv, ShtCtlOptions *options);
int sht_ctl_resolve (ShtStore *store, int argc, char **argv, ShtCtlOptions *options);
int sht_ctl_undo (ShtStore *store, int argc, char **argv, ShtCtlOptions *options);
int sht_ctl_away (ShtStore *store, int argc, char **argv, ShtCtlOptions *options);
int sht_ctl_photos (ShtStore *store, int argc, char **argv, ShtCtlOptions *options);
int sht_ctl_rescue (ShtStore *store, int argc, char **argv, ShtCtlOptions *options);
int sht_ctl_obstacle (ShtStore *store, int argc, char **argv, ShtCtlOptions *options);
int sht_ctl_obstacles (ShtStore *store, int argc, char **argv, ShtCtlOptions *options);
int sht_ctl_answer (ShtStore *store, int argc, char **argv, ShtCtlOptions *options);
int sht_ctl_figures (ShtStore *store, int argc, char **argv, ShtCtlOptions *options);
int sht_ctl_maps (ShtStore *store, int argc, char **argv, ShtCtlOptions *options);
int sht_ctl_form (ShtStore *store, int argc, char **argv, ShtCtlOptions *options);
GStrv sht_ctl_missing_answers (ShtStore *store, const char *id, GError **error) G_GNUC_WARN_UNUSED_RESULT;
int sht_ctl_preflight (ShtStore *store, int argc, char **argv, ShtCtlOptions *options);
int sht_ctl_route (ShtStore *store, int argc, char **argv, ShtCtlOptions *options);
int sht_ctl_here (ShtStore *store, int argc, char **argv, ShtCtlOptions *options);
int sht_ctl_unlock (ShtStore *store, int argc, char **argv, ShtCtlOptions *options);
int sht_ctl_diagnose (ShtStore *store, int argc, char **argv, ShtCtlOptions *options);
int sht_ctl_outbox (ShtStore *store, int argc, char **argv, ShtCtlOptions *options);

G_END_DECLS
