import { z } from "zod";
import { together } from "../../runtime/config_error.ts";
import { readVariable, type Variable } from "../../runtime/environment/variable.ts";
import { CredentialsRefused } from "../failures.ts";
import { isAllowedHost, type Reach } from "../outbound/index.ts";
import { remembered } from "../remembered.ts";
import type { NoteUse, ResolvedProvider, ResolveProvider } from "../resolve.ts";
import { AccountUnfit, MailDelayed, type Mailer, type SenderProblem } from "./port.ts";
import { sesMailer } from "./ses.ts";
import { smtpMailer, smtpUrl } from "./smtp.ts";

export type { Mailer, SenderProblem } from "./port.ts";
export { AccountUnfit, MailDelayed, MailRefused } from "./port.ts";

export type Mailers = {
  /** The mailer that writes in a clinic's name, from the clinic's own address where it has one. */
  for(organizationId: string): Promise<Mailer>;
  /** What keeps the platform's own mailer from sending; null when nothing does. */
  check(): Promise<SenderProblem | null>;
  close(): void;
};

type MailerFrom = (from?: string) => Mailer;

const address = z.email();
const region = z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/);

/** What the platform's own account asks for. */
const variables = {
  EMAIL_PROVIDER: { schema: z.enum(["smtp", "ses"]), expects: "smtp or ses" },
  EMAIL_FROM: { schema: address, expects: "the address mails come from" },
  SMTP_URL: { schema: z.string().regex(/^smtps?:\/\/[^/]+/), expects: "an smtp:// or smtps:// URL" },
  SES_REGION: { schema: region, expects: "an AWS region" },
  SES_ENDPOINT: { schema: z.url(), expects: "a URL" },
} as const satisfies Record<string, Variable>;

/**
 * Chooses the vendor by environment (FND-15): EMAIL_PROVIDER smtp (SMTP_URL) or ses (SES_REGION,
 * SES_CONFIGURATION_SET, SES_ENDPOINT), and EMAIL_FROM. Without any: the embedded mailbox. A clinic's own
 * sender or account comes from the resolver (FND-22); `noteUse` hears whether it was taken (FND-23).
 */
export function mailersFrom(
  env: NodeJS.ProcessEnv,
  resolve?: ResolveProvider,
  noteUse: NoteUse = (_, use) => use,
): Mailers {
  const platformFrom = platformMailers(env);
  const platform = platformFrom();
  const own = remembered<Mailer>(200, (mailer) => mailer.close());
  return {
    async for(organizationId) {
      const resolved = await resolve?.("email", organizationId);
      if (!resolved) return platform;
      if (resolved.credentials) {
        const mailer = own.get(resolved, () => ownMailer(env, resolved));
        return {
          ...mailer,
          integrationId: resolved.integrationId,
          send: (mail, options) => noteUse(resolved.integrationId, mailer.send(mail, options)),
        };
      }
      const { sender: from } = ownSettings.parse(resolved.settings);
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
  const [provider, from] = together(
    () => readVariable(env, "EMAIL_PROVIDER", variables.EMAIL_PROVIDER, "smtp"),
    () =>
      readVariable(
        env,
        "EMAIL_FROM",
        variables.EMAIL_FROM,
        production ? undefined : "no-reply@restartix.localhost",
      ),
    () => env.EMAIL_PROVIDER === "ses" || platformSmtpUrl(env),
    () => env.EMAIL_PROVIDER !== "ses" || sesRegion(env),
  );
  if (provider === "smtp") {
    const smtp = platformSmtpUrl(env);
    return (own = from) => smtpMailer({ from: own, url: smtp });
  }
  const account = {
    region: sesRegion(env),
    ...(env.SES_CONFIGURATION_SET ? { configurationSet: env.SES_CONFIGURATION_SET } : {}),
    ...endpoint(env),
  };
  return (own = from) => sesMailer({ ...account, from: own });
}

function platformSmtpUrl(env: NodeJS.ProcessEnv): string {
  const embedded = env.APP_MODE === "production" ? undefined : "smtp://127.0.0.1:4025";
  return readVariable(env, "SMTP_URL", variables.SMTP_URL, embedded);
}

function sesRegion(env: NodeJS.ProcessEnv): string {
  return readVariable(env, "SES_REGION", variables.SES_REGION, env.AWS_REGION);
}

const ownSettings = z.looseObject({ sender: address.optional() });

const ownSes = z.object({
  settings: z.looseObject({ sender: address, region, configurationSet: z.string().optional() }),
  credentials: z.looseObject({ accessKeyId: z.string().min(1), secretAccessKey: z.string().min(1) }),
});

const ownSmtp = z.object({
  settings: z.looseObject({
    sender: address,
    // What is a host, readHost says.
    host: z.string().min(1),
    port: z.coerce.number().int().min(1).max(65_535),
  }),
  credentials: z.looseObject({ username: z.string().min(1), password: z.string().min(1) }),
});

/** Keys that are missing are refused keys; everything else is the address, or not there. */
function unfit({ issues }: z.ZodError, message: string): Error {
  if (issues.some(({ path }) => path[0] === "credentials")) return new CredentialsRefused(message);
  const isAddress = issues.some(({ path }) => path[1] === "port" || path[1] === "region");
  return new AccountUnfit(isAddress ? "address_not_allowed" : "settings_incomplete", message);
}

/** A clinic's own account. Throws CredentialsRefused when its keys are not whole, AccountUnfit when it leads nowhere. */
export function ownMailer(env: NodeJS.ProcessEnv, account: Omit<ResolvedProvider, "integrationId">): Mailer {
  if (account.provider === "ses") {
    const { success, data, error } = ownSes.safeParse(account);
    if (!success)
      throw unfit(error, "ses: the account needs sender, region, accessKeyId and secretAccessKey");
    const { sender, region, configurationSet } = data.settings;
    const { accessKeyId, secretAccessKey } = data.credentials;
    return sesMailer({
      from: sender,
      region,
      credentials: { accessKeyId, secretAccessKey },
      ...(configurationSet && { configurationSet }),
      ...endpoint(env),
    });
  }
  if (account.provider === "smtp") {
    const { success, data, error } = ownSmtp.safeParse(account);
    if (!success) throw unfit(error, "smtp: the account needs sender, host, port, username and password");
    const { sender, host, port } = data.settings;
    // The clinic chose the server: it must not be one of our own network.
    const reach: Reach = env.APP_MODE === "production" ? "public" : "here";
    if (!isAllowedHost(host, reach)) {
      throw new AccountUnfit("address_not_allowed", "smtp: the server is not at a public address");
    }
    const url = smtpUrl({ host, port, ...data.credentials });
    return smtpMailer({ from: sender, url, outbound: { reach } });
  }
  throw new MailDelayed(`email: there is no adapter for ${account.provider}`);
}

/** SES_ENDPOINT: another server that speaks SES. */
function endpoint(env: NodeJS.ProcessEnv): { endpoint?: string } {
  return env.SES_ENDPOINT ? { endpoint: readVariable(env, "SES_ENDPOINT", variables.SES_ENDPOINT) } : {};
}
