import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Pool } from "pg";
import { z } from "zod";
import { Refusal } from "../../runtime/refusal.ts";
import { type Language, languages } from "../errors/texts/text.ts";
import type { Claims } from "./verify.ts";

/** Transaction-local settings that tell the database who asks; absent ones are not set. */
export type Settings = Record<string, string | undefined>;

/** Sets them, of a JSON object, for the transaction. It answers with no row, since nobody looks at them. */
export const SETTINGS = {
  name: "settings",
  text: "select from jsonb_each_text($1) as setting (name, value) where set_config(name, value, true) is null",
};

/**
 * Where the rows are that somebody may see, as it was when they came in: what statements may begin with, and no right.
 * `isStaff` is of the clinic they name, or of any where they name none.
 */
export type Reach = { isStaff: boolean; onlyClinic: string | null };

/** Who a request speaks for, from its first byte to its last log line. */
export type Session = {
  requestId: string;
  principalId: string | null;
  /** The language that the person chose; null for visitors, and at a first sign-in for who names none. */
  language: Language | null;
  reach: Reach;
  settings: Settings;
};

const sessions = new WeakMap<IncomingMessage, Session>();

type SignedIn = {
  principal_id: string;
  locale: string | null;
  is_staff: boolean;
  only_clinic: string | null;
};

export type RequestFacts = {
  headers: IncomingMessage["headers"];
  /** The caller's address as far as it can be trusted. */
  ip: string | undefined;
};

/** A request id of the caller's when it is harmless to log, a fresh one otherwise. */
export function requestIdOf(headers: IncomingMessage["headers"]): string {
  const given = headers["x-request-id"];
  return typeof given === "string" && /^[A-Za-z0-9][A-Za-z0-9._-]{7,63}$/.test(given) ? given : randomUUID();
}

/** The settings of somebody who did not sign in. A claimed clinic is no matter here: visitors belong to none. */
export function visitorSession(requestId: string, facts: RequestFacts): Session {
  return {
    requestId,
    principalId: null,
    language: null,
    reach: { isStaff: false, onlyClinic: null },
    settings: { role: "app_anonymous", ...factsAsSettings(requestId, facts) },
  };
}

/**
 * The settings of a signed-in caller: one call to the database, which links or creates the human and
 * checks that the session still stands and that the caller belongs to the clinic they claim (FND-03).
 */
export async function memberSession(
  pool: Pool,
  claims: Claims,
  requestId: string,
  facts: RequestFacts,
): Promise<Session> {
  const organizationId = claimedOrganization(facts.headers);
  const { rows } = await pool.query<SignedIn>({
    name: "sign_in",
    text: `select principal_id, app_hidden.language_of(principal_id) as locale, is_staff, only_clinic
     from app_hidden.sign_in($1, $2, $3, $4, $5, $6, $7, $8) as principal_id
     cross join lateral app_hidden.reach_of(principal_id, $8)`,
    values: [
      claims.issuer,
      claims.subject,
      claims.sessionId,
      claims.email,
      claims.emailVerified,
      claims.displayName,
      claims.locale,
      organizationId,
    ],
  });
  const [signedIn] = rows;
  const principalId = signedIn?.principal_id;
  if (!principalId) throw new Refusal("UNAUTHENTICATED", "human_unknown");
  return {
    requestId,
    principalId,
    language: languages.find((known) => known === (signedIn.locale ?? claims.locale)) ?? null,
    reach: { isStaff: signedIn.is_staff, onlyClinic: signedIn.only_clinic },
    settings: {
      role: "app_member",
      "app.principal_id": principalId,
      "app.organization_id": organizationId,
      ...factsAsSettings(requestId, facts),
    },
  };
}

export function keepSession(request: IncomingMessage, session: Session): void {
  sessions.set(request, session);
}

/** Never empty: a request that reached the schema without a session is a fault of ours, not a visitor. */
export function settingsOf(request: IncomingMessage | undefined): Settings {
  const session = request && sessions.get(request);
  if (!session) throw new Error("a request reached the schema without a session");
  return session.settings;
}

export function sessionOf(request: IncomingMessage): Session | undefined {
  return sessions.get(request);
}

/** Somebody who was let in without saying who they are. */
export function isVisitor(request: IncomingMessage): boolean {
  return sessions.get(request)?.principalId === null;
}

function factsAsSettings(requestId: string, { headers, ip }: RequestFacts): Settings {
  const visitor = headers["x-visitor-id"];
  return {
    "app.request_id": requestId,
    "app.ip": ip?.replace(/^::ffff:(?=\d+\.)/, "").replace(/%.*$/, ""),
    "app.user_agent": printable(headers["user-agent"])?.slice(0, 200),
    "app.visitor_id":
      typeof visitor === "string" && /^[A-Za-z0-9_-]{1,64}$/.test(visitor) ? visitor : undefined,
    "app.idempotency_key": idempotencyKey(headers),
  };
}

/** The caller's name for this very request, so that sending it again does nothing twice (FND-26). */
export function idempotencyKey(headers: IncomingMessage["headers"]): string | undefined {
  const given = headers["idempotency-key"];
  if (given === undefined) return undefined;
  // A key that is not taken is said to be so: ignoring it would do the thing twice.
  if (typeof given !== "string" || !/^[\x21-\x7e]{1,200}$/.test(given)) {
    throw new Refusal("VALIDATION", "idempotency_key_malformed", { field: "Idempotency-Key" });
  }
  return given;
}

const organizationHeader = z.uuid();

function claimedOrganization(headers: IncomingMessage["headers"]): string | undefined {
  const claimed = headers["x-organization"];
  if (claimed === undefined) return undefined;
  const parsed = organizationHeader.safeParse(claimed);
  if (!parsed.success) {
    throw new Refusal("VALIDATION", "organization_malformed", { field: "X-Organization" });
  }
  return parsed.data;
}

/** PostgreSQL refuses a NUL in a setting, and nobody needs the other control characters. */
function printable(text: string | undefined): string | undefined {
  return text?.replace(/\p{Cc}/gu, "");
}
