import { DatabaseError } from "pg";
import { z } from "zod";
import type { Queryable, Secrets } from "../secrets/index.ts";
import { Refusal } from "../server/errors/refusal.ts";
import type { ResolveProvider } from "./resolve.ts";
import type { CredentialsOf } from "./webhooks/messages.ts";

/** Where the keys of a clinic's own account lie; what they were sealed for. */
export function credentialsPlace(integrationId: string) {
  return { table: "app_public.organization_integrations", column: "credentials", row: integrationId };
}

const credentials = z.record(z.string(), z.string());

/**
 * Opens the keys of a clinic's own account. Rejects with KmsUnavailable, and with EnvelopeRefused when they were
 * not sealed for this integration.
 */
export async function openCredentials(
  secrets: Secrets,
  organizationId: string,
  integrationId: string,
  envelope: Buffer,
): Promise<Record<string, string>> {
  const opened = await secrets.open(organizationId, credentialsPlace(integrationId), envelope);
  return credentials.parse(JSON.parse(opened.toString("utf8")));
}

type ResolvedRow = {
  provider: string;
  settings: Record<string, unknown>;
  credentials: Buffer | null;
  integration_id: string | null;
};

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
    const {
      provider,
      settings,
      credentials: envelope,
      integration_id: integrationId,
    } = rows[0] as ResolvedRow;
    return {
      provider,
      settings,
      integrationId,
      credentials:
        envelope && integrationId
          ? await openCredentials(secrets, organizationId, integrationId, envelope)
          : null,
    };
  };
}

function refusalOf(error: unknown): Refusal | undefined {
  const code = error instanceof DatabaseError ? refusals[error.code ?? ""] : undefined;
  if (!code || !(error instanceof DatabaseError)) return undefined;
  return new Refusal(code, error.message, {
    details: JSON.parse(error.detail ?? "{}"),
    ...(error.hint ? { hint: error.hint } : {}),
  });
}

type AccountRow = { organization_id: string; provider: string; credentials: Buffer };

/**
 * Opens the keys of one integration, to check what its vendor sends us (FND-25). Answers null when there is no
 * integration of that vendor by this id; rejects with KmsUnavailable.
 */
export function createCredentialsOf(db: Queryable, secrets: Secrets): CredentialsOf {
  return async (integrationId, provider) => {
    const { rows } = await db.query("select * from app_hidden.integration_account($1)", [integrationId]);
    const account = rows[0] as AccountRow | undefined;
    if (account?.provider !== provider) return null;
    return openCredentials(secrets, account.organization_id, integrationId, account.credentials);
  };
}
