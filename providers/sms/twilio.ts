import { CredentialsRefused } from "../failures.ts";
import { TextDelayed, type TextMessage, type TextMessenger, TextRefused } from "./port.ts";
import type { TwilioAccount, TwilioClient } from "./twilio_client.ts";
import { verdictOf } from "./twilio_codes.ts";

export type TwilioSettings = {
  channel: "sms" | "whatsapp";
  account: TwilioAccount;
  /** A number or name of the clinic, or a Messaging Service that chooses among its senders. */
  sender: { from: string } | { messagingServiceSid: string };
  /** Where Twilio tells what became of the text. */
  statusCallback?: string;
  timeoutMs?: number;
};

/** The SDK is read when an account is first used: it is a sixth of what our processes read before they begin. */
async function clientOf(account: TwilioAccount, timeoutMs: number): Promise<TwilioClient> {
  const { twilioClient } = await import("./twilio_client.ts");
  return twilioClient(account, timeoutMs);
}

type Form = Parameters<TwilioClient["messages"]["create"]>[0];

/**
 * Sends SMS and WhatsApp through Twilio (FND-15).
 *
 * Twilio remembers no keys. When an answer is lost, the account's own list tells whether the text was taken,
 * so that a retry does not send it twice; texts by template cannot be told apart there and are tried again.
 */
export function twilioMessenger({
  channel,
  account,
  sender,
  statusCallback,
  timeoutMs = 15_000,
}: TwilioSettings): TextMessenger {
  let opened: Promise<TwilioClient> | undefined;
  const address = (number: string) => (channel === "whatsapp" ? `whatsapp:${number}` : number);

  const formOf = ({ to, body, template }: TextMessage): Form => ({
    to: address(to),
    ...("from" in sender ? { from: address(sender.from) } : sender),
    ...(channel === "whatsapp" && template
      ? { contentSid: template.id, contentVariables: JSON.stringify(template.variables) }
      : { body }),
    ...(statusCallback ? { statusCallback } : {}),
  });

  return {
    vendor: "twilio",
    channel,
    async send(message) {
      opened ??= clientOf(account, timeoutMs);
      const client = await opened;
      const form = formOf(message);
      const begun = performance.now();
      try {
        const { sid } = await client.messages.create(form);
        if (!sid) throw new TextDelayed("twilio answered without a message id");
        return { vendorId: sid };
      } catch (error) {
        const failure = describe(error);
        const taken = failure.effectUnknown ? await findTaken(client, form, begun) : undefined;
        if (taken) return { vendorId: taken };
        throw failure.error;
      }
    },
  };
}

/**
 * Reads the account, which costs nothing and texts nobody. Rejects with CredentialsRefused, also when it is
 * suspended or closed, and with TextDelayed when Twilio could not be asked.
 */
export async function tryTwilio(account: TwilioAccount, timeoutMs = 10_000): Promise<void> {
  const client = await clientOf(account, timeoutMs);
  let status: string;
  try {
    ({ status } = await client.api.v2010.accounts(account.accountSid).fetch());
  } catch (error) {
    throw describe(error).error;
  }
  if (status !== "active") throw new CredentialsRefused("twilio: the account is not active");
}

/** A text of ours that Twilio took since then, by Twilio's own clock. */
async function findTaken(client: TwilioClient, form: Form, begun: number): Promise<string | undefined> {
  if (form.body === undefined) return undefined;
  try {
    // One page, by itself: lists of the SDK leave a rejection behind that ends the process, where their first page fails.
    const { body: page, headers } = await client.messages.pageWithHttpInfo({ to: form.to, pageSize: 20 });
    const now = Date.parse(String((headers as Record<string, unknown>).date ?? ""));
    const since = now - (performance.now() - begun) - 2_000; // their times are whole seconds
    return page.instances.find(
      (text) =>
        text.body === form.body &&
        text.direction.startsWith("outbound") &&
        text.dateCreated.getTime() >= since,
    )?.sid;
  } catch {
    return undefined; // unreachable: the retry sends it
  }
}

/** Requests that never left: nobody took anything. */
const neverLeft = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"]);

/** Codes only: Twilio's messages quote the number, and its errors carry the request. */
function describe(thrown: unknown): { error: Error; effectUnknown: boolean } {
  if (thrown instanceof TextDelayed) return { error: thrown, effectUnknown: true };
  const { code, status } = thrown as { code?: unknown; status?: unknown };
  if (typeof status !== "number") {
    const reason = typeof code === "string" && /^[A-Z_]+$/.test(code) ? code : "no answer";
    return { error: new TextDelayed(`twilio ${reason}`), effectUnknown: !neverLeft.has(reason) };
  }

  const number = typeof code === "number" ? code : null;
  const reason = number === null ? `twilio HTTP ${status}` : `twilio ${number}`;
  switch (verdictOf(number, status)) {
    case "opted_out":
      return { error: new TextRefused("opted_out", true), effectUnknown: false };
    case "number_is_dead":
      return { error: new TextRefused(reason, true), effectUnknown: false };
    case "message_refused":
      return { error: new TextRefused(reason), effectUnknown: false };
    case "credentials_refused":
      return { error: new CredentialsRefused(reason), effectUnknown: false };
    case "later":
      return { error: new TextDelayed(reason), effectUnknown: status >= 500 || status < 400 };
  }
}
