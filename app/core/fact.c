/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/fact.h"

#include "core/json-guard.h"
#include "core/json-slice.h"

#include <string.h>

/* A ticket's fact, some sixty bytes that a store keeps beside the ticket: a byte of flags, its codes, its times, its
 * reopenings, its promises. Numbers are of seven bits a byte, the lowest first; times are told from the ticket's beginning. */

enum
{
  IS_OPEN = 1,
  IS_DONE = 2,
  HAS_CLOSED = 4,
  HAS_DUE = 8,
  HAS_MET = 16 /* and the two bits above it: one a milestone */
};

enum
{
  IS_KEPT = 1,
  OTHER_DEPARTMENT = 2,
  OTHER_CREW = 4
};

/* Of a ticket; of more the first count. */
#define MAX_PROMISES 64

static const char *const dimension_names[SHT_N_DIMENSIONS] = { "service", "department", "crew", "source", "district", "place" };

const char *
sht_dimension_name (ShtDimension dimension)
{
  return dimension_names[dimension];
}

gboolean
sht_dimension_parse (const char *name, ShtDimension *dimension)
{
  guint index;

  if (!sht_name_find (dimension_names, SHT_N_DIMENSIONS, name, &index))
    return FALSE;
  *dimension = (ShtDimension) index;
  return TRUE;
}

/* --- a ticket, read by its own bytes --- */

static const ShtJsonName member_names[SHT_FACT_N_MEMBERS] = { SHT_FACT_MEMBER_NAMES };

typedef struct
{
  const ShtJsonSlice *of; /* by dimension and #ShtFactMember */
} Ticket;

/* Of a leg, and of a milestone. */
enum
{
  TERM_DUE_AT,
  TERM_AMOUNT,
  TERM_MILESTONE,
  TERM_MET_AT,
  TERM_FROM,
  TERM_TO,
  TERM_DEPARTMENT,
  TERM_CREWS,
  N_TERM
};

static const ShtJsonName term_names[N_TERM] = {
  SHT_JSON_NAME ("due_at"), SHT_JSON_NAME ("amount"), SHT_JSON_NAME ("milestone"),  SHT_JSON_NAME ("met_at"),
  SHT_JSON_NAME ("from"),   SHT_JSON_NAME ("to"),     SHT_JSON_NAME ("department"), SHT_JSON_NAME ("crews"),
};

/* The next of a ticket's legs or milestones that is one; what it says goes to @of. */
static gboolean
next_term (ShtJsonIter *iter, ShtJsonSlice of[N_TERM])
{
  ShtJsonSlice term;

  while (sht_json_iter_next (iter, NULL, &term))
    if (sht_json_slice_kind (term) == SHT_JSON_OBJECT)
      {
        sht_json_slice_members (term, term_names, N_TERM, of);
        return TRUE;
      }
  return FALSE;
}

static void
init_terms (ShtJsonIter *iter, ShtJsonSlice terms)
{
  sht_json_iter_init (iter, sht_json_slice_kind (terms) == SHT_JSON_ARRAY ? terms : (ShtJsonSlice) { NULL, 0 });
}

static gint64
time_of (ShtJsonSlice value)
{
  gint64 time;

  return sht_json_slice_int (value, &time) ? time : G_MAXINT64;
}

static ShtWord
word_of (ShtJsonSlice value)
{
  return sht_json_slice_kind (value) == SHT_JSON_STRING ? (ShtWord) { value.at + 1, value.length - 2 } : (ShtWord) { NULL, 0 };
}

static ShtStatus
status_of (const Ticket *ticket)
{
  ShtWord word = word_of (ticket->of[SHT_FACT_STATUS]);

  for (guint i = 0; i < SHT_N_STATUSES; i++)
    if (strlen (sht_status_name ((ShtStatus) i)) == word.length && memcmp (sht_status_name ((ShtStatus) i), word.at, word.length) == 0)
      return (ShtStatus) i;
  return SHT_STATUS_NEW;
}

static gboolean
same (ShtWord a, ShtWord b)
{
  return a.length == b.length && (a.length == 0 || memcmp (a.at, b.at, a.length) == 0);
}

/* Who of a leg's crews, [[code, since], …], held it then: the last that had begun. */
static ShtWord
crew_then (ShtJsonSlice crews, gint64 at)
{
  ShtJsonIter iter;
  ShtJsonSlice holder, crew, since;
  ShtWord found = { NULL, 0 };

  sht_json_iter_init (&iter, crews);
  while (sht_json_iter_next (&iter, NULL, &holder))
    {
      ShtJsonIter pair;

      if (sht_json_slice_kind (holder) != SHT_JSON_ARRAY)
        continue;
      sht_json_iter_init (&pair, holder);
      if (sht_json_iter_next (&pair, NULL, &crew) && sht_json_iter_next (&pair, NULL, &since) && time_of (since) <= at)
        found = word_of (crew);
    }
  return found;
}

/* Who held a ticket then, by its legs: the last that had begun. One whose last leg does not tell is from before that was
 * remembered: whoever has it now is taken to have had it. */
static void
find_holder (const Ticket *ticket, ShtPromise *promise)
{
  ShtJsonSlice leg[N_TERM], held[N_TERM];
  gboolean any = FALSE, is_last = FALSE;
  ShtJsonIter iter;

  promise->department = word_of (ticket->of[SHT_DIMENSION_DEPARTMENT]);
  promise->crew = word_of (ticket->of[SHT_DIMENSION_CREW]);
  init_terms (&iter, ticket->of[SHT_FACT_LEGS]);
  while (next_term (&iter, leg))
    {
      is_last = !any || time_of (leg[TERM_FROM]) <= promise->at;
      any = TRUE;
      if (is_last)
        memcpy (held, leg, sizeof held);
    }
  if (!any)
    return;
  promise->department = word_of (held[TERM_DEPARTMENT]);
  if (sht_json_slice_kind (held[TERM_CREWS]) == SHT_JSON_ARRAY)
    promise->crew = crew_then (held[TERM_CREWS], promise->at);
  else if (!is_last)
    promise->crew = (ShtWord) { NULL, 0 };
}

/* --- what was promised --- */

typedef struct
{
  const Ticket *ticket;
  gint64 closed_at; /* since when the ticket is not open */
  ShtPromise promises[MAX_PROMISES];
  guint n;
} Judge;

/* Kept when it was met in time; broken when it fell due before it was met and before the ticket was over; else nobody owes
 * it any more. */
static ShtPromise *
judge (Judge *self, gint64 due_at, gint64 met_at)
{
  ShtPromise *promise = &self->promises[self->n];
  gboolean kept = met_at <= due_at && met_at <= self->closed_at && met_at != G_MAXINT64;

  if (due_at == G_MAXINT64 || self->n == MAX_PROMISES || (!kept && due_at >= MIN (met_at, self->closed_at)))
    return NULL;
  *promise = (ShtPromise) { .at = kept ? met_at : due_at, .kept = kept };
  find_holder (self->ticket, promise);
  self->n++;
  return promise;
}

static gboolean
is_owed (const ShtJsonSlice of[N_TERM])
{
  gint64 amount;

  return sht_json_slice_int (of[TERM_AMOUNT], &amount);
}

static void
judge_legs (Judge *self, gint64 done_at, gboolean *any)
{
  ShtJsonSlice leg[N_TERM];
  ShtJsonIter iter;

  init_terms (&iter, self->ticket->of[SHT_FACT_LEGS]);
  while (next_term (&iter, leg))
    if (is_owed (leg))
      {
        ShtPromise *promise = judge (self, time_of (leg[TERM_DUE_AT]), MIN (done_at, time_of (leg[TERM_TO])));

        *any = TRUE;
        if (promise == NULL)
          continue;
        /* It is this department's, also in the instant in which it hands the ticket over. */
        promise->department = word_of (leg[TERM_DEPARTMENT]);
        if (sht_json_slice_kind (leg[TERM_CREWS]) == SHT_JSON_ARRAY)
          promise->crew = crew_then (leg[TERM_CREWS], promise->at);
      }
}

static gboolean
find_milestone (ShtJsonSlice name, guint *milestone)
{
  for (*milestone = 0; *milestone < SHT_N_MILESTONES; ++*milestone)
    if (sht_json_slice_equals (name, sht_milestone_name ((ShtMilestone) *milestone)))
      return TRUE;
  return FALSE;
}

/* What came with a time and without a target was promised elsewhere, and that is all that is known of it. */
static void
judge_all (Judge *self, gboolean is_done, gint64 met_at[SHT_N_MILESTONES])
{
  gint64 done_at = is_done ? self->closed_at : G_MAXINT64;
  ShtJsonSlice milestone[N_TERM];
  gboolean any = FALSE;
  ShtJsonIter iter;
  guint which;

  init_terms (&iter, self->ticket->of[SHT_FACT_SLA]);
  while (next_term (&iter, milestone))
    if (find_milestone (milestone[TERM_MILESTONE], &which))
      {
        met_at[which] = time_of (milestone[TERM_MET_AT]);
        if (which != SHT_MILESTONE_COMPLETE || !is_owed (milestone))
          continue;
        any = TRUE;
        done_at = met_at[which];
        judge (self, time_of (milestone[TERM_DUE_AT]), done_at);
      }
  judge_legs (self, done_at, &any);
  if (!any)
    judge (self, time_of (self->ticket->of[SHT_FACT_DUE_AT]), done_at);
}

/* --- as bytes --- */

static void
add_number (GByteArray *fact, guint64 number)
{
  guint8 bytes[10];
  guint n = 0;

  do
    {
      bytes[n++] = (guint8) ((number & 127) | (number > 127 ? 128 : 0));
      number >>= 7;
    }
  while (number > 0);
  g_byte_array_append (fact, bytes, n);
}

/* Small whether it is above nought or below. */
static void
add_time (GByteArray *fact, gint64 time, gint64 since)
{
  gint64 after = (gint64) ((guint64) time - (guint64) since);

  add_number (fact, ((guint64) after << 1) ^ (guint64) (after >> 63));
}

static void
add_word (GByteArray *fact, ShtWord word)
{
  add_number (fact, word.length);
  if (word.length > 0)
    g_byte_array_append (fact, (const guint8 *) word.at, (guint) word.length);
}

static void
add_reopenings (GByteArray *fact, ShtJsonSlice reopened, gint64 since)
{
  ShtJsonIter iter;
  ShtJsonSlice time;

  if (sht_json_slice_kind (reopened) != SHT_JSON_ARRAY)
    return;
  sht_json_iter_init (&iter, reopened);
  while (sht_json_iter_next (&iter, NULL, &time))
    add_time (fact, time_of (time), since);
}

static void
add_promises (GByteArray *fact, const Judge *judged, gint64 since)
{
  ShtWord department = word_of (judged->ticket->of[SHT_DIMENSION_DEPARTMENT]), crew = word_of (judged->ticket->of[SHT_DIMENSION_CREW]);

  for (guint i = 0; i < judged->n; i++)
    {
      const ShtPromise *promise = &judged->promises[i];
      gboolean other_department = !same (promise->department, department), other_crew = !same (promise->crew, crew);

      add_number (fact, (promise->kept ? IS_KEPT : 0u) | (other_department ? OTHER_DEPARTMENT : 0u) | (other_crew ? OTHER_CREW : 0u));
      if (other_department)
        add_word (fact, promise->department);
      if (other_crew)
        add_word (fact, promise->crew);
      add_time (fact, promise->at, since);
    }
}

static void
write_fact (const Ticket *ticket, GByteArray *fact)
{
  gint64 met_at[SHT_N_MILESTONES] = { G_MAXINT64, G_MAXINT64, G_MAXINT64 };
  gint64 created_at, due_at;
  guint8 flags = 0;
  ShtStatus status = status_of (ticket);
  Judge judged = { .ticket = ticket, .closed_at = G_MAXINT64 };

  created_at = time_of (ticket->of[SHT_FACT_CREATED_AT]);
  due_at = time_of (ticket->of[SHT_FACT_DUE_AT]);
  if (created_at == G_MAXINT64)
    created_at = 0;
  if (sht_status_is_open (status))
    flags |= IS_OPEN;
  else
    judged.closed_at = time_of (ticket->of[SHT_FACT_CLOSED_AT]);
  if (status == SHT_STATUS_DONE || status == SHT_STATUS_CLOSED)
    flags |= IS_DONE;
  judge_all (&judged, (flags & IS_DONE) != 0, met_at);
  flags |= (judged.closed_at != G_MAXINT64 ? HAS_CLOSED : 0) | (due_at != G_MAXINT64 ? HAS_DUE : 0);
  for (guint i = 0; i < SHT_N_MILESTONES; i++)
    if (met_at[i] != G_MAXINT64)
      flags |= (guint8) (HAS_MET << i);
  g_byte_array_set_size (fact, 0);
  g_byte_array_append (fact, &flags, 1);
  for (guint i = 0; i < SHT_N_DIMENSIONS; i++)
    add_word (fact, word_of (ticket->of[i]));
  add_time (fact, created_at, 0);
  if (judged.closed_at != G_MAXINT64)
    add_time (fact, judged.closed_at, created_at);
  if (due_at != G_MAXINT64)
    add_time (fact, due_at, created_at);
  for (guint i = 0; i < SHT_N_MILESTONES; i++)
    if (met_at[i] != G_MAXINT64)
      add_time (fact, met_at[i], created_at);
  add_number (fact, sht_json_slice_kind (ticket->of[SHT_FACT_REOPENED]) == SHT_JSON_ARRAY ? sht_json_slice_count (ticket->of[SHT_FACT_REOPENED]) : 0);
  add_number (fact, judged.n);
  add_reopenings (fact, ticket->of[SHT_FACT_REOPENED], created_at);
  add_promises (fact, &judged, created_at);
}

/**
 * sht_fact_write:
 * @bytes: a ticket, which has passed sht_json_guard()
 * @fact: (inout): emptied, then the fact
 *
 * What figures have to know of a ticket, by its document alone; FIGURES.md says what it counts.
 */
void
sht_fact_write (const char *bytes, gsize length, GByteArray *fact)
{
  ShtJsonSlice members[SHT_FACT_N_MEMBERS];

  sht_json_slice_members (sht_json_slice_root (bytes, length), member_names, SHT_FACT_N_MEMBERS, members);
  sht_fact_write_members (members, fact);
}

/**
 * sht_fact_write_members:
 * @members: (array length=SHT_FACT_N_MEMBERS): those of a ticket which has passed sht_json_guard()
 * @fact: (inout): emptied, then the fact
 *
 * As sht_fact_write(), for who has read the ticket already.
 */
void
sht_fact_write_members (const ShtJsonSlice *members, GByteArray *fact)
{
  Ticket ticket = { members };

  write_fact (&ticket, fact);
}

/**
 * sht_fact_of:
 * @bytes: a ticket of which nothing is known
 *
 * Returns: (transfer full): the ticket's fact; empty for what is none
 */
GByteArray *
sht_fact_of (const char *bytes, gsize length)
{
  GByteArray *fact = g_byte_array_new ();
  ShtJsonSlice members[SHT_FACT_N_MEMBERS];

  if (sht_json_guard_members (bytes, length, SHT_JSON_MAX_DEPTH, member_names, SHT_FACT_N_MEMBERS, members, NULL))
    sht_fact_write_members (members, fact);
  return fact;
}

/* A fact that ends early gives noughts; its own store wrote it. */
static guint64
next_number (ShtFact *fact)
{
  guint64 number = 0;

  for (guint shift = 0; fact->next < fact->end && shift < 64; shift += 7)
    {
      guint8 byte = *fact->next++;

      number |= (guint64) (byte & 127) << shift;
      if (byte < 128)
        break;
    }
  return number;
}

static gint64
next_time (ShtFact *fact, gint64 since)
{
  guint64 number = next_number (fact);

  return (gint64) (((number >> 1) ^ (0 - (number & 1))) + (guint64) since);
}

/* Of things that take a byte each at the least. */
static guint
next_count (ShtFact *fact)
{
  guint64 count = next_number (fact), most = (guint64) (fact->end - fact->next);

  return (guint) MIN (count, most);
}

static ShtWord
next_word (ShtFact *fact)
{
  guint length = next_count (fact);
  ShtWord word = { (const char *) fact->next, length };

  fact->next += word.length;
  return word;
}

/**
 * sht_fact_read:
 * @bytes: as sht_fact_write() made them; they must live as long as @fact
 * @fact: (out caller-allocates): what they say
 *
 * Returns: %FALSE when there are none
 */
gboolean
sht_fact_read (const guint8 *bytes, gsize length, ShtFact *fact)
{
  guint8 flags;

  if (length == 0)
    return FALSE;
  flags = bytes[0];
  fact->next = bytes + 1;
  fact->end = bytes + length;
  fact->is_open = (flags & IS_OPEN) != 0;
  fact->is_done = (flags & IS_DONE) != 0;
  for (guint i = 0; i < SHT_N_DIMENSIONS; i++)
    fact->of[i] = next_word (fact);
  fact->created_at = next_time (fact, 0);
  fact->closed_at = flags & HAS_CLOSED ? next_time (fact, fact->created_at) : G_MAXINT64;
  fact->due_at = flags & HAS_DUE ? next_time (fact, fact->created_at) : G_MAXINT64;
  for (guint i = 0; i < SHT_N_MILESTONES; i++)
    fact->met_at[i] = flags & (HAS_MET << i) ? next_time (fact, fact->created_at) : G_MAXINT64;
  fact->n_reopened = next_count (fact);
  fact->n_promises = next_count (fact);
  return TRUE;
}

/**
 * sht_fact_next_reopening:
 * @fact: one of whose reopenings fewer than `n_reopened` have been read; all of them are read before its promises
 *
 * Returns: when that was, milliseconds since 1970 UTC
 */
gint64
sht_fact_next_reopening (ShtFact *fact)
{
  return next_time (fact, fact->created_at);
}

/**
 * sht_fact_next_promise:
 * @fact: one of whose promises fewer than `n_promises` have been read
 * @promise: (out caller-allocates): the next
 */
void
sht_fact_next_promise (ShtFact *fact, ShtPromise *promise)
{
  guint64 flags = next_number (fact);

  promise->kept = (flags & IS_KEPT) != 0;
  promise->department = flags & OTHER_DEPARTMENT ? next_word (fact) : fact->of[SHT_DIMENSION_DEPARTMENT];
  promise->crew = flags & OTHER_CREW ? next_word (fact) : fact->of[SHT_DIMENSION_CREW];
  promise->at = next_time (fact, fact->created_at);
}
