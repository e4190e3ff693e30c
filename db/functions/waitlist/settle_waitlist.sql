-- What became of offers that nobody booked, and of waits whose days are over. Holds end by themselves; here it is written down. SCH-10.
-- An offer is over when its hold is: let go, or a minute past its time, which is how long a hold is still honoured. Whoever let
-- three run out without a word waits no more. Who booked in the same calendar meanwhile has what they waited for.
-- Days before rows, and offers before entries, as whoever books.

set role app_engine;

create or replace function app_private.settle_waitlist(organization_id uuid) returns void
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  c_unanswered constant int := 3;
  v_now timestamptz := app_hidden.now();
  v_over uuid[];
begin
  perform app_private.lock_waitlist(settle_waitlist.organization_id);

  update app_public.waitlist_entries as e set status = 'taken', ended_at = v_now
  where e.organization_id = settle_waitlist.organization_id and e.status = 'waiting'
    and (exists (
      select from app_public.appointments
      where appointments.organization_id = e.organization_id and appointments.patient_profile_id = e.patient_profile_id
        and appointments.calendar_id = e.calendar_id and appointments.created_at >= e.created_at
        and appointments.status in ('booked', 'upcoming', 'confirmed', 'inprogress', 'done') and appointments.deleted_at is null)
    or exists (
      select from app_public.booking_requests
      where booking_requests.organization_id = e.organization_id and booking_requests.calendar_id = e.calendar_id
        and booking_requests.created_at >= e.created_at and booking_requests.status in ('requested', 'confirmed')
        and (booking_requests.email = e.email or booking_requests.patient_profile_id = e.patient_profile_id)));

  v_over := array(
    select waitlist_offers.id
    from app_public.waitlist_offers
    left join app_private.time_claims
      on time_claims.organization_id = waitlist_offers.organization_id and time_claims.id = waitlist_offers.claim_id
    where waitlist_offers.organization_id = settle_waitlist.organization_id and waitlist_offers.outcome is null
      and (time_claims.id is null
           or time_claims.kind = 'hold' and (time_claims.released_at < time_claims.expires_at
                                             or time_claims.expires_at <= v_now - interval '60 seconds')));
  with ended as (
    update app_public.waitlist_offers set ended_at = v_now,
      outcome = case when exists (
        select from app_private.time_claims
        where time_claims.organization_id = waitlist_offers.organization_id and time_claims.id = waitlist_offers.claim_id
          and time_claims.released_at < time_claims.expires_at) then 'declined' else 'expired' end
    where waitlist_offers.id = any (v_over) and waitlist_offers.outcome is null
    returning waitlist_offers.waitlist_entry_id
  )
  update app_public.waitlist_entries as e set status = 'waiting'
  from ended
  where e.id = ended.waitlist_entry_id and e.status = 'offered';

  update app_public.waitlist_entries as e set status = 'expired', ended_at = v_now
  from app_public.calendars
  where e.organization_id = settle_waitlist.organization_id and e.status = 'waiting'
    and calendars.organization_id = e.organization_id and calendars.id = e.calendar_id
    and (e.ends_on < (v_now at time zone calendars.timezone)::date
         or calendars.deleted_at is not null
         or (select count(*) = c_unanswered and bool_and(latest.outcome = 'expired')
             from (
               select waitlist_offers.outcome
               from app_public.waitlist_offers
               where waitlist_offers.organization_id = e.organization_id and waitlist_offers.waitlist_entry_id = e.id
                 and waitlist_offers.created_by is null
               order by waitlist_offers.created_at desc, waitlist_offers.id desc
               limit c_unanswered
             ) as latest));
end;
$$;

comment on function app_private.settle_waitlist is
  'Writes down what became of the offers of a clinic, and ends waits that are over.';
grant execute on function app_private.settle_waitlist to app_worker;

reset role;
