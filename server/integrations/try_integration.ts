import { Refusal } from "../../runtime/refusal.ts";
import { EnvelopeRefused } from "../../secrets/index.ts";
import { openCredentials, type SealedAccount } from "../../secrets/resolver.ts";
import { asCaller, asServer } from "../http/transaction.ts";
import type { Settings } from "../identity/session.ts";
import { hintFor } from "./outcomes.ts";
import type { IntegrationParts } from "./parts.ts";

export type TestOutcome = { passed: boolean; reason: string | null; hint: string | null };

type AccountRow = SealedAccount & { organization_id: string; state: string };

const TEST_MS = 12_000;
/** How many tests run at once: vendors may be slow, and a test holds memory as long as it waits. */
const TESTS_AT_ONCE = 8;
let testing = 0;

/**
 * Asks the vendor whether it takes a clinic's keys and records the answer (FND-23), with no transaction open
 * while the vendor thinks. The member is asked for permission; the keys are read by the process, never by them.
 * CONFLICT changed_during_test when the account was changed or switched meanwhile: the answer says nothing about it.
 */
export async function testIntegration(
  { pool, secrets, tryAccount }: IntegrationParts,
  settings: Settings,
  integrationId: string,
): Promise<TestOutcome> {
  await asCaller(pool, settings, (client) =>
    client.query("select app_hidden.require_integration($1)", [integrationId]),
  );
  const { rows } = await pool.query<AccountRow>("select * from app_hidden.integration_account($1)", [
    integrationId,
  ]);
  const [account] = rows;
  if (!account) throw new Refusal("NOT_FOUND", "not_found");

  if (testing >= TESTS_AT_ONCE) throw new Refusal("UNAVAILABLE", "tests_busy");
  testing += 1;
  let reason: string | null;
  try {
    const credentials = await openCredentials(secrets, account.organization_id, integrationId, account);
    reason = await within(TEST_MS, tryAccount({ ...account, credentials }));
  } catch (error) {
    if (!(error instanceof EnvelopeRefused)) throw error;
    reason = "credentials_unreadable";
  } finally {
    testing -= 1;
  }
  if (reason === "no_adapter") {
    throw new Refusal("CAPABILITY_NOT_BUILT", "test_not_built", { provider: account.provider });
  }

  await asServer(pool, settings, (client) =>
    client.query("select app_hidden.record_integration_test($1, $2, $3, $4)", [
      integrationId,
      account.state,
      reason === null,
      reason,
    ]),
  );
  return { passed: reason === null, reason, hint: reason && hintFor(reason) };
}

function within(ms: number, trial: Promise<string | null>): Promise<string | null> {
  const { promise: late, resolve } = Promise.withResolvers<string>();
  const timer = setTimeout(() => resolve("unreachable"), ms);
  return Promise.race([trial, late]).finally(() => clearTimeout(timer));
}
