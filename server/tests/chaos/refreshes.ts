import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { ifBusy } from "../../../db/testing/busy.ts";
import type { Deployment } from "./deployment.ts";

/** Where a look at segments is held up: after its marks were taken, its stays written, its events published. */
const gates = { segment_marks: "delete", segment_members: "insert", events: "insert" } as const;
export type Gate = keyof typeof gates;
/** The clinics of the demo have segments of their own. */
const staysHere = `(
  select segment_members.* from app_public.segment_members
  join app_public.organizations on organizations.id = segment_members.organization_id and organizations.slug = 'segments'
) as stays`;
export type Cut = { killed: "worker" | "backend"; at: Gate };

/** A segment that people enter and leave by their name, at a clinic with nobody else; and a consumer that hears of it. */
export async function prepareSegments({ ask }: Deployment): Promise<void> {
  await ask(`
    create function app_private.tg_gate() returns trigger language plpgsql as $gate$
    begin
      perform pg_advisory_xact_lock_shared(hashtextextended('gate ' || tg_table_name, 0));
      return null;
    end $gate$;
    grant execute on function app_private.tg_gate to app_engine;
    ${Object.entries(gates)
      .map(
        ([table, command]) => `create trigger _990_gate after ${command}
          on ${table === "segment_members" ? "app_public" : "app_private"}.${table}
          for each statement execute function app_private.tg_gate();`,
      )
      .join("\n")}
    insert into app_public.organizations (slug, name, timezone) values ('segments', 'Segments', 'Europe/Bucharest');
    with people as (
      insert into app_public.patient_profiles (given_name, family_name, birth_date)
      select (array['Ana', 'Ion'])[1 + n % 2], 'Segment', '1980-01-01' from generate_series(1, 20) as n returning id
    )
    insert into app_public.patients (organization_id, patient_profile_id)
    select (select id from app_public.organizations where slug = 'segments'), people.id from people;
    select app_private.keep_interests(id, 'webhooks', '{segment.entered,segment.left}')
    from app_public.organizations where slug = 'segments';
    with made as (
      insert into app_public.segments (organization_id, name, kind, rule)
      select id, 'Ana', 'rule', '{"field": "profile.given_name", "operator": "is", "value": "Ana"}'
      from app_public.organizations where slug = 'segments' returning segments.*
    )
    select app_private.follow_rule(made::app_public.segments) from made`);
  await untilLooked(ask);
}

/**
 * Half enters and half leaves; the worker is killed, or the backend that works for it, when it has come as far as the gate. Answers
 * with what does not hold once somebody has looked again.
 */
export async function cutRefresh(deployment: Deployment, { killed, at }: Cut): Promise<string[]> {
  const { ask, database } = deployment;
  const keeper = new pg.Client({ connectionString: database.urls.admin });
  keeper.on("error", () => {}); // it goes down with the server
  await keeper.connect();
  await keeper.query("select pg_advisory_lock(hashtextextended('gate ' || $1, 0))", [at]);
  const [before] = await ask<{ stays: number }>(`select count(*)::int as stays from ${staysHere}`);
  await ask(
    "update app_public.patient_profiles set given_name = case given_name when 'Ana' then 'Ion' else 'Ana' end where family_name = 'Segment'",
  );
  const held = await until(async () => {
    const [found] = await ask<{ backend: number; worker: number }>(
      `select waits.pid as backend, heartbeats.pid as worker
       from pg_locks as waits
       join graphile_worker._private_jobs as jobs on jobs.locked_by is not null
       join graphile_worker._private_tasks as tasks on tasks.id = jobs.task_id and tasks.identifier = 'refresh_segments'
       join app_private.worker_heartbeats as heartbeats on heartbeats.worker_id = jobs.locked_by
       where waits.locktype = 'advisory' and waits.mode = 'ShareLock' and not waits.granted
       order by jobs.locked_at desc limit 1 -- who was killed before holds a job for a while`,
    );
    return found;
  }, "the worker to be in the middle of it");
  process.kill(held[killed], "SIGKILL");
  await keeper.end().catch(() => {}); // the server that it would take its leave of may be gone
  await untilLooked(ask);

  const expected: [what: string, sql: string, should: number][] = [
    ["new stays", `select count(*) - ${before?.stays} from ${staysHere}`, 10],
    [
      "patients wrongly in or out",
      `select count(*) from (select id from app_public.patient_profiles where given_name = 'Ana' and family_name = 'Segment') as wanted
       full join (select patient_profile_id as id from ${staysHere} where left_at is null) as present using (id)
       where wanted is null or present is null`,
      0,
    ],
    [
      "stays that are not told of once",
      `select count(*) from (
         select stays.id, stays.left_at, count(*) filter (where events.name = 'segment.left') as "left",
           count(*) filter (where events.name = 'segment.entered') as entered
         from ${staysHere}
         left join app_private.events on events.subject_id = stays.id
         group by stays.id, stays.left_at
       ) as told
       where told."left" <> (told.left_at is not null)::int or told.entered > 1
         or told.entered = 0 and told.id not in (select id from ${staysHere} order by entered_at, id limit 10)`,
      0,
    ],
    [
      "events without one delivery",
      `select count(*) from app_private.events
       where name like 'segment.%' and 1 <> (select count(*) from app_private.event_deliveries as d where d.event_id = events.id)`,
      0,
    ],
  ];
  const found: string[] = [];
  for (const [what, sql, should] of expected) {
    const [row] = await ask<{ count: string }>(`select (${sql}) as count`);
    if (Number(row?.count) !== should) found.push(`${what}: ${row?.count}, should be ${should}`);
  }
  return found;
}

const untilLooked = (ask: Deployment["ask"]) =>
  until(
    async () =>
      (
        await ask<{ done: boolean }>(
          `select not exists (select from app_private.segment_marks)
             and not exists (select from app_private.event_deliveries where delivered_at is null)
             and not exists (select from app_public.segments where filled_version is null) as done`,
        )
      )[0]?.done || undefined,
    "the segments to be looked at",
  );

async function until<T>(find: () => Promise<T | undefined>, what: string): Promise<T> {
  for (const deadline = Date.now() + ifBusy(60_000); Date.now() < deadline; await sleep(50)) {
    const found = await find();
    if (found !== undefined) return found;
  }
  throw new Error(`Waited too long for ${what}.`);
}
