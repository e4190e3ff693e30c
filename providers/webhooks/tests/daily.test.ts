import { createHmac } from "node:crypto";
import { describe, expect, test } from "vitest";
import { dailyWebhooks } from "../daily.ts";
import { WebhookRefused } from "../port.ts";

const secret = Buffer.from("a secret of the platform").toString("base64");
const theirs = Buffer.from("a secret of the clinic").toString("base64");
const verifier = dailyWebhooks({
  secretOf: async (id) => (id === null ? secret : id === "theirs" ? theirs : null),
});
const event = {
  version: "1.1.0",
  type: "recording.ready-to-download",
  id: "rec-1",
  event_ts: Date.now() / 1000,
  payload: { room_name: `rx-${"0".repeat(32)}`, recording_id: "r1", duration: 61 },
};

/** A delivery as Daily documents it: HMAC of time, dot and body. */
function delivery({
  body = JSON.stringify(event),
  key = secret,
  timestamp = String(Math.floor(Date.now() / 1000)),
  signature,
  integrationId = null,
}: {
  body?: string;
  key?: string;
  timestamp?: string;
  signature?: string;
  integrationId?: string | null;
} = {}) {
  const signed = createHmac("sha256", Buffer.from(key, "base64"))
    .update(`${timestamp}.${body}`)
    .digest("base64");
  return verifier.verify({
    rawBody: Buffer.from(body),
    headers: { "x-webhook-timestamp": timestamp, "x-webhook-signature": signature ?? signed },
    url: "/v1/webhooks/daily",
    integrationId,
  });
}

describe("APT-07, FND-25: Daily calls back", () => {
  test("what it signed is taken, by its own id, in seconds, milliseconds and words", async () => {
    const taken = {
      eventId: "rec-1",
      type: "recording.ready-to-download",
      occurredAt: new Date(event.event_ts * 1000),
    };
    expect(await delivery()).toEqual(taken);
    expect(await delivery({ timestamp: String(Date.now()) })).toEqual(taken);
    expect(await delivery({ timestamp: new Date().toISOString() })).toEqual(taken);
    expect(await delivery({ key: theirs, integrationId: "theirs" })).toEqual(taken);
  });

  test("it asks once whether somebody is here, before it can sign", async () => {
    const rawBody = Buffer.from('{"test":"test"}');
    expect(await verifier.verify({ rawBody, headers: {}, url: "/", integrationId: null })).toBeNull();
  });

  test.each<[string, Parameters<typeof delivery>[0], string]>([
    ["another key", { key: theirs }, "signature_invalid"],
    ["the platform's key at a clinic's address", { integrationId: "theirs" }, "signature_invalid"],
    ["an account that nobody knows", { integrationId: "nobody" }, "signature_invalid"],
    ["no base64", { signature: "x" }, "signature_invalid"],
    ["yesterday's", { timestamp: String(Math.floor(Date.now() / 1000) - 86_400) }, "timestamp_too_old"],
    ["tomorrow's", { timestamp: String(Math.floor(Date.now() / 1000) + 86_400) }, "timestamp_too_old"],
    ["at no time", { timestamp: "soon" }, "timestamp_too_old"],
    ["no JSON", { body: "{" }, "body_malformed"],
    ["no event", { body: '{"id": "x"}' }, "body_malformed"],
    [
      "a type that is a sentence",
      { body: JSON.stringify({ ...event, type: "Hello there" }) },
      "body_malformed",
    ],
  ])("%s is refused", async (_, given, reason) => {
    await expect(delivery(given)).rejects.toThrow(new WebhookRefused(reason as WebhookRefused["reason"]));
  });

  test("without a signature, or of other bytes, it is refused", async () => {
    const rawBody = Buffer.from(JSON.stringify(event));
    await expect(verifier.verify({ rawBody, headers: {}, url: "/", integrationId: null })).rejects.toThrow(
      "signature_missing",
    );
    const timestamp = String(Math.floor(Date.now() / 1000));
    const signature = createHmac("sha256", Buffer.from(secret, "base64"))
      .update(`${timestamp}.${rawBody}`)
      .digest("base64");
    await expect(delivery({ timestamp, signature, body: `${rawBody} ` })).rejects.toThrow(
      "signature_invalid",
    );
  });
});
