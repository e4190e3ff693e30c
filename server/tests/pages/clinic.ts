import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import pg from "pg";
import { openKms } from "../../../providers/kms/index.ts";
import { startObjects } from "../../../providers/storage/embedded/index.ts";
import { createSecrets } from "../../../secrets/index.ts";
import { withLink } from "../../../tasks/message_link.ts";
import { refusalOf, startTestApi, wideRates } from "../support.ts";

export type Clinic = Awaited<ReturnType<typeof openClinic>>;

/**
 * A clinic with a patient, a template for each way to sign, and what staff do so that somebody signs: through the API itself. The
 * worker's part, to open the token of a link as its message leaves, is done by the worker's own function.
 */
export async function openClinic() {
  const folder = mkdtempSync(path.join(os.tmpdir(), "restartix-objects-"));
  const objects = await startObjects({ port: 0, dataDir: folder });
  const api = await startTestApi({
    because: "people sign in it, by pages",
    config: { rates: wideRates, storage: objects.settings },
  });
  await api.sql(
    `select tests.clinic('atlas'), tests.staff('flavia', 'front_desk'), tests.staff('adrian', 'admin');
     select tests.patient('ioana', birth_date => '1980-05-17', email => 'ioana@people.test');
     select tests.patient('vlad', email => 'vlad@people.test');
     update app_private.identities set issuer = '${api.issuer.issuer}'`,
  );
  const id = async (name: string): Promise<string> =>
    (await api.sql("select id from tests.names where name = $1", [name]))[0].id;
  const token = (name: string) =>
    api.token({ subject: name, email: `${name}@people.test`, name, locale: "ro" });

  // Pages let people of this machine sign in by the tokens that lie in its folder, as npm start puts them there.
  const tokens = path.join(api.config.dataDir, "tokens");
  mkdirSync(tokens, { recursive: true });
  for (const name of ["ioana", "vlad", "adrian"])
    writeFileSync(path.join(tokens, `${name}.txt`), token(name));

  async function ask(name: string, query: string, variables: object) {
    const answer = await api.graphql(query, { token: token(name), variables });
    if (answer.body.errors) throw new Error(`${query}: ${JSON.stringify(refusalOf(answer))}`);
    return answer.body.data;
  }

  /** A template as it is published, with what signing it consents to. */
  async function publish(
    key: string,
    content: object,
    { mode = "remote_link", inner = "typed", purposes = [] as string[] } = {},
  ) {
    const [{ id: template }] = await api.sql(
      `insert into app_public.form_templates (organization_id, key, name, kind, content, signature_mode, link_inner_mode)
       values (tests.id('atlas'), $1, $1, 'consent', $2, $3, $4) returning id`,
      [key, JSON.stringify(content), mode, inner],
    );
    await api.sql(
      `insert into app_public.form_template_purposes (organization_id, template_id, purpose_version_id)
       select tests.id('atlas'), $1, v.id from app_public.consent_purpose_versions v
       where v.organization_id is null and v.purpose_code = any ($2)`,
      [template, purposes],
    );
    await api.sql("select app_private.publish_template($1)", [template]);
    return template as string;
  }

  async function form(templateId: string, locale = "RO"): Promise<string> {
    const variables = { patient: await id("ioana at atlas"), template: templateId, locale };
    const query = `mutation ($patient: UUID!, $template: UUID!, $locale: Locale) {
      createForm(input: { patientId: $patient, templateId: $template, locale: $locale }) { form { id } } }`;
    return (await ask("flavia", query, variables)).createForm.form.id;
  }

  return {
    api,
    ask,
    token,
    id,
    publish,
    form,
    /** The address of a link, as it stands in the message about it. */
    async linkTo(formId: string, identifyWith = "BIRTH_DATE"): Promise<{ url: string; code: string | null }> {
      const query = `mutation ($form: UUID!, $with: SignatureLinkIdentifyWith) {
        sendSignatureLink(input: { formId: $form, identifyWith: $with }) { code signatureLink { id } } }`;
      const { code, signatureLink } = (await ask("flavia", query, { form: formId, with: identifyWith }))
        .sendSignatureLink;
      const kms = openKms(api.config.kms);
      const pool = new pg.Pool({ connectionString: api.workerUrl, max: 2 });
      const client = await pool.connect();
      try {
        const message = {
          data: { signatureLinkId: signatureLink.id },
          organization_id: await id("atlas"),
          link_name: null,
          link_path: null,
        };
        const outside = { secrets: createSecrets(kms, pool), publicUrl: api.url };
        const sent = await withLink("", message as never, client, outside as never);
        return {
          url: String(sent.links?.[0]?.url),
          code,
        };
      } finally {
        client.release();
        await pool.end();
        kms.close();
      }
    },
    async kioskFor(formId: string): Promise<string> {
      const query = `mutation ($form: UUID!) { startKiosk(input: { formId: $form, device: "Recepție" }) { token } }`;
      return `${api.url}/kiosk#${(await ask("flavia", query, { form: formId })).startKiosk.token}`;
    },
    async close() {
      await api.close();
      await objects.stop();
      rmSync(folder, { recursive: true });
    },
  };
}
