import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import twilio from "twilio";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTwilio, type TwilioVendor } from "../../sms/tests/twilio_vendor.ts";
import { twilioMessenger } from "../../sms/twilio.ts";
import { type InboundRequest, WebhookRefused } from "../port.ts";
import { twilioWebhooks } from "../twilio.ts";

const publicUrl = "https://api.clinic.test";
const integrationId = "0190c0de-0000-7000-8000-00000000000d";
const tokens = new Map<string | null, string>([
  [null, "0123456789abcdef0123456789abcdef"],
  [integrationId, "fedcba9876543210fedcba9876543210"],
]);
const verifier = twilioWebhooks({ publicUrl, authTokenOf: async (id) => tokens.get(id) ?? null });

const form = {
  AccountSid: "AC0123456789abcdef0123456789abcdef",
  MessageSid: "SM0123456789abcdef0123456789abcdef",
  MessageStatus: "delivered",
  To: "+40722123456",
  Body: "Bună ziua, Ștefan & co: 10% = gratis",
};

/** A callback as Twilio posts it, signed for the URL that it calls. */
function callback({
  fields = form,
  url = `${publicUrl}/v1/webhooks/twilio`,
  token = tokens.get(null) as string,
  ...changes
}: {
  fields?: Record<string, string>;
  url?: string;
  token?: string;
} & Partial<InboundRequest> = {}): InboundRequest {
  return {
    rawBody: Buffer.from(new URLSearchParams(fields).toString()),
    headers: {
      "content-type": "application/x-www-form-urlencoded; charset=UTF-8",
      "x-twilio-signature": twilio.getExpectedTwilioSignature(token, url, fields),
    },
    url,
    integrationId: null,
    ...changes,
  };
}

const outcome = (request: InboundRequest) => verifier.verify(request).catch((error: unknown) => error);
const refused = (reason: WebhookRefused["reason"]) => new WebhookRefused(reason);

describe("a callback is believed when Twilio signed it (FND-15, FND-25)", () => {
  test("text and status are the event", async () => {
    expect(await outcome(callback())).toEqual({
      eventId: "SM0123456789abcdef0123456789abcdef:delivered",
      type: "message.delivered",
      occurredAt: null,
    });
  });

  test("the same callback twice is the same event, another status of the text is another", async () => {
    const [first, second, next] = await Promise.all(
      [callback(), callback(), callback({ fields: { ...form, MessageStatus: "read" } })].map(outcome),
    );
    expect(second).toEqual(first);
    expect(next).toMatchObject({ eventId: "SM0123456789abcdef0123456789abcdef:read" });
  });

  test("behind a proxy the URL is the public one, whatever the server was called by", async () => {
    const signed = callback();
    expect(await outcome({ ...signed, url: "http://10.0.0.5:4000/v1/webhooks/twilio" })).toMatchObject({
      type: "message.delivered",
    });
  });

  test("a body that was encoded another way is the same: what is signed are its fields", async () => {
    const signed = callback();
    const rawBody = Buffer.from(String(signed.rawBody).replaceAll("+", "%20"));
    expect(await outcome({ ...signed, rawBody })).toMatchObject({ type: "message.delivered" });
  });

  test("a query is part of what is signed", async () => {
    const url = `${publicUrl}/v1/webhooks/twilio?a='b'&c=%20d`;
    expect(await outcome(callback({ url }))).toMatchObject({ type: "message.delivered" });
    expect(await outcome({ ...callback({ url }), url: url.replace("c=", "e=") })).toEqual(
      refused("signature_invalid"),
    );
  });

  test("a clinic's own account signs by its own token, at its own address", async () => {
    const url = `${publicUrl}/v1/webhooks/twilio/${integrationId}`;
    const token = tokens.get(integrationId) as string;
    expect(await outcome(callback({ url, token, integrationId }))).toMatchObject({
      type: "message.delivered",
    });
    // At the platform's address it would be another account's word.
    expect(await outcome(callback({ token }))).toEqual(refused("signature_invalid"));
    expect(await outcome(callback({ url, integrationId }))).toEqual(refused("signature_invalid"));
  });
});

describe("whatever else comes is refused (FND-25)", () => {
  test("no signature, a wrong one, and one of another length", async () => {
    const { "content-type": type } = callback().headers;
    expect(await outcome(callback({ headers: { "content-type": type } }))).toEqual(
      refused("signature_missing"),
    );
    for (const wrong of ["x", Buffer.alloc(20).toString("base64"), "é".repeat(28)]) {
      const headers = { "content-type": type, "x-twilio-signature": wrong };
      expect(await outcome(callback({ headers }))).toEqual(refused("signature_invalid"));
    }
  });

  test("another status, another text, a field more and a field less", async () => {
    const { headers } = callback();
    const { To: _, ...less } = form;
    for (const fields of [
      { ...form, MessageStatus: "failed" },
      { ...form, MessageSid: "SMffffffffffffffffffffffffffffffff" },
      { ...form, ErrorCode: "30005" },
      less,
    ]) {
      expect(await outcome({ ...callback({ fields }), headers })).toEqual(refused("signature_invalid"));
    }
    const twice = Buffer.from(`${callback().rawBody}&MessageStatus=failed`);
    expect(await outcome(callback({ rawBody: twice }))).toEqual(refused("signature_invalid"));
  });

  test("a callback for another address", async () => {
    for (const url of [
      `${publicUrl}/v1/webhooks/ses`,
      `${publicUrl}/v1/webhooks/twilio/`,
      `https://evil.test/v1/webhooks/twilio`,
      "http://api.clinic.test/v1/webhooks/twilio",
    ]) {
      const signed = callback({ url });
      expect(await outcome({ ...signed, url: `${publicUrl}/v1/webhooks/twilio` })).toEqual(
        refused("signature_invalid"),
      );
    }
  });

  test("an integration that does not exist is answered like a wrong signature", async () => {
    const unknown = "0190c0de-0000-7000-8000-0000000000ff";
    const url = `${publicUrl}/v1/webhooks/twilio/${unknown}`;
    expect(await outcome(callback({ url, token: "", integrationId: unknown }))).toEqual(
      refused("signature_invalid"),
    );
  });

  test("what is signed and no message, another content type, and bytes that are no text", async () => {
    const { MessageSid: _, ...nameless } = form;
    expect(await outcome(callback({ fields: nameless }))).toEqual(refused("body_malformed"));
    expect(await outcome(callback({ fields: { ...form, MessageStatus: "a b" } }))).toEqual(
      refused("body_malformed"),
    );
    const json = { ...callback().headers, "content-type": "application/json" };
    expect(await outcome(callback({ headers: json }))).toEqual(refused("body_malformed"));
    expect(await outcome(callback({ rawBody: Buffer.from([0x41, 0xff]) }))).toEqual(
      refused("body_malformed"),
    );
  });

  test("a field named like a trap of the language is a field", async () => {
    const rawBody = Buffer.from(`${callback().rawBody}&__proto__=x`);
    expect(await outcome(callback({ rawBody }))).toEqual(refused("signature_invalid"));
  });
});

describe("callbacks of a server that speaks Twilio (FND-15, FND-25)", () => {
  let vendor: TwilioVendor;
  const arrived: Promise<unknown>[] = [];
  const here = createServer(async (request, response) => {
    const { port } = here.address() as AddressInfo;
    const local = twilioWebhooks({
      publicUrl: `http://127.0.0.1:${port}`,
      authTokenOf: async () => vendor.account.authToken,
    });
    const headers = request.headers as Record<string, string>;
    const rawBody = await buffer(request);
    arrived.push(
      local
        .verify({ rawBody, headers, url: `http://internal${request.url}`, integrationId: null })
        .catch((error: unknown) => error),
    );
    response.end();
  });
  beforeAll(async () => {
    here.listen(0, "127.0.0.1");
    await once(here, "listening");
    const smsUrl = `http://127.0.0.1:${(here.address() as AddressInfo).port}/v1/webhooks/twilio`;
    vendor = await startTwilio({ smsUrl });
  });
  afterAll(async () => {
    await vendor.stop();
    here.closeAllConnections();
    here.close();
  });

  test("every move of a text comes signed, and so does what somebody texts back", async () => {
    const statusCallback = `http://127.0.0.1:${(here.address() as AddressInfo).port}/v1/webhooks/twilio`;
    const messenger = twilioMessenger({
      channel: "sms",
      account: vendor.account,
      sender: { from: vendor.from },
      statusCallback,
    });
    const { vendorId } = await messenger.send({ to: "+40722123456", body: "Bună ziua!" }, { key: "k" });
    await vendor.moveTo(vendorId, "sent");
    await vendor.moveTo(vendorId, "delivered");
    await vendor.receive("+40722123456", "STOP");
    const seen = await Promise.all(arrived);
    expect(seen.slice(0, 3)).toEqual(
      ["queued", "sent", "delivered"].map((status) => ({
        eventId: `${vendorId}:${status}`,
        type: `message.${status}`,
        occurredAt: null,
      })),
    );
    expect(seen[3]).toMatchObject({ type: "message.received" });
  });
});
