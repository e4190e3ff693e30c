import { defineConsumer } from "../consumer.ts";

/** Makes rooms for video appointments, takes them away, ends recordings. APT-07. */
export default defineConsumer(async (client, event) => {
  await client.query("select app_private.consume_video($1)", [event.id]);
});
