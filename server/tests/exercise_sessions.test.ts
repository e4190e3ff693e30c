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
    select tests.clinic('boreal'), tests.staff('beata', 'admin');
    select tests.clinic('atlas'), tests.staff('adrian', 'admin'), tests.staff('flavia', 'front_desk'), tests.patient('ana');
    update app_public.organizations set telerehab_access_is_free = true where id = tests.id('atlas');
    select tests.treatment_plan('knee', 2, 0), tests.assigned('ana', 'knee');
    select tests.consent('ana', 'biometric_capture');
    select tests.recording('ana''s knee 2', name => 'done', ended => true), tests.recording('ana''s knee 2', name => 'running');
    select tests.recording('ana''s knee 2', name => 'dark');
    update app_public.exercise_sessions set ended_at = app_hidden.now() where id = tests.id('dark');
    insert into app_private.identities (issuer, subject, principal_id)
    select 'https://identity.restartix.localhost', 'dev_' || p.name, p.principal_id from tests.personas p
    on conflict do nothing;
    commit;
  `);
  for (const name of ["atlas", "ana", "ana at atlas", "ana's knee 1", "squat", "done", "running", "dark"])
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

describe("recordings over HTTP (TEL-07, FND-31)", () => {
  const get = (who: string | null, place: string) =>
    api.fetch(place, {
      headers: who
        ? {
            authorization: `Bearer ${api.token({ subject: `dev_${who}`, email: `${who}@people.test`, name: who })}`,
          }
        : {},
    });
  const reasonOf = async (who: string | null, place: string) =>
    (await get(who, place)).body.errors[0].extensions.reason;
  const theirs = () => `/v1/patients/${ids["ana at atlas"]}/exercise-sessions`;
  const replay = (recording: string) => `/v1/exercise-sessions/${ids[recording]}/replay`;

  it("shows the person what was recorded of them", async () => {
    const { exerciseSessions } = (await get("ana", "/v1/me/exercise-sessions")).body;
    expect(exerciseSessions.find(({ id }: Json) => id === ids.done)).toMatchObject({
      organizationId: ids.atlas,
      scopes: ["media", "pose"],
      replayState: "kept",
      exercises: [{ place: 1, slug: "test-squat", reps: 10, rangeDegrees: 80.5, watchedPercentage: 75 }],
    });
    expect((await get("adrian", "/v1/me/exercise-sessions")).body.exerciseSessions).toEqual([]);
    expect((await get(null, "/v1/me/exercise-sessions")).status).toBe(401);
  });

  it("shows staff with exercise_sessions.view a patient's, and puts it on record", async () => {
    const { exerciseSessions } = (await get("adrian", theirs())).body;
    expect(exerciseSessions.map(({ id }: Json) => id)).toContain(ids.done);
    expect(await reasonOf("flavia", theirs())).toBe("permission_missing");
    expect(await reasonOf("beata", theirs())).toBe("not_found");
    expect(await reasonOf("ana", theirs())).toBe("not_found");
    const read = "query { myChartReadings { nodes { what } } }";
    expect((await does("ana", read)).myChartReadings.nodes).toContainEqual({ what: "exercise_sessions" });
  });

  it("gives a link of minutes to a movement that is kept, and says why there is none", async () => {
    const answer = (await get("adrian", replay("done"))).body;
    expect(new URL(answer.url).pathname).toContain(`${ids.atlas}/telemetry/${ids.done}.replay`);
    expect(Date.parse(answer.expiresAt) - Date.now()).toBeLessThanOrEqual(300_000);
    const open = `mutation ($id: UUID!) { openReplay(input: { exerciseSessionId: $id }) { url exerciseSession { id } } }`;
    expect((await does("ana", open, { id: ids.done })).openReplay.exerciseSession.id).toBe(ids.done);
    expect(await reasonOf("ana", replay("running"))).toBe("replay_not_ready");
    expect(await reasonOf("ana", replay("dark"))).toBe("nothing_to_replay");
    for (const stranger of ["flavia", "beata"])
      expect(await reasonOf(stranger, replay("done"))).toBe("exercise_session_not_found");
    const replayed = await api.sql(
      "select count(*)::int as times from audit.entries where row_key = $1 and new ->> 'what' = 'replay'",
      [ids.done],
    );
    expect(replayed).toEqual([{ times: 2 }]);
  });

  it("draws how a patient gets on with an exercise", async () => {
    const trend = `query ($patient: UUID!, $exercise: UUID!) {
      exerciseTrend(patientId: $patient, exerciseId: $exercise) { nodes { exerciseSessionId reps prescribedReps rangeDegrees } } }`;
    const asked = { patient: ids["ana at atlas"], exercise: ids.squat };
    const point = { exerciseSessionId: ids.done, reps: 10, prescribedReps: 30, rangeDegrees: "80.5" };
    expect((await does("adrian", trend, asked)).exerciseTrend.nodes).toEqual([point]);
    expect((await does("ana", trend, asked)).exerciseTrend.nodes).toEqual([point]);
    expect((await does("beata", trend, asked)).exerciseTrend.nodes).toEqual([]);
  });
});
