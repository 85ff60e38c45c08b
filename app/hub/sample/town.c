/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/sample/town.h"

#include "core/json-guard.h"
#include "core/json.h"

#include <gio/gio.h>
#include <string.h>

static void
department_clear (gpointer data)
{
  ShtSampleDepartment *d = data;

  g_free (d->code);
  g_free (d->name);
  g_free (d->boss);
  g_free (d->boss_name);
  g_array_unref (d->crews);
}

static void
crew_clear (gpointer data)
{
  ShtSampleCrew *c = data;

  g_free (c->code);
  g_free (c->device);
  g_ptr_array_unref (c->people);
}

static void
question_clear (gpointer data)
{
  ShtSampleQuestion *q = data;

  g_free (q->code);
  g_strfreev (q->choices);
}

static void
service_clear (gpointer data)
{
  ShtSampleService *s = data;

  g_free (s->code);
  g_clear_pointer (&s->entity, json_object_unref);
  g_strfreev (s->titles);
  g_strfreev (s->texts);
  g_strfreev (s->notes);
  g_strfreev (s->done);
  g_array_unref (s->questions);
  g_array_unref (s->form);
  g_array_unref (s->places);
}

static void
place_clear (gpointer data)
{
  ShtSamplePlace *p = data;

  g_free (p->id);
  g_free (p->address);
}

static GArray *
array_new (guint size, GDestroyNotify clear)
{
  GArray *array = g_array_new (FALSE, TRUE, size);

  if (clear != NULL)
    g_array_set_clear_func (array, clear);
  return array;
}

static ShtSampleTown *
town_new (void)
{
  ShtSampleTown *self = g_new0 (ShtSampleTown, 1);

  self->clock = sht_town_new ();
  self->entities = g_ptr_array_new_with_free_func (g_free);
  self->departments = array_new (sizeof (ShtSampleDepartment), department_clear);
  self->crews = array_new (sizeof (ShtSampleCrew), crew_clear);
  self->services = array_new (sizeof (ShtSampleService), service_clear);
  self->places = array_new (sizeof (ShtSamplePlace), place_clear);
  self->addresses = array_new (sizeof (ShtSampleAddress), NULL);
  self->streets = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->districts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->words = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_strfreev);
  return self;
}

void
sht_sample_town_free (ShtSampleTown *self)
{
  sht_town_free (self->clock);
  g_ptr_array_unref (self->entities);
  g_array_unref (self->departments);
  g_array_unref (self->crews);
  g_array_unref (self->services);
  g_array_unref (self->places);
  g_array_unref (self->addresses);
  g_hash_table_unref (self->streets);
  g_hash_table_unref (self->districts);
  g_hash_table_unref (self->words);
  g_free (self);
}

ShtSampleService *
sht_sample_town_service (ShtSampleTown *self, guint index)
{
  return &g_array_index (self->services, ShtSampleService, index);
}

static gboolean
broken (GError **error, const char *what)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "the sample town's data: %s", what);
  return FALSE;
}

static GStrv
strings_of (ShtJsonSlice array)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  ShtJsonIter iter;
  ShtJsonSlice value;

  sht_json_iter_init (&iter, array);
  while (sht_json_iter_next (&iter, NULL, &value))
    {
      g_autofree char *text = sht_json_slice_string (value);

      if (text != NULL)
        g_strv_builder_add (builder, text);
    }
  return g_strv_builder_end (builder);
}

/* {"id":…} of the file becomes {"t":…,"id":…} of the wire. */
static void
add_entity (ShtSampleTown *self, const char *type, ShtJsonSlice object)
{
  GString *line = g_string_new ("{");
  ShtJsonIter iter;
  ShtJsonSlice key, value;

  sht_json_append_member (line, "t", type);
  sht_json_iter_init (&iter, object);
  while (sht_json_iter_next (&iter, &key, &value))
    {
      g_string_append_c (line, ',');
      sht_json_append_slice (line, key);
      g_string_append_c (line, ':');
      sht_json_append_slice (line, value);
    }
  g_string_append_c (line, '}');
  g_ptr_array_add (self->entities, g_string_free (line, FALSE));
}

static int
find_department (ShtSampleTown *self, ShtJsonSlice code)
{
  for (guint i = 0; i < self->departments->len; i++)
    if (sht_json_slice_equals (code, g_array_index (self->departments, ShtSampleDepartment, i).code))
      return (int) i;
  return -1;
}

static gboolean
load_department (ShtSampleTown *self, ShtJsonSlice object, GError **error)
{
  ShtSampleDepartment d = { 0 };

  d.code = sht_json_slice_member_string (object, "id");
  d.name = sht_json_slice_member_string (object, "name");
  d.crews = g_array_new (FALSE, FALSE, sizeof (guint));
  g_array_append_val (self->departments, d);
  add_entity (self, "department", object);
  return d.code != NULL || broken (error, "a department without id");
}

static gboolean
load_crew (ShtSampleTown *self, ShtJsonSlice object, GError **error)
{
  int department = find_department (self, sht_json_slice_member (object, "department"));
  guint index = self->crews->len;
  ShtSampleCrew c = { 0 };

  if (department < 0)
    return broken (error, "a crew of no department");
  c.code = sht_json_slice_member_string (object, "id");
  c.device = g_strconcat ("sample-", c.code, NULL);
  c.department = (guint) department;
  c.people = g_ptr_array_new_with_free_func (g_free);
  g_array_append_val (self->crews, c);
  g_array_append_val (g_array_index (self->departments, ShtSampleDepartment, department).crews, index);
  add_entity (self, "crew", object);
  return c.code != NULL || broken (error, "a crew without id");
}

static gboolean
load_person (ShtSampleTown *self, ShtJsonSlice object, GError **error)
{
  int department = find_department (self, sht_json_slice_member (object, "department"));
  ShtJsonSlice crew = sht_json_slice_member (object, "crew");

  for (guint i = 0; i < self->crews->len; i++)
    {
      ShtSampleCrew *c = &g_array_index (self->crews, ShtSampleCrew, i);

      if (!sht_json_slice_equals (crew, c->code))
        continue;
      g_ptr_array_add (c->people, sht_json_slice_member_string (object, "id"));
      g_ptr_array_add (c->people, sht_json_slice_member_string (object, "name"));
    }
  if (department >= 0)
    {
      ShtSampleDepartment *d = &g_array_index (self->departments, ShtSampleDepartment, department);

      g_free (d->boss);
      g_free (d->boss_name);
      d->boss = sht_json_slice_member_string (object, "id");
      d->boss_name = sht_json_slice_member_string (object, "name");
    }
  add_entity (self, "person", object);
  return TRUE;
}

static void
load_question (GArray *questions, ShtJsonSlice object, ShtJsonSlice pools)
{
  static const char *const types[] = { "string", "number", "datetime", "singlevaluelist",
                                       "multivaluelist", "text", NULL };
  g_autofree char *type = sht_json_slice_member_string (object, "datatype");
  ShtSampleQuestion q = { 0 };
  ShtJsonSlice pool, value;
  ShtJsonIter iter;

  q.code = sht_json_slice_member_string (object, "code");
  q.required = sht_json_slice_member (object, "required").length == strlen ("true");
  q.kind = SHT_SAMPLE_ANSWER_STRING;
  for (guint i = 0; i < 5; i++)
    if (g_strcmp0 (types[i], type) == 0)
      q.kind = (ShtSampleAnswerKind) i;
  pool = sht_json_slice_member (pools, q.code);
  if (q.kind == SHT_SAMPLE_ANSWER_NUMBER)
    {
      sht_json_iter_init (&iter, pool);
      if (sht_json_iter_next (&iter, NULL, &value))
        sht_json_slice_int (value, &q.least);
      q.most = q.least;
      if (sht_json_iter_next (&iter, NULL, &value))
        sht_json_slice_int (value, &q.most);
    }
  else if (q.kind == SHT_SAMPLE_ANSWER_STRING)
    q.choices = strings_of (pool);
  else if (q.kind != SHT_SAMPLE_ANSWER_DATETIME)
    {
      g_autoptr (GStrvBuilder) keys = g_strv_builder_new ();

      sht_json_iter_init (&iter, sht_json_slice_member (object, "values"));
      while (sht_json_iter_next (&iter, NULL, &value))
        {
          g_autofree char *key = sht_json_slice_member_string (value, "key");

          g_strv_builder_add (keys, key);
        }
      q.choices = g_strv_builder_end (keys);
    }
  g_array_append_val (questions, q);
}

/* Words to be read have no answer. */
static void
load_questions (GArray *questions, ShtJsonSlice list, ShtJsonSlice pools)
{
  ShtJsonIter iter;
  ShtJsonSlice question;

  sht_json_iter_init (&iter, list);
  while (sht_json_iter_next (&iter, NULL, &question))
    if (sht_json_slice_member (question, "variable").length == strlen ("true"))
      load_question (questions, question, pools);
}

static JsonObject *
parse_entity (ShtJsonSlice object)
{
  g_autoptr (GString) text = g_string_new (NULL);

  sht_json_append_slice (text, object);
  return sht_json_parse_object (text->str, (gssize) text->len, NULL);
}

static gboolean
load_calendar (ShtSampleTown *self, ShtJsonSlice object, GError **error)
{
  g_autoptr (JsonObject) entity = parse_entity (object);

  if (entity == NULL)
    return broken (error, "a calendar that is none");
  json_object_set_string_member (entity, "t", "calendar");
  add_entity (self, "calendar", object);
  return sht_town_add (self->clock, entity, error);
}

static gboolean
load_service (ShtSampleTown *self, ShtJsonSlice object, ShtJsonSlice all_words, GError **error)
{
  int department = find_department (self, sht_json_slice_member (object, "department"));
  g_autofree char *code = sht_json_slice_member_string (object, "id");
  ShtJsonSlice words;
  ShtSampleService s = { 0 };
  gint64 weight = 0;

  if (department < 0 || code == NULL)
    return broken (error, "a service without id or department");
  words = sht_json_slice_member (all_words, code);
  sht_json_slice_int (sht_json_slice_member (words, "weight"), &weight);
  s.department = (guint) department;
  s.code = g_steal_pointer (&code);
  s.weight = (guint) weight;
  s.safety = sht_json_slice_member (object, "safety").length == strlen ("true");
  s.titles = strings_of (sht_json_slice_member (words, "titles"));
  s.texts = strings_of (sht_json_slice_member (words, "texts"));
  s.notes = strings_of (sht_json_slice_member (words, "notes"));
  s.done = strings_of (sht_json_slice_member (words, "done"));
  s.questions = array_new (sizeof (ShtSampleQuestion), question_clear);
  s.form = array_new (sizeof (ShtSampleQuestion), question_clear);
  s.places = g_array_new (FALSE, FALSE, sizeof (guint));
  s.entity = parse_entity (object);
  load_questions (s.questions, sht_json_slice_member (object, "attributes"), sht_json_slice_member (words, "answers"));
  load_questions (s.form, sht_json_slice_member (object, "form"), sht_json_slice_member (words, "answers"));
  g_array_append_val (self->services, s);
  self->weight += s.weight;
  add_entity (self, "service", object);
  if (g_strv_length (s.titles) != g_strv_length (s.texts))
    return broken (error, "a service's titles and texts do not go in pairs");
  if (s.weight == 0 || *s.texts == NULL || *s.notes == NULL || *s.done == NULL)
    return broken (error, "a service without words");
  return TRUE;
}

static gboolean
load_layer (ShtSampleTown *self, ShtJsonSlice object)
{
  add_entity (self, "layer", object);
  return TRUE;
}

static gboolean
load_town (ShtSampleTown *self, ShtJsonSlice town, ShtJsonSlice words, GError **error)
{
  static const char *const lists[] = { "calendars", "departments", "crews", "people", "services", "layers" };

  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    {
      ShtJsonIter iter;
      ShtJsonSlice object;
      gboolean ok = TRUE;

      sht_json_iter_init (&iter, sht_json_slice_member (town, lists[i]));
      while (ok && sht_json_iter_next (&iter, NULL, &object))
        ok = i == 0   ? load_calendar (self, object, error)
             : i == 1 ? load_department (self, object, error)
             : i == 2 ? load_crew (self, object, error)
             : i == 3 ? load_person (self, object, error)
             : i == 4 ? load_service (self, object, sht_json_slice_member (words, "services"), error)
                      : load_layer (self, object);
      if (!ok)
        return FALSE;
    }
  for (guint i = 0; i < self->departments->len; i++)
    {
      ShtSampleDepartment *d = &g_array_index (self->departments, ShtSampleDepartment, i);

      if (d->boss == NULL || d->crews->len == 0)
        return broken (error, "a department without supervisor or crew");
    }
  for (guint i = 0; i < self->crews->len; i++)
    if (g_array_index (self->crews, ShtSampleCrew, i).people->len == 0)
      return broken (error, "a crew without people");
  self->calendar = sht_town_find (self->clock, NULL);
  if (self->calendar == NULL)
    return broken (error, "no calendar of the town");
  return self->services->len > 0 || broken (error, "no services");
}

/* Every list of texts in words.json that is not a service's, "waiting" by what is waited for. */
static void
load_words (ShtSampleTown *self, ShtJsonSlice words, const char *prefix)
{
  ShtJsonIter iter;
  ShtJsonSlice key, value;

  sht_json_iter_init (&iter, words);
  while (sht_json_iter_next (&iter, &key, &value))
    {
      g_autofree char *name = sht_json_slice_string (key);
      g_autofree char *full = g_strconcat (prefix, name, NULL);
      g_autofree char *inner = g_strconcat (full, "/", NULL);

      if (sht_json_slice_kind (value) == SHT_JSON_ARRAY)
        g_hash_table_replace (self->words, g_steal_pointer (&full), strings_of (value));
      else if (strcmp (full, "services") != 0)
        load_words (self, value, inner);
    }
}

/**
 * sht_sample_town_words:
 * @pool: such as "tails" or "waiting/parts"
 *
 * Returns: (transfer none): the texts of a pool, at least one; sht_sample_town_load() saw to it
 */
GStrv
sht_sample_town_words (ShtSampleTown *self, const char *pool)
{
  return g_hash_table_lookup (self->words, pool);
}

static gboolean
check_words (ShtSampleTown *self, GError **error)
{
  static const char *const pools[]
      = { "tails", "places", "forwarded", "cancelled", "reopened", "handover", "closed", "duplicate",
          "obstacles", "needs", "extra_notes", "hotline_notes", "waiting/resident", "waiting/parts",
          "waiting/department", "waiting/body", "waiting/weather" };

  for (guint i = 0; i < G_N_ELEMENTS (pools); i++)
    {
      GStrv words = g_hash_table_lookup (self->words, pools[i]);

      if (words == NULL || *words == NULL)
        return broken (error, "words.json lacks a pool of texts");
    }
  return TRUE;
}

static gboolean
read_json (const char *folder, const char *name, char **bytes, ShtJsonSlice *root, GError **error)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  gsize length = 0;

  if (!g_file_get_contents (path, bytes, &length, error))
    return FALSE;
  if (!sht_json_guard (*bytes, length, SHT_JSON_MAX_DEPTH, error))
    {
      g_prefix_error (error, "%s: ", name);
      return FALSE;
    }
  *root = sht_json_slice_root (*bytes, length);
  return TRUE;
}

/**
 * sht_sample_town_load:
 * @folder: data/sample
 *
 * Returns: (transfer full) (nullable): the town, or %NULL with a #GFileError, a #ShtJsonError or
 *   %G_IO_ERROR_INVALID_DATA
 */
ShtSampleTown *
sht_sample_town_load (const char *folder, GError **error)
{
  g_autoptr (ShtSampleTown) self = town_new ();
  g_autofree char *town_bytes = NULL;
  g_autofree char *words_bytes = NULL;
  g_autofree char *plan_bytes = NULL;
  g_autofree char *places_bytes = NULL;
  ShtJsonSlice town, words, plan, places;

  if (!read_json (folder, "town.json", &town_bytes, &town, error)
      || !read_json (folder, "words.json", &words_bytes, &words, error)
      || !read_json (folder, "town.geojson", &plan_bytes, &plan, error)
      || !read_json (folder, "places.geojson", &places_bytes, &places, error))
    return NULL;
  load_words (self, words, "");
  if (!check_words (self, error) || !load_town (self, town, words, error)
      || !sht_sample_town_load_plan (self, plan, error)
      || !sht_sample_town_load_places (self, places, error))
    return NULL;
  for (guint i = 0; i < self->services->len; i++)
    {
      ShtSampleService *s = sht_sample_town_service (self, i);
      ShtJsonSlice service = sht_json_slice_member (sht_json_slice_member (words, "services"), s->code);
      g_auto (GStrv) kinds = strings_of (sht_json_slice_member (service, "places"));
      ShtJsonIter iter;
      ShtJsonSlice feature;
      guint k = 0;

      sht_json_iter_init (&iter, sht_json_slice_member (places, "features"));
      for (; sht_json_iter_next (&iter, NULL, &feature); k++)
        {
          g_autofree char *kind
              = sht_json_slice_member_string (sht_json_slice_member (feature, "properties"), "kind");

          if (kind != NULL && g_strv_contains ((const char *const *) kinds, kind))
            g_array_append_val (s->places, k);
        }
    }
  return g_steal_pointer (&self);
}
