import { randomBytes } from "node:crypto";
import { getExpectedTwilioSignature } from "twilio/lib/webhooks/webhooks.js";
import { isThisMachine, request } from "../outbound/index.ts";
import { type Kept, KeptRecords } from "./kept_records.ts";

/** An SMS or a WhatsApp message as it was sent. */
export type CapturedText = {
  sid: string;
  channel: "sms" | "whatsapp";
  from: string;
  to: string;
  body: string | null;
  /** WhatsApp: the approved template and its variables. */
  template: { id: string; variables: Record<string, string> } | null;
  status: "queued" | "sent" | "delivered" | "received";
  statusCallback: string | null;
  direction: "outbound-api" | "inbound";
};

export type Account = { accountSid: string; authToken: string };

/** Texts that were captured, and what is told of them. */
export type Texts = {
  list(): Promise<Kept<CapturedText>[]>;
  read(id: string): Promise<Kept<CapturedText> | undefined>;
  /** Takes a text and tells its sender, signed, that it was sent and delivered. */
  take(text: Omit<CapturedText, "sid" | "status" | "direction">): Promise<Kept<CapturedText>>;
  /** Somebody answers a text. */
  reply(text: CapturedText, body: string): Promise<Kept<CapturedText>>;
  /** Settles when everything that is under way was told. */
  settle(): Promise<void>;
};

export async function openTexts(
  folder: string,
  keep: number,
  account: Account,
  changed?: () => void,
): Promise<Texts> {
  const records = await KeptRecords.open<CapturedText>(folder, keep, changed);
  const telling = new Set<Promise<void>>();
  const inTheBackground = (work: Promise<void>) => {
    telling.add(work);
    void work.finally(() => telling.delete(work));
  };

  return {
    list: () => records.list(),
    read: (id) => records.read(id),

    async take(text) {
      const kept = await records.add({ ...text, sid: newSid(), status: "queued", direction: "outbound-api" });
      inTheBackground(
        (async () => {
          let now = kept;
          for (const status of ["sent", "delivered"] as const) {
            now = { ...now, status };
            await records.change(now);
            await tell(account, now, { MessageStatus: status, SmsStatus: status });
          }
        })(),
      );
      return kept;
    },

    async reply(text, body) {
      const { channel, from, to, statusCallback } = text;
      const reply = { channel, from: to, to: from, body, template: null, statusCallback };
      const kept = await records.add({ ...reply, sid: newSid(), status: "received", direction: "inbound" });
      await tell(account, kept, { SmsStatus: "received", NumMedia: "0" });
      return kept;
    },

    async settle() {
      await Promise.all(telling);
    },
  };
}

function newSid(): string {
  return `SM${randomBytes(16).toString("hex")}`;
}

/** Posts a callback as Twilio does. The mailbox lets nothing out, so only this machine is told. */
async function tell(account: Account, text: CapturedText, more: Record<string, string>): Promise<void> {
  const url = text.statusCallback;
  if (!url || !isHere(url)) return;
  const address = (number: string) => (text.channel === "whatsapp" ? `whatsapp:${number}` : number);
  const form = {
    AccountSid: account.accountSid,
    ApiVersion: "2010-04-01",
    Body: text.body ?? "",
    From: address(text.from),
    MessageSid: text.sid,
    SmsSid: text.sid,
    To: address(text.to),
    ...more,
  };
  const report = {
    reach: "here",
    method: "POST",
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      "x-twilio-signature": getExpectedTwilioSignature(account.authToken, url, form),
    },
    body: new URLSearchParams(form).toString(),
    timeoutMs: 5_000,
    longest: 64 * 1024,
  } as const;
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    try {
      if ((await request(url, report)).status < 500) return;
    } catch {
      // the API may be starting
    }
    if (attempt < 3) await new Promise((resolve) => setTimeout(resolve, attempt * 500));
  }
}

function isHere(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return protocol === "http:" && isThisMachine(hostname);
}
