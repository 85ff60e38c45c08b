/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/json.h"
#include "core/merge.h"
#include "core/ticket.h"

#include <string.h>

#define OP "01890000-0000-7000-8000-0000000000%02x"
#define TICKET "01890000-0000-7000-8000-00000000aaaa"
#define SHA "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

/* One ticket on a hub, and tablets that do things to it. */
typedef struct
{
  JsonObject *ticket;
  gint64 number;
  guint ops;
} Hub;

static Hub *
hub_new (const char *json)
{
  Hub *hub = g_new0 (Hub, 1);
  g_autoptr (GError) error = NULL;

  hub->ticket = sht_json_parse_object (json, -1, &error);
  g_assert_no_error (error);
  hub->number = 10;
  return hub;
}

static void
hub_free (Hub *hub)
{
  json_object_unref (hub->ticket);
  g_free (hub);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Hub, hub_free)

typedef struct
{
  const char *device;
  gint64 seq;
  ShtRole role;
  gboolean away;  /* the ticket was taken away */
  gboolean never; /* and never was there */
} Who;

static const Who crew = { "crew-tablet", 1, SHT_ROLE_CREW, FALSE, FALSE };
static const Who other_crew = { "other-tablet", 1, SHT_ROLE_CREW, FALSE, FALSE };
static const Who boss = { "boss-tablet", 1, SHT_ROLE_SUPERVISOR, FALSE, FALSE };
static const Who other_boss = { "other-boss", 1, SHT_ROLE_SUPERVISOR, FALSE, FALSE };

static ShtOutcome *
act_at (Hub *hub, const Who *who, ShtKind kind, const char *base, const char *fields, gint64 at)
{
  g_autofree char *id = g_strdup_printf (OP, ++hub->ops);
  g_autoptr (ShtOperation) op = sht_operation_new (kind, id, TICKET, at);
  g_autoptr (GError) error = NULL;
  ShtMergeContext ctx = {
    .number = ++hub->number,
    .device = who->device,
    .device_seq = who->seq,
    .role = who->role,
    .crew = who->role == SHT_ROLE_CREW ? "r1" : NULL,
    .department = "roads",
    .at = at,
    .received_at = at + 5,
    .certainty = "sure",
    .in_scope = !who->away && !who->never,
    .was_in_scope = !who->never,
  };

  json_object_unref (op->fields);
  op->fields = sht_json_parse_object (fields, -1, &error);
  g_assert_no_error (error);
  op->base = base != NULL ? sht_json_parse_object (base, -1, NULL) : NULL;
  op->actor = g_strdup ("p1");
  g_assert_true (sht_operation_validate (op, &error));
  return sht_merge (&ctx, op, kind == SHT_KIND_TICKET_CREATE ? NULL : hub->ticket);
}

static ShtOutcome *
act (Hub *hub, const Who *who, ShtKind kind, const char *base, const char *fields)
{
  return act_at (hub, who, kind, base, fields, 1700000000000 + hub->number);
}

static ShtResult
result_of (ShtOutcome *outcome)
{
  ShtResult result = outcome->result;

  sht_outcome_free (outcome);
  return result;
}

#define DO(hub, who, kind, base, fields) result_of (act ((hub), (who), (kind), (base), (fields)))

#define PLAIN                                                                                                   \
  "{\"t\":\"ticket\",\"id\":\"" TICKET "\",\"status\":\"assigned\",\"crew\":\"r1\",\"department\":\"roads\","   \
  "\"title\":\"old\",\"description\":\"first\",\"service\":\"pothole\"}"

static JsonObject *
data_of (ShtOutcome *outcome)
{
  return outcome->event->data;
}

/* Rule 5: what was seen decides, not the clock. */
static void
test_set_seen (void)
{
  g_autoptr (Hub) hub = hub_new (PLAIN);
  g_autofree char *seen = NULL;

  g_assert_cmpint (DO (hub, &boss, SHT_KIND_TICKET_SET, NULL, "{\"title\":\"a\"}"), ==, SHT_RESULT_APPLIED);
  g_assert_cmpint (sht_entity_version (hub->ticket, "title"), ==, hub->number);
  seen = g_strdup_printf ("{\"title\":%" G_GINT64_FORMAT "}", hub->number);
  g_assert_cmpint (DO (hub, &crew, SHT_KIND_TICKET_SET, seen, "{\"title\":\"b\"}"), ==, SHT_RESULT_APPLIED);
  g_assert_cmpstr (sht_json_string (hub->ticket, "title"), ==, "b");
}

static void
test_set_unseen_owner_stands (void)
{
  g_autoptr (Hub) hub = hub_new (PLAIN);
  g_autoptr (ShtOutcome) outcome = NULL;
  ShtConflict *conflict;

  g_assert_cmpint (DO (hub, &boss, SHT_KIND_TICKET_SET, NULL, "{\"title\":\"boss\"}"), ==, SHT_RESULT_APPLIED);
  outcome = act (hub, &crew, SHT_KIND_TICKET_SET, NULL, "{\"title\":\"crew\"}");
  g_assert_cmpint (outcome->result, ==, SHT_RESULT_CONFLICT);
  g_assert_cmpstr (sht_json_string (hub->ticket, "title"), ==, "boss");
  g_assert_cmpuint (outcome->conflicts->len, ==, 1);
  conflict = g_ptr_array_index (outcome->conflicts, 0);
  g_assert_cmpstr (conflict->field, ==, "title");
  g_assert_cmpstr (json_node_get_string (conflict->mine), ==, "crew");
  g_assert_cmpstr (json_node_get_string (conflict->theirs), ==, "boss");
  g_assert_cmpstr (conflict->their_device, ==, "boss-tablet");
  g_assert_cmpint (conflict->their_number, ==, 11);
  g_assert_false (conflict->winner_is_mine);
  g_assert_nonnull (outcome->event);
}

static void
test_set_unseen_owner_overrules (void)
{
  g_autoptr (Hub) hub = hub_new (PLAIN);
  g_autoptr (ShtOutcome) outcome = NULL;

  g_assert_cmpint (DO (hub, &crew, SHT_KIND_TICKET_SET, NULL, "{\"title\":\"crew\"}"), ==, SHT_RESULT_APPLIED);
  outcome = act (hub, &boss, SHT_KIND_TICKET_SET, NULL, "{\"title\":\"boss\"}");
  g_assert_cmpint (outcome->result, ==, SHT_RESULT_APPLIED);
  g_assert_cmpstr (sht_json_string (hub->ticket, "title"), ==, "boss");
  /* and the crew has to be told */
  g_assert_cmpuint (outcome->conflicts->len, ==, 1);
  g_assert_true (((ShtConflict *) g_ptr_array_index (outcome->conflicts, 0))->winner_is_mine);
}

static void
test_set_equal_standing (void)
{
  g_autoptr (Hub) hub = hub_new (PLAIN);

  g_assert_cmpint (DO (hub, &crew, SHT_KIND_TICKET_SET, NULL, "{\"title\":\"one\"}"), ==, SHT_RESULT_APPLIED);
  g_assert_cmpint (DO (hub, &other_crew, SHT_KIND_TICKET_SET, NULL, "{\"title\":\"two\"}"), ==, SHT_RESULT_CONFLICT);
  g_assert_cmpstr (sht_json_string (hub->ticket, "title"), ==, "one");
  g_assert_cmpint (DO (hub, &other_crew, SHT_KIND_TICKET_SET, NULL, "{\"title\":\"one\"}"), ==, SHT_RESULT_APPLIED);
}

static void
test_set_own_earlier_is_seen (void)
{
  g_autoptr (Hub) hub = hub_new (PLAIN);
  Who later = crew, earlier = crew;

  later.seq = 5;
  earlier.seq = 4;
  g_assert_cmpint (DO (hub, &crew, SHT_KIND_TICKET_SET, NULL, "{\"title\":\"one\"}"), ==, SHT_RESULT_APPLIED);
  g_assert_cmpint (DO (hub, &later, SHT_KIND_TICKET_SET, NULL, "{\"title\":\"two\"}"), ==, SHT_RESULT_APPLIED);
  g_assert_cmpstr (sht_json_string (hub->ticket, "title"), ==, "two");
  /* an earlier one that comes late does not undo the later */
  g_assert_cmpint (DO (hub, &earlier, SHT_KIND_TICKET_SET, NULL, "{\"title\":\"late\"}"), ==, SHT_RESULT_CONFLICT);
  g_assert_cmpstr (sht_json_string (hub->ticket, "title"), ==, "two");
}

static void
test_set_several_fields (void)
{
  g_autoptr (Hub) hub = hub_new (PLAIN);

  g_assert_cmpint (DO (hub, &boss, SHT_KIND_TICKET_SET, NULL, "{\"title\":\"boss\"}"), ==, SHT_RESULT_APPLIED);
  g_assert_cmpint (DO (hub, &crew, SHT_KIND_TICKET_SET, NULL, "{\"title\":\"crew\",\"address\":\"here\"}"), ==,
                   SHT_RESULT_CONFLICT);
  g_assert_cmpstr (sht_json_string (hub->ticket, "title"), ==, "boss");
  g_assert_cmpstr (sht_json_string (hub->ticket, "address"), ==, "here");
  /* one that is not theirs: nothing of it is done, and no conflict is left behind */
  {
    g_autoptr (ShtOutcome) outcome = act (hub, &crew, SHT_KIND_TICKET_SET, NULL,
                                          "{\"title\":\"again\",\"address\":\"there\",\"description\":\"mine\"}");

    g_assert_cmpint (outcome->result, ==, SHT_RESULT_REJECTED);
    g_assert_cmpuint (outcome->conflicts->len, ==, 0);
    g_assert_cmpstr (sht_json_string (hub->ticket, "address"), ==, "here");
  }
  g_assert_cmpint (DO (hub, &crew, SHT_KIND_TICKET_SET, NULL, "{\"status\":\"closed\",\"crew\":\"r9\",\"rev\":1}"), ==,
                   SHT_RESULT_REJECTED);
  g_assert_cmpstr (sht_json_string (hub->ticket, "crew"), ==, "r1");
  g_assert_cmpint (DO (hub, &boss, SHT_KIND_TICKET_SET, NULL, "{\"description\":null}"), ==, SHT_RESULT_APPLIED);
  g_assert_false (json_object_has_member (hub->ticket, "description"));
}

/* Who may change which field, cell by cell, by the table that names it. */
static void
test_set_roles (void)
{
  static const char *const crews_own[] = { "title", "address", "lat_e7", "lon_e7", "place", "answers" };
  static const char *const all[] = { "title", "description", "address", "lat_e7", "lon_e7", "service", "place",
                                     "priority", "source", "visit", "resident", "answers" };

  for (guint role = 0; role < SHT_N_ROLES; role++)
    for (guint i = 0; i < G_N_ELEMENTS (all); i++)
      {
        g_autoptr (Hub) hub = hub_new (PLAIN);
        Who who = { "d", 1, role, FALSE, FALSE };
        gboolean number = g_str_has_suffix (all[i], "_e7");
        gboolean object = g_str_equal (all[i], "visit") || g_str_equal (all[i], "resident") || g_str_equal (all[i], "answers");
        g_autofree char *fields = g_strdup_printf ("{\"%s\":%s}", all[i], number ? "5" : object ? "{\"a\":1}" : "\"x\"");
        gboolean may = role != SHT_ROLE_CREW;

        for (guint k = 0; k < G_N_ELEMENTS (crews_own); k++)
          may |= g_str_equal (crews_own[k], all[i]);
        g_assert_cmpint (DO (hub, &who, SHT_KIND_TICKET_SET, NULL, fields), ==,
                         may ? SHT_RESULT_APPLIED : SHT_RESULT_REJECTED);
      }
}

/* Of what is over, an edit is only recorded; but always that. */
static void
test_set_when_over (void)
{
  static const char *const over[] = { "closed", "cancelled", "forwarded", "duplicate" };

  for (guint i = 0; i < G_N_ELEMENTS (over); i++)
    {
      g_autoptr (Hub) hub = hub_new (PLAIN);
      g_autoptr (ShtOutcome) outcome = NULL;
      JsonObject *title;

      json_object_set_string_member (hub->ticket, "status", over[i]);
      outcome = act (hub, &crew, SHT_KIND_TICKET_SET, NULL, "{\"title\":\"late\"}");
      g_assert_cmpint (outcome->result, ==, SHT_RESULT_MERGED);
      g_assert_cmpstr (sht_json_string (hub->ticket, "title"), ==, "old");
      title = sht_json_object (sht_json_object (data_of (outcome), "fields"), "title");
      g_assert_cmpstr (sht_json_string (title, "to"), ==, "late");
      g_assert_true (json_object_has_member (data_of (outcome), "applied"));
      g_assert_false (sht_json_bool (data_of (outcome), "applied"));
      g_assert_cmpint (DO (hub, &crew, SHT_KIND_TICKET_NOTE, NULL, "{\"text\":\"n\"}"), ==, SHT_RESULT_APPLIED);
    }
}

static void
test_contributions (void)
{
  g_autoptr (Hub) hub = hub_new (PLAIN);
  Who away = crew, never = crew, boss_away = boss;
  static const struct
  {
    ShtKind kind;
    const char *fields;
  } work[] = {
    { SHT_KIND_TICKET_STATUS, "{\"seen\":\"assigned\",\"want\":\"done\"}" },
    { SHT_KIND_TICKET_SET, "{\"title\":\"mine\"}" },
    { SHT_KIND_TICKET_NOTE, "{\"text\":\"I was there\"}" },
    { SHT_KIND_TICKET_HAND_OVER, "{\"department\":\"gardens\"}" },
    { SHT_KIND_PHOTO_ATTACH, "{\"photo\":{\"id\":\"" TICKET "\",\"sha256\":\"" SHA "\",\"source_sha256\":\"" SHA "\",\"size\":5}}" },
    { SHT_KIND_VOICE_ADD, "{\"voice\":{\"id\":\"" TICKET "\",\"sha256\":\"" SHA "\",\"size\":5,\"duration_ms\":1000}}" },
    { SHT_KIND_TICKET_ASSIGN, "{\"crew\":\"r7\"}" },
  };
  g_autofree char *before = NULL;

  away.away = boss_away.away = TRUE;
  never.never = TRUE;
  before = sht_json_to_string (hub->ticket);
  for (guint i = 0; i < G_N_ELEMENTS (work); i++)
    {
      const Who *who = work[i].kind == SHT_KIND_TICKET_ASSIGN ? &boss_away : &away;
      g_autoptr (ShtOutcome) outcome = act (hub, who, work[i].kind, NULL, work[i].fields);
      g_autofree char *after = NULL;

      g_assert_cmpint (outcome->result, ==, SHT_RESULT_MERGED);
      g_assert_true (outcome->contribution);
      g_assert_true (outcome->event->contribution);
      json_object_remove_member (hub->ticket, "updated_at");
      after = sht_json_to_string (hub->ticket);
      g_assert_cmpstr (after, ==, before);
      g_assert_cmpint (outcome->attached != NULL, ==, sht_kind_attaches (work[i].kind));
      g_assert_cmpint (DO (hub, &never, work[i].kind, NULL, work[i].fields), ==, SHT_RESULT_REJECTED);
    }
}

/* Rule 6, end to end. */
static void
test_status (void)
{
  g_autoptr (Hub) hub = hub_new (PLAIN);
  g_autoptr (ShtOutcome) late = NULL;
  g_autoptr (ShtOutcome) conflict = NULL;

  g_assert_cmpint (DO (hub, &other_crew, SHT_KIND_TICKET_STATUS, NULL, "{\"seen\":\"assigned\",\"want\":\"done\"}"), ==,
                   SHT_RESULT_APPLIED);
  late = act (hub, &crew, SHT_KIND_TICKET_STATUS, NULL, "{\"seen\":\"assigned\",\"want\":\"in_progress\",\"reason\":\"r\"}");
  g_assert_cmpint (late->result, ==, SHT_RESULT_MERGED);
  g_assert_cmpstr (sht_json_string (hub->ticket, "status"), ==, "done");
  g_assert_false (sht_json_bool (data_of (late), "applied"));
  g_assert_cmpstr (sht_json_string (data_of (late), "seen"), ==, "assigned");
  g_assert_cmpstr (sht_json_string (data_of (late), "to"), ==, "in_progress");
  g_assert_cmpstr (sht_json_string (data_of (late), "reason"), ==, "r");
  conflict = act (hub, &crew, SHT_KIND_TICKET_STATUS, NULL, "{\"seen\":\"assigned\",\"want\":\"waiting\"}");
  g_assert_cmpint (conflict->result, ==, SHT_RESULT_CONFLICT);
  g_assert_cmpstr (sht_json_string (hub->ticket, "status"), ==, "done");
  g_assert_nonnull (conflict->event);
  g_assert_cmpint (DO (hub, &crew, SHT_KIND_TICKET_STATUS, NULL, "{\"seen\":\"done\",\"want\":\"closed\"}"), ==,
                   SHT_RESULT_REJECTED);
  g_assert_cmpint (DO (hub, &crew, SHT_KIND_TICKET_STATUS, NULL, "{\"seen\":\"assigned\",\"want\":\"done\"}"), ==,
                   SHT_RESULT_MERGED);
}

static void
test_status_takes_the_unassigned (void)
{
  g_autoptr (Hub) hub = hub_new ("{\"t\":\"ticket\",\"id\":\"" TICKET "\",\"status\":\"new\",\"department\":\"roads\"}");

  g_assert_cmpint (DO (hub, &crew, SHT_KIND_TICKET_STATUS, NULL, "{\"seen\":\"new\",\"want\":\"on_the_way\"}"), ==,
                   SHT_RESULT_APPLIED);
  g_assert_cmpstr (sht_json_string (hub->ticket, "crew"), ==, "r1");
}

static void
test_waiting_and_duplicate (void)
{
  g_autoptr (Hub) hub = hub_new (PLAIN);

  g_assert_cmpint (DO (hub, &crew, SHT_KIND_TICKET_STATUS, NULL,
                       "{\"seen\":\"assigned\",\"want\":\"waiting\",\"waiting_for\":\"parts\"}"),
                   ==, SHT_RESULT_APPLIED);
  g_assert_cmpstr (sht_json_string (hub->ticket, "waiting_for"), ==, "parts");
  g_assert_cmpint (DO (hub, &crew, SHT_KIND_TICKET_STATUS, NULL, "{\"seen\":\"waiting\",\"want\":\"in_progress\"}"), ==,
                   SHT_RESULT_APPLIED);
  g_assert_false (json_object_has_member (hub->ticket, "waiting_for"));
  g_assert_cmpint (DO (hub, &crew, SHT_KIND_TICKET_STATUS, NULL,
                       "{\"seen\":\"in_progress\",\"want\":\"duplicate\",\"duplicate_of\":\"" TICKET "\"}"),
                   ==, SHT_RESULT_APPLIED);
  g_assert_true (json_object_has_member (hub->ticket, "duplicate_of"));
  g_assert_true (json_object_has_member (hub->ticket, "closed_at"));
  g_assert_cmpint (DO (hub, &boss, SHT_KIND_TICKET_STATUS, NULL, "{\"seen\":\"duplicate\",\"want\":\"reopened\"}"), ==,
                   SHT_RESULT_APPLIED);
  g_assert_false (json_object_has_member (hub->ticket, "duplicate_of"));
  g_assert_false (json_object_has_member (hub->ticket, "closed_at"));
}

static void
test_assign (void)
{
  g_autoptr (Hub) hub = hub_new (PLAIN);
  g_autoptr (ShtOutcome) second = NULL;

  g_assert_cmpint (DO (hub, &crew, SHT_KIND_TICKET_ASSIGN, NULL, "{\"crew\":\"r2\"}"), ==, SHT_RESULT_REJECTED);
  g_assert_cmpint (DO (hub, &boss, SHT_KIND_TICKET_ASSIGN, NULL, "{\"crew\":\"r2\"}"), ==, SHT_RESULT_APPLIED);
  /* two supervisors: the later in the log wins, and the other is told */
  second = act (hub, &other_boss, SHT_KIND_TICKET_ASSIGN, NULL, "{\"crew\":\"r3\"}");
  g_assert_cmpint (second->result, ==, SHT_RESULT_APPLIED);
  g_assert_cmpstr (sht_json_string (hub->ticket, "crew"), ==, "r3");
  g_assert_cmpstr (sht_json_string (data_of (second), "from_crew"), ==, "r2");
  g_assert_cmpuint (second->conflicts->len, ==, 1);
  /* giving it again to whom it is with does not undo what they have done since */
  g_assert_cmpint (DO (hub, &crew, SHT_KIND_TICKET_STATUS, NULL, "{\"seen\":\"assigned\",\"want\":\"in_progress\"}"), ==,
                   SHT_RESULT_APPLIED);
  g_assert_cmpint (DO (hub, &boss, SHT_KIND_TICKET_ASSIGN, NULL, "{\"crew\":\"r3\"}"), ==, SHT_RESULT_APPLIED);
  g_assert_cmpstr (sht_json_string (hub->ticket, "status"), ==, "in_progress");
  g_assert_cmpint (DO (hub, &boss, SHT_KIND_TICKET_ASSIGN, NULL, "{\"crew\":null}"), ==, SHT_RESULT_APPLIED);
  g_assert_cmpstr (sht_json_string (hub->ticket, "status"), ==, "new");
  g_assert_false (json_object_has_member (hub->ticket, "crew"));
  json_object_set_string_member (hub->ticket, "status", "reopened");
  json_object_set_string_member (hub->ticket, "crew", "r3");
  g_assert_cmpint (DO (hub, &boss, SHT_KIND_TICKET_ASSIGN, NULL, "{\"crew\":\"r3\"}"), ==, SHT_RESULT_APPLIED);
  g_assert_cmpstr (sht_json_string (hub->ticket, "status"), ==, "assigned");
  json_object_set_string_member (hub->ticket, "status", "closed");
  g_assert_cmpint (DO (hub, &boss, SHT_KIND_TICKET_ASSIGN, NULL, "{\"crew\":\"r2\"}"), ==, SHT_RESULT_REJECTED);
}

static void
test_hand_over (void)
{
  g_autoptr (Hub) hub = hub_new (PLAIN);
  JsonArray *legs;

  sht_ticket_start_leg (hub->ticket, 1600000000000);
  g_assert_cmpint (result_of (act_at (hub, &crew, SHT_KIND_TICKET_HAND_OVER, NULL, "{\"department\":\"gardens\",\"text\":\"a tree\"}",
                                      1700000000000)),
                   ==, SHT_RESULT_APPLIED);
  g_assert_cmpstr (sht_json_string (hub->ticket, "department"), ==, "gardens");
  g_assert_cmpstr (sht_json_string (hub->ticket, "status"), ==, "new");
  g_assert_false (json_object_has_member (hub->ticket, "crew"));
  legs = sht_json_array (hub->ticket, "legs");
  g_assert_cmpuint (json_array_get_length (legs), ==, 2);
  g_assert_cmpint (sht_json_int (json_array_get_object_element (legs, 0), "to", 0), ==, 1700000000000);
  g_assert_cmpstr (sht_json_string (json_array_get_object_element (legs, 1), "department"), ==, "gardens");
  g_assert_cmpint (sht_json_int (json_array_get_object_element (legs, 1), "from", 0), ==, 1700000000000);
  g_assert_false (json_object_has_member (json_array_get_object_element (legs, 1), "to"));
  /* another crew sent it elsewhere without knowing */
  g_assert_cmpint (DO (hub, &other_crew, SHT_KIND_TICKET_HAND_OVER, NULL, "{\"department\":\"water\"}"), ==, SHT_RESULT_CONFLICT);
  g_assert_cmpstr (sht_json_string (hub->ticket, "department"), ==, "gardens");
  g_assert_cmpuint (json_array_get_length (legs), ==, 2);
}

static void
test_create (void)
{
  g_autoptr (Hub) hub = hub_new (PLAIN);
  g_autoptr (ShtOutcome) none = act (hub, &crew, SHT_KIND_TICKET_CREATE, NULL, "{\"title\":\"x\"}");
  g_autoptr (ShtOutcome) made
    = act (hub, &crew, SHT_KIND_TICKET_CREATE, NULL,
           "{\"service\":\"pothole\",\"title\":\"x\",\"status\":\"closed\",\"number\":\"1\",\"crew\":\"r9\",\"visit\":{\"from\":1},"
           "\"t\":\"person\",\"id\":\"zzz\",\"rev\":99,\"v\":{}}");

  g_assert_cmpint (none->result, ==, SHT_RESULT_REJECTED);
  g_assert_cmpint (made->result, ==, SHT_RESULT_APPLIED);
  g_assert_cmpstr (sht_json_string (made->entity, "status"), ==, "new");
  g_assert_cmpstr (sht_json_string (made->entity, "id"), ==, TICKET);
  g_assert_cmpstr (sht_json_string (made->entity, "t"), ==, "ticket");
  g_assert_cmpstr (sht_json_string (made->entity, "reporter_crew"), ==, "r1");
  g_assert_cmpstr (sht_json_string (made->entity, "source"), ==, "crew");
  g_assert_cmpstr (sht_json_string (made->entity, "department"), ==, "roads");
  g_assert_false (json_object_has_member (made->entity, "number"));
  g_assert_false (json_object_has_member (made->entity, "crew"));
  g_assert_false (json_object_has_member (made->entity, "rev"));
  g_assert_false (json_object_has_member (made->entity, "v"));
  /* a visit is the supervisor's to give */
  g_assert_false (json_object_has_member (made->entity, "visit"));
  g_assert_cmpint (sht_json_int (made->entity, "created_at", 0), >, 0);
}

static void
test_existing_and_missing (void)
{
  static const ShtMergeContext ctx = { .number = 1, .device = "d", .role = SHT_ROLE_ADMINISTRATOR, .in_scope = TRUE, .at = 5 };

  for (guint kind = 0; kind < SHT_N_KINDS; kind++)
    {
      g_autofree char *id = g_strdup_printf (OP, 1);
      g_autoptr (ShtOperation) op = sht_operation_new (kind, id, TICKET, 5);
      g_autoptr (JsonObject) there = json_object_new ();
      g_autoptr (ShtOutcome) outcome = sht_merge (&ctx, op, kind == SHT_KIND_TICKET_CREATE ? there : NULL);

      g_assert_cmpint (outcome->result, ==, SHT_RESULT_REJECTED);
      g_assert_nonnull (outcome->reason);
      g_assert_null (outcome->entity);
    }
}

static void
test_photo (void)
{
  g_autoptr (Hub) hub = hub_new (PLAIN);
  g_autoptr (ShtOutcome) outcome
    = act (hub, &crew, SHT_KIND_PHOTO_ATTACH, NULL,
           "{\"photo\":{\"id\":\"" TICKET "\",\"sha256\":\"" SHA "\",\"source_sha256\":\"" SHA
           "\",\"size\":5,\"have\":true,\"rev\":7,\"v\":{},\"t\":\"ticket\",\"ticket\":\"other\",\"caption\":\"c\"}}");

  g_assert_cmpint (outcome->result, ==, SHT_RESULT_APPLIED);
  g_assert_cmpstr (sht_json_string (outcome->attached, "t"), ==, "photo");
  g_assert_cmpstr (sht_json_string (outcome->attached, "ticket"), ==, TICKET);
  g_assert_false (sht_json_bool (outcome->attached, "have"));
  g_assert_false (json_object_has_member (outcome->attached, "rev"));
  g_assert_cmpstr (sht_json_string (outcome->attached, "by"), ==, "p1");
  /* its caption: the later in the log wins */
  g_assert_true (json_object_ref (outcome->attached) != NULL);
  {
    g_autoptr (Hub) photo = g_new0 (Hub, 1);

    photo->ticket = outcome->attached;
    photo->number = 20;
    g_assert_cmpint (DO (photo, &crew, SHT_KIND_PHOTO_EDIT, NULL, "{\"caption\":\"one\"}"), ==, SHT_RESULT_APPLIED);
    g_assert_cmpint (DO (photo, &other_crew, SHT_KIND_PHOTO_EDIT, NULL, "{\"caption\":\"two\"}"), ==, SHT_RESULT_APPLIED);
    g_assert_cmpstr (sht_json_string (photo->ticket, "caption"), ==, "two");
    g_assert_cmpint (DO (photo, &crew, SHT_KIND_PHOTO_EDIT, NULL, "{\"sha256\":\"x\"}"), ==, SHT_RESULT_REJECTED);
    g_assert_cmpint (DO (photo, &crew, SHT_KIND_PHOTO_EDIT, NULL, "{\"taken_at\":5}"), ==, SHT_RESULT_REJECTED);
  }
}

static void
test_voice (void)
{
  g_autoptr (Hub) hub = hub_new (PLAIN);
  g_autoptr (ShtOutcome) outcome
    = act (hub, &crew, SHT_KIND_VOICE_ADD, NULL,
           "{\"voice\":{\"id\":\"" TICKET "\",\"sha256\":\"" SHA "\",\"size\":5,\"duration_ms\":1500,\"have\":true,"
           "\"t\":\"photo\",\"ticket\":\"other\"}}");
  g_autoptr (JsonObject) event = NULL;
  g_autofree char *text = NULL;

  g_assert_cmpint (outcome->result, ==, SHT_RESULT_APPLIED);
  g_assert_cmpstr (sht_json_string (outcome->attached, "t"), ==, "voice");
  g_assert_cmpstr (sht_json_string (outcome->attached, "ticket"), ==, TICKET);
  g_assert_cmpstr (sht_json_string (outcome->attached, "by"), ==, "p1");
  g_assert_false (sht_json_bool (outcome->attached, "have"));
  g_assert_cmpstr (outcome->event->kind, ==, "voice");
  outcome->event->undecided = 2;
  text = sht_event_to_string (outcome->event, 7);
  event = sht_json_parse_object (text, -1, NULL);
  g_assert_cmpstr (sht_json_string (event, "t"), ==, "event");
  g_assert_cmpstr (sht_json_string (event, "id"), ==, outcome->event->id);
  g_assert_cmpstr (sht_json_string (event, "ticket"), ==, TICKET);
  g_assert_cmpstr (sht_json_string (event, "kind"), ==, "voice");
  g_assert_cmpstr (sht_json_string (event, "device"), ==, "crew-tablet");
  g_assert_cmpint (sht_json_int (event, "undecided", 0), ==, 2);
  g_assert_cmpint (sht_json_int (event, "rev", 0), ==, 7);
  g_assert_false (sht_json_has (event, "contribution"));
  g_assert_true (json_object_equal (sht_json_object (event, "data"), data_of (outcome)));
  g_assert_cmpstr (sht_json_string (data_of (outcome), "voice"), ==, TICKET);
  g_assert_cmpint (sht_json_int (data_of (outcome), "duration_ms", 0), ==, 1500);
}

static void
test_place (void)
{
  g_autoptr (Hub) hub = hub_new ("{\"t\":\"place\",\"id\":\"" TICKET "\",\"name\":\"a\",\"lat_e7\":1,\"lon_e7\":2}");
  Who away = crew;

  away.away = away.never = TRUE;
  /* places are everybody's to report, and the office's to change */
  g_assert_cmpint (DO (hub, &away, SHT_KIND_PLACE_REPORT, NULL, "{\"what\":\"moved\",\"lat_e7\":5,\"lon_e7\":6,\"text\":\"t\"}"), ==,
                   SHT_RESULT_APPLIED);
  g_assert_cmpint (sht_json_int (hub->ticket, "lat_e7", 0), ==, 1);
  g_assert_cmpint (sht_json_int (sht_json_object (hub->ticket, "report"), "lat_e7", 0), ==, 5);
  g_assert_cmpint (DO (hub, &crew, SHT_KIND_PLACE_SET, NULL, "{\"lat_e7\":5}"), ==, SHT_RESULT_REJECTED);
  g_assert_true (sht_json_has (hub->ticket, "report"));
  g_assert_cmpint (DO (hub, &boss, SHT_KIND_PLACE_SET, NULL, "{\"lat_e7\":5,\"lon_e7\":6}"), ==, SHT_RESULT_APPLIED);
  g_assert_false (sht_json_has (hub->ticket, "report"));
  g_assert_false (json_object_has_member (hub->ticket, "updated_at"));
}

/* The later word about a place stands; the one that it had not seen is told by the place itself. */
static void
test_place_overruled (void)
{
  g_autoptr (Hub) hub = hub_new ("{\"t\":\"place\",\"id\":\"" TICKET "\",\"name\":\"a\",\"state\":\"ok\",\"lat_e7\":1,\"lon_e7\":2}");
  JsonObject *report;

  DO (hub, &boss, SHT_KIND_PLACE_SET, NULL, "{\"lat_e7\":5,\"lon_e7\":6}");
  g_assert_cmpint (DO (hub, &other_boss, SHT_KIND_PLACE_SET, NULL, "{\"lat_e7\":7,\"lon_e7\":6}"), ==, SHT_RESULT_APPLIED);
  report = sht_json_object (hub->ticket, "report");
  g_assert_cmpint (sht_json_int (hub->ticket, "lat_e7", 0), ==, 7);
  g_assert_cmpstr (sht_json_string (report, "what"), ==, "moved");
  g_assert_cmpint (sht_json_int (report, "lat_e7", 0), ==, 5);
  g_assert_cmpint (sht_json_int (report, "lon_e7", 0), ==, 6);
  DO (hub, &boss, SHT_KIND_PLACE_SET, NULL, "{\"state\":\"missing\"}");
  g_assert_false (sht_json_has (hub->ticket, "report"));
  DO (hub, &other_boss, SHT_KIND_PLACE_SET, NULL, "{\"state\":\"ok\"}");
  g_assert_cmpstr (sht_json_string (hub->ticket, "state"), ==, "ok");
  g_assert_cmpstr (sht_json_string (sht_json_object (hub->ticket, "report"), "what"), ==, "missing");
  /* the same word is nothing to tell of */
  DO (hub, &boss, SHT_KIND_PLACE_SET, NULL, "{\"state\":\"ok\"}");
  g_assert_false (sht_json_has (hub->ticket, "report"));
}

static JsonObject *
milestone (JsonObject *ticket, guint index)
{
  return json_array_get_object_element (sht_json_array (ticket, "sla"), index);
}

static void
enter (JsonObject *ticket, ShtStatus from, ShtStatus to, const char *waiting_for, gint64 at)
{
  sht_ticket_enter_status (ticket, from, to, waiting_for, at, NULL, NULL);
}

static void
test_milestones (void)
{
  g_autoptr (JsonObject) t = sht_json_parse_object (
    "{\"status\":\"new\",\"created_at\":5,\"sla\":[{\"milestone\":\"first_response\",\"amount\":1,\"unit\":\"minutes\"},"
    "{\"milestone\":\"make_safe\",\"amount\":2,\"unit\":\"minutes\"},"
    "{\"milestone\":\"complete\",\"amount\":3,\"unit\":\"minutes\"}]}",
    -1, NULL);

  enter (t, SHT_STATUS_NEW, SHT_STATUS_ASSIGNED, NULL, 10);
  g_assert_false (sht_json_has (milestone (t, 0), "met_at"));
  g_assert_cmpint (sht_json_int (t, "due_at", 0), ==, 180005);
  enter (t, SHT_STATUS_ASSIGNED, SHT_STATUS_ON_THE_WAY, NULL, 20);
  g_assert_cmpint (sht_json_int (milestone (t, 0), "met_at", 0), ==, 20);
  enter (t, SHT_STATUS_ON_THE_WAY, SHT_STATUS_WAITING, "weather", 30);
  g_assert_cmpstr (sht_json_string (t, "waiting_for"), ==, "weather");
  g_assert_false (sht_json_has (t, "due_at"));
  g_assert_cmpint (sht_json_int (milestone (t, 0), "due_at", 0), ==, 60005);
  g_assert_false (sht_json_has (milestone (t, 2), "due_at"));
  enter (t, SHT_STATUS_WAITING, SHT_STATUS_IN_PROGRESS, NULL, 50);
  g_assert_false (sht_json_has (t, "waiting_for"));
  g_assert_cmpint (sht_json_int (milestone (t, 2), "due_at", 0), ==, 180025);
  g_assert_cmpint (sht_json_int (milestone (t, 0), "met_at", 0), ==, 20);
  enter (t, SHT_STATUS_IN_PROGRESS, SHT_STATUS_DONE, NULL, 60);
  g_assert_cmpint (sht_json_int (milestone (t, 1), "met_at", 0), ==, 60);
  g_assert_cmpint (sht_json_int (milestone (t, 2), "met_at", 0), ==, 60);
  g_assert_cmpint (sht_json_int (t, "closed_at", 0), ==, 60);
  enter (t, SHT_STATUS_DONE, SHT_STATUS_REOPENED, NULL, 70);
  g_assert_false (sht_json_has (milestone (t, 2), "met_at"));
  g_assert_false (sht_json_has (t, "closed_at"));
  g_assert_cmpint (sht_json_int (t, "due_at", 0), ==, 180035);
  enter (t, SHT_STATUS_REOPENED, SHT_STATUS_WAITING, "body", 80);
  /* a clock that ran back does not make the pause negative */
  enter (t, SHT_STATUS_WAITING, SHT_STATUS_DONE, NULL, 75);
  g_assert_cmpint (sht_json_int (t, "due_at", 0), ==, 180035);
  g_assert_cmpint (sht_json_int (milestone (t, 2), "met_at", 0), ==, 75);
}

/* Whatever is done in whatever order by whomever: each note, photo and step is there afterwards unless
 * it was refused, and the ticket's status is one that somebody wanted. */
static void
test_random_never_loses (void)
{
  for (guint round = 0; round < 300; round++)
    {
      g_autoptr (Hub) hub = hub_new (PLAIN);
      guint kept = 0, tried = 0;

      for (guint i = 0; i < 40; i++)
        {
          Who who = { i % 2 ? "a" : "b", i, g_test_rand_int_range (0, SHT_N_ROLES), g_test_rand_int_range (0, 3) == 0, FALSE };
          ShtKind kind = (ShtKind[]){ SHT_KIND_TICKET_NOTE, SHT_KIND_PHOTO_ATTACH, SHT_KIND_TICKET_STATUS, SHT_KIND_TICKET_SET,
                                      SHT_KIND_TICKET_ASSIGN, SHT_KIND_TICKET_HAND_OVER, SHT_KIND_VOICE_ADD }[g_test_rand_int_range (0, 7)];
          const char *seen = sht_status_name (g_test_rand_int_range (0, SHT_N_STATUSES));
          const char *want = sht_status_name (g_test_rand_int_range (0, SHT_N_STATUSES));
          g_autofree char *fields
            = g_strdup_printf ("{\"text\":\"n%u\",\"seen\":\"%s\",\"want\":\"%s\",\"duplicate_of\":\"" TICKET "\",\"title\":\"t%u\","
                               "\"crew\":\"r%u\",\"department\":\"d%u\",\"photo\":{\"id\":\"" TICKET "\",\"sha256\":\"" SHA
                               "\",\"source_sha256\":\"" SHA "\",\"size\":5},\"voice\":{\"id\":\"" TICKET "\",\"sha256\":\"" SHA
                               "\",\"size\":5,\"duration_ms\":1000}}",
                               i, seen, want, i, i % 3, i % 3);
          g_autofree char *base = g_strdup_printf ("{\"title\":%d,\"crew\":%d,\"department\":%d}", g_test_rand_int_range (0, 50),
                                                   g_test_rand_int_range (0, 50), g_test_rand_int_range (0, 50));
          g_autofree char *before = sht_json_to_string (hub->ticket);
          g_autoptr (ShtOutcome) outcome = act (hub, &who, kind, base, fields);
          g_autofree char *after = sht_json_to_string (hub->ticket);
          ShtStatus status;

          tried++;
          if (outcome->result == SHT_RESULT_REJECTED)
            {
              g_assert_cmpstr (after, ==, before);
              g_assert_true (kind != SHT_KIND_TICKET_NOTE && !sht_kind_attaches (kind));
              g_assert_nonnull (outcome->reason);
              continue;
            }
          kept++;
          g_assert_nonnull (outcome->event);
          g_assert_nonnull (outcome->entity);
          g_assert_cmpint (outcome->attached != NULL, ==, sht_kind_attaches (kind));
          if (kind == SHT_KIND_TICKET_NOTE)
            g_assert_nonnull (sht_json_string (data_of (outcome), "text"));
          g_assert_true (sht_status_parse (sht_json_string (hub->ticket, "status"), &status));
          if (who.away)
            g_assert_true (outcome->contribution);
        }
      g_assert_cmpuint (kept, >, 5);
      g_assert_cmpuint (tried, ==, 40);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/merge/set/seen", test_set_seen);
  g_test_add_func ("/merge/set/unseen-owner-stands", test_set_unseen_owner_stands);
  g_test_add_func ("/merge/set/unseen-owner-overrules", test_set_unseen_owner_overrules);
  g_test_add_func ("/merge/set/equal-standing", test_set_equal_standing);
  g_test_add_func ("/merge/set/own-earlier-is-seen", test_set_own_earlier_is_seen);
  g_test_add_func ("/merge/set/several-fields", test_set_several_fields);
  g_test_add_func ("/merge/set/roles", test_set_roles);
  g_test_add_func ("/merge/set/when-over", test_set_when_over);
  g_test_add_func ("/merge/contributions", test_contributions);
  g_test_add_func ("/merge/status/moved-on", test_status);
  g_test_add_func ("/merge/status/takes-the-unassigned", test_status_takes_the_unassigned);
  g_test_add_func ("/merge/status/waiting-and-duplicate", test_waiting_and_duplicate);
  g_test_add_func ("/merge/assign", test_assign);
  g_test_add_func ("/merge/hand-over", test_hand_over);
  g_test_add_func ("/merge/create", test_create);
  g_test_add_func ("/merge/existing-and-missing", test_existing_and_missing);
  g_test_add_func ("/merge/photo", test_photo);
  g_test_add_func ("/merge/voice", test_voice);
  g_test_add_func ("/merge/place", test_place);
  g_test_add_func ("/merge/place-overruled", test_place_overruled);
  g_test_add_func ("/merge/milestones", test_milestones);
  g_test_add_func ("/merge/random-never-loses", test_random_never_loses);
  return g_test_run ();
}
