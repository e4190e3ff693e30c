import type { ClientBase } from "pg";

/** A delivery as it is applied: what the vendor sent, verified when it came. */
export type WebhookReceipt = {
  id: string;
  provider: string;
  integrationId: string | null;
  eventId: string;
  type: string;
  occurredAt: Date | null;
  receivedAt: Date;
  headers: Record<string, string>;
  /** May hold personal data: read, and never logged or queued. */
  rawBody: Buffer;
};

/**
 * What a vendor's deliveries do (FND-25). `apply` runs inside the transaction that marks the receipt, so its changes
 * happen once; it may be run again by an operator and deliveries come in any order, so it compares the version or time
 * that each object carries. It answers in a word what it came to, and throws when it should be tried again.
 */
export type WebhookHandler = {
  provider: string;
  /** Applied as soon as it is stored, because seconds count; the queue is the second chance. */
  appliedOnReceipt?: true;
  apply(client: ClientBase, receipt: WebhookReceipt): Promise<string>;
};

export type WebhookHandlers = ReadonlyMap<string, WebhookHandler>;
