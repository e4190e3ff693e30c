import ICAL from "ical.js";
import { simpleParser } from "mailparser";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type SmtpVendor, startSmtpVendor } from "../../providers/email/tests/smtp_vendor.ts";
import deliverMessage from "../definitions/deliver_message.ts";
import { type Clinic, openClinic, transaction } from "./database.ts";
import { nowhere } from "./nowhere.ts";

// APT-08: the calendar file of each step of a visit, as an independent parser reads it, names of every kind included.

const NAMES = {
  service: 'Ședință, "lungă"; 50 min\\săptămână',
  clinic: 'Clinica "Țărmul", Cluj; centru',
  street: 'Str. Lungă, nr. 1; sc. "B"',
  guest: { given: 'Ștefan "Fane"', family: "Țăranu; Ene, Jr." },
};
const CONTACT = "contact@atlas.test";

let clinic: Clinic;
let vendor: SmtpVendor;
beforeAll(async () => {
  [clinic, vendor] = await Promise.all([
    openClinic("visits are booked, moved and called off, and their mails leave"),
    startSmtpVendor(),
  ]);
  await transaction(clinic.admin, (client) =>
    client.query(`
      update app_public.organizations set name = $n$${NAMES.clinic}$n$, street = $n$${NAMES.street}$n$ where id = tests.id('atlas');
      update app_public.services set name = $n$${NAMES.service}$n$ where organization_id = tests.id('atlas');
      update app_public.specialists set title = 'Dr.', given_name = $n$Ana "Anca"$n$, family_name = 'Ionescu, Pop; Șerb',
        contact_email = 'ana@atlas.test' where id = tests.id('ana');
      select tests.works('ana');
      update app_public.calendars set horizon_days = 400;
      select tests.staff('flavia', 'front_desk', 'atlas');
      select tests.staff('ana of the clinic', 'specialist', 'atlas', email => 'ana@people.test');
      update app_public.specialists set human_id = tests.id('ana of the clinic') where id = tests.id('ana');
      select tests.booking_request('request', 'mondays', 'ana', '2027-03-25 10:00+02');
      update app_public.booking_requests set given_name = $n$${NAMES.guest.given}$n$, family_name = $n$${NAMES.guest.family}$n$,
        token_hash = extensions.digest('the link', 'sha256'), respond_by = '2027-03-20 10:00+02', organizer_email = 'contact@atlas.test';`),
  );
});
afterAll(async () => {
  await vendor.stop();
  await clinic.drop();
});

/** What people do, each as one transaction: a visitor, or front desk. */
async function does(who: string, sql: string): Promise<void> {
  await transaction(clinic.admin, async (client) => {
    await client.query("select tests.act_as($1)", [who]);
    await client.query(sql);
  });
}

type Entry = {
  uid: string;
  sequence: number;
  method: string;
  status: string;
  organizer: string;
  event: ICAL.Event;
};

/** Sends what waits, and answers with the calendar files that left, by whom they were for. */
async function filesOf(): Promise<Map<string, Entry>> {
  const { rows: events } = await clinic.admin.query<{ id: string }>(
    `select id from app_private.events where name ~ '^(appointment|booking_request)\\.' and not exists (
       select from app_public.messages where messages.event_id = events.id) order by id`,
  );
  for (const { id } of events) await clinic.admin.query("select app_private.consume_notifications($1)", [id]);
  const { rows: waiting } = await clinic.admin.query<{ id: string }>(
    "select id from app_public.messages where status = 'queued' and channel = 'email' order by id",
  );
  const before = (await vendor.taken()).length;
  for (const { id } of waiting) {
    const job = { locked_by: "worker-a", attempts: 1, max_attempts: 12 };
    const helpers = { withPgClient: clinic.withPgClient, job } as unknown as Parameters<
      typeof deliverMessage.run
    >[1];
    await deliverMessage.run({ messageId: id }, helpers, {
      ...nowhere,
      mailers: { for: async () => vendor.mailer, check: async () => null, close() {} },
      publicUrl: "https://programari.test",
    });
  }
  const files = new Map<string, Entry>();
  for (const raw of (await vendor.taken()).slice(before)) {
    const mail = await simpleParser(raw);
    const file = mail.attachments.find(({ contentType }) => contentType === "text/calendar");
    if (!file) continue;
    const calendar = new ICAL.Component(ICAL.parse(file.content.toString()));
    const [component] = calendar.getAllSubcomponents("vevent");
    const event = new ICAL.Event(component);
    const to = Array.isArray(mail.to) ? mail.to[0] : mail.to;
    files.set(to?.value[0]?.address ?? "", {
      uid: event.uid,
      sequence: event.sequence,
      method: String(calendar.getFirstPropertyValue("method")),
      status: String(component?.getFirstPropertyValue("status")),
      organizer: event.organizer,
      event,
    });
  }
  return files;
}

const GUEST = "guest@people.test";
const SPECIALIST = "ana@people.test";
const startOf = ({ event }: Entry) => event.startDate.toJSDate().toISOString();

test("each step is one entry in a later version, at its time across a change of clocks, with names as they are written", async () => {
  const steps: [string, string, string][] = [
    ["a visitor", "select app_public.move_booking('the link', '2027-03-26 10:00+02')", "TENTATIVE"],
    [
      "flavia",
      "select app_public.confirm_booking_request(tests.id('request'), as_new_patient => true)",
      "CONFIRMED",
    ],
    ["a visitor", "select app_public.move_booking('the link', '2027-03-29 10:00+03')", "CONFIRMED"],
    [
      "flavia",
      `select app_public.reschedule_appointment(id, '2027-03-30 10:00+03') from app_public.appointments`,
      "CONFIRMED",
    ],
    [
      "a visitor",
      "select app_public.cancel_booking('the link', 'Nu mai pot; \"gripă\", febră')",
      "CANCELLED",
    ],
    ["flavia", "select app_public.reinstate_appointment(id) from app_public.appointments", "CONFIRMED"],
  ];
  const starts = [
    "2027-03-26T08:00",
    "2027-03-26T08:00",
    "2027-03-29T07:00",
    "2027-03-30T07:00",
    "2027-03-30T07:00",
    "2027-03-30T07:00",
  ];

  const first = (await filesOf()).get(GUEST) as Entry;
  expect(first).toMatchObject({
    sequence: 0,
    method: "REQUEST",
    status: "TENTATIVE",
    organizer: `mailto:${CONTACT}`,
  });
  expect(startOf(first)).toBe("2027-03-25T08:00:00.000Z");
  expect(first.event.summary).toBe(`${NAMES.service}, ${NAMES.clinic}`);
  expect(first.event.description).toBe('Dr. Ana "Anca" Ionescu, Pop; Șerb\n+40264000111');
  expect(first.event.attendees[0]?.getParameter("cn")).toBe('Ștefan "Fane" Țăranu; Ene, Jr.');

  let last = first;
  let ofSpecialist: Entry | undefined;
  for (const [place, [who, sql, status]] of steps.entries()) {
    await does(who, sql);
    const files = await filesOf();
    const entry = files.get(GUEST) as Entry;
    const method = status === "CANCELLED" ? "CANCEL" : "REQUEST";
    expect(entry, sql).toMatchObject({ uid: first.uid, organizer: first.organizer, status, method });
    expect(entry.sequence, sql).toBe(last.sequence + 1);
    expect(startOf(entry), sql).toBe(`${starts[place]}:00.000Z`);
    expect(entry.event.endDate.toJSDate().getTime() - entry.event.startDate.toJSDate().getTime()).toBe(
      3_600_000,
    );
    last = entry;

    const theirs = files.get(SPECIALIST);
    expect(Boolean(theirs), sql).toBe(place > 0);
    if (!theirs) continue;
    expect(theirs, sql).toMatchObject({
      uid: (ofSpecialist ?? theirs).uid,
      organizer: first.organizer,
      status,
      method,
    });
    expect(theirs.sequence, sql).toBe(ofSpecialist ? ofSpecialist.sequence + 1 : 0);
    expect(startOf(theirs), sql).toBe(`${starts[place]}:00.000Z`);
    ofSpecialist = theirs;
  }
});
