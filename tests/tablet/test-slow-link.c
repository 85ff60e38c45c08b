/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/tablet/tablet-fixture.h"

/* A hundred photos over a slow link that breaks, in virtual time: what goes twice, and how long a status waits. */

#define RATE_BYTES_S (2 * 1000 * 1000 / 8)
#define BREAK_MS 30000
#define THERE_AND_BACK_MS 60
/* What a request and its answer take beside their bodies. */
#define HEAD_BYTES 700
#define PHOTOS 100
#define PHOTO_BYTES 3000000
#define STATUS_EVERY_MS 7100
#define STATUS_WITHIN_MS 3000

typedef struct
{
  ShtRequest *request; /* (owned) */
  gint64 left_at;
  gint64 answer_at;
} Flight;

typedef struct
{
  Tablet *tablet;
  GPtrArray *flights; /* (owned) */
  gint64 free_at;     /* when all that left has passed the slow link */
  gint64 break_at;
  guint breaks;
  gint64 photo_bytes; /* of full photos that left, whether they came or not */
  gint64 act_at;      /* when the next status is set */
  gint64 acted_at;    /* 0 while no status waits */
  gint64 longest;
  guint statuses;
} Link;

static void
flight_free (gpointer data)
{
  Flight *flight = data;

  sht_request_free (flight->request);
  g_free (flight);
}

/* What leaves shares the link with what left before it. */
static void
send_all (Link *link)
{
  ShtRequest *request;

  while ((request = sht_engine_next (link->tablet->engine, link->tablet->mono)) != NULL)
    {
      Flight *flight = g_new0 (Flight, 1);
      gint64 bytes = HEAD_BYTES + (request->body != NULL ? (gint64)g_bytes_get_size (request->body) : 0);

      flight->request = request;
      flight->left_at = MAX (link->free_at, link->tablet->mono);
      link->free_at = flight->left_at + bytes * 1000 / RATE_BYTES_S;
      flight->answer_at = link->free_at + THERE_AND_BACK_MS;
      g_ptr_array_add (link->flights, flight);
    }
}

static void
count_bytes (Link *link, Flight *flight, gint64 until)
{
  gint64 gone = MAX (0, until - flight->left_at) * RATE_BYTES_S / 1000;

  if (flight->request->lane == SHT_LANE_PHOTOS && flight->request->body != NULL)
    link->photo_bytes += MIN (gone, (gint64)g_bytes_get_size (flight->request->body));
}

static void
break_link (Link *link)
{
  link->breaks++;
  link->free_at = link->tablet->mono;
  link->break_at = link->tablet->mono + BREAK_MS;
  while (link->flights->len > 0)
    {
      g_autoptr (ShtAnswer) lost = sht_answer_new (0);
      Flight *flight = g_ptr_array_index (link->flights, 0);

      count_bytes (link, flight, link->tablet->mono);
      sht_engine_answer (link->tablet->engine, flight->request->lane, lost, link->tablet->mono);
      g_ptr_array_remove_index (link->flights, 0);
    }
}

static void
arrive (Link *link)
{
  for (guint i = 0; i < link->flights->len;)
    {
      Flight *flight = g_ptr_array_index (link->flights, i);
      g_autoptr (ShtAnswer) answer = NULL;

      if (flight->answer_at > link->tablet->mono)
        {
          i++;
          continue;
        }
      count_bytes (link, flight, flight->answer_at);
      answer = tablet_carry (link->tablet, flight->request);
      sht_engine_answer (link->tablet->engine, flight->request->lane, answer, link->tablet->mono);
      g_ptr_array_remove_index (link->flights, i);
    }
}

/* A status now and then, and how long it took until it was confirmed. */
static void
work (Link *link, const char *ticket)
{
  Tablet *tablet = link->tablet;

  if (link->acted_at > 0 && tablet_count (tablet, "SELECT count(*) FROM op WHERE state < 2 AND kind = 'ticket.status'") == 0)
    {
      link->longest = MAX (link->longest, tablet->mono - link->acted_at);
      link->acted_at = 0;
    }
  if (link->acted_at == 0 && tablet->mono >= link->act_at)
    {
      static const char *const turns[] = { "on_the_way", "in_progress" };
      g_autoptr (ShtOperation) op = sht_store_new_operation (tablet->store, SHT_KIND_TICKET_STATUS, ticket);
      g_autoptr (GError) error = NULL;

      json_object_set_string_member (op->fields, "want", turns[link->statuses++ % 2]);
      sht_store_act (tablet->store, op, &error);
      g_assert_no_error (error);
      link->acted_at = tablet->mono;
      link->act_at = tablet->mono + STATUS_EVERY_MS;
      sht_engine_poke (tablet->engine);
    }
}

/* To the next moment at which something happens. */
static void
go_on (Link *link)
{
  gint64 next = MIN (link->break_at, sht_engine_wake_at (link->tablet->engine));

  if (link->acted_at == 0)
    next = MIN (next, link->act_at);
  for (guint i = 0; i < link->flights->len; i++)
    next = MIN (next, ((Flight *)g_ptr_array_index (link->flights, i))->answer_at);
  if (next > link->tablet->mono)
    {
      link->tablet->world.now += next - link->tablet->mono;
      link->tablet->mono = next;
    }
}

static void
test_hundred_photos (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = NULL;
  g_autofree char *id = ticket_id (1), *other = ticket_id (2);
  Link link = { 0 };
  double twice;

  town_add_ticket (town, 1, "r1");
  town_add_ticket (town, 2, "r1");
  tablet = tablet_new (town, "crew", "r1", "roads");
  tablet->page_rows = 1000;
  g_assert_true (tablet_sync (tablet, 0));
  for (guint i = 0; i < PHOTOS; i++)
    {
      g_autofree char *photo = tablet_photo (tablet, id, PHOTO_BYTES, i);

      g_assert_nonnull (photo);
    }
  link.tablet = tablet;
  link.flights = g_ptr_array_new_with_free_func (flight_free);
  link.break_at = tablet->mono + BREAK_MS;
  sht_engine_poke (tablet->engine);
  while (!sht_engine_is_settled (tablet->engine))
    {
      work (&link, other);
      send_all (&link);
      if (sht_engine_work (tablet->engine, tablet->mono))
        continue;
      go_on (&link);
      arrive (&link);
      if (tablet->mono >= link.break_at)
        break_link (&link);
    }
  g_ptr_array_unref (link.flights);
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM blob WHERE state <> 2"), ==, 0);
  assert_agrees (tablet);
  twice = (double)link.photo_bytes / ((double)PHOTOS * PHOTO_BYTES) - 1;
  g_test_message ("virtual time: %" G_GINT64_FORMAT " s, %u breaks, %.2f %% of the photos' bytes went twice, %u statuses, the "
                  "slowest confirmed after %" G_GINT64_FORMAT " ms",
                  tablet->mono / 1000, link.breaks, 100 * twice, link.statuses, link.longest);
  g_assert_cmpuint (link.breaks, >=, 30);
  g_assert_cmpuint (link.statuses, >=, 150);
  g_assert_cmpfloat (twice, <=, 0.02);
  g_assert_cmpint (link.longest, <=, STATUS_WITHIN_MS);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/slow-link/hundred-photos", test_hundred_photos);
  return g_test_run ();
}
