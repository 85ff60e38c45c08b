/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/clock.h"
#include "core/json-slice.h"

G_BEGIN_DECLS

/** ShtDimension: what figures may be told apart by */
typedef enum
{
  SHT_DIMENSION_SERVICE,
  SHT_DIMENSION_DEPARTMENT,
  SHT_DIMENSION_CREW,
  SHT_DIMENSION_SOURCE,
  SHT_DIMENSION_DISTRICT,
  SHT_DIMENSION_PLACE,
  SHT_N_DIMENSIONS
} ShtDimension;

/** What of a ticket a fact is made of: its dimensions, and behind them these */
typedef enum
{
  SHT_FACT_STATUS = SHT_N_DIMENSIONS,
  SHT_FACT_CREATED_AT,
  SHT_FACT_CLOSED_AT,
  SHT_FACT_DUE_AT,
  SHT_FACT_SLA,
  SHT_FACT_LEGS,
  SHT_FACT_REOPENED,
  SHT_FACT_N_MEMBERS
} ShtFactMember;

/* Their names, by their numbers: for who reads a ticket for these and more in one go. */
#define SHT_FACT_MEMBER_NAMES                                                                              \
  SHT_JSON_NAME ("service"), SHT_JSON_NAME ("department"), SHT_JSON_NAME ("crew"), SHT_JSON_NAME ("source"), \
  SHT_JSON_NAME ("district"), SHT_JSON_NAME ("place"), SHT_JSON_NAME ("status"), SHT_JSON_NAME ("created_at"), \
  SHT_JSON_NAME ("closed_at"), SHT_JSON_NAME ("due_at"), SHT_JSON_NAME ("sla"), SHT_JSON_NAME ("legs"), \
  SHT_JSON_NAME ("reopened")

/** ShtWord: a code, in bytes that belong to somebody else; of no length where there is none */
typedef struct
{
  const char *at;
  gsize length;
} ShtWord;

/**
 * ShtPromise:
 * @at: when it is judged, milliseconds since 1970 UTC: when it was kept, else when it fell or will fall due
 * @kept: whether it was kept
 * @department: who held the ticket then
 * @crew: the same
 */
typedef struct
{
  gint64 at;
  gboolean kept;
  ShtWord department;
  ShtWord crew;
} ShtPromise;

/**
 * ShtFact:
 * @is_open: whether the ticket is open
 * @is_done: whether it is done or closed, and not forwarded, cancelled or a duplicate
 * @of: its codes
 * @created_at: milliseconds since 1970 UTC
 * @closed_at: since when it is not open, or %G_MAXINT64
 * @due_at: when it falls due, or %G_MAXINT64
 * @met_at: when each milestone was met, or %G_MAXINT64
 * @n_reopened: how often somebody found it not to be over
 * @n_promises: how many promises are or will be judged
 *
 * What figures have to know of a ticket; its reopenings and promises are read one by one.
 */
typedef struct
{
  gboolean is_open;
  gboolean is_done;
  ShtWord of[SHT_N_DIMENSIONS];
  gint64 created_at;
  gint64 closed_at;
  gint64 due_at;
  gint64 met_at[SHT_N_MILESTONES];
  guint n_reopened;
  guint n_promises;
  /*< private >*/
  const guint8 *next;
  const guint8 *end;
} ShtFact;

const char *sht_dimension_name (ShtDimension dimension);
gboolean sht_dimension_parse (const char *name, ShtDimension *dimension);

void sht_fact_write (const char *ticket, gsize length, GByteArray *fact);
void sht_fact_write_members (const ShtJsonSlice *members, GByteArray *fact);
GByteArray *sht_fact_of (const char *ticket, gsize length) G_GNUC_WARN_UNUSED_RESULT;
gboolean sht_fact_read (const guint8 *bytes, gsize length, ShtFact *fact);
gint64 sht_fact_next_reopening (ShtFact *fact);
void sht_fact_next_promise (ShtFact *fact, ShtPromise *promise);

G_END_DECLS
