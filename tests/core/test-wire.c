/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/digest.h"
#include "core/field.h"
#include "core/geo.h"
#include "core/id.h"
#include "core/json-guard.h"
#include "core/json.h"
#include "core/operation.h"
#include "core/ticket.h"
#include "core/view.h"

#include <math.h>
#include <string.h>

#define ID "01890000-0000-7000-8000-00000000000a"
#define ID2 "01890000-0000-7000-8000-00000000000b"
#define SHA "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void
fill_with (gpointer data, guint8 *bytes, gsize length)
{
  memset (bytes, *(guint8 *) data, length);
}

static void
count_up (gpointer data, guint8 *bytes, gsize length)
{
  for (gsize i = 0; i < length; i++)
    bytes[i] = (guint8) (*(guint32 *) data = *(guint32 *) data * 1103515245 + 12345) >> 4;
}

static void
test_id (void)
{
  guint8 ones = 0xff, zeros = 0;
  g_autofree char *a = sht_id_new (G_GINT64_CONSTANT (0x017f22e279b0), fill_with, &ones);
  g_autofree char *b = sht_id_new (G_GINT64_CONSTANT (0x017f22e279b0), fill_with, &zeros);
  g_autofree char *before = sht_id_new (-5, fill_with, &zeros);
  g_autofree char *after = sht_id_new (G_MAXINT64, fill_with, &ones);
  g_autofree char *name = sht_id_from_name ("open311/example.org/1");
  g_autofree char *again = sht_id_from_name ("open311/example.org/1");
  g_autofree char *other = sht_id_from_name ("open311/example.org/2");

  /* the example of RFC 9562, A.6, with other random bits */
  g_assert_cmpstr (a, ==, "017f22e2-79b0-7fff-bfff-ffffffffffff");
  g_assert_cmpstr (b, ==, "017f22e2-79b0-7000-8000-000000000000");
  g_assert_cmpstr (before, ==, "00000000-0000-7000-8000-000000000000");
  g_assert_cmpstr (after, ==, "ffffffff-ffff-7fff-bfff-ffffffffffff");
  g_assert_true (sht_id_is_valid (a) && sht_id_is_valid (b) && sht_id_is_valid (name));
  g_assert_cmpstr (name, ==, again);
  g_assert_cmpstr (name, !=, other);
  g_assert_cmpint (name[14], ==, '8');
  g_assert_nonnull (strchr ("89ab", name[19]));
  g_assert_false (sht_id_is_valid (NULL));
  g_assert_false (sht_id_is_valid (""));
  g_assert_false (sht_id_is_valid ("017F22E2-79b0-7fff-bfff-ffffffffffff"));
  g_assert_false (sht_id_is_valid ("017f22e2-79b0-7fff-bfff-fffffffffff"));
  g_assert_false (sht_id_is_valid ("017f22e2-79b0-7fff-bfff-fffffffffffff"));
  g_assert_false (sht_id_is_valid ("017f22e2079b0-7fff-bfff-ffffffffffff"));
  g_assert_false (sht_id_is_valid ("017f22e2-79b0-7fff-bfff-ffffffffff/f"));
}

static void
test_id_order (void)
{
  guint32 seed = 7;
  g_autofree char *last = NULL;

  for (gint64 t = 1700000000000; t < 1700000000200; t++)
    {
      char *id = sht_id_new (t, count_up, &seed);

      g_assert_true (sht_id_is_valid (id));
      g_assert_cmpint (id[14], ==, '7');
      g_assert_cmpstr (last != NULL ? last : "", <, id);
      g_free (last);
      last = id;
    }
}

/* Trap 30: a number that is read and written again is the same number, or is refused. */
static void
test_json_numbers (void)
{
  static const char *const kept[] = { "0", "-1", "9223372036854775807", "-9223372036854775808", "0.5", "-0.25",
                                      "123456789.125" };
  static const char *const refused[] = { "9223372036854775808", "-9223372036854775809", "1e999", "-1e400", "1e22",
                                         "123456789012345678901234567890" };

  for (guint i = 0; i < G_N_ELEMENTS (kept); i++)
    {
      g_autofree char *text = g_strdup_printf ("{\"x\":{\"y\":[%s]}}", kept[i]);
      g_autoptr (GError) error = NULL;
      g_autoptr (JsonObject) object = sht_json_parse_object (text, -1, &error);
      g_autofree char *back = NULL;

      g_assert_no_error (error);
      back = sht_json_to_string (object);
      g_assert_cmpstr (back, ==, text);
    }
  for (guint i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autofree char *text = g_strdup_printf ("{\"x\":%s}", refused[i]);
      g_autofree char *quoted = g_strdup_printf ("{\"x\":\"\\\"%s\"}", refused[i]);
      g_autoptr (GError) error = NULL;
      g_autoptr (JsonObject) in_text = sht_json_parse_object (quoted, -1, NULL);

      g_assert_null (sht_json_parse_object (text, -1, &error));
      g_assert_error (error, SHT_JSON_ERROR, SHT_JSON_ERROR_SYNTAX);
      g_assert_nonnull (in_text);
    }
  /* Whatever a number's digits were, once written it is written so for ever. */
  for (guint i = 0; i < 2000; i++)
    {
      g_autofree char *text = g_strdup_printf ("{\"x\":%.17g}", g_test_rand_double_range (-1e6, 1e6));
      g_autoptr (JsonObject) one = sht_json_parse_object (text, -1, NULL);
      g_autofree char *first = sht_json_to_string (one);
      g_autoptr (JsonObject) two = sht_json_parse_object (first, -1, NULL);
      g_autofree char *second = sht_json_to_string (two);

      g_assert_cmpstr (first, ==, second);
      g_assert_true (json_object_get_double_member (one, "x") == json_object_get_double_member (two, "x"));
    }
}

static void
test_json_access (void)
{
  g_autoptr (JsonObject) o = sht_json_parse_object (
    "{\"s\":\"x\",\"i\":5,\"d\":5.0,\"b\":true,\"n\":null,\"o\":{},\"a\":[]}", -1, NULL);

  g_assert_null (sht_json_string (o, "i"));
  g_assert_null (sht_json_string (o, "n"));
  g_assert_null (sht_json_string (NULL, "s"));
  g_assert_cmpint (sht_json_int (o, "d", -1), ==, -1);
  g_assert_cmpint (sht_json_int (o, "s", -1), ==, -1);
  g_assert_cmpint (sht_json_int (o, "i", -1), ==, 5);
  g_assert_false (sht_json_bool (o, "i"));
  g_assert_true (sht_json_bool (o, "b"));
  g_assert_false (sht_json_has (o, "n"));
  g_assert_null (sht_json_object (o, "a"));
  g_assert_null (sht_json_array (o, "o"));
  g_assert_true (sht_json_nodes_equal (NULL, json_object_get_member (o, "n")));
  g_assert_false (sht_json_nodes_equal (NULL, json_object_get_member (o, "i")));
  sht_json_set_string (o, "s", NULL);
  sht_json_set_string (o, "s", NULL);
  g_assert_false (json_object_has_member (o, "s"));
}

static void
test_geo (void)
{
  gint64 e7 = 0;

  g_assert_cmpfloat_with_epsilon (sht_geo_distance (0, 0, 0, 10000000), 111195.08, 0.1);
  g_assert_cmpfloat_with_epsilon (sht_geo_distance (900000000, 0, -900000000, 0), G_PI * 6371008.8, 1);
  g_assert_cmpfloat_with_epsilon (sht_geo_distance (310000000, 1799999999, 310000000, -1799999999), 0.019, 0.01);
  g_assert_cmpfloat_with_epsilon (sht_geo_distance (5, 5, 5, 5), 0, 1e-9);
  g_assert_true (sht_geo_parse_degrees ("31.3012345", 900000000, &e7));
  g_assert_cmpint (e7, ==, 313012345);
  g_assert_true (sht_geo_parse_degrees ("-0.00000005", 900000000, &e7));
  g_assert_cmpint (e7, ==, -1);
  g_assert_true (sht_geo_parse_degrees ("90", 900000000, &e7));
  g_assert_false (sht_geo_parse_degrees ("90.0000001", 900000000, &e7));
  g_assert_false (sht_geo_parse_degrees ("", 900000000, &e7));
  g_assert_false (sht_geo_parse_degrees ("31,3", 900000000, &e7));
  g_assert_false (sht_geo_parse_degrees ("nan", 900000000, &e7));
  g_assert_false (sht_geo_parse_degrees ("inf", 900000000, &e7));
  g_assert_false (sht_geo_parse_degrees ("1e400", 900000000, &e7));
}

static gint64
random_e7 (gint64 limit)
{
  return (gint64) g_test_rand_double_range (-(double) limit, (double) limit);
}

/* Nothing within the distance lies outside the box, anywhere on earth and for any distance. */
static void
test_geo_box (void)
{
  guint inside = 0;

  for (guint i = 0; i < 60000; i++)
    {
      gint64 lat = random_e7 (900000000), lon = random_e7 (1800000000), lat2, lon2, box[4];
      double metres = exp (g_test_rand_double_range (0, log (2.1e7)));

      /* most points nearby, so that the edge is met */
      lat2 = lat + (gint64) (g_test_rand_double_range (-1.1, 1.1) * metres * 90);
      lon2 = lon + (gint64) (g_test_rand_double_range (-4, 4) * metres * 90);
      lat2 = CLAMP (lat2, -900000000, 900000000);
      lon2 = CLAMP (lon2, -1800000000, 1800000000);
      if (i % 3 == 0)
        lon2 = random_e7 (1800000000);
      sht_geo_box (lat, lon, metres, box);
      g_assert_cmpint (box[0], >=, -900000000);
      g_assert_cmpint (box[1], <=, 900000000);
      g_assert_cmpint (box[2], >=, -1800000000);
      g_assert_cmpint (box[3], <=, 1800000000);
      if (sht_geo_distance (lat, lon, lat2, lon2) > metres)
        continue;
      inside++;
      if (lat2 < box[0] || lat2 > box[1] || lon2 < box[2] || lon2 > box[3])
        g_error ("%.0f m around %ld %ld leaves out %ld %ld", metres, (long) lat, (long) lon, (long) lat2, (long) lon2);
    }
  g_assert_cmpuint (inside, >, 1000);
}

static void
test_fields (void)
{
  const ShtField *field;
  guint n = 0;

  for (; (field = sht_field_at (n)) != NULL; n++)
    {
      g_assert_true (sht_field_find (field->type, field->name) == field);
      g_assert_nonnull (strchr ("sioab", field->value));
      g_assert_cmpint (field->edit, >=, field->create);
      g_assert_cmpint (field->min, <=, field->max);
      g_assert_true (g_str_equal (field->type, "ticket") || g_str_equal (field->type, "photo")
                     || g_str_equal (field->type, "place"));
    }
  g_assert_cmpuint (n, >=, 25);
  /* what changes only by an operation of its own, or at the hub */
  for (guint i = 0; i < 10; i++)
    {
      static const char *const own[] = { "status", "number", "department", "crew", "rev", "v", "id", "sla", "legs", "t" };

      g_assert_null (sht_field_find ("ticket", own[i]));
    }
  g_assert_null (sht_field_find ("photo", "sha256"));
  g_assert_null (sht_field_find ("photo", "title"));
}

static gboolean
field_takes (const char *type, const char *name, const char *json)
{
  g_autofree char *text = g_strdup_printf ("{\"x\":%s}", json);
  g_autoptr (JsonObject) object = sht_json_parse_object (text, -1, NULL);
  g_autoptr (GError) error = NULL;
  gboolean ok = sht_field_check (sht_field_find (type, name), json_object_get_member (object, "x"), &error);

  if (!ok)
    {
      g_assert_error (error, SHT_OPERATION_ERROR, SHT_OPERATION_ERROR_VALUE);
      g_assert_true (g_str_has_prefix (error->message, name));
    }
  return ok;
}

static void
test_field_values (void)
{
  g_autofree char *most = g_strnfill (SHT_TITLE_MAX_CHARS, 'x');
  g_autofree char *most_json = g_strdup_printf ("\"%s\"", most);
  g_autofree char *more_json = g_strdup_printf ("\"%sx\"", most);

  g_assert_true (field_takes ("ticket", "title", most_json));
  g_assert_false (field_takes ("ticket", "title", more_json));
  g_assert_true (field_takes ("ticket", "title", "null"));
  g_assert_false (field_takes ("ticket", "title", "5"));
  g_assert_false (field_takes ("ticket", "service", "null"));
  g_assert_false (field_takes ("ticket", "service", "\"\""));
  g_assert_true (field_takes ("ticket", "lat_e7", "900000000"));
  g_assert_false (field_takes ("ticket", "lat_e7", "900000001"));
  g_assert_false (field_takes ("ticket", "lat_e7", "1.5"));
  g_assert_false (field_takes ("ticket", "lat_e7", "\"1\""));
  g_assert_true (field_takes ("ticket", "lat_e7", "null"));
  g_assert_true (field_takes ("ticket", "answers", "{}"));
  g_assert_false (field_takes ("ticket", "answers", "[]"));
  g_assert_false (field_takes ("photo", "width", "0"));
  g_assert_false (field_takes ("photo", "taken_at", "4102444800001"));
  g_assert_false (field_takes ("place", "name", "null"));
}

static ShtOperation *
parse (const char *kind, const char *fields, GError **error)
{
  g_autofree char *text = g_strdup_printf ("{\"op\":\"" ID "\",\"kind\":\"%s\",\"entity\":\"" ID2 "\",\"fields\":%s,"
                                           "\"at\":1700000000000}",
                                           kind, fields);

  return sht_operation_parse (text, -1, error);
}

static void
assert_value (const char *kind, const char *fields, const char *named)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ShtOperation) op = parse (kind, fields, &error);

  if (named == NULL)
    g_assert_no_error (error);
  else
    {
      g_assert_null (op);
      g_assert_error (error, SHT_OPERATION_ERROR, SHT_OPERATION_ERROR_VALUE);
      if (strstr (error->message, named) == NULL)
        g_error ("%s does not name %s", error->message, named);
    }
}

/* Why a photo is not there. */
static void
check_without (void)
{
  static const struct
  {
    const char *without;
    gboolean good;
  } cases[] = {
    { "{\"after\":\"x\"}", TRUE },
    { "{\"before\":\"לא היה אור\",\"after\":\"x\"}", TRUE },
    { "null", TRUE },
    { "{}", TRUE },
    { "{\"after\":\"\"}", FALSE },
    { "{\"after\":null}", FALSE },
    { "{\"after\":7}", FALSE },
    { "{\"other\":\"x\"}", FALSE },
    { "{\"before\":\"x\",\"later\":\"x\"}", FALSE },
    { "\"after\"", FALSE },
    { "[\"after\"]", FALSE },
  };
  g_autoptr (GString) word = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *fields = g_strdup_printf ("{\"seen\":\"new\",\"want\":\"done\",\"without\":%s}", cases[i].without);

      assert_value ("ticket.status", fields, cases[i].good ? NULL : "without");
    }
  for (guint i = 0; i < 500; i++)
    g_string_append (word, "ש");
  for (guint i = 0; i < 2; i++, g_string_append_c (word, 'x'))
    {
      g_autofree char *fields = g_strdup_printf ("{\"seen\":\"new\",\"want\":\"done\",\"without\":{\"after\":\"%s\"}}", word->str);

      assert_value ("ticket.status", fields, i == 0 ? NULL : "without");
    }
}

/* A photo's members up to those of a drawing. */
#define PHOTO "{\"photo\":{\"id\":\"" ID "\",\"sha256\":\"" SHA "\",\"source_sha256\":\"" SHA "\",\"size\":1,"

static void
test_drawing_values (void)
{
  static const struct
  {
    const char *members;
    const char *field;
  } cases[] = {
    { "\"of\":\"" ID2 "\",\"layer\":[\"arrow\",\"blur\"]", NULL },
    { "\"of\":\"" ID2 "\",\"layer\":[\"a_word_of_others\"]", NULL },
    { "\"of\":\"" ID "\",\"layer\":[\"blur\"]", "photo.of" },
    { "\"of\":\"x\",\"layer\":[\"blur\"]", "photo.of" },
    { "\"layer\":[\"blur\"]", "photo.of" },
    { "\"of\":\"" ID2 "\"", "photo.layer" },
    { "\"of\":\"" ID2 "\",\"layer\":\"blur\"", "photo.layer" },
    { "\"of\":\"" ID2 "\",\"layer\":[]", "photo.layer" },
    { "\"of\":\"" ID2 "\",\"layer\":[\"a\",\"a\",\"a\",\"a\",\"a\",\"a\",\"a\",\"a\",\"a\"]", "photo.layer" },
    { "\"of\":\"" ID2 "\",\"layer\":[\"\"]", "photo.layer" },
    { "\"of\":\"" ID2 "\",\"layer\":[5]", "photo.layer" },
    { "\"of\":\"" ID2 "\",\"layer\":[[\"blur\"]]", "photo.layer" },
    { "\"of\":\"" ID2 "\",\"layer\":[\"Blur\"]", "photo.layer" },
    { "\"of\":\"" ID2 "\",\"layer\":[\"a_longer_word_than_that\"]", "photo.layer" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *fields = g_strconcat (PHOTO, cases[i].members, "}}", NULL);

      assert_value ("photo.attach", fields, cases[i].field);
    }
}

#define VOICE(id, sha256, size, duration)                                                                            \
  "{\"voice\":{\"id\":\"" id "\",\"sha256\":\"" sha256 "\",\"size\":" size ",\"duration_ms\":" duration "}}"

static void
test_operation_values (void)
{
  g_autofree char *most = g_strnfill (SHT_TEXT_MAX_CHARS, 'n');
  g_autofree char *fits = g_strdup_printf ("{\"text\":\"%s\"}", most);
  g_autofree char *over = g_strdup_printf ("{\"text\":\"%sn\"}", most);

  assert_value ("ticket.note", fits, NULL);
  assert_value ("ticket.note", over, "4000");
  assert_value ("ticket.note", "{\"text\":\"\"}", "text");
  assert_value ("ticket.note", "{}", "text");
  assert_value ("ticket.note", "{\"text\":5}", "text");
  assert_value ("ticket.status", "{\"seen\":\"new\",\"want\":\"done\"}", NULL);
  assert_value ("ticket.status", "{\"want\":\"done\"}", "seen");
  assert_value ("ticket.status", "{\"seen\":\"new\",\"want\":\"gone\"}", "want");
  assert_value ("ticket.status", "{\"seen\":\"new\",\"want\":\"duplicate\"}", "duplicate_of");
  assert_value ("ticket.status", "{\"seen\":\"new\",\"want\":\"duplicate\",\"duplicate_of\":\"" ID "\"}", NULL);
  assert_value ("ticket.status", "{\"seen\":\"new\",\"want\":\"done\",\"reason\":[]}", "reason");
  assert_value ("ticket.status", "{\"seen\":\"new\",\"want\":\"waiting\",\"waiting_for\":{}}", "waiting_for");
  check_without ();
  assert_value ("ticket.set", "{\"title\":\"x\"}", NULL);
  assert_value ("ticket.set", "{\"lat_e7\":9e8}", "lat_e7");
  assert_value ("ticket.create", "{\"service\":\"\"}", "service");
  assert_value ("ticket.assign", "{\"crew\":\"r1\"}", NULL);
  assert_value ("ticket.assign", "{\"crew\":null}", NULL);
  assert_value ("ticket.assign", "{\"crew\":7}", "crew");
  assert_value ("ticket.assign", "{\"crew\":\"r 1\"}", "crew");
  assert_value ("ticket.assign", "{\"crew\":\"r1\",\"person\":{}}", "person");
  assert_value ("ticket.hand_over", "{}", "department");
  assert_value ("ticket.hand_over", "{\"department\":\"roads\",\"text\":5}", "text");
  assert_value ("place.report", "{\"what\":\"missing\"}", NULL);
  assert_value ("place.report", "{\"what\":\"gone\"}", "what");
  assert_value ("place.report", "{\"what\":\"moved\",\"lat_e7\":1}", "lon_e7");
  assert_value ("place.report", "{\"what\":\"moved\",\"lat_e7\":\"1\",\"lon_e7\":1}", "lat_e7");
  assert_value ("place.set", "{\"name\":\"\"}", "name");
  assert_value ("photo.edit", "{\"caption\":5}", "caption");
  assert_value ("voice.add", "{}", "voice");
  assert_value ("voice.add", "{\"voice\":[]}", "voice");
  assert_value ("voice.add", VOICE (ID, SHA, "4194304", "300000"), NULL);
  assert_value ("voice.add", VOICE ("x", SHA, "1", "1"), "voice.id");
  assert_value ("voice.add", VOICE (ID, "../../etc/passwd", "1", "1"), "voice.sha256");
  assert_value ("voice.add", VOICE (ID, SHA, "4194305", "1"), "voice.size");
  assert_value ("voice.add", VOICE (ID, SHA, "0", "1"), "voice.size");
  assert_value ("voice.add", VOICE (ID, SHA, "1", "300001"), "voice.duration_ms");
  assert_value ("voice.add", VOICE (ID, SHA, "1", "\"1\""), "voice.duration_ms");
  assert_value ("photo.attach", "{}", "photo");
  assert_value ("photo.attach", "{\"photo\":{\"id\":\"" ID "\",\"sha256\":\"" SHA "\",\"source_sha256\":\"" SHA
                                "\",\"size\":1}}",
                NULL);
  assert_value ("photo.attach", "{\"photo\":{\"id\":\"x\",\"sha256\":\"" SHA "\",\"source_sha256\":\"" SHA "\",\"size\":1}}",
                "photo.id");
  assert_value ("photo.attach", "{\"photo\":{\"id\":\"" ID "\",\"sha256\":\"../../etc\",\"source_sha256\":\"" SHA
                                "\",\"size\":1}}",
                "photo.sha256");
  assert_value ("photo.attach", "{\"photo\":{\"id\":\"" ID "\",\"sha256\":\"" SHA "\",\"source_sha256\":\"" SHA
                                "\",\"size\":1,\"thumb_sha256\":\"../../../../etc/passwd\"}}",
                "photo.thumb_sha256");
  assert_value ("photo.attach", "{\"photo\":{\"id\":\"" ID "\",\"sha256\":\"" SHA "\",\"source_sha256\":\"" SHA
                                "\",\"size\":67108865}}",
                "photo.size");
  assert_value ("photo.attach", "{\"photo\":{\"id\":\"" ID "\",\"sha256\":\"" SHA "\",\"source_sha256\":\"" SHA
                                "\",\"size\":-1}}",
                "photo.size");
}

static void
test_operation_garbage (void)
{
  static const struct
  {
    const char *text;
    ShtOperationError code;
  } bad[] = {
    { "", SHT_OPERATION_ERROR_MALFORMED },
    { "[]", SHT_OPERATION_ERROR_MALFORMED },
    { "{", SHT_OPERATION_ERROR_MALFORMED },
    { "{}", SHT_OPERATION_ERROR_KIND },
    { "{\"kind\":5}", SHT_OPERATION_ERROR_KIND },
    { "{\"kind\":\"ticket.delete\"}", SHT_OPERATION_ERROR_KIND },
    { "{\"kind\":\"ticket.note\"}", SHT_OPERATION_ERROR_VALUE },
    { "{\"kind\":\"ticket.note\",\"op\":\"" ID "\"}", SHT_OPERATION_ERROR_VALUE },
    { "{\"kind\":\"ticket.note\",\"op\":\"" ID "\",\"entity\":\"a b\",\"at\":5}", SHT_OPERATION_ERROR_VALUE },
    { "{\"kind\":\"ticket.note\",\"op\":\"" ID "\",\"entity\":\"a\",\"at\":0}", SHT_OPERATION_ERROR_VALUE },
    { "{\"kind\":\"ticket.note\",\"op\":\"" ID "\",\"entity\":\"a\",\"at\":9223372036854775807,\"fields\":{\"text\":\"x\"}}",
      SHT_OPERATION_ERROR_VALUE },
    { "{\"kind\":\"ticket.note\",\"op\":\"" ID "\",\"entity\":\"a\",\"at\":1e999}", SHT_OPERATION_ERROR_MALFORMED },
    { "{\"kind\":\"ticket.note\",\"op\":[],\"entity\":{},\"at\":[],\"fields\":7,\"base\":\"x\"}", SHT_OPERATION_ERROR_VALUE },
    { "{\"kind\":\"ticket.note\",\"op\":\"" ID "\",\"entity\":\"a\",\"at\":5,\"fields\":{\"text\":\"a\\u0000b\"}}",
      SHT_OPERATION_ERROR_MALFORMED },
    { "{\"kind\":\"ticket.note\",\"op\":\"" ID "\",\"entity\":\"a\",\"at\":5,\"fields\":{\"text\":\"\xff\"}}",
      SHT_OPERATION_ERROR_MALFORMED },
  };
  g_autofree char *huge = g_strnfill (SHT_OPERATION_MAX_BYTES + 1, ' ');
  g_autofree char *deep = g_strnfill (5000, '[');
  g_autoptr (GError) too_large = NULL;
  g_autoptr (GError) too_deep = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (sht_operation_parse (bad[i].text, -1, &error));
      g_assert_error (error, SHT_OPERATION_ERROR, (int) bad[i].code);
    }
  g_assert_null (sht_operation_parse (huge, -1, &too_large));
  g_assert_error (too_large, SHT_OPERATION_ERROR, SHT_OPERATION_ERROR_VALUE);
  g_assert_null (sht_operation_parse (deep, -1, &too_deep));
  g_assert_error (too_deep, SHT_OPERATION_ERROR, SHT_OPERATION_ERROR_MALFORMED);
}

/* Bytes with one of them changed, cut or doubled: an operation or an error, nothing else. */
static void
test_operation_mutated (void)
{
  static const char good[] = "{\"op\":\"" ID "\",\"kind\":\"ticket.set\",\"entity\":\"" ID2 "\",\"base\":{\"title\":5},"
                             "\"fields\":{\"title\":\"כביש\",\"lat_e7\":312400000,\"answers\":{\"a\":[1,2.5,null,true]}},"
                             "\"at\":1700000000000,\"boot_ms\":5,\"boot_id\":\"b\",\"actor\":\"p1\",\"depends_on\":\"" ID2
                             "\"}";
  gsize n = sizeof good - 1;

  for (guint i = 0; i < 20000; i++)
    {
      g_autofree char *bytes = g_memdup2 (good, n + 1);
      g_autoptr (GError) error = NULL;
      g_autoptr (ShtOperation) op = NULL;
      gsize length = i < n ? i : n;

      if (i >= n)
        for (int k = g_test_rand_int_range (1, 4); k > 0; k--)
          bytes[g_test_rand_int_range (0, (gint32) n)] = (char) g_test_rand_int_range (0, 256);
      op = sht_operation_parse (bytes, (gssize) length, &error);
      g_assert_true ((op == NULL) == (error != NULL));
      if (op != NULL)
        {
          g_autofree char *back = sht_operation_to_bytes (op);
          g_autoptr (ShtOperation) again = sht_operation_parse (back, -1, NULL);

          g_assert_nonnull (again);
        }
    }
}

static void
test_operation_round_trip (void)
{
  for (guint kind = 0; kind < SHT_N_KINDS; kind++)
    {
      g_autoptr (ShtOperation) op = sht_operation_new (kind, ID, ID2, 1700000000000);
      g_autofree char *bytes = NULL;
      g_autofree char *again = NULL;
      g_autoptr (ShtOperation) back = NULL;
      g_autoptr (GError) error = NULL;
      JsonObject *photo = json_object_new ();
      JsonObject *voice = json_object_new ();

      op->base = json_object_new ();
      json_object_set_int_member (op->base, "status", 7);
      op->boot_ms = 12;
      op->boot_id = g_strdup ("boot");
      op->actor = g_strdup ("p1");
      op->depends_on = g_strdup (ID2);
      op->instead_of = g_strdup (ID2);
      json_object_set_string_member (op->fields, "op", ID2);
      json_object_set_string_member (op->fields, "field", "title");
      json_object_set_string_member (op->fields, "keep", "mine");
      json_object_set_string_member (op->fields, "text", "line\n\"quoted\" ש");
      json_object_set_string_member (op->fields, "seen", "new");
      json_object_set_string_member (op->fields, "want", "done");
      json_object_set_string_member (op->fields, "what", "missing");
      json_object_set_string_member (op->fields, "department", "roads");
      json_object_set_string_member (op->fields, "kind", "access");
      json_object_set_string_member (photo, "id", ID);
      json_object_set_string_member (photo, "sha256", SHA);
      json_object_set_string_member (photo, "source_sha256", SHA);
      json_object_set_int_member (photo, "size", 5);
      json_object_set_object_member (op->fields, "photo", photo);
      json_object_set_string_member (voice, "id", ID);
      json_object_set_string_member (voice, "sha256", SHA);
      json_object_set_int_member (voice, "size", 5);
      json_object_set_int_member (voice, "duration_ms", 1000);
      json_object_set_object_member (op->fields, "voice", voice);
      bytes = sht_operation_to_bytes (op);
      g_assert_null (strchr (bytes, '\n'));
      back = sht_operation_parse (bytes, -1, &error);
      g_assert_no_error (error);
      g_assert_cmpint (back->kind, ==, kind);
      again = sht_operation_to_bytes (back);
      g_assert_cmpstr (again, ==, bytes);
    }
}

/* Rule 18, cell by cell: who may ask for what at all. */
static void
test_roles (void)
{
  for (guint role = 0; role < SHT_N_ROLES; role++)
    for (guint kind = 0; kind < SHT_N_KINDS; kind++)
      {
        const char *name = sht_kind_name (kind);
        gboolean office = g_str_equal (name, "ticket.assign") || g_str_equal (name, "place.set");

        g_assert_cmpint (sht_kind_allowed (role, kind), ==, !office || role != SHT_ROLE_CREW);
        g_assert_true (g_str_has_prefix (name, sht_kind_entity_type (kind)) || sht_kind_attaches (kind));
      }
  g_assert_cmpstr (sht_kind_entity_type (SHT_KIND_PHOTO_ATTACH), ==, "ticket");
  g_assert_cmpstr (sht_kind_entity_type (SHT_KIND_VOICE_ADD), ==, "ticket");
}

static void
test_digest (void)
{
  ShtDigestSum a = { 0 }, b = { 0 }, c = { 0 };

  sht_digest_sum_add (&a, "x", 1);
  sht_digest_sum_add (&a, "yy", 2);
  sht_digest_sum_add (&b, "yy", 2);
  sht_digest_sum_add (&b, "x", 1);
  sht_digest_sum_add (&c, "x", 1);
  g_assert_cmpuint (a.count, ==, 2);
  g_assert_cmpuint (a.sum, ==, b.sum);
  g_assert_cmpuint (a.sum, !=, c.sum);
  /* sha256 ("x") begins 2d711642b726b044 */
  g_assert_cmpuint (c.sum, ==, G_GUINT64_CONSTANT (0x2d711642b726b044));
}

static void
assert_keys (JsonObject *view, const char *keys)
{
  g_auto (GStrv) wanted = g_strsplit (keys, " ", -1);

  for (guint i = 0; wanted[i] != NULL; i++)
    if (!json_object_has_member (view, wanted[i]))
      g_error ("%s is not in the view", wanted[i]);
  json_object_unref (view);
}

static void
test_view_keys (void)
{
  g_autoptr (JsonObject) empty = json_object_new ();
  g_autoptr (JsonObject) ticket = sht_json_parse_object (
    "{\"id\":\"x\",\"lat_e7\":312400001,\"lon_e7\":-5,\"due_at\":1700000000000,\"number\":\"106-1\"}", -1, NULL);
  g_autoptr (JsonObject) view = sht_view_ticket (ticket);
  g_autofree char *time = sht_view_time (1700000000999);
  g_autofree char *far = sht_view_time (G_MAXINT64);

  assert_keys (sht_view_ticket (empty), "id number status title description address lat lon service department crew place "
                                        "due_at source");
  assert_keys (sht_view_photo (empty, "sent"), "id source_sha256 sha256 size role caption taken_at lat lon state");
  assert_keys (sht_view_event (empty), "id kind at received_at actor");
  assert_keys (sht_view_crew (empty), "id name department");
  g_assert_cmpstr (time, ==, "2023-11-14T22:13:20Z");
  g_assert_cmpstr (far, ==, "");
  g_assert_true (json_object_get_double_member (view, "lat") == 31.2400001);
  g_assert_true (json_object_get_double_member (view, "lon") == -0.0000005);
  g_assert_cmpstr (sht_json_string (view, "due_at"), ==, "2023-11-14T22:13:20Z");
}

static void
test_stub (void)
{
  for (guint status = 0; status < SHT_N_STATUSES; status++)
    {
      g_autoptr (JsonObject) ticket = sht_json_parse_object (
        "{\"id\":\"x\",\"lat_e7\":1,\"lon_e7\":2,\"title\":\"secret\",\"resident\":{\"name\":\"secret\"},\"service\":\"s\"}", -1,
        NULL);
      g_autofree char *text = NULL;

      json_object_set_string_member (ticket, "status", sht_status_name (status));
      text = sht_ticket_stub (ticket);
      g_assert_cmpint (text != NULL, ==, sht_status_is_open (status));
      if (text != NULL)
        {
          g_autofree char *expected = g_strdup_printf ("{\"t\":\"stub\",\"id\":\"x\",\"service\":\"s\",\"status\":\"%s\","
                                                       "\"lat_e7\":1,\"lon_e7\":2}",
                                                       sht_status_name (status));

          g_assert_cmpstr (text, ==, expected);
        }
      json_object_remove_member (ticket, "lat_e7");
      g_assert_null (sht_ticket_stub (ticket));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/id/layout", test_id);
  g_test_add_func ("/id/order", test_id_order);
  g_test_add_func ("/json/trap_30-numbers", test_json_numbers);
  g_test_add_func ("/json/access", test_json_access);
  g_test_add_func ("/geo/distance-and-degrees", test_geo);
  g_test_add_func ("/geo/box", test_geo_box);
  g_test_add_func ("/field/table", test_fields);
  g_test_add_func ("/field/values", test_field_values);
  g_test_add_func ("/operation/values", test_operation_values);
  g_test_add_func ("/operation/drawing-values", test_drawing_values);
  g_test_add_func ("/operation/garbage", test_operation_garbage);
  g_test_add_func ("/operation/mutated", test_operation_mutated);
  g_test_add_func ("/operation/round-trip", test_operation_round_trip);
  g_test_add_func ("/operation/roles", test_roles);
  g_test_add_func ("/digest/sum", test_digest);
  g_test_add_func ("/view/keys", test_view_keys);
  g_test_add_func ("/view/stub", test_stub);
  return g_test_run ();
}
