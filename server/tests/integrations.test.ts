import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type KmsVendor, startKmsVendor } from "../../providers/kms/tests/kms_vendor.ts";
import { startTwilio, type TwilioVendor } from "../../providers/sms/tests/twilio_vendor.ts";
import { type EmbeddedObjects, startObjects } from "../../providers/storage/embedded/index.ts";
import { type Answer, type Json, refusalOf, startTestApi, type TestApi } from "./support.ts";

let api: TestApi;
let kms: KmsVendor;
let twilio: TwilioVendor;
let objects: EmbeddedObjects;
const tokens = new Map<string, string>();
let atlas: string;

/** What no log, answer, job, event or statement may hold. */
const canary = "canary-secret-4f1d9c7a";
/** No key, and still nothing that an answer repeats. */
const misplaced = "canary-setting-4f1d9c7a";

beforeAll(async () => {
  // The SDK finds its credentials where it would in production.
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: "AKIAEXAMPLE", AWS_SECRET_ACCESS_KEY: "example" });
  [kms, twilio] = await Promise.all([startKmsVendor(), startTwilio()]);
  api = await startTestApi({
    config: {
      kms: {
        provider: "aws",
        keyId: "alias/restartix",
        oldKeyIds: [],
        region: "eu-central-1",
        endpoint: kms.endpoint,
      },
      vendors: { TWILIO_API_URL: twilio.account.apiUrl ?? "" },
    },
    // The database's own log shows every statement with its parameters: what SQL sees, it shows.
    before: `
      do $$ begin
        execute format('alter role app_authenticator in database %I set log_statement = ''all''', current_database());
        execute format('alter role app_authenticator in database %I set log_error_verbosity = ''default''', current_database());
        execute format('alter role app_authenticator in database %I set log_parameter_max_length = -1', current_database());
      end $$;
      begin;
      select tests.clinic('boreal');
      select tests.staff('otto', 'owner');
      select tests.clinic('atlas');
      select tests.staff('olga', 'owner');
      select tests.staff('adrian', 'admin');
      select tests.staff('flavia', 'front_desk');
      select tests.patient('ana');
      select tests.person('root', superadmin => true);
      insert into app_private.identities (issuer, subject, principal_id)
      select 'https://identity.restartix.localhost', 'dev_' || p.name, p.principal_id from tests.personas p;
      commit;`,
  });
  objects = await startObjects({ port: 0, dataDir: api.config.dataDir });
  for (const name of ["otto", "olga", "adrian", "flavia", "ana", "root"]) {
    tokens.set(name, api.token({ subject: `dev_${name}`, email: `${name}@people.test`, name }));
  }
  atlas = (await api.sql("select tests.id('atlas') as id"))[0].id;
});
afterAll(async () => {
  await Promise.all([kms.stop(), twilio.stop(), objects.stop()]);
  await api.close();
});

const as = (who: string, query: string, variables: object = {}): Promise<Answer> =>
  api.graphql(query, { variables, ...(tokens.has(who) ? { token: tokens.get(who) as string } : {}) });

const shown = `rowId provider label settings lastFour status disabledReason consecutiveAuthFailures
  lastTestedAt lastTestPassed lastTestReason credentialsVersion`;
const save = (who: string, input: object) =>
  as(
    who,
    `mutation ($input: SaveIntegrationInput!) { saveIntegration(input: $input) { result { ${shown} } } }`,
    { input: { organizationId: atlas, provider: "twilio", label: "Twilio", ...input } },
  );
const test = (who: string, integrationId: string) =>
  as(
    who,
    `mutation ($input: TestIntegrationInput!) {
       testIntegration(input: $input) { passed reason hint result { ${shown} } }
     }`,
    { input: { integrationId } },
  );
const saved = (answer: Answer): Json => {
  expect(answer.body.errors, answer.text).toBeUndefined();
  return answer.body.data.saveIntegration.result;
};
const tested = (answer: Answer): Json => {
  expect(answer.body.errors, answer.text).toBeUndefined();
  return answer.body.data.testIntegration;
};
const keys = (accountSid: string, authToken: string) => [
  { field: "accountSid", value: accountSid },
  { field: "authToken", value: authToken },
];
const mine = () => keys(twilio.account.accountSid, twilio.account.authToken);
const rows = (where = "true") => api.sql(`select * from app_public.organization_integrations where ${where}`);
/** Every table but one: what callers spent of their rates is written once a second, whatever is asked meanwhile. */
const state = async () =>
  (await api.sql("select tests.state() - 'app_private.spent_allowances' as state"))[0].state;

describe("saveIntegration (FND-23)", () => {
  it("seals the keys before SQL sees them, and shows the last four", async () => {
    const [sid, token] = [`AC${"1".repeat(32)}`, `${canary}-abcd`];
    const answer = await save("olga", {
      label: "Mesaje",
      settings: { smsSender: "ATLAS" },
      credentials: keys(sid, token),
    });
    expect(saved(answer)).toMatchObject({
      provider: "twilio",
      label: "Mesaje",
      settings: { smsSender: "ATLAS" },
      lastFour: { accountSid: "1111", authToken: "abcd" },
      status: "active",
      credentialsVersion: 1,
    });
    const [row] = await rows("label = 'Mesaje'");
    expect(row.credentials.subarray(0, 4).toString("latin1")).toBe("RXE\x02");
    expect(row.credentials.includes(canary)).toBe(false);
    expect(await api.sql("select name from app_private.events where subject_id = $1", [row.id])).toEqual([
      { name: "integration.added" },
    ]);
  });

  it("changes name and settings and keeps the keys, or takes new ones", async () => {
    const { rowId } = saved(await save("adrian", { label: "To change", credentials: mine() }));
    const [before] = await rows(`id = '${rowId}'`);
    const renamed = saved(await save("adrian", { integrationId: rowId, label: "Changed" }));
    expect(renamed).toMatchObject({ rowId, label: "Changed", credentialsVersion: 1 });
    const [kept] = await rows(`id = '${rowId}'`);
    expect(kept.credentials).toEqual(before.credentials);
    const again = saved(
      await save("adrian", {
        integrationId: rowId,
        label: "Changed",
        credentials: keys(`AC${"2".repeat(32)}`, "x".repeat(20)),
      }),
    );
    expect(again).toMatchObject({
      lastFour: { accountSid: "2222", authToken: "xxxx" },
      credentialsVersion: 2,
    });
  });

  it("shows nothing of a key that is too short to show some of it", async () => {
    const { lastFour } = saved(
      await save("olga", {
        label: "Short",
        credentials: keys("AC12".padEnd(19, "0"), "a-password-of-19-ch"),
      }),
    );
    expect(lastFour).toEqual({});
  });

  it.each([
    ["an unknown provider", { provider: "pigeon" }, "provider_not_offered", "provider"],
    ["one that the platform does not offer", { provider: "web_push" }, "provider_not_offered", "provider"],
    [
      "an unknown key",
      { credentials: [{ field: "pin", value: canary }] },
      "credential_unknown",
      "credentials.pin",
    ],
    [
      "a key twice",
      { credentials: [...keys("AC1", canary), { field: "authToken", value: canary }] },
      "credential_unknown",
      "credentials.authToken",
    ],
    [
      "a missing key",
      { credentials: [{ field: "accountSid", value: canary }] },
      "credential_missing",
      "credentials.authToken",
    ],
    ["no keys at all", { credentials: null }, "credential_missing", "credentials.accountSid"],
    ["an empty key", { credentials: keys("AC1", "   ") }, "credential_invalid", "credentials.authToken"],
    [
      "a key with a tab in it",
      { credentials: keys("AC1", `${canary}\t1`) },
      "credential_invalid",
      "credentials.authToken",
    ],
    [
      "an endless key",
      { credentials: keys("AC1", "x".repeat(5_000)) },
      "credential_invalid",
      "credentials.authToken",
    ],
    ["an unknown setting", { settings: { color: misplaced } }, "setting_invalid", "settings.color"],
    [
      "a setting of another kind",
      { settings: { whatsappSender: misplaced } },
      "setting_invalid",
      "settings.whatsappSender",
    ],
    [
      "a setting that is an object",
      { settings: { smsSender: { a: misplaced } } },
      "setting_invalid",
      "settings.smsSender",
    ],
    ["settings that are a word", { settings: misplaced }, "field_invalid", "settings"],
    ["settings that are a number", { settings: 5 }, "field_invalid", "settings"],
  ])(
    "refuses %s, naming the field and not the value, and writes nothing",
    async (_what, input, reason, field) => {
      const before = await state();
      const answer = await save("olga", { label: "Never", credentials: mine(), ...input });
      expect(refusalOf(answer)).toMatchObject({ code: "VALIDATION", reason, details: { field } });
      expect(answer.text).not.toMatch(/canary/);
      expect(await rows("label = 'Never'")).toEqual([]);
      // The clinic's data key may have been made on the way; nothing else is.
      const { "app_private.data_keys": _, ...after } = await state();
      expect(before).toMatchObject(after);
    },
  );

  it("refuses a second one of the same name, a blank name, and settings that are no object", async () => {
    saved(await save("olga", { label: "Twice", credentials: mine() }));
    expect(refusalOf(await save("olga", { label: "TWICE", credentials: mine() }))).toMatchObject({
      code: "CONFLICT",
      reason: "already_exists",
    });
    expect(refusalOf(await save("olga", { label: " ", credentials: mine() })).code).toBe("VALIDATION");
    expect(refusalOf(await save("olga", { label: "List", settings: [1], credentials: mine() })).code).toBe(
      "VALIDATION",
    );
  });

  it("does not repeat a key that was put where it does not belong", async () => {
    for (const input of [
      { organizationId: canary },
      { integrationId: canary },
      { credentials: { authToken: canary } },
      { credentials: [{ field: "authToken", value: { a: canary } }] },
      { [canary.replaceAll("-", "_")]: 1 },
      { label: { a: canary } },
    ]) {
      const answer = await save("olga", input);
      expect(refusalOf(answer).code).toBe("GRAPHQL_VALIDATION");
      expect(answer.text).not.toContain(canary);
    }
    const literal = await as(
      "olga",
      `mutation { saveIntegration(input: {organizationId: "${canary}", provider: 5, label: canary_secret_4f1d9c7a}) { query { id } } }`,
    );
    expect(literal.text).not.toMatch(/canary/);
    expect(refusalOf(literal).code).toBe("GRAPHQL_VALIDATION");
  });
});

describe("keys belong to their destination (FND-35)", () => {
  const pair = (one: string, two: string) => [
    { field: one, value: `${canary}-user` },
    { field: two, value: `${canary}-${"p".repeat(30)}` },
  ];
  const mail = {
    provider: "smtp",
    settings: { host: "mail.atlas.test", port: 587, sender: "contact@atlas.test" },
    credentials: pair("username", "password"),
  };
  const ses = {
    provider: "ses",
    settings: { region: "eu-central-1", sender: "contact@atlas.test", configurationSet: "one" },
    credentials: pair("accessKeyId", "secretAccessKey"),
  };
  const texts = {
    provider: "twilio",
    settings: { smsSender: "ATLAS" },
    credentials: keys(`AC${"3".repeat(32)}`, "t".repeat(32)),
  };
  const video = {
    provider: "daily",
    settings: { domain: "atlas" },
    credentials: [{ field: "apiKey", value: `${canary}-${"d".repeat(30)}` }],
  };
  let count = 0;
  const stored = async (account: object) => {
    const label = `Bound ${++count}`;
    const { rowId } = saved(await save("olga", { ...account, label }));
    return { label, rowId: rowId as string };
  };

  it.each([
    ["another mail server", mail, { host: "mail.mallory.test" }],
    ["another port", mail, { port: 2525 }],
    ["another sender of mails", mail, { sender: "mallory@mallory.test" }],
    ["another region", ses, { region: "us-east-1" }],
    ["another sender of texts", texts, { smsSender: "MALLORY" }],
    ["a sender that was not there", texts, { whatsappSender: "+40722000111" }],
    ["a setting taken away", texts, { smsSender: null }],
    ["another domain", video, { domain: "mallory" }],
  ])("%s asks for the keys again, and nothing is written", async (_what, account, change) => {
    const { rowId, label } = await stored(account);
    const input = { ...account, label, integrationId: rowId, credentials: null };
    const [before] = await rows(`id = '${rowId}'`);
    const answer = await save("olga", { ...input, settings: { ...account.settings, ...change } });
    expect(refusalOf(answer)).toMatchObject({
      code: "VALIDATION",
      reason: "credentials_required",
      details: { field: "credentials" },
    });
    expect(await rows(`id = '${rowId}'`)).toEqual([before]);
    // The same settings and another name keep them.
    saved(await save("olga", { ...input, label: `${label}, renamed` }));
    const moved = saved(
      await save("olga", {
        ...input,
        settings: { ...account.settings, ...change },
        credentials: account.credentials,
      }),
    );
    expect(moved.credentialsVersion).toBe(2);
  });

  it("a setting that says nothing of where keys go may change alone", async () => {
    const { rowId, label } = await stored(ses);
    const input = { ...ses, label, integrationId: rowId, credentials: null };
    const changed = saved(
      await save("olga", { ...input, settings: { ...ses.settings, configurationSet: "two" } }),
    );
    expect(changed).toMatchObject({ settings: { configurationSet: "two" }, credentialsVersion: 1 });
  });

  it("shows nothing of a password, however long", async () => {
    const { rowId } = await stored(mail);
    expect((await rows(`id = '${rowId}'`))[0].last_four).toEqual({ username: "user" });
  });
});

describe("integrations belong to a clinic and to who may manage them (FND-23)", () => {
  let id: string;
  beforeAll(async () => {
    id = saved(await save("olga", { label: "Ours", credentials: mine() })).rowId;
  });
  const verb = (who: string, name: string) =>
    as(who, `mutation ($id: UUID!) { ${name}(input: {integrationId: $id}) { clientMutationId } }`, { id });

  it.each(["otto", "ana", "root"])("to %s they are not there, nor is the clinic", async (who) => {
    const before = await state();
    for (const answer of [
      await save(who, { label: "Theirs", credentials: mine() }),
      await save(who, { integrationId: id, label: "Theirs", credentials: mine() }),
      await test(who, id),
      await verb(who, "disableIntegration"),
      await verb(who, "enableIntegration"),
      await verb(who, "removeIntegration"),
    ]) {
      expect(refusalOf(answer)).toMatchObject({ code: "NOT_FOUND", reason: "not_found" });
    }
    expect(await state()).toEqual(before);
    const list = await as(who, "{ organizationIntegrations { nodes { rowId } } }");
    expect(list.body.data.organizationIntegrations.nodes).toEqual([]);
  });

  it("another clinic's integration answers exactly like a random id", async () => {
    const random = "01890000-0000-7000-8000-000000000000";
    const [theirs, nobodys] = await Promise.all([test("otto", id), test("otto", random)]);
    expect(theirs.text.replaceAll(id, "…")).toBe(nobodys.text.replaceAll(random, "…"));
    const boreal = (await api.sql("select tests.id('boreal') as id"))[0].id;
    const answers = await Promise.all(
      [id, random].map((integrationId) =>
        save("otto", { organizationId: boreal, integrationId, label: "Mine now", credentials: mine() }),
      ),
    );
    expect(refusalOf(answers[0] as Answer)).toEqual(refusalOf(answers[1] as Answer));
    expect(refusalOf(answers[0] as Answer).code).toBe("NOT_FOUND");
  });

  it("a colleague without the permission is told which one is missing", async () => {
    for (const answer of [
      await save("flavia", { label: "F", credentials: mine() }),
      await test("flavia", id),
    ]) {
      expect(refusalOf(answer)).toMatchObject({
        code: "FORBIDDEN",
        details: { permission: "integrations.manage" },
      });
    }
  });

  it("a visitor may not even ask", async () => {
    expect(refusalOf(await save("nobody", { credentials: mine() })).code).toBe("UNAUTHENTICATED");
    expect(refusalOf(await test("nobody", id)).code).toBe("UNAUTHENTICATED");
  });

  it("nobody can ask for the keys: no type has them, and no function that takes them is exposed", async () => {
    const { body } = await as(
      "olga",
      `{ integration: __type(name: "OrganizationIntegration") { fields { name } }
         mutation: __type(name: "Mutation") { fields { name } } query: __type(name: "Query") { fields { name } } }`,
    );
    const names = [body.data.integration, body.data.mutation, body.data.query].flatMap(({ fields }) =>
      fields.map(({ name }: { name: string }) => name),
    );
    expect(names).toEqual(expect.arrayContaining(["lastFour", "saveIntegration", "serviceProviders"]));
    expect(
      names.filter((name) => /^credentials$|dataKey|integrationAccount|resolveProvider/i.test(name)),
    ).toEqual([]);
    for (const field of ["credentials", "aggregates { distinctCount { credentials } }"]) {
      const answer = await as("olga", `{ organizationIntegrations { nodes { rowId } ${field} } }`);
      expect(refusalOf(answer).code).toBe("GRAPHQL_VALIDATION");
    }
  });

  it("whoever runs the clinic finds the form of each provider", async () => {
    const { body } = await as(
      "olga",
      `{ serviceProviders(filter: {key: {in: ["twilio", "s3"]}}) { nodes { key name credentialFields settingsFields } } }`,
    );
    expect(body.data.serviceProviders.nodes).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          key: "twilio",
          credentialFields: expect.arrayContaining([
            { name: "authToken", kind: "secret", label: "Auth token", labelRo: "Auth token", required: true },
          ]),
        }),
      ]),
    );
  });
});

describe("testIntegration (FND-23)", () => {
  it("asks Twilio, and records that it takes the keys", async () => {
    const { rowId } = saved(await save("olga", { label: "Good Twilio", credentials: mine() }));
    expect(tested(await test("olga", rowId))).toMatchObject({
      passed: true,
      reason: null,
      hint: null,
      result: { rowId, lastTestPassed: true, lastTestReason: null },
    });
    expect(await twilio.taken()).toEqual([]);
  });

  it("asks Twilio, and records that it does not", async () => {
    const { rowId } = saved(
      await save("olga", {
        label: "Bad Twilio",
        credentials: keys(twilio.account.accountSid, `${canary}0000`),
      }),
    );
    const answer = await test("olga", rowId);
    expect(tested(answer)).toMatchObject({
      passed: false,
      reason: "credentials_refused",
      hint: expect.stringContaining("nu acceptă"),
      result: { lastTestPassed: false, lastTestReason: "credentials_refused", status: "active" },
    });
    expect(answer.text).not.toContain(canary);
  });

  it("asks an S3: keys, bucket and address", async () => {
    const { bucket, region, endpoint, credentials } = objects.settings;
    const { accessKeyId, secretAccessKey } = credentials as { accessKeyId: string; secretAccessKey: string };
    // The platform does not offer a clinic's own bucket by default.
    const s3 = { provider: "s3", settings: { bucket, region, endpoint } };
    const pair = (secret: string) => [
      { field: "accessKeyId", value: accessKeyId },
      { field: "secretAccessKey", value: secret },
    ];
    expect(refusalOf(await save("olga", { ...s3, credentials: pair(secretAccessKey) })).reason).toBe(
      "provider_not_offered",
    );
    const offer = await as(
      "root",
      `mutation { setPlatformProvider(input: {capability: "storage", provider: "s3", isOffered: true, isDefault: true,
         hasPlatformAccount: true}) { result { isOffered } } }`,
    );
    expect(offer.body.data.setPlatformProvider.result).toEqual({ isOffered: true });

    const outcome = async (label: string, settings: object, secret = secretAccessKey) => {
      const { rowId } = saved(
        await save("olga", {
          ...s3,
          label,
          settings: { ...s3.settings, ...settings },
          credentials: pair(secret),
        }),
      );
      return tested(await test("olga", rowId)).reason;
    };
    expect(await outcome("Bucket", {})).toBeNull();
    expect(await outcome("Bad keys", {}, `${canary}${canary}`)).toBe("credentials_refused");
    expect(await outcome("No bucket", { bucket: "nothing-there" })).toBe("bucket_not_found");
    expect(await outcome("Nowhere", { endpoint: "http://127.0.0.1:9" })).toBe("unreachable");
    expect(await outcome("Inside", { endpoint: "http://169.254.169.254" })).toBe("address_not_allowed");
    expect(await outcome("Behind", { endpoint: "https://10.1.2.3" })).toBe("address_not_allowed");
  });

  it("says so where nobody wrote the adapter yet", async () => {
    const { rowId } = saved(
      await save("olga", {
        provider: "daily",
        label: "Video",
        settings: { domain: "atlas" },
        credentials: [{ field: "apiKey", value: "d".repeat(32) }],
      }),
    );
    expect(refusalOf(await test("olga", rowId))).toMatchObject({
      code: "CAPABILITY_NOT_BUILT",
      reason: "test_not_built",
      details: { provider: "daily" },
    });
  });

  it("finds that somebody laid another integration's keys there, and never uses them", async () => {
    const { rowId } = saved(await save("olga", { label: "Victim", credentials: mine() }));
    await api.sql(
      `update app_public.organization_integrations set credentials =
         (select credentials from app_public.organization_integrations where label = 'Good Twilio') where id = $1`,
      [rowId],
    );
    expect(tested(await test("olga", rowId))).toMatchObject({
      passed: false,
      reason: "credentials_unreadable",
    });
  });
});

describe("a clinic's account whose keys the vendor refuses (FND-23)", () => {
  it("is disabled at the fifth refusal in a row, says so, and is enabled after a test that passed", async () => {
    const { rowId } = saved(
      await save("olga", {
        label: "Ailing",
        credentials: keys(twilio.account.accountSid, "wrong".repeat(4)),
      }),
    );
    const enable = () =>
      as(
        "olga",
        `mutation ($id: UUID!) { enableIntegration(input: {integrationId: $id}) { result { ${shown} } } }`,
        { id: rowId },
      );
    for (const ok of [false, false, false, false, true, false, false, false, false]) {
      await api.sql("select app_hidden.record_integration_result($1, $2)", [rowId, ok]);
    }
    expect(await rows(`id = '${rowId}'`)).toMatchObject([{ status: "active", consecutive_auth_failures: 4 }]);
    await api.sql("select app_hidden.record_integration_result($1, false)", [rowId]);
    expect(await rows(`id = '${rowId}'`)).toMatchObject([
      { status: "disabled", disabled_reason: "credentials_refused" },
    ]);
    expect(
      await api.sql(
        "select name, payload from app_private.events where subject_id = $1 order by position desc limit 1",
        [rowId],
      ),
    ).toEqual([{ name: "integration.disabled", payload: { reason: "credentials_refused" } }]);

    expect(refusalOf(await enable())).toMatchObject({ code: "STATE", reason: "test_must_pass_first" });
    expect(tested(await test("olga", rowId)).passed).toBe(false);
    expect(refusalOf(await enable()).reason).toBe("test_must_pass_first");
    saved(await save("olga", { integrationId: rowId, label: "Ailing", credentials: mine() }));
    expect(refusalOf(await enable()).reason).toBe("test_must_pass_first");
    expect(tested(await test("olga", rowId)).passed).toBe(true);
    const { body } = await enable();
    expect(body.data.enableIntegration.result).toMatchObject({
      status: "active",
      disabledReason: null,
      consecutiveAuthFailures: 0,
    });
  });
});

describe("an account that is changed while the vendor is asked (FND-23)", () => {
  it("is not tested, whatever the vendor then says", async () => {
    const { bucket, region } = objects.settings;
    const asked = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<void>();
    const vendor = createServer(async (_, response) => {
      asked.resolve();
      await answer.promise;
      response.end();
    }).listen(0, "127.0.0.1");
    await once(vendor, "listening");
    const account = {
      provider: "s3",
      label: "Slow",
      settings: { bucket, region, endpoint: `http://127.0.0.1:${(vendor.address() as AddressInfo).port}` },
    };
    const pair = [
      { field: "accessKeyId", value: "AKIAEXAMPLE" },
      { field: "secretAccessKey", value: "example".repeat(4) },
    ];
    try {
      const { rowId } = saved(await save("olga", { ...account, credentials: pair }));
      const late = test("olga", rowId);
      await asked.promise;
      const { body } = await as(
        "olga",
        `mutation ($id: UUID!) { disableIntegration(input: {integrationId: $id}) { result { status } } }`,
        { id: rowId },
      );
      expect(body.data.disableIntegration.result.status).toBe("disabled");
      answer.resolve();
      expect(refusalOf(await late)).toMatchObject({ code: "CONFLICT", reason: "changed_during_test" });
      expect(await rows(`id = '${rowId}'`)).toMatchObject([{ last_tested_at: null, status: "disabled" }]);
      expect(tested(await test("olga", rowId))).toMatchObject({ passed: true });
    } finally {
      answer.resolve();
      vendor.close();
    }
  });
});

describe("a KMS that is down (FND-11)", () => {
  it("refuses what needs a key that is not there, says why, writes nothing, and everything else goes on", async () => {
    kms.behave("is down");
    try {
      const boreal = (await api.sql("select tests.id('boreal') as id"))[0].id;
      const before = await state();
      const answer = await save("otto", {
        organizationId: boreal,
        label: "Later",
        credentials: keys("AC1", canary),
      });
      expect(refusalOf(answer)).toMatchObject({
        code: "UNAVAILABLE",
        reason: "kms_unavailable",
        hint: expect.stringContaining("Serviciul de chei"),
      });
      expect(answer.text).not.toContain(canary);
      expect(await state()).toEqual(before);

      const read = await as(
        "olga",
        "{ organizationIntegrations(first: 5) { nodes { label lastFour } } organizations { nodes { name } } }",
      );
      expect(read.body.data.organizationIntegrations.nodes).toHaveLength(5);
      // The clinic whose key is in memory goes on.
      saved(await save("olga", { label: "Meanwhile", credentials: mine() }));
      const [{ id }] = await rows("label = 'Good Twilio'");
      expect(tested(await test("olga", id)).passed).toBe(true);

      kms.behave("well");
      saved(await save("otto", { organizationId: boreal, label: "Later", credentials: keys("AC1", canary) }));
    } finally {
      kms.behave("well");
    }
  });
});

describe("a key that was entered (FND-23, FND-28)", () => {
  it("is in no log line, no table, no job, and in nothing that the database was told", async () => {
    expect(api.logs()).toContain('"path":"/graphql"');
    expect(api.logs()).not.toContain(canary);

    const tables = await api.sql(
      "select name from tests.app_tables union all select 'graphile_worker._private_jobs'",
    );
    expect(tables.length).toBeGreaterThan(50);
    const hex = Buffer.from(canary).toString("hex");
    for (const { name } of tables) {
      const [{ found }] = await api.sql(
        `select count(*)::int as found from ${name} r where strpos(r::text, $1) > 0 or strpos(r::text, $2) > 0`,
        [canary, hex],
      );
      expect([name, found]).toEqual([name, 0]);
    }

    const [{ data_directory: folder }] = await api.sql("show data_directory");
    const told = readFileSync(`${folder}.log`, "utf8");
    // The log does show what is told: the statement, and the parameters beside it.
    expect(told).toContain("app_hidden.save_integration");
    expect(told).toContain('\'{"smsSender": "ATLAS"}\'');
    expect(told).not.toContain(canary);
    expect(told).not.toContain(hex);
    expect(told).not.toContain(Buffer.from(canary).toString("base64").slice(0, 24));
  });
});
