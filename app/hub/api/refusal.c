/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/api/refusal.h"

#include "core/protocol.h"
#include "hub/service/hub.h"

/* The one table of how the hub's refusals are told; PROTOCOL.md has it too. */
static const struct
{
  guint status;
  const char *code;
} refusals[] = {
  [SHT_HUB_ERROR_BAD_REQUEST] = { 400, "bad_request" },
  [SHT_HUB_ERROR_UNAUTHORISED] = { 401, "unauthorised" },
  [SHT_HUB_ERROR_FORBIDDEN] = { 403, "forbidden" },
  [SHT_HUB_ERROR_NOT_FOUND] = { 404, "not_found" },
  [SHT_HUB_ERROR_AMBIGUOUS] = { 400, "ambiguous" },
  [SHT_HUB_ERROR_RESYNC] = { 410, "resync" },
  [SHT_HUB_ERROR_TOO_LARGE] = { 413, "too_large" },
  [SHT_HUB_ERROR_INCARNATION] = { 409, "incarnation" },
  [SHT_HUB_ERROR_SEALED] = { 403, SHT_ERROR_SEALED },
  [SHT_HUB_ERROR_UNSUPPORTED] = { 415, "unsupported_type" },
};

/**
 * sht_hub_refusal:
 * @error: why the hub did not do what was asked
 * @status: (out): HTTP's status
 *
 * Returns: (transfer none): the code that goes over the wire; "hub" with 503 for what went wrong at the hub itself
 */
const char *
sht_hub_refusal (const GError *error, guint *status)
{
  if (error->domain == SHT_HUB_ERROR && error->code >= 0 && (gsize) error->code < G_N_ELEMENTS (refusals))
    {
      *status = refusals[error->code].status;
      return refusals[error->code].code;
    }
  *status = 503;
  return "hub";
}
