import { X509Certificate } from "node:crypto";
import { beforeEach, describe, expect, test } from "vitest";
import {
  bounce,
  certificate,
  certificateUrl,
  complaint,
  delivery,
  type Notice,
  notice,
  other,
  posted,
  topic,
} from "./sns_topic.ts";
import { forgetSns, newVerifier, outcome, refused, sns } from "./sns_verifier.ts";

beforeEach(forgetSns);

describe("a notice of SES is believed when SNS signed it (FND-15, FND-25)", () => {
  test.each(["1", "2"] as const)("signature version %s", async (version) => {
    const sent = notice({}, version);
    expect(await newVerifier().verify(posted(sent))).toEqual({
      eventId: sent.MessageId,
      type: "Delivery",
      occurredAt: new Date("2027-03-08T07:00:02.000Z"),
    });
  });

  test("without a subject, and as the older kind of notification", async () => {
    const { eventType, ...event } = delivery();
    const Message = JSON.stringify({ ...event, notificationType: eventType });
    const sent = notice({ Message, Subject: undefined });
    expect(await newVerifier().verify(posted(sent))).toMatchObject({ type: "Delivery" });
  });

  test("the same notice written in another order is the same event: what is signed are its fields", async () => {
    const sent = notice();
    const reserialised = JSON.stringify(Object.fromEntries(Object.entries(sent).reverse()), null, 2);
    expect(await newVerifier().verify(posted(reserialised))).toMatchObject({ eventId: sent.MessageId });
  });

  test("the same notice twice has the same id, whenever it comes", async () => {
    const verifier = newVerifier();
    const sent = notice();
    const [first, second] = [await verifier.verify(posted(sent)), await verifier.verify(posted(sent))];
    expect(second?.eventId).toBe(first?.eventId);
  });

  test("the certificate is fetched once, also by twenty at once", async () => {
    const verifier = newVerifier();
    await Promise.all(Array.from({ length: 20 }, () => verifier.verify(posted(notice()))));
    expect(sns.asked).toEqual([certificateUrl]);
  });
});

describe("what SES says is read as it says it (FND-15)", () => {
  const said = async (event: object | string, changes: Record<string, string> = {}) => {
    const sent = notice({ Message: typeof event === "string" ? event : JSON.stringify(event), ...changes });
    return await newVerifier().verify(posted(sent));
  };
  test("the time is the event's own, or that of the notice", async () => {
    const Timestamp = new Date(Date.now() - 60_000).toISOString();
    expect(await said(bounce("Permanent", "General"), { Timestamp })).toMatchObject({
      type: "Bounce",
      occurredAt: new Date("2027-03-08T07:00:03.000Z"),
    });
    expect(await said(complaint("abuse"), { Timestamp })).toMatchObject({
      type: "Complaint",
      occurredAt: new Date("2027-03-09T07:00:00.000Z"),
    });
    expect(await said(other("Send"), { Timestamp })).toMatchObject({
      type: "Send",
      occurredAt: new Date(Timestamp),
    });
    expect(await said({ eventType: "Bounce", bounce: {} }, { Timestamp })).toMatchObject({
      occurredAt: new Date(Timestamp),
    });
  });
  test("an event without a kind is of an unknown one, and one of a kind without end is none", async () => {
    expect(await said({})).toMatchObject({ type: "unknown" });
    for (const kind of ["eventType", "notificationType"]) {
      expect(await said({ [kind]: "k".repeat(100) })).toMatchObject({ type: "k".repeat(100) });
      expect(await said({ [kind]: "k".repeat(101) })).toBeNull();
    }
  });
  test("the id of a notice has 1 to 100 characters", async () => {
    for (const MessageId of ["m", "m".repeat(100)]) {
      expect(await said(delivery(), { MessageId })).toMatchObject({ eventId: MessageId });
    }
    for (const MessageId of ["", "m".repeat(101)]) {
      expect(await outcome(said(delivery(), { MessageId }))).toEqual(refused("body_malformed"));
    }
  });
  test("times may be written with their distance from UTC", async () => {
    const Timestamp = new Date().toISOString().replace("Z", "+00:00");
    const event = { eventType: "Bounce", bounce: { timestamp: "2027-03-08T09:00:03+02:00" } };
    expect(await said(event, { Timestamp })).toMatchObject({
      occurredAt: new Date("2027-03-08T07:00:03.000Z"),
    });
  });
  test("an event in the end of a subscription is none", async () => {
    expect(await said(delivery(), { Type: "UnsubscribeConfirmation", Token: "t" })).toBeNull();
  });
  test("a subject that is null is none", async () => {
    const sent = notice({ Subject: undefined });
    expect(await newVerifier().verify(posted(JSON.stringify({ ...sent, Subject: null })))).not.toBeNull();
  });
  test("in China, SNS has another name", async () => {
    const china = "arn:aws-cn:sns:cn-north-1:123456789012:ses-events";
    const at = (origin: string) =>
      notice({ TopicArn: china, SigningCertURL: certificateUrl.replace(/^https:..[^/]*/, origin) });
    const verifier = newVerifier({ topicArns: [topic, china] });
    expect(await verifier.verify(posted(at("https://sns.cn-north-1.amazonaws.com.cn")))).not.toBeNull();
    expect(await outcome(verifier.verify(posted(at("https://sns.cn-north-1.amazonaws.com"))))).toEqual(
      refused("signature_invalid"),
    );
  });
  test("for a day, to the millisecond", async () => {
    const sent = notice();
    const at = (ms: number) => newVerifier({ now: () => Date.parse(sent.Timestamp ?? "") + ms });
    expect(await at(24 * 3_600_000).verify(posted(sent))).not.toBeNull();
    expect(await outcome(at(24 * 3_600_000 + 1).verify(posted(sent)))).toEqual(refused("timestamp_too_old"));
  });
  test("while the certificate is good, to the millisecond", async () => {
    const { validFromDate, validToDate } = new X509Certificate(certificate);
    const at = (moment: number) => {
      const sent = posted(notice({ Timestamp: new Date(moment).toISOString() }));
      return outcome(newVerifier({ now: () => moment }).verify(sent));
    };
    for (const moment of [validFromDate, validToDate]) {
      expect(await at(moment.getTime())).toMatchObject({ type: "Delivery" });
    }
    for (const moment of [validFromDate.getTime() - 1, validToDate.getTime() + 1]) {
      expect(await at(moment)).toEqual(refused("signature_invalid"));
    }
  });
});

describe("whatever else comes is refused (FND-25)", () => {
  const tampered: [string, (sent: Notice) => Notice][] = [
    ["another message", (sent) => ({ ...sent, Message: JSON.stringify({ eventType: "Bounce" }) })],
    ["another id", (sent) => ({ ...sent, MessageId: "another" })],
    ["another time", (sent) => ({ ...sent, Timestamp: "2020-01-01T00:00:00.000Z" })],
    ["another subject", (sent) => ({ ...sent, Subject: "another" })],
    ["another kind", (sent) => ({ ...sent, Type: "SubscriptionConfirmation", Token: "t" })],
    ["another signature", (sent) => ({ ...sent, Signature: Buffer.alloc(256).toString("base64") })],
    ["another version of the signature", (sent) => ({ ...sent, SignatureVersion: "1" })],
  ];
  test.each(tampered)("a tampered notice: %s", async (_, tamper) => {
    expect(await outcome(newVerifier().verify(posted(tamper(notice()))))).toEqual(
      refused("signature_invalid"),
    );
  });

  test("a notice that is old, though well signed", async () => {
    const yesterday = new Date(Date.now() - 25 * 60 * 60_000).toISOString();
    expect(await outcome(newVerifier().verify(posted(notice({ Timestamp: yesterday }))))).toEqual(
      refused("timestamp_too_old"),
    );
    const lately = new Date(Date.now() - 2 * 60 * 60_000).toISOString();
    expect(await newVerifier().verify(posted(notice({ Timestamp: lately })))).not.toBeNull();
  });

  test("a topic that is not ours, well signed by SNS, and nobody is asked for its certificate", async () => {
    const theirs = notice({ TopicArn: "arn:aws:sns:eu-central-1:999999999999:ses-events" });
    expect(await outcome(newVerifier().verify(posted(theirs)))).toEqual(refused("signature_invalid"));
    expect(sns.asked).toEqual([]);
  });

  test.each([
    "http://sns.eu-central-1.amazonaws.com/SimpleNotificationService-0123456789abcdef0123456789abcdef.pem",
    "https://sns.eu-central-1.amazonaws.com.evil.test/SimpleNotificationService-0123456789abcdef0123456789abcdef.pem",
    "https://sns.eu-central-1.amazonaws.com@evil.test/SimpleNotificationService-0123456789abcdef0123456789abcdef.pem",
    "https://evil.test/SimpleNotificationService-0123456789abcdef0123456789abcdef.pem",
    "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0123456789abcdef0123456789abcdef.pem",
    "https://bucket.s3.amazonaws.com/SimpleNotificationService-0123456789abcdef0123456789abcdef.pem",
    "https://sns.eu-central-1.amazonaws.evl/SimpleNotificationService-0123456789abcdef0123456789abcdef.pem",
    "https://sns.eu-central-1.amazonaws.com/evil.pem",
    "https://sns.eu-central-1.amazonaws.com/SimpleNotificationService-0123456789abcdef0123456789abcdef.pem?x=1",
    "https://sns.eu-central-1.amazonaws.com/../SimpleNotificationService-0123456789abcdef0123456789abcdef.pem",
  ])("a certificate from %s is never fetched", async (SigningCertURL) => {
    const sent = notice({ SigningCertURL });
    expect(await outcome(newVerifier().verify(posted(sent)))).toEqual(refused("signature_invalid"));
    expect(sns.asked).toEqual([]);
  });

  test.each(["", "{", "[]", '"text"', "{}", JSON.stringify({ Type: "Notification" })])(
    "a body that is none: %j",
    async (body) => {
      expect(await outcome(newVerifier().verify(posted(body)))).toEqual(refused("body_malformed"));
    },
  );

  test("bytes that are no text", async () => {
    const sent = posted(notice());
    const rawBody = Buffer.concat([sent.rawBody.subarray(0, -1), Buffer.from([0xff, 0x7d])]);
    expect(await outcome(newVerifier().verify({ ...sent, rawBody }))).toEqual(refused("body_malformed"));
  });

  test("a notice at a clinic's address", async () => {
    const integrationId = "0190c0de-0000-7000-8000-00000000000d";
    expect(await outcome(newVerifier().verify(posted(notice(), { integrationId })))).toEqual(
      refused("body_malformed"),
    );
  });

  test("a certificate that has run out", async () => {
    const now = () => Date.parse("2130-01-01T00:00:00Z");
    const sent = posted(notice({ Timestamp: "2130-01-01T00:00:00.000Z" }));
    expect(await outcome(newVerifier({ now }).verify(sent))).toEqual(refused("signature_invalid"));
  });
});

describe("a topic of ours is subscribed by itself (FND-25)", () => {
  const confirmation = (changes: Notice = {}) =>
    notice({
      Subject: undefined,
      Type: "SubscriptionConfirmation",
      Message: "You have chosen to subscribe to the topic.",
      Token: "token-of-sns",
      SubscribeURL: "https://evil.test/?Action=ConfirmSubscription",
      ...changes,
    });

  test("at an address that we write ourselves, whatever the notice says", async () => {
    expect(await newVerifier().verify(posted(confirmation()))).toBeNull();
    expect(sns.asked).toEqual([
      certificateUrl,
      `https://sns.eu-central-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=${encodeURIComponent(topic)}&Token=token-of-sns`,
    ]);
  });

  test("not for another topic, and not without a signature", async () => {
    const theirs = confirmation({ TopicArn: "arn:aws:sns:eu-central-1:999999999999:evil" });
    expect(await outcome(newVerifier().verify(posted(theirs)))).toEqual(refused("signature_invalid"));
    const forged = { ...confirmation(), Token: "forged" };
    expect(await outcome(newVerifier().verify(posted(forged)))).toEqual(refused("signature_invalid"));
    expect(sns.asked.filter((url) => url.includes("ConfirmSubscription"))).toEqual([]);
  });

  test("the end of a subscription and SES's greeting are genuine and of no interest", async () => {
    const end = confirmation({ Type: "UnsubscribeConfirmation" });
    expect(await newVerifier().verify(posted(end))).toBeNull();
    const greeting = notice({ Message: "Successfully validated SNS topic for Amazon SES event publishing." });
    expect(await newVerifier().verify(posted(greeting))).toBeNull();
    expect(sns.asked.filter((url) => url.includes("ConfirmSubscription"))).toEqual([]);
  });
});
