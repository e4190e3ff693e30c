import { afterAll, beforeAll, expect, test } from "vitest";
import { temporaryKms } from "../../providers/kms/tests/temporary.ts";
import { createSecrets } from "../index.ts";
import { goOnWithRotation, placeOf } from "../rotation.ts";
import { openVault, type Vault } from "./support.ts";

let vault: Vault;
let atlas: string;
const master = temporaryKms();
beforeAll(async () => {
  vault = await openVault("an invoice copies an envelope, and keys are changed afterwards");
  atlas = await vault.clinic("atlas");
});
afterAll(async () => {
  await vault.drop();
  master.remove();
});

type Copied = { id: string; tax_id: Buffer; tax_id_sealed_for: string };

test("FND-11, BIL-10: the tax id that an invoice copied opens as that of the billing details, also after keys were changed and the details are other ones", async () => {
  const secrets = createSecrets(master.kms, vault.worker);
  const details = { table: "app_public.organization_billing", column: "tax_id", row: atlas };
  await vault.admin.query("select tests.bill_tier('Pro', 49900)");
  await vault.admin.query("select tests.bill_subscription('atlas', 'Pro', '2026-03-01', 1)");
  const write = async (taxId: string) =>
    vault.admin.query(
      "update app_public.organization_billing set tax_id = $1, tax_id_last_four = $2 where organization_id = $3",
      [await secrets.seal(atlas, details, Buffer.from(taxId)), taxId.slice(-4), atlas],
    );
  await write("RO12345678");
  await vault.admin.query("select tests.bill_open('atlas', 1)");
  await write("RO87654321");

  const copied = async () => {
    const { rows } = await vault.admin.query<Copied>(
      "select id, tax_id, tax_id_sealed_for from app_public.invoices",
    );
    return rows[0] as Copied;
  };
  const open = async ({ id, tax_id, tax_id_sealed_for }: Copied) => {
    const place = placeOf({ table: "app_public.invoices", column: "tax_id", row: id }, tax_id_sealed_for);
    return String(await createSecrets(master.kms, vault.worker).open(atlas, place, tax_id));
  };
  const before = await copied();
  expect(before.tax_id_sealed_for).toBe(`app_public.organization_billing ${atlas}`);
  expect(await open(before)).toBe("RO12345678");

  const client = await vault.worker.connect();
  const outcome = await goOnWithRotation(client, master.kms, { begin: true, by: "test" }, { graceMs: 0 });
  client.release();
  expect(outcome).toEqual({ finished: true, unopened: [] });
  const after = await copied();
  expect(after.tax_id.equals(before.tax_id)).toBe(false);
  expect(await open(after)).toBe("RO12345678");

  // Nobody lays another envelope there, under whatever key.
  await expect(
    vault.admin.query(
      "update app_public.invoices set tax_id = (select tax_id from app_public.organization_billing)",
    ),
  ).rejects.toMatchObject({ code: "RX423", message: "invoice_is_issued" });
});
