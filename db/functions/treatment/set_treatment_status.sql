-- Staff pause a patient's plan, take it up again, or end it. While it is paused nothing is due; what is left moves on by then. EXE-01.

set role app_engine;

create or replace function app_public.set_treatment_status(patient_treatment_plan_id uuid, status text, reason text)
returns app_public.patient_treatment_plans
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_enrolment app_public.patient_treatment_plans := app_private.locked_enrolment(set_treatment_status.patient_treatment_plan_id);
  v_reason text := app_private.require_reason(set_treatment_status.reason);
  v_today date := app_private.today_at(v_enrolment.organization_id);
begin
  if v_enrolment.status = set_treatment_status.status then
    return v_enrolment;
  end if;
  -- The transitions of the worker and of patients are not theirs.
  if set_treatment_status.status in ('completed', 'expired') then
    perform app_hidden.refuse('FORBIDDEN', 'move_not_allowed', jsonb_build_object(
      'entity', 'patient_treatment_plans', 'from', v_enrolment.status, 'to', set_treatment_status.status));
  end if;
  perform app_private.authorize_move(
    'patient_treatment_plans', v_enrolment.status, set_treatment_status.status, v_enrolment.organization_id);

  if set_treatment_status.status = 'cancelled' then
    perform app_private.give_assignment_back(v_enrolment);
    perform app_private.cancel_open_sessions(v_enrolment);
  elsif set_treatment_status.status = 'active' then
    perform app_private.put_off_sessions(v_enrolment, v_today);
  else
    perform app_private.miss_sessions(v_enrolment, v_today);
  end if;
  update app_public.patient_treatment_plans as enrolments set
    status = set_treatment_status.status,
    status_reason = v_reason,
    paused_on = case when set_treatment_status.status = 'paused' then v_today end,
    ends_on = case when set_treatment_status.status = 'active'
      then greatest(enrolments.ends_on + (v_today - enrolments.paused_on), app_private.last_session_on(enrolments)) else enrolments.ends_on end,
    tended_on = v_today
  where enrolments.id = v_enrolment.id
  returning * into v_enrolment;
  -- Its last session may have been done in the clinic during the pause.
  return app_private.settle_enrolment(v_enrolment);
end;
$$;

comment on function app_public.set_treatment_status is
  E'@words status patient_treatment_plans.status\n@arg status paused, active or cancelled.\n'
  'Pauses a patient''s treatment plan, takes it up again, or ends it. Needs treatment_plans.assign and a reason. FORBIDDEN move_not_allowed; STATE '
  'illegal_move. A plan that is taken up when nothing of it is left to do is completed. One that is cancelled before anything of it was '
  'done gives its assignment back.';
grant execute on function app_public.set_treatment_status to app_member;

reset role;

create or replace function app_private.give_assignment_back(enrolment app_public.patient_treatment_plans) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  if not exists (
    select from app_public.patient_sessions as sessions
    where sessions.organization_id = (enrolment).organization_id and sessions.patient_treatment_plan_id = (enrolment).id
      and (sessions.started_at is not null or sessions.status in ('completed', 'missed'))
  ) then
    perform app_private.restore_entitlement(
      (enrolment).organization_id, 'treatment_plan_assignments', 'patient_treatment_plan', (enrolment).id);
  end if;
end;
$$;

comment on function app_private.give_assignment_back is 'Gives the assignment of a patient''s plan back, as long as nothing of it was done or missed.';
grant execute on function app_private.give_assignment_back to app_engine;

-- The days between them stay as they were, but for weekdays.
create or replace function app_private.put_off_sessions(enrolment app_public.patient_treatment_plans, until date) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_positions int[];
  v_before date[];
  v_due date[];
begin
  select array_agg(sessions.position order by sessions.position), array_agg(sessions.due_on order by sessions.position)
  into v_positions, v_before
  from app_public.patient_sessions as sessions
  where sessions.organization_id = enrolment.organization_id and sessions.patient_treatment_plan_id = enrolment.id
    and sessions.status = 'due' and not sessions.is_extra and sessions.appointment_id is null;
  if v_before[1] >= until then
    return;
  end if;
  v_due := app_private.due_dates(until, enrolment.weekdays, array(
    select case when place = 1 then 0 else v_before[place] - v_before[place - 1] end
    from generate_subscripts(v_before, 1) as place order by place));
  update app_public.patient_sessions as sessions set due_on = v_due[moved.place]
  from unnest(v_positions) with ordinality as moved (position, place)
  where sessions.organization_id = enrolment.organization_id and sessions.patient_treatment_plan_id = enrolment.id
    and sessions.status = 'due' and not sessions.is_extra and sessions.position = moved.position;
end;
$$;

comment on function app_private.put_off_sessions is
  'The sessions that are left are due from this day on, unless the first is later anyway; those with an appointment stay with it.';
grant execute on function app_private.put_off_sessions to app_engine;
