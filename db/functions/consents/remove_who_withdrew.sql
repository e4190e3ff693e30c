-- Who withdrew the terms of a clinic is no patient there any more: what is to come is cancelled, so that its time is free
-- and those concerned are told, then the record goes with what hangs on it. It comes back when the person does. FND-18, FND-10.

create or replace function app_private.remove_who_withdrew(patient app_public.patients) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_visits app_public.appointments[] := array(
    select appointments
    from app_public.appointments
    where appointments.organization_id = patient.organization_id
      and appointments.patient_profile_id = patient.patient_profile_id
      and appointments.status in ('booked', 'upcoming', 'confirmed')
      and appointments.ends_at > app_hidden.now()
      and appointments.deleted_at is null
    order by appointments.id
    for update);
begin
  -- All of their days at once and in the one order, then all turns, then the plans. Whoever leaves is never late: what they had
  -- of a plan is given back.
  perform app_private.lock_claims(array(select visit.claim_id from unnest(v_visits) as visit));
  perform app_private.uncount_assignment(one.claim_id)
  from (select visit.claim_id from unnest(v_visits) as visit order by visit.calendar_id, visit.specialist_id) as one;
  perform app_private.take_off(visit, 'cancelled', null, false, null) from unnest(v_visits) as visit;
  perform app_private.mark_deleted('app_public.patients', patient.id, app_hidden.now());
end;
$$;

comment on function app_private.remove_who_withdrew is
  'Cancels a patient''s appointments to come and removes the record, with what goes along; the caller has locked both.';
grant execute on function app_private.remove_who_withdrew to app_engine;

create or replace function app_private.ask_for_erasure(human_id uuid, cause text) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_id uuid;
begin
  insert into app_public.erasure_requests (human_id, cause)
  values (ask_for_erasure.human_id, ask_for_erasure.cause)
  on conflict on constraint erasure_requests_are_made_once do nothing
  returning erasure_requests.id into v_id;
  if found then
    perform app_private.publish(
      'erasure.requested', null, v_id, jsonb_build_object('erasureRequestId', v_id, 'humanId', ask_for_erasure.human_id));
  end if;
end;
$$;

comment on function app_private.ask_for_erasure is 'Records that the erasure of an account is asked for, once, and tells of it.';
grant execute on function app_private.ask_for_erasure to app_engine;
