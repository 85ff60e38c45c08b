/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/figures-private.h"
#include "core/json.h"
#include "core/merge.h"
#include "core/ticket.h"

#include <string.h>

#define TICKET "01890000-0000-7000-8000-00000000aaaa"
#define HOUR G_GINT64_CONSTANT (3600000)
#define DAY (24 * HOUR)
/* 2026-11-26 12:00 UTC, a Thursday */
#define NOW G_GINT64_CONSTANT (1795694400000)

/* --- who held it, by the merge --- */

typedef struct
{
  JsonObject *ticket;
  gint64 number;
} Hub;

static void
act (Hub *hub, ShtRole role, ShtKind kind, const char *fields, gint64 at)
{
  g_autofree char *id = g_strdup_printf ("01890000-0000-7000-8000-0000000000%02x", (guint) ++hub->number);
  g_autoptr (ShtOperation) op = sht_operation_new (kind, id, TICKET, at);
  g_autoptr (ShtOutcome) outcome = NULL;
  g_autoptr (GError) error = NULL;
  ShtMergeContext ctx = {
    .number = hub->number,
    .device = "tablet",
    .device_seq = hub->number,
    .role = role,
    .crew = role == SHT_ROLE_CREW ? "r1" : NULL,
    .department = "roads",
    .at = at,
    .in_scope = TRUE,
    .was_in_scope = TRUE,
  };

  json_object_unref (op->fields);
  op->fields = sht_json_parse_object (fields, -1, &error);
  g_assert_no_error (error);
  g_assert_true (sht_operation_validate (op, &error));
  outcome = sht_merge (&ctx, op, hub->ticket);
  g_assert_cmpint (outcome->result, ==, SHT_RESULT_APPLIED);
}

static char *
member_text (JsonObject *object, const char *member)
{
  g_autoptr (GString) out = g_string_new (NULL);

  if (sht_json_array (object, member) == NULL)
    return NULL;
  sht_json_append_array (out, sht_json_array (object, member));
  return g_strdup (out->str);
}

static void
assert_member (JsonObject *object, const char *member, const char *wanted)
{
  g_autofree char *text = member_text (object, member);

  g_assert_cmpstr (text, ==, wanted);
}

static Hub *
hub_new (const char *members)
{
  g_autofree char *json = g_strconcat ("{\"t\":\"ticket\",\"id\":\"" TICKET "\",\"status\":\"new\",\"department\":\"roads\","
                                       "\"created_at\":1000", members, "}", NULL);
  Hub *hub = g_new0 (Hub, 1);

  hub->ticket = sht_json_parse_object (json, -1, NULL);
  g_assert_nonnull (hub->ticket);
  return hub;
}

static void
hub_free (Hub *hub)
{
  json_object_unref (hub->ticket);
  g_free (hub);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Hub, hub_free)

static void
test_holders (void)
{
  g_autoptr (Hub) hub = hub_new (",\"legs\":[{\"department\":\"roads\",\"from\":1000}]");
  JsonArray *legs = sht_json_array (hub->ticket, "legs");

  act (hub, SHT_ROLE_SUPERVISOR, SHT_KIND_TICKET_ASSIGN, "{\"crew\":\"r2\"}", 2000);
  act (hub, SHT_ROLE_SUPERVISOR, SHT_KIND_TICKET_ASSIGN, "{\"crew\":\"r2\"}", 2500);
  act (hub, SHT_ROLE_SUPERVISOR, SHT_KIND_TICKET_ASSIGN, "{\"crew\":null}", 3000);
  /* whoever starts what nobody has takes it */
  act (hub, SHT_ROLE_CREW, SHT_KIND_TICKET_STATUS, "{\"want\":\"in_progress\",\"seen\":\"new\"}", 4000);
  assert_member (sht_json_element (legs, 0), "crews", "[[\"r2\",2000],[null,3000],[\"r1\",4000]]");
  act (hub, SHT_ROLE_SUPERVISOR, SHT_KIND_TICKET_HAND_OVER, "{\"department\":\"gardens\"}", 5000);
  act (hub, SHT_ROLE_SUPERVISOR, SHT_KIND_TICKET_ASSIGN, "{\"crew\":\"g1\"}", 6000);
  assert_member (sht_json_element (legs, 0), "crews", "[[\"r2\",2000],[null,3000],[\"r1\",4000]]");
  assert_member (sht_json_element (legs, 1), "crews", "[[\"g1\",6000]]");
  assert_member (hub->ticket, "reopened", NULL);
}

static void
test_holders_from_before (void)
{
  g_autoptr (Hub) hub = hub_new (",\"crew\":\"r1\",\"legs\":[{\"department\":\"roads\",\"from\":1500}]");
  g_autoptr (Hub) bare = hub_new (",\"crew\":\"r1\"");
  g_autoptr (Hub) handed = hub_new ("");

  act (hub, SHT_ROLE_SUPERVISOR, SHT_KIND_TICKET_ASSIGN, "{\"crew\":\"r2\"}", 2000);
  assert_member (hub->ticket, "legs", "[{\"department\":\"roads\",\"from\":1500,\"crews\":[[\"r1\",1500],[\"r2\",2000]]}]");
  /* an import without legs */
  act (bare, SHT_ROLE_SUPERVISOR, SHT_KIND_TICKET_ASSIGN, "{\"crew\":\"r2\"}", 2000);
  assert_member (bare->ticket, "legs", "[{\"department\":\"roads\",\"from\":1000,\"crews\":[[\"r1\",1000],[\"r2\",2000]]}]");
  act (handed, SHT_ROLE_SUPERVISOR, SHT_KIND_TICKET_HAND_OVER, "{\"department\":\"gardens\"}", 3000);
  assert_member (handed->ticket, "legs",
                 "[{\"department\":\"roads\",\"from\":1000,\"to\":3000},{\"department\":\"gardens\",\"from\":3000}]");
}

static void
test_holders_are_bounded (void)
{
  g_autoptr (Hub) hub = hub_new (",\"legs\":[{\"department\":\"roads\",\"from\":1000}]");
  JsonArray *crews;

  for (guint i = 0; i < SHT_TICKET_MAX_HOLDERS + 5; i++)
    act (hub, SHT_ROLE_SUPERVISOR, SHT_KIND_TICKET_ASSIGN, i % 2 == 0 ? "{\"crew\":\"r1\"}" : "{\"crew\":\"r2\"}", 2000 + i);
  crews = sht_json_array (sht_json_element (sht_json_array (hub->ticket, "legs"), 0), "crews");
  g_assert_cmpuint (json_array_get_length (crews), ==, SHT_TICKET_MAX_HOLDERS);
  g_assert_cmpint (json_array_get_int_element (json_array_get_array_element (crews, 0), 1), ==, 2005);
}

static void
test_reopenings (void)
{
  g_autoptr (Hub) hub = hub_new (",\"crew\":\"r1\"");

  act (hub, SHT_ROLE_CREW, SHT_KIND_TICKET_STATUS, "{\"want\":\"done\",\"seen\":\"new\"}", 2000);
  /* a crew that takes back its own step has reopened nothing */
  act (hub, SHT_ROLE_CREW, SHT_KIND_TICKET_STATUS, "{\"want\":\"in_progress\",\"seen\":\"done\"}", 2100);
  assert_member (hub->ticket, "reopened", NULL);
  act (hub, SHT_ROLE_CREW, SHT_KIND_TICKET_STATUS, "{\"want\":\"done\",\"seen\":\"in_progress\"}", 2200);
  act (hub, SHT_ROLE_SUPERVISOR, SHT_KIND_TICKET_STATUS, "{\"want\":\"reopened\",\"seen\":\"done\"}", 3000);
  act (hub, SHT_ROLE_CREW, SHT_KIND_TICKET_STATUS, "{\"want\":\"done\",\"seen\":\"reopened\"}", 3100);
  act (hub, SHT_ROLE_SUPERVISOR, SHT_KIND_TICKET_ASSIGN, "{\"crew\":\"r2\"}", 4000);
  act (hub, SHT_ROLE_CREW, SHT_KIND_TICKET_STATUS, "{\"want\":\"done\",\"seen\":\"assigned\"}", 4100);
  act (hub, SHT_ROLE_SUPERVISOR, SHT_KIND_TICKET_HAND_OVER, "{\"department\":\"gardens\"}", 5000);
  assert_member (hub->ticket, "reopened", "[3000,4000,5000]");
}

/* --- facts --- */

#define MET(at) ",\"met_at\":" #at
#define SLA(due, met) ",\"sla\":[{\"milestone\":\"first_response\",\"amount\":1,\"unit\":\"days\",\"due_at\":90,\"met_at\":60}," \
                      "{\"milestone\":\"complete\",\"amount\":1,\"unit\":\"days\"" due met "}]"
#define LEGS ",\"legs\":[{\"department\":\"roads\",\"from\":50,\"to\":200,\"crews\":[[\"r1\",100],[\"r2\",150]]}," \
             "{\"department\":\"gardens\",\"from\":200,\"crews\":[[\"g1\",250],[null,300]]}]"

static void
test_promises (void)
{
  static const struct
  {
    const char *members;
    const char *promises; /* at, + kept or - broken, whose; each followed by a blank */
  } rows[] = {
    /* kept when it was met, broken when it fell due, whether it is met later or not */
    { "\"status\":\"done\",\"closed_at\":400" SLA (",\"due_at\":500", MET (400)), "400+gardens/g1 " },
    { "\"status\":\"done\",\"closed_at\":400" SLA (",\"due_at\":400", MET (400)), "400+gardens/g1 " },
    { "\"status\":\"done\",\"closed_at\":400" SLA (",\"due_at\":399", MET (400)), "399-gardens/g1 " },
    { "\"status\":\"new\"" SLA (",\"due_at\":399", ""), "399-gardens/g1 " },
    /* nothing while the clock stands */
    { "\"status\":\"waiting\"" SLA ("", ""), "" },
    { "\"status\":\"new\"", "" },
    /* whoever held it then */
    { "\"status\":\"new\"" SLA (",\"due_at\":99", "") LEGS, "99-roads/ " },
    { "\"status\":\"new\"" SLA (",\"due_at\":100", "") LEGS, "100-roads/r1 " },
    { "\"status\":\"new\"" SLA (",\"due_at\":149", "") LEGS, "149-roads/r1 " },
    { "\"status\":\"new\"" SLA (",\"due_at\":199", "") LEGS, "199-roads/r2 " },
    { "\"status\":\"new\"" SLA (",\"due_at\":200", "") LEGS, "200-gardens/ " },
    { "\"status\":\"new\"" SLA (",\"due_at\":299", "") LEGS, "299-gardens/g1 " },
    { "\"status\":\"new\"" SLA (",\"due_at\":999", "") LEGS, "999-gardens/ " },
    { "\"status\":\"new\"" SLA (",\"due_at\":10", "") LEGS, "10-roads/ " },
    /* legs from before crews were remembered */
    { "\"status\":\"new\"" SLA (",\"due_at\":99", "") ",\"legs\":[{\"department\":\"roads\",\"from\":50,\"to\":200},{\"department\":\"gardens\",\"from\":200}]",
      "99-roads/ " },
    { "\"status\":\"new\"" SLA (",\"due_at\":299", "") ",\"legs\":[{\"department\":\"roads\",\"from\":50,\"to\":200},{\"department\":\"gardens\",\"from\":200}]",
      "299-gardens/g1 " },
    /* what was over before it fell due is nobody's; what had fallen due stays */
    { "\"status\":\"cancelled\",\"closed_at\":300" SLA (",\"due_at\":301", ""), "" },
    { "\"status\":\"duplicate\",\"closed_at\":300" SLA (",\"due_at\":299", ""), "299-gardens/g1 " },
    { "\"status\":\"closed\",\"closed_at\":300" SLA (",\"due_at\":350", MET (340)), "" },
    { "\"status\":\"closed\",\"closed_at\":300" SLA (",\"due_at\":290", MET (340)), "290-gardens/g1 " },
    /* promised elsewhere */
    { "\"status\":\"new\",\"due_at\":150" LEGS, "150-roads/r2 " },
    { "\"status\":\"closed\",\"closed_at\":140,\"due_at\":150" LEGS, "140+roads/r1 " },
    /* a leg's own target, kept by handing it on, or by being done */
    { "\"status\":\"new\"" SLA (",\"due_at\":999", "") ",\"due_at\":320,\"legs\":["
      "{\"department\":\"roads\",\"from\":50,\"to\":200,\"amount\":1,\"unit\":\"minutes\",\"due_at\":200,\"crews\":[[\"r1\",100]]},"
      "{\"department\":\"gardens\",\"from\":200,\"amount\":1,\"unit\":\"minutes\",\"due_at\":320,\"crews\":[[\"g1\",200]]}]",
      "999-gardens/g1 200+roads/r1 320-gardens/g1 " },
    { "\"status\":\"done\",\"closed_at\":310" SLA (",\"due_at\":999", MET (310)) ",\"legs\":["
      "{\"department\":\"roads\",\"from\":50,\"to\":200,\"amount\":1,\"unit\":\"minutes\",\"due_at\":199,\"crews\":[[\"r1\",100]]},"
      "{\"department\":\"gardens\",\"from\":200,\"amount\":1,\"unit\":\"minutes\",\"due_at\":320,\"crews\":[[\"g1\",200]]}]",
      "310+gardens/g1 199-roads/r1 310+gardens/g1 " },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *json = g_strconcat ("{\"created_at\":50,\"department\":\"gardens\",\"crew\":\"g1\",", rows[i].members, "}", NULL);
      g_autoptr (GByteArray) bytes = sht_fact_of (json, strlen (json));
      g_autoptr (GString) said = g_string_new (NULL);
      ShtFact fact;

      g_assert_true (sht_fact_read (bytes->data, bytes->len, &fact));
      g_assert_cmpint (fact.created_at, ==, 50);
      for (guint n = 0; n < fact.n_promises; n++)
        {
          ShtPromise promise;

          sht_fact_next_promise (&fact, &promise);
          g_string_append_printf (said, "%" G_GINT64_FORMAT "%c%.*s/%.*s ", promise.at, promise.kept ? '+' : '-',
                                  (int) promise.department.length, promise.department.at, (int) promise.crew.length, promise.crew.at);
        }
      if (g_strcmp0 (said->str, rows[i].promises) != 0)
        g_error ("%u: %s: “%s” and not “%s”", i, rows[i].members, said->str, rows[i].promises);
    }
}

static void
test_fact (void)
{
  static const char ticket[] = "{\"t\":\"ticket\",\"status\":\"closed\",\"created_at\":1795694400123,\"closed_at\":1795694400001,"
                               "\"service\":\"road-hole\",\"department\":\"ro\\\"ads\",\"source\":null,\"district\":\"\",\"place\":7,"
                               "\"reopened\":[1795694400124,1795694399000],\"sla\":[{\"milestone\":\"make_safe\",\"met_at\":1}]}";
  g_autoptr (GByteArray) bytes = sht_fact_of (ticket, strlen (ticket)), none = sht_fact_of ("[", 1);
  ShtFact fact;

  g_assert_true (sht_fact_read (bytes->data, bytes->len, &fact));
  g_assert_false (fact.is_open);
  g_assert_true (fact.is_done);
  g_assert_cmpmem (fact.of[SHT_DIMENSION_SERVICE].at, fact.of[SHT_DIMENSION_SERVICE].length, "road-hole", 9);
  /* as it stood, escapes and all */
  g_assert_cmpmem (fact.of[SHT_DIMENSION_DEPARTMENT].at, fact.of[SHT_DIMENSION_DEPARTMENT].length, "ro\\\"ads", 7);
  for (guint i = SHT_DIMENSION_CREW; i < SHT_N_DIMENSIONS; i++)
    g_assert_cmpuint (fact.of[i].length, ==, 0);
  g_assert_cmpint (fact.closed_at, ==, G_GINT64_CONSTANT (1795694400001));
  g_assert_cmpint (fact.due_at, ==, G_MAXINT64);
  g_assert_cmpint (fact.met_at[SHT_MILESTONE_MAKE_SAFE], ==, 1);
  g_assert_cmpint (fact.met_at[SHT_MILESTONE_COMPLETE], ==, G_MAXINT64);
  g_assert_cmpuint (fact.n_reopened, ==, 2);
  g_assert_cmpint (sht_fact_next_reopening (&fact), ==, G_GINT64_CONSTANT (1795694400124));
  g_assert_cmpint (sht_fact_next_reopening (&fact), ==, G_GINT64_CONSTANT (1795694399000));
  g_assert_cmpuint (fact.n_promises, ==, 0);
  g_assert_cmpuint (none->len, ==, 0);
  g_assert_false (sht_fact_read (none->data, none->len, &fact));
}

/* Whatever is cut off or changed, nothing is read beyond the end. */
static void
test_broken_facts (void)
{
  static const char ticket[] = "{\"status\":\"new\",\"created_at\":1795694400123,\"due_at\":1795694400500,\"crew\":\"r1\","
                               "\"legs\":[{\"department\":\"gardens\",\"from\":1795694400123,\"crews\":[[\"r2\",1795694400124]]}]}";
  g_autoptr (GByteArray) bytes = sht_fact_of (ticket, strlen (ticket));
  ShtFiguresPeriod period;

  g_assert_true (sht_figures_period (NULL, NULL, NULL, NOW, &period, NULL));
  for (guint i = 0; i < 20000; i++)
    {
      gsize length = (gsize) g_test_rand_int_range (0, (gint32) bytes->len + 1);
      g_autofree guint8 *copy = g_memdup2 (bytes->data, length);
      g_autoptr (ShtFigures) figures = sht_figures_new (&period, SHT_DIMENSION_CREW);
      g_autofree char *json = NULL;

      if (length > 1)
        copy[1 + g_test_rand_int_range (0, (gint32) length - 1)] ^= (guint8) (1 << g_test_rand_int_range (0, 6));
      sht_figures_add (figures, copy, length);
      json = sht_figures_to_json (figures);
      g_assert_nonnull (json);
    }
}

/* --- periods --- */

static ShtTown *
israel (void)
{
  ShtTown *town = sht_town_new ();
  g_autoptr (JsonObject) calendar = sht_json_parse_object (
    "{\"t\":\"calendar\",\"id\":\"town\",\"offsets\":[[946598400,120],[1774569600,180],[1792882800,120]],"
    "\"week\":[[],[],[],[],[],[],[]]}", -1, NULL);

  g_assert_true (sht_town_add (town, calendar, NULL));
  return town;
}

static void
test_period (void)
{
  g_autoptr (ShtTown) town = israel ();
  ShtFiguresPeriod period;

  g_assert_true (sht_figures_period (town, NULL, NULL, NOW, &period, NULL));
  g_assert_cmpint (period.tomorrow, ==, NOW + 10 * HOUR); /* midnight is 22:00 UTC */
  g_assert_cmpint (period.until, ==, period.tomorrow);
  g_assert_cmpint (period.from, ==, period.until - 7 * DAY);
  g_assert_cmpint (period.before, ==, period.until - 14 * DAY);
  g_assert_cmpint (period.days[0], ==, period.before);
  g_assert_cmpint (period.days[SHT_FIGURES_DAYS], ==, period.until);
  /* 2026-10-25 has 25 hours, and 2026-03-27 has 23 */
  g_assert_true (sht_figures_period (town, "2026-10-25", "2026-10-25", NOW, &period, NULL));
  g_assert_cmpint (period.until - period.from, ==, 25 * HOUR);
  g_assert_cmpint (period.from - period.before, ==, DAY);
  g_assert_true (sht_figures_period (town, "2026-03-01", "2026-03-31", NOW, &period, NULL));
  g_assert_cmpint (period.until - period.from, ==, 31 * DAY - HOUR);
  g_assert_cmpint (period.from - period.before, ==, 31 * DAY);
  g_assert_true (sht_figures_period (NULL, NULL, "1970-01-07", NOW, &period, NULL) == FALSE);
  g_assert_true (sht_figures_period (NULL, "2026-11-20", NULL, NOW, &period, NULL));
  g_assert_cmpint (period.until - period.from, ==, 7 * DAY);
  g_assert_cmpint (period.until, ==, NOW + 12 * HOUR);
}

static void
test_bad_period (void)
{
  static const char *const bad[] = { "", "today", "2026-11-31", "2026-1-1", "20261101", "2026-11-01 ", "1999-12-31", "2050-01-01" };
  ShtFiguresPeriod period;
  ShtDimension by;

  for (guint i = 0; i < 2 * G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (sht_figures_period (NULL, i % 2 ? bad[i / 2] : NULL, i % 2 ? NULL : bad[i / 2], NOW, &period, &error));
      g_assert_error (error, SHT_FIGURES_ERROR, SHT_FIGURES_ERROR_INVALID);
    }
  g_assert_false (sht_figures_period (NULL, "2026-11-02", "2026-11-01", NOW, &period, NULL));
  g_assert_true (sht_figures_parse_by ("crew", &by, NULL) && by == SHT_DIMENSION_CREW);
  g_assert_true (sht_figures_parse_by (NULL, &by, NULL) && by == SHT_N_DIMENSIONS);
  g_assert_false (sht_figures_parse_by ("person", &by, NULL));
}

/* --- counting --- */

static void
add (ShtFigures *figures, const char *members)
{
  g_autofree char *json = g_strconcat ("{", members, "}", NULL);
  g_autoptr (GByteArray) fact = sht_fact_of (json, strlen (json));

  sht_figures_add (figures, fact->data, fact->len);
}

/* Minutes before noon of the day that is looked at. */
static void
add_at (ShtFigures *figures, const char *format, ...) G_GNUC_PRINTF (2, 3);

static void
add_at (ShtFigures *figures, const char *format, ...)
{
  g_autofree char *members = NULL;
  va_list args;

  va_start (args, format);
  members = g_strdup_vprintf (format, args);
  va_end (args);
  add (figures, members);
}

#define T G_GINT64_FORMAT

static void
test_state (void)
{
  ShtFiguresPeriod period;
  g_autoptr (ShtFigures) figures = NULL;
  g_autofree char *json = NULL;
  const gint64 midnight = NOW + 12 * HOUR, opened = NOW - 40 * DAY;

  g_assert_true (sht_figures_period (NULL, NULL, NULL, NOW, &period, NULL));
  figures = sht_figures_new (&period, SHT_N_DIMENSIONS);
  add_at (figures, "\"status\":\"new\",\"created_at\":%" T ",\"due_at\":%" T, opened, NOW - 1); /* late */
  add_at (figures, "\"status\":\"new\",\"created_at\":%" T ",\"due_at\":%" T, opened, NOW);     /* not yet */
  add_at (figures, "\"status\":\"waiting\",\"created_at\":%" T ",\"due_at\":%" T, opened + 1, midnight - 1);
  add_at (figures, "\"status\":\"reopened\",\"created_at\":%" T ",\"due_at\":%" T, opened + 1, midnight);
  add_at (figures, "\"status\":\"assigned\",\"created_at\":%" T, opened + 1);
  add_at (figures, "\"status\":\"done\",\"created_at\":%" T ",\"due_at\":%" T, opened - 1, NOW - 1);
  json = sht_figures_to_json (figures);
  g_assert_nonnull (strstr (json, "\"open\":5,\"late\":1,\"due_today\":2,\"oldest_at\":1792238400000,"));
}

static void
test_flows (void)
{
  ShtFiguresPeriod p;
  g_autoptr (ShtFigures) figures = NULL;
  g_autofree char *json = NULL;

  g_assert_true (sht_figures_period (NULL, NULL, NULL, NOW, &p, NULL));
  figures = sht_figures_new (&p, SHT_DIMENSION_CREW);
  /* at the borders of the period, and reopened once before it */
  add_at (figures, "\"crew\":\"b\",\"status\":\"closed\",\"created_at\":%" T ",\"closed_at\":%" T ",\"reopened\":[%" T ",%" T "]",
          p.from - 1, p.from, p.from - 1, p.from);
  add_at (figures, "\"crew\":\"b\",\"status\":\"done\",\"created_at\":%" T ",\"closed_at\":%" T, p.from, p.until - 1);
  add_at (figures, "\"crew\":\"b\",\"status\":\"cancelled\",\"created_at\":%" T ",\"closed_at\":%" T, p.until - 1, p.until);
  add_at (figures, "\"crew\":\"b\",\"status\":\"forwarded\",\"created_at\":%" T ",\"closed_at\":%" T, p.days[0], p.from);
  /* b kept one of two before and one of one now; a has risen less, c fell, d cannot be compared */
  for (guint i = 0; i < 9; i++)
    {
      static const struct
      {
        const char *crew;
        int late, now;
      } rows[] = { { "b", 1, 0 }, { "b", 0, 0 }, { "b", 0, 1 }, { "a", 1, 0 }, { "a", 0, 0 }, { "a", 0, 0 }, { "a", 0, 1 },
                   { "c", 0, 0 }, { "c", 1, 1 } };
      gint64 at = rows[i].now ? p.from : p.before;

      add_at (figures, "\"crew\":\"%s\",\"status\":\"closed\",\"created_at\":1,\"closed_at\":%" T ",\"due_at\":%" T, rows[i].crew,
              at + rows[i].late, at);
    }
  add_at (figures, "\"crew\":\"d\",\"status\":\"new\",\"created_at\":1,\"due_at\":%" T, p.from);
  /* what falls due later today may still be kept */
  add_at (figures, "\"crew\":\"d\",\"status\":\"new\",\"created_at\":1,\"due_at\":%" T, NOW);
  json = sht_figures_to_json (figures);
  g_assert_nonnull (strstr (json, "\"town\":{\"opened\":2,\"closed\":6,"));
  g_assert_nonnull (strstr (json, "\"on_time\":[2,4],\"on_time_before\":[4,6],\"first_time\":[4,5],\"reopened\":1,"));
  g_assert_nonnull (strstr (json, "\"groups\":[{\"id\":\"b\",\"opened\":2,\"closed\":4,"));
  g_assert_true (strstr (json, "\"id\":\"b\"") < strstr (json, "\"id\":\"a\""));
  g_assert_true (strstr (json, "\"id\":\"a\"") < strstr (json, "\"id\":\"d\""));
  g_assert_true (strstr (json, "\"id\":\"d\"") < strstr (json, "\"id\":\"c\""));
  g_assert_nonnull (strstr (json, "\"trend\":{\"opened\":[1,0,0,0,0,0,1,1,0,0,0,0,0,1],"));
}

static int
by_value (gconstpointer a, gconstpointer b)
{
  const gint64 *one = a, *other = b;

  return (*one > *other) - (*one < *other);
}

static void
test_percentiles (void)
{
  for (guint round = 0; round < 3000; round++)
    {
      g_autoptr (GArray) values = g_array_new (FALSE, FALSE, sizeof (gint64)), sorted = g_array_new (FALSE, FALSE, sizeof (gint64));
      guint n = (guint) g_test_rand_int_range (1, round % 10 == 0 ? 2000 : 15), percent = (guint) g_test_rand_int_range (1, 101), rank;

      for (guint i = 0; i < n; i++)
        {
          gint64 value = g_test_rand_int_range (-5, round % 2 == 0 ? 6 : 100000);

          g_array_append_val (values, value);
          g_array_append_val (sorted, value);
        }
      g_array_sort (sorted, by_value);
      for (rank = 1; rank * 100 < n * percent; rank++)
        ;
      g_assert_cmpint (sht_figures_percentile (values, percent), ==, g_array_index (sorted, gint64, rank - 1));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/figures/holders", test_holders);
  g_test_add_func ("/figures/holders-from-before", test_holders_from_before);
  g_test_add_func ("/figures/holders-are-bounded", test_holders_are_bounded);
  g_test_add_func ("/figures/reopenings", test_reopenings);
  g_test_add_func ("/figures/promises", test_promises);
  g_test_add_func ("/figures/fact", test_fact);
  g_test_add_func ("/figures/broken-facts", test_broken_facts);
  g_test_add_func ("/figures/period", test_period);
  g_test_add_func ("/figures/bad-period", test_bad_period);
  g_test_add_func ("/figures/state", test_state);
  g_test_add_func ("/figures/flows", test_flows);
  g_test_add_func ("/figures/percentiles", test_percentiles);
  return g_test_run ();
}
