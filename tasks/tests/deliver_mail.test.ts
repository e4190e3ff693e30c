import { simpleParser } from "mailparser";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type SmtpVendor, startSmtpVendor } from "../../providers/email/tests/smtp_vendor.ts";
import deliverMessage from "../definitions/deliver_message.ts";
import { askForAnHour, type Clinic, openClinic, writeTo } from "./database.ts";
import { nowhere } from "./nowhere.ts";

let clinic: Clinic;
let vendor: SmtpVendor;
beforeAll(async () => {
  [clinic, vendor] = await Promise.all([
    openClinic("an effect is committed before and after the vendor is asked"),
    startSmtpVendor(),
  ]);
});
afterEach(() => vendor.behave("well"));
afterAll(async () => {
  await vendor.stop();
  await clinic.drop();
});

type Helpers = Parameters<typeof deliverMessage.run>[1];

function deliver(messageId: string, mailer = vendor.mailer, attempts = 1): Promise<void> {
  const job = { locked_by: "worker-a", attempts, max_attempts: 12 };
  const helpers = { withPgClient: clinic.withPgClient, job } as unknown as Helpers;
  return deliverMessage.run({ messageId }, helpers, {
    ...nowhere,
    mailers: { for: async () => mailer, check: async () => null, close() {} },
    publicUrl: "https://programari.test",
  });
}

async function ledger(messageId: string) {
  const { rows } = await clinic.admin.query(
    "select status, attempts, reason, sent_at is not null as sent from app_public.messages where id = $1",
    [messageId],
  );
  return rows[0];
}

describe("a message leaves once (FND-15)", () => {
  test("it is sent, recorded, and a second job for it sends nothing", async () => {
    const id = await writeTo(clinic, "stefan@people.test");
    const before = (await vendor.taken()).length;
    await deliver(id);
    await deliver(id);
    expect(await ledger(id)).toEqual({ status: "sent", attempts: 1, reason: null, sent: true });
    expect(await vendor.taken()).toHaveLength(before + 1);

    const mail = await simpleParser((await vendor.taken()).at(-1) as Buffer);
    expect(mail.subject).toBe("Programarea dumneavoastră: luni, 8 martie 2027, 09:00");
    expect(mail.from?.text).toContain("Clinica Atlas");
    expect(mail.messageId).toBe(`<${id}@restartix.test>`);
  });

  test("a busy vendor: it stays queued and the retry sends it", async () => {
    const id = await writeTo(clinic, "busy@people.test");
    vendor.behave("is busy");
    await expect(deliver(id)).rejects.toThrow();
    expect(await ledger(id)).toEqual({ status: "queued", attempts: 1, reason: null, sent: false });
    vendor.behave("well");
    await deliver(id);
    expect(await ledger(id)).toEqual({ status: "sent", attempts: 2, reason: null, sent: true });
  });

  test("a vendor that is busy to the last attempt: it fails, and the address stays good", async () => {
    const id = await writeTo(clinic, "patient@people.test");
    vendor.behave("is busy");
    await expect(deliver(id, vendor.mailer, 11)).rejects.toThrow();
    await deliver(id, vendor.mailer, 12);
    expect(await ledger(id)).toMatchObject({
      status: "failed",
      reason: "gave up: MailDelayed smtp EENVELOPE/451/4.3.0",
    });
    vendor.behave("well");
    const next = await writeTo(clinic, "patient@people.test");
    await deliver(next);
    expect(await ledger(next)).toMatchObject({ status: "sent" });
  });

  test("an address that does not exist: it fails for good, and nothing is sent there again", async () => {
    const id = await writeTo(clinic, "Gone@people.test");
    vendor.behave("refuses the mail");
    await deliver(id); // no error: the job must not be retried
    expect(await ledger(id)).toMatchObject({
      status: "failed",
      reason: "smtp EENVELOPE/550/5.1.1",
      sent: false,
    });

    vendor.behave("well");
    const before = (await vendor.taken()).length;
    const next = await writeTo(clinic, "gone@people.test");
    await deliver(next);
    expect(await ledger(next)).toMatchObject({ status: "suppressed", reason: "bounce" });
    expect(await vendor.taken()).toHaveLength(before);
  });

  test("a crash between the vendor's yes and our record sends the same mail once more, to the byte", async () => {
    const id = await writeTo(clinic, "crash@people.test");
    const crashing: typeof vendor.mailer = {
      ...vendor.mailer,
      async send(mail, options) {
        await vendor.mailer.send(mail, options);
        throw new Error("the process dies here");
      },
    };
    await expect(deliver(id, crashing)).rejects.toThrow();
    await deliver(id);
    await deliver(id);
    const [first, second, ...more] = (await vendor.taken()).filter((raw) =>
      raw.includes(`Message-ID: <${id}@`),
    );
    expect(more).toEqual([]);
    expect(second?.equals(first as Buffer)).toBe(true);
  });
});

describe("a code is made as its mail leaves (FND-32)", () => {
  test("it is in the mail, the database compares with its digest, and nothing of ours keeps it", async () => {
    const { rows } = await clinic.admin.query<{ id: string }>(
      `select unnest(app_private.notify(organizations.id, 'profile_claim_code', jsonb_build_object('code', code.id),
         name => 'Maria Ene', email => 'maria@people.test', locale => 'ro')) as id
       from app_public.organizations cross join lateral app_private.new_code(organizations.id, '15 minutes') as code`,
    );
    const id = rows[0]?.id as string;
    vendor.behave("is busy");
    await expect(deliver(id)).rejects.toThrow();
    vendor.behave("well");
    await deliver(id);
    const { text = "", subject } = await simpleParser((await vendor.taken()).at(-1) as Buffer);
    const code = /^\d{6}$/m.exec(text)?.[0] as string;
    expect(subject).toBe("Clinica Atlas: codul dumneavoastră");
    expect(text).toContain("Codul este valabil 15 minute.");

    const kept = await clinic.admin.query(
      `select app_private.code_digest($1, salt) = digest as is_compared_with,
         (select string_agg(messages::text, '') from app_public.messages)
           || (select string_agg(effects::text, '') from app_private.effects)
           || (select string_agg(jobs::text, '') from graphile_worker._private_jobs as jobs)
           || codes::text ~ ('\\m' || $1 || '\\M') as is_written_down
       from app_private.codes`,
      [code],
    );
    expect(kept.rows).toEqual([{ is_compared_with: true, is_written_down: false }]);
  });
});

describe("the link of a guest's booking is made as its mail leaves (APT-05)", () => {
  test("it is in the mail, to click on, the database compares with its digest, and nothing of ours keeps it", async () => {
    const request = await askForAnHour(clinic, "2027-03-08T09:00:00+02:00");
    await clinic.admin.query(
      "select app_private.consume_notifications(id) from app_private.events where subject_id = $1",
      [request],
    );
    const told = await toldAbout(request);
    vendor.behave("is busy");
    await expect(deliver(told.id)).rejects.toThrow();
    vendor.behave("well");
    await deliver(told.id);
    const mail = await simpleParser((await vendor.taken()).at(-1) as Buffer);
    const token = /https:\/\/programari\.test\/booking#([0-9a-f]{32})$/m.exec(mail.text ?? "")?.[1] as string;
    expect(mail.html).toMatch(new RegExp(`<a href="[^"]*booking#${token}">`));

    const kept = await clinic.admin.query(
      `select (select array_agg(token_hash = sha256(convert_to($1, 'utf8')) order by created_at, id)
               from app_private.guest_links where subject_id = $2) as is_compared_with,
         ((select string_agg(messages::text, '') from app_public.messages)
           || (select string_agg(effects::text, '') from app_private.effects)
           || (select coalesce(string_agg(jobs::text, ''), '') from graphile_worker._private_jobs as jobs)
           || (select string_agg(guest_links::text, '') from app_private.guest_links)) ~ $1 as is_written_down`,
      [token, request],
    );
    // The first try made one as well, which nobody read.
    expect(kept.rows).toEqual([{ is_compared_with: [false, true], is_written_down: false }]);
  });
});

/** The mail to the guest about a request. */
async function toldAbout(request: string): Promise<{ id: string }> {
  const { rows } = await clinic.admin.query<{ id: string }>(
    `select messages.id from app_public.messages
     where template_key = 'booking_request_received' and channel = 'email' and data ->> 'bookingRequestId' = $1`,
    [request],
  );
  return rows[0] as { id: string };
}
