import { asCaller, asSent, type Bench, type Caller, type Measurement, median } from "../row.ts";
import { calcomFolder } from "./install.ts";
import { type Question, startCalcom } from "./process.ts";

/**
 * Our listing, with rows, rights and the way to the database, beside the published engine of cal.com, which is told all that it
 * needs and only computes; in turns. It answers with starts, and does not say who is free.
 */
export async function besideCalcom(
  bench: Bench,
  {
    calendarId,
    days,
    caller = {},
    rounds = 11,
  }: { calendarId: string; days: number; caller?: Caller; rounds?: number },
): Promise<Measurement> {
  const folder = calcomFolder({ install: !bench.short });
  if (!folder) return { skipped: "cal.com's engine is not installed: the long form does" };
  const engine = await startCalcom(folder);
  try {
    const client = await bench.connect();
    const question = await questionOf(bench, calendarId, days);
    const ours: number[] = [];
    const theirs: number[] = [];
    let [rows, slots] = [0, 0];
    for (let round = -3; round < (bench.short ? 1 : rounds); round++) {
      await asCaller(client, caller, async () => {
        const began = performance.now();
        const listed = await client.query({
          name: "listed",
          text: "select * from app_public.available_slots($1, $2, $3)",
          values: [calendarId, new Date(question.from), new Date(question.to)],
          types: asSent,
          rowMode: "array",
        });
        if (round >= 0) ours.push(performance.now() - began);
        rows = listed.rows.length;
      });
      const answer = await engine.list(question);
      if (round >= 0) theirs.push(answer.milliseconds);
      slots = answer.slots;
    }
    return {
      measured: median(ours),
      against: {
        what: `cal.com's engine, computing only (${slots} starts, ours ${rows})`,
        value: median(theirs),
      },
      conditions: { "both list about the same": Math.abs(slots - rows) <= rows / 50 },
    };
  } finally {
    engine.stop();
  }
}

/** The rows of a calendar, as cal.com keeps such: the cooldown is busy time before what is taken as well. */
async function questionOf({ admin }: Bench, calendarId: string, days: number): Promise<Question> {
  const from = Math.ceil(Date.now() / 60_000) * 60_000;
  const to = from + days * 86_400_000;
  const { rows } = await admin.query(
    `select coalesce(c.duration_minutes, s.duration_minutes) as minutes, c.notice_minutes as "notBefore", c.timezone,
       (select jsonb_agg(jsonb_build_object(
          'hours', (
            select jsonb_agg(h) from (
              select jsonb_agg(h.weekday % 7) as days, extract(epoch from h.starts) * 1000 as "startTime",
                extract(epoch from h.ends) * 1000 as "endTime"
              from app_public.specialist_weekly_hours as h where h.specialist_id = cs.specialist_id group by h.starts, h.ends) as h),
          'closed', (
            select coalesce(jsonb_agg(distinct d::date), '[]')
            from app_public.specialist_schedule_overrides as o, generate_series(o.starts_on, o.ends_on, interval '1 day') as d
            where o.specialist_id = cs.specialist_id and o.kind = 'closed'),
          'busy', (
            select coalesce(jsonb_agg(jsonb_build_array(
              extract(epoch from lower(tc.blocked)) * 1000 - c.buffer_after_minutes * 60000,
              extract(epoch from upper(tc.blocked)) * 1000 + c.buffer_before_minutes * 60000) order by tc.blocked), '[]')
            from app_private.time_claims as tc
            where tc.specialist_id = cs.specialist_id and tc.released_at is null and tc.blocked && tstzrange($2, $3))))
        from app_public.calendar_specialists as cs where cs.calendar_id = c.id) as hosts
     from app_public.calendars as c join app_public.services as s on s.id = c.service_id where c.id = $1`,
    [calendarId, new Date(from), new Date(to)],
  );
  return { from, to, ...rows[0] };
}
