import { Webhook } from "standardwebhooks";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { clerkWebhooks } from "../clerk.ts";
import { createVerifiers, type InboundRequest, WebhookRefused } from "../index.ts";

/** The example of the Standard Webhooks specification: made by somebody else's code. */
const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const example: InboundRequest = {
  rawBody: Buffer.from('{"test": 2432232314}'),
  headers: {
    "svix-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
    "svix-timestamp": "1614265330",
    "svix-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
  },
  url: "https://api.example/v1/webhooks/clerk",
  integrationId: null,
};
const at = new Date(1_614_265_330_000);

beforeEach(() => vi.useFakeTimers({ now: at, toFake: ["Date"] }));
afterEach(() => vi.useRealTimers());

function signed(body: string, changes: Partial<Record<string, string>> = {}): InboundRequest {
  const id = "msg_1";
  return {
    ...example,
    rawBody: Buffer.from(body),
    headers: {
      "svix-id": id,
      "svix-timestamp": "1614265330",
      "svix-signature": new Webhook(secret).sign(id, at, body),
      ...changes,
    },
  };
}

const refusal = (request: InboundRequest): Promise<unknown> =>
  clerkWebhooks(secret)
    .verify(request)
    .then(
      () => "taken",
      (error: unknown) => (error instanceof WebhookRefused ? error.reason : error),
    );

describe("FND-25: the identity provider's signature", () => {
  it("is checked as the specification's own example was made: it opens, and its body is no event", async () => {
    expect(await refusal(example)).toBe("body_malformed");
    expect(await refusal({ ...example, rawBody: Buffer.from('{"test": 2432232315}') })).toBe(
      "signature_invalid",
    );
  });

  it("opens an event, with the id that stays the same and the vendor's own time", async () => {
    const request = signed(
      '{"type": "session.revoked", "timestamp": 1614265329500, "data": {"id": "sess_1"}}',
    );
    expect(await clerkWebhooks(secret).verify(request)).toEqual({
      eventId: "msg_1",
      type: "session.revoked",
      occurredAt: new Date(1_614_265_329_500),
    });
    const timeless = await clerkWebhooks(secret).verify(signed('{"type": "user.deleted", "data": {}}'));
    expect(timeless?.occurredAt).toEqual(at);
  });

  it("may be one of several, while the vendor changes its secret", async () => {
    const request = signed('{"type": "x", "data": {}}');
    const good = request.headers["svix-signature"];
    expect(
      await refusal({ ...request, headers: { ...request.headers, "svix-signature": `v1,AAAA ${good}` } }),
    ).toBe("taken");
    expect(
      await refusal({
        ...request,
        headers: { ...request.headers, "svix-signature": `v2,${good?.slice(3)}` },
      }),
    ).toBe("signature_invalid");
  });

  it.each([
    ["five minutes late, to the second", 300, "taken"],
    ["a second later than that", 301, "timestamp_too_old"],
    ["five minutes early", -300, "taken"],
    ["a second earlier than that", -301, "timestamp_too_old"],
  ])("%s", async (_, seconds, outcome) => {
    vi.setSystemTime(at.getTime() + seconds * 1_000);
    expect(await refusal(signed('{"type": "x", "data": {}}'))).toBe(outcome);
  });

  it.each([
    ["no time", { "svix-timestamp": "soon" }],
    ["no signature at all", { "svix-signature": "yes" }],
    ["an empty one", { "svix-signature": "v1," }],
  ])("%s opens nothing", async (_, changes) => {
    expect(await refusal(signed('{"type": "x", "data": {}}', changes))).toBe("signature_invalid");
  });

  it.each(["svix-id", "svix-timestamp", "svix-signature"])("is missing without %s", async (name) => {
    expect(await refusal(signed('{"type": "x", "data": {}}', { [name]: undefined }))).toBe(
      "signature_missing",
    );
    expect(await refusal(signed('{"type": "x", "data": {}}', { [name]: "" }))).toBe("signature_missing");
  });

  const ofId = (id: string, body = '{"type": "x", "data": {}}') =>
    signed(body, { "svix-id": id, "svix-signature": new Webhook(secret).sign(id, at, body) });
  it("is not over an id that we have no room for, nor at a clinic's address", async () => {
    expect(await refusal(ofId("i".repeat(255)))).toBe("taken");
    expect(await refusal(ofId("i".repeat(256)))).toBe("body_malformed");
    expect(await refusal({ ...ofId("i"), integrationId: "0190c0de-0000-7000-8000-00000000000d" })).toBe(
      "body_malformed",
    );
  });

  it.each([
    ["{", "body_malformed"],
    ['{"type": "", "data": {}}', "body_malformed"],
    ['{"type": "x"}', "body_malformed"],
    ['{"type": "x", "timestamp": -1, "data": {}}', "body_malformed"],
    [`{"type": "${"x".repeat(255)}", "data": {}}`, "taken"],
    [`{"type": "${"x".repeat(256)}", "data": {}}`, "body_malformed"],
  ])("over %s opens: %s", async (body, outcome) => expect(await refusal(signed(body))).toBe(outcome));

  it("is over every byte, a mark in front of the text included", async () => {
    const request = signed('{"type": "x", "data": {}}');
    const mark = Buffer.from([0xef, 0xbb, 0xbf]);
    expect(await refusal({ ...request, rawBody: Buffer.concat([mark, request.rawBody]) })).toBe(
      "signature_invalid",
    );
  });

  it("is over text", async () => {
    const request = signed('{"type": "x", "data": {}}');
    const rawBody = Buffer.concat([request.rawBody, Buffer.from([0xff])]);
    expect(await refusal({ ...request, rawBody })).toBe("body_malformed");
  });

  it("has no door without a secret", () => {
    expect([...createVerifiers({}).keys()]).toEqual([]);
    expect([...createVerifiers({ clerk: secret }).keys()]).toEqual(["clerk"]);
    const messages = {
      env: { APP_MODE: "production", PUBLIC_URL: "https://api.example" },
      credentialsOf: async () => null,
    };
    expect([...createVerifiers({ messages }).keys()]).toEqual(["stripe", "twilio", "daily"]);
  });
});
