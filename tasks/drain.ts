import type { JobHelpers } from "graphile-worker";
import type { PoolClient } from "pg";
import { describeFailure } from "../runtime/failure.ts";
import type { Consumer, EventRow } from "./consumer.ts";

/**
 * One transaction per event: the consumer's work and the mark commit together, so in the database an event
 * takes effect exactly once. The first failure ends the drain, the job is retried, and nothing later about
 * this subject is told before. Two drains at once wait for each other at the oldest pending event.
 */
export async function drain(
  handlers: Record<string, Consumer>,
  { consumer, subjectId }: { consumer: string; subjectId: string },
  { withPgClient, abortSignal }: Pick<JobHelpers, "withPgClient" | "abortSignal">,
): Promise<void> {
  const consume = handlers[consumer];
  if (!consume) throw new Error(`there is no consumer named ${consumer}`);
  await withPgClient(async (client) => {
    while (await deliverNext(client, consume, consumer, subjectId)) {
      abortSignal.throwIfAborted(); // the worker is leaving: the retry goes on from here
    }
  });
}

async function deliverNext(
  client: PoolClient,
  consume: Consumer,
  consumer: string,
  subjectId: string,
): Promise<boolean> {
  let event: EventRow | undefined;
  await client.query("begin");
  try {
    const claimed = await client.query<EventRow>("select * from app_private.claim_event_delivery($1, $2)", [
      consumer,
      subjectId,
    ]);
    event = claimed.rows[0];
    if (event) {
      await consume(client, event);
      await client.query("select app_private.record_event_delivered($1, $2)", [event.id, consumer]);
    }
    await client.query("commit");
    return event !== undefined;
  } catch (error) {
    await client.query("rollback");
    if (event) {
      await client.query("select app_private.record_event_failed($1, $2, $3)", [
        event.id,
        consumer,
        describeFailure(error),
      ]);
    }
    throw error;
  }
}
