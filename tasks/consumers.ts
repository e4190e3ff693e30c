import type { ClientBase } from "pg";

/** An event as consumers read it. */
export type EventRow = { id: string; name: string; version: number; position: string };

/** Works on one event, inside the transaction that marks it as delivered. */
export type Consumer = (client: ClientBase, event: EventRow) => Promise<void>;

/**
 * Who is told about events: the names of app_private.event_consumers. A consumer does its work in the
 * database and queues a job for anything outside, so its work and its mark commit together. FND-14.
 */
export const consumers: Record<string, Consumer> = {
  async notifications(client, event) {
    await client.query("select app_private.consume_notifications($1)", [event.id]);
  },
};
