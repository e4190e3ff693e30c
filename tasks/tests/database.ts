import type { WithPgClient } from "graphile-worker";
import pg from "pg";
import { ifBusy } from "../../db/testing/busy.ts";
import { createTestDatabase } from "../../db/testing/server.ts";

export type Clinic = {
  /** As app_worker, like the worker. */
  worker: pg.Pool;
  /** As the superuser, to arrange and to look. */
  admin: pg.Pool;
  urls: Awaited<ReturnType<typeof createTestDatabase>>["urls"];
  withPgClient: WithPgClient;
  drop(): Promise<void>;
};

/** A database of its own with one clinic: Dr. Ana on Mondays, a service, a calendar. */
export async function openClinic(because: string): Promise<Clinic> {
  const { urls, drop } = await createTestDatabase({ because });
  const worker = new pg.Pool({ connectionString: urls.worker });
  const admin = new pg.Pool({ connectionString: urls.admin });
  await transaction(admin, async (client) => {
    await client.query(`
      select tests.clinic('atlas');
      update app_public.organizations
      set name = 'Clinica Atlas', street = 'Strada Lungă 1', city = 'Cluj-Napoca', contact_phone = '+40264000111'
      where id = tests.id('atlas');
      -- Whatever the time is while the tests run.
      update app_private.channels set quiet_from = null, quiet_until = null;
      select tests.specialist('ana');
      select tests.calendar('mondays', '{ana}');
      update app_public.services set name = 'Ședință de kinetoterapie' where organization_id = tests.id('atlas');
    `);
  });
  return {
    worker,
    admin,
    urls,
    withPgClient: ((use: (client: pg.PoolClient) => Promise<unknown>) =>
      withClient(worker, use)) as WithPgClient,
    async drop() {
      await Promise.all([worker.end(), admin.end()]);
      await drop();
    },
  };
}

/** A guest asks for an hour; answers with the request's id. The guest's names and email are the builder's. */
export async function askForAnHour(clinic: Clinic, startsAt: string): Promise<string> {
  const { rows } = await transaction(clinic.admin, (client) =>
    client.query<{ id: string }>(
      "select tests.booking_request($1::text, 'mondays', 'ana', $1::text::timestamptz) as id",
      [startsAt],
    ),
  );
  return rows[0]?.id as string;
}

/** What a booked appointment is told with. */
const visit = {
  serviceName: "Ședință",
  specialistName: "Dr. Ana Ionescu",
  startsAt: "2027-03-08T07:00:00Z",
  endsAt: "2027-03-08T08:00:00Z",
  timezone: "Europe/Bucharest",
  modality: "in_person",
};

/** Who is told: a bare contact, or a patient of the clinic by the name the test gave them. */
export type Told = { email?: string; phone?: string; patient?: string; template?: string };

/** Tells somebody something; answers with the messages by channel. */
export async function tell(
  clinic: Clinic,
  { email, phone, patient, template = "appointment_booked" }: Told,
): Promise<Record<string, string>> {
  const data = template === "appointment_cancelled" ? { ...visit, reason: null } : visit;
  return transaction(clinic.admin, async (client) => {
    const told = await client.query<{ ids: string[] }>(
      `select app_private.notify(tests.id('atlas'), $1, $2,
         patient_profile_id => case when $3::text is not null then tests.id($3) end,
         name => case when $3 is null then 'Ștefan Țăranu' end, email => $4, phone => $5, locale => 'ro',
         calendar_uid => uuidv7()) as ids`,
      [template, data, patient ?? null, email ?? null, phone ?? null],
    );
    const { rows } = await client.query<{ channel: string; id: string }>(
      "select channel, id from app_public.messages where id = any ($1)",
      [told.rows[0]?.ids],
    );
    return Object.fromEntries(rows.map(({ channel, id }) => [channel, id]));
  });
}

/** Queues a mail to somebody; answers with its id. */
export async function writeTo(clinic: Clinic, email: string): Promise<string> {
  return (await tell(clinic, { email })).email as string;
}

/** Browsers of a patient that take notices. */
export async function subscribe(clinic: Clinic, patient: string, ...endpoints: string[]) {
  for (const endpoint of endpoints)
    await clinic.admin.query(
      `insert into app_public.push_subscriptions (human_id, endpoint, p256dh, auth)
       select human_id, $2, repeat('B', 87), repeat('A', 22) from app_public.patient_profiles where id = tests.id($1)`,
      [patient, endpoint],
    );
}

/** What a patient wants to be told by. */
export const prefer = (clinic: Clinic, patient: string, channel: string, isEnabled: boolean) =>
  clinic.admin.query(
    `insert into app_public.notification_preferences (patient_profile_id, topic, channel, is_enabled)
     values (tests.id($1), 'appointments', $2, $3)`,
    [patient, channel, isEnabled],
  );

export async function withClient<T>(pool: pg.Pool, use: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    return await use(client);
  } finally {
    client.release();
  }
}

export async function transaction<T>(pool: pg.Pool, use: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  return withClient(pool, async (client) => {
    await client.query("begin");
    try {
      const result = await use(client);
      await client.query("commit");
      return result;
    } catch (error) {
      await client.query("rollback");
      throw error;
    }
  });
}

/** Asks again until it is so, for at most a few seconds. */
export async function eventually<T>(
  ask: () => Promise<T | undefined | false>,
  what: string,
  ms = 10_000,
): Promise<T> {
  const end = Date.now() + ifBusy(ms);
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
