import { pino } from "pino";
import { videoVendorsFrom } from "../../../providers/video/index.ts";
import { type DailyVendor, startDaily } from "../../../providers/video/tests/daily_double.ts";
import { tasks } from "../../../tasks/registry.ts";
import { eventually } from "../../../tasks/tests/database.ts";
import { nowhere } from "../../../tasks/tests/nowhere.ts";
import { startWorker, type Worker } from "../../../tasks/worker.ts";
import { type Json, startTestApi, type TestApi, wideRates } from "../support.ts";

/** What the tests of video.test.ts ask: one clinic with an API, a worker, and a vendor that fails as told. */
export let api: TestApi;
export let daily: DailyVendor;
let worker: Worker;
const tokens = new Map<string, string>();

export async function openClinic(): Promise<void> {
  daily = await startDaily();
  const vendors = { DAILY_API_URL: daily.account.apiUrl, DAILY_API_KEY: daily.account.apiKey };
  api = await startTestApi({
    because: "a worker and a vendor of its own",
    config: { vendors, rates: wideRates },
    before: `
      begin;
      select tests.clinic('boreal');
      select tests.staff('otto', 'owner');
      select tests.clinic('atlas');
      select tests.staff('adrian', 'admin');
      select tests.staff('flavia', 'front_desk');
      select tests.specialist('stefan', account => true);
      select tests.patient('ana');
      select tests.patient('bogdan');
      select tests.calendar('calls', '{stefan}', modality => 'video', minutes => 10);
      insert into app_private.identities (issuer, subject, principal_id)
      select 'https://identity.restartix.localhost', 'dev_' || p.name, p.principal_id from tests.personas p;
      commit;`,
  });
  for (const name of ["otto", "adrian", "flavia", "stefan", "ana", "bogdan"]) {
    tokens.set(name, api.token({ subject: `dev_${name}`, email: `${name}@people.test`, name }));
  }
  worker = await beginWorking();
}

const beginWorking = () =>
  startWorker({
    ...nowhere,
    databaseUrl: api.workerUrl,
    video: videoVendorsFrom(api.config.vendors),
    log: pino({ level: "silent" }),
    timed: false,
    pollMs: 100,
  });

/** While the worker is away, so that nothing happens but what is done here. */
export async function withoutWorker(what: () => Promise<void>): Promise<void> {
  await worker.stop();
  await what();
  worker = await beginWorking();
}

export async function closeClinic(): Promise<void> {
  await worker?.stop();
  await api?.close();
  await daily?.stop();
}

export const as = (name: string, query: string, variables: object = {}) =>
  api.graphql(query, { token: tokens.get(name) ?? "", variables });
let calls = 0;
/** A call of Ana's that begins in a few minutes, at a time of its own. */
export async function newCall(consents = ["telemedicine"]): Promise<string> {
  calls += 1;
  await api.sql("update app_public.consents set withdrawn_at = now() where withdrawn_at is null");
  for (const purpose of consents)
    await api.sql("select tests.consent('ana', $1, clinic => 'atlas')", [purpose]);
  const [row] = await api.sql(
    `select tests.appointment('call ' || $1, 'ana', 'calls', 'stefan', date_trunc('minute', now()) - interval '1 day'
       + make_interval(mins => 20 * $1::int)) as id`,
    [calls],
  );
  await api.sql(
    `update app_public.appointments set starts_at = now() - interval '1 minute', ends_at = now() + interval '30 minutes' where id = $1`,
    [row.id],
  );
  return row.id;
}
export const move = (name: string, verb: string, appointmentId: string) =>
  as(name, `mutation ($id: UUID!) { ${verb}(input: { appointmentId: $id }) { appointment { status } } }`, {
    id: appointmentId,
  });
export const join = (name: string, id: string) =>
  as(
    name,
    "mutation ($id: UUID!) { joinVideo(input: { appointmentId: $id }) { url token expiresAt appointment { id } } }",
    { id },
  );
export const record = (name: string, id: string) =>
  as(
    name,
    "mutation ($id: UUID!) { startRecording(input: { appointmentId: $id }) { videoRecording { status } } }",
    { id },
  );
export const roomOf = async (id: string): Promise<Json> =>
  (await api.sql("select * from app_public.video_rooms where appointment_id = $1", [id]))[0];
export const roomBecomes = (id: string, status: string) =>
  eventually(async () => {
    // Nobody here waits for seconds between two tries.
    await api.sql(
      "update graphile_worker._private_jobs set run_at = now() where run_at > now() and locked_at is null",
    );
    const room = await roomOf(id);
    return room?.status === status && room;
  }, `the room to be ${status}`);
export const atDaily = async (name: string) => (await daily.rooms()).find((room) => room.name === name);

/** Runs a task here, as the database's administrator; `query` may fail as a process that dies would. */
export const run = (name: string, payload: object = {}, query: TestApi["sql"] = api.sql) => {
  const withPgClient = async (use: (client: unknown) => Promise<unknown>) =>
    use({ query: async (text: string, values?: unknown[]) => ({ rows: await query(text, values) }) });
  const helpers = { withPgClient, job: { id: "here" }, logger: { info() {}, warn() {} } };
  return tasks[name]?.run(payload, helpers as never, {
    ...nowhere,
    video: videoVendorsFrom(api.config.vendors),
  });
};
