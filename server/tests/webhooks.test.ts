import { request } from "node:http";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { deliver, identityEvent } from "./identity_events.ts";
import { type Json, refusalOf, startTestApi, type TestApi } from "./support.ts";

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi({ because: "every delivery and every job of it is counted" });
});
afterEach(() =>
  api.sql("delete from app_private.webhook_receipts; delete from graphile_worker._private_jobs"),
);
afterAll(() => api.close());

const receipts = () => api.sql("select * from app_private.webhook_receipts order by received_at");
const jobs = () =>
  api.sql("select payload, max_attempts from graphile_worker._private_jobs where key like 'webhook:%'");

async function expectNothingStored(): Promise<void> {
  expect(await receipts()).toEqual([]);
  expect(await jobs()).toEqual([]);
}

const session = { id: "sess_webhooks", object: "session", user_id: "user_x" };
const event = (options = {}) => identityEvent(api, "session.created", session, options);

describe("FND-25: a vendor's delivery", () => {
  it("is stored as it came, with one job that carries nothing but its id, and answered with nothing", async () => {
    const sent = event({ id: "msg_first", at: new Date(Math.floor(Date.now() / 1_000) * 1_000) });
    const answer = await deliver(api, sent);
    expect(answer.status).toBe(200);
    expect(answer.text).toBe("");

    const [receipt, ...others] = await receipts();
    expect(others).toEqual([]);
    expect(receipt).toMatchObject({
      provider: "clerk",
      integration_id: null,
      event_id: "msg_first",
      type: "session.created",
      occurred_at: new Date(Number(sent.headers["svix-timestamp"]) * 1_000),
      conflict_count: 0,
    });
    expect(receipt.raw_body.toString()).toBe(sent.body);
    expect(Object.keys(receipt.headers).sort()).toEqual([
      "content-type",
      "svix-id",
      "svix-timestamp",
      "user-agent",
    ]);
    expect(await jobs()).toEqual([{ payload: { receiptId: receipt.id }, max_attempts: 12 }]);
  });

  it("that is sent twenty times at once is one row and one job, and every sender hears yes", async () => {
    const sent = event();
    const answers = await Promise.all(Array.from({ length: 20 }, () => deliver(api, sent)));
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
    expect(await receipts()).toHaveLength(1);
    expect(await jobs()).toHaveLength(1);
  });

  it("that was applied long ago is still the same event", async () => {
    const sent = event();
    await deliver(api, sent);
    const [before] = await receipts();
    expect((await deliver(api, sent)).status).toBe(200);
    expect(await receipts()).toEqual([before]);
  });

  it("with a known id and another body is refused, counted and told to the operator; the first stays", async () => {
    await deliver(api, event({ id: "msg_same" }));
    const other = identityEvent(api, "session.created", { ...session, id: "sess_other" }, { id: "msg_same" });
    const answer = await deliver(api, other);
    expect(answer.status).toBe(409);
    expect(refusalOf(answer)).toMatchObject({ code: "CONFLICT", reason: "event_id_reused" });

    const [receipt, ...others] = await receipts();
    expect(others).toEqual([]);
    expect(receipt).toMatchObject({ conflict_count: 1, conflicted_at: expect.any(Date) });
    expect(receipt.raw_body.toString()).toContain("sess_webhooks");
    expect(await jobs()).toHaveLength(1);
    expect(api.logs()).toContain("a vendor's event came again with another body");
  });

  it("may be of any media type", async () => {
    const sent = event();
    for (const type of [
      "text/plain",
      "application/x-www-form-urlencoded",
      "application/xml; charset=latin9",
    ]) {
      const answer = await deliver(api, { ...sent, headers: { ...sent.headers, "content-type": type } });
      expect(answer.status, type).toBe(200);
    }
    expect(await receipts()).toHaveLength(1);
  });
});

describe("FND-25: what is no delivery is refused and leaves nothing behind", () => {
  const minutes = (count: number) => new Date(Date.now() + count * 60_000);

  it.each<[what: string, status: number, reason: string, change: (sent: ReturnType<typeof event>) => Json]>([
    [
      "signed with another secret",
      401,
      "signature_invalid",
      () => event({ secret: `whsec_${"A".repeat(32)}` }),
    ],
    ["without a signature", 401, "signature_missing", (sent) => without(sent, "svix-signature")],
    ["without an id", 401, "signature_missing", (sent) => without(sent, "svix-id")],
    ["without a time", 401, "signature_missing", (sent) => without(sent, "svix-timestamp")],
    ["signed six minutes ago", 401, "timestamp_too_old", () => event({ at: minutes(-6) })],
    ["signed six minutes ahead", 401, "timestamp_too_old", () => event({ at: minutes(6) })],
    [
      "with a fresh time on an old signature",
      401,
      "signature_invalid",
      () => {
        const old = event({ at: minutes(-6) });
        return {
          ...old,
          headers: { ...old.headers, "svix-timestamp": String(Math.floor(Date.now() / 1_000)) },
        };
      },
    ],
    [
      "with another's id on a signature",
      401,
      "signature_invalid",
      (sent) => ({
        ...sent,
        headers: { ...sent.headers, "svix-id": "msg_another" },
      }),
    ],
    [
      "re-serialised on the way",
      401,
      "signature_invalid",
      (sent) => ({
        ...sent,
        body: JSON.stringify(JSON.parse(String(sent.body)), null, 2),
      }),
    ],
    ["with a line break more", 401, "signature_invalid", (sent) => ({ ...sent, body: `${sent.body}\n` })],
    ["without a body", 401, "signature_invalid", (sent) => ({ ...sent, body: "" })],
    [
      "that is no text",
      400,
      "body_malformed",
      (sent) => ({ ...sent, body: Buffer.from([0x7b, 0xff, 0xfe, 0x7d]) }),
    ],
  ])("%s", async (_, status, reason, change) => {
    const answer = await deliver(api, change(event()));
    expect(answer.status).toBe(status);
    expect(refusalOf(answer)).toMatchObject({
      code: status === 401 ? "UNAUTHENTICATED" : "VALIDATION",
      reason,
    });
    await expectNothingStored();
  });

  it("signed by the vendor and of no shape that we know", async () => {
    const { Webhook } = await import("standardwebhooks");
    for (const body of ["not json", "[]", "{}", '{"type": "", "data": {}}', '{"type": "session.revoked"}']) {
      const sent = event();
      const signature = new Webhook(api.issuer.webhookSecret).sign(
        sent.headers["svix-id"] as string,
        new Date(Number(sent.headers["svix-timestamp"]) * 1_000),
        body,
      );
      const answer = await deliver(api, { body, headers: { ...sent.headers, "svix-signature": signature } });
      expect([answer.status, refusalOf(answer).reason], body).toEqual([400, "body_malformed"]);
    }
    await expectNothingStored();
  });

  it("with two signatures, of which one is right", async () => {
    const sent = event();
    const status = await rawStatus(
      [...Object.entries(sent.headers), ["svix-signature", "v1,AAAA"]],
      String(sent.body),
    );
    expect(status).toBe(401);
    await expectNothingStored();
  });

  it("of a vendor that nobody expects, or on an address that is none", async () => {
    for (const path of [
      "/v1/webhooks/netopia",
      "/v1/webhooks/Clerk",
      "/v1/webhooks/constructor",
      "/v1/webhooks/clerk/not-a-uuid",
      "/v1/webhooks",
      "/v1/webhooks/clerk/",
    ]) {
      const answer = await deliver(api, event(), path);
      expect([answer.status, refusalOf(answer).code], path).toEqual([404, "ROUTE_NOT_FOUND"]);
    }
    expect((await api.fetch("/v1/webhooks/clerk")).status).toBe(404);
    await expectNothingStored();
  });

  it("on the address of a clinic's integration, which the identity provider has none of", async () => {
    const answer = await deliver(api, event(), "/v1/webhooks/clerk/0190a5b0-0000-7000-8000-000000000000");
    expect([answer.status, refusalOf(answer).reason]).toEqual([400, "body_malformed"]);
    await expectNothingStored();
  });

  it("larger than 256 KB, however it says how long it is", async () => {
    const large = JSON.stringify({ type: "session.created", data: { padding: "x".repeat(256_000) } });
    const answer = await deliver(api, { ...event(), body: large });
    expect(answer.status).toBe(413);
    expect(refusalOf(answer)).toMatchObject({
      code: "PAYLOAD_TOO_LARGE",
      details: { most: 256_000 },
    });
    expect(
      await rawStatus([...Object.entries(event().headers), ["transfer-encoding", "chunked"]], large),
    ).toBe(413);
    await expectNothingStored();
  });

  it("compressed, which nobody signs", async () => {
    const sent = event();
    const answer = await deliver(api, { ...sent, headers: { ...sent.headers, "content-encoding": "gzip" } });
    expect([answer.status, refusalOf(answer).code]).toEqual([415, "UNSUPPORTED_MEDIA_TYPE"]);
    await expectNothingStored();
  });
});

describe("FND-25, FND-28: what a delivery says", () => {
  it("is in no log line, no job and no answer; the log names the vendor and keeps ids out of the path", async () => {
    const canary = "canary.webhook@people.test";
    const sent = identityEvent(api, "user.updated", { id: "user_canary", broken: canary });
    expect((await deliver(api, sent)).status).toBe(200);
    await deliver(
      api,
      identityEvent(api, "user.updated", { id: canary }, { secret: `whsec_${"B".repeat(32)}` }),
    );
    await deliver(api, event(), "/v1/webhooks/clerk/0190a5b0-0000-7000-8000-0000000000aa");

    const [receipt] = await receipts();
    expect(receipt).toMatchObject({ status: "received", attempts: 1, last_error: expect.any(String) });
    expect(receipt.last_error).not.toContain("canary");
    expect(JSON.stringify(await api.sql("select * from graphile_worker._private_jobs"))).not.toContain(
      "canary",
    );
    expect(api.logs()).not.toContain("canary");
    expect(api.logs()).not.toContain("0000000000aa");
    expect(api.logs()).toContain('"path":"/v1/webhooks/clerk"');
    expect(api.logs()).toContain("a delivery was not applied at the door");
  });
});

function without({ body, headers }: ReturnType<typeof event>, name: string) {
  return { body, headers: Object.fromEntries(Object.entries(headers).filter(([key]) => key !== name)) };
}

/** As `fetch` cannot: the same header twice, and chunks. */
function rawStatus(headers: [string, string][], body: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const call = request(`${api.url}/v1/webhooks/clerk`, { method: "POST" }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    for (const name of new Set(headers.map(([key]) => key))) {
      call.setHeader(
        name,
        headers.filter(([key]) => key === name).map(([, value]) => value),
      );
    }
    call.on("error", reject);
    call.end(body);
  });
}
