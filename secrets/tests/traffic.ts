import { expect } from "vitest";
import type { Kms } from "../../providers/kms/index.ts";
import { createSecrets } from "../index.ts";
import { readAccount, secretOf, TABLE, type Vault } from "./support.ts";

/** Accounts whose credentials are sealed; the first 1,200 are of this clinic. */
type Rows = { kms: Kms; vault: Vault; ids: string[]; clinic: string };

/** Reads, and writes with a key that is as old as a process may have, until told to stop. */
export function load({ kms, vault, ids, clinic }: Rows) {
  let running = true;
  const failures: unknown[] = [];
  let reads = 0;
  let writes = 0;
  const someone = async () => {
    // A process of its own, as far as keys are concerned: some of its keys are old, some must be fetched.
    let secrets = createSecrets(kms, vault.authenticator);
    for (let n = 0; running && failures.length < 10; n += 1) {
      if (n % 50 === 49) secrets = createSecrets(kms, vault.authenticator);
      const row = ids[Math.floor(Math.random() * ids.length)] as string;
      try {
        expect(await readAccount(vault, secrets, row)).toBe(String(secretOf(row)));
        reads += 1;
      } catch (error) {
        failures.push(error);
      }
    }
  };
  const writer = async () => {
    const secrets = createSecrets(kms, vault.authenticator);
    while (running && failures.length < 10) {
      const row = ids[Math.floor(Math.random() * 1_200)] as string;
      const envelope = await secrets.seal(
        clinic,
        { table: TABLE, column: "credentials", row },
        secretOf(row),
      );
      try {
        await vault.admin.query(`update ${TABLE} set credentials = $1 where id = $2`, [envelope, row]);
        writes += 1;
      } catch (error) {
        failures.push(error);
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  const work = Promise.all([someone(), someone(), writer()]);
  const stop = async () => {
    running = false;
    await work;
    return { failures, reads, writes };
  };
  return { stop, [Symbol.asyncDispose]: async () => void (await stop()) };
}
