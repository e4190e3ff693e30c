import { setTimeout as wait } from "node:timers/promises";
import express, { type Request, Router } from "express";
import type { Pool, PoolClient } from "pg";
import type { Logger } from "pino";
import { type VerifiedDelivery, type Verifiers, WebhookRefused } from "../../providers/webhooks/index.ts";
import { describeError } from "../../runtime/log.ts";
import { Refusal } from "../../runtime/refusal.ts";
import { applyReceipt } from "../../webhooks/apply_receipt.ts";
import type { WebhookHandlers } from "../../webhooks/index.ts";
import { isUnavailable } from "../errors/database_refusal.ts";

/** The largest delivery that is read, in bytes. */
export const LARGEST_DELIVERY = 256_000;

/** Headers that are kept with a delivery: who sent it and when, no address and no secret. */
const keptHeaders = ["content-type", "user-agent", "svix-id", "svix-timestamp", "x-amz-sns-message-type"];

const rawBody = express.raw({ limit: LARGEST_DELIVERY, type: () => true, inflate: false });
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export type WebhookParts = { pool: Pool; verifiers: Verifiers; handlers: WebhookHandlers; log: Logger };

/**
 * `POST /v1/webhooks/:provider` and `/v1/webhooks/:provider/:integrationId` (FND-25): the bytes are verified as they
 * came, stored once with their job, and answered with an empty 200. Whoever cannot sign leaves nothing behind.
 */
export function inboundWebhooks(parts: WebhookParts): Router {
  const { verifiers } = parts;
  const router = Router({ caseSensitive: true, strict: true });
  router.post(["/:provider", "/:provider/:integrationId"], async (request, response) => {
    const { provider, integrationId = null } = request.params as Record<string, string>;
    const verifier = verifiers.get(provider ?? "");
    if (!verifier || (integrationId !== null && !uuid.test(integrationId))) {
      throw new Refusal("ROUTE_NOT_FOUND", "provider_unknown");
    }
    response.locals.path = `/v1/webhooks/${verifier.provider}${integrationId ? "/:integrationId" : ""}`;

    const body = await readBody(request);
    const delivery = await verifier
      .verify({
        rawBody: body,
        headers: single(request.headersDistinct),
        url: `${request.protocol}://${request.host}${request.originalUrl}`,
        integrationId,
      })
      .catch((error: unknown) => {
        throw error instanceof WebhookRefused ? refusalOf(error) : error;
      });
    if (delivery) await take(parts, verifier.provider, integrationId, delivery, request, body);
    response.status(200).end();
  });
  return router;
}

/** Stores the delivery; what cannot wait for the queue is applied before the vendor is answered. */
async function take(
  { pool, handlers, log }: WebhookParts,
  provider: string,
  integrationId: string | null,
  delivery: VerifiedDelivery,
  request: Request,
  body: Buffer,
): Promise<void> {
  const client = await connectPatiently(pool);
  let broken: Error | undefined;
  try {
    const { rows } = await client.query<{
      receipt_id: string;
      verdict: "received" | "duplicate" | "conflict";
    }>("select receipt_id, verdict from app_hidden.receive_webhook($1, $2, $3, $4, $5, $6, $7)", [
      provider,
      integrationId,
      delivery.eventId,
      delivery.type,
      delivery.occurredAt,
      kept(request.headers),
      body,
    ]);
    const { receipt_id: receiptId, verdict } = rows[0] as (typeof rows)[0];
    if (verdict === "conflict") {
      log.error({ provider, receiptId }, "a vendor's event came again with another body");
      throw new Refusal("CONFLICT", "event_id_reused");
    }
    if (verdict === "received" && handlers.get(provider)?.appliedOnReceipt) {
      // The job is queued: what fails here is tried again there.
      await applyReceipt(client, handlers, receiptId).catch((error: Error) => {
        broken = error;
        log.error(
          { provider, receiptId, error: describeError(error) },
          "a delivery was not applied at the door",
        );
      });
    }
  } catch (error) {
    if (!(error instanceof Refusal)) broken = error as Error;
    throw error;
  } finally {
    client.release(broken);
  }
}

/** A vendor waits longer than a person does, and an answer of "busy" costs both more than a few seconds do. */
const PATIENCE_MS = 4_000;

async function connectPatiently(pool: Pool): Promise<PoolClient> {
  const end = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await pool.connect();
    } catch (error) {
      if (!isUnavailable(error) || performance.now() > end) throw error;
      await wait(50);
    }
  }
}

/** The bytes as they came; express parses them only when told to. */
async function readBody(request: Request): Promise<Buffer> {
  await new Promise<void>((resolve, reject) => {
    rawBody(request, request.res as never, (error?: unknown) => (error ? reject(error) : resolve()));
  });
  return Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
}

function refusalOf({ reason }: WebhookRefused): Refusal {
  return reason === "body_malformed"
    ? new Refusal("VALIDATION", reason)
    : new Refusal("UNAUTHENTICATED", reason);
}

/** A header that came twice is none: which of them was meant is not for us to say. */
function single(headers: Request["headersDistinct"]): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, values]) => [name, values?.length === 1 ? values[0] : undefined]),
  );
}

function kept(headers: Request["headers"]): Record<string, string> {
  return Object.fromEntries(
    keptHeaders.flatMap((name) => {
      const value = headers[name];
      return typeof value === "string" ? [[name, value.slice(0, 200)]] : [];
    }),
  );
}
