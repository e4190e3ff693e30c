-- Clinics and people in one line each, so that a test says only what matters to it.
-- Rows are written straight into the tables, as the superuser who loaded this: what the domain's own verbs do is
-- tested elsewhere. The clinic made last is where the next thing belongs, unless a test names another.

create or replace function tests.clinic_id(slug text default null) returns uuid
language plpgsql stable
as $$
declare
  v_slug text := coalesce(clinic_id.slug, nullif(current_setting('tests.clinic', true), ''));
begin
  if v_slug is null then
    raise exception 'no clinic yet' using hint = 'Begin with tests.clinic(''atlas'').';
  end if;
  return tests.id(v_slug);
end;
$$;

create or replace function tests.clinic(
  slug text, timezone text default 'Europe/Bucharest', locale text default 'ro', draft boolean default false
) returns uuid
language plpgsql volatile security definer
as $$
declare
  v_id uuid;
begin
  insert into app_public.organizations (slug, name, timezone, locale, contact_email, activated_at)
  values (clinic.slug, initcap(clinic.slug), clinic.timezone, clinic.locale, 'contact@' || clinic.slug || '.test',
          case when not clinic.draft then app_hidden.now() end)
  returning id into v_id;
  perform tests.remember(clinic.slug, v_id);
  perform set_config('tests.clinic', clinic.slug, true);
  return v_id;
end;
$$;

comment on function tests.clinic(text, text, text, boolean) is
  'A clinic, open unless draft, with the system roles; what is made next belongs to it.';

-- One name is one person: making somebody staff and patient of two clinics gives one human.
create or replace function tests.person(
  name text, email text default null, superadmin boolean default false, disabled boolean default false
) returns uuid
language plpgsql volatile security definer
as $$
declare
  v_id uuid;
begin
  select p.principal_id into v_id from tests.personas p where p.name = person.name;
  if v_id is null then
    insert into app_public.principals (kind, platform_role, disabled_at)
    values ('human', case when person.superadmin then 'superadmin' end,
            case when person.disabled then app_hidden.now() end)
    returning id into v_id;
    insert into app_public.humans (principal_id, email, email_verified_at, display_name)
    values (v_id, coalesce(person.email, regexp_replace(lower(person.name), '[^a-z0-9]+', '.', 'g') || '@people.test'),
            app_hidden.now(), initcap(person.name));
    insert into app_private.identities (issuer, subject, principal_id) values ('https://tests', person.name, v_id);
    perform tests.remember_persona(person.name, v_id);
    perform tests.remember(person.name, v_id);
  end if;
  return v_id;
end;
$$;

comment on function tests.person(text, text, boolean, boolean) is
  'Somebody who can sign in and belongs to no clinic yet. tests.id(name) is the human.';

create or replace function tests.staff(
  name text, role text default 'admin', clinic text default null, email text default null
) returns uuid
language plpgsql volatile security definer
as $$
declare
  v_clinic uuid := tests.clinic_id(staff.clinic);
  v_human uuid := tests.person(staff.name, staff.email);
  v_membership uuid;
begin
  insert into app_public.memberships as m (organization_id, human_id) values (v_clinic, v_human)
  on conflict (organization_id, human_id) do update set ended_at = null
  returning m.id into v_membership;
  insert into app_public.membership_roles (organization_id, membership_id, role_id)
  select v_clinic, v_membership, r.id from app_public.roles r
  where r.organization_id = v_clinic and r.key = staff.role;
  if not found then
    raise exception 'the clinic has no role "%"', staff.role;
  end if;
  perform tests.remember_persona(staff.name, v_human, v_clinic);
  return v_human;
end;
$$;

comment on function tests.staff(text, text, text, text) is
  'A member of the clinic with one of its roles (owner, admin, specialist, front_desk, billing, or its own).';

create or replace function tests.patient(
  name text, clinic text default null, account boolean default true, birth_date date default '1980-05-17',
  email text default null
) returns uuid
language plpgsql volatile security definer
as $$
declare
  v_clinic uuid := tests.clinic_id(patient.clinic);
  v_human uuid;
  v_profile uuid;
begin
  if patient.account then
    v_human := tests.person(patient.name, patient.email);
    select p.id into v_profile from app_public.patient_profiles p where p.human_id = v_human;
    perform tests.remember_persona(patient.name, v_human, v_clinic);
  end if;
  if v_profile is null then
    insert into app_public.patient_profiles (human_id, given_name, family_name, email, phone, birth_date)
    values (v_human, initcap(split_part(patient.name, ' ', 1)), coalesce(nullif(initcap(split_part(patient.name, ' ', 2)), ''), 'Popescu'),
            coalesce(patient.email, (select h.email from app_public.humans h where h.principal_id = v_human)),
            '+40722000111', patient.birth_date)
    returning id into v_profile;
  end if;
  perform tests.remember(patient.name || ' at ' || (select o.slug from app_public.organizations o where o.id = v_clinic),
    (select tests.admitted(v_clinic, v_profile)));
  perform tests.remember(patient.name, v_profile);
  return v_profile;
end;
$$;

comment on function tests.patient(text, text, boolean, date, text) is
  'A patient of the clinic, with an account to act as unless account => false. tests.id(name) is the profile, '
  'tests.id(''name at clinic'') the patient.';

create or replace function tests.admitted(organization_id uuid, patient_profile_id uuid) returns uuid
language sql volatile
as $$
  insert into app_public.patients (organization_id, patient_profile_id) values ($1, $2) returning id;
$$;

create or replace function tests.caregiver(
  name text, of_patient text, relationship text default 'parent', ends_on date default null
) returns uuid
language plpgsql volatile security definer
as $$
declare
  v_human uuid := tests.person(caregiver.name);
  v_id uuid;
begin
  insert into app_public.caregivers (patient_profile_id, human_id, relationship, ends_on)
  values (tests.id(caregiver.of_patient), v_human, caregiver.relationship, caregiver.ends_on)
  returning id into v_id;
  insert into app_private.caregiver_evidence (organization_id, caregiver_id, patient_profile_id, evidence)
  values (tests.clinic_id(), v_id, tests.id(caregiver.of_patient), 'Birth certificate seen');
  if (select p.organization_id is null from tests.personas p where p.name = caregiver.name) then
    perform tests.remember_persona(caregiver.name, v_human, tests.clinic_id());
  end if;
  perform tests.remember(caregiver.name || ' for ' || caregiver.of_patient, v_id);
  return v_id;
end;
$$;

comment on function tests.caregiver(text, text, text, date) is
  'A person who acts for a patient. tests.id(''name for patient'') is the link.';
