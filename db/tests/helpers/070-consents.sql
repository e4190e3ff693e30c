-- What tests say about consents in one line.

create or replace function tests.version_id(purpose text, clinic text default null) returns uuid
language sql volatile security definer
as $$
  select (app_private.current_consent_version(tests.clinic_id(version_id.clinic), version_id.purpose)).id;
$$;

comment on function tests.version_id(text, text) is 'The version of a purpose that counts at the clinic.';

-- Another version, of the clinic's own words.
create or replace function tests.consent_version(
  purpose text, asks_again boolean default true, in_force_from timestamptz default app_hidden.now(), clinic text default null
) returns uuid
language plpgsql volatile security definer
as $$
declare
  v_clinic uuid := tests.clinic_id(consent_version.clinic);
  v_id uuid;
begin
  if starts_with(purpose, 'treatment_specific_') then
    insert into app_public.consent_purposes
      (organization_id, code, scope, legal_basis, is_withdrawable, is_medical, name, name_ro, needed_for, needed_for_ro)
    values (v_clinic, purpose, 'organization', 'consent', true, true, 'Treatment', 'Tratament', 'The treatment.', 'Tratamentul.')
    on conflict (scope_id, code) do nothing;
  end if;
  insert into app_public.consent_purpose_versions
    (organization_id, purpose_code, number, is_required, asks_again, in_force_from, title_ro, body_ro)
  select v_clinic, purpose, n.next, false, consent_version.asks_again, consent_version.in_force_from, 'Versiunea ' || n.next, 'Sunt de acord: ' || n.next
  from (
    select coalesce(max(v.number), 0) + 1 as next from app_public.consent_purpose_versions v
    where v.organization_id = v_clinic and v.purpose_code = purpose
  ) as n
  returning id into v_id;
  return v_id;
end;
$$;

comment on function tests.consent_version(text, boolean, timestamptz, text) is 'Publishes another version of a purpose for the clinic.';

-- A patient's answer, as a form that was signed gives it.
create or replace function tests.consent(
  patient text, purpose text, decision text default 'granted', clinic text default null, version_id uuid default null,
  caregiver text default null
) returns uuid
language sql volatile security definer
as $$
  select id from app_private.grant_by_form(
    tests.clinic_id(consent.clinic),
    (select p.id from app_public.patients p
     where p.organization_id = tests.clinic_id(consent.clinic) and p.patient_profile_id = tests.id(consent.patient)),
    tests.form_of(tests.id(consent.patient), tests.clinic_id(consent.clinic)),
    array[coalesce(consent.version_id, tests.version_id(consent.purpose, consent.clinic))], consent.decision,
    sha256('proof'), null, (select tests.id(consent.caregiver || ' for ' || consent.patient) where consent.caregiver is not null),
    app_hidden.now());
$$;

comment on function tests.consent(text, text, text, text, uuid, text) is 'A patient answers by a form; tests.id(name) is the profile.';

-- A template that a signature of gives this consent by, in the words that count now.
create or replace function tests.declares(template text, purpose text, clinic text default null) returns void
language sql volatile security definer
as $$
  insert into app_public.form_template_purposes (organization_id, template_id, purpose_version_id)
  values (tests.clinic_id(declares.clinic), tests.id(declares.template), tests.version_id(declares.purpose, declares.clinic));
  insert into app_public.form_template_version_purposes (organization_id, version_id, purpose_scope_id, purpose_version_id)
  select declared.organization_id, latest.id, declared.purpose_scope_id, declared.purpose_version_id
  from app_public.form_template_purposes declared
  join app_public.form_templates t on t.id = declared.template_id
  join app_public.form_template_versions latest on latest.template_id = t.id and latest.number = t.version
  where declared.template_id = tests.id(declares.template)
    and declared.purpose_version_id = tests.version_id(declares.purpose, declares.clinic);
$$;

comment on function tests.declares(text, text, text) is 'Has a template, and its published version, declare a purpose.';
