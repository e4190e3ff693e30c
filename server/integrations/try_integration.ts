import { notYours, Refusal } from "../../runtime/refusal.ts";
import { EnvelopeRefused } from "../../secrets/index.ts";
import { openCredentials, type SealedAccount } from "../../secrets/resolver.ts";
import { asCaller } from "../http/transaction.ts";
import type { Settings } from "../identity/session.ts";
import type { IntegrationParts } from "./parts.ts";

export type TestOutcome = { passed: boolean; reason: string | null; hint: string | null };

type AccountRow = SealedAccount & { organization_id: string; state: string };

/** What to do about each outcome. */
const hints: Record<string, string> = {
  credentials_refused: "The vendor does not accept these keys: copy them again, or make new ones there.",
  sender_not_verified: "The vendor has not verified this sender yet: publish the DNS records it shows.",
  sending_not_allowed: "The vendor does not let this account send yet: see its console.",
  bucket_not_found: "There is no such bucket in this region.",
  address_not_allowed:
    "No server can be called there: it needs a public address and a port from 1 to 65535, and a store is reached over https.",
  settings_incomplete: "Fill in the settings of this provider.",
  unreachable: "The vendor does not answer. Try again in a moment, and check address and region.",
  credentials_unreadable: "The stored keys cannot be opened. Enter them again.",
};

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
  if (!account) throw new Refusal("NOT_FOUND", "not_found", { hint: notYours });

  if (testing >= TESTS_AT_ONCE)
    throw new Refusal("UNAVAILABLE", "tests_busy", { hint: "Try again in a moment." });
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
    throw new Refusal("CAPABILITY_NOT_BUILT", "test_not_built", {
      details: { provider: account.provider },
      hint: "Accounts at this provider cannot be tested yet.",
    });
  }

  // The process's own word, in the caller's name: whoever speaks GraphQL has no way to record a test.
  const { role: _, ...caller } = settings;
  await asCaller(pool, caller, (client) =>
    client.query("select app_hidden.record_integration_test($1, $2, $3, $4)", [
      integrationId,
      account.state,
      reason === null,
      reason,
    ]),
  );
  return { passed: reason === null, reason, hint: reason === null ? null : (hints[reason] ?? null) };
}

function within(ms: number, trial: Promise<string | null>): Promise<string | null> {
  const { promise: late, resolve } = Promise.withResolvers<string>();
  const timer = setTimeout(() => resolve("unreachable"), ms);
  return Promise.race([trial, late]).finally(() => clearTimeout(timer));
}
