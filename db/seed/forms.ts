import type pg from "pg";
import { actAs, actAsWhoMay } from "./acting.ts";
import type { Catalog } from "./catalog.ts";
import { type Clinic, forms } from "./data.ts";
import type { Patient } from "./people.ts";

/**
 * What the clinic asks of its patients: the product's templates, published; its privacy notice; what everybody accepted; and
 * forms in every state. Unlike the rest of the seed this is made by the functions of the database, in the name of whoever
 * does it, so that each answer is checked and each signature has its proof; all of it is of today.
 */
export async function fillForms(
  client: pg.Client,
  { slug }: Clinic,
  { catalog: { organizationId, frontDesk }, patients }: { catalog: Catalog; patients: Patient[] },
): Promise<void> {
  await client.query("set local role app_engine");
  await actAsWhoMay(client, "consent_texts.manage", organizationId);
  await client.query("select app_public.publish_privacy_notice($1, $2, true)", [
    organizationId,
    ["video", "video_recording", "telerehab", "biometric_capture", "marketing"],
  ]);
  await client.query("select app_private.give_predefined_forms($1)", [organizationId]);
  await client.query(
    "select app_private.publish_template(id) from app_public.form_templates where organization_id = $1",
    [organizationId],
  );
  await acceptTerms(client, organizationId, frontDesk);

  for (const { patient: name, template, state, answers = {} } of forms[slug] ?? []) {
    const patient = patients.find((one) => one.name === name) as Patient;
    const by = patient.humanId ?? frontDesk;
    await actAs(client, by, organizationId);
    const { rows } = await client.query<{ id: string }>(
      `select (app_private.make_form($1, $2, form_templates.id, $4)).id
       from app_public.form_templates where organization_id = $1 and key = $3`,
      [organizationId, patient.profileId, template, patient.locale],
    );
    const form = rows[0]?.id as string;
    if (state === "in_progress") {
      await client.query("select app_public.save_form_answers($1, $2)", [form, answers]);
    } else if (state !== "pending") {
      await client.query("select app_public.complete_form($1, $2)", [form, answers]);
    }
    if (state === "signed") {
      await client.query(
        `select app_public.sign_form($1, shown.text_hash, shown.locale, $2, true)
         from app_public.form_text($1) as shown`,
        [form, name],
      );
    }
  }
  await actAs(client, "", "");
  await client.query("reset role");
}

/** Who has an account accepted in it; of the others front desk has a signed sheet. */
async function acceptTerms(client: pg.Client, organizationId: string, frontDesk: string): Promise<void> {
  await client.query(
    `select app_private.add_consent(jsonb_populate_record(null::app_public.consents, jsonb_build_object(
       'organization_id', case when asked.organization_id is not null or asked.purpose_code <> 'platform_terms' then $1::uuid end,
       'patient_profile_id', case when asked.purpose_code <> 'platform_terms' then profile.id end,
       'human_id', case when asked.purpose_code = 'platform_terms' then profile.human_id end,
       'purpose_version_id', asked.id, 'decision', 'granted',
       'source', case when profile.human_id is null then 'staff' else 'self' end,
       'decided_by', coalesce(profile.human_id, $2::uuid),
       'evidence', case when profile.human_id is null then 'Semnat pe hârtie, la recepție' end)))
     from app_public.patients
     join app_public.patient_profiles as profile on profile.id = patients.patient_profile_id
     cross join app_public.clinic_terms($1) as asked
     where patients.organization_id = $1 and (profile.human_id is not null or asked.purpose_code <> 'platform_terms')`,
    [organizationId, frontDesk],
  );
}
