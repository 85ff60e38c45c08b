/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/sample/journey.h"

#include "core/id.h"
#include "core/json.h"

#include <string.h>

/* Who does a step, and with what in hand. */
typedef struct {
  const char *id, *name, *device, *crew; /* (unowned) (nullable) */
} Actor;

/* A ticket under way; each step says whether it still happens before now. */
typedef struct {
  ShtSampleWorld *world; /* (unowned) */
  ShtSampleTicket *ticket; /* (unowned) */
  gint64 at;
} Journey;

static gint64
between (Journey *j, gint64 least, gint64 most)
{
  return sht_sample_random_between (&j->world->random, least, most);
}

static gboolean
chance (Journey *j, guint permille)
{
  return sht_sample_random_chance (&j->world->random, permille);
}

static const char *
word (Journey *j, const char *pool)
{
  return sht_sample_pick (j->world, sht_sample_town_words (j->world->town, pool));
}

static gboolean
urgent (const Journey *j)
{
  return strcmp (j->ticket->priority, "urgent") == 0;
}

static Actor
hotline (void)
{
  return (Actor) { "hotline", "מוקד 106", NULL, NULL };
}

static ShtSampleDepartment *
department_of (const Journey *j)
{
  return &g_array_index (j->world->town->departments, ShtSampleDepartment, j->ticket->department);
}

static Actor
supervisor (const Journey *j)
{
  ShtSampleDepartment *d = department_of (j);

  return (Actor) { d->boss, d->boss_name, NULL, NULL };
}

static Actor
member_of (const Journey *j, guint crew, guint person)
{
  ShtSampleCrew *c = &g_array_index (j->world->town->crews, ShtSampleCrew, crew);
  guint i = person * 2 % c->people->len;

  return (Actor) { c->people->pdata[i], c->people->pdata[i + 1], c->device, c->code };
}

/* One person of a crew holds the tablet for a ticket; whoever the ticket's own time says. */
static Actor
worker (const Journey *j)
{
  return member_of (j, j->ticket->crew, (guint) (j->ticket->created_at / 1000 % 7));
}

/* Tablets out of reach send later what they did, and never later than now. */
static gint64
receive (Journey *j, const Actor *actor)
{
  gint64 later;

  if (actor->device == NULL)
    return j->at;
  later = chance (j, 750) ? between (j, 400, 5000) : between (j, 2, 170) * SHT_SAMPLE_MINUTE;
  return MIN (j->at + later, j->world->now);
}

/* @data: the members of the event's data, without their braces */
static void
add_event (Journey *j, const char *kind, Actor actor, const char *data)
{
  GString *line = g_string_sized_new (480);
  g_autofree char *id = sht_id_new (j->at, sht_sample_random_bytes, &j->world->random);

  g_string_append (line, "{\"t\":\"event\"");
  sht_json_append_member (line, "id", id);
  sht_json_append_member (line, "ticket", j->ticket->id);
  sht_json_append_member (line, "kind", kind);
  sht_json_append_member_int (line, "at", j->at);
  sht_json_append_member_int (line, "received_at", receive (j, &actor));
  sht_json_append_member (line, "actor", actor.id);
  sht_json_append_member (line, "actor_name", actor.name);
  sht_json_append_member (line, "device", actor.device);
  sht_json_append_member (line, "crew", actor.crew);
  sht_json_append_key (line, "data");
  g_string_append_printf (line, "{%s}}", data);
  g_ptr_array_add (j->world->events, g_string_free (line, FALSE));
  j->ticket->updated_at = MAX (j->ticket->updated_at, j->at);
}

/* Moves the clock; %FALSE when the step is still to come. */
static gboolean
reach (Journey *j, gint64 at)
{
  if (at > j->world->now)
    return FALSE;
  j->at = at;
  return TRUE;
}

static gboolean
after (Journey *j, gint64 least, gint64 most)
{
  return reach (j, j->at + between (j, least, most) * SHT_SAMPLE_MINUTE + between (j, 0, 59999));
}

/* Urgent work does not wait for the morning. */
static gboolean
after_work (Journey *j, gint64 least, gint64 most)
{
  gint64 minutes = between (j, least, most);

  if (urgent (j))
    return after (j, MIN (least, 10), MIN (most, 90));
  return reach (j, sht_sample_add_work (j->world->town->calendar, j->at, minutes) + between (j, 0, 59999));
}

static void
note (Journey *j, Actor actor, const char *text)
{
  g_autoptr (GString) data = g_string_new ("{");

  sht_json_append_member (data, "text", text);
  add_event (j, "note", actor, data->str + 1);
}

/* What is told of the clock is what the hub's own would be. */
static void
step (Journey *j, const char *to, const char *waiting_for)
{
  ShtSampleTicket *ticket = j->ticket;
  ShtStatus was = SHT_STATUS_NEW, is = SHT_STATUS_NEW;

  sht_status_parse (ticket->status, &was);
  sht_status_parse (to, &is);
  sht_clock_step (ticket->clock, ticket->service->entity, was, is, waiting_for, j->at);
  ticket->status = to;
  if (sht_status_is_open (is))
    ticket->closed_at = 0;
  else if (ticket->closed_at == 0)
    ticket->closed_at = j->at;
}

static void
begin_leg (Journey *j, guint crew)
{
  ShtSampleLeg *leg = &j->ticket->legs[j->ticket->n_legs++];

  *leg = (ShtSampleLeg) { .department = j->ticket->department, .from = j->at };
  if (crew != SHT_SAMPLE_NOBODY)
    leg->holders[leg->n_holders++] = (ShtSampleHolder) { crew, j->at };
}

/* The crew has made it safe, and that is all for now. */
static void
make_safe (Journey *j)
{
  JsonArray *sla = json_object_get_array_member (j->ticket->clock, "sla");

  for (guint i = 0; i < json_array_get_length (sla); i++)
    {
      JsonObject *milestone = json_array_get_object_element (sla, i);

      if (strcmp (sht_json_string (milestone, "milestone"), "make_safe") == 0 && !sht_json_has (milestone, "met_at"))
        json_object_set_int_member (milestone, "met_at", j->at);
    }
}

static void
set_status (Journey *j, const char *to, Actor actor, const char *reason, const char *waiting_for)
{
  g_autoptr (GString) data = g_string_new ("{");
  ShtSampleTicket *ticket = j->ticket;

  sht_json_append_member (data, "from", ticket->status);
  sht_json_append_member (data, "to", to);
  sht_json_append_member (data, "reason", reason);
  sht_json_append_member (data, "waiting_for", waiting_for);
  add_event (j, "status", actor, data->str + 1);
  step (j, to, waiting_for);
  ticket->waiting_for = waiting_for;
}

static void
finish (Journey *j, const char *to, Actor actor, const char *reason)
{
  set_status (j, to, actor, reason, NULL);
  j->ticket->legs[j->ticket->n_legs - 1].to = j->at;
}

static void
assign (Journey *j)
{
  ShtSampleDepartment *department = department_of (j);
  g_autoptr (GString) data = g_string_new ("{");
  guint crew = g_array_index (department->crews, guint, department->turn++ % department->crews->len);

  sht_json_append_member (data, "crew",
                          g_array_index (j->world->town->crews, ShtSampleCrew, crew).code);
  add_event (j, "assigned", supervisor (j), data->str + 1);
  if (crew != j->ticket->crew)
    {
      ShtSampleLeg *leg = &j->ticket->legs[j->ticket->n_legs - 1];

      leg->holders[leg->n_holders++] = (ShtSampleHolder) { crew, j->at };
    }
  j->ticket->crew = crew;
  step (j, "assigned", NULL);
}

/* The other department has it new, and a new leg begins. */
static void
hand_over (Journey *j, Actor actor)
{
  ShtSampleTicket *ticket = j->ticket;
  guint n = j->world->town->departments->len;
  guint to = (ticket->department + 1 + sht_sample_random_below (&j->world->random, n - 1)) % n;
  g_autoptr (GString) data = g_string_new ("{");

  if (ticket->n_legs >= SHT_SAMPLE_MAX_LEGS || n < 2)
    return;
  sht_json_append_member (data, "from", department_of (j)->code);
  ticket->legs[ticket->n_legs - 1].to = j->at;
  ticket->department = to;
  sht_json_append_member (data, "to", department_of (j)->code);
  sht_json_append_member (data, "reason", word (j, "handover"));
  add_event (j, "handed_over", actor, data->str + 1);
  begin_leg (j, SHT_SAMPLE_NOBODY);
  step (j, "new", NULL);
  ticket->crew = SHT_SAMPLE_NOBODY;
}

static void
created (Journey *j)
{
  g_autofree char *data = g_strdup_printf ("\"source\":\"%s\"", j->ticket->source);
  Actor actor = hotline ();
  guint crew;

  if (strcmp (j->ticket->source, "app") == 0)
    actor = (Actor) { "app", "יישומון התושבים", NULL, NULL };
  else if (strcmp (j->ticket->source, "web") == 0)
    actor = (Actor) { "web", "אתר העירייה", NULL, NULL };
  else if (strcmp (j->ticket->source, "camera") == 0)
    actor = (Actor) { "camera", "מצלמת רכב", NULL, NULL };
  else if (strcmp (j->ticket->source, "crew") == 0)
    {
      crew = sht_sample_random_below (&j->world->random, j->world->town->crews->len);
      actor = member_of (j, crew, 0);
    }
  add_event (j, "created", actor, data);
}

/* Before anybody is sent: joined, taken back, passed on. %FALSE ends the journey. */
static gboolean
triage (Journey *j)
{
  if (j->ticket->duplicate_of != NULL)
    {
      if (after (j, 5, 200))
        finish (j, "duplicate", hotline (), word (j, "duplicate"));
      else
        g_clear_pointer (&j->ticket->duplicate_of, g_free);
      return FALSE;
    }
  if (chance (j, 25))
    {
      if (after (j, 30, 1300))
        finish (j, "cancelled", hotline (), word (j, "cancelled"));
      return FALSE;
    }
  if (chance (j, 40))
    {
      if (!after_work (j, 20, 240))
        return FALSE;
      hand_over (j, supervisor (j));
    }
  /* Some are simply left lying. */
  if (chance (j, 28) || !after_work (j, 8, chance (j, 200) ? 500 : 150))
    return FALSE;
  assign (j);
  if (chance (j, 35))
    {
      if (after_work (j, 60, 900))
        finish (j, "forwarded", supervisor (j), word (j, "forwarded"));
      return FALSE;
    }
  return TRUE;
}

static const char *
waiting_pool (Journey *j, const char **waiting_for)
{
  static const char *const pools[] = { "waiting/parts", "waiting/resident", "waiting/body",
                                       "waiting/department", "waiting/weather" };
  const char *pool = pools[sht_sample_random_below (&j->world->random, G_N_ELEMENTS (pools))];

  *waiting_for = strchr (pool, '/') + 1;
  return pool;
}

/* On the spot. %FALSE when it stops there for now. */
static gboolean
work (Journey *j)
{
  const char *waiting_for;
  const char *pool;

  make_safe (j);
  if (chance (j, 420) && after (j, 3, 25))
    note (j, worker (j),
          chance (j, 600) ? sht_sample_pick (j->world, j->ticket->service->notes)
                          : word (j, "extra_notes"));
  if (chance (j, 15))
    {
      if (!after (j, 5, 20))
        return FALSE;
      hand_over (j, worker (j));
      if (!after_work (j, 20, 300))
        return FALSE;
      assign (j);
      if (!after_work (j, 60, 900))
        return FALSE;
      set_status (j, "in_progress", worker (j), NULL, NULL);
    }
  if (chance (j, 170))
    {
      if (!after (j, 5, 40))
        return FALSE;
      pool = waiting_pool (j, &waiting_for);
      set_status (j, "waiting", worker (j), word (j, pool), waiting_for);
      if (chance (j, 90)
          || !reach (j, sht_sample_add_work (j->world->town->calendar, j->at, between (j, 100, 2000)) + between (j, 0, 59999)))
        return FALSE;
      set_status (j, "in_progress", worker (j), NULL, NULL);
    }
  return after (j, 8, 110);
}

/* How long, in minutes of work, a ticket may lie on its crew's list: crews with long lists hurry, and
 * those with short ones leave more for later, so that every list is one to show. */
static gint64
longest_wait (Journey *j, guint *left_lying)
{
  guint open = j->world->open[j->ticket->crew], fair = j->world->fair_list;

  *left_lying = open > fair * 13 / 10 ? 0 : 50;
  if (open > fair * 13 / 10)
    return 300;
  if (open < fair * 7 / 10 && j->world->now - j->at < 6 * SHT_SAMPLE_DAY)
    {
      *left_lying = 150;
      return 4000;
    }
  return chance (j, 300) ? 3400 : 1300;
}

/* A crew that has the ticket on its list gets to it, or is at it now. */
static gboolean
visit (Journey *j)
{
  ShtSampleWorld *world = j->world;
  guint crew = j->ticket->crew;
  gint64 last = sht_sample_last_work (world->town->calendar, world->now);
  gint64 start = last - between (j, 4, 35) * SHT_SAMPLE_MINUTE;
  guint left_lying;
  gint64 wait = longest_wait (j, &left_lying);

  if (chance (j, left_lying) || !after_work (j, 30, wait))
    {
      if (world->busy[crew] || start <= j->at || !chance (j, 350))
        return FALSE;
      j->at = start;
      world->busy[crew] = TRUE;
      set_status (j, "on_the_way", worker (j), NULL, NULL);
      if (chance (j, 500))
        {
          j->at += (last - start) / 2;
          set_status (j, "in_progress", worker (j), NULL, NULL);
          make_safe (j);
        }
      return FALSE;
    }
  set_status (j, "on_the_way", worker (j), NULL, NULL);
  if (!after (j, 4, 32))
    return FALSE;
  set_status (j, "in_progress", worker (j), NULL, NULL);
  if (!work (j))
    return FALSE;
  set_status (j, "done", worker (j), sht_sample_pick (world, j->ticket->service->done), NULL);
  return TRUE;
}

static gboolean
close_ticket (Journey *j)
{
  if (!after (j, 12, chance (j, 200) ? 2200 : 300))
    return FALSE;
  finish (j, "closed", hotline (), word (j, "closed"));
  return TRUE;
}

static gboolean
reopen (Journey *j)
{
  ShtSampleTicket *ticket = j->ticket;

  if (ticket->n_legs >= SHT_SAMPLE_MAX_LEGS || !after (j, 300, 5500))
    return FALSE;
  set_status (j, "reopened", hotline (), word (j, "reopened"), NULL);
  ticket->reopened_at = j->at;
  begin_leg (j, ticket->crew);
  if (chance (j, 350) || !after_work (j, 30, 700))
    return FALSE;
  assign (j);
  return TRUE;
}

/**
 * sht_sample_journey:
 * @world: its events are replaced by those of this ticket, in order of time
 * @ticket: as sht_sample_open() made it; left as its journey leaves it at the world's now
 *
 * Lets a ticket be worked on until it is closed, stuck, or now is reached: that is why young tickets
 * are open and old ones mostly are not.
 */
void
sht_sample_journey (ShtSampleWorld *world, ShtSampleTicket *ticket)
{
  Journey j = { world, ticket, ticket->created_at };

  g_ptr_array_set_size (world->events, 0);
  created (&j);
  if (chance (&j, 60) && after (&j, 20, 600))
    note (&j, hotline (), word (&j, "hotline_notes"));
  if (!triage (&j))
    return;
  if (chance (&j, 18))
    ticket->obstacle = word (&j, "obstacles");
  if (!visit (&j) || !close_ticket (&j) || !chance (&j, 65) || !reopen (&j))
    return;
  if (visit (&j))
    close_ticket (&j);
}
