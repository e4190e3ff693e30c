-- A session at home begins: on its day or later, with every absolute contraindication of what it asks for acknowledged, those included that
-- the library has come to know since it was prescribed. The verb that the patient calls has asked for access before, and gives the token of
-- the recording afterwards. What is started is the clinic's usage. EXE-05, EXE-02, FND-20.

create or replace function app_private.begin_session(patient_session_id uuid, acknowledged_ids uuid[]) returns app_public.patient_sessions
language plpgsql volatile
set search_path = ''
as $$
declare
  v_session app_public.patient_sessions := app_private.locked_session(begin_session.patient_session_id);
  v_status text;
  v_asked uuid[];
begin
  perform app_private.require_own_session(v_session);
  if v_session.status = 'started' then
    return v_session;
  end if;
  select enrolments.status into strict v_status
  from app_public.patient_treatment_plans as enrolments
  where enrolments.organization_id = v_session.organization_id and enrolments.id = v_session.patient_treatment_plan_id;
  if v_status <> 'active' then
    perform app_hidden.refuse('STATE', 'treatment_plan_not_active', jsonb_build_object('status', v_status));
  end if;
  perform app_private.authorize_move(
    'patient_sessions', v_session.status, 'started', v_session.organization_id, v_session.patient_profile_id);
  if v_session.due_on > app_private.today_at(v_session.organization_id) then
    perform app_hidden.refuse('STATE', 'session_not_due', jsonb_build_object('dueOn', v_session.due_on));
  end if;

  v_asked := array(
    select (harm.value ->> 'id')::uuid
    from jsonb_array_elements(app_public.patient_sessions_exercises(v_session)) as exercise
    cross join lateral jsonb_array_elements(exercise.value -> 'contraindications') as harm
    where harm.value ->> 'severity' = 'absolute'
    union
    select (later.value ->> 'id')::uuid
    from jsonb_array_elements(app_public.patient_sessions_later_contraindications(v_session)) as later
    where later.value ->> 'severity' = 'absolute'
    order by 1);
  if not v_asked <@ coalesce(begin_session.acknowledged_ids, '{}') then
    perform app_hidden.refuse('STATE', 'contraindications_not_acknowledged', jsonb_build_object(
      'contraindicationIds', array(select asked from unnest(v_asked) as asked where asked <> all (coalesce(acknowledged_ids, '{}')))));
  end if;
  perform app_private.require_within_limit(v_session.organization_id, 'telerehab_sessions');
  update app_public.patient_sessions as sessions
  set status = 'started', started_at = app_hidden.now(), acknowledged_ids = v_asked
  where sessions.id = v_session.id
  returning * into v_session;
  perform app_private.record_usage(
    v_session.organization_id, 'telerehab_sessions', 'patient_sessions', v_session.id::text, 1, v_session.started_at);
  return v_session;
end;
$$;

comment on function app_private.begin_session is
  'Starts a session at home of the caller; a repeated start answers the same. STATE treatment_plan_not_active, session_not_due, illegal_move, '
  'contraindications_not_acknowledged with those that are missing; ENTITLEMENT_EXHAUSTED tier_limit_reached.';
grant execute on function app_private.begin_session to app_engine;

-- Beyond what is due, where the plan allows it: a session of the version once more. Asked for again before it is done, it is the same one.
create or replace function app_private.add_extra_session(patient_treatment_plan_id uuid, session_position int)
returns app_public.patient_sessions
language plpgsql volatile
set search_path = ''
as $$
declare
  v_enrolment app_public.patient_treatment_plans;
  v_session app_public.patient_sessions;
begin
  select enrolments.* into v_enrolment
  from app_public.patient_treatment_plans as enrolments
  where enrolments.id = add_extra_session.patient_treatment_plan_id
    and enrolments.patient_profile_id = any (app_hidden.current_human_patient_profile_ids())
    and enrolments.organization_id = any (app_hidden.current_patient_organization_ids());
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  end if;
  perform app_private.require_patient(v_enrolment.organization_id, v_enrolment.patient_profile_id);
  v_enrolment := app_private.lock_enrolment(v_enrolment.organization_id, v_enrolment.id);
  if v_enrolment.status <> 'active' then
    perform app_hidden.refuse('STATE', 'treatment_plan_not_active', jsonb_build_object('status', v_enrolment.status));
  elsif not v_enrolment.allows_extra_sessions then
    perform app_hidden.refuse('STATE', 'no_extra_sessions');
  end if;
  select sessions.* into v_session
  from app_public.patient_sessions as sessions
  where sessions.organization_id = v_enrolment.organization_id and sessions.patient_treatment_plan_id = v_enrolment.id
    and sessions.position = add_extra_session.session_position
    and sessions.is_extra and sessions.due_on = app_private.today_at(v_enrolment.organization_id) and sessions.status in ('due', 'started')
  limit 1;
  if found then
    return v_session;
  end if;
  insert into app_public.patient_sessions
    (organization_id, patient_treatment_plan_id, patient_profile_id, plan_scope_id, version_id, position, is_extra, due_on, place)
  select v_enrolment.organization_id, v_enrolment.id, v_enrolment.patient_profile_id, v_enrolment.plan_scope_id, v_enrolment.version_id,
         add_extra_session.session_position, true, app_private.today_at(v_enrolment.organization_id), 'home'
  from app_public.treatment_plan_versions as versions
  where versions.scope_id = v_enrolment.plan_scope_id and versions.id = v_enrolment.version_id
    and versions.sessions_snapshot -> (add_extra_session.session_position - 1) ->> 'place' = 'home'
    and add_extra_session.session_position >= 1
  returning * into v_session;
  if v_session.id is null then
    perform app_hidden.refuse('NOT_FOUND', 'session_not_found');
  end if;
  return v_session;
end;
$$;

comment on function app_private.add_extra_session is
  'One more session at home of a plan of the caller that allows it, due today. NOT_FOUND; STATE treatment_plan_not_active, no_extra_sessions.';
grant execute on function app_private.add_extra_session to app_engine;
