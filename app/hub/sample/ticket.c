/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/id.h"
#include "core/json.h"
#include "hub/sample/journey.h"

#include <string.h>

/* Within this time a second call about the same thing is taken for the same. */
#define DUPLICATE_WITHIN (4 * SHT_SAMPLE_DAY)

void
sht_sample_ticket_clear (ShtSampleTicket *self)
{
  g_free (self->id);
  g_free (self->number);
  g_free (self->duplicate_of);
  g_free (self->address);
  g_free (self->description);
  g_free (self->answers);
  g_free (self->resident);
  g_clear_pointer (&self->clock, json_object_unref);
}

const char *
sht_sample_pick (ShtSampleWorld *world, GStrv words)
{
  return words[sht_sample_random_below (&world->random, g_strv_length (words))];
}

static ShtSampleService *
pick_service (ShtSampleWorld *world)
{
  guint at = sht_sample_random_below (&world->random, world->town->weight);

  for (guint i = 0;; i++)
    {
      ShtSampleService *service = sht_sample_town_service (world->town, i);

      if (at < service->weight)
        return service;
      at -= service->weight;
    }
}

static const char *
pick_source (ShtSampleWorld *world, gboolean safety)
{
  guint roll = sht_sample_random_below (&world->random, 100);

  if (roll < 46)
    return "phone";
  if (roll < 72)
    return "app";
  if (roll < 83)
    return "web";
  if (roll < 89)
    return "email";
  return roll < 94 && safety ? "camera" : "crew";
}

static void
append_moment (GString *out, gint64 utc_ms)
{
  ShtSampleLocal t;

  sht_sample_local (utc_ms, &t);
  g_string_append_printf (out, "\"%04d-%02d-%02dT%02d:%02d:00+%02d:00\"", t.year, t.month, t.month_day,
                          t.minute / 60, t.minute % 60, t.offset_minutes / 60);
}

static void
append_several (ShtSampleWorld *world, GString *out, GStrv keys)
{
  guint n = g_strv_length (keys);
  guint first = sht_sample_random_below (&world->random, n);

  g_string_append_c (out, '[');
  sht_json_append_string (out, keys[first]);
  if (n > 1 && sht_sample_random_chance (&world->random, 300))
    {
      g_string_append_c (out, ',');
      sht_json_append_string (out, keys[(first + 1) % n]);
    }
  g_string_append_c (out, ']');
}

static char *
make_answers (ShtSampleWorld *world, GArray *questions, gint64 created_at)
{
  GString *out = g_string_new ("{");

  for (guint i = 0; i < questions->len; i++)
    {
      ShtSampleQuestion *q = &g_array_index (questions, ShtSampleQuestion, i);
      gint64 hours = sht_sample_random_between (&world->random, 1, 72);

      if (!q->required && sht_sample_random_chance (&world->random, 550))
        continue;
      if (q->choices != NULL && *q->choices == NULL)
        continue;
      sht_json_append_key (out, q->code);
      if (q->kind == SHT_SAMPLE_ANSWER_NUMBER)
        g_string_append_printf (out, "%" G_GINT64_FORMAT,
                                sht_sample_random_between (&world->random, q->least, q->most));
      else if (q->kind == SHT_SAMPLE_ANSWER_DATETIME)
        append_moment (out, created_at - hours * 60 * SHT_SAMPLE_MINUTE);
      else if (q->kind == SHT_SAMPLE_ANSWER_SEVERAL)
        append_several (world, out, q->choices);
      else
        sht_json_append_string (out, sht_sample_pick (world, q->choices));
    }
  g_string_append_c (out, '}');
  return g_string_free (out, FALSE);
}

static void
append_sentence (GString *out, const char *text, const char *street, const char *number)
{
  g_string_append (out, out->len > 0 ? ". " : "");
  g_string_append (out, text);
  if (strchr (text, '{') == NULL)
    return;
  g_string_replace (out, "{street}", street, 0);
  g_string_replace (out, "{number}", number, 0);
}

static void
append_tails (ShtSampleWorld *world, GString *out)
{
  GStrv tails = sht_sample_town_words (world->town, "tails");
  guint n = g_strv_length (tails);
  guint first = sht_sample_random_below (&world->random, n);
  guint count = sht_sample_random_below (&world->random, 4);

  for (guint i = 0; i < MIN (count, n); i++)
    append_sentence (out, tails[(first + i * 5) % n], "", "");
}

static char *
make_description (ShtSampleWorld *world, ShtSampleTicket *ticket, const char *text)
{
  GString *out = g_string_new (NULL);
  const char *space = strrchr (ticket->address, ' ');
  g_autofree char *street = g_strndup (ticket->address, (gsize) (space - ticket->address));

  append_sentence (out, text, street, space + 1);
  if (sht_sample_random_chance (&world->random, 750))
    append_sentence (out, sht_sample_pick (world, sht_sample_town_words (world->town, "places")),
                     street, space + 1);
  /* Crews and cameras say what they saw; residents go on. */
  if (strcmp (ticket->source, "crew") != 0 && strcmp (ticket->source, "camera") != 0)
    append_tails (world, out);
  g_string_append_c (out, '.');
  return g_string_free (out, FALSE);
}

/* Nobody real: a number for a name, and a telephone range nobody has. */
static char *
make_resident (ShtSampleWorld *world, const char *source)
{
  static const char *const languages[] = { "he", "he", "he", "he", "he", "ar", "ru", "ru", "am", "en" };
  GString *out;
  guint n = 1 + sht_sample_random_below (&world->random, 9999);

  if (strcmp (source, "crew") == 0 || strcmp (source, "camera") == 0
      || sht_sample_random_chance (&world->random, 120))
    return NULL;
  out = g_string_new (NULL);
  g_string_append_printf (out, "{\"name\":\"פונה %u\",\"phone\":\"050-0000%03u\",\"language\":\"%s\"", n,
                          n % 1000,
                          languages[sht_sample_random_below (&world->random, G_N_ELEMENTS (languages))]);
  if (sht_sample_random_chance (&world->random, 90))
    {
      g_string_append (out, ",\"needs\":[");
      sht_json_append_string (
          out, sht_sample_pick (world, sht_sample_town_words (world->town, "needs")));
      g_string_append_c (out, ']');
    }
  g_string_append_c (out, '}');
  return g_string_free (out, FALSE);
}

static void
set_where (ShtSampleWorld *world, ShtSampleTicket *ticket)
{
  ShtSampleTown *town = world->town;
  GArray *places = ticket->service->places;
  ShtSampleAddress *address;

  if (places->len > 0 && sht_sample_random_chance (&world->random, 600))
    {
      guint i = g_array_index (places, guint, sht_sample_random_below (&world->random, places->len));
      ShtSamplePlace *place = &g_array_index (town->places, ShtSamplePlace, i);

      ticket->place = place->id;
      ticket->address = g_strdup (place->address);
      ticket->lat_e7 = place->lat_e7;
      ticket->lon_e7 = place->lon_e7;
      return;
    }
  address = &g_array_index (town->addresses, ShtSampleAddress,
                            sht_sample_random_below (&world->random, town->addresses->len));
  ticket->address = g_strdup_printf ("%s %u", address->street, address->number);
  ticket->lat_e7 = address->lat_e7;
  ticket->lon_e7 = address->lon_e7;
}

/* A street lies in one, and some outside the town in none. */
static const char *
district_of (ShtSampleWorld *world, const char *address)
{
  g_autofree char *street = g_strndup (address, (gsize) (strrchr (address, ' ') - address));

  return g_hash_table_lookup (world->town->districts, street);
}

/* A second call about what was just reported: same address, told by somebody else. */
static gboolean
set_duplicate (ShtSampleWorld *world, ShtSampleTicket *ticket, ShtSampleRecent *recent)
{
  if (recent->id == NULL || ticket->created_at - recent->created_at > DUPLICATE_WITHIN
      || !sht_sample_random_chance (&world->random, 35))
    return FALSE;
  ticket->duplicate_of = g_strdup (recent->id);
  ticket->address = g_strdup (recent->address);
  ticket->lat_e7 = recent->lat_e7;
  ticket->lon_e7 = recent->lon_e7;
  return TRUE;
}

static void
set_number (ShtSampleWorld *world, ShtSampleTicket *ticket)
{
  ShtSampleLocal t;

  sht_sample_local (ticket->created_at, &t);
  if (t.year != world->year)
    {
      world->year = t.year;
      world->in_year = 0;
    }
  world->in_year++;
  ticket->number = g_strdup_printf ("106-%d-%05" G_GUINT64_FORMAT, t.year, world->in_year);
}

static void
start_clock (ShtSampleWorld *world, ShtSampleTicket *ticket)
{
  ticket->clock = json_object_new ();
  json_object_set_string_member (ticket->clock, "priority", ticket->priority);
  json_object_set_int_member (ticket->clock, "created_at", ticket->created_at);
  sht_clock_begin (ticket->clock, ticket->service->entity, world->town->clock);
}

static void
set_visit (ShtSampleWorld *world, ShtSampleTicket *ticket)
{
  ShtSampleLocal t;
  gint64 start;

  if (ticket->resident == NULL || !sht_sample_random_chance (&world->random, 80))
    return;
  start = sht_sample_add_work (world->town->calendar, ticket->created_at,
                               sht_sample_random_between (&world->random, 240, 1400));
  sht_sample_local (start, &t);
  ticket->visit_from = sht_sample_utc (t.day, t.minute / 60 * 60);
  ticket->visit_to = ticket->visit_from + 120 * SHT_SAMPLE_MINUTE;
}

/**
 * sht_sample_open:
 * @created_at: when; not before that of the ticket before
 * @ticket: (out caller-allocates): to be cleared with sht_sample_ticket_clear()
 *
 * Makes a ticket as the hotline takes it in: what, where, who, and by when.
 */
void
sht_sample_open (ShtSampleWorld *world, gint64 created_at, ShtSampleTicket *ticket)
{
  ShtSampleRecent *recent;
  guint matter;

  *ticket = (ShtSampleTicket) { .created_at = created_at, .updated_at = created_at, .status = "new" };
  ticket->id = sht_id_new (created_at, sht_sample_random_bytes, &world->random);
  ticket->service = pick_service (world);
  ticket->department = ticket->service->department;
  ticket->crew = SHT_SAMPLE_NOBODY;
  matter = sht_sample_random_below (&world->random, g_strv_length (ticket->service->texts));
  ticket->title = ticket->service->titles[matter];
  ticket->source = pick_source (world, ticket->service->safety);
  ticket->priority
      = sht_sample_random_chance (&world->random, ticket->service->safety ? 330 : 30) ? "urgent"
                                                                                      : "normal";
  recent = &world->recent[ticket->service - sht_sample_town_service (world->town, 0)];
  if (!set_duplicate (world, ticket, recent))
    {
      set_where (world, ticket);
      g_free (recent->id);
      g_free (recent->address);
      *recent = (ShtSampleRecent) { g_strdup (ticket->id), g_strdup (ticket->address), ticket->lat_e7,
                                    ticket->lon_e7, created_at };
    }
  ticket->district = district_of (world, ticket->address);
  set_number (world, ticket);
  ticket->description = make_description (world, ticket, ticket->service->texts[matter]);
  ticket->answers = make_answers (world, ticket->service->questions, created_at);
  ticket->resident = make_resident (world, ticket->source);
  start_clock (world, ticket);
  set_visit (world, ticket);
  ticket->legs[ticket->n_legs++] = (ShtSampleLeg) { .department = ticket->department, .from = created_at };
}

static void
write_holders (ShtSampleWorld *world, const ShtSampleLeg *leg, GString *out)
{
  if (leg->n_holders == 0)
    return;
  sht_json_append_key (out, "crews");
  for (guint i = 0; i < leg->n_holders; i++)
    {
      g_string_append (out, i == 0 ? "[[" : ",[");
      sht_json_append_string (out, g_array_index (world->town->crews, ShtSampleCrew, leg->holders[i].crew).code);
      g_string_append_printf (out, ",%" G_GINT64_FORMAT "]", leg->holders[i].from);
    }
  g_string_append_c (out, ']');
}

static void
write_sla (ShtSampleWorld *world, const ShtSampleTicket *ticket, GString *out)
{
  JsonArray *pauses;

  sht_clock_settle (ticket->clock, world->town->clock);
  pauses = sht_json_array (ticket->clock, "pauses");
  if (sht_json_has (ticket->clock, "due_at"))
    sht_json_append_member_int (out, "due_at", sht_json_int (ticket->clock, "due_at", 0));
  sht_json_append_key (out, "sla");
  sht_json_append_array (out, sht_json_array (ticket->clock, "sla"));
  if (pauses != NULL)
    {
      sht_json_append_key (out, "pauses");
      sht_json_append_array (out, pauses);
    }
  sht_json_append_key (out, "legs");
  for (guint i = 0; i < ticket->n_legs; i++)
    {
      const ShtSampleLeg *leg = &ticket->legs[i];

      g_string_append (out, i == 0 ? "[{" : ",{");
      sht_json_append_member (
          out, "department",
          g_array_index (world->town->departments, ShtSampleDepartment, leg->department).code);
      sht_json_append_member_int (out, "from", leg->from);
      if (leg->to != 0)
        sht_json_append_member_int (out, "to", leg->to);
      write_holders (world, leg, out);
      g_string_append_c (out, '}');
    }
  g_string_append_c (out, ']');
}

/* What was answered at the opening, and of work that is done what its form asks for. Drawn by a row of numbers of its own:
 * the town's others stay as they are. */
static void
write_answers (ShtSampleWorld *world, const ShtSampleTicket *ticket, GString *out)
{
  gboolean done = g_str_equal (ticket->status, "done") || g_str_equal (ticket->status, "closed");
  ShtSampleRandom kept = world->random;
  g_autofree char *form = NULL;

  sht_json_append_key (out, "answers");
  g_string_append (out, ticket->answers);
  if (!done)
    return;
  sht_sample_random_init (&world->random, (guint64) ticket->created_at);
  form = make_answers (world, ticket->service->form, ticket->updated_at);
  world->random = kept;
  if (g_str_equal (form, "{}"))
    return;
  g_string_truncate (out, out->len - 1);
  g_string_append (out, g_str_has_suffix (out->str, "{") ? "" : ",");
  g_string_append (out, form + 1);
}

/**
 * sht_sample_write_ticket:
 * @out: emptied, then the ticket's line
 */
void
sht_sample_write_ticket (ShtSampleWorld *world, const ShtSampleTicket *ticket, GString *out)
{
  ShtSampleTown *town = world->town;

  g_string_assign (out, "{\"t\":\"ticket\"");
  sht_json_append_member (out, "id", ticket->id);
  sht_json_append_member (out, "number", ticket->number);
  sht_json_append_member (out, "status", ticket->status);
  sht_json_append_member (out, "title", ticket->title);
  sht_json_append_member (out, "description", ticket->description);
  sht_json_append_member (out, "address", ticket->address);
  sht_json_append_member_int (out, "lat_e7", ticket->lat_e7);
  sht_json_append_member_int (out, "lon_e7", ticket->lon_e7);
  sht_json_append_member (out, "service", ticket->service->code);
  sht_json_append_member (
      out, "department",
      g_array_index (town->departments, ShtSampleDepartment, ticket->department).code);
  if (ticket->crew != SHT_SAMPLE_NOBODY)
    sht_json_append_member (out, "crew", g_array_index (town->crews, ShtSampleCrew, ticket->crew).code);
  sht_json_append_member (out, "place", ticket->place);
  sht_json_append_member (out, "district", ticket->district);
  sht_json_append_member (out, "priority", ticket->priority);
  sht_json_append_member (out, "source", ticket->source);
  sht_json_append_member_int (out, "created_at", ticket->created_at);
  sht_json_append_member_int (out, "updated_at", ticket->updated_at);
  if (ticket->closed_at != 0)
    sht_json_append_member_int (out, "closed_at", ticket->closed_at);
  if (ticket->reopened_at != 0)
    g_string_append_printf (out, ",\"reopened\":[%" G_GINT64_FORMAT "]", ticket->reopened_at);
  write_sla (world, ticket, out);
  if (ticket->visit_from != 0)
    {
      sht_json_append_key (out, "visit");
      g_string_append_c (out, '{');
      sht_json_append_member_int (out, "from", ticket->visit_from);
      sht_json_append_member_int (out, "to", ticket->visit_to);
      g_string_append_c (out, '}');
    }
  if (ticket->resident != NULL)
    {
      sht_json_append_key (out, "resident");
      g_string_append (out, ticket->resident);
    }
  write_answers (world, ticket, out);
  sht_json_append_member (out, "waiting_for", ticket->waiting_for);
  sht_json_append_member (out, "duplicate_of", ticket->duplicate_of);
  sht_json_append_member (out, "obstacle", ticket->obstacle);
  g_string_append_c (out, '}');
}
