import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import pg from "pg";
import { pino } from "pino";
import { createTestDatabase } from "../../../db/testing/server.ts";
import { startObjects } from "../../../providers/storage/embedded/index.ts";
import { storesOf } from "../../../providers/storage/index.ts";
import consumeTelemetry from "../../../tasks/consumers/telemetry.ts";
import { startTelemetry } from "../../../telemetry/service.ts";
import { startTestApi, wideRates } from "../support.ts";
import { movingPicture } from "./recorded.ts";

export type Telerehab = Awaited<ReturnType<typeof openTelerehab>>;

/**
 * Those who do sessions here, each with a plan of their own: today two exercises, one of which a camera follows, and another session
 * later. Bogdan may do more than is due, and is asked a form after each.
 */
const patients = [
  "ana",
  "bogdan",
  "clara",
  "dan",
  "elena",
  "florin",
  "gina",
  "horia",
  "ilinca",
  "jana",
] as const;

const furniture = `
  select tests.clinic('atlas'), tests.staff('adrian', 'admin'), tests.staff('olga', 'owner');
  select tests.remember('squat', tests.exercise('mini-squat')), tests.remember('plank', tests.exercise('plank', 'duration_based'));
  update app_public.exercises set tracking = '{"joints": ["knee", "hip"], "view": "front", "primary": "knee", "minRange": 25}'
  where slug = 'mini-squat';
  insert into app_public.exercise_contraindications (exercise_id, severity, text, reviewed_at, reviewed_by)
  values (tests.id('squat'), 'relative', '{"ro": "Durere de genunchi.", "en": "Pain of the knee."}', app_hidden.now(), uuidv7());
  update app_public.exercises set status = 'published' where slug in ('mini-squat', 'plank');
  update app_public.organizations set telerehab_access_is_free = true where id = tests.id('atlas');
  select tests.form_template('after', jsonb_build_array(
    tests.form_item('tired', 'scale', '{"label": {"ro": "Cât ați obosit?", "en": "How tired are you?"}, "min": 0, "max": 5, "required": true}'),
    tests.form_item('note', 'text', '{"label": {"ro": "Ce ar trebui să știm?", "en": "What should we know?"}, "max_length": 10}')));
`;

const sessions = async (id: (name: string) => Promise<string>) => [
  {
    title: { ro: "Ședința 1", en: "Session 1" },
    place: "home",
    afterDays: 0,
    exercises: [
      { exerciseId: await id("squat"), prescription: { sets: 2, reps: 5, restSeconds: 20, side: "both" } },
      { exerciseId: await id("plank"), prescription: { sets: 1, seconds: 2, restSeconds: 0 } },
    ],
  },
  {
    title: { ro: "Ședința a doua", en: "The second session" },
    place: "home",
    afterDays: 3,
    exercises: [{ exerciseId: await id("plank"), prescription: { sets: 1, seconds: 2, restSeconds: 0 } }],
  },
];

const verb = (name: string, answer: string) => {
  const type = `${name[0]?.toUpperCase()}${name.slice(1)}Input`;
  return `mutation ($input: ${type}!) { ${name}(input: $input) { ${answer} } }`;
};
const verbs = {
  draft: verb("draftTreatmentPlan", "treatmentPlan { id }"),
  submit: verb("submitTreatmentPlan", "treatmentPlanVersion { id }"),
  approve: verb("approveTreatmentPlan", "treatmentPlanVersion { id }"),
  assign: verb("assignTreatmentPlan", "patientTreatmentPlan { id }"),
};

/** A clinic whose patients do sessions at home, the API that they ask, and the telemetry that takes what is recorded. */
export async function openTelerehab() {
  const because = "patients do sessions at home, by a page that records them";
  const folder = mkdtempSync(path.join(os.tmpdir(), "restartix-telerehab-"));
  const secret = new TextEncoder().encode("what telemetry and the API of this test share");
  const [objects, database, port] = await Promise.all([
    startObjects({ port: 0, dataDir: folder }),
    createTestDatabase({ because }),
    freePort(),
  ]);
  const url = `http://localhost:${port}`;
  const config = { rates: wideRates, storage: objects.settings, telemetry: { url, secret } };
  const api = await startTestApi({ because, database, config });
  await api.sql(`begin; ${furniture}
    ${patients.map((name) => `select tests.patient('${name}', email => '${name}@people.test');`).join("\n")}
    update app_private.identities set issuer = '${api.issuer.issuer}'; commit;`);
  const telemetry = await startTelemetry(
    {
      databaseUrl: database.urls.telemetry,
      host: "localhost",
      port,
      bufferFolder: path.join(folder, "telemetry"),
      secret,
      storage: objects.settings,
      logLevel: "silent",
    },
    pino({ level: "silent" }),
    { claimMs: 200 },
  );

  const tokens = path.join(api.config.dataDir, "tokens");
  mkdirSync(tokens, { recursive: true });
  const token = (name: string) =>
    api.token({ subject: name, email: `${name}@people.test`, name, locale: "ro" });
  for (const name of patients) writeFileSync(path.join(tokens, `${name}.txt`), token(name));

  async function ask(name: string, query: string, variables: object = {}) {
    const { body } = await api.graphql(query, { token: token(name), variables });
    if (body.errors) throw new Error(`${query}: ${JSON.stringify(body.errors)}`);
    return body.data;
  }

  const videoKey = "exercise-renders/mini-squat/session.mp4";
  await (await storesOf(objects.settings).for(null)).put(videoKey, movingPicture(), {
    contentType: "video/mp4",
  });
  await api.sql(
    "update app_public.exercise_renders set video_id = $1, duration_s = 1 where exercise_id = tests.id('squat')",
    [videoKey],
  );
  await assign();

  /** One writes a plan, another approves it, and each patient has it from today on. */
  async function assign(): Promise<void> {
    const id = async (name: string) => (await api.sql("select tests.id($1) as id", [name]))[0].id;
    const input = { organizationId: await id("atlas"), name: "Genunchi", sessions: await sessions(id) };
    const { treatmentPlan } = (await ask("adrian", verbs.draft, { input })).draftTreatmentPlan;
    const submitted = await ask("adrian", verbs.submit, { input: { treatmentPlanId: treatmentPlan.id } });
    const versionId = submitted.submitTreatmentPlan.treatmentPlanVersion.id;
    await ask("olga", verbs.approve, { input: { versionId } });
    const startsOn = new Intl.DateTimeFormat("en-CA", { timeZone: "Europe/Bucharest" }).format(new Date());
    for (const name of patients)
      await ask("adrian", verbs.assign, {
        input: {
          patientId: await id(`${name} at atlas`),
          versionId,
          startsOn,
          ...(name === "bogdan" && { allowsExtraSessions: true, formTemplateId: await id("after") }),
        },
      });
  }

  return {
    api,
    ask,
    url,
    /** The patient agrees to have the body followed, and the use of videos recorded. */
    async agrees(name: (typeof patients)[number]): Promise<void> {
      await api.sql("select tests.consent($1, 'biometric_capture', clinic => 'atlas')", [name]);
      const { myConsents } = await ask(
        name,
        "query { myConsents(first: 100) { nodes { purposeCode purposeVersion { id } } } }",
      );
      const { purposeVersion } = myConsents.nodes.find(
        ({ purposeCode }: { purposeCode: string }) => purposeCode === "analytics",
      );
      await ask(
        name,
        "mutation ($version: UUID!) { giveConsent(input: { purposeVersionId: $version }) { consent { id } } }",
        { version: purposeVersion.id },
      );
    },
    /** The first session of a patient as it stands, or what they did beyond what was due. */
    async sessionOf(name: string, { isExtra = false } = {}) {
      const [row] = await api.sql(
        `select * from app_public.patient_sessions where patient_profile_id = tests.id($1) and is_extra = $2
         order by position`,
        [name, isExtra],
      );
      return row;
    },
    /** The forms that were asked after sessions of a patient, the oldest first. */
    async formsOf(name: string) {
      return api.sql("select * from app_public.forms where patient_profile_id = tests.id($1) order by id", [
        name,
      ]);
    },
    async logsOf(name: string) {
      return api.sql(
        `select logs.* from app_public.patient_exercise_logs as logs join app_public.patient_sessions as sessions
           on sessions.organization_id = logs.organization_id and sessions.id = logs.patient_session_id
         where sessions.patient_profile_id = tests.id($1) and logs.performed_at is not null order by logs.place`,
        [name],
      );
    },
    /** What the recording of a patient's session came to, once the worker has consumed it; null until telemetry has told. */
    async metricsOf(name: string) {
      const [recording] = await api.sql(
        "select * from app_public.exercise_sessions where patient_profile_id = tests.id($1)",
        [name],
      );
      const [event] = await api.sql(
        "select id from app_private.events where name = 'session.aggregated' and subject_id = $1",
        [recording?.id],
      );
      if (!event) return null;
      const client = new pg.Client(api.workerUrl);
      await client.connect();
      await client.query("begin");
      await consumeTelemetry(client as never, event);
      await client.query("commit");
      await client.end();
      const of = (table: string) =>
        api.sql(`select * from app_public.${table} where exercise_session_id = $1 order by place`, [
          recording.id,
        ]);
      return { recording, pose: await of("pose_session_metrics"), media: await of("media_session_metrics") };
    },
    async close() {
      await telemetry.close();
      await api.close();
      await objects.stop();
      rmSync(folder, { recursive: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "localhost");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
