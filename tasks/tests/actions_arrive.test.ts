import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Mailers, mailersFrom } from "../../providers/email/index.ts";
import { mailboxAccount } from "../../providers/mailbox/account.ts";
import { type EmbeddedMailbox, startMailbox } from "../../providers/mailbox/index.ts";
import { pusherFrom } from "../../providers/push/index.ts";
import { textMessengersFrom } from "../../providers/sms/index.ts";
import automations from "../consumers/automations.ts";
import deliverMessage from "../definitions/deliver_message.ts";
import { drain } from "../drain.ts";
import type { Outside } from "../task.ts";
import { type Clinic, openClinic, transaction } from "./database.ts";
import { nowhere } from "./nowhere.ts";

const data = mkdtempSync(path.join(tmpdir(), "actions-arrive-"));
let clinic: Clinic;
let mailbox: EmbeddedMailbox;
let mailers: Mailers;
let outside: Outside;
beforeAll(async () => {
  const here: NodeJS.ProcessEnv = { DATA_DIR: data };
  [clinic, mailbox] = await Promise.all([
    openClinic("what an automation says leaves by the real ways of each channel"),
    startMailbox({ smtpPort: 0, pagePort: 0, folder: data, account: mailboxAccount(here) }),
  ]);
  here.SMTP_URL = `smtp://127.0.0.1:${mailbox.smtpPort}`;
  here.MAILBOX_PORT = String(mailbox.pagePort);
  mailers = mailersFrom(here);
  outside = {
    ...nowhere,
    mailers,
    texts: textMessengersFrom(here),
    pusher: pusherFrom(here) ?? undefined,
    publicUrl: "https://programari.test",
  };
  await sql("select tests.arrange_action_kinds()");
  // The browser of the mailbox, which opens what is sealed for it. Its service is on this machine, which the database takes of nobody.
  await sql(
    "alter table app_public.push_subscriptions drop constraint push_subscriptions_endpoint_is_a_push_service",
  );
  const { endpoint, keys } = await ask("push/subscriptions", {
    method: "POST",
    headers: { "content-type": "application/json" },
  });
  await clinic.admin.query("update app_public.push_subscriptions set endpoint = $1, p256dh = $2, auth = $3", [
    endpoint,
    keys.p256dh,
    keys.auth,
  ]);
  await sql(`
    insert into app_public.whatsapp_templates (organization_id, template_key, locale, content_sid, variables)
    values (tests.id('atlas'), 'offer_whatsapp', 'ro', 'HX' || repeat('b', 32), '{recipientName}');
    insert into app_public.notification_preferences (patient_profile_id, topic, channel, is_enabled)
    values (tests.id('send_whatsapp'), 'news', 'whatsapp', true)`);
});
afterAll(async () => {
  mailers.close();
  await mailbox.stop();
  await clinic.drop();
  rmSync(data, { recursive: true });
});

async function sql<Row = { [column: string]: string }>(text: string, values: unknown[] = []): Promise<Row[]> {
  return transaction(clinic.admin, async (client) => {
    await client.query("select set_config('tests.clinic', 'atlas', true)");
    const answers: unknown = await client.query(values.length ? { text, values } : text);
    return ([answers].flat().at(-1) as { rows: Row[] }).rows;
  });
}

async function ask(what: string, init?: RequestInit) {
  const answer = await fetch(`http://127.0.0.1:${mailbox.pagePort}/api/${what}`, init);
  return JSON.parse(await answer.text());
}

/** The worker hears of all that happened. */
async function hear(): Promise<void> {
  const pending = await sql(
    "select distinct events.subject_id from app_private.event_deliveries join app_private.events on events.id = event_id where consumer = 'automations' and delivered_at is null",
  );
  for (const { subject_id: subjectId } of pending)
    await drain({ automations }, { consumer: "automations", subjectId: subjectId as string }, {
      withPgClient: clinic.withPgClient,
      abortSignal: new AbortController().signal,
    } as never);
}

/** Every message that waits leaves, though it is queued twice. */
async function deliver(key: string): Promise<void> {
  const queued = await sql(
    "select id from app_public.messages where template_key = $1 and status = 'queued'",
    [key],
  );
  for (const { id } of [...queued, ...queued])
    await deliverMessage.run(
      { messageId: id as string },
      {
        withPgClient: clinic.withPgClient,
        job: { locked_by: "worker", attempts: 1, max_attempts: 12 },
      } as never,
      outside,
    );
}

/** A clinic's administrator sets an action up, it happens to the patient of its name, and what became of it. */
async function acts(action: string, more: object = {}): Promise<string> {
  await sql("update app_public.automation_rules set is_enabled = false");
  await sql(
    `select tests.act_as('adrian');
     select app_public.create_automation(organizations.id, kinds.action, 'patient.profile_completed',
       jsonb_build_array(jsonb_build_object('action', kinds.action, 'config', kinds.config || '${JSON.stringify(more)}')))
     from app_public.organizations cross join tests.action_kinds() as kinds
     where organizations.slug = 'atlas' and kinds.action = '${action}'`,
  );
  await sql("select tests.happens('patient.profile_completed', $1)", [action]);
  await hear();
  const [latest] = await sql(
    "select concat_ws(' ', outcome, reason) as said from app_public.automation_executions order by id desc limit 1",
  );
  return latest?.said as string;
}

/** What came out at the other end of a channel, oldest first. */
const arrived: Record<string, () => Promise<unknown[]>> = {
  send_email: async () =>
    (await ask("messages")).messages
      .map(
        ({ subject, text }: { subject: string; text: string }) => `${subject}: ${text.trim().split("\n")[0]}`,
      )
      .reverse(),
  send_sms: () => texts("sms"),
  send_whatsapp: () => texts("whatsapp"),
  send_push: async () =>
    (await ask("pushes")).pushes
      .map(({ notice }: { notice: { title: string; body: string } }) => `${notice.title}: ${notice.body}`)
      .reverse(),
  show_notification: async () =>
    (await sql("select title || ': ' || body as said from app_public.inbox_items order by id")).map(
      ({ said }) => said,
    ),
};
/** Of a text that was approved, which it is and what stands in it. */
async function texts(on: "sms" | "whatsapp") {
  type Text = { channel: string; body: string; template: { id: string; variables: object } | null };
  const all: Text[] = (await ask("texts")).texts;
  return all
    .filter(({ channel }) => channel === on)
    .map(({ body, template }) =>
      template ? `${template.id.slice(0, 3)}: ${Object.values(template.variables)}` : body,
    )
    .reverse();
}

test("AUT-05: from the sign-up of a clinic to the mail that welcomes its patients, in their language, once", async () => {
  await sql(`
    select tests.person('root', superadmin => true);
    select tests.act_as('root');
    select tests.remember('nova', (app_public.create_organization('nova', 'Clinica Nova', 'olga@nova.test', 'Olga', draft => true)).id);
    select app_public.activate_organization(tests.id('nova'));
    select tests.act_as('the database');
    select tests.person('ela', 'ela@people.test'), tests.person('ilie', 'ilie@people.test');
    update app_public.humans set locale = 'en' where principal_id = tests.id('ela')`);
  for (const [who, given] of [
    ["ela", "Ela"],
    ["ilie", "Ilie"],
  ])
    await sql(`
      select tests.act_as('${who}');
      select app_public.join_clinic(tests.id('nova'), tests.terms('nova'), '${given}', 'Ene', '1980-05-17')`);
  await hear();
  await hear();
  await deliver("automation_email");
  const { messages } = await ask("messages");
  expect(
    messages.map(({ to, subject }: { to: string[]; subject: string }) => `${to} ${subject}`).sort(),
  ).toEqual(["ela@people.test Welcome to Clinica Nova", "ilie@people.test Bun venit la Clinica Nova"]);
  const read = (address: string) =>
    messages.find(({ to }: { to: string[] }) => to.includes(address)).text.replaceAll("\r", "");
  expect(read("ela@people.test")).toMatch(/^Hello Ela Ene,\n\nyou are now a patient of Clinica Nova\./);
  expect(read("ilie@people.test")).toMatch(
    /^Bună ziua, Ilie Ene,\n\nsunteți acum pacient al clinicii Clinica Nova\./,
  );
});

describe("AUT-02: what an action says arrives", () => {
  test.each([
    ["send_email", "Salut: Bună, Send_Email Popescu!"],
    ["send_sms", "Bună, Send_Sms Popescu!"],
    ["send_whatsapp", "HXa: Send_Whatsapp Popescu"],
    ["send_push", "Salut: Bună, Send_Push Popescu!"],
    ["show_notification", "Salut: Bună, Show_Notification Popescu!"],
  ])("%s", async (action, said) => {
    const before = await arrived[action]?.();
    expect(await acts(action)).toBe("done");
    await deliver(`automation_${action === "show_notification" ? "in_app" : action.replace("send_", "")}`);
    expect((await arrived[action]?.())?.slice(before?.length)).toEqual([said]);
  });
});

describe("AUT-04: marketing goes to whoever agreed to that channel, as it is queued and as it leaves", () => {
  test.each(["email", "sms", "whatsapp", "push"])("%s", async (channel) => {
    const action = `send_${channel}`;
    const before = (await arrived[action]?.())?.length ?? 0;
    const left = async () => {
      await deliver(`offer_${channel}`);
      return ((await arrived[action]?.())?.length ?? 0) - before;
    };
    const consent = (decision = "granted") =>
      sql("select tests.consent($1, $2, $3)", [action, `marketing_${channel}`, decision]);

    expect(await acts(action, { isMarketing: true })).toBe("skipped consent");
    // Consents to the other channels are none to this one.
    for (const other of ["email", "sms", "whatsapp", "push"].filter((one) => one !== channel))
      await sql("select tests.consent($1, $2)", [action, `marketing_${other}`]);
    expect(await acts(action, { isMarketing: true })).toBe("skipped consent");
    expect(await left()).toBe(0);

    await consent();
    expect(await acts(action, { isMarketing: true })).toBe("done");
    await sql("update app_public.consents set withdrawn_at = now() where purpose_code = $1", [
      `marketing_${channel}`,
    ]);
    expect(await left()).toBe(0);
    expect(
      await sql(
        "select status || ' ' || reason as said from app_public.messages where template_key = $1 and status <> 'queued' and attempted_at is null order by id desc limit 1",
        [`offer_${channel}`],
      ),
    ).toEqual([{ said: "skipped consent_missing" }]);

    await consent();
    expect(await acts(action, { isMarketing: true })).toBe("done");
    expect(await left()).toBe(1);
  });
});
