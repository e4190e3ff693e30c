import { defineConsumer } from "../consumer.ts";

/** Tells people what subscriptions say that they are told. FND-15. */
export default defineConsumer(async (client, event) => {
  await client.query("select app_private.consume_notifications($1)", [event.id]);
});
