import { z } from "zod";
import { ConfigError } from "../../server/config.ts";
import type { Mailer } from "./port.ts";
import { sesMailer } from "./ses.ts";
import { smtpMailer } from "./smtp.ts";

export type { Accepted, Invitation, Mail, Mailbox, Mailer } from "./port.ts";
export { MailDelayed, MailRefused } from "./port.ts";

/** The mailer that writes in a clinic's name. */
export type Mailers = { for(organizationId: string): Mailer; close(): void };

const address = z.email();
const url = z.string().regex(/^smtps?:\/\/[^/]+/);

/**
 * Chooses the vendor by environment (FND-15): EMAIL_PROVIDER smtp (SMTP_URL) or ses (SES_REGION,
 * SES_CONFIGURATION_SET, SES_ENDPOINT), and EMAIL_FROM. Without any: the embedded mailbox.
 * One mailer for all clinics today; a clinic's own sender is looked up here when there is one.
 */
export function mailersFrom(env: NodeJS.ProcessEnv): Mailers {
  const mailer = mailerFrom(env);
  return { for: () => mailer, close: () => mailer.close() };
}

function mailerFrom(env: NodeJS.ProcessEnv): Mailer {
  const production = env.APP_MODE === "production";
  const provider = read(env, "EMAIL_PROVIDER", z.enum(["smtp", "ses"]), "smtp or ses", "smtp");
  const from = read(
    env,
    "EMAIL_FROM",
    address,
    "the address mails come from",
    production ? undefined : "no-reply@restartix.localhost",
  );
  if (provider === "smtp") {
    const embedded = production ? undefined : "smtp://127.0.0.1:4025";
    return smtpMailer({ from, url: read(env, "SMTP_URL", url, "an smtp:// or smtps:// URL", embedded) });
  }
  return sesMailer({
    from,
    region: read(
      env,
      "SES_REGION",
      z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/),
      "an AWS region",
      env.AWS_REGION,
    ),
    ...(env.SES_CONFIGURATION_SET ? { configurationSet: env.SES_CONFIGURATION_SET } : {}),
    ...(env.SES_ENDPOINT ? { endpoint: read(env, "SES_ENDPOINT", z.url(), "a URL") } : {}),
  });
}

function read<T extends string>(
  env: NodeJS.ProcessEnv,
  name: string,
  schema: z.ZodType<T>,
  expects: string,
  fallback?: string,
): T {
  const parsed = schema.safeParse(env[name] || fallback);
  if (!parsed.success) throw new ConfigError(`${name} must be ${expects}.`);
  return parsed.data;
}
