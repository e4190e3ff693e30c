import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import pg from "pg";
import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openKms } from "../../providers/kms/index.ts";
import { webhookSender } from "../../providers/webhooks_out/index.ts";
import { createSecrets } from "../../secrets/index.ts";
import { dispatch } from "../../tasks/webhooks_out/dispatch.ts";
import { type Json, refusalOf, startTestApi, type TestApi } from "./support.ts";

let api: TestApi;
let atlas: string;
const got: { headers: Record<string, string>; body: string }[] = [];
const receiver = createServer((request, response) => {
  let body = "";
  request.on("data", (piece) => {
    body += piece;
  });
  request.on("end", () => {
    got.push({ headers: request.headers as Record<string, string>, body });
    response.writeHead(200).end("thanks");
  });
});
let url: string;

beforeAll(async () => {
  receiver.listen(0, "127.0.0.1");
  await once(receiver, "listening");
  url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hooks`;
  api = await startTestApi({ because: "secrets are sealed by the server and opened by a worker" });
  await api.sql(`
    begin;
    select tests.clinic('boreal'), tests.staff('beata', 'owner');
    select tests.clinic('atlas'), tests.staff('olga', 'owner'), tests.staff('flavia', 'front_desk');
    insert into app_private.identities (issuer, subject, principal_id)
    select 'https://identity.restartix.localhost', 'dev_' || p.name, p.principal_id from tests.personas p
    on conflict do nothing;
    commit;
  `);
  [{ id: atlas }] = await api.sql("select tests.id('atlas') as id");
});
afterAll(async () => {
  receiver.close();
  await api.close();
});

const asked = (
  who: string | null,
  mutation: string,
  input: object,
  fields: string,
  headers: Record<string, string> = {},
) =>
  api.graphql(
    `mutation ($input: ${mutation[0]?.toUpperCase()}${mutation.slice(1)}Input!) { ${mutation}(input: $input) { ${fields} } }`,
    {
      variables: { input },
      headers,
      ...(who && { token: api.token({ subject: `dev_${who}`, email: `${who}@people.test`, name: who }) }),
    },
  );
const save = (who: string | null, input: object = {}) =>
  asked(
    who,
    "saveWebhookSubscription",
    { organizationId: atlas, name: "CRM", url, eventNames: ["patient.onboarded"], ...input },
    "secret webhookSubscription { id name url status eventNames }",
  );
const verb = async (name: string, input: object, fields: string): Promise<Json> =>
  (await asked("olga", name, input, fields)).body;

async function work(): Promise<void> {
  const pool = new pg.Pool({ connectionString: api.workerUrl });
  const kms = openKms(api.config.kms);
  const withPgClient = (async (use: (client: pg.PoolClient) => Promise<unknown>) => {
    const client = await pool.connect();
    try {
      return await use(client);
    } finally {
      client.release();
    }
  }) as Parameters<typeof dispatch>[0]["withPgClient"];
  await dispatch(
    { withPgClient, abortSignal: new AbortController().signal },
    { sender: webhookSender({ loopback: true }), secrets: createSecrets(kms, pool) },
  );
  kms.close();
  await pool.end();
}

/** The secrets that a mutation shows when it comes so often under one key, at once or one after the other. */
async function secretsOf(
  mutation: string,
  input: object,
  key: string,
  times = 3,
): Promise<(string | null)[]> {
  const ask = () =>
    asked("olga", mutation, input, "secret webhookSubscription { id }", { "idempotency-key": key });
  const answers = [await ask(), ...(await Promise.all(Array.from({ length: times - 1 }, ask)))];
  return answers.map(({ body }) => body.data[mutation].secret);
}
const count = async (table: string): Promise<number> =>
  (await api.sql(`select count(*)::int from app_private.${table}`))[0].count;

describe("the same request again (FND-26, WHK-01)", () => {
  const input = () => ({ organizationId: atlas, name: "Of one key", url, eventNames: ["form.signed"] });

  it("makes one subscription and one secret more, shows the same secret each time, and keeps none in the clear", async () => {
    const [first, ...others] = await secretsOf("saveWebhookSubscription", input(), "4d7c-save");
    expect(first).toMatch(/^whsec_/);
    expect(others).toEqual([first, first]);
    const [{ id: subscriptionId }] = await api.sql(
      "select id from app_public.webhook_subscriptions where name = 'Of one key'",
    );
    const [second, ...again] = await secretsOf("rotateWebhookSecret", { subscriptionId }, "4d7c-rotate");
    expect(second).not.toBe(first);
    expect(again).toEqual([second, second]);
    expect(await count("webhook_secrets")).toBe(2);
    // The first one is answered with what was shown then, although it is not the present one.
    expect(await secretsOf("saveWebhookSubscription", input(), "4d7c-save", 1)).toEqual([first]);

    const kept = JSON.stringify(await api.sql("select r::text from app_private.remembered_mutations r"));
    for (const secret of [first, second]) {
      expect(kept).not.toContain(secret);
      expect(kept).not.toContain(Buffer.from(secret as string).toString("hex"));
    }
  });

  it("all at once is one, too", async () => {
    const many = { ...input(), name: "At once" };
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => secretsOf("saveWebhookSubscription", many, "4d7c-at-once", 1)),
    );
    expect(new Set(answers.flat()).size).toBe(1);
    expect(await api.sql("select from app_public.webhook_subscriptions where name = 'At once'")).toHaveLength(
      1,
    );
  });

  it("is refused for another URL, for a colleague, and once the subscription is removed", async () => {
    const key = { "idempotency-key": "4d7c-save" };
    const ask = async (who: string, more: object = {}) =>
      refusalOf(await asked(who, "saveWebhookSubscription", { ...input(), ...more }, "secret", key));
    expect(await ask("olga", { url: `${url}/other` })).toMatchObject({ code: "IDEMPOTENCY_MISMATCH" });
    expect(await ask("flavia")).toMatchObject({ code: "FORBIDDEN" });
    for (const { id } of await api.sql("select id from app_public.webhook_subscriptions")) {
      await asked("olga", "removeWebhookSubscription", { subscriptionId: id }, "subscriptionId");
    }
    expect(await ask("olga")).toMatchObject({ code: "NOT_FOUND" });
    expect(await count("webhook_secrets")).toBe(0);
  });
});

describe("saveWebhookSubscription (WHK-01, WHK-03)", () => {
  it.each([
    ["a visitor", null, {}, "UNAUTHENTICATED not_signed_in"],
    ["a colleague without the permission", "flavia", {}, "FORBIDDEN permission_missing"],
    ["staff of another clinic", "beata", {}, "NOT_FOUND not_found"],
    ["a host inside", "olga", { url: "https://10.0.0.1/" }, "VALIDATION webhook_url_not_public"],
    ["no https", "olga", { url: "http://example.com/" }, "VALIDATION webhook_url_not_public"],
    ["an event that stays here", "olga", { eventNames: ["slot.held"] }, "VALIDATION event_not_offered"],
  ])("refuses %s", async (_, who, input, expected) => {
    const { code, reason } = refusalOf(await save(who, input));
    expect(`${code} ${reason}`).toBe(expected);
  });

  it("shows the secret once, signs with it, and with two for a day after a rotation; the log says what came of it", async () => {
    const { secret, webhookSubscription } = (await save("olga")).body.data.saveWebhookSubscription;
    expect(secret).toMatch(/^whsec_[\w+/]{43}=$/);
    const subscriptionId = webhookSubscription.id;
    const changed = await save("olga", { subscriptionId, name: "CRM 2" });
    expect(changed.body.data.saveWebhookSubscription).toMatchObject({
      secret: null,
      webhookSubscription: { id: subscriptionId, name: "CRM 2", status: "ACTIVE" },
    });
    const dump = await api.sql("select w::text as row from app_private.webhook_secrets w");
    expect(JSON.stringify(dump)).not.toContain(Buffer.from(secret).toString("hex"));

    await verb("testWebhookSubscription", { subscriptionId }, "webhookEvent { id }");
    await work();
    const first = got.at(-1) as (typeof got)[number];
    expect(new Webhook(secret).verify(first.body, first.headers)).toMatchObject({
      type: "webhook.test",
      sequence: 1,
    });

    const rotated = await verb("rotateWebhookSecret", { subscriptionId }, "secret");
    await verb("testWebhookSubscription", { subscriptionId }, "webhookEvent { id }");
    await work();
    const second = got.at(-1) as (typeof got)[number];
    for (const known of [secret, rotated.data.rotateWebhookSecret.secret])
      new Webhook(known).verify(second.body, second.headers);
    await api.sql("update app_private.webhook_secrets set good_until = now() where good_until is not null");

    const since = new Date(Date.now() - 60_000).toISOString();
    const until = new Date(Date.now() + 60_000).toISOString();
    const none = await verb("replayWebhookEvents", { subscriptionId, since, until }, "replayedCount");
    expect(none.data.replayWebhookEvents.replayedCount).toBe(0);
    const all = await verb(
      "replayWebhookEvents",
      { subscriptionId, since, until, deliveredToo: true },
      "replayedCount",
    );
    expect(all.data.replayWebhookEvents.replayedCount).toBe(2);
    await work();
    expect(
      got
        .slice(-2)
        .map(({ headers }) => headers["webhook-id"])
        .sort(),
    ).toEqual([first, second].map(({ headers }) => headers["webhook-id"]).sort());
    const third = got.at(-1) as (typeof got)[number];
    expect(() => new Webhook(secret).verify(third.body, third.headers)).toThrow();

    const webhookEventId = first.headers["webhook-id"];
    await verb("replayWebhookEvent", { webhookEventId }, "webhookEvent { status }");
    await work();
    const token = api.token({ subject: "dev_olga", email: "olga@people.test", name: "olga" });
    const log = await api.graphql(
      "query ($id: UUID!) { webhookEvent(id: $id) { status attempts responseStatus responseBody attemptLog } }",
      { variables: { id: webhookEventId }, token },
    );
    expect(log.body.data.webhookEvent).toMatchObject({
      status: "DELIVERED",
      attempts: 3,
      responseStatus: 200,
      responseBody: "thanks",
      attemptLog: [{ responseStatus: 200 }, {}, {}],
    });

    await verb("disableWebhookSubscription", { subscriptionId }, "webhookSubscription { status }");
    const { errors } = await verb("testWebhookSubscription", { subscriptionId }, "webhookEvent { id }");
    expect(errors[0].extensions).toMatchObject({ code: "STATE", reason: "webhooks_disabled" });
    const enabled = await verb(
      "enableWebhookSubscription",
      { subscriptionId },
      "webhookSubscription { status }",
    );
    expect(enabled.data.enableWebhookSubscription.webhookSubscription.status).toBe("ACTIVE");
    const removed = await verb("removeWebhookSubscription", { subscriptionId }, "subscriptionId");
    expect(removed.data.removeWebhookSubscription.subscriptionId).toBe(subscriptionId);
    expect(await api.sql("select from app_private.event_interests where consumer = 'webhooks'")).toEqual([]);
  });
});
