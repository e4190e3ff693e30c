import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bounce, complaint, delivery } from "../../providers/webhooks/tests/sns_topic.ts";
import { type Clinic, openClinic, tell, withClient } from "../../tasks/tests/database.ts";
import type { WebhookReceipt } from "../receipt.ts";
import { sesEvents } from "../ses.ts";
import { twilioEvents } from "../twilio.ts";

let clinic: Clinic;
beforeAll(async () => {
  clinic = await openClinic("reports are committed before they are applied, as the worker does");
});
afterAll(() => clinic.drop());

let minute = 0;
function receipt(provider: string, type: string, rawBody: string): WebhookReceipt {
  const receivedAt = new Date(Date.UTC(2027, 2, 8, 7, ++minute));
  const id = "0190c0de-0000-7000-8000-000000000001";
  const base = {
    id,
    provider,
    type,
    receivedAt,
    integrationId: null,
    eventId: "e",
    occurredAt: null,
    headers: {},
  };
  return { ...base, rawBody: Buffer.from(rawBody) };
}

/** As the worker, which may do no more than this. */
const apply = (event: WebhookReceipt) =>
  withClient(clinic.worker, (client) =>
    (event.provider === "ses" ? sesEvents : twilioEvents).apply(client, event),
  );

const ses = (event: { eventType: string; mail: object }, messageId: string) =>
  receipt(
    "ses",
    event.eventType,
    JSON.stringify({ Message: JSON.stringify({ ...event, mail: { ...event.mail, messageId } }) }),
  );
const twilio = (status: string, MessageSid: string, more: Record<string, string> = {}) =>
  receipt(
    "twilio",
    `message.${status}`,
    new URLSearchParams({ MessageSid, MessageStatus: status, ...more }).toString(),
  );

/** A message that a vendor took under this id. */
async function sent(told: Parameters<typeof tell>[1], channel: string, vendor: string, vendorId: string) {
  const id = (await tell(clinic, told))[channel] as string;
  await clinic.worker.query("select app_private.claim_message($1)", [id]);
  await clinic.worker.query("select app_private.record_message_accepted($1, null, $2, $3)", [
    id,
    vendor,
    vendorId,
  ]);
  return id;
}

const mailed = (email: string, vendorId: string) => sent({ email }, "email", "ses", vendorId);

async function texted(phone: string, vendorId: string): Promise<string> {
  // A contact that has only a telephone.
  return sent({ phone, template: "appointment_cancelled" }, "sms", "twilio", vendorId);
}

async function ledger(id: string) {
  const { rows } = await clinic.admin.query("select status, reason from app_public.messages where id = $1", [
    id,
  ]);
  return rows[0];
}
async function suppressed(address: string) {
  const { rows } = await clinic.admin.query(
    `select channel || ' ' || reason as why from app_private.suppressed_addresses where address = $1
     union all select channel || ' request' from app_private.opt_outs where address = $1`,
    [address],
  );
  return rows.map(({ why }) => why);
}

describe("what vendors report becomes what the clinic sees (FND-15, FND-25)", () => {
  test("a mail that arrived", async () => {
    const id = await mailed("arrived@people.test", "ses-1");
    expect(await apply(ses(delivery(), "ses-1"))).toBe("delivered");
    expect(await ledger(id)).toEqual({ status: "delivered", reason: null });
  });

  test("a mail to nobody: its address is dead for every clinic", async () => {
    const id = await mailed("nobody@people.test", "ses-2");
    expect(await apply(ses(bounce("Permanent", "General", "5.1.1"), "ses-2"))).toBe("bounced");
    expect(await ledger(id)).toEqual({ status: "bounced", reason: "ses bounce Permanent General 5.1.1" });
    expect(await suppressed("nobody@people.test")).toEqual(["email bounce"]);
  });

  test("a mailbox that is full today: the address stays good", async () => {
    const id = await mailed("full@people.test", "ses-3");
    await apply(ses(bounce("Transient", "MailboxFull"), "ses-3"));
    expect(await ledger(id)).toMatchObject({ status: "bounced" });
    expect(await suppressed("full@people.test")).toEqual([]);
  });

  test("somebody who complains gets no more, and the mail itself was delivered", async () => {
    const id = await mailed("angry@people.test", "ses-4");
    await apply(ses(delivery(), "ses-4"));
    expect(await apply(ses(complaint("abuse"), "ses-4"))).toBe("complained");
    expect(await ledger(id)).toMatchObject({ status: "delivered" });
    expect(await suppressed("angry@people.test")).toEqual(["email complaint"]);
  });

  test("a text whose reports come in the wrong order, twenty times at once, stands where it really is", async () => {
    const id = await texted("+40722000101", "SM-1");
    const events = ["delivered", "sent", "queued", "sent", "delivered"].map((status) =>
      twilio(status, "SM-1"),
    );
    await Promise.all(Array.from({ length: 4 }, () => events.map(apply)).flat());
    expect(await ledger(id)).toEqual({ status: "delivered", reason: null });
  });

  test("a report that overtakes our own record of the sending is not lost", async () => {
    await apply(twilio("delivered", "SM-early"));
    const id = await texted("+40722000102", "SM-early");
    expect(await ledger(id)).toMatchObject({ status: "delivered" });
  });

  test("a number that does not exist, and one whose owner said STOP to the vendor", async () => {
    const gone = await texted("+40722000103", "SM-3");
    await apply(twilio("undelivered", "SM-3", { ErrorCode: "30005" }));
    expect(await ledger(gone)).toEqual({ status: "failed", reason: "twilio 30005" });
    expect(await suppressed("+40722000103")).toEqual(["sms bounce"]);

    const out = await texted("+40722000104", "SM-4");
    await apply(twilio("failed", "SM-4", { ErrorCode: "21610" }));
    expect(await ledger(out)).toEqual({ status: "failed", reason: "opted_out" });
    expect(await suppressed("+40722000104")).toEqual(["sms request"]);
  });

  test("a clinic's own vendor: its callbacks speak of what went by that account, and of nothing else (FND-35)", async () => {
    const theirs = "0190c0de-0000-7000-8000-00000000000b";
    const id = await texted("+40722000105", "SM-5");
    const by = (integrationId: string, event: WebhookReceipt) => apply({ ...event, integrationId });
    expect(await by(theirs, twilio("undelivered", "SM-5", { ErrorCode: "30005" }))).toBe("failed");
    expect(await by(theirs, twilio("failed", "SM-5", { ErrorCode: "21610" }))).toBe("failed");
    expect(await ledger(id)).toEqual({ status: "sent", reason: null });
    expect(await suppressed("+40722000105")).toEqual([]);
    await apply(twilio("delivered", "SM-5"));
    expect(await ledger(id)).toEqual({ status: "delivered", reason: null });
  });

  test("an answer from somebody out of office leaves a mail that arrived where it is (FND-35)", async () => {
    const id = await mailed("away@people.test", "ses-5");
    await apply(ses(delivery(), "ses-5"));
    expect(await apply(ses(bounce("Transient", "General"), "ses-5"))).toBe("bounced_for_now");
    expect(await ledger(id)).toEqual({ status: "delivered", reason: null });
    expect(await suppressed("away@people.test")).toEqual([]);
  });

  test("feedback that a mail is no spam ends nothing (FND-35)", async () => {
    await mailed("pleased@people.test", "ses-6");
    expect(await apply(ses(complaint("not-spam"), "ses-6"))).toBe("ignored");
    expect(await suppressed("pleased@people.test")).toEqual([]);
  });

  test("somebody who texts STOP, and START again", async () => {
    await texted("+40722000105", "SM-5");
    expect(await apply(twilio("received", "SM-in-1", { From: "+40722000105", Body: "Stop" }))).toBe(
      "opted_out",
    );
    expect(await suppressed("+40722000105")).toEqual(["sms request"]);
    expect(await apply(twilio("received", "SM-in-2", { From: "+40722000105", Body: "START" }))).toBe(
      "opted_in",
    );
    expect(await suppressed("+40722000105")).toEqual([]);
  });

  test("a report about a message that is not ours changes nothing", async () => {
    const before = await clinic.admin.query(
      "select id, status, updated_at from app_public.messages order by id",
    );
    await apply(twilio("failed", "SM-unknown", { ErrorCode: "30005" }));
    await apply(ses(bounce("Permanent", "General"), "ses-unknown"));
    const after = await clinic.admin.query(
      "select id, status, updated_at from app_public.messages order by id",
    );
    expect(after.rows).toEqual(before.rows);
  });
});
