import type { ClientBase } from "pg";

/** What a vendor says became of a message, in our words. FND-15. */
export type MessageReport = {
  vendor: "ses" | "twilio";
  /** The clinic's integration that the report came for; null: the platform's account. */
  integrationId: string | null;
  /** The vendor's id of the message. */
  vendorId: string;
  status: "sent" | "delivered" | "read" | "failed" | "bounced" | "bounced_for_now" | "complained";
  occurredAt: Date;
  /** A code of the vendor, never its words: they quote addresses. */
  reason: string | null;
  addressIsDead: boolean;
};

/** Keeps the report; one that came before, or too late to matter, changes nothing. */
export async function recordReport(client: ClientBase, report: MessageReport): Promise<void> {
  await client.query("select app_private.record_message_status($1, $2, $3, $4, $5, $6, $7)", [
    report.integrationId,
    report.vendor,
    report.vendorId,
    report.status,
    report.occurredAt,
    report.reason,
    report.addressIsDead,
  ]);
}
