import { z } from "zod";
import { CredentialsRefused } from "../failures.ts";
import { remembered } from "../remembered.ts";
import type { ResolvedProvider, ResolveProvider } from "../resolve.ts";
import { readSetting } from "../setting.ts";
import { MailDelayed, type Mailer } from "./port.ts";
import { sesMailer } from "./ses.ts";
import { smtpMailer } from "./smtp.ts";

export type { Accepted, Invitation, Mail, Mailbox, Mailer } from "./port.ts";
export { MailDelayed, MailRefused } from "./port.ts";

export type Mailers = {
  /** The mailer that writes in a clinic's name, from the clinic's own address where it has one. */
  for(organizationId: string): Promise<Mailer>;
  /** What keeps the platform's own mailer from sending; null when nothing does. */
  check(): Promise<string | null>;
  close(): void;
};

type MailerFrom = (from?: string) => Mailer;

const address = z.email();
const url = z.string().regex(/^smtps?:\/\/[^/]+/);
const region = z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/);

/**
 * Chooses the vendor by environment (FND-15): EMAIL_PROVIDER smtp (SMTP_URL) or ses (SES_REGION,
 * SES_CONFIGURATION_SET, SES_ENDPOINT), and EMAIL_FROM. Without any: the embedded mailbox. A clinic's own
 * sender or account comes from the resolver (FND-22).
 */
export function mailersFrom(env: NodeJS.ProcessEnv, resolve?: ResolveProvider): Mailers {
  const platformFrom = platformMailers(env);
  const platform = platformFrom();
  const own = remembered<Mailer>(200, (mailer) => mailer.close());
  return {
    async for(organizationId) {
      const resolved = await resolve?.("email", organizationId);
      if (!resolved) return platform;
      const { from } = ownSettings.parse(resolved.settings);
      if (resolved.credentials) return own.get(resolved, () => ownMailer(env, resolved));
      return from && from !== platform.from ? own.get(from, () => platformFrom(from)) : platform;
    },
    check: () => platform.check(),
    close() {
      platform.close();
      own.clear();
    },
  };
}

/** The platform's account, with its own address or a clinic's that it may write from. */
function platformMailers(env: NodeJS.ProcessEnv): MailerFrom {
  const production = env.APP_MODE === "production";
  const provider = readSetting(env, "EMAIL_PROVIDER", z.enum(["smtp", "ses"]), "smtp or ses", "smtp");
  const from = readSetting(
    env,
    "EMAIL_FROM",
    address,
    "the address mails come from",
    production ? undefined : "no-reply@restartix.localhost",
  );
  if (provider === "smtp") {
    const embedded = production ? undefined : "smtp://127.0.0.1:4025";
    const smtp = readSetting(env, "SMTP_URL", url, "an smtp:// or smtps:// URL", embedded);
    return (own = from) => smtpMailer({ from: own, url: smtp });
  }
  const account = {
    region: readSetting(env, "SES_REGION", region, "an AWS region", env.AWS_REGION),
    ...(env.SES_CONFIGURATION_SET ? { configurationSet: env.SES_CONFIGURATION_SET } : {}),
    ...endpoint(env),
  };
  return (own = from) => sesMailer({ ...account, from: own });
}

const ownSettings = z.looseObject({ from: address.optional() });

const ownSes = z.object({
  settings: z.looseObject({ from: address, region, configurationSet: z.string().optional() }),
  credentials: z.looseObject({ accessKeyId: z.string().min(1), secretAccessKey: z.string().min(1) }),
});

const ownSmtp = z.object({
  settings: z.looseObject({ from: address }),
  credentials: z.looseObject({ url }),
});

/** A clinic's own account. */
function ownMailer(env: NodeJS.ProcessEnv, resolved: ResolvedProvider): Mailer {
  if (resolved.provider === "ses") {
    const { success, data } = ownSes.safeParse(resolved);
    if (!success)
      throw new CredentialsRefused("ses: the account needs from, region, accessKeyId and secretAccessKey");
    const { from, region, configurationSet } = data.settings;
    return sesMailer({
      from,
      region,
      credentials: data.credentials,
      ...(configurationSet && { configurationSet }),
      ...endpoint(env),
    });
  }
  if (resolved.provider === "smtp") {
    const { success, data } = ownSmtp.safeParse(resolved);
    if (!success) throw new CredentialsRefused("smtp: the account needs from and url");
    return smtpMailer({ from: data.settings.from, url: data.credentials.url });
  }
  throw new MailDelayed(`email: there is no adapter for ${resolved.provider}`);
}

/** SES_ENDPOINT: another server that speaks SES. */
function endpoint(env: NodeJS.ProcessEnv): { endpoint?: string } {
  return env.SES_ENDPOINT ? { endpoint: readSetting(env, "SES_ENDPOINT", z.url(), "a URL") } : {};
}
