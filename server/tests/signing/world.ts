import { randomUUID } from "node:crypto";
import { simpleParser } from "mailparser";
import pg from "pg";
import { type SmtpVendor, startSmtpVendor } from "../../../providers/email/tests/smtp_vendor.ts";
import { openKms } from "../../../providers/kms/index.ts";
import { createSecrets } from "../../../secrets/index.ts";
import { createLinkKeys } from "../../../secrets/links/link_key.ts";
import deliverMessage from "../../../tasks/definitions/deliver_message.ts";
import { nowhere } from "../../../tasks/tests/nowhere.ts";
import { bytesOf, pngSample } from "../../files/tests/samples.ts";
import { type Answer, type Json, startTestApi, type TestApi } from "../support.ts";

export type Mode = "click_typed" | "drawn_kiosk" | "remote_link";

const PAGES = "https://pages.test";

export type World = {
  api: TestApi;
  vendor: SmtpVendor;
  ids: Record<"atlas" | "ioana" | "corina", string>;
  token(who: "ioana" | "vlad" | "alina" | "otto" | "billing"): string;
  /** A new form to be signed in this way, with one required scale and two purposes. */
  form(mode: Mode, options?: { typed?: boolean; patient?: string }): Promise<string>;
  /** Sends a link as staff; the payload. */
  send(form: string, input?: object): Promise<Json>;
  /** The token out of the last mail with a link to a form, after the worker has sent it. */
  mailed(form: string): Promise<string>;
  /** The token of the tablet; under an idempotency key where one is given. */
  startKiosk(form: string, key?: string): Promise<string>;
  close(): Promise<void>;
};

export async function openWorld(because: string): Promise<World> {
  const [api, vendor] = await Promise.all([startTestApi({ because }), startSmtpVendor()]);
  await api.sql(`
    select tests.clinic('boreal');
    select tests.staff('otto', 'owner', email => 'otto@clinic.test');
    select tests.clinic('atlas');
    update app_private.channels set quiet_from = null, quiet_until = null;
    select tests.staff('alina', 'front_desk', email => 'alina@clinic.test');
    select tests.staff('billing', 'billing', email => 'billing@clinic.test');
    select tests.patient('ioana', email => 'ioana@people.test');
    select tests.patient('vlad', email => 'vlad@people.test');
    select tests.caregiver('corina', 'vlad', 'guardian');
    update app_public.humans set email_verified_at = now();
    select tests.form_template(m || s, '[{"key": "pain", "type": "scale", "min": 0, "max": 10, "required": true, "label": {"ro": "Durere"}}]',
      signature_mode => m) from unnest('{click_typed,drawn_kiosk,remote_link}'::text[]) m, unnest('{"",_typed}'::text[]) s;
    alter table app_public.form_template_versions disable trigger user;
    update app_public.form_template_versions v set link_inner_mode = 'typed' from app_public.form_templates t
    where t.id = v.template_id and t.key = 'remote_link_typed';
    alter table app_public.form_template_versions enable trigger user;
    insert into app_public.form_template_version_purposes (organization_id, version_id, purpose_scope_id, purpose_version_id)
    select v.organization_id, v.id, c.scope_id, c.id
    from app_public.form_template_versions v, app_public.consent_purpose_versions c
    where c.id in (tests.version_id('telemedicine'), tests.version_id('video_recording'));`);
  const [ids] = await api.sql(`
    select (select id from app_public.organizations where slug = 'atlas') as atlas,
      (select id from app_public.patient_profiles where email = 'ioana@people.test') as ioana,
      (select c.id from app_public.caregivers c join app_public.humans h on h.principal_id = c.human_id where h.display_name = 'Corina') as corina`);
  const kms = openKms(api.config.kms);
  const worker = new pg.Pool({ connectionString: api.workerUrl, max: 2 });
  const secrets = createSecrets(kms, worker);
  const token: World["token"] = (who) => {
    const isPatient = who === "ioana" || who === "vlad";
    return api.token({
      subject: `user_${who}`,
      email: `${who}@${isPatient ? "people" : "clinic"}.test`,
      name: who,
    });
  };

  return {
    api,
    vendor,
    ids,
    token,

    async form(mode, { typed = false, patient = "ioana" } = {}) {
      const [row] = await api.sql(
        `insert into app_public.forms (organization_id, patient_id, patient_profile_id, template_id, version_id, snapshot)
         select p.organization_id, p.id, p.patient_profile_id, v.template_id, v.id, v.content
         from app_public.form_template_versions v
         join app_public.form_templates t on t.id = v.template_id
         join app_public.patients p on p.organization_id = v.organization_id
         join app_public.patient_profiles f on f.id = p.patient_profile_id
         where t.key = $1 and f.email = $2 returning id`,
        [typed ? `${mode}_typed` : mode, `${patient}@people.test`],
      );
      return row.id;
    },

    async send(form, input = {}) {
      const { body } = await api.graphql(
        `mutation ($input: SendSignatureLinkInput!) { sendSignatureLink(input: $input) {
           code signatureLink { id status kind identifyBy failures expiresAt } } }`,
        { token: token("alina"), variables: { input: { formId: form, ...input } } },
      );
      if (body.errors) throw new Error(JSON.stringify(body.errors));
      return body.data.sendSignatureLink;
    },

    async mailed(form) {
      const messages = await api.sql(
        `select m.id from app_public.messages m
         where m.channel = 'email' and m.status = 'queued' and (m.data ->> 'asked' = 'form:' || $1::text or m.data ->> 'signatureLinkId' in (
           select l.id::text from app_public.signature_links l where l.form_id = $1::uuid))`,
        [form],
      );
      for (const { id } of messages) {
        const withPgClient = async (use: (client: pg.PoolClient) => Promise<unknown>) => {
          const client = await worker.connect();
          try {
            return await use(client);
          } finally {
            client.release();
          }
        };
        const helpers = { withPgClient, job: { locked_by: randomUUID(), attempts: 1, max_attempts: 12 } };
        await deliverMessage.run({ messageId: id }, helpers as never, {
          ...nowhere,
          secrets,
          linkKeys: createLinkKeys(worker, secrets),
          publicUrl: PAGES,
          mailers: { for: async () => vendor.mailer, check: async () => null, close() {} },
        });
      }
      const mail = await simpleParser((await vendor.taken()).at(-1) as Buffer);
      return new RegExp(`${PAGES}/sign#(\\S+)`).exec(mail.text ?? "")?.[1] ?? "";
    },

    async startKiosk(form, key) {
      const { body } = await api.graphql(
        'mutation ($form: UUID!) { startKiosk(input: {formId: $form, device: "Tableta 1"}) { token } }',
        { token: token("alina"), variables: { form }, headers: key ? { "idempotency-key": key } : {} },
      );
      return body.data.startKiosk.token;
    },

    async close() {
      await worker.end();
      kms.close();
      await vendor.stop();
      await api.close();
    },
  };
}

/** A door of /v1/signing, as the page asks it. */
export function doorsWith(api: TestApi, token: string, scheme = "Link") {
  const headers = (session?: string) => ({
    authorization: `${scheme} ${token}`,
    "content-type": "application/json",
    ...(session ? { "x-signing-session": session } : {}),
  });
  const ask = (method: string, path: string, session?: string, body?: object): Promise<Answer> =>
    api.fetch(`/v1/signing${path}`, {
      method,
      headers: headers(session),
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
  return {
    open: () => ask("GET", ""),
    identify: (body: object) => ask("POST", "/identify", undefined, body),
    form: (session?: string, locale?: string) =>
      ask("GET", `/form${locale ? `?locale=${locale}` : ""}`, session),
    save: (answers: object, session?: string) => ask("PUT", "/answers", session, { answers }),
    sign: (body: object, session?: string) => ask("POST", "/sign", session, body),
    refuse: (body: object, session?: string) => ask("POST", "/refuse", session, body),
    async session(birthDate = "1980-05-17"): Promise<string> {
      return (await ask("POST", "/identify", undefined, { birthDate })).body.session;
    },
  };
}

export const drawing = (png: Buffer = bytesOf(pngSample(16))) => ({
  png: png.toString("base64"),
  path: "M0 0L5 5Q1 1 2 2",
  width: 400,
  height: 200,
});
