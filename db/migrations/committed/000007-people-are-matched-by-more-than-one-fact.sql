--! Previous: sha1:d05bcb0af983a27ff3588faeba908cdd8f1a5d99
--! Hash: sha1:457bf186310cbfae9e5bbe9bb402ae3eccd7e9e2
--! Message: people are matched by more than one fact

--! split: 100-people.sql
-- People are matched by more than one fact; two charts of one person are merged, an appointment on the wrong chart moves
-- to the right one. FND-34.

-- Again at every save: whatever returns these tables goes with them.
drop function if exists app_public.merge_patients(uuid, uuid, text);
drop function if exists app_public.undo_patient_merge(uuid, text);
drop function if exists app_public.likely_duplicates(uuid, uuid);
drop function if exists app_private.refuse_unclear(app_private.person_candidate[]);
drop function if exists app_private.people_like(uuid, text, text, text, text, date);

-- New signatures.
drop function if exists app_public.create_patient(uuid, text, text, text, text, date, text);
drop function if exists app_public.claim_patient_profiles();

-- Matched by the address alone; people_like() asks for more.
drop function if exists app_private.patients_matching(app_public.booking_requests);
-- retired: functions/appointments/patients_matching.sql

-- Whoever looks for a person looks by these, as by the address. The index over addresses stands already.
-- squawk-ignore require-concurrent-index-deletion
drop index if exists app_public.patient_profiles_phone_idx;
-- squawk-ignore require-concurrent-index-creation
create index patient_profiles_phone_idx on app_public.patient_profiles (phone);
-- squawk-ignore require-concurrent-index-deletion
drop index if exists app_public.patient_profiles_birth_date_idx;
-- squawk-ignore require-concurrent-index-creation
create index patient_profiles_birth_date_idx on app_public.patient_profiles (birth_date);

-- What a guest said of how to reach them stays with the appointment, whosever chart it stands on.
alter table app_public.appointments add column if not exists contact_phone text;
alter table app_public.appointments drop constraint if exists appointments_contact_phone_is_a_phone_number;
-- squawk-ignore constraint-missing-not-valid
alter table app_public.appointments add constraint appointments_contact_phone_is_a_phone_number
  check (contact_phone ~ '^\+[1-9][0-9]{6,14}$');
comment on column app_public.appointments.contact_phone is
  'The number that the guest gave with the booking request; null otherwise: then the patient''s own is called.';

set role app_engine;
update app_public.appointments set contact_phone = booking_requests.phone
from app_public.booking_requests
where booking_requests.organization_id = appointments.organization_id
  and booking_requests.id = appointments.booking_request_id
  and appointments.contact_phone is null;
reset role;

drop type if exists app_private.person_candidate;
create type app_private.person_candidate as (
  patient_id uuid, patient_profile_id uuid, address boolean, name boolean, telephone boolean, birthday boolean
);
comment on type app_private.person_candidate is
  'A patient who may be meant: which facts agree, which differ; null where one side does not know the fact.';

-- squawk-ignore ban-drop-table
drop table if exists app_public.patient_merges cascade;
create table app_public.patient_merges (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references app_public.organizations on delete restrict,
  patient_profile_id uuid not null,
  merged_profile_id uuid not null,
  reason text not null,
  moved jsonb not null,
  merged_by uuid references app_public.principals on delete restrict,
  created_at timestamptz not null default now(),
  undone_at timestamptz,
  undone_by uuid references app_public.principals on delete restrict,
  undo_reason text,
  constraint patient_merges_identity unique (organization_id, id),
  constraint patient_merges_keep_the_patient foreign key (organization_id, patient_profile_id)
    references app_public.patients (organization_id, patient_profile_id) on delete restrict,
  constraint patient_merges_end_the_other foreign key (organization_id, merged_profile_id)
    references app_public.patients (organization_id, patient_profile_id) on delete restrict,
  constraint patient_merges_are_of_two_patients check (patient_profile_id <> merged_profile_id),
  constraint patient_merges_reason_is_not_blank check (length(btrim(reason)) between 3 and 500),
  constraint patient_merges_moved_is_an_object check (jsonb_typeof(moved) = 'object'),
  constraint patient_merges_undo_says_why check (
    (undone_at is null) = (undo_reason is null) and (undo_reason is null or length(btrim(undo_reason)) between 3 and 500))
);
create unique index patient_merges_patient_is_merged_once on app_public.patient_merges (organization_id, merged_profile_id)
  where undone_at is null;
create index patient_merges_patient_idx on app_public.patient_merges (organization_id, patient_profile_id, created_at);
create index patient_merges_merged_idx on app_public.patient_merges (organization_id, merged_profile_id, created_at);
create index patient_merges_merged_by_idx on app_public.patient_merges (merged_by);
create index patient_merges_undone_by_idx on app_public.patient_merges (undone_by);
comment on table app_public.patient_merges is
  'That two patients of a clinic were one person: the one who is kept, the one who ended, why, and what moved.';
comment on column app_public.patient_merges.patient_profile_id is 'The patient who is kept.';
comment on column app_public.patient_merges.merged_profile_id is 'The patient whose record went into the other one.';
comment on column app_public.patient_merges.moved is
  'The rows that moved, by table, as ids; for caregivers with the day on which the link ended before. undoPatientMerge moves these back.';
comment on constraint patient_merges_keep_the_patient on app_public.patient_merges is
  E'@fieldName patient\n@foreignFieldName merges\nThe patient who is kept.';
comment on constraint patient_merges_end_the_other on app_public.patient_merges is
  E'@behavior -*\nA patient who was merged away is in no list.';

-- squawk-ignore ban-drop-table
drop table if exists app_public.appointment_transfers cascade;
create table app_public.appointment_transfers (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references app_public.organizations on delete restrict,
  appointment_id uuid not null,
  patient_profile_id uuid not null,
  from_profile_id uuid not null,
  reason text not null,
  moved_by uuid references app_public.principals on delete restrict,
  created_at timestamptz not null default now(),
  constraint appointment_transfers_identity unique (organization_id, id),
  foreign key (organization_id, appointment_id) references app_public.appointments (organization_id, id) on delete restrict,
  constraint appointment_transfers_go_to_a_patient foreign key (organization_id, patient_profile_id)
    references app_public.patients (organization_id, patient_profile_id) on delete restrict,
  constraint appointment_transfers_come_from_a_patient foreign key (organization_id, from_profile_id)
    references app_public.patients (organization_id, patient_profile_id) on delete restrict,
  constraint appointment_transfers_are_between_two check (patient_profile_id <> from_profile_id),
  constraint appointment_transfers_reason_is_not_blank check (length(btrim(reason)) between 3 and 500)
);
create index appointment_transfers_appointment_idx on app_public.appointment_transfers (organization_id, appointment_id, created_at);
create index appointment_transfers_to_idx on app_public.appointment_transfers (organization_id, patient_profile_id, created_at);
create index appointment_transfers_from_idx on app_public.appointment_transfers (organization_id, from_profile_id, created_at);
create index appointment_transfers_moved_by_idx on app_public.appointment_transfers (moved_by);
comment on table app_public.appointment_transfers is
  'That an appointment stood on the chart of somebody else: from whom it moved to whom, who moved it, why.';
comment on column app_public.appointment_transfers.patient_profile_id is 'The patient it moved to.';
comment on column app_public.appointment_transfers.from_profile_id is 'The patient on whose chart it stood before.';
comment on constraint appointment_transfers_go_to_a_patient on app_public.appointment_transfers is
  E'@fieldName patient\n@backwardBehavior -*\nThe patient it moved to.';
comment on constraint appointment_transfers_come_from_a_patient on app_public.appointment_transfers is
  E'@fieldName fromPatient\n@backwardBehavior -*\nThe patient on whose chart it stood before.';

drop type if exists app_public.duplicates_page;
drop type if exists app_public.likely_duplicate;
create type app_public.likely_duplicate as (
  patient_id uuid, patient_profile_id uuid, other_patient_id uuid, other_patient_profile_id uuid,
  agrees text[], differs text[]
);
comment on type app_public.likely_duplicate is
  'Two patients of a clinic who are probably one person, the later registered first. agrees and differs name facts: address, name, '
  'telephone, birthday.';
create type app_public.duplicates_page as (pairs app_public.likely_duplicate[], continue_before uuid);
comment on type app_public.duplicates_page is
  'The likely duplicates among the 200 patients who were looked at; continueBefore asks for those registered earlier, null when there are none.';

-- Reference data: the grants of the engine that migrations alone use.
grant insert, update on app_private.event_types to app_engine;
grant insert on app_private.event_subscriptions to app_engine;
set role app_engine;
insert into app_private.event_types (name, version, description, subject_type, payload_schema) values
  ('patient.merged', 1, 'Two patients of a clinic were one person, and are one patient now.', 'patient',
   '{"type": "object", "additionalProperties": false, "required": ["patientId", "mergedPatientId"],
     "properties": {"patientId": {"type": "string", "format": "uuid"}, "mergedPatientId": {"type": "string", "format": "uuid"}}}'),
  ('patient.merge_undone', 1, 'Two patients who were merged are two again.', 'patient',
   '{"type": "object", "additionalProperties": false, "required": ["patientId", "mergedPatientId"],
     "properties": {"patientId": {"type": "string", "format": "uuid"}, "mergedPatientId": {"type": "string", "format": "uuid"}}}'),
  ('appointment.patient_changed', 1, 'An appointment moved to the chart of the right patient.', 'appointment',
   '{"type": "object", "additionalProperties": false, "required": ["appointmentId", "patientProfileId", "fromPatientProfileId"],
     "properties": {"appointmentId": {"type": "string", "format": "uuid"}, "patientProfileId": {"type": "string", "format": "uuid"},
                    "fromPatientProfileId": {"type": "string", "format": "uuid"}}}')
on conflict (name, version) do update
  set description = excluded.description, subject_type = excluded.subject_type, payload_schema = excluded.payload_schema;
insert into app_private.event_subscriptions (consumer, event_name) values ('notifications', 'appointment.patient_changed')
on conflict do nothing;
reset role;
revoke insert, update on app_private.event_types from app_engine;
revoke insert on app_private.event_subscriptions from app_engine;

insert into app_public.permissions (name, description) values
  ('patients.merge', 'Merge two patients who are one person, and undo it')
on conflict (name) do nothing;
insert into app_public.system_role_permissions (role_key, permission) values
  ('owner', 'patients.merge'), ('admin', 'patients.merge')
on conflict do nothing;
set role app_engine;
insert into app_public.role_permissions (organization_id, role_id, permission)
select roles.organization_id, roles.id, system_role_permissions.permission
from app_public.roles
join app_public.system_role_permissions on system_role_permissions.role_key = roles.system_role_key
where system_role_permissions.permission = 'patients.merge'
on conflict do nothing;
reset role;

--! split: 900-sources.sql
-- Written by npm run db:stage from db/functions and db/policies: change those, not this file.

-- source: functions/identity/lock_people.sql
-- Who decides whether somebody is a patient of the clinic already does so alone: two who ask at once about one person
-- would both find nobody. Taken before any row of patients. FND-34.

set role app_engine;

create or replace function app_private.lock_people(organization_id uuid) returns void
language sql volatile
set search_path = ''
as $$
  select pg_advisory_xact_lock(hashtextextended('people:' || lock_people.organization_id, 0));
$$;

comment on function app_private.lock_people(uuid) is
  'Until the transaction ends nobody else matches, makes or merges patients of this clinic.';

reset role;
-- end of source: functions/identity/lock_people.sql

-- source: functions/core/search_text.sql
-- What people type and what is stored are compared in one form: `Țăranu`, `ţăranu` with a cedilla and `taranu` are
-- one text, and so are `Ana-Maria` and `ana maria`, `O’Brien` and `obrien`. The collation is PostgreSQL's own, so that
-- the form is the same on every machine and an index over it stays right. FND-07.

create or replace function app_hidden.search_text(text) returns text
language sql immutable strict parallel safe
set search_path = ''
return (
  with
    folded as (
      -- Compatibility forms apart, lower case, and apart again: lower case can make new marks (İ). The acute accent by
      -- itself is an apostrophe; apart it would be a space and a mark.
      select normalize(lower(normalize(translate($1, '´', ''), nfkd) collate pg_catalog.pg_unicode_fast), nfkd) as value
    ),
    bare as (
      -- Marks (also a comma and a cedilla below), what has no width, soft hyphens and apostrophes leave no gap.
      select regexp_replace(
        value,
        '[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f'
        '\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff'
        '''`\u02b9-\u02bf\u2018-\u201b\u2032\u2035\uff07]',
        '', 'g') as value
      from folded
    ),
    latin as (
      select replace(replace(replace(replace(translate(value, 'øłđðħŧıς', 'olddhtiσ'),
               'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th') as value
      from bare
    )
  select btrim(regexp_replace(value collate pg_catalog.pg_unicode_fast, '[^[:alnum:]]+', ' ', 'g'))
  from latin
);

comment on function app_hidden.search_text(text) is
  'A text as it is compared when somebody looks for it: lower case letters and digits without marks, words apart by one space.';
grant execute on function app_hidden.search_text(text) to app_anonymous, app_member, app_worker, app_engine;
-- end of source: functions/core/search_text.sql

-- source: functions/identity/name_key.sql
-- Two spellings of one name are one text: case, marks, hyphens and the order of given and family name do not count.
-- FND-34.
-- requires: functions/core/search_text.sql

set role app_engine;

create or replace function app_private.name_key(name text) returns text
language sql immutable strict parallel safe
set search_path = ''
return (
  select string_agg(word, ' ' order by word collate "C")
  from string_to_table(app_hidden.search_text(name), ' ') as word
);

comment on function app_private.name_key(text) is
  'The words of a name as they are compared, in one order: "Ștefania Țurcanu" and "TURCANU, Stefania" have one key.';

reset role;
-- end of source: functions/identity/name_key.sql

-- source: functions/identity/people_like.sql
-- Who of a clinic's patients somebody may be, and what speaks for it. An address may be a family's, a number a
-- household's, a name a namesake's: each alone is a reason to ask and never to decide. Of somebody with an account the
-- address they sign in with counts as theirs too. Other clinics' patients are never looked at. FND-34, APT-09.
-- requires: functions/core/ascii_lower.sql
-- requires: functions/identity/name_key.sql

set role app_engine;

create or replace function app_private.people_like(
  organization_id uuid,
  given_name text,
  family_name text,
  email text default null,
  phone text default null,
  birth_date date default null
) returns setof app_private.person_candidate
language sql stable
set search_path = ''
as $$
  with asked as materialized (
    select app_hidden.ascii_lower(btrim(people_like.email)) as email, people_like.phone as phone, people_like.birth_date as birth_date,
           app_private.name_key(people_like.given_name || ' ' || people_like.family_name) as name
  ),
  -- One index each; what they find is few.
  found as (
    select patient_profiles.id from asked join app_public.patient_profiles on app_hidden.ascii_lower(patient_profiles.email) = asked.email
    union
    select patient_profiles.id
    from asked
    join app_public.humans on humans.email = asked.email
    join app_public.patient_profiles on patient_profiles.human_id = humans.principal_id
    union
    select patient_profiles.id from asked join app_public.patient_profiles on patient_profiles.phone = asked.phone
    union
    select patient_profiles.id from asked join app_public.patient_profiles on patient_profiles.birth_date = asked.birth_date
  ),
  compared as (
    select patients.id as patient_id, profile.id as patient_profile_id,
           case when app_hidden.ascii_lower(profile.email) = asked.email or humans.email = asked.email then true
                when coalesce(profile.email, humans.email) is not null and asked.email is not null then false end as address,
           app_private.name_key(profile.given_name || ' ' || profile.family_name) = asked.name as name,
           profile.phone = asked.phone as telephone,
           profile.birth_date = asked.birth_date as birthday
    from asked
    cross join found
    join app_public.patient_profiles as profile on profile.id = found.id
    join app_public.patients
      on patients.organization_id = people_like.organization_id
     and patients.patient_profile_id = profile.id
     and patients.deleted_at is null
    left join app_public.humans on humans.principal_id = profile.human_id
  )
  select compared.patient_id, compared.patient_profile_id, compared.address, compared.name, compared.telephone, compared.birthday
  from compared
  where compared.address or compared.telephone or (compared.name and compared.birthday)
  order by (compared.address and compared.name) is true desc,
           (compared.address is true)::int + (compared.name is true)::int + (compared.telephone is true)::int
             + (compared.birthday is true)::int desc,
           compared.patient_profile_id
  limit 20
$$;

comment on function app_private.people_like(uuid, text, text, text, text, date) is
  'Patients of the clinic with this address, this number, or this name and birthday, likeliest first, at most 20.';

create or replace function app_private.refuse_unclear(candidates app_private.person_candidate[]) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  perform app_hidden.refuse(
    'CONFLICT', 'person_unclear',
    jsonb_build_object('candidates', (
      select jsonb_agg(jsonb_build_object(
        'patientId', candidate.patient_id,
        'patientProfileId', candidate.patient_profile_id,
        'agrees', array_to_json(array_remove(array[
          case when candidate.address then 'address' end, case when candidate.name then 'name' end,
          case when candidate.telephone then 'telephone' end, case when candidate.birthday then 'birthday' end], null)),
        'differs', array_to_json(array_remove(array[
          case when not candidate.address then 'address' end, case when not candidate.name then 'name' end,
          case when not candidate.telephone then 'telephone' end, case when not candidate.birthday then 'birthday' end], null)))
        order by candidate.place)
      from unnest(candidates) with ordinality
        as candidate (patient_id, patient_profile_id, address, name, telephone, birthday, place))),
    'This may be somebody who is a patient already. Name the patient, or pass asNewPatient for another person.');
end;
$$;

comment on function app_private.refuse_unclear(app_private.person_candidate[]) is
  'CONFLICT person_unclear with the candidates: ids and the names of facts that agree and differ, never their values.';

reset role;
-- end of source: functions/identity/people_like.sql

-- source: functions/appointments/patient_for_request.sql
-- The patient a booking request is for: the one that staff named, the one whose address and name agree, or a new one.
-- Whoever is unclear is asked about. APT-09, FND-07, FND-34.
-- requires: functions/identity/admit_patient.sql
-- requires: functions/identity/require_patient.sql
-- requires: functions/identity/lock_people.sql
-- requires: functions/identity/people_like.sql

set role app_engine;

create or replace function app_private.patient_for_request(
  request app_public.booking_requests,
  patient_profile_id uuid,
  as_new_patient boolean
) returns uuid
language plpgsql volatile
set search_path = ''
as $$
declare
  v_candidates app_private.person_candidate[];
  v_known uuid[];
  v_profile_id uuid;
begin
  if patient_profile_id is not null then
    perform app_private.require_patient(request.organization_id, patient_profile_id);
    return patient_profile_id;
  end if;

  if not as_new_patient then
    perform app_private.lock_people(request.organization_id);
    select array_agg(candidate), array_agg(candidate.patient_profile_id) filter (where candidate.address and candidate.name)
    into v_candidates, v_known
    from app_private.people_like(
      request.organization_id, request.given_name, request.family_name, request.email, request.phone) as candidate;

    if cardinality(v_known) = 1 then
      perform app_private.require_patient(request.organization_id, v_known[1]);
      return v_known[1];
    elsif v_candidates is not null then
      perform app_private.refuse_unclear(v_candidates);
    end if;
  end if;

  insert into app_public.patient_profiles (given_name, family_name, email, phone, locale)
  values (request.given_name, request.family_name, request.email, request.phone, request.locale)
  returning id into v_profile_id;
  perform app_private.admit_patient(request.organization_id, v_profile_id);
  return v_profile_id;
end;
$$;

comment on function app_private.patient_for_request(app_public.booking_requests, uuid, boolean) is
  'The patient profile for a request, made if need be; CONFLICT person_unclear when only a person can tell.';

reset role;
-- end of source: functions/appointments/patient_for_request.sql

-- source: functions/appointments/confirm_booking_request.sql
-- The clinic says yes, in one transaction: patient found or made, claim handed over, appointment booked. APT-09.
-- requires: functions/core/refuse.sql
-- requires: functions/core/now.sql
-- requires: functions/core/current_actor_id.sql
-- requires: functions/core/remembered.sql
-- requires: functions/core/remember.sql
-- requires: functions/appointments/locked_booking_request.sql
-- requires: functions/appointments/patient_for_request.sql
-- requires: functions/scheduling/convert_claim.sql
-- requires: functions/scheduling/count_assignment.sql

set role app_engine;

create or replace function app_public.confirm_booking_request(
  booking_request_id uuid,
  patient_profile_id uuid default null,
  as_new_patient boolean default false
) returns app_public.appointments
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb := app_private.remembered('confirm_booking_request', jsonb_build_array(
    booking_request_id, patient_profile_id, as_new_patient));
  v_request app_public.booking_requests;
  v_profile_id uuid;
  v_appointment app_public.appointments;
begin
  if v_remembered is not null then
    return jsonb_populate_record(v_appointment, v_remembered);
  end if;

  v_request := app_private.locked_booking_request(booking_request_id, 'confirmed');
  v_profile_id := app_private.patient_for_request(v_request, patient_profile_id, coalesce(as_new_patient, false));
  -- Past its deadline a request is over, whether or not the worker has come by to say so.
  if v_request.respond_by <= app_hidden.now() then
    perform app_hidden.refuse(
      'GONE', 'booking_request_expired', jsonb_build_object('respondBy', v_request.respond_by),
      'The time to answer has passed. Ask the guest to choose again.');
  end if;

  update app_public.booking_requests set
    status = 'confirmed',
    decided_at = app_hidden.now(),
    decided_by = app_private.current_actor_id()
  where booking_requests.id = v_request.id;

  perform app_private.convert_claim(v_request.claim_id, 'appointment');
  perform app_private.count_assignment(v_request.claim_id);

  insert into app_public.appointments (
    organization_id, patient_profile_id, calendar_id, service_id, specialist_id, booking_request_id, claim_id,
    starts_at, ends_at, modality, price_amount, currency, contact_email, contact_phone, contact_name,
    locale, created_by
  )
  select
    v_request.organization_id, v_profile_id, v_request.calendar_id, v_request.service_id, v_request.specialist_id,
    v_request.id, v_request.claim_id, v_request.starts_at, v_request.ends_at, calendars.modality,
    v_request.price_amount, v_request.currency, v_request.email, v_request.phone,
    v_request.given_name || ' ' || v_request.family_name, v_request.locale, app_private.current_actor_id()
  from app_public.calendars
  where calendars.organization_id = v_request.organization_id and calendars.id = v_request.calendar_id
  returning * into v_appointment;
  perform app_private.remember('confirm_booking_request', to_jsonb(v_appointment));
  return v_appointment;
end;
$$;

comment on function app_public.confirm_booking_request(uuid, uuid, boolean) is
  'Turns a booking request into an appointment. Of the clinic''s patients the one is taken whose address and name agree; '
  'one who shares only the address or the number is unclear, unless patientProfileId names the patient or asNewPatient is '
  'set; where nobody is like it, the guest becomes a patient. Needs appointments.manage; STATE when it was answered '
  'already, GONE past its deadline, CONFLICT person_unclear with the candidates.';
grant execute on function app_public.confirm_booking_request(uuid, uuid, boolean) to app_member;

reset role;
-- end of source: functions/appointments/confirm_booking_request.sql

-- source: functions/core/require_reason.sql
-- What is done to somebody's record by hand says why. FND-34, FND-08.
-- requires: functions/core/refuse.sql

set role app_engine;

create or replace function app_private.require_reason(reason text) returns text
language plpgsql stable
set search_path = ''
as $$
begin
  if length(btrim(coalesce(reason, ''), e' \t\r\n')) not between 3 and 500 then
    perform app_hidden.refuse('VALIDATION', 'reason_missing', '{"field": "reason"}', 'Say why, in 3 to 500 characters.');
  end if;
  return btrim(reason, e' \t\r\n');
end;
$$;

comment on function app_private.require_reason(text) is 'The reason, trimmed; VALIDATION reason_missing when it says nothing or too much.';

reset role;
-- end of source: functions/core/require_reason.sql

-- source: functions/appointments/move_appointment_to_patient.sql
-- An appointment that stands on the wrong chart goes to the right patient of the same clinic; back again the same way.
-- The answer to a booking request follows, since the request is the appointment's. What the guest gave as contact stays;
-- a contact that was the patient's own changes with the patient. Locks: the right patient, then the appointment, as
-- whoever removes or merges patients. FND-34, APT-01.
-- requires: functions/core/refuse.sql
-- requires: functions/core/current_actor_id.sql
-- requires: functions/core/require_reason.sql
-- requires: functions/identity/require_permission.sql
-- requires: functions/identity/require_patient.sql
-- requires: functions/events/publish.sql

set role app_engine;

create or replace function app_public.move_appointment_to_patient(appointment_id uuid, patient_profile_id uuid, reason text)
returns app_public.appointments
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_reason text;
  v_appointment app_public.appointments;
  v_person app_public.patient_profiles;
  v_from_id uuid;
begin
  select appointments.* into v_appointment
  from app_public.appointments
  where appointments.id = appointment_id
    and appointments.deleted_at is null
    and appointments.organization_id = any (app_hidden.organization_ids_where('appointments.view'));
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'appointment_not_found', '{}', 'There is no such appointment, or it is not yours to see.');
  end if;
  perform app_private.require_permission(v_appointment.organization_id, 'appointments.manage');
  perform app_private.require_permission(v_appointment.organization_id, 'patients.manage');
  v_reason := app_private.require_reason(reason);

  perform app_private.require_patient(v_appointment.organization_id, move_appointment_to_patient.patient_profile_id);
  select appointments.* into v_appointment
  from app_public.appointments
  where appointments.id = appointment_id and appointments.deleted_at is null
  for update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'appointment_not_found', '{}', 'There is no such appointment, or it is not yours to see.');
  elsif v_appointment.patient_profile_id = move_appointment_to_patient.patient_profile_id then
    perform app_hidden.refuse('CONFLICT', 'already_this_patient', '{"field": "patientProfileId"}', 'The appointment is this patient''s.');
  end if;

  v_from_id := v_appointment.patient_profile_id;
  select patient_profiles.* into strict v_person
  from app_public.patient_profiles where patient_profiles.id = move_appointment_to_patient.patient_profile_id;
  update app_public.appointments set
    patient_profile_id = v_person.id,
    contact_email = case when appointments.booking_request_id is null then v_person.email else appointments.contact_email end,
    contact_name = case when appointments.booking_request_id is null then v_person.given_name || ' ' || v_person.family_name
                     else appointments.contact_name end,
    locale = case when appointments.booking_request_id is null then v_person.locale else appointments.locale end
  where appointments.id = v_appointment.id
  returning * into v_appointment;
  insert into app_public.appointment_transfers
    (organization_id, appointment_id, patient_profile_id, from_profile_id, reason, moved_by)
  values (v_appointment.organization_id, v_appointment.id, v_person.id, v_from_id, v_reason, app_private.current_actor_id());

  -- What has not left for the other person does not leave any more; what a worker has in hand is on its way.
  update app_public.messages set status = 'skipped', reason = 'moved_to_another_patient'
  from app_private.events
  where messages.organization_id = v_appointment.organization_id
    and messages.patient_profile_id = v_from_id
    and messages.status = 'queued'
    and messages.attempts = 0
    and events.organization_id = messages.organization_id
    and events.id = messages.event_id
    and events.subject_id = v_appointment.id;
  perform app_private.publish(
    'appointment.patient_changed', v_appointment.organization_id, v_appointment.id,
    jsonb_build_object(
      'appointmentId', v_appointment.id, 'patientProfileId', v_person.id, 'fromPatientProfileId', v_from_id));
  return v_appointment;
end;
$$;

comment on function app_public.move_appointment_to_patient(uuid, uuid, text) is
  'Moves an appointment from the wrong chart to the right patient of the clinic. Needs appointments.manage, '
  'patients.manage and a reason; moving it back undoes it. CONFLICT already_this_patient.';
grant execute on function app_public.move_appointment_to_patient(uuid, uuid, text) to app_member;

reset role;
-- end of source: functions/appointments/move_appointment_to_patient.sql

-- source: functions/identity/with_merged.sql
-- A person's record is also what stood under a profile that was merged into theirs: the audit keeps the id it was
-- written with. FND-34.

set role app_engine;

create or replace function app_private.with_merged(profile_ids uuid[]) returns uuid[]
language sql stable
set search_path = ''
begin atomic
  with recursive person (id) as (
    select given.id from unnest(with_merged.profile_ids) as given (id)
    union
    select patient_merges.merged_profile_id
    from person
    join app_public.patient_merges on patient_merges.patient_profile_id = person.id and patient_merges.undone_at is null
  )
  select coalesce(array_agg(person.id), '{}') from person;
end;

comment on function app_private.with_merged(uuid[]) is 'These profiles, and those that were merged into them.';

reset role;
-- end of source: functions/identity/with_merged.sql

-- source: functions/audit/my_chart_readings.sql
-- Patients see who looked at their record, and caregivers who looked at that of their charges; also what was read of a
-- record before it was merged into theirs. FND-08, FND-34.
-- requires: functions/identity/current_human_patient_profile_ids.sql
-- requires: functions/identity/with_merged.sql

set role app_engine;

create or replace function app_public.my_chart_readings(patient_profile_id uuid default null)
returns setof app_public.chart_reading
language sql stable security definer
set search_path = ''
begin atomic
  select row(entries.occurred_at, entries.organization_id, organizations.name, entries.person_id, entries.actor_id,
             humans.display_name, entries.new ->> 'what')::app_public.chart_reading
  from audit.entries
  left join app_public.organizations on organizations.id = entries.organization_id
  left join app_public.humans on humans.principal_id = entries.actor_id
  where entries.person_id = any ((select app_private.with_merged(app_hidden.current_human_patient_profile_ids()))::uuid[])
    and (my_chart_readings.patient_profile_id is null 
         or entries.person_id = any ((select app_private.with_merged(array[my_chart_readings.patient_profile_id]))::uuid[]))
    and entries.action = 'read'
  order by entries.occurred_at desc, entries.id desc
  limit 1000;
end;

comment on function app_public.my_chart_readings(uuid) is
  'Who looked at the caller''s record, or at that of somebody they care for, where and when: the newest 1,000, newest first.';
grant execute on function app_public.my_chart_readings(uuid) to app_member;

reset role;
-- end of source: functions/audit/my_chart_readings.sql

-- source: functions/audit/open_patient_chart.sql
-- Staff open a patient's chart: the reading is recorded, and the patient sees who looked. FND-08.
-- requires: functions/core/refuse.sql
-- requires: functions/core/now.sql
-- requires: functions/identity/require_permission.sql
-- requires: functions/identity/has_permission.sql
-- requires: functions/audit/record_read.sql

set role app_engine;

create or replace function app_public.open_patient_chart(patient_id uuid) returns app_public.patient_chart
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_patient app_public.patients;
  v_chart app_public.patient_chart;
begin
  select patients.* into v_patient
  from app_public.patients where patients.id = open_patient_chart.patient_id and patients.deleted_at is null;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'not_found', '{}', 'There is no such thing, or it is not yours to see.');
  end if;
  perform app_private.require_permission(v_patient.organization_id, 'patients.view');

  perform audit.record_read(
    v_patient.organization_id, 'app_public.patients', v_patient.id::text, 'chart', v_patient.patient_profile_id);

  select v_patient.id, v_patient.organization_id, profile.id, v_patient.created_at,
    profile.given_name, profile.family_name, profile.email, profile.phone, profile.birth_date, profile.locale,
    array(
      select row(humans.principal_id, humans.display_name, humans.email, caregivers.relationship, caregivers.created_at,
                 caregivers.ends_on)::app_public.chart_caregiver
      from app_public.caregivers
      join app_public.humans on humans.principal_id = caregivers.human_id
      where caregivers.patient_profile_id = profile.id
        and caregivers.revoked_at is null
        and (caregivers.ends_on is null or caregivers.ends_on > (app_hidden.now() at time zone 'Europe/Bucharest')::date)
      order by caregivers.created_at, caregivers.id
    ),
    array(
      select row(appointments.id, appointments.status, appointments.starts_at, appointments.ends_at, appointments.modality,
                 services.name, concat_ws(' ', specialists.title, specialists.given_name, specialists.family_name),
                 appointments.cancellation_reason)::app_public.chart_appointment
      from app_public.appointments
      join app_public.services
        on services.organization_id = appointments.organization_id and services.id = appointments.service_id
      join app_public.specialists
        on specialists.organization_id = appointments.organization_id and specialists.id = appointments.specialist_id
      where appointments.organization_id = v_patient.organization_id
        and appointments.patient_profile_id = profile.id
        and appointments.deleted_at is null
        -- Whoever may see patients and no appointments sees none here either.
        and app_hidden.has_permission(v_patient.organization_id, 'appointments.view')
      order by appointments.starts_at desc, appointments.id
      limit 200
    )
  into v_chart
  from app_public.patient_profiles as profile
  where profile.id = v_patient.patient_profile_id;
  return v_chart;
end;
$$;

comment on function app_public.open_patient_chart(uuid) is
  'Opens the chart of a patient of the clinic and records who did; the patient sees it in myChartReadings. For staff with '
  'patients.view; others get FORBIDDEN or NOT_FOUND.';
grant execute on function app_public.open_patient_chart(uuid) to app_member;

reset role;
-- end of source: functions/audit/open_patient_chart.sql

-- source: functions/identity/add_caregiver.sql
-- A parent, guardian or relative acts for a patient: on evidence, and for a minor until the age the law sets. Whoever
-- has an account decides for themselves. Of an address that somebody signs in with, the name must agree: a slip of the
-- pen would show a stranger the record. FND-07, FND-34.
-- requires: functions/core/ascii_lower.sql
-- requires: functions/core/refuse.sql
-- requires: functions/core/now.sql
-- requires: functions/core/current_actor_id.sql
-- requires: functions/identity/current_account_id.sql
-- requires: functions/identity/require_permission.sql
-- requires: functions/identity/human_by_email.sql
-- requires: functions/identity/name_key.sql
-- requires: functions/identity/caregiver_ends_on.sql

set role app_engine;

create or replace function app_public.add_caregiver(
  organization_id uuid,
  patient_profile_id uuid,
  email text,
  display_name text,
  relationship text,
  evidence text
) returns app_public.caregivers
language plpgsql volatile strict security definer
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_profile app_public.patient_profiles;
  v_human_id uuid;
  v_today date := (app_hidden.now() at time zone 'Europe/Bucharest')::date;
  v_ends_on date;
  v_caregiver app_public.caregivers;
begin
  select patient_profiles.* into v_profile
  from app_public.patients
  join app_public.patient_profiles on patient_profiles.id = patients.patient_profile_id
  where patients.organization_id = add_caregiver.organization_id
    and patients.patient_profile_id = add_caregiver.patient_profile_id
    and patients.deleted_at is null
  for share of patient_profiles;
  if (v_profile.human_id = app_hidden.current_account_id()) is not true then
    perform app_private.require_permission(add_caregiver.organization_id, 'patients.manage');
    if v_profile.id is null then
      perform app_hidden.refuse('NOT_FOUND', 'patient_not_found', '{}', 'There is no such patient at your clinic.');
    end if;
    -- A caregiver sees the person at every clinic; of somebody with an account no clinic can decide that.
    if v_profile.human_id is not null then
      perform app_hidden.refuse(
        'FORBIDDEN', 'person_decides', '{}', 'This patient has an account: only they can name a caregiver.');
    end if;
  end if;

  if exists (
    select from app_public.humans
    where humans.email = app_hidden.ascii_lower(btrim(add_caregiver.email))
      and humans.provider_org_id is null
      and humans.email_verified_at is not null
      and app_private.name_key(humans.display_name) is distinct from app_private.name_key(add_caregiver.display_name)
  ) then
    perform app_hidden.refuse(
      'CONFLICT', 'person_unclear', '{"field": "displayName", "facts": ["name"]}',
      'Ask the caregiver for the address and the name of their account: both must agree.');
  end if;

  v_human_id := app_private.human_by_email(add_caregiver.email, add_caregiver.display_name, v_profile.locale);
  -- An adult may have a caregiver too; that link has no date.
  v_ends_on := app_private.caregiver_ends_on(v_profile.birth_date);
  if v_ends_on <= v_today then
    v_ends_on := null;
  end if;

  -- Who cared for the minor may go on caring for the adult, on new evidence.
  update app_public.caregivers set revoked_at = app_hidden.now()
  where caregivers.patient_profile_id = v_profile.id
    and caregivers.human_id = v_human_id
    and caregivers.revoked_at is null
    and caregivers.ends_on <= v_today;

  insert into app_public.caregivers (patient_profile_id, human_id, relationship, added_by, ends_on)
  values (v_profile.id, v_human_id, add_caregiver.relationship, app_private.current_actor_id(), v_ends_on)
  on conflict (patient_profile_id, human_id) where revoked_at is null do nothing
  returning * into v_caregiver;
  if not found then
    perform app_hidden.refuse('CONFLICT', 'already_a_caregiver', '{"field": "email"}', 'This person is a caregiver already.');
  end if;
  insert into app_private.caregiver_evidence (organization_id, caregiver_id, patient_profile_id, evidence)
  values (add_caregiver.organization_id, v_caregiver.id, v_profile.id, add_caregiver.evidence);
  return v_caregiver;
end;
$$;

comment on function app_public.add_caregiver(uuid, uuid, text, text, text, text) is
  'Lets a human act for a patient, on evidence: named by the patient, or by staff with patients.manage while the patient '
  'has no account. For a minor the link ends on the birthday that the law sets.';
grant execute on function app_public.add_caregiver(uuid, uuid, text, text, text, text) to app_member;

reset role;
-- end of source: functions/identity/add_caregiver.sql

-- source: functions/identity/claim_patient_profiles.sql
-- Someone who was registered by a clinic, or booked as a guest, takes over their own profile by this one explicit act.
-- The identity provider's verification of the address proves the mailbox, and a mailbox may be a family's: the name
-- must agree as well, and a birthday must not differ. Profiles of two clinics stay two. FND-07, FND-34.
-- requires: functions/core/ascii_lower.sql
-- requires: functions/core/refuse.sql
-- requires: functions/core/now.sql
-- requires: functions/identity/current_account_id.sql
-- requires: functions/identity/name_key.sql

set role app_engine;

create or replace function app_public.claim_patient_profiles(
  given_name text default null,
  family_name text default null,
  birth_date date default null
) returns setof app_public.patient_profiles
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_human app_public.humans;
  v_name text;
  v_birth_date date;
  v_with_address uuid[];
  v_of_name uuid[];
  v_own uuid[];
  v_birth_dates int;
begin
  select humans.* into v_human
  from app_public.humans
  where humans.principal_id = app_hidden.current_account_id() and humans.email_verified_at is not null;
  if not found then
    perform app_hidden.refuse('FORBIDDEN', 'email_not_verified', '{}', 'Verify your email address, then try again.');
  end if;

  v_name := app_private.name_key(coalesce(
    nullif(btrim(concat_ws(' ', claim_patient_profiles.given_name, claim_patient_profiles.family_name)), ''), v_human.display_name));
  v_birth_date := coalesce(claim_patient_profiles.birth_date, (
    select min(known.birth_date) from app_public.patient_profiles as known where known.human_id = v_human.principal_id));

  -- Locked in one order, as whoever merges two of them does.
  with claimable as materialized (
    select patient_profiles.*
    from app_public.patient_profiles
    where app_hidden.ascii_lower(patient_profiles.email) = v_human.email
      -- Nobody's, or the same address' account of before that the provider deleted.
      and (patient_profiles.human_id is null
           or exists (
             select from app_public.humans as former
             where former.principal_id = patient_profiles.human_id
               and former.closed_at is not null
               and former.email = v_human.email
               and former.email_verified_at is not null))
      -- A child's profile carries the parent's address; the child is not the parent.
      and not exists (select from app_public.caregivers where caregivers.patient_profile_id = patient_profiles.id)
      -- Nor is someone who is too young for an account of their own.
      and (patient_profiles.birth_date is null
           or patient_profiles.birth_date
              + make_interval(years => (select legal_ages.years from app_private.legal_ages where legal_ages.rule = 'own_account'))
              <= (app_hidden.now() at time zone 'Europe/Bucharest')::date)
      -- Who was merged into another patient is that one now.
      and not exists (
        select from app_public.patient_merges
        where patient_merges.merged_profile_id = patient_profiles.id and patient_merges.undone_at is null)
    order by patient_profiles.id
    for update of patient_profiles
  ),
  compared as (
    select claimable.id, claimable.birth_date,
           app_private.name_key(claimable.given_name || ' ' || claimable.family_name) = v_name as same_name,
           (claimable.birth_date <> v_birth_date) is not true as same_birthday
    from claimable
  )
  select array_agg(compared.id), array_agg(compared.id) filter (where compared.same_name),
         array_agg(compared.id) filter (where compared.same_name and compared.same_birthday),
         count(distinct compared.birth_date) filter (where compared.same_name and compared.same_birthday)
  into v_with_address, v_of_name, v_own, v_birth_dates
  from compared;

  -- Two of one name and address, born on two days, are two people.
  if v_birth_dates > 1 or (v_own is null and v_of_name is not null) then
    perform app_hidden.refuse(
      'CONFLICT', 'person_unclear', '{"facts": ["birthday"]}', 'Give your birth date as birthDate: it must be the one that the clinic knows.');
  elsif v_own is null and v_with_address is not null and not exists (
    select from app_public.patient_profiles
    where patient_profiles.human_id = v_human.principal_id and app_hidden.ascii_lower(patient_profiles.email) = v_human.email
  ) then
    perform app_hidden.refuse(
      'CONFLICT', 'person_unclear', '{"facts": ["name"]}',
      'Give your name as givenName and familyName, as the clinic knows it: an address may be a family''s.');
  end if;

  return query
    update app_public.patient_profiles set human_id = v_human.principal_id
    where patient_profiles.id = any (v_own)
    returning patient_profiles.*;
end;
$$;

comment on function app_public.claim_patient_profiles(text, text, date) is
  'Links the profiles that carry the caller''s verified address and name with the caller; without givenName and '
  'familyName the name of the account counts. FORBIDDEN email_not_verified; CONFLICT person_unclear names the fact that is missing.';
grant execute on function app_public.claim_patient_profiles(text, text, date) to app_member;

reset role;
-- end of source: functions/identity/claim_patient_profiles.sql

-- source: functions/identity/create_patient.sql
-- Front desk registers a person. The profile is new: one who is known elsewhere is never matched, and one who may be a
-- patient here already is asked about. FND-07, FND-34.
-- requires: functions/core/ascii_lower.sql
-- requires: functions/core/refuse.sql
-- requires: functions/identity/require_permission.sql
-- requires: functions/identity/admit_patient.sql
-- requires: functions/identity/e164.sql
-- requires: functions/identity/lock_people.sql
-- requires: functions/identity/people_like.sql

set role app_engine;

create or replace function app_public.create_patient(
  organization_id uuid,
  given_name text,
  family_name text,
  email text default null,
  phone text default null,
  birth_date date default null,
  locale text default 'ro',
  as_new_patient boolean default false
) returns app_public.patients
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_profile app_public.patient_profiles;
  v_candidates app_private.person_candidate[];
begin
  perform app_private.require_permission(organization_id, 'patients.manage');
  perform app_private.lock_people(organization_id);
  -- Written first, so that what is compared is what will stand there; a refusal takes it back.
  insert into app_public.patient_profiles (given_name, family_name, email, phone, birth_date, locale)
  select btrim(create_patient.given_name), btrim(create_patient.family_name), app_hidden.ascii_lower(btrim(create_patient.email)),
         app_hidden.e164(create_patient.phone, organizations.calling_code), create_patient.birth_date, create_patient.locale
  from app_public.organizations
  where organizations.id = create_patient.organization_id
  returning * into v_profile;

  if as_new_patient is not true then
    select array_agg(candidate) into v_candidates
    from app_private.people_like(
      create_patient.organization_id, v_profile.given_name, v_profile.family_name, v_profile.email, v_profile.phone,
      v_profile.birth_date) as candidate;
    if v_candidates is not null then
      perform app_private.refuse_unclear(v_candidates);
    end if;
  end if;
  return app_private.admit_patient(create_patient.organization_id, v_profile.id);
end;
$$;

comment on function app_public.create_patient(uuid, text, text, text, text, date, text, boolean) is
  'Registers a person as a patient of the clinic. Needs patients.manage; VALIDATION names the field; CONFLICT '
  'person_unclear names the patients with this address, this number, or this name and birthday: asNewPatient registers '
  'another person all the same.';
grant execute on function app_public.create_patient(uuid, text, text, text, text, date, text, boolean) to app_member;

reset role;
-- end of source: functions/identity/create_patient.sql

-- source: functions/identity/likely_duplicates.sql
-- Which patients of a clinic are probably one person: shown, never merged by themselves. The name and one more fact
-- agree, or given name, address and number do, and no birthday differs. A page looks at 200 patients, newest first, and
-- finds their like by index, so its cost does not grow with the clinic. FND-34.
-- requires: functions/core/ascii_lower.sql
-- requires: functions/identity/require_permission.sql
-- requires: functions/identity/name_key.sql

set role app_engine;

create or replace function app_public.likely_duplicates(organization_id uuid, before uuid default null)
returns app_public.duplicates_page
language plpgsql stable security definer
set search_path = ''
as $$
declare
  v_page app_public.duplicates_page;
begin
  perform app_private.require_permission(organization_id, 'patients.view');

  with page as materialized (
    select patients.id, patients.patient_profile_id
    from app_public.patients
    where patients.organization_id = likely_duplicates.organization_id
      and patients.deleted_at is null
      and (likely_duplicates.before is null or patients.id < likely_duplicates.before)
    order by patients.id desc
    limit 200
  ),
  people as materialized (
    select page.id as patient_id, profile.id, app_hidden.ascii_lower(profile.email) as email, profile.phone, profile.birth_date,
           app_private.name_key(profile.given_name) as given_name,
           app_private.name_key(profile.given_name || ' ' || profile.family_name) as name
    from page
    join app_public.patient_profiles as profile on profile.id = page.patient_profile_id
  ),
  pairs as (
    select people.patient_id, people.id, alike.patient_id as other_patient_id, alike.id as other_id,
           alike.address, alike.name, alike.telephone, alike.birthday
    from people
    cross join lateral (
      select compared.*
      from (
        select found.patient_id, other.id,
               app_hidden.ascii_lower(other.email) = people.email as address,
               app_private.name_key(other.given_name || ' ' || other.family_name) = people.name as name,
               app_private.name_key(other.given_name) = people.given_name as given_name,
               other.phone = people.phone as telephone,
               other.birth_date = people.birth_date as birthday
        -- One index each. What more than twenty have in common says nothing of two.
        from (
          (select patients.id as patient_id, earlier.id
           from app_public.patient_profiles as earlier
           join app_public.patients
             on patients.organization_id = likely_duplicates.organization_id and patients.patient_profile_id = earlier.id
           where app_hidden.ascii_lower(earlier.email) = people.email and patients.deleted_at is null and patients.id < people.patient_id
           limit 20)
          union
          (select patients.id, earlier.id
           from app_public.patient_profiles as earlier
           join app_public.patients
             on patients.organization_id = likely_duplicates.organization_id and patients.patient_profile_id = earlier.id
           where earlier.phone = people.phone and patients.deleted_at is null and patients.id < people.patient_id
           limit 20)
          union
          (select patients.id, earlier.id
           from app_public.patient_profiles as earlier
           join app_public.patients
             on patients.organization_id = likely_duplicates.organization_id and patients.patient_profile_id = earlier.id
           where earlier.birth_date = people.birth_date and patients.deleted_at is null and patients.id < people.patient_id
           limit 20)
        ) as found
        join app_public.patient_profiles as other on other.id = found.id
        -- Names are folded once a pair.
        offset 0
      ) as compared
      where compared.birthday is not false
        -- Or one given name, address and number: a family name that changed, or was written otherwise.
        and (compared.name and (compared.address or compared.telephone or compared.birthday)
             or compared.given_name and compared.address and compared.telephone)
      order by compared.patient_id desc
      limit 5
    ) as alike
  )
  select
    (select coalesce(array_agg(row(
        pairs.patient_id, pairs.id, pairs.other_patient_id, pairs.other_id,
        array_remove(array[case when pairs.address then 'address' end, case when pairs.name then 'name' end,
                           case when pairs.telephone then 'telephone' end, case when pairs.birthday then 'birthday' end], null),
        array_remove(array[case when not pairs.address then 'address' end, case when not pairs.name then 'name' end,
                           case when not pairs.telephone then 'telephone' end], null)
      )::app_public.likely_duplicate order by pairs.patient_id desc, pairs.other_patient_id desc), '{}')
     from pairs),
    (select min(page.id::text)::uuid from page having count(*) = 200)
  into v_page;
  return v_page;
end;
$$;

comment on function app_public.likely_duplicates(uuid, uuid) is
  'Pairs of the clinic''s patients who are probably one person, newest first; pass continueBefore of one page as before of the '
  'next. For staff with patients.view.';
grant execute on function app_public.likely_duplicates(uuid, uuid) to app_member;

reset role;
-- end of source: functions/identity/likely_duplicates.sql

-- source: functions/identity/merge_patients.sql
-- Two patients of a clinic are one person: everything of the one at this clinic goes to the other, who is kept.
-- What each table that points to a patient does is decided in db/tests/identity/merge_patients/leaves_nothing_behind.
-- Locks: the clinic's people, then both patients, then both profiles, each pair in the order of ids; bookings hold their
-- patient for share, so those under way are waited for and move along. FND-34.
-- requires: functions/core/refuse.sql
-- requires: functions/core/now.sql
-- requires: functions/core/current_actor_id.sql
-- requires: functions/core/require_reason.sql
-- requires: functions/identity/require_permission.sql
-- requires: functions/identity/lock_people.sql
-- requires: functions/identity/caregiver_ends_on.sql
-- requires: functions/events/publish.sql

set role app_engine;

create or replace function app_public.merge_patients(patient_id uuid, duplicate_id uuid, reason text)
returns app_public.patient_merges
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_today date := (app_hidden.now() at time zone 'Europe/Bucharest')::date;
  v_reason text;
  v_kept app_public.patients;
  v_duplicate app_public.patients;
  v_person app_public.patient_profiles;
  v_other app_public.patient_profiles;
  v_is_the_clinics_own boolean;
  v_moved jsonb;
  v_merge app_public.patient_merges;
begin
  select patients.* into v_kept from app_public.patients where patients.id = merge_patients.patient_id and patients.deleted_at is null;
  perform app_private.require_permission(v_kept.organization_id, 'patients.merge');
  v_reason := app_private.require_reason(reason);
  if patient_id = duplicate_id then
    perform app_hidden.refuse('VALIDATION', 'same_patient', '{"field": "duplicateId"}', 'Name two patients.');
  end if;

  perform app_private.lock_people(v_kept.organization_id);
  perform from app_public.patients
  where patients.organization_id = v_kept.organization_id and patients.id in (merge_patients.patient_id, duplicate_id)
  order by patients.id
  for update;
  select patients.* into v_kept
  from app_public.patients
  where patients.organization_id = v_kept.organization_id and patients.id = v_kept.id and patients.deleted_at is null;
  select patients.* into v_duplicate
  from app_public.patients
  where patients.organization_id = v_kept.organization_id and patients.id = duplicate_id and patients.deleted_at is null;
  if v_kept.id is null or v_duplicate.id is null then
    perform app_hidden.refuse('NOT_FOUND', 'patient_not_found', '{}', 'There is no such patient at your clinic.');
  end if;

  perform from app_public.patient_profiles
  where patient_profiles.id in (v_kept.patient_profile_id, v_duplicate.patient_profile_id)
  order by patient_profiles.id
  for update;
  select patient_profiles.* into strict v_person from app_public.patient_profiles where patient_profiles.id = v_kept.patient_profile_id;
  select patient_profiles.* into strict v_other from app_public.patient_profiles where patient_profiles.id = v_duplicate.patient_profile_id;

  if v_person.human_id <> v_other.human_id then
    perform app_hidden.refuse(
      'CONFLICT', 'two_accounts', '{}', 'Both patients have an account of their own: whose record it is, they decide.');
  elsif v_person.human_id is null and v_other.human_id is not null then
    perform app_hidden.refuse(
      'CONFLICT', 'account_would_be_lost', '{"field": "duplicateId"}', 'The other patient has an account: keep that one.');
  elsif v_person.birth_date <> v_other.birth_date then
    perform app_hidden.refuse(
      'CONFLICT', 'birth_dates_differ', '{}', 'They were born on two days. If one is a mistake, correct it first.');
  end if;

  -- What a clinic may decide for a person: nothing that another clinic, or the person themselves, also relies on.
  v_is_the_clinics_own := v_person.human_id is null and not exists (
    select from app_public.patients as elsewhere
    where elsewhere.patient_profile_id in (v_person.id, v_other.id) and elsewhere.organization_id <> v_kept.organization_id);
  if not v_is_the_clinics_own and exists (
    select from app_public.caregivers
    where caregivers.patient_profile_id = v_other.id
      and caregivers.revoked_at is null
      and (caregivers.ends_on is null or caregivers.ends_on > v_today)
      and not exists (
        select from app_public.caregivers as known
        where known.patient_profile_id = v_person.id and known.human_id = caregivers.human_id and known.revoked_at is null)
  ) then
    perform app_hidden.refuse(
      'CONFLICT', 'caregivers_differ', '{}',
      'Somebody cares for the one and not for the other. End that link, or let the person name the caregiver first.');
  end if;

  with appointments_moved as (
    update app_public.appointments set patient_profile_id = v_person.id
    where appointments.organization_id = v_kept.organization_id and appointments.patient_profile_id = v_other.id
    returning appointments.id
  ),
  messages_moved as (
    update app_public.messages set patient_profile_id = v_person.id
    where messages.organization_id = v_kept.organization_id
      and messages.patient_profile_id = v_other.id
      -- Both were told of one thing: a person is told once.
      and not exists (
        select from app_public.messages as told
        where told.organization_id = messages.organization_id
          and told.event_id = messages.event_id
          and told.template_key = messages.template_key
          and told.channel = messages.channel
          and told.patient_profile_id = v_person.id
          and told.account_id is not distinct from messages.account_id)
    returning messages.id
  ),
  caregivers_moved as (
    update app_public.caregivers set
      patient_profile_id = v_person.id,
      ends_on = case when app_private.caregiver_ends_on(v_person.birth_date) > v_today
                  then least(caregivers.ends_on, app_private.caregiver_ends_on(v_person.birth_date)) else caregivers.ends_on end
    where v_is_the_clinics_own
      and caregivers.patient_profile_id = v_other.id
      and not (caregivers.revoked_at is null and exists (
        select from app_public.caregivers as known
        where known.patient_profile_id = v_person.id and known.human_id = caregivers.human_id and known.revoked_at is null))
    returning caregivers.id, old.ends_on as ended_on
  ),
  preferences_moved as (
    update app_public.notification_preferences as preference set patient_profile_id = v_person.id
    where v_is_the_clinics_own
      and preference.patient_profile_id = v_other.id
      and not exists (
        select from app_public.notification_preferences as own
        where own.patient_profile_id = v_person.id and own.topic = preference.topic and own.channel = preference.channel)
    returning preference.id
  ),
  quiet_hours_moved as (
    update app_public.quiet_hours set patient_profile_id = v_person.id
    where v_is_the_clinics_own
      and quiet_hours.patient_profile_id = v_other.id
      and not exists (select from app_public.quiet_hours as own where own.patient_profile_id = v_person.id)
    returning quiet_hours.id
  )
  select jsonb_build_object(
    'appointments', (select coalesce(jsonb_agg(appointments_moved.id), '[]') from appointments_moved),
    'messages', (select coalesce(jsonb_agg(messages_moved.id), '[]') from messages_moved),
    'caregivers', (select coalesce(jsonb_agg(jsonb_build_object('id', caregivers_moved.id, 'endsOn', caregivers_moved.ended_on)), '[]')
                   from caregivers_moved),
    'notificationPreferences', (select coalesce(jsonb_agg(preferences_moved.id), '[]') from preferences_moved),
    'quietHours', (select coalesce(jsonb_agg(quiet_hours_moved.id), '[]') from quiet_hours_moved))
  into v_moved;

  update app_private.caregiver_evidence set patient_profile_id = v_person.id
  from jsonb_array_elements(v_moved -> 'caregivers') as moved (link)
  where caregiver_evidence.caregiver_id = (moved.link ->> 'id')::uuid;
  -- It would open an account on a record that has ended.
  update app_public.invitations set status = 'revoked'
  where invitations.organization_id = v_kept.organization_id
    and invitations.patient_profile_id = v_other.id
    and invitations.status = 'open';

  insert into app_public.patient_merges (organization_id, patient_profile_id, merged_profile_id, reason, moved, merged_by)
  values (v_kept.organization_id, v_person.id, v_other.id, v_reason, v_moved, app_private.current_actor_id())
  returning * into v_merge;
  update app_public.patients set deleted_at = app_hidden.now() where patients.id = v_duplicate.id;
  perform app_private.publish(
    'patient.merged', v_kept.organization_id, v_kept.id,
    jsonb_build_object('patientId', v_kept.id, 'mergedPatientId', v_duplicate.id));
  return v_merge;
end;
$$;

comment on function app_public.merge_patients(uuid, uuid, text) is
  'Two patients of the clinic are one person: what the duplicate has at the clinic goes to patientId, and the duplicate '
  'leaves the lists; name, address, number and birth date of patientId stay. Needs patients.merge and a reason; undoPatientMerge takes it back. '
  'CONFLICT two_accounts, account_would_be_lost, birth_dates_differ, caregivers_differ.';
grant execute on function app_public.merge_patients(uuid, uuid, text) to app_member;

reset role;
-- end of source: functions/identity/merge_patients.sql

-- source: functions/identity/tg_patients__merged.sql
-- Who was merged into another patient comes back by undoing the merge and by nothing else: restored alone the record
-- would be empty, and the person two patients again. FND-34, FND-10.
-- requires: functions/core/refuse.sql

set role app_engine;

create or replace function app_private.tg_patients__merged() returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
  v_merge_id uuid;
begin
  select patient_merges.id into v_merge_id
  from app_public.patient_merges
  where patient_merges.organization_id = new.organization_id
    and patient_merges.merged_profile_id = new.patient_profile_id
    and patient_merges.undone_at is null;
  if found then
    perform app_hidden.refuse(
      'CONFLICT', 'patient_was_merged', jsonb_build_object('mergeId', v_merge_id),
      'This patient was merged into another one: undo the merge instead.');
  end if;
  return new;
end;
$$;

comment on function app_private.tg_patients__merged() is
  'Refuses to bring back a patient who was merged into another one. Trigger _200_merged.';

reset role;

create or replace trigger _200_merged before update of deleted_at on app_public.patients
  for each row when (old.deleted_at is not null and new.deleted_at is null)
  execute function app_private.tg_patients__merged();
-- end of source: functions/identity/tg_patients__merged.sql

-- source: functions/identity/undo_patient_merge.sql
-- Two who were merged are two again: exactly the rows that moved go back, while they are where the merge put them. What
-- came after the merge stays with the patient who was kept. Locks as merge_patients does. FND-34.
-- requires: functions/core/refuse.sql
-- requires: functions/core/now.sql
-- requires: functions/core/current_actor_id.sql
-- requires: functions/core/require_reason.sql
-- requires: functions/identity/require_permission.sql
-- requires: functions/identity/lock_people.sql
-- requires: functions/identity/tg_patients__merged.sql
-- requires: functions/events/publish.sql

set role app_engine;

create or replace function app_public.undo_patient_merge(merge_id uuid, reason text) returns app_public.patient_merges
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_reason text;
  v_merge app_public.patient_merges;
  v_kept app_public.patients;
  v_duplicate app_public.patients;
  v_further uuid;
  v_count bigint;
begin
  select patient_merges.* into v_merge from app_public.patient_merges where patient_merges.id = merge_id;
  perform app_private.require_permission(v_merge.organization_id, 'patients.merge');
  v_reason := app_private.require_reason(reason);

  perform app_private.lock_people(v_merge.organization_id);
  select patient_merges.* into strict v_merge from app_public.patient_merges where patient_merges.id = merge_id for update;
  if v_merge.undone_at is not null then
    perform app_hidden.refuse('STATE', 'merge_is_undone', '{"legal": []}', 'This merge was undone already.');
  end if;
  perform from app_public.patients
  where patients.organization_id = v_merge.organization_id
    and patients.patient_profile_id in (v_merge.patient_profile_id, v_merge.merged_profile_id)
  order by patients.id
  for update;
  select patients.* into strict v_kept
  from app_public.patients
  where patients.organization_id = v_merge.organization_id and patients.patient_profile_id = v_merge.patient_profile_id;
  select patients.* into strict v_duplicate
  from app_public.patients
  where patients.organization_id = v_merge.organization_id and patients.patient_profile_id = v_merge.merged_profile_id;

  select patient_merges.id into v_further
  from app_public.patient_merges
  where patient_merges.organization_id = v_merge.organization_id
    and patient_merges.merged_profile_id = v_merge.patient_profile_id
    and patient_merges.undone_at is null;
  if found then
    perform app_hidden.refuse(
      'CONFLICT', 'merged_further', jsonb_build_object('mergeId', v_further), 'The patient was merged again since: undo that merge first.');
  elsif v_kept.deleted_at is not null then
    perform app_hidden.refuse(
      'CONFLICT', 'belongs_to_something_deleted', '{"entity": "patients"}', 'The patient who was kept is removed: restore the patient first.');
  end if;

  update app_public.appointments set patient_profile_id = v_merge.merged_profile_id
  from jsonb_array_elements_text(v_merge.moved -> 'appointments') as moved (id)
  where appointments.organization_id = v_merge.organization_id
    and appointments.id = moved.id::uuid
    and appointments.patient_profile_id = v_merge.patient_profile_id;
  get diagnostics v_count = row_count;
  if v_count < jsonb_array_length(v_merge.moved -> 'appointments') then
    perform app_hidden.refuse(
      'CONFLICT', 'moved_since',
      jsonb_build_object('appointmentIds', (
        select jsonb_agg(appointments.id order by appointments.id)
        from jsonb_array_elements_text(v_merge.moved -> 'appointments') as moved (id)
        join app_public.appointments on appointments.organization_id = v_merge.organization_id and appointments.id = moved.id::uuid
        where appointments.patient_profile_id <> v_merge.merged_profile_id)),
      'Appointments of the merge moved to somebody else since: move them back first.');
  end if;

  update app_public.messages set patient_profile_id = v_merge.merged_profile_id
  from jsonb_array_elements_text(v_merge.moved -> 'messages') as moved (id)
  where messages.organization_id = v_merge.organization_id and messages.id = moved.id::uuid;
  update app_public.caregivers set patient_profile_id = v_merge.merged_profile_id, ends_on = (moved.link ->> 'endsOn')::date
  from jsonb_array_elements(v_merge.moved -> 'caregivers') as moved (link)
  where caregivers.id = (moved.link ->> 'id')::uuid;
  update app_private.caregiver_evidence set patient_profile_id = v_merge.merged_profile_id
  from jsonb_array_elements(v_merge.moved -> 'caregivers') as moved (link)
  where caregiver_evidence.caregiver_id = (moved.link ->> 'id')::uuid;
  update app_public.notification_preferences as preference set patient_profile_id = v_merge.merged_profile_id
  from jsonb_array_elements_text(v_merge.moved -> 'notificationPreferences') as moved (id)
  where preference.id = moved.id::uuid;
  update app_public.quiet_hours set patient_profile_id = v_merge.merged_profile_id
  from jsonb_array_elements_text(v_merge.moved -> 'quietHours') as moved (id)
  where quiet_hours.id = moved.id::uuid;

  update app_public.patient_merges set undone_at = app_hidden.now(), undone_by = app_private.current_actor_id(), undo_reason = v_reason
  where patient_merges.id = v_merge.id
  returning * into v_merge;
  update app_public.patients set deleted_at = null where patients.id = v_duplicate.id;
  perform app_private.publish(
    'patient.merge_undone', v_kept.organization_id, v_kept.id,
    jsonb_build_object('patientId', v_kept.id, 'mergedPatientId', v_duplicate.id));
  return v_merge;
end;
$$;

comment on function app_public.undo_patient_merge(uuid, text) is
  'Takes a merge back: the rows that moved return to the patient they came from, who is in the lists again. Needs '
  'patients.merge and a reason. STATE merge_is_undone; CONFLICT merged_further, moved_since, belongs_to_something_deleted '
  'say what has to be taken back first.';
grant execute on function app_public.undo_patient_merge(uuid, text) to app_member;

reset role;
-- end of source: functions/identity/undo_patient_merge.sql

-- source: functions/notify/tell_of_changed_patient.sql
-- An appointment was on the wrong chart. Whoever was told of it by mistake is told once that it is not theirs, as a
-- cancellation, so that nobody comes in vain; the right patient is told as of any booking. Guests were told at the
-- address they gave, which stays with the appointment. Of what is over nobody is told. FND-34, FND-15.
-- requires: functions/core/ascii_lower.sql
-- requires: functions/core/now.sql
-- requires: functions/notify/appointment_facts.sql
-- requires: functions/notify/notify.sql

set role app_engine;

create or replace function app_private.knows_of_appointment(appointment_id uuid, patient_profile_id uuid) returns boolean
language sql stable
set search_path = ''
begin atomic
  select coalesce((
    select messages.template_key <> 'appointment_cancelled'
    from app_private.events
    join app_public.messages on messages.organization_id = events.organization_id and messages.event_id = events.id
    where events.subject_id = knows_of_appointment.appointment_id
      and messages.patient_profile_id = knows_of_appointment.patient_profile_id
      and messages.status in ('queued', 'sent', 'delivered', 'read')
    order by messages.created_at desc, messages.id desc
    limit 1
  ), false);
end;

comment on function app_private.knows_of_appointment(uuid, uuid) is
  'Whether the last message to this patient about the appointment says that it takes place.';

create or replace function app_private.tell_of_changed_patient(event app_private.events) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_from uuid := (event.payload ->> 'fromPatientProfileId')::uuid;
  v_to uuid := (event.payload ->> 'patientProfileId')::uuid;
  v_appointment app_public.appointments;
  v_wrong app_public.patient_profiles;
begin
  select appointments.* into v_appointment
  from app_public.appointments
  where appointments.organization_id = event.organization_id
    and appointments.id = event.subject_id
    and appointments.deleted_at is null
    and appointments.status in ('booked', 'upcoming', 'confirmed')
    and appointments.starts_at > app_hidden.now();
  if not found then
    return;
  end if;

  select patient_profiles.* into strict v_wrong from app_public.patient_profiles where patient_profiles.id = v_from;
  if v_appointment.patient_profile_id <> v_from
     -- One mailbox of two people would read that what takes place is cancelled.
     and (app_hidden.ascii_lower(v_wrong.email) = app_hidden.ascii_lower(v_appointment.contact_email)) is not true
     and app_private.knows_of_appointment(v_appointment.id, v_from)
  then
    perform app_private.notify(
      event.organization_id, 'appointment_cancelled',
      app_private.appointment_facts(
        event.organization_id, v_appointment.calendar_id, v_appointment.service_id, v_appointment.specialist_id,
        v_appointment.starts_at, v_appointment.ends_at, v_appointment.modality, v_wrong.locale)
      || jsonb_build_object('reason', null),
      patient_profile_id => v_from, event_id => event.id,
      calendar_uid => coalesce(v_appointment.booking_request_id, v_appointment.id));
  end if;

  if v_appointment.patient_profile_id = v_to
     and v_appointment.booking_request_id is null
     and not app_private.knows_of_appointment(v_appointment.id, v_to)
  then
    perform app_private.notify(
      event.organization_id, 'appointment_booked',
      app_private.appointment_facts(
        event.organization_id, v_appointment.calendar_id, v_appointment.service_id, v_appointment.specialist_id,
        v_appointment.starts_at, v_appointment.ends_at, v_appointment.modality, v_appointment.locale),
      patient_profile_id => v_to, name => v_appointment.contact_name, email => v_appointment.contact_email,
      locale => v_appointment.locale, event_id => event.id, calendar_uid => v_appointment.id);
  end if;
end;
$$;

comment on function app_private.tell_of_changed_patient(app_private.events) is
  'Queues what appointment.patient_changed calls for: a cancellation to the wrong person, a booking to the right one.';

revoke all on function app_private.tell_of_changed_patient(app_private.events) from public;
reset role;
-- end of source: functions/notify/tell_of_changed_patient.sql

-- source: functions/notify/consume_notifications.sql
-- The consumer "notifications": who is written to about which event. FND-01, FND-15, APT-08, APT-09.
-- An appointment that grew out of a request keeps the request's calendar entry, so the guest's calendar
-- turns the tentative entry into the confirmed one instead of showing two.
-- requires: functions/notify/appointment_facts.sql
-- requires: functions/notify/notify.sql
-- requires: functions/appointments/promises_answer.sql
-- requires: functions/notify/tell_of_changed_patient.sql

set role app_engine;
create or replace function app_private.consume_notifications(event_id uuid) returns void
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_event app_private.events;
  v_clinic app_public.organizations;
  v_request app_public.booking_requests;
  v_appointment app_public.appointments;
  v_facts jsonb;
begin
  select events.* into strict v_event
  from app_private.events
  where events.id = consume_notifications.event_id;

  select organizations.* into strict v_clinic
  from app_public.organizations
  where organizations.id = v_event.organization_id;

  if v_event.name = 'organization.activated' then
    perform app_private.notify(
      v_event.organization_id, 'organization_activated', jsonb_build_object('clinicSlug', v_clinic.slug),
      human_id => humans.principal_id, event_id => v_event.id)
    from app_public.memberships
    join app_public.membership_roles
      on membership_roles.organization_id = memberships.organization_id and membership_roles.membership_id = memberships.id
    join app_public.roles
      on roles.organization_id = membership_roles.organization_id and roles.id = membership_roles.role_id
    join app_public.humans on humans.principal_id = memberships.human_id
    where memberships.organization_id = v_event.organization_id
      and memberships.ended_at is null
      and roles.system_role_key = 'owner';

  elsif v_event.subject_type = 'booking_request' then
    select booking_requests.* into strict v_request
    from app_public.booking_requests
    where booking_requests.organization_id = v_event.organization_id
      and booking_requests.id = v_event.subject_id;

    v_facts := app_private.appointment_facts(
      v_event.organization_id, v_request.calendar_id, v_request.service_id, v_request.specialist_id,
      v_request.starts_at, v_request.ends_at, null, v_request.locale);

    perform app_private.notify(
      v_event.organization_id,
      replace(v_event.name, '.', '_'),
      v_facts || case v_event.name
        when 'booking_request.received' then jsonb_build_object(
          'respondBy', case when app_private.promises_answer(v_request) then v_request.respond_by end)
        when 'booking_request.rejected' then jsonb_build_object('reason', v_request.rejection_reason)
        else '{}'
      end,
      name => v_request.given_name || ' ' || v_request.family_name,
      email => v_request.email,
      phone => v_request.phone,
      locale => v_request.locale,
      event_id => v_event.id,
      calendar_uid => v_request.id);

    if v_event.name in ('booking_request.received', 'booking_request.withdrawn') and v_clinic.contact_email is not null then
      perform app_private.notify(
        v_event.organization_id,
        case v_event.name
          when 'booking_request.received' then 'booking_request_to_review'
          else 'booking_request_withdrawn_by_guest'
        end,
        app_private.appointment_facts(
          v_event.organization_id, v_request.calendar_id, v_request.service_id, v_request.specialist_id,
          v_request.starts_at, v_request.ends_at, null, v_clinic.locale)
        || jsonb_build_object('guestName', v_request.given_name || ' ' || v_request.family_name)
        || case v_event.name
          when 'booking_request.received' then jsonb_build_object('respondBy', v_request.respond_by)
          else '{}'
        end,
        name => v_clinic.name,
        email => v_clinic.contact_email,
        locale => v_clinic.locale,
        event_id => v_event.id);
    end if;

  elsif v_event.name = 'appointment.patient_changed' then
    perform app_private.tell_of_changed_patient(v_event);

  elsif v_event.subject_type = 'appointment' then
    select appointments.* into strict v_appointment
    from app_public.appointments
    where appointments.organization_id = v_event.organization_id
      and appointments.id = v_event.subject_id;

    -- The guest was told with the answer to the request.
    if v_event.name = 'appointment.booked' and v_appointment.booking_request_id is not null then
      return;
    end if;

    perform app_private.notify(
      v_event.organization_id,
      replace(v_event.name, '.', '_'),
      app_private.appointment_facts(
        v_event.organization_id, v_appointment.calendar_id, v_appointment.service_id, v_appointment.specialist_id,
        v_appointment.starts_at, v_appointment.ends_at, v_appointment.modality, v_appointment.locale)
      || case v_event.name
        when 'appointment.cancelled' then jsonb_build_object('reason', v_appointment.cancellation_reason)
        else '{}'
      end,
      patient_profile_id => v_appointment.patient_profile_id,
      name => v_appointment.contact_name,
      email => v_appointment.contact_email,
      phone => v_appointment.contact_phone,
      locale => v_appointment.locale,
      event_id => v_event.id,
      calendar_uid => coalesce(v_appointment.booking_request_id, v_appointment.id));

    -- The clinic knows what its own people cancelled; of a patient it hears here that a time is free again.
    if v_event.name = 'appointment.cancelled' and v_clinic.contact_email is not null and not exists (
      select
      from app_public.appointment_moves
      join app_public.memberships
        on memberships.organization_id = appointment_moves.organization_id
        and memberships.human_id = appointment_moves.moved_by
        and memberships.ended_at is null
      where appointment_moves.organization_id = v_event.organization_id
        and appointment_moves.appointment_id = v_appointment.id
        and appointment_moves.to_status = 'cancelled'
    ) then
      perform app_private.notify(
        v_event.organization_id,
        'appointment_cancelled_by_patient',
        app_private.appointment_facts(
          v_event.organization_id, v_appointment.calendar_id, v_appointment.service_id, v_appointment.specialist_id,
          v_appointment.starts_at, v_appointment.ends_at, v_appointment.modality, v_clinic.locale)
        || jsonb_build_object('patientName', v_appointment.contact_name, 'reason', v_appointment.cancellation_reason),
        name => v_clinic.name,
        email => v_clinic.contact_email,
        locale => v_clinic.locale,
        event_id => v_event.id);
    end if;
  end if;
end;
$$;

comment on function app_private.consume_notifications(uuid) is
  'Queues the messages that an event calls for: to the guest, to the patient, to the clinic.';

revoke all on function app_private.consume_notifications(uuid) from public;
grant execute on function app_private.consume_notifications(uuid) to app_worker;
reset role;
-- end of source: functions/notify/consume_notifications.sql

-- source: policies/appointments/appointment_transfers.sql
-- Staff with appointments.view see from which chart to which an appointment moved; no patient does, since it names
-- another one. Append-only: nobody holds update or delete. FND-34.
-- requires: functions/identity/organization_ids_where.sql
-- requires: functions/core/classify.sql

alter table app_public.appointment_transfers enable row level security;
alter table app_public.appointment_transfers force row level security;

grant select on app_public.appointment_transfers to app_member;

drop policy if exists appointment_transfers_select_staff on app_public.appointment_transfers;
create policy appointment_transfers_select_staff on app_public.appointment_transfers
  for select to app_member
  using (
    organization_id = any ((select app_hidden.organization_ids_where('appointments.view'))::uuid[])
    -- One look-up a row, and the appointment's own policies hide what was deleted.
    and exists (select from app_public.appointments where appointments.id = appointment_transfers.appointment_id)
  );

grant select, insert on app_public.appointment_transfers to app_engine;
drop policy if exists appointment_transfers_all_engine on app_public.appointment_transfers;
create policy appointment_transfers_all_engine on app_public.appointment_transfers
  for all to app_engine
  using (true)
  with check (true);

select app_private.classify('app_public.appointment_transfers', 'medical_record',
  '{"operational": ["id", "organization_id", "appointment_id", "moved_by", "created_at"],
    "phi": ["patient_profile_id", "from_profile_id", "reason"]}',
  person_column => 'patient_profile_id');
-- end of source: policies/appointments/appointment_transfers.sql

-- source: policies/appointments/appointments.sql
-- Staff with appointments.view at the clinic; the patient and those who care for the patient. Written by verbs only.
-- APT-01, APT-02.
-- requires: functions/identity/organization_ids_where.sql
-- requires: functions/identity/current_human_patient_profile_ids.sql
-- requires: functions/identity/current_patient_organization_ids.sql
-- requires: functions/core/tg_stamp.sql
-- requires: functions/core/tg_guard_state.sql
-- requires: functions/core/classify.sql
-- requires: functions/core/allow_soft_delete.sql
-- requires: policies/identity/patients.sql

alter table app_public.appointments enable row level security;
alter table app_public.appointments force row level security;

grant select (id, organization_id, patient_profile_id, calendar_id, service_id, specialist_id, booking_request_id, status,
              starts_at, ends_at, modality, price_amount, currency, contact_email, contact_phone, contact_name, locale,
              cancellation_reason, created_by, created_at, updated_at)
   on app_public.appointments to app_member;

drop policy if exists appointments_select_staff on app_public.appointments;
create policy appointments_select_staff on app_public.appointments
  for select to app_member
  using (organization_id = any ((select app_hidden.organization_ids_where('appointments.view'))::uuid[]) and deleted_at is null);

drop policy if exists appointments_select_patient on app_public.appointments;
create policy appointments_select_patient on app_public.appointments
  for select to app_member
  using (
    patient_profile_id = any ((select app_hidden.current_human_patient_profile_ids())::uuid[])
    and organization_id = any ((select app_hidden.current_patient_organization_ids())::uuid[])
    and deleted_at is null
  );

grant select, insert, update on app_public.appointments to app_engine;
drop policy if exists appointments_all_engine on app_public.appointments;
create policy appointments_all_engine on app_public.appointments
  for all to app_engine
  using (true)
  with check (true);

create or replace trigger _200_guard_state before insert or update of status on app_public.appointments
  for each row execute function app_private.tg_guard_state();

create or replace trigger _100_stamp before insert or update on app_public.appointments
  for each row execute function app_private.tg_stamp();

select app_private.classify('app_public.appointments', 'medical_record',
  '{"operational": ["id", "organization_id", "booking_request_id", "claim_id", "locale", "created_by",
                    "created_at", "updated_at", "deleted_at"],
    "public": ["organizer_email"],
    "pii_basic": ["contact_email", "contact_phone", "contact_name"],
    "phi": ["patient_profile_id", "calendar_id", "service_id", "specialist_id", "status", "starts_at",
            "ends_at", "modality", "price_amount", "currency", "cancellation_reason"]}',
  person_column => 'patient_profile_id');
select app_private.allow_soft_delete('app_public.appointments', 'appointments.manage',
  'r.contact_name || '', '' || to_char(r.starts_at at time zone
     (select timezone from app_public.organizations where id = r.organization_id), ''YYYY-MM-DD HH24:MI'')',
  follows => 'app_public.patients');
-- end of source: policies/appointments/appointments.sql

-- source: policies/identity/caregiver_evidence.sql
-- Written by `add_caregiver`, read through `caregivers_evidence`. FND-07.
-- requires: functions/core/classify.sql

alter table app_private.caregiver_evidence enable row level security;
alter table app_private.caregiver_evidence force row level security;

grant select, insert, update on app_private.caregiver_evidence to app_engine;
drop policy if exists caregiver_evidence_all_engine on app_private.caregiver_evidence;
create policy caregiver_evidence_all_engine on app_private.caregiver_evidence
  for all to app_engine
  using (true)
  with check (true);

select app_private.classify('app_private.caregiver_evidence', 'medical_record',
  '{"operational": ["organization_id", "created_at"], "pii_basic": ["caregiver_id", "patient_profile_id", "evidence"]}',
  person_column => 'patient_profile_id');
-- end of source: policies/identity/caregiver_evidence.sql

-- source: policies/identity/patient_merges.sql
-- Staff with patients.merge see what was merged at their clinic, and what to undo. Written by verbs only. FND-34.
-- requires: functions/identity/organization_ids_where.sql
-- requires: functions/core/classify.sql

alter table app_public.patient_merges enable row level security;
alter table app_public.patient_merges force row level security;

grant select (id, organization_id, patient_profile_id, merged_profile_id, reason, merged_by, created_at, undone_at, undone_by,
              undo_reason)
   on app_public.patient_merges to app_member;

drop policy if exists patient_merges_select_staff on app_public.patient_merges;
create policy patient_merges_select_staff on app_public.patient_merges
  for select to app_member
  using (organization_id = any ((select app_hidden.organization_ids_where('patients.merge'))::uuid[]));

grant select, insert, update on app_public.patient_merges to app_engine;
drop policy if exists patient_merges_all_engine on app_public.patient_merges;
create policy patient_merges_all_engine on app_public.patient_merges
  for all to app_engine
  using (true)
  with check (true);

select app_private.classify('app_public.patient_merges', 'medical_record',
  '{"operational": ["id", "organization_id", "merged_by", "created_at", "undone_at", "undone_by"],
    "phi": ["patient_profile_id", "merged_profile_id", "reason", "moved", "undo_reason"]}',
  person_column => 'patient_profile_id');
-- end of source: policies/identity/patient_merges.sql
