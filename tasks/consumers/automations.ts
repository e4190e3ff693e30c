import { defineConsumer } from "../consumer.ts";

/** Begins the automations that a clinic has for an event. AUT-01, AUT-03. */
export default defineConsumer(async (client, event) => {
  await client.query("select app_private.consume_automations($1)", [event.id]);
});
