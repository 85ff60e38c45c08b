/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/operation.h"

#include "core/field.h"
#include "core/form.h"
#include "core/id.h"
#include "core/json-slice.h"
#include "core/json.h"
#include "core/obstacle.h"
#include "core/photo-rule.h"

#include <string.h>

G_DEFINE_QUARK (sht-operation-error-quark, sht_operation_error)

/* The one table of what each role may ask for at all; a status is judged further by status.c, a field
 * by field.c. Every cell is tested. */
static const struct
{
  const char *name;
  const char *entity_type;
  ShtRole least;
} kinds[SHT_N_KINDS] = {
  [SHT_KIND_TICKET_CREATE] = { "ticket.create", "ticket", SHT_ROLE_CREW },
  [SHT_KIND_TICKET_STATUS] = { "ticket.status", "ticket", SHT_ROLE_CREW },
  [SHT_KIND_TICKET_SET] = { "ticket.set", "ticket", SHT_ROLE_CREW },
  [SHT_KIND_TICKET_ASSIGN] = { "ticket.assign", "ticket", SHT_ROLE_SUPERVISOR },
  [SHT_KIND_TICKET_HAND_OVER] = { "ticket.hand_over", "ticket", SHT_ROLE_CREW },
  [SHT_KIND_TICKET_NOTE] = { "ticket.note", "ticket", SHT_ROLE_CREW },
  [SHT_KIND_PHOTO_ATTACH] = { "photo.attach", "ticket", SHT_ROLE_CREW },
  [SHT_KIND_PHOTO_EDIT] = { "photo.edit", "photo", SHT_ROLE_CREW },
  [SHT_KIND_VOICE_ADD] = { "voice.add", "ticket", SHT_ROLE_CREW },
  [SHT_KIND_PLACE_REPORT] = { "place.report", "place", SHT_ROLE_CREW },
  [SHT_KIND_PLACE_SET] = { "place.set", "place", SHT_ROLE_SUPERVISOR },
  [SHT_KIND_TICKET_RESOLVE] = { "ticket.resolve", "ticket", SHT_ROLE_CREW },
  [SHT_KIND_OBSTACLE_RAISE] = { "obstacle.raise", "obstacle", SHT_ROLE_CREW },
  [SHT_KIND_OBSTACLE_ANSWER] = { "obstacle.answer", "obstacle", SHT_ROLE_CREW },
  [SHT_KIND_OBSTACLE_PHOTO] = { "obstacle.photo", "obstacle", SHT_ROLE_CREW },
};

const char *
sht_kind_name (ShtKind kind)
{
  g_return_val_if_fail (kind < SHT_N_KINDS, "");
  return kinds[kind].name;
}

/**
 * sht_kind_entity_type:
 *
 * Returns: (transfer none): the type of the entity that such an operation names
 */
const char *
sht_kind_entity_type (ShtKind kind)
{
  g_return_val_if_fail (kind < SHT_N_KINDS, "");
  return kinds[kind].entity_type;
}

/**
 * sht_kind_attaches:
 *
 * Returns: whether such an operation hangs a file on a ticket or an obstacle, whose bytes follow it: a photo or a voice note
 */
gboolean
sht_kind_attaches (ShtKind kind)
{
  return kind == SHT_KIND_PHOTO_ATTACH || kind == SHT_KIND_VOICE_ADD || kind == SHT_KIND_OBSTACLE_PHOTO;
}

/**
 * sht_kind_makes:
 *
 * Returns: whether such an operation makes what it names, which is not there before
 */
gboolean
sht_kind_makes (ShtKind kind)
{
  return kind == SHT_KIND_TICKET_CREATE || kind == SHT_KIND_OBSTACLE_RAISE;
}

gboolean
sht_kind_allowed (ShtRole role, ShtKind kind)
{
  g_return_val_if_fail (kind < SHT_N_KINDS, FALSE);
  return role >= kinds[kind].least;
}

/**
 * sht_operation_new:
 * @id: a new UUIDv7
 * @entity: id of what it is about
 * @at: milliseconds since 1970 UTC
 *
 * Returns: (transfer full): an operation with empty `fields` and no `base`
 */
ShtOperation *
sht_operation_new (ShtKind kind, const char *id, const char *entity, gint64 at)
{
  ShtOperation *operation = g_new0 (ShtOperation, 1);

  operation->id = g_strdup (id);
  operation->kind = kind;
  operation->entity = g_strdup (entity);
  operation->fields = json_object_new ();
  operation->at = at;
  operation->boot_ms = -1;
  return operation;
}

void
sht_operation_free (ShtOperation *operation)
{
  g_free (operation->id);
  g_free (operation->entity);
  g_clear_pointer (&operation->base, json_object_unref);
  g_clear_pointer (&operation->fields, json_object_unref);
  g_free (operation->boot_id);
  g_free (operation->actor);
  g_strfreev (operation->people);
  g_free (operation->history);
  g_free (operation->depends_on);
  g_free (operation->instead_of);
  g_free (operation);
}

static void
append_people (GString *out, char *const *people)
{
  if (people == NULL)
    return;
  sht_json_append_key (out, "people");
  for (guint i = 0; people[i] != NULL; i++)
    {
      g_string_append_c (out, i == 0 ? '[' : ',');
      sht_json_append_string (out, people[i]);
    }
  g_string_append_c (out, ']');
}

/**
 * sht_operation_to_bytes:
 *
 * Writes an operation as it will be stored, hashed and sent. Called once for each: from then on the
 * bytes are the operation.
 *
 * Returns: (transfer full): one line of JSON
 */
char *
sht_operation_to_bytes (const ShtOperation *operation)
{
  GString *out = g_string_sized_new (500);

  g_string_append_c (out, '{');
  sht_json_append_member (out, "op", operation->id);
  sht_json_append_member (out, "kind", kinds[operation->kind].name);
  sht_json_append_member (out, "entity", operation->entity);
  if (operation->base != NULL)
    {
      sht_json_append_key (out, "base");
      sht_json_append_object (out, operation->base);
    }
  sht_json_append_key (out, "fields");
  sht_json_append_object (out, operation->fields);
  sht_json_append_member_int (out, "at", operation->at);
  if (operation->boot_ms >= 0)
    sht_json_append_member_int (out, "boot_ms", operation->boot_ms);
  sht_json_append_member (out, "boot_id", operation->boot_id);
  sht_json_append_member (out, "actor", operation->actor);
  append_people (out, operation->people);
  sht_json_append_member (out, "history", operation->history);
  sht_json_append_member (out, "depends_on", operation->depends_on);
  sht_json_append_member (out, "instead_of", operation->instead_of);
  g_string_append_c (out, '}');
  return g_string_free (out, FALSE);
}

static gboolean
bad_value (GError **error, const char *what, const char *why)
{
  g_set_error (error, SHT_OPERATION_ERROR, SHT_OPERATION_ERROR_VALUE, "%s %s", what, why);
  return FALSE;
}

static gboolean
is_id_or_code (const char *text)
{
  if (text == NULL || text[0] == '\0' || strlen (text) > 64)
    return FALSE;
  for (const char *p = text; *p != '\0'; p++)
    if (!g_ascii_isalnum (*p) && *p != '-' && *p != '_' && *p != '.' && *p != ':')
      return FALSE;
  return TRUE;
}

static gboolean
find_kind (const char *name, ShtKind *kind)
{
  for (guint i = 0; name != NULL && i < SHT_N_KINDS; i++)
    if (g_str_equal (kinds[i].name, name))
      {
        *kind = (ShtKind) i;
        return TRUE;
      }
  return FALSE;
}

static gboolean
check_text (const ShtOperation *op, const char *member, gboolean required, GError **error)
{
  const char *text = sht_json_string (op->fields, member);

  if (text == NULL && sht_json_has (op->fields, member))
    return bad_value (error, member, "is not a text");
  if (required && (text == NULL || text[0] == '\0'))
    return bad_value (error, member, "is missing");
  if (text != NULL && g_utf8_strlen (text, -1) > SHT_TEXT_MAX_CHARS)
    return bad_value (error, member, "is longer than 4000 characters");
  return TRUE;
}

static gboolean
is_sha256 (const char *text)
{
  return text != NULL && strlen (text) == 64 && strspn (text, "0123456789abcdef") == 64;
}

/* A photo with a drawing on it: of which photo, and what was drawn. */
static gboolean
check_drawing (JsonObject *photo, GError **error)
{
  JsonArray *layer = sht_json_array (photo, "layer");

  if (!sht_json_has (photo, "of") && !sht_json_has (photo, "layer"))
    return TRUE;
  if (!sht_id_is_valid (sht_json_string (photo, "of"))
      || g_strcmp0 (sht_json_string (photo, "of"), sht_json_string (photo, "id")) == 0)
    return bad_value (error, "photo.of", "is not the UUID of another photo");
  if (layer == NULL || json_array_get_length (layer) == 0 || json_array_get_length (layer) > SHT_LAYER_MAX_WORDS)
    return bad_value (error, "photo.layer", "is not a list of 1 to 8 words");
  for (guint i = 0; i < json_array_get_length (layer); i++)
    {
      JsonNode *node = json_array_get_element (layer, i);
      const char *word = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;

      if (word == NULL || *word == '\0' || strlen (word) > SHT_LAYER_MAX_WORD
          || strspn (word, "abcdefghijklmnopqrstuvwxyz_") != strlen (word))
        return bad_value (error, "photo.layer", "has what is not a word of a-z");
    }
  return TRUE;
}

static gboolean
check_photo (JsonObject *photo, GError **error)
{
  gint64 size = sht_json_int (photo, "size", -1);

  if (!sht_id_is_valid (sht_json_string (photo, "id")))
    return bad_value (error, "photo.id", "is not a UUID");
  if (!is_sha256 (sht_json_string (photo, "sha256")))
    return bad_value (error, "photo.sha256", "is not 64 hexadecimal digits");
  if (!is_sha256 (sht_json_string (photo, "source_sha256")))
    return bad_value (error, "photo.source_sha256", "is not 64 hexadecimal digits");
  if (sht_json_has (photo, "thumb_sha256") && !is_sha256 (sht_json_string (photo, "thumb_sha256")))
    return bad_value (error, "photo.thumb_sha256", "is not 64 hexadecimal digits");
  if (size <= 0 || size > SHT_PHOTO_MAX_BYTES)
    return bad_value (error, "photo.size", "is not between 1 byte and 64 MiB");
  if (!check_drawing (photo, error))
    return FALSE;
  return sht_field_check_all ("photo", photo, error);
}

static gboolean
check_voice (JsonObject *voice, GError **error)
{
  gint64 size = sht_json_int (voice, "size", -1);
  gint64 duration = sht_json_int (voice, "duration_ms", -1);

  if (!sht_id_is_valid (sht_json_string (voice, "id")))
    return bad_value (error, "voice.id", "is not a UUID");
  if (!is_sha256 (sht_json_string (voice, "sha256")))
    return bad_value (error, "voice.sha256", "is not 64 hexadecimal digits");
  if (size <= 0 || size > SHT_VOICE_MAX_BYTES)
    return bad_value (error, "voice.size", "is not between 1 byte and 4 MiB");
  if (duration <= 0 || duration > SHT_VOICE_MAX_MS)
    return bad_value (error, "voice.duration_ms", "is not between 1 ms and 5 minutes");
  return TRUE;
}

/**
 * sht_operation_attached:
 *
 * Returns: (transfer none) (nullable): the photo or the voice note that a valid operation attaches; %NULL for any other
 */
JsonObject *
sht_operation_attached (const ShtOperation *op)
{
  if (op->kind == SHT_KIND_VOICE_ADD)
    return sht_json_object (op->fields, "voice");
  return sht_kind_attaches (op->kind) ? sht_json_object (op->fields, "photo") : NULL;
}

/* Why photos that the service asks for are not there, by their role. */
static gboolean
check_without (const ShtOperation *op, GError **error)
{
  JsonObject *without = sht_json_object (op->fields, "without");
  JsonObjectIter iter;
  const char *name;

  if (without == NULL)
    return !sht_json_has (op->fields, "without") || bad_value (error, "without", "is not an object");
  json_object_iter_init (&iter, without);
  while (json_object_iter_next (&iter, &name, NULL))
    {
      const char *why = sht_json_string (without, name);
      glong chars = why != NULL ? g_utf8_strlen (why, -1) : 0;
      ShtPhotoRole role;

      if (!sht_photo_role_parse (name, &role))
        return bad_value (error, "without", "names a photo that is not before or after");
      if (chars < 1 || chars > SHT_WITHOUT_MAX_CHARS)
        return bad_value (error, "without", "is not a text of 1 to 500 characters");
    }
  return TRUE;
}

/* Why what the work has to answer is not answered, by the questions' codes. */
static gboolean
check_unanswered (const ShtOperation *op, GError **error)
{
  JsonObject *unanswered = sht_json_object (op->fields, "unanswered");
  const char *wrong = unanswered != NULL ? sht_unanswered_check (unanswered) : NULL;

  if (unanswered == NULL && sht_json_has (op->fields, "unanswered"))
    wrong = "is not an object";
  return wrong == NULL || bad_value (error, "unanswered", wrong);
}

static gboolean
check_status (const ShtOperation *op, GError **error)
{
  ShtStatus status;

  if (!sht_status_parse (sht_json_string (op->fields, "want"), &status))
    return bad_value (error, "want", "is not a status");
  if (status == SHT_STATUS_DUPLICATE && !sht_id_is_valid (sht_json_string (op->fields, "duplicate_of")))
    return bad_value (error, "duplicate_of", "is not a ticket's id");
  if (!sht_status_parse (sht_json_string (op->fields, "seen"), &status))
    return bad_value (error, "seen", "is not a status");
  return check_text (op, "reason", FALSE, error) && check_text (op, "waiting_for", FALSE, error)
         && check_text (op, "duplicate_of", FALSE, error) && check_without (op, error)
         && check_unanswered (op, error);
}

static gboolean
check_decision (const ShtOperation *op, GError **error)
{
  const char *keep = sht_json_string (op->fields, "keep");
  const char *field = sht_json_string (op->fields, "field");
  const char *code = field != NULL ? sht_answer_code (field) : NULL;

  if (!sht_id_is_valid (sht_json_string (op->fields, "op")))
    return bad_value (error, "op", "is not a UUID");
  /* A question's code may be anything that a service definition holds. */
  if (code != NULL ? *code == '\0' || strlen (code) > SHT_ANSWER_MAX_CODE : !is_id_or_code (field))
    return bad_value (error, "field", "is not a field's name");
  if (g_strcmp0 (keep, "mine") != 0 && g_strcmp0 (keep, "theirs") != 0)
    return bad_value (error, "keep", "is not mine or theirs");
  return TRUE;
}

/* What is in the way, in words; whose it is as well, and which ticket it holds up, where that is known. */
static gboolean
check_obstacle (const ShtOperation *op, GError **error)
{
  ShtObstacleKind kind;

  if (!sht_id_is_valid (op->entity))
    return bad_value (error, "entity", "is not a UUID");
  if (!sht_obstacle_kind_parse (sht_json_string (op->fields, "kind"), &kind))
    return bad_value (error, "kind", "is not a kind of obstacle");
  if (sht_json_has (op->fields, "department") && !is_id_or_code (sht_json_string (op->fields, "department")))
    return bad_value (error, "department", "is not a department's code");
  if (sht_json_has (op->fields, "ticket") && !sht_id_is_valid (sht_json_string (op->fields, "ticket")))
    return bad_value (error, "ticket", "is not a ticket's id");
  return check_text (op, "text", TRUE, error);
}

static gboolean
check_answer (const ShtOperation *op, GError **error)
{
  JsonNode *settles = json_object_get_member (op->fields, "settles");

  if (settles != NULL && json_node_get_value_type (settles) != G_TYPE_BOOLEAN)
    return bad_value (error, "settles", "is not true or false");
  return check_text (op, "text", TRUE, error);
}

/**
 * sht_operation_validate:
 *
 * Checks all that can be told from the operation alone. A tablet does so before it writes one, the hub
 * when one arrives.
 *
 * Returns: %FALSE with a #ShtOperationError that names the member
 */
gboolean
sht_operation_validate (const ShtOperation *op, GError **error)
{
  if (!sht_id_is_valid (op->id))
    return bad_value (error, "op", "is not a UUID");
  if (!is_id_or_code (op->entity))
    return bad_value (error, "entity", "is not an id");
  if (op->at <= 0 || op->at > SHT_TIME_MAX)
    return bad_value (error, "at", "is not a time");
  switch (op->kind)
    {
    case SHT_KIND_TICKET_CREATE:
      return sht_id_is_valid (op->entity) ? sht_field_check_all ("ticket", op->fields, error)
                                          : bad_value (error, "entity", "is not a UUID");
    case SHT_KIND_TICKET_SET:
      return sht_field_check_all ("ticket", op->fields, error);
    case SHT_KIND_PHOTO_EDIT:
      return sht_field_check_all ("photo", op->fields, error);
    case SHT_KIND_PLACE_SET:
      return sht_field_check_all ("place", op->fields, error);
    case SHT_KIND_TICKET_STATUS:
      return check_status (op, error);
    case SHT_KIND_TICKET_ASSIGN:
      if (sht_json_has (op->fields, "crew") && !is_id_or_code (sht_json_string (op->fields, "crew")))
        return bad_value (error, "crew", "is not a crew's code");
      return check_text (op, "person", FALSE, error);
    case SHT_KIND_TICKET_HAND_OVER:
      if (!is_id_or_code (sht_json_string (op->fields, "department")))
        return bad_value (error, "department", "is not a department's code");
      return check_text (op, "text", FALSE, error);
    case SHT_KIND_TICKET_NOTE:
      return check_text (op, "text", TRUE, error);
    case SHT_KIND_OBSTACLE_RAISE:
      return check_obstacle (op, error);
    case SHT_KIND_OBSTACLE_ANSWER:
      return check_answer (op, error);
    case SHT_KIND_PHOTO_ATTACH:
    case SHT_KIND_OBSTACLE_PHOTO:
      if (sht_json_object (op->fields, "photo") == NULL)
        return bad_value (error, "photo", "is missing");
      return check_photo (sht_json_object (op->fields, "photo"), error);
    case SHT_KIND_VOICE_ADD:
      if (sht_json_object (op->fields, "voice") == NULL)
        return bad_value (error, "voice", "is missing");
      return check_voice (sht_json_object (op->fields, "voice"), error);
    case SHT_KIND_PLACE_REPORT:
      {
        const char *what = sht_json_string (op->fields, "what");

        if (g_strcmp0 (what, "moved") != 0 && g_strcmp0 (what, "missing") != 0
            && g_strcmp0 (what, "ok") != 0)
          return bad_value (error, "what", "is not moved, missing or ok");
        if (g_str_equal (what, "moved")
            && (!sht_json_has (op->fields, "lat_e7") || !sht_json_has (op->fields, "lon_e7")))
          return bad_value (error, "lat_e7 and lon_e7", "are missing");
        return sht_field_check_all ("place", op->fields, error) && check_text (op, "text", FALSE, error);
      }
    case SHT_KIND_TICKET_RESOLVE:
      return check_decision (op, error);
    case SHT_N_KINDS:
      break;
    }
  return bad_value (error, "kind", "is unknown");
}

enum
{
  OP,
  KIND,
  ENTITY,
  BASE,
  FIELDS,
  AT,
  BOOT_MS,
  BOOT_ID,
  ACTOR,
  PEOPLE,
  HISTORY,
  DEPENDS_ON,
  INSTEAD_OF,
  N_MEMBERS
};

static const ShtJsonName member_names[N_MEMBERS] = {
  SHT_JSON_NAME ("op"),      SHT_JSON_NAME ("kind"),    SHT_JSON_NAME ("entity"), SHT_JSON_NAME ("base"),   SHT_JSON_NAME ("fields"),
  SHT_JSON_NAME ("at"),      SHT_JSON_NAME ("boot_ms"), SHT_JSON_NAME ("boot_id"), SHT_JSON_NAME ("actor"), SHT_JSON_NAME ("people"),
  SHT_JSON_NAME ("history"), SHT_JSON_NAME ("depends_on"), SHT_JSON_NAME ("instead_of"),
};

static gint64
int_of (const ShtJsonMember *member, gint64 otherwise)
{
  return member->node != NULL && json_node_get_value_type (member->node) == G_TYPE_INT64 ? json_node_get_int (member->node) : otherwise;
}

static JsonObject *
object_of (const ShtJsonMember *member)
{
  return member->node != NULL && JSON_NODE_HOLDS_OBJECT (member->node) ? json_node_dup_object (member->node) : NULL;
}

static gboolean
parse_people (const ShtJsonMember *member, ShtOperation *op, GError **error)
{
  JsonArray *people = member->node != NULL && JSON_NODE_HOLDS_ARRAY (member->node) ? json_node_get_array (member->node) : NULL;
  g_autoptr (GStrvBuilder) ids = NULL;

  if (member->text == NULL && (member->node == NULL || JSON_NODE_HOLDS_NULL (member->node)))
    return TRUE;
  if (people == NULL || json_array_get_length (people) == 0 || json_array_get_length (people) > SHT_OPERATION_MAX_PEOPLE)
    return bad_value (error, "people", "is no list of 1 to 12 people");
  ids = g_strv_builder_new ();
  for (guint i = 0; i < json_array_get_length (people); i++)
    {
      JsonNode *node = json_array_get_element (people, i);
      const char *id = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;

      if (!is_id_or_code (id))
        return bad_value (error, "people", "names somebody by what is no code");
      g_strv_builder_add (ids, id);
    }
  op->people = g_strv_builder_end (ids);
  return TRUE;
}

static ShtOperation *
make (const ShtJsonMember members[N_MEMBERS], GError **error)
{
  g_autoptr (ShtOperation) op = NULL;
  ShtKind kind;

  if (!find_kind (members[KIND].text, &kind))
    {
      g_set_error (error, SHT_OPERATION_ERROR, SHT_OPERATION_ERROR_KIND, "unknown kind of operation");
      return NULL;
    }
  op = g_new0 (ShtOperation, 1);
  op->id = g_strdup (members[OP].text);
  op->kind = kind;
  op->entity = g_strdup (members[ENTITY].text);
  op->base = object_of (&members[BASE]);
  op->fields = object_of (&members[FIELDS]);
  if (op->fields == NULL)
    op->fields = json_object_new ();
  op->at = int_of (&members[AT], 0);
  op->boot_ms = int_of (&members[BOOT_MS], -1);
  op->boot_id = g_strdup (members[BOOT_ID].text);
  op->actor = g_strdup (members[ACTOR].text);
  if (!parse_people (&members[PEOPLE], op, error))
    return NULL;
  op->history = g_strdup (members[HISTORY].text);
  op->depends_on = g_strdup (members[DEPENDS_ON].text);
  op->instead_of = g_strdup (members[INSTEAD_OF].text);
  return sht_operation_validate (op, error) ? g_steal_pointer (&op) : NULL;
}

/**
 * sht_operation_parse:
 * @bytes: frozen bytes of an operation, from a tablet's store or from the wire
 * @length: how many, or -1 for a string
 *
 * Returns: (transfer full) (nullable): a valid operation, or %NULL with a #ShtOperationError
 */
ShtOperation *
sht_operation_parse (const char *bytes, gssize length, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autofree char *texts = NULL;
  ShtJsonMember members[N_MEMBERS];
  ShtOperation *op;

  if (length < 0)
    length = (gssize) strlen (bytes);
  if (length > SHT_OPERATION_MAX_BYTES)
    {
      bad_value (error, "the operation", "is larger than 64 KiB");
      return NULL;
    }
  texts = sht_json_parse_members (bytes, length, member_names, N_MEMBERS, members, &local_error);
  if (texts == NULL)
    {
      g_set_error (error, SHT_OPERATION_ERROR, SHT_OPERATION_ERROR_MALFORMED, "not an operation: %s",
                   local_error->message);
      return NULL;
    }
  op = make (members, error);
  sht_json_members_clear (members, N_MEMBERS);
  return op;
}
