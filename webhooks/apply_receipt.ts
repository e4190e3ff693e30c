import type { ClientBase } from "pg";
import { describeFailure } from "../runtime/failure.ts";
import type { WebhookHandlers, WebhookReceipt } from "./receipt.ts";

/**
 * Applies one delivery in one transaction: locked, dispatched, marked (FND-25). Whoever comes second finds it done.
 * A failure takes its work back and is remembered without what it might quote; the receipt stays pending, or waits
 * for an operator when this was the last attempt.
 */
export async function applyReceipt(
  client: ClientBase,
  handlers: WebhookHandlers,
  receiptId: string,
  { isLast = false }: { isLast?: boolean } = {},
): Promise<void> {
  await client.query("begin");
  try {
    const { rows } = await client.query<Row>("select * from app_hidden.claim_webhook($1)", [receiptId]);
    const [row] = rows;
    if (row) {
      const handler = handlers.get(row.provider);
      const outcome = handler ? await handler.apply(client, receiptOf(row)) : "ignored";
      await client.query("select app_hidden.record_webhook_processed($1, $2)", [receiptId, outcome]);
    }
    await client.query("commit");
  } catch (error) {
    await client
      .query("rollback")
      .then(() =>
        client.query("select app_hidden.record_webhook_failed($1, $2, $3)", [
          receiptId,
          describeFailure(error),
          isLast,
        ]),
      )
      .catch(() => {}); // the first failure is the one to tell
    throw error;
  }
}

type Row = {
  id: string;
  provider: string;
  integration_id: string | null;
  event_id: string;
  type: string;
  occurred_at: Date | null;
  received_at: Date;
  headers: Record<string, string>;
  raw_body: Buffer;
};

function receiptOf(row: Row): WebhookReceipt {
  return {
    id: row.id,
    provider: row.provider,
    integrationId: row.integration_id,
    eventId: row.event_id,
    type: row.type,
    occurredAt: row.occurred_at,
    receivedAt: row.received_at,
    headers: row.headers,
    rawBody: row.raw_body,
  };
}
