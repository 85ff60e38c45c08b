/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/simulation/world.h"

#include <string.h>

/* What answers in the hub's place: a portal that wants a login, a proxy that has lost the hub. */
static const struct
{
  guint status;
  const char *retry_after;
  const char *body;
} gateways[] = {
  { 200, NULL, "<html>please log in</html>" }, { 200, NULL, "" },          { 400, NULL, "<html>bad</html>" },
  { 404, NULL, "<html>what?</html>" },         { 413, NULL, "too much" },  { 429, "3", "" },
  { 502, NULL, "" },                           { 503, "Wed, 15 Nov 2023 10:00:00 GMT", "" },
};

void
sim_message_free (SimMessage *message)
{
  g_free (message->method);
  g_free (message->path);
  g_free (message->authorization);
  g_ptr_array_unref (message->headers);
  g_clear_pointer (&message->body, g_bytes_unref);
  g_free (message);
}

static SimMessage *
message_copy (const SimMessage *message)
{
  SimMessage *copy = g_memdup2 (message, sizeof *message);

  copy->method = g_strdup (message->method);
  copy->path = g_strdup (message->path);
  copy->authorization = g_strdup (message->authorization);
  copy->headers = g_ptr_array_ref (message->headers);
  copy->body = message->body != NULL ? g_bytes_ref (message->body) : NULL;
  return copy;
}

void
sim_reply_free (SimReply *reply)
{
  sht_answer_free (reply->answer);
  g_free (reply);
}

/** sim_network_arrive: a reply is at its tablet, if that is still the process that asked */
void
sim_network_arrive (SimWorld *world, guint node, guint process, gpointer data)
{
  SimTablet *tablet = &world->tablets[node];
  SimReply *reply = data;

  if (tablet->process == process && tablet->engine != NULL)
    {
      gsize length = 0;
      const void *body = reply->answer->body != NULL ? g_bytes_get_data (reply->answer->body, &length) : NULL;

      if (!tablet->link_up && reply->answer->status != 0)
        {
          sht_answer_free (reply->answer);
          reply->answer = sht_answer_new (0);
          length = 0;
        }
      sim_world_trace (world, "answer", node, reply->lane, reply->answer->status);
      if (length > 0)
        sim_world_trace_bytes (world, "body", node, body, length);
      sht_engine_answer (tablet->engine, reply->lane, reply->answer, world->now);
      sim_tablet_pump (tablet);
    }
  sim_reply_free (reply);
}

static void
deliver (SimWorld *world, const SimMessage *message, ShtAnswer *answer, gint64 delay)
{
  SimReply *reply = g_new0 (SimReply, 1);

  reply->lane = message->lane;
  reply->answer = answer;
  sim_world_later (world, delay, sim_network_arrive, message->tablet, message->process, reply);
}

static ShtAnswer *
gateway_answer (SimRandom *net)
{
  guint which = sim_random_below (net, G_N_ELEMENTS (gateways));
  ShtAnswer *answer = sht_answer_new (gateways[which].status);

  answer->body = g_bytes_new_static (gateways[which].body, strlen (gateways[which].body));
  if (gateways[which].retry_after != NULL)
    g_hash_table_replace (answer->headers, g_strdup ("retry-after"), g_strdup (gateways[which].retry_after));
  return answer;
}

static gint64
delay_of (SimWorld *world)
{
  gint64 delay = sim_random_between (&world->net, 4, 150);
  gint64 longer = sim_random_between (&world->net, 2000, 20000);

  if (sim_random_in_1000 (&world->net, 50) && sim_world_fault (world, SIM_FAULT_REORDERED))
    return longer;
  return delay;
}

/**
 * sim_network_send:
 * @request: what the tablet's engine wants to be sent
 *
 * Puts a request on its way, or loses it, or doubles it.
 */
void
sim_network_send (SimTablet *tablet, ShtRequest *request)
{
  SimWorld *world = tablet->world;
  SimRandom *net = &world->net;
  gboolean lost = sim_random_in_1000 (net, 50), doubled = sim_random_in_1000 (net, 60);
  gboolean gateway = sim_random_in_1000 (net, 20), second_counts = sim_random_in_1000 (net, 500);
  gint64 patience = sim_random_between (net, 2000, 12000);
  gint64 delay = delay_of (world), again = sim_random_between (net, 100, 30000);
  SimMessage *message = g_new0 (SimMessage, 1);

  message->tablet = tablet->index;
  message->process = tablet->process;
  message->lane = request->lane;
  message->method = g_strdup (request->method);
  message->path = g_strdup (request->path);
  message->authorization = g_strconcat ("Bearer ", tablet->store->device.token, NULL);
  message->headers = g_ptr_array_ref (request->headers);
  message->body = request->body != NULL ? g_bytes_ref (request->body) : NULL;
  message->reply_counts = TRUE;
  world->requests++;
  sim_world_trace_bytes (world, "send", tablet->index, request->path, strlen (request->path));
  if (!tablet->link_up)
    {
      ShtAnswer *answer = sht_answer_new (0);

      answer->unsent = TRUE;
      deliver (world, message, answer, 10);
      sim_message_free (message);
      return;
    }
  if (gateway && sim_world_fault (world, SIM_FAULT_GATEWAY))
    {
      deliver (world, message, gateway_answer (net), delay);
      sim_message_free (message);
      return;
    }
  if (lost && sim_world_fault (world, SIM_FAULT_REQUEST_LOST))
    {
      deliver (world, message, sht_answer_new (0), patience);
      sim_message_free (message);
      return;
    }
  if (doubled && sim_world_fault (world, SIM_FAULT_DOUBLED))
    {
      SimMessage *second = message_copy (message);

      message->reply_counts = !second_counts;
      second->reply_counts = second_counts;
      sim_world_later (world, again, sim_hub_arrive, 0, 0, second);
    }
  sim_world_later (world, delay, sim_hub_arrive, 0, 0, message);
}

/**
 * sim_network_reply:
 * @message: (transfer full): what was asked
 * @answer: (transfer full): what the hub says
 *
 * Puts a reply on its way, or loses it, or cuts it short.
 */
void
sim_network_reply (SimWorld *world, SimMessage *message, ShtAnswer *answer)
{
  SimRandom *net = &world->net;
  gboolean lost = sim_random_in_1000 (net, 60), cut = sim_random_in_1000 (net, 30);
  gint64 patience = sim_random_between (net, 2000, 12000);
  gsize length = answer->body != NULL ? g_bytes_get_size (answer->body) : 0;
  guint keep = sim_random_below (net, (guint) length + 1);
  gint64 delay = delay_of (world);

  if (!message->reply_counts)
    sht_answer_free (answer);
  else if (lost && sim_world_fault (world, SIM_FAULT_REPLY_LOST))
    {
      sht_answer_free (answer);
      deliver (world, message, sht_answer_new (0), patience);
    }
  else
    {
      if (cut && length > 0 && sim_world_fault (world, SIM_FAULT_TRUNCATED))
        {
          GBytes *part = g_bytes_new_from_bytes (answer->body, 0, keep);

          g_bytes_unref (answer->body);
          answer->body = part;
        }
      deliver (world, message, answer, delay);
    }
  sim_message_free (message);
}
