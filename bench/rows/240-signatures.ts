import type pg from "pg";
import { asCaller, type Bench, median, type Row } from "../row.ts";

const fields = 20;

/**
 * CNS-02, CNS-04, CNS-07. A patient signs forms of twenty fields in the portal: validation, proof with its hashes and texts, chain of
 * events, two consents, state machine, outbox, audit and seal, in one transaction each.
 * The floor is the same forms completed and not signed.
 */
export default {
  claim: `forms of ${fields} fields signed, with proof, consents, outbox and audit`,
  unit: "/s",
  goal: { ratioAtLeast: 0.3 },
  async measure(bench) {
    const client = await bench.connect();
    const template = await openTemplate(bench);
    const [rounds, each] = bench.short ? [1, 3] : [5, 60];
    const signed: number[] = [];
    const completed: number[] = [];
    for (let round = 0; round < rounds; round++) {
      signed.push(
        await perSecond(await formsOf(bench, template, each), (id) =>
          run(client, template, "select app_public.sign_form($1, $2, 'ro', 'Ana Pop', true, $3)", [
            id,
            template.textHash,
            template.answers,
          ]),
        ),
      );
      completed.push(
        await perSecond(await formsOf(bench, template, each), (id) =>
          run(client, template, "select app_public.complete_form($1, $2)", [id, template.answers]),
        ),
      );
    }
    const { rows } = await bench.admin.query(
      `select count(*)::int as signatures, count(fault)::int as faults,
         (select count(*)::int from app_public.consents where organization_id = $1 and source = 'form') as consents
       from app_public.form_signatures as signature
       left join lateral app_private.signature_faults(signature.organization_id, signature.form_id) as fault on true
       where signature.organization_id = $1`,
      [template.clinicId],
    );
    return {
      measured: median(signed),
      against: { what: "the same forms completed only", value: median(completed) },
      conditions: {
        "every form has its signature": rows[0].signatures === rounds * each,
        "every signature has its consents": rows[0].consents === 2 * rounds * each,
        "every proof holds": rows[0].faults === 0,
      },
    };
  },
} satisfies Row;

type Template = {
  clinicId: string;
  humanId: string;
  personId: string;
  patientId: string;
  templateId: string;
  versionId: string;
  textHash: string;
  answers: string;
};

const keys = Array.from({ length: fields }, (_, place) => `question_${place}`);

/** A clinic's template with a patient who has an account. */
async function openTemplate({ admin }: Bench): Promise<Template> {
  const content = {
    format: 1,
    title: { ro: "Acord" },
    intent: { ro: "Am citit și sunt de acord" },
    items: keys.map((key) => ({ key, type: "text", label: { ro: `Întrebarea ${key}` }, required: true })),
  };
  const { rows } = await admin.query(
    `with clinic as (select id from app_public.organizations order by id limit 1),
     principal as (insert into app_public.principals (kind) values ('human') returning id),
     human as (
       insert into app_public.humans (principal_id, email, email_verified_at, display_name)
       select id, 'signs@bench.test', now(), 'Ana Pop' from principal returning principal_id
     ), person as (
       insert into app_public.patient_profiles (human_id, given_name, family_name, email, birth_date)
       select principal_id, 'Ana', 'Pop', 'signs@bench.test', '1980-05-17' from human returning id
     ), patient as (
       insert into app_public.patients (organization_id, patient_profile_id)
       select clinic.id, person.id from clinic, person returning id
     ), template as (
       insert into app_public.form_templates (organization_id, key, name, content, signature_mode, version, published)
       select id, 'bench', 'Bench', $1, 'click_typed', 1, true from clinic returning id
     ), version as (
       insert into app_public.form_template_versions
         (organization_id, template_id, number, content, content_hash, field_types, signature_mode, link_inner_mode, link_expires_minutes)
       select clinic.id, template.id, 1, $1, sha256(convert_to($1::jsonb::text, 'UTF8')), app_private.form_field_types($1), 'click_typed', 'drawn', 1440
       from clinic, template returning id
     )
     select clinic.id as "clinicId", human.principal_id as "humanId", person.id as "personId", patient.id as "patientId",
       template.id as "templateId", version.id as "versionId"
     from clinic, human, person, patient, template, version`,
    [JSON.stringify(content)],
  );
  const [made] = rows;
  await admin.query(
    `insert into app_public.form_template_version_purposes (organization_id, version_id, purpose_scope_id, purpose_version_id)
     select $1, $2, scope_id, id
     from (select distinct on (purpose_code) * from app_public.consent_purpose_versions
           where organization_id is null and purpose_code in ('telemedicine', 'video_recording') order by purpose_code, number desc) as version`,
    [made.clinicId, made.versionId],
  );
  const template = { ...made, answers: JSON.stringify(Object.fromEntries(keys.map((key) => [key, "da"]))) };
  const [form] = await formsOf({ admin }, template, 1);
  const { rows: shown } = await admin.query(
    "select app_private.hex_digest(app_private.shown_text(forms, 'ro')) as hash from app_public.forms where id = $1",
    [form],
  );
  return { ...template, textHash: shown[0].hash };
}

async function formsOf(
  { admin }: Pick<Bench, "admin">,
  template: Template,
  count: number,
): Promise<string[]> {
  const { rows } = await admin.query<{ id: string }>(
    `insert into app_public.forms (organization_id, patient_id, patient_profile_id, template_id, version_id, snapshot)
     select $1, $2, $3, $4, $5, (select content from app_public.form_template_versions where id = $5)
     from generate_series(1, $6) returning id`,
    [
      template.clinicId,
      template.patientId,
      template.personId,
      template.templateId,
      template.versionId,
      count,
    ],
  );
  return rows.map(({ id }) => id);
}

const run = (client: pg.Client, { humanId }: Template, text: string, values: unknown[]) =>
  asCaller(client, { principalId: humanId }, () => client.query({ name: text, text, values }), "commit");

async function perSecond(ids: string[], work: (id: string) => Promise<unknown>): Promise<number> {
  const began = performance.now();
  for (const id of ids) await work(id);
  return ids.length / ((performance.now() - began) / 1000);
}
