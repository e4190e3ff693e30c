import { defineConsumer } from "../consumer.ts";

/** Gives a new clinic the templates that the product brings, once however often it is told. FRM-03, DOC-01. */
export default defineConsumer(async (client, event) => {
  await client.query("select app_private.consume_predefined_forms($1)", [event.id]);
});
