import { z } from "zod";
import { type MessageReport, recordReport } from "./message_report.ts";
import type { WebhookHandler, WebhookReceipt } from "./receipt.ts";

/** SES says that it adds fields; what we do not read may be anything. */
const event = z.looseObject({
  eventType: z.string().optional(),
  notificationType: z.string().optional(),
  mail: z.looseObject({ messageId: z.string().min(1).max(200) }),
  bounce: z
    .looseObject({
      bounceType: z.string(),
      bounceSubType: z.string().default(""),
      bouncedRecipients: z.array(z.looseObject({ status: z.string().optional() })).default([]),
    })
    .optional(),
  complaint: z.looseObject({ complaintFeedbackType: z.string().nullish() }).optional(),
});

/** Codes stay, sentences go: they quote addresses. */
const word = /^[A-Za-z][A-Za-z-]{0,40}$/;
const enhancedStatus = /^\d\.\d{1,3}\.\d{1,3}$/;

/** Feedback of these types says the opposite, or something about our signature: nobody asked us to stop. */
const noComplaint = new Set(["not-spam", "auth-failure"]);

/** What became of a mail, as SES tells it (FND-15). Null: nothing that changes what we know. */
export function sesReport({
  rawBody,
  type,
  integrationId,
  occurredAt,
  receivedAt,
}: WebhookReceipt): MessageReport | null {
  const { Message } = z.looseObject({ Message: z.string() }).parse(JSON.parse(rawBody.toString("utf8")));
  const { mail, bounce, complaint } = event.parse(JSON.parse(Message));
  const report = (
    status: MessageReport["status"],
    reason: string | null = null,
    addressIsDead = false,
  ): MessageReport => ({
    vendor: "ses",
    integrationId,
    vendorId: mail.messageId,
    status,
    occurredAt: occurredAt ?? receivedAt,
    reason,
    addressIsDead,
  });

  switch (type) {
    case "Send":
      return report("sent");
    case "Delivery":
      return report("delivered");
    case "Bounce": {
      const { bounceType = "", bounceSubType = "", bouncedRecipients = [] } = bounce ?? {};
      const codes = [bounceType, bounceSubType].filter((code) => word.test(code));
      const status = bouncedRecipients[0]?.status ?? "";
      if (enhancedStatus.test(status)) codes.push(status);
      const reason = ["ses bounce", ...codes].join(" ");
      // A full mailbox, a server that is down, somebody out of office, or no reason at all: the address is good, and
      // where the mail has arrived, it has.
      return bounceType === "Permanent" ? report("bounced", reason, true) : report("bounced_for_now", reason);
    }
    case "Complaint": {
      const kind = complaint?.complaintFeedbackType ?? "";
      if (noComplaint.has(kind)) return null;
      return report("complained", word.test(kind) ? `ses complaint ${kind}` : "ses complaint");
    }
    case "Reject":
      return report("failed", "ses reject");
    case "Rendering Failure":
      return report("failed", "ses rendering failure");
    default:
      return null;
  }
}

/** Known to mean nothing for us: a delay is not the end, and who opens or clicks is nobody's business here. */
const ignored = new Set(["Complaint", "DeliveryDelay", "Open", "Click", "Subscription"]);

export const sesEvents: WebhookHandler = {
  provider: "ses",
  async apply(client, receipt) {
    const report = sesReport(receipt);
    if (!report) return ignored.has(receipt.type) ? "ignored" : "unknown_status";
    await recordReport(client, report);
    return report.status;
  },
};
