import { verify, type X509Certificate } from "node:crypto";
import { z } from "zod";
import { type VerifiedDelivery, WebhookRefused, type WebhookVerifier } from "./port.ts";
import { readText } from "./read_text.ts";
import { askSns } from "./sns_ask.ts";
import { NoCertificate, snsCertificates } from "./sns_certificates.ts";

export type SnsSettings = {
  /** The topics that are ours; nothing else is believed, however well it is signed. */
  topicArns: readonly string[];
  /** How old a notice may be. SNS delivers late after an outage of ours; what it delivers twice is a duplicate. */
  maxAgeMs?: number;
  /** Asks a URL of SNS; instead of the network, for tests. */
  ask?: (url: string) => Promise<string>;
  now?: () => number;
};

/** `arn:aws:sns:eu-central-1:123456789012:ses-events` */
export const topicArn = z
  .string()
  .regex(/^arn:aws(-cn|-us-gov)?:sns:[a-z]{2}(-[a-z]+)+-\d:\d{12}:[\w-]{1,256}(\.fifo)?$/);

const envelope = z.looseObject({
  Type: z.enum(["Notification", "SubscriptionConfirmation", "UnsubscribeConfirmation"]),
  MessageId: z.string().min(1).max(100),
  TopicArn: z.string(),
  Message: z.string(),
  Subject: z.string().nullish(),
  Timestamp: z.iso.datetime({ offset: true }),
  SignatureVersion: z.enum(["1", "2"]),
  Signature: z.base64(),
  SigningCertURL: z.string(),
  Token: z.string().optional(),
  SubscribeURL: z.string().optional(),
});
type Envelope = z.output<typeof envelope>;

const signedFields = {
  Notification: ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"],
  SubscriptionConfirmation: [
    "Message",
    "MessageId",
    "SubscribeURL",
    "Timestamp",
    "Token",
    "TopicArn",
    "Type",
  ],
  UnsubscribeConfirmation: ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"],
} as const;

const instant = z.iso.datetime({ offset: true }).transform((text) => new Date(text));

/** The envelope's own words for what SES says in it. */
const sesEvent = z.looseObject({
  eventType: z.string().max(100).optional(),
  notificationType: z.string().max(100).optional(),
  bounce: z.looseObject({ timestamp: instant.optional() }).optional(),
  complaint: z.looseObject({ timestamp: instant.optional() }).optional(),
  delivery: z.looseObject({ timestamp: instant.optional() }).optional(),
});

/**
 * What SES says of mails, by SNS over https (FND-25). The signature is over the fields, so the same notice in
 * another order of keys is the same notice. A certificate is believed because it comes from SNS of the
 * topic's own region, over TLS; a subscription to one of our topics is confirmed there, too.
 */
export function sesWebhooks({
  topicArns,
  maxAgeMs = 24 * 60 * 60_000,
  ask = askSns,
  now = Date.now,
}: SnsSettings): WebhookVerifier {
  const certificateAt = snsCertificates(ask, now);

  return {
    provider: "ses",

    async verify({ rawBody, integrationId }) {
      if (integrationId !== null) throw new WebhookRefused("body_malformed"); // the topics are the platform's
      const notice = read(envelope, readText(rawBody));
      if (!notice) throw new WebhookRefused("body_malformed");
      if (!topicArns.includes(notice.TopicArn)) throw new WebhookRefused("signature_invalid");

      const certificate = await certificateOf(notice, certificateAt);
      if (!isSignedBy(certificate, notice, now())) throw new WebhookRefused("signature_invalid");
      if (now() - Date.parse(notice.Timestamp) > maxAgeMs) throw new WebhookRefused("timestamp_too_old");

      if (notice.Type === "SubscriptionConfirmation") await ask(confirmationUrl(notice));
      return notice.Type === "Notification" ? deliveryOf(notice) : null;
    },
  };
}

async function certificateOf(
  { SigningCertURL, TopicArn }: Envelope,
  certificateAt: (url: string) => Promise<X509Certificate>,
): Promise<X509Certificate> {
  const name = /^\/SimpleNotificationService-[0-9a-f]{32}\.pem$/;
  const origin = originOf(TopicArn);
  const isTheirs = SigningCertURL.startsWith(origin) && name.test(SigningCertURL.slice(origin.length));
  if (!isTheirs) throw new WebhookRefused("signature_invalid");
  try {
    return await certificateAt(SigningCertURL);
  } catch (error) {
    // Whoever could not be asked may be asked again: SNS tries later.
    throw error instanceof NoCertificate ? new WebhookRefused("signature_invalid") : error;
  }
}

function isSignedBy(certificate: X509Certificate, notice: Envelope, now: number): boolean {
  if (now > certificate.validToDate.getTime() || now < certificate.validFromDate.getTime()) return false;
  const text = signedFields[notice.Type]
    .filter((field) => notice[field] !== undefined && notice[field] !== null)
    .map((field) => `${field}\n${notice[field]}\n`)
    .join("");
  const hash = notice.SignatureVersion === "1" ? "RSA-SHA1" : "RSA-SHA256";
  return verify(hash, Buffer.from(text), certificate.publicKey, Buffer.from(notice.Signature, "base64"));
}

/** `https://sns.<region of the topic>.amazonaws.com` */
function originOf(topic: string): string {
  const [, partition, , region] = topic.split(":");
  return `https://sns.${region}.amazonaws.com${partition === "aws-cn" ? ".cn" : ""}`;
}

/** Written by us, so that no address but this one is ever visited. */
function confirmationUrl({ TopicArn, Token = "" }: Envelope): string {
  const query = new URLSearchParams({ Action: "ConfirmSubscription", TopicArn, Token });
  return `${originOf(TopicArn)}/?${query}`;
}

function deliveryOf(notice: Envelope): VerifiedDelivery | null {
  const event = read(sesEvent, notice.Message);
  if (!event) return null; // a line of text that SES sends when a topic is connected
  const type = event.eventType ?? event.notificationType ?? "unknown";
  const { bounce, complaint, delivery } = event;
  const occurredAt = (bounce ?? complaint ?? delivery)?.timestamp ?? new Date(notice.Timestamp);
  return { eventId: notice.MessageId, type, occurredAt };
}

function read<T>(schema: z.ZodType<T>, text: string): T | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
