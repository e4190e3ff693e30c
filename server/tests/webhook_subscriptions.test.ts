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

const asked = (who: string | null, mutation: string, input: object, fields: string) =>
  api.graphql(
    `mutation ($input: ${mutation[0]?.toUpperCase()}${mutation.slice(1)}Input!) { ${mutation}(input: $input) { ${fields} } }`,
    {
      variables: { input },
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
