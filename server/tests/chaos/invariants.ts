import { setTimeout as sleep } from "node:timers/promises";
import type { Deployment } from "./deployment.ts";
import type { Acknowledged } from "./visitors.ts";

type Job = { task: string; by: string | null; attempts: number; error: string | null };

/**
 * What must hold after every fault (quality: Faults). Waits until the work is done, for a minute at most: by then the jobs of
 * dead workers and those that a worker never heard of are free again, and what the queue lost is queued. Answers with what
 * does not hold.
 */
export async function violations(
  deployment: Deployment,
  { bookings, confirmed }: Acknowledged,
): Promise<string[]> {
  const count = async (sql: string, values: unknown[] = []): Promise<number> =>
    (await deployment.ask<{ count: number }>(`select count(*)::int as count ${sql}`, values))[0]?.count ?? -1;
  const jobs = `select identifier as task, locked_by as by, attempts, last_error as error
    from graphile_worker._private_jobs as jobs join graphile_worker._private_tasks as tasks on tasks.id = jobs.task_id`;
  const open = () =>
    deployment.ask<Job>(
      `${jobs} where locked_at is not null
          or attempts < max_attempts and (attempts > 0 or run_at <= now())
          or key is null -- queued again while it ran: the next heartbeat removes it`,
    );
  const undelivered = () => count("from app_private.event_deliveries where delivered_at is null");
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline && ((await open()).length > 0 || (await undelivered()) > 0)) await sleep(250);

  const expected: [what: string, is: number, should: number][] = [
    ["deliveries never made", await undelivered(), 0],
    [
      "acknowledged bookings that are stored",
      await count("from app_public.booking_requests where id = any ($1)", [[...bookings.keys()]]),
      bookings.size,
    ],
    [
      "bookings made twice",
      await count(
        "from (select email from app_public.booking_requests group by email having count(*) > 1 and bool_or(email like '%@people.example')) as twice",
      ),
      0,
    ],
    [
      "acknowledged confirmations that are stored",
      await count("from app_public.booking_requests where id = any ($1) and status = 'confirmed'", [
        [...confirmed],
      ]),
      confirmed.size,
    ],
    [
      "confirmed requests without exactly one appointment",
      await count(
        `from app_public.booking_requests r where r.status = 'confirmed' and id = any ($1)
                   and 1 <> (select count(*) from app_public.appointments a where a.booking_request_id = r.id)`,
        [[...bookings.keys()]],
      ),
      0,
    ],
    [
      "times claimed twice",
      await count(`from app_private.time_claims a join app_private.time_claims b
                   on a.specialist_id = b.specialist_id and a.id < b.id and a.blocked && b.blocked
                   where a.released_at is null and b.released_at is null`),
      0,
    ],
    [
      "messages that wait",
      await count(
        "from app_public.messages where status = 'queued' and coalesce(not_before, now()) <= now()",
      ),
      0,
    ],
    [
      "chains of the audit log that are not whole",
      await count(
        "from app_public.organizations o cross join audit.verify(o.id) v where v.finding is not null",
      ),
      0,
    ],
    [
      "requests that wrote two clinics in one transaction",
      await count(
        `from (select xmin::text as of from audit.entries where session_role = 'app_authenticator'
                 and organization_id is not null
               group by xmin::text having count(distinct organization_id) > 1) as two`,
      ),
      0,
    ],
  ];
  const found = expected
    .filter(([, is, should]) => is !== should)
    .map(([what, is, should]) => `${what}: ${is}, should be ${should}`);

  const told = ({ task, by, attempts, error }: Job) =>
    `${task}, attempt ${attempts}, held by ${by}, ${error}`;
  found.push(...(await open()).map((job) => `a job still open: ${told(job)}`));
  const dead = await deployment.ask<Job>(`${jobs} where attempts >= max_attempts and locked_at is null`);
  found.push(...dead.map((job) => `a dead job: ${told(job)}`));

  // A crash between the vendor's yes and our record sends a mail again: it must be the very same mail.
  const digests = Map.groupBy(deployment.mails(), ({ id }) => id);
  const changed = [...digests.values()].filter(
    (copies) => new Set(copies.map(({ digest }) => digest)).size > 1,
  );
  if (changed.length > 0) found.push(`mails sent twice with other content: ${changed.length}`);
  const sent = await count("from app_public.messages where channel = 'email' and status = 'sent'");
  if (digests.size !== sent) found.push(`mails that reached somebody: ${digests.size}, should be ${sent}`);
  return found;
}
