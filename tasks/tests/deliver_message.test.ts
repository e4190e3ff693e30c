import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type SmtpVendor, startSmtpVendor } from "../../providers/email/tests/smtp_vendor.ts";
import deliverMessage from "../definitions/deliver_message.ts";
import type { Outside } from "../task.ts";
import { type Clinic, openClinic, prefer, subscribe, tell } from "./database.ts";
import { nowhere } from "./nowhere.ts";
import { startVendors } from "./vendors.ts";

let clinic: Clinic;
let smtp: SmtpVendor;
let vendors: ReturnType<typeof startVendors>;
let outside: Outside;
beforeAll(async () => {
  [clinic, smtp] = await Promise.all([
    openClinic("an effect is committed before and after the vendor is asked"),
    startSmtpVendor(),
  ]);
  vendors = startVendors();
  outside = {
    ...nowhere,
    mailers: { for: async () => smtp.mailer, check: async () => null, close() {} },
    texts: vendors.messengers,
    pusher: vendors.pusher,
  };
  await clinic.admin.query(
    "select tests.patient('ana', 'atlas'), tests.patient('bogdan', 'atlas'), tests.patient('daria', 'atlas')",
  );
});
afterEach(async () => {
  vendors.behave("takes it");
  vendors.gone.clear();
  vendors.busy.clear();
  await clinic.admin.query(
    "truncate app_public.notification_preferences, app_public.push_subscriptions, app_private.suppressed_addresses, app_private.clinic_suppressed_addresses, app_private.opt_outs",
  );
});
afterAll(async () => {
  await smtp.stop();
  await clinic.drop();
});

type Helpers = Parameters<typeof deliverMessage.run>[1];

function deliver(messageId: string, { attempts = 1, by = "worker-a", ways = outside } = {}): Promise<void> {
  const job = { locked_by: by, attempts, max_attempts: 12 };
  return deliverMessage.run(
    { messageId },
    { withPgClient: clinic.withPgClient, job } as unknown as Helpers,
    ways,
  );
}

async function ledger(messageId: string) {
  const { rows } = await clinic.admin.query(
    "select status, reason, attempts, vendor from app_public.messages where id = $1",
    [messageId],
  );
  return rows[0];
}

/** What stands in for a message: later messages of its route to the same person. */
async function standIns(messageId: string) {
  const { rows } = await clinic.admin.query(
    `select other.id, other.channel, other.status from app_public.messages as message
     join app_public.messages as other on other.route = message.route and other.recipient = message.recipient and other.id > message.id
     where message.id = $1 order by other.id`,
    [messageId],
  );
  return rows;
}

describe("a text leaves once, in the clinic's name (FND-15)", () => {
  test("an SMS: its words, its number, the message id as key", async () => {
    const { sms = "" } = await tell(clinic, { patient: "ana" });
    await deliver(sms);
    await deliver(sms);
    expect(vendors.texts.filter(({ key }) => key === sms)).toEqual([
      {
        to: "+40722000111",
        channel: "sms",
        key: sms,
        body: "Clinica Atlas: aveti o programare luni, 8 martie 2027, 09:00. Va asteptam la Strada Lunga 1, Cluj-Napoca. Intrebari: +40264000111.",
      },
    ]);
    expect(await ledger(sms)).toEqual({ status: "sent", reason: null, attempts: 1, vendor: "twilio" });
  });

  test("a vendor that is busy: it is tried again, and at the last attempt it has failed", async () => {
    const { sms = "" } = await tell(clinic, { patient: "bogdan" });
    vendors.behave("is busy");
    await expect(deliver(sms)).rejects.toThrow("vendor busy");
    expect(await ledger(sms)).toMatchObject({ status: "queued" });
    await deliver(sms, { attempts: 12 });
    expect(await ledger(sms)).toMatchObject({ status: "failed", reason: "gave up: TextDelayed vendor busy" });
  });

  test("a number that is dead is not written to again by who uses the platform's account", async () => {
    const { sms = "" } = await tell(clinic, { patient: "ana" });
    vendors.behave("number is dead");
    await deliver(sms);
    expect(await ledger(sms)).toMatchObject({ status: "failed", reason: "vendor 21614" });
    vendors.behave("takes it");
    const next = await tell(clinic, { patient: "ana" });
    expect(await ledger(next.sms as string)).toMatchObject({ status: "suppressed", reason: "bounce" });
  });

  test("what a clinic's own account answers counts at that clinic, whatever else it says (FND-35)", async () => {
    const { sms = "" } = await tell(clinic, { patient: "daria" });
    const own = "0190c0de-0000-7000-8000-00000000000c";
    vendors.behave("number is dead");
    const ways = {
      ...outside,
      texts: {
        for: async (...of: Parameters<typeof vendors.messengers.for>) => ({
          ...(await vendors.messengers.for(...of)),
          integrationId: own,
        }),
      },
    };
    await deliver(sms, { ways });
    const { rows } = await clinic.admin.query(
      `select messages.integration_id, (select count(*)::int from app_private.suppressed_addresses) as of_platform,
         (select array_agg(channel || ' ' || reason) from app_private.clinic_suppressed_addresses as own
          where own.organization_id = messages.organization_id and own.address = messages.address) as of_clinic
       from app_public.messages where id = $1`,
      [sms],
    );
    expect(rows).toEqual([{ integration_id: own, of_platform: 0, of_clinic: ["sms bounce"] }]);
    vendors.behave("takes it");
    expect(await ledger((await tell(clinic, { patient: "daria" })).sms as string)).toMatchObject({
      status: "suppressed",
      reason: "bounce",
    });
  });

  test("WhatsApp: the approved text with its numbered variables; refused, an SMS stands in", async () => {
    await prefer(clinic, "ana", "whatsapp", true);
    await clinic.admin.query(
      `insert into app_public.whatsapp_templates (organization_id, template_key, locale, content_sid, variables)
       values (tests.id('atlas'), 'appointment_booked', 'ro', 'HX' || md5('x'), '{recipientName,when,clinicEmail}')
       on conflict do nothing`,
    );
    await clinic.admin.query("update app_public.organizations set contact_email = null where slug = 'atlas'");
    const { whatsapp = "", sms } = await tell(clinic, { patient: "ana" });
    expect(sms).toBeUndefined();
    await deliver(whatsapp);
    expect(vendors.texts.at(-1)).toMatchObject({
      channel: "whatsapp",
      template: {
        id: expect.stringMatching(/^HX/),
        variables: { "1": "Ana Popescu", "2": "luni, 8 martie 2027, 09:00", "3": "-" },
      },
      body: expect.stringContaining("aveți o programare"),
    });

    const { whatsapp: second = "" } = await tell(clinic, { patient: "ana" });
    vendors.behave("refuses it");
    await deliver(second);
    const [standIn] = await standIns(second);
    expect(standIn).toMatchObject({ channel: "sms", status: "queued" });
    vendors.behave("takes it");
    await deliver(standIn.id);
    expect(vendors.texts.at(-1)).toMatchObject({ channel: "sms", key: standIn.id });
  });

  test("an installation without a vendor for texts says so, and the mail goes on", async () => {
    const { sms = "", email = "" } = await tell(clinic, { patient: "ana" });
    await deliver(sms, { ways: { ...nowhere, mailers: outside.mailers } });
    expect(await ledger(sms)).toMatchObject({ status: "failed", reason: "no vendor is set up" });
    await deliver(email);
    expect(await ledger(email)).toMatchObject({ status: "sent", vendor: "smtp" });
  });
});

describe("a notice goes to every browser of the person (FND-15)", () => {
  test("each gets it once, also when one was busy; those that are over are dropped", async () => {
    await subscribe(
      clinic,
      "ana",
      "https://push.test/phone",
      "https://push.test/laptop",
      "https://push.test/old",
    );
    const { push = "", sms } = await tell(clinic, { patient: "ana" });
    expect(sms).toBeUndefined();
    vendors.gone.add("https://push.test/old");
    vendors.busy.add("https://push.test/laptop");
    await expect(deliver(push)).rejects.toThrow("503");
    expect(await ledger(push)).toMatchObject({ status: "queued" });
    vendors.busy.clear();
    await deliver(push, { attempts: 2 });
    await deliver(push, { attempts: 3 });
    expect(vendors.notices.filter(({ key }) => key === push).map(({ endpoint }) => endpoint)).toEqual([
      "https://push.test/phone",
      "https://push.test/laptop",
    ]);
    expect(await ledger(push)).toMatchObject({ status: "sent", vendor: "web_push" });
    const { rows } = await clinic.admin.query("select endpoint from app_public.push_subscriptions");
    expect(rows).toHaveLength(2);
  });

  test("it says when and where, and nothing of what is treated", async () => {
    await subscribe(clinic, "ana", "https://push.test/phone");
    const { push = "" } = await tell(clinic, { patient: "ana" });
    await deliver(push);
    const notice = vendors.notices.at(-1);
    expect(notice).toMatchObject({
      title: "Clinica Atlas",
      body: "Aveți o programare luni, 8 martie 2027, 09:00.",
    });
    expect(notice?.ttlSeconds).toBe(24 * 60 * 60);
    expect(JSON.stringify(notice)).not.toMatch(/Ședință|Ionescu/);
  });

  test("when every subscription is over, an SMS stands in", async () => {
    await subscribe(clinic, "ana", "https://push.test/old");
    vendors.gone.add("https://push.test/old");
    const { push = "" } = await tell(clinic, { patient: "ana" });
    await deliver(push);
    expect(await ledger(push)).toMatchObject({ status: "failed", reason: "no browser took it" });
    expect(await standIns(push)).toMatchObject([{ channel: "sms", status: "queued" }]);
  });

  test("one that was taken is sent, though another browser is busy to the end", async () => {
    await subscribe(clinic, "ana", "https://push.test/phone", "https://push.test/laptop");
    vendors.busy.add("https://push.test/laptop");
    const { push = "" } = await tell(clinic, { patient: "ana" });
    await expect(deliver(push, { attempts: 11 })).rejects.toThrow();
    await deliver(push, { attempts: 12 });
    expect(await ledger(push)).toMatchObject({ status: "sent" });
    expect(vendors.notices.filter(({ key }) => key === push)).toHaveLength(1);
  });
});

describe("what is put into the inbox has arrived (FND-15)", () => {
  test("once, with all that the reader may know", async () => {
    const { in_app = "" } = await tell(clinic, { patient: "daria" });
    await deliver(in_app);
    await deliver(in_app);
    expect(await ledger(in_app)).toMatchObject({ status: "delivered", vendor: "inbox" });
    const { rows } = await clinic.admin.query(
      "select title, body from app_public.inbox_items where message_id = $1",
      [in_app],
    );
    expect(rows).toEqual([
      {
        title: "Programare: luni, 8 martie 2027, 09:00",
        body: "Ședință\nDr. Ana Ionescu\nluni, 8 martie 2027, 09:00\nStrada Lungă 1, Cluj-Napoca",
      },
    ]);
  });
});

describe("quiet hours shift and do not lose (FND-15)", () => {
  const at = (instant: string) =>
    clinic.admin.query(
      `create or replace function app_hidden.now() returns timestamptz language sql stable as 'select timestamptz ''${instant}'''`,
    );
  afterAll(() =>
    clinic.admin.query(
      "create or replace function app_hidden.now() returns timestamptz language sql stable set search_path = '' return pg_catalog.now()",
    ),
  );

  test("told in the evening before the clocks change, it leaves at eight on the new clock, once", async () => {
    await clinic.admin.query(
      "update app_private.channels set quiet_from = '21:00', quiet_until = '08:00' where name = 'sms'",
    );
    // The visit is later than in the other tests, or it would be over.
    await clinic.admin.query(
      "update app_private.message_types set expires_with = null where key = 'appointment_booked'",
    );
    await at("2027-03-27 20:30+02");
    const { sms = "" } = await tell(clinic, { patient: "bogdan" });
    await at("2027-03-27 21:10+02");
    const taken = vendors.texts.length;
    await deliver(sms);
    const { rows } = await clinic.admin.query(
      "select run_at from graphile_worker._private_jobs where key = $1",
      [`message:${sms}`],
    );
    expect(rows).toEqual([{ run_at: new Date("2027-03-28T08:00:00+03:00") }]);
    expect(await ledger(sms)).toEqual({ status: "queued", reason: null, attempts: 0, vendor: null });

    await at("2027-03-28 07:59:59+03");
    await deliver(sms);
    expect(vendors.texts).toHaveLength(taken);
    await at("2027-03-28 08:00+03");
    await deliver(sms);
    await deliver(sms);
    expect(vendors.texts).toHaveLength(taken + 1);
    expect(await ledger(sms)).toMatchObject({ status: "sent" });
  });
});
