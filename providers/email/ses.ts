import { SESv2Client, SendEmailCommand } from "@aws-sdk/client-sesv2";
import { CredentialsRefused } from "../failures.ts";
import { outboundAgents } from "../outbound/index.ts";
import { compose } from "./compose.ts";
import { MailDelayed, type Mailer, MailRefused } from "./port.ts";
import { senderProblem } from "./ses_sender.ts";

export type SesSettings = {
  region: string;
  /** The address mails come from; its domain is a verified identity. */
  from: string;
  /** Collects bounces and complaints. */
  configurationSet?: string;
  /** Another endpoint than Amazon's, for tests. */
  endpoint?: string;
  /** Absent: the SDK finds them (role of the machine, environment). */
  credentials?: { accessKeyId: string; secretAccessKey: string };
  timeoutMs?: number;
};

/** Sends mail through Amazon SES v2. SES puts its own Message-ID; ours travels as the tag message-key. FND-15. */
export function sesMailer({
  region,
  from,
  configurationSet,
  endpoint,
  credentials,
  timeoutMs = 30_000,
}: SesSettings): Mailer {
  const client = new SESv2Client({
    region,
    ...(endpoint ? { endpoint } : {}),
    ...(credentials ? { credentials } : {}),
    maxAttempts: 1, // the SDK would repeat after a lost answer, and nobody would know
    requestHandler: {
      ...outboundAgents({ reach: "anywhere" }, { keepAlive: true, maxSockets: 50 }),
      connectionTimeout: timeoutMs,
      requestTimeout: timeoutMs,
      throwOnRequestTimeout: true,
    },
  });

  return {
    vendor: "ses",
    from,
    async send(mail, { key }) {
      const { raw } = await compose(mail, { from, key });
      try {
        const { MessageId } = await client.send(
          new SendEmailCommand({
            FromEmailAddress: from,
            Destination: { ToAddresses: [mail.to.address] },
            Content: { Raw: { Data: raw } },
            EmailTags: [{ Name: "message-key", Value: key }],
            ConfigurationSetName: configurationSet,
          }),
        );
        if (!MessageId) throw new MailDelayed("ses answered without a message id");
        return { vendorId: MessageId };
      } catch (error) {
        throw failure(error);
      }
    },
    check: () => senderProblem(client, from),
    close: () => client.destroy(),
  };
}

/** What is wrong with this mail. Everything else (limits, paused account, unverified domain) can be mended. */
const refusals = new Set(["MessageRejected", "BadRequestException"]);

/** What says that we are not who we say, or may not send at all. */
const refusedCredentials = new Set([
  "UnrecognizedClientException",
  "InvalidClientTokenId",
  "SignatureDoesNotMatch",
  "InvalidSignatureException",
  "AccessDeniedException",
  "AccessDenied",
  "ExpiredTokenException",
]);

/** By name only: the text of an answer quotes addresses, and the error carries the request. */
function failure(error: unknown): MailRefused | MailDelayed | CredentialsRefused {
  if (error instanceof MailDelayed) return error;
  const name = error instanceof Error ? error.name : "unknown";
  if (refusals.has(name)) return new MailRefused(`ses ${name}`);
  if (refusedCredentials.has(name)) return new CredentialsRefused(`ses ${name}`);
  return new MailDelayed(`ses ${name}`);
}
