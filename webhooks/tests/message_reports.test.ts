import { describe, expect, test } from "vitest";
import { bounce, complaint, delivery, other } from "../../providers/webhooks/tests/sns_topic.ts";
import type { WebhookReceipt } from "../receipt.ts";
import { sesEvents, sesReport } from "../ses.ts";
import { optOutOf, twilioEvents, twilioReport } from "../twilio.ts";

const receivedAt = new Date("2027-03-08T07:00:05Z");
const occurredAt = new Date("2027-03-08T07:00:03Z");

function receipt(changes: Partial<WebhookReceipt>): WebhookReceipt {
  return {
    id: "0190c0de-0000-7000-8000-000000000001",
    provider: "ses",
    integrationId: null,
    eventId: "e",
    type: "Delivery",
    occurredAt,
    receivedAt,
    headers: {},
    rawBody: Buffer.alloc(0),
    ...changes,
  };
}

const bySes = (event: { eventType: string }) =>
  receipt({
    type: event.eventType,
    rawBody: Buffer.from(JSON.stringify({ Type: "Notification", Message: JSON.stringify(event) })),
  });
const sid = "SM0123456789abcdef0123456789abcdef";
const byTwilio = (status: string, fields: Record<string, string> = {}) =>
  receipt({
    provider: "twilio",
    type: `message.${status}`,
    occurredAt: null,
    rawBody: Buffer.from(
      new URLSearchParams({
        MessageSid: sid,
        MessageStatus: status,
        To: "+40722123456",
        ...fields,
      }).toString(),
    ),
  });

/** Nothing may be written about what means nothing: a database that is asked fails the test. */
const noDatabase = {
  query: () => {
    throw new Error("nothing is to be written");
  },
} as never;

describe("what SES says of a mail is put in our words (FND-15, FND-25)", () => {
  test.each([
    [other("Send"), "sent", null, false],
    [delivery(), "delivered", null, false],
    [bounce("Permanent", "General", "5.1.1"), "bounced", "ses bounce Permanent General 5.1.1", true],
    [
      bounce("Permanent", "OnAccountSuppressionList"),
      "bounced",
      "ses bounce Permanent OnAccountSuppressionList",
      true,
    ],
    [
      bounce("Transient", "MailboxFull", "4.2.2"),
      "bounced_for_now",
      "ses bounce Transient MailboxFull 4.2.2",
      false,
    ],
    [bounce("Transient", "General"), "bounced_for_now", "ses bounce Transient General", false],
    [
      bounce("Undetermined", "Undetermined"),
      "bounced_for_now",
      "ses bounce Undetermined Undetermined",
      false,
    ],
    [
      bounce("Permanent", "<stefan@people.test>", "550 <stefan@people.test>"),
      "bounced",
      "ses bounce Permanent",
      true,
    ],
    [complaint("abuse"), "complained", "ses complaint abuse", false],
    [complaint(), "complained", "ses complaint", false],
    [other("Reject"), "failed", "ses reject", false],
    [other("Rendering Failure"), "failed", "ses rendering failure", false],
  ] as const)("$eventType: %s", (event, status, reason, addressIsDead) => {
    expect(sesReport(bySes(event))).toEqual({
      vendor: "ses",
      integrationId: null,
      vendorId: "0107018f0000aaaa-11111111-2222-3333-4444-555555555555-000000",
      status,
      occurredAt,
      reason,
      addressIsDead,
    });
  });

  test.each([
    ["DeliveryDelay", "ignored"],
    ["Open", "ignored"],
    ["Click", "ignored"],
    ["Something New", "unknown_status"],
  ])("%s changes nothing: %s", async (type, outcome) => {
    expect(await sesEvents.apply(noDatabase, bySes(other(type)))).toBe(outcome);
  });

  test.each(["not-spam", "auth-failure"])(
    "a complaint of the type %s asks nobody to stop (FND-35)",
    async (kind) => {
      expect(await sesEvents.apply(noDatabase, bySes(complaint(kind)))).toBe("ignored");
    },
  );

  test("fields that nobody told us of do no harm, a mail without an id is an error to look at", () => {
    const event = { ...delivery(), somethingNew: { deep: [1, 2, 3] } };
    expect(sesReport(bySes(event))?.status).toBe("delivered");
    expect(() => sesReport(bySes({ eventType: "Delivery" }))).toThrow();
  });
});

describe("what Twilio says of a text is put in our words (FND-15, FND-25)", () => {
  test.each([
    ["sent", undefined, "sent", null, false],
    ["delivered", undefined, "delivered", null, false],
    ["read", undefined, "read", null, false],
    ["undelivered", "30003", "failed", "twilio 30003", false],
    ["undelivered", "30005", "failed", "twilio 30005", true],
    ["failed", "21610", "failed", "opted_out", true],
    ["failed", "63024", "failed", "twilio 63024", true],
    ["failed", "63016", "failed", "twilio 63016", false],
    ["failed", undefined, "failed", "twilio failed", false],
    ["failed", "+40722123456", "failed", "twilio failed", false],
    ["canceled", undefined, "failed", "twilio canceled", false],
  ])("%s with code %s", (word, ErrorCode, status, reason, addressIsDead) => {
    expect(twilioReport(byTwilio(word, ErrorCode ? { ErrorCode } : {}))).toEqual({
      vendor: "twilio",
      integrationId: null,
      vendorId: sid,
      status,
      occurredAt: receivedAt,
      reason,
      addressIsDead,
    });
  });

  test.each([
    ["accepted", "ignored"],
    ["queued", "ignored"],
    ["sending", "ignored"],
    ["teleported", "unknown_status"],
    ["constructor", "unknown_status"],
  ])("%s changes nothing: %s", async (word, outcome) => {
    expect(await twilioEvents.apply(noDatabase, byTwilio(word))).toBe(outcome);
  });
});

describe("somebody who texts back is heard (FND-15)", () => {
  const said = (Body: string, fields: Record<string, string> = {}) =>
    byTwilio("received", { From: "+40722123456", Body, ...fields });

  test.each(["STOP", "stop", " Stop. ", "UNSUBSCRIBE", "Dezabonare", "STOPALL!"])(
    "%j ends the texts",
    (body) => {
      expect(optOutOf(said(body))).toEqual({ channel: "sms", number: "+40722123456", wantsTexts: false });
    },
  );

  test.each(["START", "unstop"])("%j begins them again", (body) => {
    expect(optOutOf(said(body))?.wantsTexts).toBe(true);
  });

  test("on WhatsApp it is WhatsApp that ends, and Twilio's own reading counts", () => {
    expect(optOutOf(said("STOP", { From: "whatsapp:+40722123456" }))?.channel).toBe("whatsapp");
    expect(optOutOf(said("nu mai vreau mesaje", { OptOutType: "STOP" }))?.wantsTexts).toBe(false);
  });

  test.each(["Da", "YES", "Nu pot ajunge, stop la ora 10?", ""])("%j says nothing about it", async (body) => {
    expect(optOutOf(said(body))).toBeNull();
    expect(await twilioEvents.apply(noDatabase, said(body))).toBe("ignored");
  });

  test("a short code or a name that texts us is nobody we write to", () => {
    expect(optOutOf(said("STOP", { From: "1234" }))).toBeNull();
  });
});
