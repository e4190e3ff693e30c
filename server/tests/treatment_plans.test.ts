import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Json, refusalOf, startTestApi, type TestApi } from "./support.ts";

let api: TestApi;
const ids: Record<string, string> = {};

beforeAll(async () => {
  api = await startTestApi({
    because: "a plan is written, approved, assigned and done by people who sign in one after another",
  });
  await api.sql(`
    begin;
    select tests.person('root', superadmin => true), tests.remember('squat', tests.published_exercise('test-squat'));
    select tests.clinic('boreal'), tests.staff('beata', 'admin'), tests.patient('bogdan');
    select tests.clinic('atlas'), tests.staff('adrian', 'admin'), tests.staff('flavia', 'front_desk'), tests.patient('ana'), tests.patient('dan');
    select tests.specialist('stefan', '{"mon": [["00:00", "23:00"]]}', account => true), tests.calendar('massages', '{stefan}');
    select tests.plan('two', 10, assignments => 1), tests.has_plan('ana', 'two');
    select tests.appointment('visit', 'ana', 'massages', 'stefan', date_trunc('hour', now()) - interval '1 hour');
    update app_public.appointments set status = 'inprogress' where id = tests.id('visit');
    insert into app_private.identities (issuer, subject, principal_id)
    select 'https://identity.restartix.localhost', 'dev_' || p.name, p.principal_id from tests.personas p
    on conflict do nothing;
    commit;
  `);
  for (const name of ["atlas", "squat", "ana at atlas", "visit"])
    [{ id: ids[name] }] = await api.sql("select tests.id($1) as id", [name]);
});
afterAll(() => api.close());

const ask = (who: string | null, query: string, variables: object = {}) =>
  api.graphql(query, {
    variables,
    ...(who && { token: api.token({ subject: `dev_${who}`, email: `${who}@people.test`, name: who }) }),
  });
async function does(who: string, query: string, variables: object = {}): Promise<Json> {
  const { body } = await ask(who, query, variables);
  expect(body.errors).toBeUndefined();
  return body.data;
}
const verb = (name: string, type: string, answer: string) =>
  `mutation ($input: ${type}!) { ${name}(input: $input) { ${answer} } }`;

const draft = verb("draftTreatmentPlan", "DraftTreatmentPlanInput", "treatmentPlan { id scope }");
const submit = verb("submitTreatmentPlan", "SubmitTreatmentPlanInput", "treatmentPlanVersion { id status }");
const approve = verb("approveTreatmentPlan", "ApproveTreatmentPlanInput", "treatmentPlanVersion { status }");
const assign = verb("assignTreatmentPlan", "AssignTreatmentPlanInput", "patientTreatmentPlan { id status }");
const complete = verb("completeSession", "CompleteSessionInput", "patientSession { status painAfter }");
const link = verb("linkSession", "LinkSessionInput", "patientSession { appointmentId }");
const finish = verb("finishAppointment", "FinishAppointmentInput", "appointment { status }");
const mine = `query { patientTreatmentPlans { nodes {
  id status adherencePercentage clinicSessionsGranted clinicSessionsUsed clinicSessionsRemaining
  sessions(orderBy: [DUE_ON_ASC]) { nodes { id position status place title exercises } } } } }`;

const content = () => [
  {
    title: { ro: "Acasă", en: "At home" },
    place: "home",
    afterDays: 0,
    exercises: [
      { exerciseId: ids.squat, prescription: { sets: 3, reps: 12, restSeconds: 30, side: "left" } },
    ],
  },
  { title: { ro: "La clinică" }, place: "clinic", afterDays: 0, exercises: [] },
];

describe("a treatment plan, from its draft to its end (TPL-01, TPL-02, EXE-01..04)", () => {
  it("is refused to whoever may not write it, and where its content does not fit", async () => {
    const input = { organizationId: ids.atlas, name: "Genunchi", sessions: content() };
    expect(refusalOf(await ask(null, draft, { input }))).toMatchObject({ code: "UNAUTHENTICATED" });
    expect(refusalOf(await ask("flavia", draft, { input }))).toMatchObject({
      code: "FORBIDDEN",
      reason: "permission_missing",
    });
    for (const stranger of ["beata", "ana"])
      expect(refusalOf(await ask(stranger, draft, { input }))).toMatchObject({ code: "NOT_FOUND" });
    const [first, ...others] = content();
    const sessions = [{ ...first, place: "beach" }, ...others];
    expect(refusalOf(await ask("stefan", draft, { input: { ...input, sessions } }))).toMatchObject({
      code: "VALIDATION",
      reason: "sessions_not_valid",
      details: { path: "sessions.0.place" },
    });
  });

  it("is written by one, approved by another, and assigned once it is", async () => {
    const input = { organizationId: ids.atlas, name: "Genunchi", sessions: content() };
    const { draftTreatmentPlan } = await does("stefan", draft, { input });
    expect(draftTreatmentPlan.treatmentPlan.scope).toBe("ORGANIZATION");
    const treatmentPlanId = draftTreatmentPlan.treatmentPlan.id;
    const { submitTreatmentPlan } = await does("adrian", submit, { input: { treatmentPlanId } });
    const versionId = submitTreatmentPlan.treatmentPlanVersion.id;
    expect(submitTreatmentPlan.treatmentPlanVersion.status).toBe("SUBMITTED");

    const today = new Intl.DateTimeFormat("en-CA", { timeZone: "Europe/Bucharest" }).format(new Date());
    const assignment = { patientId: ids["ana at atlas"], versionId, startsOn: today };
    expect(refusalOf(await ask("stefan", assign, { input: assignment }))).toMatchObject({
      code: "STATE",
      reason: "version_not_approved",
    });
    expect(refusalOf(await ask("adrian", approve, { input: { versionId } }))).toMatchObject({
      code: "FORBIDDEN",
      reason: "own_version",
    });
    await api.sql("select tests.staff('olga', 'owner', 'atlas')");
    await api.sql(`insert into app_private.identities (issuer, subject, principal_id)
      select 'https://identity.restartix.localhost', 'dev_olga', p.principal_id from tests.personas p where p.name = 'olga'`);
    const { approveTreatmentPlan } = await does("olga", approve, { input: { versionId } });
    expect(approveTreatmentPlan.treatmentPlanVersion.status).toBe("APPROVED");

    expect(refusalOf(await ask("beata", assign, { input: assignment }))).toMatchObject({ code: "NOT_FOUND" });
    const { assignTreatmentPlan } = await does("stefan", assign, { input: assignment });
    expect(assignTreatmentPlan.patientTreatmentPlan.status).toBe("ACTIVE");
    expect(refusalOf(await ask("stefan", assign, { input: assignment }))).toMatchObject({
      code: "ENTITLEMENT_EXHAUSTED",
      reason: "nothing_left",
    });
  });

  it("is read by its patient as it was prescribed, and by nobody of another clinic (REQ-TP-001, REQ-EX-001)", async () => {
    const [plan] = (await does("ana", mine)).patientTreatmentPlans.nodes;
    expect(plan).toMatchObject({ status: "ACTIVE", adherencePercentage: null, clinicSessionsRemaining: 1 });
    expect(plan.sessions.nodes[0]).toMatchObject({
      place: "HOME",
      title: { ro: "Acasă", en: "At home" },
      exercises: [
        {
          slug: "test-squat",
          prescription: { sets: 3, reps: 12, seconds: null, restSeconds: 30, tempo: null, side: "left" },
          contraindications: [{ severity: "absolute", text: { en: "A recent fracture." } }],
        },
      ],
    });
    for (const stranger of ["dan", "beata", "bogdan", "flavia"])
      expect((await does(stranger, mine)).patientTreatmentPlans.nodes).toEqual([]);
  });

  it("is done at home by its patient alone, and in the clinic as its appointment is", async () => {
    const [plan] = (await does("ana", mine)).patientTreatmentPlans.nodes;
    const [home, clinic] = plan.sessions.nodes;
    const input = { patientSessionId: home.id, painBefore: 5, painAfter: 3 };
    expect(refusalOf(await ask("ana", complete, { input }))).toMatchObject({
      code: "STATE",
      reason: "session_not_started",
    });
    await api.sql(
      "update app_public.patient_sessions set status = 'started', started_at = now() where id = $1",
      [home.id],
    );
    for (const [who, code] of [
      ["stefan", "FORBIDDEN"],
      ["dan", "NOT_FOUND"],
      ["beata", "NOT_FOUND"],
    ] as const)
      expect(refusalOf(await ask(who, complete, { input }))).toMatchObject({ code });
    const { completeSession } = await does("ana", complete, { input });
    expect(completeSession.patientSession).toEqual({ status: "COMPLETED", painAfter: 3 });

    const linking = { patientSessionId: clinic.id, appointmentId: ids.visit };
    expect(refusalOf(await ask("beata", link, { input: linking }))).toMatchObject({ code: "NOT_FOUND" });
    expect((await does("stefan", link, { input: linking })).linkSession.patientSession.appointmentId).toBe(
      ids.visit,
    );
    await does("adrian", finish, { input: { appointmentId: ids.visit } });
    expect((await does("ana", mine)).patientTreatmentPlans.nodes[0]).toMatchObject({
      status: "COMPLETED",
      adherencePercentage: 100,
      clinicSessionsGranted: 1,
      clinicSessionsUsed: 1,
      clinicSessionsRemaining: 0,
    });
  });
});
