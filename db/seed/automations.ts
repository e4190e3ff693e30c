import type pg from "pg";
import { actAs, actAsWhoMay } from "./acting.ts";
import type { Catalog } from "./catalog.ts";

const visits = (where: object[], operator: string, value: number, days?: number) => ({
  count: { of: "appointments", where: { all: where }, ...(days && { within: { days } }) },
  operator,
  value,
});
const status = (value: string) => ({ field: "appointment.status", operator: "is", value });
const toCome = { field: "appointment.is_to_come", operator: "is", value: true };

/** Whom the clinic looks after by name: those that a rule finds, and one list that is filled by hand and by an automation. */
const segments = [
  {
    name: "Fără programare viitoare",
    description: "Au fost cel puțin o dată și nu mai au nimic programat.",
    rule: {
      all: [visits([status("done")], "at_least", 1), visits([toCome], "is", 0)],
    },
  },
  {
    name: "Cu pachet sau abonament în curs",
    description: "Au ședințe plătite pe care le mai pot folosi.",
    rule: { field: "patient.has_open_plan", operator: "is", value: true },
  },
  {
    name: "Peste 65 de ani",
    description: null,
    rule: { field: "profile.age", operator: "at_least", value: 65 },
  },
  {
    name: "Își serbează ziua săptămâna aceasta",
    description: null,
    rule: { field: "profile.days_to_birthday", operator: "at_most", value: 7 },
  },
  { name: "De sunat", description: "Recepția îi sună și îi scoate de pe listă.", rule: null },
];

const mail = (ro: [string, string], en: [string, string]) => ({
  words: { ro: { title: ro[0], body: ro[1] }, en: { title: en[0], body: en[1] } },
});

/** What the clinic does by itself, beside the welcome of its new patients. */
const automations = ({
  intake,
  toCall,
  birthdays,
}: {
  intake: string;
  toCall: string;
  birthdays: string;
}) => [
  {
    name: "La mulți ani",
    event: "segment.entered",
    conditions: { field: "event.segmentId", operator: "is", value: birthdays },
    mostEver: null,
    actions: [
      {
        action: "send_email",
        config: {
          isMarketing: true,
          ...mail(
            [
              "La mulți ani de la {{clinicName}}",
              "Bună ziua, {{patientName}},\n\nvă urăm la mulți ani, cu sănătate și cu mișcare!\n\n{{clinicName}}",
            ],
            [
              "Happy birthday from {{clinicName}}",
              "Hello {{patientName}},\n\nwe wish you a happy birthday, good health and a lot of movement!\n\n{{clinicName}}",
            ],
          ),
        },
      },
    ],
  },
  {
    name: "Amintește de fișa de anamneză",
    event: "form.created",
    conditions: {
      count: {
        of: "forms",
        where: {
          all: [
            { field: "answered.template", operator: "is", value: intake },
            { field: "answered.status", operator: "one_of", value: ["pending", "in_progress"] },
          ],
        },
      },
      operator: "at_least",
      value: 1,
    },
    mostEver: 3,
    actions: [
      {
        action: "send_email",
        after: { days: 2, at: "10:00" },
        config: mail(
          [
            "Mai aveți un formular de completat",
            "Bună ziua, {{patientName}},\n\nca să vă putem primi pregătiți, completați vă rugăm fișa de anamneză înainte de vizită." +
              "{{#askedUrl}}\n\nO găsiți aici: {{askedUrl}}{{/askedUrl}}{{^askedUrl}} O găsiți în contul dumneavoastră.{{/askedUrl}}\n\n{{clinicName}}",
          ],
          [
            "You still have a form to fill in",
            "Hello {{patientName}},\n\nplease fill in your medical history before your visit, so that we are prepared." +
              "{{#askedUrl}}\n\nYou find it here: {{askedUrl}}{{/askedUrl}}{{^askedUrl}} You find it in your account.{{/askedUrl}}\n\n{{clinicName}}",
          ],
        ),
      },
    ],
  },
  {
    name: "Rechemare la trei luni",
    event: "appointment.done",
    conditions: visits([toCome], "is", 0),
    mostEver: null,
    actions: [
      {
        action: "send_email",
        after: { days: 90, at: "10:00" },
        config: {
          isMarketing: true,
          ...mail(
            [
              "Cum vă mai simțiți?",
              "Bună ziua, {{patientName}},\n\nau trecut trei luni de la ultima vizită. Dacă doriți o reevaluare, vă așteptăm.{{#clinicPhone}} " +
                "Ne găsiți la {{clinicPhone}}.{{/clinicPhone}}\n\n{{clinicName}}",
            ],
            [
              "How are you feeling?",
              "Hello {{patientName}},\n\nit is three months since your last visit. If you would like to be seen again, we are here." +
                "{{#clinicPhone}} Call us at {{clinicPhone}}.{{/clinicPhone}}\n\n{{clinicName}}",
            ],
          ),
        },
      },
    ],
  },
  {
    name: "Două absențe în trei luni",
    event: "appointment.noshow",
    conditions: visits([status("noshow")], "at_least", 2, 90),
    mostEver: null,
    actions: [
      { action: "update_segment", config: { segmentId: toCall } },
      {
        action: "show_notification",
        config: {
          to: "staff",
          permission: "appointments.manage",
          ...mail(
            [
              "De sunat: {{patientName}}",
              "A lipsit de două ori în ultimele trei luni și este acum pe lista „De sunat”.",
            ],
            [
              "To call: {{patientName}}",
              "Missed two visits in the last three months and is now on the list “De sunat”.",
            ],
          ),
        },
      },
    ],
  },
];

/** Segments and automations, made by the verbs in the name of whoever may; every automation is switched on. */
export async function fillAutomations(client: pg.Client, { organizationId }: Catalog): Promise<void> {
  await client.query("set local role app_engine");
  await actAsWhoMay(client, "segments.manage", organizationId);
  const made = new Map<string, string>();
  for (const { name, description, rule } of segments) {
    const { rows } = await client.query<{ id: string }>(
      "select id from app_public.create_segment($1, $2, $3, $4)",
      [organizationId, name, rule && JSON.stringify(rule), description],
    );
    made.set(name, rows[0]?.id as string);
  }
  await client.query("select app_private.give_onboarding_automation($1, true)", [organizationId]);
  const { rows } = await client.query<{ id: string }>(
    "select id from app_public.form_templates where organization_id = $1 and key = 'intake'",
    [organizationId],
  );
  await actAsWhoMay(client, "automations.manage", organizationId);
  for (const { name, event, conditions, actions, mostEver } of automations({
    intake: rows[0]?.id as string,
    toCall: made.get("De sunat") as string,
    birthdays: made.get("Își serbează ziua săptămâna aceasta") as string,
  })) {
    await client.query(
      "select app_public.create_automation($1, $2, $3, $4, $5, most_per_day => 1, most_ever => $6)",
      [organizationId, name, event, JSON.stringify(actions), JSON.stringify(conditions), mostEver],
    );
  }
  await actAs(client, "", "");
  await client.query("reset role");
}
