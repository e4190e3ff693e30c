import { randomUUID, sign } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import type { InboundRequest } from "../port.ts";

const fixture = (name: string) => readFileSync(path.join(import.meta.dirname, "fixtures", name), "utf8");

/** A certificate and its key, made for these tests; nobody trusts it anywhere else. */
export const certificate = fixture("sns.cert.pem");
export const privateKey = fixture("sns.key.pem");

export const topic = "arn:aws:sns:eu-central-1:123456789012:ses-events";
export const certificateUrl =
  "https://sns.eu-central-1.amazonaws.com/SimpleNotificationService-0123456789abcdef0123456789abcdef.pem";

export type Notice = Record<string, string>;

/** A notice as SNS posts it, signed the way AWS documents. */
export function notice(changes: Record<string, string | undefined> = {}, version: "1" | "2" = "2"): Notice {
  const unsigned: Record<string, string | undefined> = {
    Type: "Notification",
    MessageId: randomUUID(),
    TopicArn: topic,
    Subject: "Amazon SES Email Event Notification",
    Message: JSON.stringify(delivery()),
    Timestamp: new Date().toISOString(),
    SignatureVersion: version,
    SigningCertURL: certificateUrl,
    UnsubscribeURL: "https://sns.eu-central-1.amazonaws.com/?Action=Unsubscribe&SubscriptionArn=x",
    ...changes,
  };
  const fields =
    unsigned.Type === "Notification"
      ? ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"]
      : ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"];
  const text = fields
    .filter((field) => unsigned[field] !== undefined)
    .map((field) => `${field}\n${unsigned[field]}\n`)
    .join("");
  const hash = version === "1" ? "RSA-SHA1" : "RSA-SHA256";
  const Signature = sign(hash, Buffer.from(text), privateKey).toString("base64");
  return JSON.parse(JSON.stringify({ ...unsigned, Signature })) as Notice; // without what is undefined
}

export function posted(body: Notice | string, changes: Partial<InboundRequest> = {}): InboundRequest {
  return {
    rawBody: Buffer.from(typeof body === "string" ? body : JSON.stringify(body)),
    headers: { "content-type": "text/plain; charset=UTF-8" },
    url: "https://api.clinic.test/v1/webhooks/ses",
    integrationId: null,
    ...changes,
  };
}

const mail = {
  messageId: "0107018f0000aaaa-11111111-2222-3333-4444-555555555555-000000",
  timestamp: "2027-03-08T07:00:00.000Z",
  source: "no-reply@clinic.test",
  destination: ["stefan@people.test"],
};

/** What SES publishes, after the examples in its documentation. */
export function delivery() {
  return {
    eventType: "Delivery",
    mail,
    delivery: { timestamp: "2027-03-08T07:00:02.000Z", recipients: ["stefan@people.test"] },
  };
}

export function bounce(bounceType: string, bounceSubType: string, status?: string) {
  const bouncedRecipients = [
    {
      emailAddress: "stefan@people.test",
      action: "failed",
      ...(status && { status }),
      diagnosticCode: "smtp; 550 5.1.1 <stefan@people.test>... User unknown",
    },
  ];
  const timestamp = "2027-03-08T07:00:03.000Z";
  const details = { bounceType, bounceSubType, bouncedRecipients, timestamp, feedbackId: "f" };
  return { eventType: "Bounce", mail, bounce: details };
}

export function complaint(complaintFeedbackType?: string) {
  const timestamp = "2027-03-09T07:00:00.000Z";
  const complainedRecipients = [{ emailAddress: "stefan@people.test" }];
  return {
    eventType: "Complaint",
    mail,
    complaint: { complainedRecipients, timestamp, ...(complaintFeedbackType && { complaintFeedbackType }) },
  };
}

export const other = (eventType: string) => ({ eventType, mail });
