/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A crew's tablet and two supervisors' with one ticket, and what waits for somebody's word. */
#pragma once

#include "tests/tablet/tablet-fixture.h"

static inline void
assign_to (Tablet *tablet, const char *ticket, const char *crew)
{
  g_autoptr (ShtOperation) op = sht_store_new_operation (tablet->store, SHT_KIND_TICKET_ASSIGN, ticket);
  g_autoptr (GError) error = NULL;

  sht_json_set_string (op->fields, "crew", crew);
  sht_store_act (tablet->store, op, &error);
  g_assert_no_error (error);
}

static inline char *
member_of (Tablet *tablet, const char *ticket, const char *member)
{
  g_autoptr (JsonObject) doc = sht_store_get (tablet->store, "ticket", ticket, NULL);

  return g_strdup (sht_json_string (doc, member));
}

#define assert_member(tablet, ticket, member, expected)                                                         \
  G_STMT_START                                                                                                  \
  {                                                                                                             \
    g_autofree char *is = member_of ((tablet), (ticket), (member));                                             \
    g_assert_cmpstr (is, ==, (expected));                                                                       \
  }                                                                                                             \
  G_STMT_END

static inline JsonArray *
attention (Tablet *tablet, guint expected)
{
  g_autoptr (GError) error = NULL;
  JsonArray *rows = sht_store_attention (tablet->store, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (json_array_get_length (rows), ==, expected);
  return rows;
}

static inline void
assert_attention (Tablet *tablet, guint expected)
{
  g_autoptr (JsonArray) rows = attention (tablet, expected);
}

static inline void
resolve (Tablet *tablet, const char *id, const char *field, gboolean mine)
{
  g_autoptr (GError) error = NULL;

  sht_store_resolve (tablet->store, id, field, mine, &error);
  g_assert_no_error (error);
}

static inline const char *
side (JsonArray *rows, guint n, const char *which, const char *member)
{
  return sht_json_string (sht_json_object (json_array_get_object_element (rows, n), which), member);
}

static inline const char *
row_says (JsonArray *rows, guint n, const char *member)
{
  return sht_json_string (json_array_get_object_element (rows, n), member);
}

typedef struct
{
  Town *town;
  Tablet *crew;
  Tablet *boss;
  Tablet *other_boss;
  char *id;
} Two;

static inline Two *
two_new (void)
{
  Two *two = g_new0 (Two, 1);

  two->town = town_new ();
  two->id = ticket_id (1);
  town_add_ticket (two->town, 1, "r1");
  two->crew = tablet_new (two->town, "crew", "r1", "roads");
  two->boss = tablet_new (two->town, "supervisor", NULL, "roads");
  two->other_boss = tablet_new (two->town, "supervisor", NULL, "roads");
  g_assert_true (tablet_sync (two->crew, 0));
  g_assert_true (tablet_sync (two->boss, 0));
  g_assert_true (tablet_sync (two->other_boss, 0));
  return two;
}

static inline void
two_free (Two *two)
{
  tablet_free (two->crew);
  tablet_free (two->boss);
  tablet_free (two->other_boss);
  town_free (two->town);
  g_free (two->id);
  g_free (two);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Two, two_free)

static inline void
sync_all (Two *two)
{
  for (guint i = 0; i < 2; i++)
    {
      g_assert_true (tablet_sync (two->crew, 60000));
      g_assert_true (tablet_sync (two->boss, 60000));
      g_assert_true (tablet_sync (two->other_boss, 60000));
    }
  assert_agrees (two->crew);
  assert_agrees (two->boss);
  assert_agrees (two->other_boss);
}

static inline Two *
two_titles (void)
{
  Two *two = two_new ();

  set_title (two->boss, two->id, "boss");
  set_title (two->crew, two->id, "crew");
  g_assert_true (tablet_sync (two->boss, 0));
  g_assert_true (tablet_sync (two->crew, 0));
  sync_all (two);
  return two;
}
