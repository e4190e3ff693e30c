import type { Request, RequestHandler, Response } from "express";
import type { Pool } from "pg";
import type { Logger } from "pino";
import { asciiLower } from "../../providers/ascii_lower.ts";
import { describeError } from "../../runtime/log.ts";
import { Refusal } from "../../runtime/refusal.ts";
import type { Config } from "../config.ts";
import type { Claims } from "../identity/verify.ts";
import { limitedAddress } from "../limits/address.ts";
import { type Balance, createAllowances } from "../limits/allowances.ts";
import { createPermits } from "../limits/permits.ts";
import type { Rate, RateName } from "../limits/rates.ts";
import { shareInDatabase } from "../limits/share_in_database.ts";
import { holdPermit } from "./held_permit.ts";

/** The limits of every way into the API (FND-27): each answers 429 RATE_LIMITED and says when to come back. Sockets count here too. */
export type RateLimits = {
  /** By address, before anything is known about who asks. */
  address: RequestHandler;
  /** By person, or by address where nobody is signed in; after `authenticate`, before the database. */
  caller(name: RateName): RequestHandler;
  /** By the clinic a signed-in caller was let into; after `enter`. */
  organization: RequestHandler;
  /** Spends of the caller's allowance what became known later: the cost of a document, its mutations. */
  spend(request: Request, response: Response, name: RateName, points: number): void;
  /** A token that did not verify. */
  badToken(request: Request, response: Response): void;
  /** At most so many requests of one caller in the database at once; the rest waits. */
  permit: RequestHandler;
  /** The same rates where no response shows them, for `limitedAddress` or `personWho`; throws like the others. */
  count(name: RateName, who: string, points?: number): void;
  /** A permit to read, for such a caller; throws when there is none in time. */
  permitOf(who: string): Promise<() => void>;
  close(): void;
};

/** How many may wait in line behind one caller's running requests, and for how long. */
const LONGEST_LINE = 100;
const PATIENCE_MS = 2_000;

export function createRateLimits(
  config: Pick<Config, "rates" | "poolSize">,
  pool: Pool,
  log: Logger,
): RateLimits {
  const allowances = createAllowances({
    sharing: shareInDatabase(pool),
    onOutage: (error) =>
      error
        ? log.warn({ error: describeError(error) }, "rate limits are not shared; this server counts alone")
        : log.info("rate limits are shared again"),
  });
  // No caller gets the whole pool: half of it to write, because writers wait for locks, three quarters to read.
  const patience = { waiting: LONGEST_LINE, patienceMs: PATIENCE_MS };
  const writing = createPermits({ atOnce: Math.floor(config.poolSize / 2) + 1, ...patience });
  const reading = createPermits({ atOnce: Math.floor((config.poolSize * 3) / 4) + 1, ...patience });

  const spend = (
    response: Response | null,
    name: RateName,
    who: string,
    points: number,
    isShown = true,
  ): void => {
    const rate = config.rates[name];
    const balance = allowances.spend(name, who, rate, points);
    if (response && (isShown || !balance.allowed)) show(response, name, rate, balance);
    if (!balance.allowed) throw tooMuch(name, balance);
  };

  return {
    address(request, response, next) {
      spend(response, "address", limitedAddress(request.ip), 1, false);
      next();
    },
    caller: (name) => (request, response, next) => {
      spend(response, name, callerOf(request, response), 1);
      next();
    },
    organization(request, response, next) {
      const organization = request.headers["x-organization"];
      if (typeof organization === "string" && response.locals.claims)
        spend(response, "organization", asciiLower(organization), 1, false);
      next();
    },
    spend: (request, response, name, points) => spend(response, name, callerOf(request, response), points),
    badToken: (request, response) => spend(response, "badTokens", limitedAddress(request.ip), 1, false),
    async permit(request, response, next) {
      const giveBack = await (response.locals.writes ? writing : reading)(callerOf(request, response));
      if (!giveBack) throw tooManyAtOnce();
      if (holdPermit(request, response, giveBack)) next();
    },
    async permitOf(who) {
      const giveBack = await reading(who);
      if (!giveBack) throw tooManyAtOnce();
      return giveBack;
    },
    count: (name, who, points = 1) => spend(null, name, who, points),
    close: allowances.close,
  };
}

/** Who spends: the person a verified token names, the address otherwise. Headers that anybody may choose are no one. */
function callerOf(request: Request, response: Response): string {
  const claims = response.locals.claims as Claims | null | undefined;
  return claims ? personWho(claims) : limitedAddress(request.ip);
}

/** A person, as limits know them. */
export function personWho({ issuer, subject }: Pick<Claims, "issuer" | "subject">): string {
  return `${issuer} ${subject}`;
}

/** The fields of draft-ietf-httpapi-ratelimit-headers: what one may do, what is left, and when it is all back. */
function show(response: Response, name: RateName, rate: Rate, balance: Balance): void {
  const window = Math.ceil((rate.burst * 60) / rate.perMinute);
  response.appendHeader("RateLimit-Policy", `"${name}";q=${rate.burst};w=${window}`);
  response.appendHeader(
    "RateLimit",
    `"${name}";r=${balance.remaining};t=${Math.ceil(balance.fullInMs / 1000)}`,
  );
}

function tooManyAtOnce(): Refusal {
  return new Refusal("RATE_LIMITED", "too_many_at_once", { retryAfterSeconds: 1 });
}

function tooMuch(name: RateName, balance: Balance): Refusal {
  const retryAfterSeconds = Math.max(1, Math.ceil(balance.retryInMs / 1000));
  return new Refusal("RATE_LIMITED", "too_many_requests", { limit: name, retryAfterSeconds });
}
