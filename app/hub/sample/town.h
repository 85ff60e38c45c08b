/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/clock.h"
#include "core/json-slice.h"

G_BEGIN_DECLS

typedef struct {
  char *code;     /* (owned) */
  char *name;     /* (owned) */
  GArray *crews;  /* (owned) (element-type guint): indices */
  guint turn;     /* which of them gets the next ticket */
  char *boss;     /* (owned): the supervisor's id */
  char *boss_name; /* (owned) */
} ShtSampleDepartment;

typedef struct {
  char *code;       /* (owned) */
  char *device;     /* (owned): the name of its tablet */
  guint department; /* index */
  GPtrArray *people; /* (owned): id, name, id, name, … */
} ShtSampleCrew;

typedef enum {
  SHT_SAMPLE_ANSWER_STRING,
  SHT_SAMPLE_ANSWER_NUMBER,
  SHT_SAMPLE_ANSWER_DATETIME,
  SHT_SAMPLE_ANSWER_ONE,
  SHT_SAMPLE_ANSWER_SEVERAL,
} ShtSampleAnswerKind;

typedef struct {
  char *code; /* (owned) */
  ShtSampleAnswerKind kind;
  gboolean required;
  GStrv choices; /* (owned): keys of a list, or texts to choose from */
  gint64 least, most;
} ShtSampleQuestion;

typedef struct {
  char *code; /* (owned) */
  guint department;
  gboolean safety;
  guint weight; /* how often it is asked for, against the others */
  JsonObject *entity; /* (owned): with what it promises */
  GArray *questions; /* (owned) (element-type ShtSampleQuestion): of the opening */
  GArray *form;      /* (owned) (element-type ShtSampleQuestion): of the work */
  GStrv titles, texts; /* (owned): in pairs */
  GStrv notes, done;   /* (owned) */
  GArray *places; /* (owned) (element-type guint): where it may hang */
} ShtSampleService;

typedef struct {
  char *id;      /* (owned) */
  char *address; /* (owned) */
  gint64 lat_e7, lon_e7;
} ShtSamplePlace;

typedef struct {
  const char *street; /* (unowned): of the town's names */
  guint number;
  gint64 lat_e7, lon_e7;
} ShtSampleAddress;

/**
 * ShtSampleTown:
 *
 * What data/sample holds, read and checked, in arrays to draw from.
 */
typedef struct {
  GPtrArray *entities; /* (owned): lines for the sink, in order */
  GArray *departments; /* (owned) (element-type ShtSampleDepartment) */
  GArray *crews;       /* (owned) (element-type ShtSampleCrew) */
  GArray *services;    /* (owned) (element-type ShtSampleService) */
  GArray *places;      /* (owned) (element-type ShtSamplePlace) */
  GArray *addresses;   /* (owned) (element-type ShtSampleAddress) */
  GHashTable *streets; /* (owned): code → name */
  GHashTable *districts; /* (owned): a street's name → code */
  GHashTable *words;   /* (owned): name of a pool → GStrv */
  guint weight;        /* of all services */
  ShtTown *clock;      /* (owned): its calendars */
  const ShtCalendar *calendar; /* (unowned): the one that all go by */
} ShtSampleTown;

ShtSampleTown *sht_sample_town_load (const char *folder, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void sht_sample_town_free (ShtSampleTown *self);
GStrv sht_sample_town_words (ShtSampleTown *self, const char *pool);
gboolean sht_sample_town_load_plan (ShtSampleTown *self, ShtJsonSlice plan, GError **error);
gboolean sht_sample_town_load_places (ShtSampleTown *self, ShtJsonSlice places, GError **error);
ShtSampleService *sht_sample_town_service (ShtSampleTown *self, guint index);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShtSampleTown, sht_sample_town_free)

G_END_DECLS
