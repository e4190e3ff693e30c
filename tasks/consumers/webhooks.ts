import { defineConsumer } from "../consumer.ts";

/** Queues an event for the clinic's own software. WHK-02. */
export default defineConsumer(async (client, event) => {
  await client.query("select app_private.consume_webhooks($1)", [event.id]);
});
