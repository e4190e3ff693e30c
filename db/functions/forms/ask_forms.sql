-- Every form that the service or the calendar of an appointment asks for, once: a form of the patient that still counts, was made
-- ahead, or belonged to an appointment which fell through serves, else one is made. FRM-08. What was asked before stays asked.

create or replace function app_private.ask_forms(appointment app_public.appointments) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_template_id uuid;
  v_form_id uuid;
begin
  for v_template_id in
    select asked.id
    from app_private.templates_asked(appointment) as asked
    where not exists (
      select from app_public.appointment_forms as linked
      join app_public.forms on forms.organization_id = linked.organization_id and forms.id = linked.form_id
      where linked.organization_id = (appointment).organization_id and linked.appointment_id = (appointment).id
        and linked.template_id = asked.id
        -- Moved to a day on which an earlier form counts no more, it asks anew.
        and (forms.appointment_id = (appointment).id or forms.valid_until is null or forms.valid_until > (appointment).starts_at))
    order by asked.id
  loop
    v_form_id := coalesce(
      app_private.form_to_reuse(appointment, v_template_id),
      (app_private.make_form(
        (appointment).organization_id, (appointment).patient_profile_id, v_template_id, (appointment).locale, (appointment).id)).id);
    insert into app_public.appointment_forms (organization_id, appointment_id, template_id, form_id)
    values ((appointment).organization_id, (appointment).id, v_template_id, v_form_id)
    on conflict on constraint appointment_forms_pkey do update set form_id = excluded.form_id;
  end loop;
end;
$$;

comment on function app_private.ask_forms is
  'Links an appointment to the forms that its service and calendar ask for, and makes those that are not there.';
grant execute on function app_private.ask_forms to app_engine;

-- Whether what a template asks consent for now was asked by a signed form as well, and stands.
create or replace function app_private.consents_stand(form app_public.forms, template app_public.form_templates) returns boolean
language plpgsql stable
set search_path = ''
as $$
begin
  if exists (
    select
    from app_public.form_template_versions as latest
    join app_public.form_template_version_purposes as declared
      on declared.organization_id = latest.organization_id and declared.version_id = latest.id
    where latest.organization_id = (template).organization_id and latest.template_id = (template).id
      and latest.number = (template).version
      and not exists (
        select from app_public.form_template_version_purposes as signed
        where signed.organization_id = (form).organization_id and signed.version_id = (form).version_id
          and signed.purpose_version_id = declared.purpose_version_id)
  ) then
    return false;
  end if;
  return not exists (
    select
    from app_private.missing_consents((form).organization_id, (form).patient_id, array(
      select versions.purpose_code
      from app_public.form_template_version_purposes as signed
      join app_public.consent_purpose_versions as versions on versions.id = signed.purpose_version_id
      where signed.organization_id = (form).organization_id and signed.version_id = (form).version_id)));
end;
$$;

comment on function app_private.consents_stand is 'Whether every consent that a template asks for now was given by this form, and stands.';
grant execute on function app_private.consents_stand to app_engine;

-- The newest form of the patient that serves: final and valid on that day, made ahead, or left over from appointments that fell
-- through. Not one that lacks a consent which the template asks for now: that is asked again.
create or replace function app_private.form_to_reuse(appointment app_public.appointments, template_id uuid) returns uuid
language sql stable
set search_path = ''
as $$
  select forms.id
  from app_public.patients
  join app_public.forms on forms.organization_id = patients.organization_id and forms.patient_id = patients.id
  join app_public.form_templates
    on form_templates.organization_id = forms.organization_id and form_templates.id = forms.template_id
  join app_public.form_template_versions as versions
    on versions.organization_id = forms.organization_id and versions.id = forms.version_id
  where patients.organization_id = (appointment).organization_id
    and patients.patient_profile_id = (appointment).patient_profile_id
    and forms.template_id = form_to_reuse.template_id
    and forms.deleted_at is null
    and (
      forms.valid_until > (appointment).starts_at
        and (forms.status = 'signed' or forms.status = 'completed' and versions.signature_mode = 'none')
      or (forms.is_ahead or exists (
        select from app_public.appointment_forms as linked
        where linked.organization_id = forms.organization_id and linked.form_id = forms.id))
        and not exists (
          select
          from app_public.appointment_forms as linked
          join app_public.appointments as served
            on served.organization_id = linked.organization_id and served.id = linked.appointment_id
          where linked.organization_id = forms.organization_id and linked.form_id = forms.id
            and served.status not in ('cancelled', 'noshow') and served.deleted_at is null)
    )
    and (forms.status <> 'signed' or app_private.consents_stand(forms, form_templates))
  order by forms.valid_until > (appointment).starts_at desc nulls last, forms.created_at desc, forms.id desc
  limit 1
$$;

comment on function app_private.form_to_reuse is 'A form of the patient that serves an appointment as well; null where one has to be made.';
grant execute on function app_private.form_to_reuse to app_engine;

-- An appointment that went to another patient asks that patient; a form that nobody had touched goes, what was answered stays with
-- whom it was answered about.
create or replace function app_private.ask_forms_anew(appointment app_public.appointments) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  delete from app_public.appointment_forms as linked
  where linked.organization_id = (appointment).organization_id and linked.appointment_id = (appointment).id;
  update app_public.forms set deleted_at = app_hidden.now()
  where forms.organization_id = (appointment).organization_id and forms.appointment_id = (appointment).id
    and forms.patient_profile_id <> (appointment).patient_profile_id
    and forms.status = 'pending' and forms.deleted_at is null;
  perform app_private.ask_forms(appointment);
end;
$$;

comment on function app_private.ask_forms_anew is 'Takes the forms of an appointment away, and asks its new patient.';
grant execute on function app_private.ask_forms_anew to app_engine;
