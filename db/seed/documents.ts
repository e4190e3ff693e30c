import type pg from "pg";
import { actAs } from "./acting.ts";
import type { Catalog } from "./catalog.ts";
import { giveSignature, type Keep } from "./signatures.ts";

/** What was written into the inputs of a template after a visit, in the order of the newest visits. */
const written = [
  {
    template: "physiotherapy_record_ro",
    content: {
      goals: "Recuperarea flexiei genunchiului drept după meniscectomie.",
      findings: "Flexie 110°, extensie completă. Forță 4+/5 pe cvadriceps. Durere 2 din 10 la efort.",
      exercises: [
        { name: "Genuflexiuni la perete", sets: 3, repetitions: 10, note: "fără durere" },
        { name: "Întinderi pentru ischiogambieri", sets: 2, repetitions: 8 },
        { name: "Bicicletă ergometrică", sets: 1, repetitions: 1, note: "12 minute, rezistență mică" },
      ],
      advice: "Mers zilnic 30 de minute; gheață zece minute după efort.",
    },
  },
  {
    template: "consultation_report_ro",
    content: {
      complaint: "Durere lombară de trei săptămâni, accentuată la ridicarea greutăților.",
      findings: "Mobilitate lombară limitată la flexie. Fără semne neurologice la membrele inferioare.",
      diagnosis: "Lombalgie mecanică.",
      plan: "Zece ședințe de kinetoterapie, apoi reevaluare.",
    },
  },
  {
    template: "recommendation_ro",
    content: {
      advice:
        "Evitarea ridicării de greutăți peste 5 kg timp de patru săptămâni. Exerciții de stabilizare zilnic.",
    },
  },
];

/**
 * Every clinic has the product's templates of documents; the first ones of the newest finished visits have a document that
 * their specialist issued, with the specialist's signature where there is a store for its picture. Made by the verbs, in the name of
 * whoever does it, and rendered by the worker.
 */
export async function fillDocuments(
  client: pg.Client,
  { organizationId }: Catalog,
  keep: Keep | undefined,
): Promise<void> {
  await client.query("set local role app_engine");
  await client.query("select app_private.give_predefined_documents($1)", [organizationId]);
  const { rows } = await client.query<{ id: string; specialistId: string; humanId: string }>(
    `select visit.id, visit.specialist_id as "specialistId", visit.human_id as "humanId"
     from (
       select distinct on (appointments.patient_profile_id) appointments.id, appointments.starts_at, specialists.id as specialist_id,
         specialists.human_id
       from app_public.appointments
       join app_public.specialists on specialists.id = appointments.specialist_id
       where appointments.organization_id = $1 and appointments.status = 'done' and specialists.human_id is not null
       order by appointments.patient_profile_id, appointments.starts_at desc, appointments.id
     ) as visit
     order by visit.starts_at desc, visit.id
     limit $2`,
    [organizationId, written.length],
  );
  for (const [place, { id, specialistId, humanId }] of rows.entries()) {
    const { template, content } = written[place] as (typeof written)[number];
    await actAs(client, humanId, organizationId);
    if (keep) await giveSignature(client, { organizationId, specialistId, humanId }, keep);
    await client.query(
      `select app_public.issue_document(drafted.id)
       from app_public.pdf_templates
       cross join lateral app_public.draft_document($1, pdf_templates.id, $3) as drafted
       where pdf_templates.organization_id = $4 and pdf_templates.key = $2`,
      [id, template, content, organizationId],
    );
  }
  await actAs(client, "", "");
  await client.query("reset role");
}
