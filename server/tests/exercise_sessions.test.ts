import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTokenReader } from "../../telemetry/ingest/token.ts";
import { type Json, refusalOf, startTestApi, type TestApi } from "./support.ts";

const secret = "sessions are signed with this here";
let api: TestApi;
const ids: Record<string, string> = {};

beforeAll(async () => {
  api = await startTestApi({
    because: "a session is started by a patient who signs in, and its token is read by telemetry",
    config: { telemetry: { url: "https://telemetry.test", secret: new TextEncoder().encode(secret) } },
  });
  await api.sql(`
    begin;
    select tests.person('root', superadmin => true), tests.remember('squat', tests.published_exercise('test-squat'));
    select tests.clinic('atlas'), tests.staff('adrian', 'admin'), tests.staff('flavia', 'front_desk'), tests.patient('ana');
    update app_public.organizations set telerehab_access_is_free = true where id = tests.id('atlas');
    select tests.treatment_plan('knee', 2, 0), tests.assigned('ana', 'knee');
    select tests.consent('ana', 'biometric_capture');
    insert into app_private.identities (issuer, subject, principal_id)
    select 'https://identity.restartix.localhost', 'dev_' || p.name, p.principal_id from tests.personas p
    on conflict do nothing;
    commit;
  `);
  for (const name of ["atlas", "ana", "ana's knee 1", "ana's knee 2"])
    [{ id: ids[name] }] = await api.sql("select tests.id($1) as id", [name]);
  [{ id: ids.fracture }] = await api.sql(
    "select id from app_public.exercise_contraindications where exercise_id = tests.id('squat')",
  );
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

const start = `mutation ($input: StartExerciseSessionInput!) { startExerciseSession(input: $input) {
  token expiresAt telemetryUrl scopes
  exerciseSession { id endedAt replayState scopes patientSession { status toDo {
    place prescription tracking exercise { slug name contraindications { id severity } } } } } } }`;

describe("the start of a session at home (EXE-05, TEL-01)", () => {
  it("asks for what may harm before, as the API says it", async () => {
    const asked = await ask("ana", start, { input: { patientSessionId: ids["ana's knee 1"] } });
    expect(refusalOf(asked)).toMatchObject({
      code: "STATE",
      reason: "contraindications_not_acknowledged",
      details: { contraindicationIds: [ids.fracture] },
    });
  });

  it("answers with what is to be done, and a token that telemetry reads", async () => {
    const input = {
      patientSessionId: ids["ana's knee 1"],
      acknowledgedContraindicationIds: [ids.fracture],
    };
    const { startExerciseSession: started } = await does("ana", start, { input });
    expect(started).toMatchObject({
      telemetryUrl: "https://telemetry.test",
      scopes: ["pose"],
      exerciseSession: {
        endedAt: null,
        replayState: "NONE",
        patientSession: {
          status: "STARTED",
          toDo: [{ place: 1, exercise: { slug: "test-squat", contraindications: [{ id: ids.fracture }] } }],
        },
      },
    });
    const read = createTokenReader(new TextEncoder().encode(secret));
    expect(await read(`Bearer ${started.token}`)).toMatchObject({
      session: started.exerciseSession.id,
      organizationId: ids.atlas,
      scopes: ["pose"],
    });
    expect(Date.parse(started.expiresAt) - Date.now()).toBeGreaterThan(74 * 60_000);
    const again = await does("ana", start, { input });
    expect(again.startExerciseSession.exerciseSession.id).toBe(started.exerciseSession.id);
  });

  it("is for the patient, and for nobody else", async () => {
    const input = { patientSessionId: ids["ana's knee 1"] };
    expect(refusalOf(await ask("adrian", start, { input })).reason).toBe("only_the_patient");
    expect(refusalOf(await ask("flavia", start, { input })).reason).toBe("session_not_found");
    expect(refusalOf(await ask(null, start, { input })).code).toBe("UNAUTHENTICATED");
  });
});
