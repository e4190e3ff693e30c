-- A patient is assigned a treatment plan: an approved version, which stays theirs. Of two who use the last assignment of a service plan one
-- wins, since the plans are locked from settle_patient_plans() on. EXE-01, EXE-03, TPL-02.

set role app_engine;

create or replace function app_public.assign_treatment_plan(
  patient_id uuid,
  version_id uuid,
  starts_on date,
  weekdays int[] default '{1,2,3,4,5,6,7}',
  ends_on date default null,
  form_template_id uuid default null,
  allows_extra_sessions boolean default false,
  patient_service_plan_id uuid default null
) returns app_public.patient_treatment_plans
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb := app_private.remembered('assign_treatment_plan', jsonb_build_array(
    patient_id, version_id, starts_on, weekdays, ends_on, form_template_id, allows_extra_sessions, patient_service_plan_id));
  v_patient app_public.patients;
  v_version app_public.treatment_plan_versions;
  v_enrolment app_public.patient_treatment_plans;
  v_last date;
begin
  if v_remembered is not null then
    perform app_private.require_permission((v_remembered ->> 'organization_id')::uuid, 'treatment_plans.assign');
    return jsonb_populate_record(v_enrolment, v_remembered);
  end if;
  select patients.* into v_patient
  from app_public.patients where patients.id = assign_treatment_plan.patient_id;
  perform app_private.require_permission(v_patient.organization_id, 'treatment_plans.assign');
  perform app_private.require_not_suspended(v_patient.organization_id);
  perform app_private.require_patient(v_patient.organization_id, v_patient.patient_profile_id);
  v_version := app_private.version_to_assign(v_patient, assign_treatment_plan.version_id);

  v_enrolment.id := uuidv7();
  v_enrolment.patient_service_plan_id := app_private.count_treatment_assignment(
    v_patient, v_enrolment.id, assign_treatment_plan.patient_service_plan_id);
  if exists (
    select from app_public.patient_treatment_plans as standing
    where standing.organization_id = v_patient.organization_id and standing.patient_profile_id = v_patient.patient_profile_id
      and standing.treatment_plan_id = v_version.treatment_plan_id and standing.status in ('active', 'paused')
  ) then
    perform app_hidden.refuse('CONFLICT', 'treatment_plan_already_assigned');
  end if;

  v_last := app_private.last_due_on(v_version, v_patient.organization_id, starts_on, weekdays);
  if v_last > assign_treatment_plan.ends_on then
    perform app_hidden.refuse('VALIDATION', 'ends_before_the_last_session', jsonb_build_object('field', 'endsOn', 'lastDueOn', v_last));
  end if;
  if assign_treatment_plan.form_template_id is not null and not exists (
    select from app_public.form_templates
    where form_templates.organization_id = v_patient.organization_id and form_templates.id = assign_treatment_plan.form_template_id
      and form_templates.published
  ) then
    perform app_hidden.refuse('NOT_FOUND', 'form_template_not_found');
  end if;

  insert into app_public.patient_treatment_plans
    (id, organization_id, patient_profile_id, plan_scope_id, treatment_plan_id, version_id, patient_service_plan_id, form_template_id,
     starts_on, ends_on, weekdays, allows_extra_sessions, tended_on, assigned_by)
  values
    (v_enrolment.id, v_patient.organization_id, v_patient.patient_profile_id, v_version.scope_id, v_version.treatment_plan_id, v_version.id,
     v_enrolment.patient_service_plan_id, assign_treatment_plan.form_template_id, assign_treatment_plan.starts_on,
     coalesce(assign_treatment_plan.ends_on, v_last),
     array(select distinct day from unnest(assign_treatment_plan.weekdays) as day order by day), assign_treatment_plan.allows_extra_sessions,
     app_private.today_at(v_patient.organization_id), app_private.current_actor_id())
  returning * into v_enrolment;
  perform app_private.schedule_sessions(v_enrolment, 1, v_enrolment.starts_on);
  perform app_private.request_videos(v_enrolment);
  perform app_private.remember('assign_treatment_plan', to_jsonb(v_enrolment));
  return v_enrolment;
end;
$$;

comment on function app_public.assign_treatment_plan is
  E'@arg versionId An approved version of a treatment plan.\n'
  '@arg startsOn From which day, by the clock of the clinic.\n'
  '@arg weekdays On which days sessions can be due: 1 is Monday, 7 is Sunday.\n'
  '@arg endsOn The last day; without one, the day on which the last session is due.\n'
  '@arg formTemplateId A form that is asked after each session at home.\n'
  '@arg allowsExtraSessions Whether the patient may do sessions that are not due.\n'
  '@arg patientServicePlanId The service plan of the patient that it is counted to; without one, the one that lapses first.\n'
  'Assigns a treatment plan to a patient; its sessions get their days. Needs treatment_plans.assign. NOT_FOUND; STATE version_not_approved; '
  'ENTITLEMENT_EXHAUSTED nothing_left, not_in_a_plan; CONFLICT treatment_plan_already_assigned; VALIDATION.';
grant execute on function app_public.assign_treatment_plan to app_member;

reset role;

-- What is retired meanwhile waits for whoever assigns it, or is seen by them.
create or replace function app_private.version_to_assign(patient app_public.patients, version_id uuid)
returns app_public.treatment_plan_versions
language plpgsql volatile
set search_path = ''
as $$
declare
  v_version app_public.treatment_plan_versions;
begin
  select versions.* into v_version
  from app_public.treatment_plan_versions as versions
  join app_public.treatment_plans as plans on plans.scope_id = versions.scope_id and plans.id = versions.treatment_plan_id
  where versions.id = version_to_assign.version_id
    and versions.scope_id in (patient.organization_id, '00000000-0000-0000-0000-000000000000')
    and coalesce(plans.patient_profile_id = patient.patient_profile_id, true)
  for share of versions;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'treatment_plan_not_found');
  elsif v_version.status <> 'approved' then
    perform app_hidden.refuse('STATE', 'version_not_approved', jsonb_build_object('status', v_version.status));
  end if;
  return v_version;
end;
$$;

comment on function app_private.version_to_assign is
  'An approved version of a plan of the clinic, of this patient, or of the platform, locked; NOT_FOUND treatment_plan_not_found, STATE version_not_approved.';
grant execute on function app_private.version_to_assign to app_engine;

-- Where a service plan of the patient counts assignments one is used. Where none does, sessions from home have to be open to the patient
-- all the same: by a plan that does not count, by hand, or since the clinic makes them free (CAT-08).
create or replace function app_private.count_treatment_assignment(
  patient app_public.patients, enrolment_id uuid, patient_service_plan_id uuid
) returns uuid
language plpgsql volatile
set search_path = ''
as $$
declare
  v_entitlement app_public.patient_entitlements;
begin
  perform app_private.settle_patient_plans(patient.organization_id, patient.patient_profile_id);
  v_entitlement := app_private.usable_entitlement(
    patient.organization_id, patient.patient_profile_id, 'treatment_plan_assignments',
    patient_service_plan_id => count_treatment_assignment.patient_service_plan_id);
  if v_entitlement.id is null and count_treatment_assignment.patient_service_plan_id is null
    and app_hidden.has_access(patient.organization_id, patient.id, 'telerehab_access') then
    return null;
  end if;
  perform app_private.debit_entitlement(
    patient.organization_id, patient.patient_profile_id, 'treatment_plan_assignments', 'patient_treatment_plan', enrolment_id,
    patient_service_plan_id => count_treatment_assignment.patient_service_plan_id);
  return v_entitlement.patient_service_plan_id;
end;
$$;

comment on function app_private.count_treatment_assignment is
  'Uses one assignment of a service plan of the patient, and says of which; null where none counts them and sessions from home are open. '
  'ENTITLEMENT_EXHAUSTED otherwise.';
grant execute on function app_private.count_treatment_assignment to app_engine;

create or replace function app_private.last_due_on(
  version app_public.treatment_plan_versions, organization_id uuid, starts_on date, weekdays int[]
) returns date
language plpgsql stable
set search_path = ''
as $$
declare
  v_due date[];
begin
  if not coalesce(cardinality(weekdays) > 0 and weekdays <@ '{1,2,3,4,5,6,7}', false) then
    perform app_hidden.refuse('VALIDATION', 'weekdays_not_valid', '{"field": "weekdays"}');
  elsif not coalesce(last_due_on.starts_on >= app_private.today_at(last_due_on.organization_id), false) then
    perform app_hidden.refuse('VALIDATION', 'already_past', '{"field": "startsOn"}');
  end if;
  v_due := app_private.due_dates(last_due_on.starts_on, last_due_on.weekdays, array(
    select (listed.value ->> 'afterDays')::int
    from jsonb_array_elements(version.sessions_snapshot) with ordinality as listed (value, number)
    order by listed.number));
  return v_due[cardinality(v_due)];
end;
$$;

comment on function app_private.last_due_on is
  'When the last session is due; VALIDATION weekdays_not_valid, or already_past for a start before today.';
grant execute on function app_private.last_due_on to app_engine;
