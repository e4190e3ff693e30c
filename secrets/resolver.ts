import { isDeepStrictEqual } from "node:util";
import { DatabaseError } from "pg";
import { z } from "zod";
import type { ResolveProvider } from "../providers/resolve.ts";
import type { CredentialsOf } from "../providers/webhooks/messages.ts";
import { Refusal } from "../runtime/refusal.ts";
import { EnvelopeRefused, type Queryable, type Secrets } from "./index.ts";

/** Where the keys of a clinic's own account lie, and the destination they go to: what they were sealed for. */
export function credentialsPlace(integrationId: string, boundTo: string) {
  return {
    table: "app_public.organization_integrations",
    column: "credentials",
    row: integrationId,
    boundTo,
  };
}

const credentials = z.record(z.string(), z.string());

/** A clinic's account as it is stored. */
export type SealedAccount = {
  provider: string;
  settings: Record<string, unknown>;
  credentials: Buffer;
  bound_to: string;
};

/**
 * Opens the keys of a clinic's own account, for the destination in its settings and no other (FND-35). Rejects with
 * KmsUnavailable, and with EnvelopeRefused when they were not sealed for this integration and this destination.
 */
export async function openCredentials(
  secrets: Secrets,
  organizationId: string,
  integrationId: string,
  account: SealedAccount,
): Promise<Record<string, string>> {
  if (!leadsTo(account)) throw new EnvelopeRefused("moved_or_changed");
  const place = credentialsPlace(integrationId, account.bound_to);
  const opened = await secrets.open(organizationId, place, account.credentials);
  return credentials.parse(JSON.parse(opened.toString("utf8")));
}

const destination = z.object({ provider: z.string(), settings: z.record(z.string(), z.unknown()) });

/** Whether the settings, which say where we connect to, are those that the keys are bound to. */
function leadsTo({ provider, settings, bound_to }: SealedAccount): boolean {
  const bound = destination.parse(JSON.parse(bound_to));
  return (
    bound.provider === provider &&
    Object.entries(bound.settings).every(([name, value]) => isDeepStrictEqual(settings[name] ?? null, value))
  );
}

type ResolvedRow =
  | (SealedAccount & { integration_id: string })
  | { provider: string; settings: Record<string, unknown>; integration_id: null };

/** The refusals that app_hidden.resolve_provider() gives. */
const refusals: Record<string, string> = {
  RX400: "VALIDATION",
  RX412: "STATE",
  RX424: "CAPABILITY_NOT_BUILT",
};

/**
 * Looks up who serves a capability for a clinic and opens the keys of its own account (FND-22). `db` is asked
 * as app_worker or app_authenticator. Rejects with a Refusal when the capability is not built
 * (CAPABILITY_NOT_BUILT) or the clinic's account is switched off (STATE, integration_disabled).
 */
export function createResolver(db: Queryable, secrets: Secrets): ResolveProvider {
  return async (capability, organizationId) => {
    const { rows } = await db
      .query("select * from app_hidden.resolve_provider($1, $2)", [organizationId, capability])
      .catch((error: unknown) => {
        throw refusalOf(error) ?? error;
      });
    const row = rows[0] as ResolvedRow;
    return {
      provider: row.provider,
      settings: row.settings,
      integrationId: row.integration_id,
      credentials:
        row.integration_id === null
          ? null
          : await openCredentials(secrets, organizationId, row.integration_id, row),
    };
  };
}

function refusalOf(error: unknown): Refusal | undefined {
  const code = error instanceof DatabaseError ? refusals[error.code ?? ""] : undefined;
  if (!code || !(error instanceof DatabaseError)) return undefined;
  return new Refusal(code, error.message, JSON.parse(error.detail ?? "{}"));
}

type AccountRow = SealedAccount & { organization_id: string };

/**
 * Opens the keys of one integration, to check what its vendor sends us (FND-25). Answers null when there is no
 * integration of that vendor by this id; rejects with KmsUnavailable.
 */
export function createCredentialsOf(db: Queryable, secrets: Secrets): CredentialsOf {
  return async (integrationId, provider) => {
    const { rows } = await db.query("select * from app_hidden.integration_account($1)", [integrationId]);
    const account = rows[0] as AccountRow | undefined;
    if (account?.provider !== provider) return null;
    return openCredentials(secrets, account.organization_id, integrationId, account);
  };
}
