/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hub/sample/clock.h"
#include "hub/sample/random.h"
#include "hub/sample/town.h"

G_BEGIN_DECLS

#define SHT_SAMPLE_MAX_LEGS 8
#define SHT_SAMPLE_NOBODY G_MAXUINT
/* Whoever had the ticket before it was reopened, and whoever it is given to then. */
#define SHT_SAMPLE_MAX_HOLDERS 2

typedef struct {
  guint crew;
  gint64 from;
} ShtSampleHolder;

typedef struct {
  guint department;
  gint64 from, to; /* to: 0 while it lasts */
  ShtSampleHolder holders[SHT_SAMPLE_MAX_HOLDERS];
  guint n_holders;
} ShtSampleLeg;

/**
 * ShtSampleTicket:
 *
 * One ticket as its journey has left it.
 */
typedef struct {
  char *id;           /* (owned) */
  char *number;       /* (owned) */
  char *duplicate_of; /* (owned) (nullable) */
  char *address;      /* (owned) */
  char *description;  /* (owned) */
  char *answers;      /* (owned): a JSON object */
  char *resident;     /* (owned) (nullable): a JSON object */
  const char *title, *status, *priority, *source, *waiting_for, *obstacle, *place, *district; /* (unowned) */
  ShtSampleService *service; /* (unowned) */
  guint department, crew;
  gint64 lat_e7, lon_e7, created_at, updated_at, closed_at, reopened_at, visit_from, visit_to;
  JsonObject *clock; /* (owned): of the ticket, what the clock looks at: `sla`, `pauses`, `due_at` */
  ShtSampleLeg legs[SHT_SAMPLE_MAX_LEGS];
  guint n_legs;
} ShtSampleTicket;

/* The last ticket of a service, which a later one may turn out to repeat. */
typedef struct {
  char *id;      /* (owned) (nullable) */
  char *address; /* (owned) */
  gint64 lat_e7, lon_e7, created_at;
} ShtSampleRecent;

/**
 * ShtSampleWorld:
 *
 * What outlives a single ticket while the sample is made.
 */
typedef struct {
  ShtSampleTown *town;     /* (owned) */
  ShtSampleRandom random;
  gint64 now;
  gboolean *busy;          /* (owned): by crew; a crew is in one place at a time */
  guint *open;             /* (owned): by crew; tickets on its list */
  guint fair_list;         /* how long a crew's list should be */
  ShtSampleRecent *recent; /* (owned): by service */
  int year;
  guint64 in_year;         /* tickets opened in @year */
  GPtrArray *events;       /* (owned): lines, of the ticket in hand */
} ShtSampleWorld;

void sht_sample_ticket_clear (ShtSampleTicket *self);
void sht_sample_open (ShtSampleWorld *world, gint64 created_at, ShtSampleTicket *ticket);
void sht_sample_journey (ShtSampleWorld *world, ShtSampleTicket *ticket);
void sht_sample_write_ticket (ShtSampleWorld *world, const ShtSampleTicket *ticket, GString *out);
const char *sht_sample_pick (ShtSampleWorld *world, GStrv words);

G_END_DECLS
