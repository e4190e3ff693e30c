import type pg from "pg";
import { actAs, actAsWhoMay } from "./acting.ts";
import type { Patient } from "./people.ts";
import type { Random } from "./random.ts";

/** Three times a week for two weeks: three exercises each. */
const exercises = [
  { slug: "seated-knee-extension", sets: 2, reps: 10 },
  { slug: "mini-squat", sets: 2, reps: 8 },
  { slug: "standing-march", sets: 2, reps: 12 },
];
const SESSIONS = 6;
const DONE = 4;

/**
 * A treatment plan of the clinic that some of its patients have half done: sessions at home with what a camera counted, so that the
 * curves of a specialist are not empty (FND-30, EXE-05, TEL-07). Written as the engine, since a past cannot be made by verbs; what
 * recordings came to goes the way of telemetry and its consumer. After the exercises.
 */
export async function fillTelerehab(
  client: pg.Client,
  organizationId: string,
  { patients, random }: { patients: Patient[]; random: Random },
): Promise<void> {
  await client.query("set local role app_engine");
  await actAsWhoMay(client, "treatment_plans.assign", organizationId);
  const versionId = await writePlan(client, organizationId);
  const adults = patients.filter(({ humanId, isChild }) => humanId && !isChild);
  const chosen = [
    ...adults.filter(({ isPersona }) => isPersona),
    ...adults.filter(({ isPersona }) => !isPersona),
  ];
  for (const { profileId } of chosen.slice(0, 3)) {
    await client.query(
      `insert into app_public.access_grants (organization_id, patient_profile_id, access, reason, granted_by)
       values ($1, $2, 'telerehab_access', 'Plan de recuperare acasă', app_private.current_actor_id())`,
      [organizationId, profileId],
    );
    await doSessions(client, { organizationId, profileId, versionId, random });
  }
  await actAs(client, "", "");
  await client.query("reset role");
}

async function writePlan(client: pg.Client, organizationId: string): Promise<string> {
  const { rows: plans } = await client.query<{ id: string }>(
    `insert into app_public.treatment_plans (organization_id, scope, name)
     values ($1, 'organization', 'Genunchi, după operație') returning id`,
    [organizationId],
  );
  const { rows: versions } = await client.query<{ id: string }>(
    `insert into app_public.treatment_plan_versions (organization_id, treatment_plan_id, number) values ($1, $2, 1) returning id`,
    [organizationId, plans[0]?.id],
  );
  const id = versions[0]?.id as string;
  await client.query(
    `insert into app_public.treatment_plan_sessions (organization_id, version_id, position, titles, place, after_days)
     select $1, $2, n, jsonb_build_object('ro', 'Ședința ' || n, 'en', 'Session ' || n), 'home', case when n = 1 then 0 else 2 end
     from generate_series(1, $3::int) as n`,
    [organizationId, id, SESSIONS],
  );
  for (const [i, { slug, sets, reps }] of exercises.entries()) {
    await client.query(
      `insert into app_public.treatment_plan_exercises (organization_id, version_id, session_position, position, exercise_id, prescription)
       select $1, $2, n, $3, exercises.id, $5
       from generate_series(1, $6::int) as n cross join app_public.exercises where exercises.slug = $4`,
      [
        organizationId,
        id,
        i + 1,
        slug,
        JSON.stringify({ sets, reps, seconds: null, restSeconds: 30, tempo: null, side: "both" }),
        SESSIONS,
      ],
    );
  }
  await client.query(
    `insert into app_private.treatment_plan_authors (scope_id, version_id, author_id) values ($1, $2, app_private.current_actor_id())`,
    [organizationId, id],
  );
  await client.query(
    `update app_public.treatment_plan_versions as versions
     set status = 'submitted', submitted_at = now(), sessions_snapshot = app_private.treatment_snapshot(versions),
         content_hash = sha256(convert_to(app_private.treatment_snapshot(versions)::text, 'UTF8'))
     where id = $1`,
    [id],
  );
  await client.query(
    "update app_public.treatment_plan_versions set status = 'approved', approved_at = now() where id = $1",
    [id],
  );
  return id;
}

/** Assigned twelve days ago; the first sessions are done, and one is left out by nobody yet. */
async function doSessions(
  client: pg.Client,
  given: { organizationId: string; profileId: string; versionId: string; random: Random },
): Promise<void> {
  const { organizationId, profileId, versionId, random } = given;
  await client.query(
    `with assigned as (
       insert into app_public.patient_treatment_plans
         (organization_id, patient_profile_id, plan_scope_id, treatment_plan_id, version_id, starts_on, ends_on, allows_extra_sessions,
          tended_on, assigned_by)
       select $1, $2, versions.scope_id, versions.treatment_plan_id, versions.id, today - 8, today + 30, true, today,
         app_private.current_actor_id()
       from app_public.treatment_plan_versions as versions cross join app_private.today_at($1) as today
       where versions.id = $3
       returning *
     )
     select app_private.schedule_sessions(row(assigned.*)::app_public.patient_treatment_plans, 1, assigned.starts_on) from assigned`,
    [organizationId, profileId, versionId],
  );
  const { rows: sessions } = await client.query<{ id: string; began: Date; human: string }>(
    `select sessions.id, (sessions.due_on + time '18:00') at time zone organizations.timezone as began, profiles.human_id as human
     from app_public.patient_sessions as sessions
     join app_public.organizations on organizations.id = sessions.organization_id
     join app_public.patient_profiles as profiles on profiles.id = sessions.patient_profile_id
     where sessions.organization_id = $1 and sessions.patient_profile_id = $2 and sessions.version_id = $3 and sessions.position <= $4
     order by sessions.position`,
    [organizationId, profileId, versionId, DONE],
  );
  for (const [i, { id, began, human }] of sessions.entries()) {
    await client.query(
      "update app_public.patient_sessions set status = 'started', started_at = $2 where id = $1",
      [id, began],
    );
    const recording = await client.query<{ id: string }>(
      `insert into app_public.exercise_sessions
         (organization_id, patient_session_id, patient_profile_id, viewer_id, scopes, started_at, expires_at)
       values ($1, $2, $3, $4, '{media,pose}', $5, $5::timestamptz + interval '75 minutes') returning id`,
      [organizationId, id, profileId, human, began],
    );
    const recordingId = recording.rows[0]?.id as string;
    await client.query("select app_telemetry.publish_aggregated($1, $2)", [
      recordingId,
      JSON.stringify(resultOf(began.getTime(), i, random)),
    ]);
    await client.query(
      "select app_private.consume_telemetry(id) from app_private.events where name = 'session.aggregated' and subject_id = $1",
      [recordingId],
    );
    await client.query(
      "update app_public.exercise_sessions set ended_at = started_at + interval '20 minutes' where id = $1",
      [recordingId],
    );
    await client.query(
      `update app_public.patient_sessions
       set status = 'completed', completed_at = started_at + interval '20 minutes', completed_by = $2, pain_before = $3, pain_after = $4
       where id = $1`,
      [id, human, 6 - i, Math.max(0, 4 - i)],
    );
  }
}

/** What telemetry would have said: more repetitions and a wider range from session to session. */
function resultOf(began: number, session: number, random: Random): object {
  return {
    algorithmVersion: 1,
    exercises: exercises.map(({ sets, reps }, i) => ({
      place: i + 1,
      reps: Array.from({ length: sets * reps - Math.max(0, 3 - session) }, (_, n) => {
        const startMs = began + i * 300_000 + n * 3_000 + (n >= reps ? 40_000 : 0);
        const range = 55 + session * 6 + random.between(0, 4);
        return { startMs, turnMs: startMs + 1_200, endMs: startMs + 2_600, range };
      }),
      range: 58 + session * 6,
      measured: { joint: i === 2 ? "hip" : "knee", side: "right" },
      signal: i === 2 ? "right_hip" : "right_knee",
      confidence: 0.9,
      view: "side",
      frames: { withPerson: 1_800, withoutPerson: 12, dropped: 0 },
      gaps: 0,
    })),
    media: exercises.map((_, i) => ({
      place: i + 1,
      watched: 24,
      durationMs: 30_000,
      stalls: [],
      rates: [{ rate: 1, seconds: 24 }],
    })),
  };
}
