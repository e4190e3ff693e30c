import { afterAll, beforeAll, describe, expect, test } from "vitest";
import deliverMessage from "../definitions/deliver_message.ts";
import { EffectBusy } from "../effects/once.ts";
import { type Clinic, openClinic, tell, withClient } from "./database.ts";
import { nowhere } from "./nowhere.ts";
import { startVendors } from "./vendors.ts";

let clinic: Clinic;
let vendors: ReturnType<typeof startVendors>;
beforeAll(async () => {
  clinic = await openClinic("workers commit beside each other");
  vendors = startVendors();
});
afterAll(() => clinic.drop());

function deliver(messageId: string, by: string): Promise<void> {
  const helpers = {
    withPgClient: clinic.withPgClient,
    job: { locked_by: by, attempts: 1, max_attempts: 12 },
  } as unknown as Parameters<typeof deliverMessage.run>[1];
  return deliverMessage.run({ messageId }, helpers, {
    ...nowhere,
    texts: vendors.messengers,
    pusher: vendors.pusher,
  });
}

const asWorker = (sql: string, values: unknown[]) =>
  withClient(clinic.worker, (client) => client.query(sql, values));

describe("several workers at once (FND-15)", () => {
  test("of six that have the same job one sends, the others come back and find it done", async () => {
    const { sms = "" } = await tell(clinic, { phone: "+40722000444" });
    const ends = await Promise.allSettled("abcdef".split("").map((name) => deliver(sms, `worker-${name}`)));
    for (const end of ends) if (end.status === "rejected") expect(end.reason).toBeInstanceOf(EffectBusy);
    for (const name of "abcdef") await deliver(sms, `worker-${name}`);
    expect(vendors.texts.filter(({ key }) => key === sms)).toHaveLength(1);
  });

  test("the last place under the cap is taken by one of eight", async () => {
    await clinic.admin.query("update app_private.channels set per_person_and_day = 3 where name = 'sms'");
    const ids: string[] = [];
    for (let n = 0; n < 8; n++) ids.push((await tell(clinic, { phone: "+40722000555" })).sms as string);
    await Promise.all(ids.map((id, n) => deliver(id, `worker-${n}`)));
    const { rows } = await clinic.admin.query(
      "select status, reason, count(*)::int from app_public.messages where id = any ($1) group by 1, 2 order by 1",
      [ids],
    );
    expect(rows).toEqual([
      { status: "sent", reason: null, count: 3 },
      { status: "skipped", reason: "daily_cap", count: 5 },
    ]);
  });

  test("twenty reports at once, half of them before our own record: the last word stands", async () => {
    await clinic.admin.query("update app_private.channels set per_person_and_day = null where name = 'sms'");
    const { sms = "" } = await tell(clinic, { phone: "+40722000666" });
    await asWorker("select app_private.claim_message($1)", [sms]);
    const report = (status: string, minute: number) =>
      asWorker("select app_private.record_message_status(null, 'twilio', 'SM-race', $1, $2)", [
        status,
        new Date(Date.UTC(2027, 2, 1, 10, minute)),
      ]);
    await Promise.all([
      ...Array.from({ length: 10 }, (_, n) => report(n % 2 ? "delivered" : "read", n)),
      asWorker("select app_private.record_message_accepted($1, null, 'twilio', 'SM-race')", [sms]),
      ...Array.from({ length: 10 }, (_, n) => report(n % 2 ? "sent" : "delivered", n)),
    ]);
    const { rows } = await clinic.admin.query("select status from app_public.messages where id = $1", [sms]);
    expect(rows).toEqual([{ status: "read" }]);
  });

  test("two editors of one text at once get two versions", async () => {
    await clinic.admin.query("select tests.staff('adrian', 'admin', 'atlas')");
    const edit = (n: number) =>
      withClient(clinic.admin, async (client) => {
        await client.query("begin");
        try {
          await client.query("select tests.act_as('adrian')");
          const { rows } = await client.query(
            `select (app_public.edit_message_template(tests.id('atlas'), 'appointment_booked', 'sms', 'ro', $1)).version`,
            [`Varianta ${n}: {{when}}`],
          );
          await client.query("commit");
          return rows[0].version as number;
        } catch (error) {
          await client.query("rollback");
          throw error;
        }
      });
    const versions = await Promise.all(Array.from({ length: 6 }, (_, n) => edit(n)));
    expect(versions.sort()).toEqual([1, 2, 3, 4, 5, 6]);
  });
});
