import { randomUUID } from "node:crypto";
import pg from "pg";
import { createTestDatabase } from "../../db/testing/server.ts";
import type { Secrets } from "../index.ts";

export const TABLE = "app_public.organization_integrations";

export type Vault = {
  urls: Awaited<ReturnType<typeof createTestDatabase>>["urls"];
  /** As app_worker. */
  worker: pg.Pool;
  /** As app_authenticator. */
  authenticator: pg.Pool;
  /** As the superuser, to arrange and to look. */
  admin: pg.Pool;
  clinic(slug: string): Promise<string>;
  drop(): Promise<void>;
};

/** A database of its own, for secrets. */
export async function openVault(because: string): Promise<Vault> {
  const { urls, drop } = await createTestDatabase({ because });
  const pools = {
    worker: new pg.Pool({ connectionString: urls.worker }),
    authenticator: new pg.Pool({ connectionString: urls.authenticator }),
    admin: new pg.Pool({ connectionString: urls.admin }),
  };
  return {
    urls,
    ...pools,
    async clinic(slug) {
      const { rows } = await pools.admin.query("select tests.clinic($1) as id", [slug]);
      return rows[0].id;
    },
    async drop() {
      await Promise.all(Object.values(pools).map((pool) => pool.end()));
      await drop();
    },
  };
}

/** Stores accounts of a clinic whose credentials were sealed; answers with their ids. */
export async function storeAccounts(
  { admin }: Vault,
  secrets: Secrets,
  organizationId: string,
  count: number,
): Promise<string[]> {
  const ids = Array.from({ length: count }, () => randomUUID());
  const envelopes = [];
  for (const row of ids) {
    envelopes.push(
      await secrets.seal(organizationId, { table: TABLE, column: "credentials", row }, secretOf(row)),
    );
  }
  await admin.query(
    `insert into app_public.organization_integrations (id, organization_id, provider, label, credentials, last_four)
     select account.id, $1, 'twilio', account.id::text, account.envelope, '{}'
     from unnest($2::uuid[], $3::bytea[]) as account (id, envelope)`,
    [organizationId, ids, envelopes],
  );
  return ids;
}

/** What the row of this id keeps. */
export function secretOf(row: string): Buffer {
  return Buffer.from(JSON.stringify({ authToken: `token of ${row}` }));
}

/** Reads a row as any process does, and opens it. */
export async function readAccount(vault: Vault, secrets: Secrets, row: string): Promise<string> {
  const { rows } = await vault.authenticator.query("select * from app_hidden.integration_account($1)", [row]);
  const { organization_id, credentials, bound_to: boundTo } = rows[0];
  return String(
    await secrets.open(organization_id, { table: TABLE, column: "credentials", row, boundTo }, credentials),
  );
}
