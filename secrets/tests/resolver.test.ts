import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { CredentialsRefused } from "../../providers/failures.ts";
import { KmsUnavailable } from "../../providers/kms/index.ts";
import { type KmsVendor, startKmsVendor } from "../../providers/kms/tests/kms_vendor.ts";
import { Refusal } from "../../runtime/refusal.ts";
import { createNoteUse } from "../account_use.ts";
import { createSecrets, EnvelopeRefused, type Secrets } from "../index.ts";
import { createResolver, credentialsPlace, openCredentials } from "../resolver.ts";
import { bindEnvelopes } from "../rotation.ts";
import { openVault, type Vault } from "./support.ts";

let vault: Vault;
let kms: KmsVendor;
let secrets: Secrets;
let atlas: string;
let boreal: string;
const account = { accountSid: `AC${"1".repeat(32)}`, authToken: "a token with ș and ț" };
const integration = "01890000-0000-7000-8000-000000000001";
const settings = { smsSender: "ATLAS" };
/** As SQL says where the keys go. */
const boundTo = async () =>
  (await vault.admin.query("select app_private.destination_of('twilio', $1) as it", [settings])).rows[0].it;

beforeAll(async () => {
  [vault, kms] = await Promise.all([
    openVault("accounts are chosen and changed for good, by processes beside each other"),
    startKmsVendor(),
  ]);
  secrets = createSecrets(kms.kms, vault.worker);
  [atlas, boreal] = [await vault.clinic("atlas"), await vault.clinic("boreal")];
  const envelope = await secrets.seal(
    atlas,
    credentialsPlace(integration, await boundTo()),
    Buffer.from(JSON.stringify(account)),
  );
  await vault.admin.query(
    `insert into app_public.organization_integrations (id, organization_id, provider, label, settings, credentials, last_four)
     values ($1, $2, 'twilio', 'Own', '{"smsSender": "ATLAS"}', $3, '{}')`,
    [integration, atlas, envelope],
  );
  await vault.admin.query(
    `insert into app_public.organization_service_providers (organization_id, capability, provider, integration_id)
     values ($1, 'sms', 'twilio', $2)`,
    [atlas, integration],
  );
});
afterEach(() => kms.behave("well"));
afterAll(async () => {
  await kms.stop();
  await vault.drop();
});

describe("who serves a capability for a clinic (FND-22)", () => {
  test.each(["worker", "authenticator"] as const)(
    "the %s finds the clinic's own account, with its keys",
    async (role) => {
      const resolve = createResolver(vault[role], createSecrets(kms.kms, vault[role]));
      expect(await resolve("sms", atlas)).toEqual({
        provider: "twilio",
        settings: { smsSender: "ATLAS" },
        credentials: account,
        integrationId: integration,
      });
    },
  );

  test("a clinic that chose nothing is served by the platform's account", async () => {
    const resolve = createResolver(vault.worker, secrets);
    const platform = { settings: {}, credentials: null, integrationId: null };
    expect(await resolve("sms", boreal)).toEqual({ provider: "twilio", ...platform });
    expect(await resolve("video", atlas)).toEqual({ provider: "daily", ...platform });
    expect(await resolve("invoicing", atlas)).toEqual({ provider: "manual", ...platform });
  });

  test.each(["patient_payment", "clinic_payout"] as const)(
    "%s is declared and refused",
    async (capability) => {
      const refused = createResolver(vault.worker, secrets)(capability, atlas);
      await expect(refused).rejects.toBeInstanceOf(Refusal);
      await expect(refused).rejects.toMatchObject({
        code: "CAPABILITY_NOT_BUILT",
        reason: "capability_not_built",
        details: { capability },
      });
    },
  );

  test("a KMS that is down is told as such, and a clinic without an account of its own goes on", async () => {
    kms.behave("is down");
    const resolve = createResolver(vault.worker, createSecrets(kms.kms, vault.worker));
    await expect(resolve("sms", atlas)).rejects.toThrow(KmsUnavailable);
    expect(await resolve("sms", boreal)).toMatchObject({ provider: "twilio" });
  });

  test("a database that is away is told as such", async () => {
    const away = { query: () => Promise.reject(new Error("no database")) };
    await expect(createResolver(away, secrets)("sms", atlas)).rejects.toEqual(new Error("no database"));
  });

  test("keys that were laid there from elsewhere are not used", async () => {
    const { rows } = await vault.admin.query(
      "select credentials from app_public.organization_integrations where id = $1",
      [integration],
    );
    const foreign = await secrets.seal(
      atlas,
      credentialsPlace("01890000-0000-7000-8000-000000000002", await boundTo()),
      Buffer.from("{}"),
    );
    const lay = (envelope: Buffer) =>
      vault.admin.query("update app_public.organization_integrations set credentials = $1 where id = $2", [
        envelope,
        integration,
      ]);
    await lay(foreign);
    await expect(createResolver(vault.worker, secrets)("sms", atlas)).rejects.toThrow(EnvelopeRefused);
    await lay(rows[0].credentials);
  });
});

describe("keys belong to their destination (FND-35)", () => {
  const resolved = () => createResolver(vault.worker, secrets)("sms", atlas);
  /** What no API does: somebody writes the row itself, past every trigger. */
  const overwrite = (columns: string, ...values: unknown[]) =>
    vault.admin.query(
      `begin; alter table app_public.organization_integrations disable trigger user;
       update app_public.organization_integrations set ${columns.replace(/\$(\d)/g, (_, n) => `'${values[n - 1]}'`)} where id = '${integration}';
       alter table app_public.organization_integrations enable trigger user; commit`,
    );

  test("another vendor does not get them in place of theirs", async () => {
    const { rows } = await vault.admin.query(
      "select settings, credentials, credentials_bound_to as bound_to from app_public.organization_integrations where id = $1",
      [integration],
    );
    const open = (provider: string) => openCredentials(secrets, atlas, integration, { provider, ...rows[0] });
    await expect(open("smtp")).rejects.toThrow(EnvelopeRefused);
    expect(await open("twilio")).toEqual(account);
  });

  test("settings that somebody changed in the database do not get them", async () => {
    await overwrite("settings = $1", '{"smsSender": "MALLORY"}');
    await expect(resolved()).rejects.toThrow(EnvelopeRefused);
    await overwrite("settings = $1", '{"smsSender": "ATLAS", "whatsappSender": "+40722000111"}');
    await expect(resolved()).rejects.toThrow(EnvelopeRefused);
  });

  test("nor do settings and destination that were changed together: it is sealed in", async () => {
    const { rows } = await vault.admin.query(
      "select app_private.destination_of('twilio', '{\"smsSender\": \"MALLORY\"}') as it",
    );
    await overwrite("settings = $1, credentials_bound_to = $2", '{"smsSender": "MALLORY"}', rows[0].it);
    await expect(resolved()).rejects.toThrow(EnvelopeRefused);
    await overwrite(
      "settings = $1, credentials_bound_to = $2",
      '{"smsSender": "MALLORY"}',
      '{"provider": "twilio", "settings": {}}',
    );
    await expect(resolved()).rejects.toThrow(EnvelopeRefused);
    await overwrite("settings = $1, credentials_bound_to = $2", JSON.stringify(settings), await boundTo());
    expect(await resolved()).toMatchObject({ settings, credentials: account });
  });

  test("an envelope from before destinations opens, and the worker binds it", async () => {
    const { boundTo: _, ...unbound } = credentialsPlace(integration, await boundTo());
    const old = await secrets.seal(atlas, unbound, Buffer.from(JSON.stringify(account)));
    expect(old.subarray(0, 4).toString("latin1")).toBe("RXE\x01");
    await overwrite("credentials = $1", `\\x${old.toString("hex")}`);
    expect(await resolved()).toMatchObject({ credentials: account });
    expect(await bindEnvelopes(vault.worker, kms.kms)).toEqual([]);
    const { rows } = await vault.admin.query(
      "select credentials from app_public.organization_integrations where id = $1",
      [integration],
    );
    expect(rows[0].credentials.subarray(0, 4).toString("latin1")).toBe("RXE\x02");
    expect(await resolved()).toMatchObject({ credentials: account });
  });
});

describe("what vendors say of a clinic's keys is counted (FND-23)", () => {
  const counted = async () =>
    (
      await vault.admin.query(
        "select status, consecutive_auth_failures as failures from app_public.organization_integrations where id = $1",
        [integration],
      )
    ).rows[0];
  const refuse = () => Promise.reject(new CredentialsRefused("twilio 20003"));

  test("a refusal is, another failure is not, a success starts anew, and the use itself is as it was", async () => {
    const noteUse = createNoteUse(vault.worker);
    await expect(noteUse(integration, refuse())).rejects.toThrow(CredentialsRefused);
    expect(await counted()).toEqual({ status: "active", failures: 1 });
    await expect(noteUse(integration, Promise.reject(new Error("busy")))).rejects.toThrow("busy");
    expect(await counted()).toEqual({ status: "active", failures: 1 });
    expect(await noteUse(integration, Promise.resolve("sent"))).toBe("sent");
    expect(await counted()).toEqual({ status: "active", failures: 0 });
  });

  test("the platform's account is not counted", async () => {
    await expect(createNoteUse(vault.worker)(null, refuse())).rejects.toThrow(CredentialsRefused);
    expect(await counted()).toEqual({ status: "active", failures: 0 });
  });

  test("a note that cannot be written changes nothing for the use", async () => {
    const trouble: unknown[] = [];
    const noteUse = createNoteUse({ query: () => Promise.reject(new Error("no database")) }, (error) =>
      trouble.push(error),
    );
    expect(await noteUse(integration, Promise.resolve("sent"))).toBe("sent");
    expect(trouble).toHaveLength(1);
  });

  test("ten at once that are refused disable it once, and then it is refused to everybody", async () => {
    const noteUse = createNoteUse(vault.worker);
    await Promise.allSettled(Array.from({ length: 10 }, () => noteUse(integration, refuse())));
    expect(await counted()).toEqual({ status: "disabled", failures: 5 });
    const { rows } = await vault.admin.query(
      "select name, payload from app_private.events where subject_id = $1",
      [integration],
    );
    expect(rows).toEqual([{ name: "integration.disabled", payload: { reason: "credentials_refused" } }]);
    await expect(createResolver(vault.worker, secrets)("sms", atlas)).rejects.toMatchObject({
      code: "STATE",
      reason: "integration_disabled",
      details: { integrationId: integration },
    });
  });
});
