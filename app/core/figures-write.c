/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/figures-private.h"

#include "core/json-slice.h"

#include <string.h>

#define MEDIAN 50
#define NINE_OF_TEN 90
#define DAY G_GINT64_CONSTANT (86400000)

static void
append_share (GString *out, const char *name, const ShtShare *share)
{
  if (share->whole == 0)
    return;
  sht_json_append_key (out, name);
  g_string_append_printf (out, "[%u,%u]", share->part, share->whole);
}

static void
append_percentile (GString *out, const char *name, ShtFigureGroup *group, guint percent)
{
  gboolean any = FALSE;

  for (guint i = 0; i < SHT_N_MILESTONES; i++)
    {
      if (group->took[i]->len == 0)
        continue;
      if (!any)
        {
          sht_json_append_key (out, name);
          g_string_append_c (out, '{');
        }
      any = TRUE;
      sht_json_append_member_int (out, sht_milestone_name ((ShtMilestone) i), sht_figures_percentile (group->took[i], percent));
    }
  if (any)
    g_string_append_c (out, '}');
}

static void
append_days (GString *out, const char *name, const guint days[SHT_FIGURES_DAYS])
{
  sht_json_append_key (out, name);
  for (guint i = 0; i < SHT_FIGURES_DAYS; i++)
    g_string_append_printf (out, "%c%u", i == 0 ? '[' : ',', days[i]);
  g_string_append_c (out, ']');
}

/* Usual is the middle half of the days. */
static void
append_trend (GString *out, const ShtFigureGroup *group)
{
  g_autoptr (GArray) opened = g_array_sized_new (FALSE, FALSE, sizeof (gint64), SHT_FIGURES_DAYS);

  for (guint i = 0; i < SHT_FIGURES_DAYS; i++)
    {
      gint64 n = group->opened_on[i];

      g_array_append_val (opened, n);
    }
  sht_json_append_key (out, "trend");
  g_string_append_c (out, '{');
  append_days (out, "opened", group->opened_on);
  append_days (out, "closed", group->closed_on);
  sht_json_append_key (out, "usual");
  g_string_append_printf (out, "[%" G_GINT64_FORMAT ",%" G_GINT64_FORMAT "]}", sht_figures_percentile (opened, 25),
                          sht_figures_percentile (opened, 75));
}

static void
append_group (GString *out, ShtFigureGroup *group, gboolean with_p90)
{
  g_string_append_c (out, '{');
  /* It is as it stood in the tickets' JSON, escapes and all. */
  if (group->id_length > 0)
    g_string_append_printf (out, "\"id\":\"%s\"", group->id);
  sht_json_append_member_int (out, "opened", group->opened);
  sht_json_append_member_int (out, "closed", group->closed);
  sht_json_append_member_int (out, "open", group->open);
  sht_json_append_member_int (out, "late", group->late);
  sht_json_append_member_int (out, "due_today", group->due_today);
  if (group->oldest_at != G_MAXINT64)
    sht_json_append_member_int (out, "oldest_at", group->oldest_at);
  append_share (out, "on_time", &group->on_time);
  append_share (out, "on_time_before", &group->on_time_before);
  append_share (out, "first_time", &group->first_time);
  sht_json_append_member_int (out, "reopened", group->reopened);
  append_percentile (out, "median", group, MEDIAN);
  if (with_p90)
    append_percentile (out, "p90", group, NINE_OF_TEN);
  append_trend (out, group);
  g_string_append_c (out, '}');
}

/* In a ranking what belongs to nobody has no place. */
static void
append_groups (GString *out, const char *name, ShtFigures *figures, gboolean with_p90, gboolean with_nameless)
{
  g_autoptr (GPtrArray) groups = sht_figures_in_order (figures);
  gboolean any = FALSE;

  sht_json_append_key (out, name);
  g_string_append_c (out, '[');
  for (guint i = 0; i < groups->len; i++)
    {
      ShtFigureGroup *group = groups->pdata[i];

      if (group->id_length == 0 && !with_nameless)
        continue;
      g_string_append (out, any ? "," : "");
      append_group (out, group, with_p90);
      any = TRUE;
    }
  g_string_append_c (out, ']');
}

static void
append_period (GString *out, const ShtFiguresPeriod *period)
{
  sht_json_append_member_int (out, "as_of", period->now);
  sht_json_append_member_int (out, "from", period->from);
  sht_json_append_member_int (out, "until", period->until);
}

static void
append_town (GString *out, ShtFigures *figures, gboolean with_p90)
{
  g_autoptr (ShtFigureGroup) town = sht_figures_sum (figures);

  sht_json_append_key (out, "town");
  append_group (out, town, with_p90);
}

/**
 * sht_figures_to_json:
 *
 * Returns: (transfer full): `as_of`, `from`, `until`, `town`, and where they are told apart `by` and `groups`; FIGURES.md says
 *   what they mean. No line end.
 */
char *
sht_figures_to_json (ShtFigures *self)
{
  GString *out = g_string_new ("{");

  append_period (out, &self->period);
  append_town (out, self, TRUE);
  if (self->by < SHT_N_DIMENSIONS)
    {
      sht_json_append_member (out, "by", sht_dimension_name (self->by));
      append_groups (out, "groups", self, TRUE, TRUE);
    }
  g_string_append_c (out, '}');
  return g_string_free (out, FALSE);
}

/**
 * sht_figures_league:
 * @departments: figures by department
 * @crews: figures by crew, of the same tickets and period
 *
 * Returns: (transfer full): the entity by which tablets hear of the league, PROTOCOL.md
 */
char *
sht_figures_league (ShtFigures *departments, ShtFigures *crews)
{
  GString *out = g_string_new ("{\"t\":\"figures\",\"id\":\"league\"");

  append_period (out, &departments->period);
  append_town (out, departments, FALSE);
  append_groups (out, "departments", departments, FALSE, FALSE);
  append_groups (out, "crews", crews, FALSE, FALSE);
  g_string_append_c (out, '}');
  return g_string_free (out, FALSE);
}

static void
append_percent (GString *out, const ShtShare *share)
{
  if (share->whole > 0)
    g_string_append_printf (out, " %9.1f%%", 100.0 * share->part / share->whole);
  else
    g_string_append_printf (out, " %10s", "-");
}

static void
append_row (GString *out, const char *name, int width, const ShtFigureGroup *group, gint64 now)
{
  g_string_append_printf (out, "%-*s %7u %7u %7u %7u %9u", width, name, group->opened, group->closed, group->open, group->late,
                          group->due_today);
  if (group->oldest_at != G_MAXINT64)
    g_string_append_printf (out, " %5" G_GINT64_FORMAT " d", (now - group->oldest_at) / DAY);
  else
    g_string_append_printf (out, " %7s", "-");
  append_percent (out, &group->on_time);
  append_percent (out, &group->on_time_before);
  append_percent (out, &group->first_time);
  g_string_append_printf (out, " %8u\n", group->reopened);
}

/**
 * sht_figures_to_text:
 *
 * Returns: (transfer full): a table for people, lines that end
 */
char *
sht_figures_to_text (ShtFigures *self)
{
  GString *out = g_string_new (NULL);
  g_autoptr (ShtFigureGroup) town = sht_figures_sum (self);
  g_autoptr (GPtrArray) groups = sht_figures_in_order (self);
  int width = 12;

  for (guint i = 0; i < groups->len; i++)
    width = MAX (width, (int) ((ShtFigureGroup *) groups->pdata[i])->id_length);
  g_string_append_printf (out, "%-*s %7s %7s %7s %7s %9s %7s %10s %10s %10s %8s\n", width,
                          self->by < SHT_N_DIMENSIONS ? sht_dimension_name (self->by) : "", "opened", "closed", "open", "late",
                          "due today", "oldest", "on time", "before", "first time", "reopened");
  append_row (out, "town", width, town, self->period.now);
  for (guint i = 0; self->by < SHT_N_DIMENSIONS && i < groups->len; i++)
    {
      const ShtFigureGroup *group = groups->pdata[i];

      append_row (out, group->id_length > 0 ? group->id : "-", width, group, self->period.now);
    }
  return g_string_free (out, FALSE);
}
