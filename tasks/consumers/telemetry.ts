import { defineConsumer } from "../consumer.ts";

/** Writes what recordings of sessions come to as metrics, and into the logs of the sessions. TEL-05, TEL-11. */
export default defineConsumer(async (client, event) => {
  await client.query("select app_private.consume_telemetry($1)", [event.id]);
});
