import { createHash } from "node:crypto";
import { type Request, type RequestHandler, type Response, Router } from "express";
import type { Pool } from "pg";
import { z } from "zod";
import { Refusal } from "../../runtime/refusal.ts";
import { type Settings, visitorSession } from "../identity/session.ts";
import { camelKeys } from "./camel_keys.ts";
import { underPermit } from "./held_permit.ts";
import { jsonBodyUpTo } from "./json_body.ts";
import { isWrite, noStore } from "./one_row.ts";
import type { RateLimits } from "./rate_limits.ts";
import { parseInput } from "./read_input.ts";
import { asServer } from "./transaction.ts";

const instant = z.iso.datetime({ offset: true });
const LARGEST_REPORT = 10_000;

/** `POST /v1/ai-calls`. */
export const aiCallBody = z.strictObject({
  organizationId: z.uuid().meta({ description: "The clinic that the call was made for." }),
  key: z
    .string()
    .regex(/^[!-~]{1,200}$/)
    .meta({
      description: "Names the call at this clinic: sent again with the same content, it is the same call.",
    }),
  model: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._:/-]{0,99}$/),
  units: z
    .record(z.string().regex(/^[a-z]+(_[a-z]+)*$/), z.int().min(0).max(1_000_000_000_000))
    .refine(
      (units) => Object.keys(units).length >= 1 && Object.keys(units).length <= 20,
      "one to twenty units",
    )
    .meta({
      description: "How much of what was used, such as input_tokens and output_tokens; whole numbers.",
    }),
  occurredAt: instant.meta({ description: "When it was made; not in the future. It is priced as of then." }),
});

export const aiCallAnswer = z.object({
  id: z.uuid().meta({ description: "Its usage record." }),
  organizationId: z.uuid(),
  model: z.string(),
  units: z.record(z.string(), z.int()),
  occurredAt: instant,
  currency: z.string(),
  cost: z
    .string()
    .nullable()
    .meta({ description: "In minor units, exact; null while no price of that time is entered." }),
});

/** `POST /v1/patient-subscriptions/{externalReference}/status`. */
const subscriptionPath = z.object({ externalReference: z.string().regex(/^[!-~]{1,200}$/) });

export const subscriptionStatusBody = z.strictObject({
  status: z.string().min(1).max(100).meta({
    description:
      "pending, trialing, active, past_due, canceled or expired. Another word is kept, told to the clinic, and moves nothing.",
  }),
  asOf: instant.meta({
    description:
      "As of when it is so. What holds is decided by it, never by the order in which reports come.",
  }),
  trialEndsAt: instant.nullish().meta({ description: "Until when the trial lasts, where it is on trial." }),
});

export const subscriptionStatusAnswer = z.object({
  subscriptionId: z.uuid(),
  status: z
    .enum(["pending", "trialing", "active", "past_due", "canceled", "expired"])
    .meta({ description: "Where the subscription is now." }),
  outcome: z
    .enum(["applied", "unchanged", "superseded", "unknown_status", "illegal_move"])
    .meta({ description: "What came of the report." }),
  asOf: instant,
});

type Parts = { pool: Pool; limits: Pick<RateLimits, "badToken" | "count" | "permit"> };
type Call = Record<string, unknown> & { units: Record<string, number> };

/**
 * The doors of programs that are no person (FND-24, BIL-09). They come with a key, `Authorization: Bearer rxsk_…`, which opens
 * these paths alone. The database is told its digest, looks whether it stands in the transaction of what is done, and writes in the
 * name of its principal; the key itself is written nowhere. One that is unknown, revoked or malformed is refused alike.
 */
export function serviceAccountPaths({ pool, limits }: Parts): Router {
  const router = Router({ caseSensitive: true, strict: true });

  const arriving: RequestHandler = (request, response, next) => {
    const given = request.headersDistinct.authorization;
    const [, key] = /^Bearer (rxsk_[A-Za-z0-9_-]{43})$/i.exec(given?.[0] ?? "") ?? [];
    if (!key || given?.length !== 1) {
      limits.badToken(request, response);
      throw new Refusal("UNAUTHENTICATED", "service_key_invalid");
    }
    const digest = createHash("sha256").update(key).digest();
    limits.count("serviceAccounts", `key ${digest.toString("base64")}`);
    response.locals.keyDigest = digest;
    response.locals.keySettings = visitorSession(response.locals.requestId as string, {
      headers: request.headers,
      ip: request.ip,
    }).settings;
    next();
  };

  /** What the function answers, committed; a key that does not stand counts as a bad token. */
  async function ask<T>(request: Request, response: Response, sql: string, values: unknown[]): Promise<T> {
    const { keyDigest, keySettings } = response.locals as { keyDigest: Buffer; keySettings: Settings };
    try {
      const { rows } = await underPermit(request, () =>
        asServer(pool, keySettings, (client) => client.query<{ answer: T }>(sql, [keyDigest, ...values])),
      );
      return rows[0]?.answer as T;
    } catch (error) {
      if ((error as Error).message === "service_key_invalid") limits.badToken(request, response);
      throw error;
    }
  }

  /** What logs call the path, without references; then who comes, before anything is read. */
  const door = (name: string): RequestHandler[] => [
    (_request, response, next) => {
      response.locals.path = name;
      next();
    },
    noStore,
    isWrite,
    arriving,
    jsonBodyUpTo(LARGEST_REPORT),
    limits.permit,
  ];

  router.post("/ai-calls", door("/v1/ai-calls"), async (request: Request, response: Response) => {
    const { organizationId, key, model, units, occurredAt } = parseInput(aiCallBody, request.body);
    const { verdict, call } = await ask<{ verdict: "recorded" | "conflict"; call: Call }>(
      request,
      response,
      "select app_hidden.record_ai_call_by_key($1, $2, $3, $4, $5, $6) as answer",
      [organizationId, key, model, JSON.stringify(units), occurredAt],
    );
    // What came is kept by now: a refusal inside the transaction would have taken that back.
    if (verdict === "conflict") throw new Refusal("CONFLICT", "call_key_reused", { field: "key" });
    const { units: recorded, ...rest } = call;
    response.json({ ...(camelKeys(rest) as object), units: recorded });
  });

  router.post(
    "/patient-subscriptions/:externalReference/status",
    door("/v1/patient-subscriptions/{externalReference}/status"),
    async (request: Request, response: Response) => {
      const { externalReference } = parseInput(subscriptionPath, request.params);
      const { status, asOf, trialEndsAt } = parseInput(subscriptionStatusBody, request.body);
      const report = await ask(
        request,
        response,
        "select app_hidden.report_subscription_by_key($1, $2, $3, $4, $5) as answer",
        [externalReference, status, asOf, trialEndsAt ?? null],
      );
      response.json(camelKeys(report));
    },
  );

  return router;
}
