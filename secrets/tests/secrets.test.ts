import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { KeyRefused, KmsUnavailable } from "../../providers/kms/index.ts";
import { type KmsVendor, startKmsVendor } from "../../providers/kms/tests/kms_vendor.ts";
import { createSecrets, EnvelopeRefused } from "../index.ts";
import { openVault, readAccount, secretOf, storeAccounts, TABLE, type Vault } from "./support.ts";

let vault: Vault;
let vendor: KmsVendor;
beforeAll(async () => {
  [vault, vendor] = await Promise.all([
    openVault("processes that seal at once commit beside each other"),
    startKmsVendor(),
  ]);
});
afterEach(() => vendor.behave("well"));
afterAll(async () => {
  await vendor.stop();
  await vault.drop();
});

const text = Buffer.from("sk_live_ăîșțâ");
const place = () => ({ table: TABLE, column: "credentials", row: randomUUID() });
const keysOf = async (organizationId: string | null) =>
  (
    await vault.admin.query(
      "select version, status, master_key_id from app_private.data_keys where organization_id is not distinct from $1",
      [organizationId],
    )
  ).rows;

describe("secrets of a clinic (FND-11)", () => {
  test("the first one makes the clinic's data key, and any process opens it", async () => {
    const atlas = await vault.clinic("atlas");
    expect(await keysOf(atlas)).toEqual([]);
    const there = place();
    const envelope = await createSecrets(vendor.kms, vault.authenticator).seal(atlas, there, text);
    expect(await keysOf(atlas)).toMatchObject([{ version: 1, status: "active" }]);
    expect(await createSecrets(vendor.kms, vault.worker).open(atlas, there, envelope)).toEqual(text);
  });

  test("the platform has a key of its own, and clinics' keys do not open each other's", async () => {
    const [boreal, cetus] = [await vault.clinic("boreal"), await vault.clinic("cetus")];
    const secrets = createSecrets(vendor.kms, vault.worker);
    const there = place();
    const envelopes = new Map<string | null, Buffer>();
    for (const owner of [boreal, cetus, null]) envelopes.set(owner, await secrets.seal(owner, there, text));
    for (const owner of envelopes.keys()) {
      for (const [sealedFor, envelope] of envelopes) {
        const opened = secrets.open(owner, there, envelope);
        if (owner === sealedFor) expect(await opened).toEqual(text);
        else
          await expect(opened).rejects.toMatchObject({ name: "EnvelopeRefused", reason: "moved_or_changed" });
      }
    }
  });

  test("twenty processes that seal a clinic's first secret at once agree on one data key", async () => {
    const id = await vault.clinic("draco");
    const there = place();
    const sealed = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        createSecrets(vendor.kms, n % 2 ? vault.worker : vault.authenticator).seal(
          id,
          there,
          Buffer.from([n]),
        ),
      ),
    );
    expect(await keysOf(id)).toHaveLength(1);
    const reader = createSecrets(vendor.kms, vault.worker);
    const opened = await Promise.all(sealed.map((envelope) => reader.open(id, there, envelope)));
    expect(opened.map(([n]) => n)).toEqual(Array.from({ length: 20 }, (_, n) => n));
  });

  test("an envelope of a version that never was is refused as such", async () => {
    const id = await vault.clinic("fornax");
    const secrets = createSecrets(vendor.kms, vault.worker);
    const there = place();
    const envelope = await secrets.seal(id, there, text);
    envelope.writeUInt32BE(7, 4);
    await expect(secrets.open(id, there, envelope)).rejects.toThrow(new EnvelopeRefused("key_unknown"));
  });

  test("a wrapped data key that was laid into another clinic's row does not unwrap", async () => {
    const [grus, hydra] = [await vault.clinic("grus"), await vault.clinic("hydra")];
    const there = place();
    const secrets = createSecrets(vendor.kms, vault.worker);
    const envelope = await secrets.seal(grus, there, text);
    await secrets.seal(hydra, there, text);
    await vault.admin.query(
      `update app_private.data_keys set wrapped = (select wrapped from app_private.data_keys where organization_id = $1)
       where organization_id = $2`,
      [grus, hydra],
    );
    const fresh = createSecrets(vendor.kms, vault.worker);
    await expect(fresh.open(hydra, there, envelope)).rejects.toThrow(KeyRefused);
    expect(await fresh.open(grus, there, envelope)).toEqual(text);
  });

  test("a ciphertext that the database was made to move does not open: row, column, table and clinic", async () => {
    const [indus, lyra] = [await vault.clinic("indus"), await vault.clinic("lyra")];
    const secrets = createSecrets(vendor.kms, vault.worker);
    const [one, other] = await storeAccounts(vault, secrets, indus, 2);
    const [foreign] = await storeAccounts(vault, secrets, lyra, 1);
    expect(await readAccount(vault, secrets, one as string)).toBe(String(secretOf(one as string)));
    for (const target of [other, foreign] as string[]) {
      await vault.admin.query(
        `update app_public.organization_integrations set credentials =
           (select credentials from app_public.organization_integrations where id = $1) where id = $2`,
        [one, target],
      );
      await expect(readAccount(vault, secrets, target)).rejects.toThrow(
        new EnvelopeRefused("moved_or_changed"),
      );
    }
    const { rows } = await vault.admin.query(
      "select credentials from app_public.organization_integrations where id = $1",
      [one],
    );
    const { credentials } = rows[0];
    for (const there of [
      { table: TABLE, column: "settings", row: one as string },
      { table: "app_public.patient_profiles", column: "credentials", row: one as string },
    ]) {
      await expect(secrets.open(indus, there, credentials)).rejects.toThrow(
        new EnvelopeRefused("moved_or_changed"),
      );
    }
  });
});

describe("a KMS that is down (FND-11)", () => {
  test("what is cached goes on, sealing and opening; the rest says why, and works when KMS is back", async () => {
    const [mensa, norma] = [await vault.clinic("mensa"), await vault.clinic("norma")];
    const there = place();
    const warm = createSecrets(vendor.kms, vault.authenticator);
    const envelope = await warm.seal(mensa, there, text);

    vendor.behave("is down");
    expect(await warm.open(mensa, there, envelope)).toEqual(text);
    expect(await warm.open(mensa, there, await warm.seal(mensa, there, text))).toEqual(text);
    await expect(warm.seal(norma, there, text)).rejects.toThrow(KmsUnavailable);
    await expect(createSecrets(vendor.kms, vault.worker).open(mensa, there, envelope)).rejects.toThrow(
      KmsUnavailable,
    );
    expect(await keysOf(norma)).toEqual([]);

    vendor.behave("well");
    expect(await warm.open(norma, there, await warm.seal(norma, there, text))).toEqual(text);
  });

  test("KMS is asked once, not for each secret, and again when the key was kept for long enough", async () => {
    const id = await vault.clinic("orion");
    const there = place();
    const secrets = createSecrets(vendor.kms, vault.worker, { keepMs: 300 });
    const envelope = await secrets.seal(id, there, text);
    const before = vendor.asked.get("Decrypt") ?? 0;
    await Promise.all(Array.from({ length: 100 }, () => secrets.open(id, there, envelope)));
    expect((vendor.asked.get("Decrypt") ?? 0) - before).toBe(0);
    await new Promise((resolve) => setTimeout(resolve, 350));
    await Promise.all(Array.from({ length: 100 }, () => secrets.open(id, there, envelope)));
    expect((vendor.asked.get("Decrypt") ?? 0) - before).toBe(1);
  });

  test("no more keys are kept than the bound, and those that were dropped are asked for again", async () => {
    const there = place();
    const secrets = createSecrets(vendor.kms, vault.worker, { most: 2 });
    const ids = await Promise.all(["pavo", "pyxis", "scutum"].map((slug) => vault.clinic(slug)));
    const sealed: [string, Buffer][] = [];
    for (const id of ids) sealed.push([id, await secrets.seal(id, there, text)]);
    const asked = async ([id, envelope]: [string, Buffer]) => {
      const before = vendor.asked.get("Decrypt") ?? 0;
      await secrets.open(id, there, envelope);
      return (vendor.asked.get("Decrypt") ?? 0) - before;
    };
    const [first, second, third] = sealed as [(typeof sealed)[0], (typeof sealed)[0], (typeof sealed)[0]];
    expect([await asked(third), await asked(second), await asked(first), await asked(third)]).toEqual([
      0, 0, 1, 1,
    ]);
  });
});
