/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/status.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define SHT_OPERATION_MAX_BYTES (64 * 1024)
/* Who was there: more than that is no crew. */
#define SHT_OPERATION_MAX_PEOPLE 12
#define SHT_TEXT_MAX_CHARS 4000
#define SHT_TITLE_MAX_CHARS 200
/* What is drawn on a photo, each kind by one word. */
#define SHT_LAYER_MAX_WORDS 8
#define SHT_LAYER_MAX_WORD 16
/* A voice note: Opus in Ogg, at most five minutes. */
#define SHT_VOICE_MAX_BYTES (4 * 1024 * 1024)
#define SHT_VOICE_MAX_MS (5 * 60 * 1000)
/* The year 2100: whatever says later is no time, and sums of two times cannot overflow. */
#define SHT_TIME_MAX G_GINT64_CONSTANT (4102444800000)

#define SHT_OPERATION_ERROR (sht_operation_error_quark ())
GQuark sht_operation_error_quark (void);

/**
 * ShtOperationError:
 * @SHT_OPERATION_ERROR_MALFORMED: not an operation at all
 * @SHT_OPERATION_ERROR_KIND: a kind that this version does not know
 * @SHT_OPERATION_ERROR_VALUE: a member is missing, of the wrong type or out of its range
 */
typedef enum
{
  SHT_OPERATION_ERROR_MALFORMED,
  SHT_OPERATION_ERROR_KIND,
  SHT_OPERATION_ERROR_VALUE
} ShtOperationError;

/**
 * ShtKind:
 *
 * What a person intends.
 */
typedef enum
{
  SHT_KIND_TICKET_CREATE,
  SHT_KIND_TICKET_STATUS,
  SHT_KIND_TICKET_SET,
  SHT_KIND_TICKET_ASSIGN,
  SHT_KIND_TICKET_HAND_OVER,
  SHT_KIND_TICKET_NOTE,
  SHT_KIND_PHOTO_ATTACH,
  SHT_KIND_PHOTO_EDIT,
  SHT_KIND_VOICE_ADD,
  SHT_KIND_PLACE_REPORT,
  SHT_KIND_PLACE_SET,
  SHT_KIND_TICKET_RESOLVE,
  SHT_KIND_OBSTACLE_RAISE,
  SHT_KIND_OBSTACLE_ANSWER,
  SHT_KIND_OBSTACLE_PHOTO,
  SHT_N_KINDS
} ShtKind;

/**
 * ShtOperation:
 * @id: (owned): UUIDv7, made on the tablet
 * @kind: what is intended
 * @entity: (owned): id of the ticket, photo, place or obstacle
 * @base: (owned) (nullable): by field, the log number that the tablet had seen
 * @fields: (owned): what is intended, in detail; its members depend on @kind
 * @at: the tablet's wall clock, milliseconds since 1970 UTC
 * @boot_ms: CLOCK_BOOTTIME of that moment, milliseconds, or -1
 * @boot_id: (owned) (nullable): which boot of the tablet that was
 * @actor: (owned) (nullable): id of the person
 * @people: (owned) (nullable): ids of those of the crew who were there
 * @history: (owned) (nullable): the hub's history of which the numbers in @base are
 * @depends_on: (owned) (nullable): id of an operation without which this one makes no sense
 * @instead_of: (owned) (nullable): id of a rejected operation that a person sends anew by this one; what
 *   depends on that one is content with this
 *
 * One intent of a person, the unit of sync. Its bytes are frozen when it is made.
 */
typedef struct
{
  char *id;
  ShtKind kind;
  char *entity;
  JsonObject *base;
  JsonObject *fields;
  gint64 at;
  gint64 boot_ms;
  char *boot_id;
  char *actor;
  GStrv people;
  char *history;
  char *depends_on;
  char *instead_of;
} ShtOperation;

const char *sht_kind_name (ShtKind kind);
const char *sht_kind_entity_type (ShtKind kind);
gboolean sht_kind_attaches (ShtKind kind);
gboolean sht_kind_makes (ShtKind kind);
gboolean sht_kind_allowed (ShtRole role, ShtKind kind);

ShtOperation *sht_operation_new (ShtKind kind, const char *id, const char *entity, gint64 at) G_GNUC_WARN_UNUSED_RESULT;
ShtOperation *sht_operation_parse (const char *bytes, gssize length, GError **error) G_GNUC_WARN_UNUSED_RESULT;
char *sht_operation_to_bytes (const ShtOperation *operation) G_GNUC_WARN_UNUSED_RESULT;
JsonObject *sht_operation_attached (const ShtOperation *operation);
gboolean sht_operation_validate (const ShtOperation *operation, GError **error);
void sht_operation_free (ShtOperation *operation);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShtOperation, sht_operation_free)

G_END_DECLS
