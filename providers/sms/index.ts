import { z } from "zod";
import { ConfigError } from "../../runtime/config_error.ts";
import { readVariable } from "../../runtime/environment/variable.ts";
import { CredentialsRefused } from "../failures.ts";
import { mailboxAccount, mailboxSender } from "../mailbox/account.ts";
import { publicUrl, webhookUrl } from "../public_url.ts";
import { remembered } from "../remembered.ts";
import type { NoteUse, ResolveProvider } from "../resolve.ts";
import { type TextMessenger, type TextMessengers, TextRefused } from "./port.ts";
import { type TwilioSettings, twilioMessenger } from "./twilio.ts";
import type { TwilioAccount } from "./twilio_client.ts";

export type { TextMessengers } from "./port.ts";

type Channel = TextMessenger["channel"];
type Sender = TwilioSettings["sender"];

/** The platform's own account, and who its texts come from; a channel without a sender is not offered. */
export type PlatformTexts = { account: TwilioAccount; senders: Partial<Record<Channel, Sender>> };

const sid = (prefix: string) => z.string().regex(new RegExp(`^${prefix}[0-9a-f]{32}$`, "i"));
/** A number in E.164, a short code, or the name of a sender where the country allows one. */
const senderName = z.string().regex(/^(\+[1-9]\d{6,14}|\d{3,8}|(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11})$/);
const number = z.string().regex(/^\+[1-9]\d{6,14}$/);

/**
 * Chooses who carries texts (FND-15, FND-22). A clinic's own account or sender comes from the resolver; all
 * others use the platform's: TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN (TWILIO_API_KEY_SID and _SECRET where
 * requests are signed by a key), TWILIO_MESSAGING_SERVICE_SID or TWILIO_SMS_FROM, TWILIO_WHATSAPP_FROM.
 * Without any, outside production: the embedded mailbox, which speaks Twilio's protocol. `noteUse` hears whether
 * a clinic's own account was taken (FND-23).
 */
export function textMessengersFrom(
  env: NodeJS.ProcessEnv,
  resolve?: ResolveProvider,
  noteUse: NoteUse = (_, use) => use,
): TextMessengers {
  const platform = platformTexts(env);
  const base = platform && publicUrl(env);
  const messengers = remembered<TextMessenger>(200);

  return {
    async for(organizationId, channel) {
      const resolved = await resolve?.(channel, organizationId);
      if (resolved?.credentials && resolved.provider !== "twilio") {
        return silent(channel, `${channel}: there is no adapter for ${resolved.provider}`);
      }
      const account = resolved?.credentials ? ownTwilio(resolved.credentials, env) : platform?.account;
      const own = ownSender(resolved?.settings ?? {}, channel);
      // A sender belongs to its account: the platform's is none in a clinic's own.
      const sender = own ?? (resolved?.credentials ? undefined : platform?.senders[channel]);
      if (!account || !sender) return silent(channel, `${channel}: no sender is set up`);

      const statusCallback = webhookUrl(base ?? publicUrl(env), "twilio", resolved?.integrationId ?? null);
      const settings = { channel, account, sender, statusCallback };
      const integrationId = resolved?.integrationId ?? null;
      const messenger = messengers.get(settings, () => twilioMessenger(settings));
      return {
        ...messenger,
        integrationId,
        send: (message, options) => noteUse(integrationId, messenger.send(message, options)),
      };
    },
  };
}

/** The platform's account as the environment names it; null where production has none. */
export function platformTexts(env: NodeJS.ProcessEnv): PlatformTexts | null {
  if (!env.TWILIO_ACCOUNT_SID) {
    if (env.APP_MODE === "production") return null;
    const sender = { from: mailboxSender };
    return { account: mailboxAccount(env), senders: { sms: sender, whatsapp: sender } };
  }

  const read = <T>(name: string, schema: z.ZodType<T>, expects: string) =>
    readVariable(env, name, { schema, expects });
  const account: TwilioAccount = {
    accountSid: read("TWILIO_ACCOUNT_SID", sid("AC"), "an account SID (AC…)"),
    authToken: read("TWILIO_AUTH_TOKEN", z.string().min(16), "the account's auth token"),
    ...(env.TWILIO_API_KEY_SID && {
      apiKey: {
        sid: read("TWILIO_API_KEY_SID", sid("SK"), "an API key SID (SK…)"),
        secret: read("TWILIO_API_KEY_SECRET", z.string().min(16), "the secret of TWILIO_API_KEY_SID"),
      },
    }),
    ...apiUrl(env),
  };
  const senders: PlatformTexts["senders"] = {};
  if (env.TWILIO_MESSAGING_SERVICE_SID) {
    const service = read("TWILIO_MESSAGING_SERVICE_SID", sid("MG"), "a Messaging Service SID (MG…)");
    senders.sms = { messagingServiceSid: service };
  } else if (env.TWILIO_SMS_FROM) {
    senders.sms = { from: read("TWILIO_SMS_FROM", senderName, "a sender's number or name") };
  }
  if (env.TWILIO_WHATSAPP_FROM) {
    senders.whatsapp = { from: read("TWILIO_WHATSAPP_FROM", number, "a number such as +40312345678") };
  }
  if (!senders.sms && !senders.whatsapp) {
    throw new ConfigError(
      "TWILIO_SMS_FROM must be a sender's number or name, or set TWILIO_MESSAGING_SERVICE_SID or TWILIO_WHATSAPP_FROM.",
    );
  }
  return { account, senders };
}

const ownSettings = z.looseObject({
  smsSender: z.string().optional(),
  whatsappSender: z.string().optional(),
  messagingServiceSid: z.string().optional(),
});

function ownSender(settings: Record<string, unknown>, channel: Channel): Sender | undefined {
  const { smsSender, whatsappSender, messagingServiceSid } = ownSettings.parse(settings);
  if (channel === "whatsapp") return whatsappSender ? { from: whatsappSender } : undefined;
  if (messagingServiceSid) return { messagingServiceSid };
  return smsSender ? { from: smsSender } : undefined;
}

const ownCredentials = z.looseObject({ accountSid: sid("AC"), authToken: z.string().min(1) });

/** The account that a clinic entered. Throws CredentialsRefused when it is not whole. */
export function ownTwilio(credentials: Record<string, string>, env: NodeJS.ProcessEnv): TwilioAccount {
  const { success, data } = ownCredentials.safeParse(credentials);
  if (!success) throw new CredentialsRefused("twilio: the account needs accountSid and authToken");
  return { accountSid: data.accountSid, authToken: data.authToken, ...apiUrl(env) };
}

/** TWILIO_API_URL: another server that speaks Twilio's protocol. */
function apiUrl(env: NodeJS.ProcessEnv): { apiUrl?: string } {
  if (!env.TWILIO_API_URL) return {};
  // The account's token goes there: never over the network in the clear.
  const protocol = env.APP_MODE === "production" ? /^https$/ : /^https?$/;
  const another = { schema: z.url({ protocol }), expects: "an https URL" };
  return { apiUrl: readVariable(env, "TWILIO_API_URL", another) };
}

/** A clinic that cannot text at all: every text is refused, and says why. */
function silent(channel: Channel, reason: string): TextMessenger {
  return { channel, send: () => Promise.reject(new TextRefused(reason)) };
}
