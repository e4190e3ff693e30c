import { z } from "zod";
import { verdictOf } from "../providers/sms/twilio_codes.ts";
import { type MessageReport, recordReport } from "./message_report.ts";
import type { WebhookHandler, WebhookReceipt } from "./receipt.ts";

const callback = z.looseObject({
  MessageSid: z.string().min(1).max(200),
  ErrorCode: z.coerce.number().int().min(10_000).max(99_999).optional().catch(undefined),
});

const statuses: Record<string, MessageReport["status"]> = {
  sent: "sent",
  delivered: "delivered",
  partially_delivered: "delivered",
  read: "read",
  failed: "failed",
  undelivered: "failed",
  canceled: "failed",
};
const underWay = new Set(["accepted", "queued", "scheduled", "sending"]);

const statusOf = ({ type }: WebhookReceipt) => type.replace(/^message\./, "");
const formOf = ({ rawBody }: WebhookReceipt) =>
  Object.fromEntries(new URLSearchParams(rawBody.toString("utf8")));

/** What became of a text, as Twilio tells it (FND-15). Null: nothing that changes what we know. */
export function twilioReport(receipt: WebhookReceipt): MessageReport | null {
  const word = statusOf(receipt);
  const status = Object.hasOwn(statuses, word) ? statuses[word] : undefined;
  if (!status) return null;
  const { MessageSid, ErrorCode } = callback.parse(formOf(receipt));
  const code = ErrorCode ?? null;
  const verdict = status === "failed" ? verdictOf(code, null) : null;
  const why = verdict === "opted_out" ? verdict : `twilio ${code ?? word}`;
  return {
    vendor: "twilio",
    integrationId: receipt.integrationId,
    vendorId: MessageSid,
    status,
    occurredAt: receipt.occurredAt ?? receipt.receivedAt,
    reason: verdict ? why : null,
    addressIsDead: verdict === "opted_out" || verdict === "number_is_dead",
  };
}

const incoming = z.looseObject({
  From: z.string().regex(/^(whatsapp:)?\+[1-9]\d{6,14}$/),
  Body: z.string().default(""),
  /** Twilio's own reading of the text, where a Messaging Service does it. */
  OptOutType: z.string().optional(),
});

export type OptOut = { channel: "sms" | "whatsapp"; number: string; wantsTexts: boolean };

/** Twilio's own keywords, and what people write here. "Yes" is an answer to many questions, so it is none. */
const stop = new Set([
  "STOP",
  "STOPALL",
  "UNSUBSCRIBE",
  "CANCEL",
  "END",
  "QUIT",
  "OPTOUT",
  "REVOKE",
  "DEZABONARE",
]);
const start = new Set(["START", "UNSTOP", "ABONARE"]);

/** What somebody's text says of getting texts from us. Null: something else, which nobody reads here. */
export function optOutOf(receipt: WebhookReceipt): OptOut | null {
  const { success, data } = incoming.safeParse(formOf(receipt));
  if (!success) return null; // from a short code or a name: nobody we write to
  const word = (data.OptOutType ?? data.Body)
    .trim()
    .replace(/[.!]+$/, "")
    .toUpperCase();
  if (!stop.has(word) && !start.has(word)) return null;
  const channel = data.From.startsWith("whatsapp:") ? "whatsapp" : "sms";
  return { channel, number: data.From.replace("whatsapp:", ""), wantsTexts: start.has(word) };
}

export const twilioEvents: WebhookHandler = {
  provider: "twilio",
  async apply(client, receipt) {
    const word = statusOf(receipt);
    if (word === "received" || word === "receiving") {
      const optOut = word === "received" ? optOutOf(receipt) : null;
      if (!optOut) return "ignored";
      await client.query("select app_private.record_text_opt_out($1, $2, $3, $4)", [
        receipt.integrationId,
        optOut.channel,
        optOut.number,
        optOut.wantsTexts,
      ]);
      return optOut.wantsTexts ? "opted_in" : "opted_out";
    }
    const report = twilioReport(receipt);
    if (!report) return underWay.has(word) ? "ignored" : "unknown_status";
    await recordReport(client, report);
    return report.status;
  },
};
