import pg from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { type Json, startTestApi, type TestApi } from "./support.ts";

/** SCH-12: the day of a clinic and the card of a patient are one query each, and cost the same after years. */
let api: TestApi;
const ids: Record<string, Record<string, string>> = {};
const clinics = ["young", "old"];

beforeAll(async () => {
  api = await startTestApi({
    because: "statements that requests lead to are counted, with years of a clinic behind",
    before: `select tests.clinic('young'), tests.clinic('old');`,
  });
  for (const clinic of clinics) await api.sql(furnish(clinic));
  await api.sql(history("old", 10));
  await api.sql("analyze");
  for (const clinic of clinics) {
    const [found] = await api.sql(
      `select o.id as clinic, p.id as patient from app_public.organizations o
       join app_public.patients p on p.organization_id = o.id and p.patient_profile_id = tests.id('patient 1 of ${clinic}')
       where o.slug = '${clinic}'`,
    );
    ids[clinic] = found as Record<string, string>;
  }
}, 180_000);
afterAll(() => api?.close());
afterEach(() => vi.restoreAllMocks());

/** Twenty specialists with eight appointments each, of a hundred and sixty patients, who owe a form, terms and a consent. */
const furnish = (clinic: string) => `
  select tests.staff('desk of ${clinic}', 'front_desk', '${clinic}'), tests.staff('admin of ${clinic}', 'admin', '${clinic}');
  select tests.specialist('s' || s || ' of ${clinic}', '{"mon": [["08:00", "20:00"]]}', clinic => '${clinic}') from generate_series(1, 20) s;
  select tests.resource('Room of ${clinic}', 'room', clinic => '${clinic}');
  select tests.calendar('c of ${clinic}', (select array_agg('s' || s || ' of ${clinic}') from generate_series(1, 20) s), clinic => '${clinic}', modality => 'video');
  select tests.patient('patient ' || n || ' of ${clinic}', '${clinic}', account => false) from generate_series(1, 160) n;
  select tests.form_template('form_${clinic}', jsonb_build_array(tests.form_item('pain', 'integer')), signature_mode => 'remote_link', clinic => '${clinic}');
  insert into app_public.service_forms (organization_id, service_id, template_id)
  select s.organization_id, s.id, tests.id('form_${clinic}') from app_public.services s where s.id = tests.id('service of c of ${clinic}');
  insert into app_public.consent_purpose_versions (organization_id, purpose_code, number, is_required, asks_again, in_force_from, title_ro, body_ro)
  select o.id, 'org_terms', 1, true, true, now(), 'Termeni', 'Sunt de acord.' from app_public.organizations o where o.slug = '${clinic}';
  ${visits(clinic, "date '2031-03-03'", 1)}`;

/** A day for everybody; of those before nothing else is known than what a booking leaves. */
const visits = (clinic: string, day: string, days: number) => `
  with slots as (
    select uuidv7() as claim_id, uuidv7() as id, colleague.id as specialist_id, p.patient_profile_id, p.organization_id,
           (${day} - 7 * back)::timestamp at time zone 'Europe/Bucharest' + make_interval(hours => 8 + n) as starts_at
    from generate_series(0, ${days - 1}) back
    cross join generate_series(1, 20) s
    cross join generate_series(0, 7) n
    join tests.names colleague on colleague.name = 's' || s || ' of ${clinic}'
    join tests.names person on person.name = 'patient ' || (s - 1) * 8 + n + 1 || ' of ${clinic}'
    join app_public.patients p on p.patient_profile_id = person.id
  ), claims as (
    insert into app_private.time_claims (id, organization_id, specialist_id, calendar_id, kind, during, blocked, counted_at)
    select claim_id, organization_id, specialist_id, tests.id('c of ${clinic}'), 'appointment', tstzrange(starts_at, starts_at + interval '1 hour'),
           tstzrange(starts_at, starts_at + interval '1 hour'), now()
    from slots
  )
  insert into app_public.appointments (id, organization_id, patient_profile_id, calendar_id, service_id, specialist_id, claim_id, starts_at, ends_at,
    modality, price_amount, currency, contact_name, locale, organizer_email, cancel_minutes, late_cancel, late_cancel_session, reschedule_minutes, no_show_session)
  select slots.id, slots.organization_id, slots.patient_profile_id, tests.id('c of ${clinic}'), tests.id('service of c of ${clinic}'), slots.specialist_id, claim_id,
         starts_at, starts_at + interval '1 hour', 'video', 100, 'RON', 'Somebody', 'ro', 'a@clinic.test', 0, 'allowed', 'kept', 0, 'kept'
  from slots;`;

/** The weeks before, with a form each. Triggers sleep: what they write is not what is read here. */
const history = (clinic: string, times: number) => `
  set session_replication_role = replica;
  ${visits(clinic, "date '2031-02-24'", times)}
  insert into app_public.forms
  select (jsonb_populate_record(null::app_public.forms, to_jsonb(f) || jsonb_build_object('id', uuidv7(), 'appointment_id', null))).*
  from app_public.forms f
  cross join generate_series(1, ${times})
  join app_public.organizations o on o.id = f.organization_id and o.slug = '${clinic}';
  reset session_replication_role;`;

const query = (text: string, variables: object, clinic: string, as = "desk"): Promise<Json> =>
  api
    .fetch("/graphql", {
      method: "POST",
      headers: {
        "content-type": "application/json",
        authorization: `Bearer ${api.token({ subject: `dev_${as} of ${clinic}`, email: mail(`${as} of ${clinic}`), name: as })}`,
      },
      body: JSON.stringify({ query: text, variables }),
    })
    .then(({ body }) => {
      expect(body.errors).toBeUndefined();
      return body.data;
    });
const mail = (name: string) => `${name.replaceAll(" ", ".")}@people.test`;

/** Statements that read or write something: neither the frame of a transaction nor what it is told of the caller. */
async function counted(act: () => Promise<Json>): Promise<{ data: Json; statements: string[] }> {
  const spied = vi.spyOn(pg.Client.prototype, "query");
  const data = await act();
  const calls = spied.mock.calls as unknown as [{ text?: string } | string][];
  const statements = calls
    .map(([statement]) => (typeof statement === "string" ? statement : (statement.text ?? "")))
    .filter((text) => /\bfrom\b/i.test(text) && !/set_config/.test(text));
  vi.restoreAllMocks();
  return { data, statements };
}

const day = (fields: string) =>
  `query ($clinic: UUID!) { agenda(organizationId: $clinic, fromDay: "2031-03-03", days: 1) { nodes { specialist { familyName } days {
     appointments { appointmentId status ${fields} } sessions { seatsTaken } } } } }`;
const missing = "missing { kind reason resolvedBy purpose formId } resources { name }";

describe("SCH-12: the day of a clinic", () => {
  it("asks no more statements for a hundred and sixty appointments, with what each waits for", async () => {
    const { clinic } = ids.young ?? {};
    await query(day(missing), { clinic }, "young");
    const { data, statements } = await counted(() => query(day(missing), { clinic }, "young"));
    const listed = data.agenda.nodes.flatMap(({ days: [first] }: Json) => first.appointments);
    expect(data.agenda.nodes).toHaveLength(20);
    expect(listed).toHaveLength(160);
    for (const { missing: of } of listed)
      expect(of.map(({ kind }: Json) => kind)).toEqual(["TERMS", "CONSENT", "FORM"]);
    // One for each level of the answer, whatever is on it.
    expect(statements.length).toBeLessThanOrEqual(4);
  });

  it("reads as much with ten times the history", async () => {
    const read = async (clinic: string, what: string): Promise<number> => {
      const ask = () =>
        api.sql(
          `select tests.act_as('desk of ${clinic}');
           explain (analyze, buffers, format json)
           select count(${what})
           from app_public.agenda('${ids[clinic]?.clinic}', '2031-03-03', 1) as colleague
           cross join unnest(colleague.days) as day
           cross join unnest(day.appointments) as visit`,
        );
      await ask(); // what the first one reads of the catalog is no part of it
      const [
        {
          "QUERY PLAN": [{ Plan: plan }],
        } = {} as Json,
      ] = await ask();
      return plan["Shared Hit Blocks"] + plan["Shared Read Blocks"];
    };
    // A patient's own forms are looked through for one that can be used again, so these may be more.
    for (const [what, most] of [
      ["*", 1.3],
      ["app_public.agenda_appointment_missing(visit)", 2],
    ] as const)
      expect(await read("old", what), what).toBeLessThan((await read("young", what)) * most);
  });
});

describe("SCH-12, FND-08: the card of a patient", () => {
  const card = `mutation ($id: UUID!) { openPatientChart(input: { patientId: $id }) { patientChart {
    givenName phone caregivers { name } attendance { visits noShows lateCancellations }
    nextAppointments { status serviceName } lastAppointments { status } missing { kind resolvedBy }
    plans { name sessionsLeft } bookingBlocks { reason } requests { serviceName } signatureLinks { kind } } } }`;

  it("asks few statements, whatever is asked of it", async () => {
    const variables = { id: ids.old?.patient };
    await query(card, variables, "old");
    const { data, statements } = await counted(() => query(card, variables, "old"));
    const {
      nextAppointments,
      lastAppointments,
      missing: waits,
      attendance,
    } = data.openPatientChart.patientChart;
    expect(nextAppointments).toHaveLength(10);
    expect(lastAppointments).toEqual([]);
    expect(waits.length).toBeGreaterThan(0);
    expect(attendance).toEqual({ visits: 0, noShows: 0, lateCancellations: 0 });
    expect(
      statements.length,
      statements.map((text) => text.slice(0, 300)).join("\n---\n"),
    ).toBeLessThanOrEqual(4);
  });
});
