/**
 * What is true of times, turns, sessions of plans and rooms at every moment, whatever was done at once: each query finds what is not,
 * one text a row. CAT-04, SCH-02, SCH-04, SCH-06, SCH-11.
 */
const books: Record<string, string> = {
  "a specialist has two at once": `
    select a.id || ' and ' || b.id
    from app_private.time_claims a
    join app_private.time_claims b on b.specialist_id = a.specialist_id and a.id < b.id and a.blocked && b.blocked
    where a.released_at is null and b.released_at is null and a.session_id is null and b.session_id is null`,
  "a group has more than its seats": `
    select session.id || ': ' || count(*) || ' of ' || session.capacity
    from app_private.time_claims session
    join app_private.time_claims seat on seat.session_id = session.id and seat.released_at is null
    group by session.id, session.capacity
    having count(*) > session.capacity or max(seat.seat) > session.capacity or count(distinct seat.seat) < count(*)`,
  "a seat is of a session that is over, or of another time or specialist": `
    select seat.id::text
    from app_private.time_claims seat join app_private.time_claims session on session.id = seat.session_id
    where seat.released_at is null
      and (session.released_at is not null or (seat.specialist_id, seat.during) <> (session.specialist_id, session.during))`,
  "a session stands without a seat": `
    select session.id::text from app_private.time_claims session
    where session.kind = 'session' and session.released_at is null
      and not exists (select from app_private.time_claims seat where seat.session_id = session.id and seat.released_at is null)`,
  "a room is taken twice": `
    select a.claim_id || ' and ' || b.claim_id
    from app_private.resource_claims a
    join app_private.resource_claims b on b.resource_id = a.resource_id and a.claim_id < b.claim_id and a.blocked && b.blocked`,
  "a room is taken by nobody": `
    select rc.claim_id::text from app_private.resource_claims rc
    left join app_private.time_claims c on c.id = rc.claim_id and c.released_at is null
    where c.id is null`,
  "an appointment and its time are not the same": `
    select a.id || ' ' || a.status
    from app_public.appointments a join app_private.time_claims c on c.id = a.claim_id
    where a.deleted_at is null and (
      (c.released_at is not null) <> (a.status in ('cancelled', 'noshow'))
      or c.released_at is null
        and (c.kind, c.specialist_id, c.calendar_id, c.during)
          <> ('appointment', a.specialist_id, a.calendar_id, tstzrange(a.starts_at, a.ends_at)))`,
  "a request and its time are not the same": `
    select r.id || ' ' || r.status
    from app_public.booking_requests r join app_private.time_claims c on c.id = r.claim_id
    where r.status = 'requested' and (c.kind, c.released_at is null) <> ('request', true)
      or r.status not in ('requested', 'confirmed') and c.released_at is null`,
  "a time is taken for nothing": `
    select c.kind || ' ' || c.id from app_private.time_claims c
    where c.released_at is null and c.kind in ('request', 'appointment')
      and not exists (select from app_public.appointments a where a.claim_id = c.id)
      and not exists (select from app_public.booking_requests r where r.claim_id = c.id and r.status = 'requested')`,
  "a plan has used other than its appointments": `
    select p.patient_profile_id || ': ' || used.sessions || ' used, balance ' || app_public.patient_entitlements_balance(e)
    from app_public.patient_service_plans p join app_public.patient_entitlements e on e.patient_service_plan_id = p.id
    cross join lateral (
      select coalesce(-sum(l.quantity) filter (where l.subject_kind = 'appointment'), 0) as sessions, sum(l.quantity) as remaining
      from app_public.entitlement_entries l where l.patient_entitlement_id = e.id) as used
    where e.kind = 'sessions' and (
      used.remaining <> app_public.patient_entitlements_balance(e)
      or used.remaining < 0
      or used.sessions <> (
        select count(*) from app_public.appointments a
        where a.patient_service_plan_id = p.id and a.plan_session_number is not null))`,
  "a session of a plan has one number twice": `
    select a.patient_service_plan_id || ' ' || a.plan_session_number
    from app_public.appointments a where a.plan_session_number is not null
    group by a.patient_service_plan_id, a.plan_session_number having count(*) > 1`,
  "a turn is counted that does not stand": `
    select t.specialist_id || ': ' || t.assigned_count
    from app_private.specialist_assignment_tracking t
    where t.assigned_count <> (
      select count(*) from app_private.time_claims c
      where c.calendar_id = t.calendar_id and c.specialist_id = t.specialist_id and c.counted_at is not null)`,
  "a turn is counted of a time that was given back": `
    select c.id::text from app_private.time_claims c
    where c.released_at is not null and c.counted_at is not null and lower(c.during) > now()`,
};

/** What does not hold, in words. */
export async function imbalances(ask: (sql: string) => Promise<string[]>): Promise<string[]> {
  const found: string[] = [];
  for (const [what, sql] of Object.entries(books)) {
    const rows = await ask(`select array(${sql} limit 20)`);
    if (rows.length > 0) found.push(`${what}: ${rows.length}, such as ${rows[0]}`);
  }
  return found;
}
