-- What an appointment asks of its patient that is not there yet, and what resolves each: the one list that bookings, confirmations
-- and screens go by. It locks nothing: whoever writes by it asks hold_requirements(). APT-06, CNS-08, docs/decisions/0114.

-- What was asked of this patient by itself, with or without an appointment. A request that was made before is answered without it:
-- a guest becomes a patient, of whom something is asked, as the clinic answers. It counts again as the appointment moves on.
-- AUT-02, docs/decisions/0150.
create or replace function app_private.requirements_of(draft app_public.appointments, stage text)
returns setof app_public.patient_requirements
language sql stable
set search_path = ''
begin atomic
  select required.*
  from app_public.patient_requirements as required
  where required.organization_id = (draft).organization_id
    and required.patient_profile_id = (draft).patient_profile_id
    and required.is_blocking and required.fulfilled_at is null and required.lifted_at is null
    and (requirements_of.stage is distinct from 'booked' or not exists (
      select from app_public.booking_requests
      where booking_requests.organization_id = (draft).organization_id and booking_requests.id = (draft).booking_request_id
        and booking_requests.created_at < required.created_at));
end;

comment on function app_private.requirements_of is 'What was asked of a patient that keeps an appointment of theirs from this stage.';
grant execute on function app_private.requirements_of to app_engine;

-- The consents: terms and notice where the clinic has words of its own that it requires; treatments that the forms of service and
-- calendar declare; telemedicine where the two do not meet; and what this patient was asked for (AUT-02).
create or replace function app_private.consents_asked(draft app_public.appointments, stage text default null) returns text[]
language sql stable
set search_path = ''
begin atomic
  select array(
    select version.purpose_code
    from unnest('{org_terms,privacy_notice}'::text[]) as terms (code)
    cross join lateral app_private.current_consent_version((draft).organization_id, terms.code) as version
    where version.organization_id = (draft).organization_id and version.is_required
    union
    select versions.purpose_code
    from app_private.templates_asked(draft) as asked
    join app_public.form_template_versions as latest
      on latest.organization_id = asked.organization_id and latest.template_id = asked.id and latest.number = asked.version
    join app_public.form_template_version_purposes as declared
      on declared.organization_id = latest.organization_id and declared.version_id = latest.id
    join app_public.consent_purpose_versions as versions
      on versions.scope_id = declared.purpose_scope_id and versions.id = declared.purpose_version_id
    where starts_with(versions.purpose_code, 'treatment_specific_')
    union
    select 'telemedicine' where (draft).modality <> 'in_person'
    union
    select required.purpose_code
    from app_private.requirements_of(draft, consents_asked.stage) as required
    where required.purpose_code is not null);
end;

comment on function app_private.consents_asked is 'The purposes that the patient of an appointment has to have consented to, by their codes.';
grant execute on function app_private.consents_asked to app_engine;

-- Of a draft that is no appointment yet the forms are those that it would ask for.
create or replace function app_private.forms_missing(draft app_public.appointments)
returns table (template_id uuid, form_id uuid, status text)
language sql stable
set search_path = ''
begin atomic
  select asked.template_id, forms.id, coalesce(forms.status, 'pending')
  from (
    select linked.template_id, linked.form_id
    from app_public.appointment_forms as linked
    where linked.organization_id = (draft).organization_id and linked.appointment_id = (draft).id
    union all
    select template.id, app_private.form_to_reuse(draft, template.id)
    from app_private.templates_asked(draft) as template
    where (draft).id is null
  ) as asked
  left join app_public.forms
    on forms.organization_id = (draft).organization_id and forms.id = asked.form_id and forms.deleted_at is null
  left join app_public.form_template_versions as versions
    on versions.organization_id = forms.organization_id and versions.id = forms.version_id
  where (forms.status = 'signed' or forms.status = 'completed' and versions.signature_mode = 'none') is not true
  order by asked.template_id;
end;

comment on function app_private.forms_missing is
  'Forms that an appointment asks for and that are not complete, or not signed where they want a signature.';
grant execute on function app_private.forms_missing to app_engine;

-- Why no session of a plan pays for a draft that is to be by one. Its plans are the patient's own, so nothing is told of others'.
create or replace function app_private.why_unpaid(draft app_public.appointments) returns text
language sql stable
set search_path = ''
begin atomic
  select coalesce((
    select case
        when plans.ended_at is not null or plans.valid_until <= greatest((draft).starts_at, app_hidden.now()) then 'plan_ended'
        when not app_public.patient_service_plans_is_open(plans) then 'plan_paused'
        when not app_private.is_for_service(plans, (draft).service_id) then 'other_service'
        else 'nothing_left'
      end
    from app_public.patient_service_plans as plans
    where plans.organization_id = (draft).organization_id
      and plans.patient_profile_id = (draft).patient_profile_id
      and plans.id = (draft).patient_service_plan_id), 'no_plan');
end;

comment on function app_private.why_unpaid is
  'Why the plan that a draft names has no session for it: plan_ended, plan_paused, other_service, nothing_left; no_plan where it names none.';
grant execute on function app_private.why_unpaid to app_engine;

create or replace function app_private.what_is_missing(
  draft app_public.appointments, stage text, purposes text[], by_plan boolean default false
) returns setof app_public.missing_requirement
language sql stable
set search_path = ''
begin atomic
  select 'blocked', null, null::int, null::uuid, null, null::uuid, null::uuid, blocks.until, 'clinic', blocks.reason, null::uuid
  from app_private.standing_block((draft).organization_id, (draft).patient_profile_id) as blocks
  where coalesce(stage, 'booked') = 'booked' and blocks.id is not null
  union all
  (
    select case when missing.is_medical then 'consent' else 'terms' end, missing.purpose, missing.version, missing.version_id,
      missing.reason, app_private.template_that_captures((draft).organization_id, missing.version_id),
      app_private.form_that_captures((draft).organization_id, patients.id, missing.version_id), null,
      case when missing.is_medical then 'form' else 'self' end, null, null
    from app_public.patients
    cross join lateral app_private.missing_consents((draft).organization_id, patients.id, what_is_missing.purposes) as missing
    where patients.organization_id = (draft).organization_id and patients.patient_profile_id = (draft).patient_profile_id
      and cardinality(what_is_missing.purposes) > 0
    order by missing.is_medical, missing.purpose
  )
  union all
  select 'form', null, null, null, forms.status, forms.template_id, forms.form_id, null, 'form', null, null
  from (
    select missing.template_id, missing.form_id, missing.status
    from app_private.forms_missing(draft) as missing
    where coalesce(stage, 'confirmed') = 'confirmed'
    union
    select required.template_id, forms.id, coalesce(forms.status, 'pending')
    from app_private.requirements_of(draft, stage) as required
    left join app_public.forms
      on forms.organization_id = required.organization_id and forms.id = required.form_id and forms.deleted_at is null
    where required.template_id is not null and coalesce(stage, 'confirmed') in ('booked', 'confirmed')
    order by 1, 2
  ) as forms
  union all
  select 'entitlement', null, null, null, app_private.why_unpaid(draft), null, null, null, 'plan', null, plans.id
  from (select) as one
  left join app_public.patient_service_plans as plans
    on plans.organization_id = (draft).organization_id and plans.patient_profile_id = (draft).patient_profile_id
    and plans.id = (draft).patient_service_plan_id
  where by_plan and (draft).plan_session_number is null;
end;

comment on function app_private.what_is_missing is
  'What of these purposes, and of what else the stage (booked, confirmed, inprogress, paid; null: all) asks for, is not there, each '
  'with what resolves it; a session, where the draft is to be by a plan and has none.';
grant execute on function app_private.what_is_missing to app_engine;

-- The list, and that what is not on it stays so until the transaction ends. The caller has locked the patient for share, which
-- withdrawals and blocks wait for; then come the answers, in the order of their ids. Forms need no lock: one that is opened
-- again after the confirmation is as good as opened again after it was told.
create or replace function app_private.hold_requirements(draft app_public.appointments, stage text, by_plan boolean default false)
returns setof app_public.missing_requirement
language plpgsql volatile
set search_path = ''
as $$
declare
  v_purposes text[] := app_private.consents_asked(draft, stage);
  v_held text[] := '{}';
begin
  if v_purposes <> '{}' then
    v_held := app_private.hold_consents(draft.organization_id, draft.patient_profile_id, v_purposes);
  end if;
  return query select * from app_private.what_is_missing(
    draft, stage, array(select asked from unnest(v_purposes) as asked where asked <> all (v_held)), by_plan);
end;
$$;

comment on function app_private.hold_requirements is
  'What is missing for a stage of an appointment; the consents that are there are locked until the transaction ends.';
grant execute on function app_private.hold_requirements to app_engine;
