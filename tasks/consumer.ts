import type { ClientBase } from "pg";

/** An event as consumers read it. */
export type EventRow = { id: string; name: string; version: number; position: string };

/**
 * Works on one event, inside the transaction that marks it as delivered. A consumer does its work in the database and
 * queues a job for anything outside, so its work and its mark commit together. FND-14.
 */
export type Consumer = (client: ClientBase, event: EventRow) => Promise<void>;

/** Types a consumer where it is written. */
export function defineConsumer(consumer: Consumer): Consumer {
  return consumer;
}
