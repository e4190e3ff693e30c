--! Previous: sha1:e4c84a5fb2f1da30a8c1c6f93b7af3c3c89f097f
--! Hash: sha1:4352a5d1df375bcfe415f8e117fc4ed2ec641f02
--! Message: a new subject of messages and a new owner of files are rows

--! split: 300-messages_functions.sql
-- Who is told what about an event is said in the event's area: the subscription names the function. FND-15.
-- retired: functions/notify/tell_of_changed_patient.sql

drop function if exists app_private.tell_of_changed_patient(app_private.events);

alter table app_private.event_subscriptions add column if not exists messages_function text;
comment on column app_private.event_subscriptions.messages_function is
  'The function of app_private that writes to people about such an event, called with the event: messages_about_<subject>.';

update app_private.event_subscriptions set messages_function = case
    when event_name = 'appointment.patient_changed' then 'messages_about_changed_patient'
    else 'messages_about_' || split_part(event_name, '.', 1)
  end
where consumer = 'notifications';

alter table app_private.event_subscriptions
  drop constraint if exists event_subscriptions_notifications_name_a_function;
-- squawk-ignore constraint-missing-not-valid
alter table app_private.event_subscriptions add constraint event_subscriptions_notifications_name_a_function
  check ((consumer = 'notifications') = (messages_function is not null));

--! split: 310-file_owner_kinds.sql
-- What files may belong to: a row a kind, and a function that tells of its owner. FND-13.

alter table app_private.file_surfaces drop constraint if exists file_surfaces_owner_kind_fkey;
-- squawk-ignore ban-drop-table
drop table if exists app_private.file_owner_kinds;

create table app_private.file_owner_kinds (
  key text primary key,
  column_name text not null,
  patient_column text,
  owner_function text not null,
  constraint file_owner_kinds_column_is_of_one_kind unique (column_name),
  constraint file_owner_kinds_key_is_a_slug check (key ~ '^[a-z]+(_[a-z]+)*$')
);
comment on table app_private.file_owner_kinds is
  'What a file may belong to, a row a kind. A file is readable where its owner is: the policies of app_public.files are '
  'written from these rows.';
comment on column app_private.file_owner_kinds.column_name is
  'The column of app_public.files that refers to the owner by a foreign key.';
comment on column app_private.file_owner_kinds.patient_column is
  'Of what a clinic has many, the column that names the patient: staff look their files up by key, a patient reads the own. '
  'Null where a clinic has few, which are read once a query.';
comment on column app_private.file_owner_kinds.owner_function is
  'The function of app_private that tells of the owner by its id: clinic, whether it is the caller''s own, whether it is deleted.';

do $$
begin
  if to_regtype('app_private.owner_of_file') is null then
    create type app_private.owner_of_file as (organization_id uuid, is_own boolean, is_deleted boolean);
  end if;
end;
$$;
comment on type app_private.owner_of_file is
  'What a file belongs to: its clinic, whether it is about the caller in person, and whether it was deleted.';

-- not in db/reference: the key below needs them before; the file of db/reference has them from then on.
insert into app_private.file_owner_kinds (key, column_name, patient_column, owner_function) values
  ('organization', 'owner_organization_id', null, 'file_owner_organization'),
  ('service', 'service_id', null, 'file_owner_service'),
  ('specialist', 'specialist_id', null, 'file_owner_specialist'),
  ('appointment', 'appointment_id', 'patient_profile_id', 'file_owner_appointment');

alter table app_private.file_surfaces drop constraint if exists file_surfaces_owner_kind_is_known;
-- A kind whose owner is nobody in person is nobody's own, so staff upload there.
alter table app_private.file_surfaces drop constraint if exists file_surfaces_owner_is_a_person;
-- squawk-ignore adding-foreign-key-constraint, constraint-missing-not-valid
alter table app_private.file_surfaces add constraint file_surfaces_owner_kind_fkey
  foreign key (owner_kind) references app_private.file_owner_kinds on delete restrict;
-- squawk-ignore require-concurrent-index-creation
create index if not exists file_surfaces_owner_kind_idx on app_private.file_surfaces (owner_kind);

--! split: 311-files_of_any_owner.sql
-- Files name their owner in one way, whatever it is. FND-13.

-- Generated once from what is there, and given by whoever writes from now on: no row is updated for it.
alter table app_public.files add column if not exists owner_id uuid not null
  -- squawk-ignore adding-field-with-default
  generated always as (coalesce(service_id, specialist_id, appointment_id, organization_id)) stored;
comment on column app_public.files.owner_id is
  E'@behavior -*\nThe row the file belongs to; the column of its kind refers to it.';
alter table app_public.files alter column owner_id drop expression if exists;
alter table app_public.files alter column owner_kind drop expression if exists;
alter table app_public.files alter column owner_organization_id drop expression if exists;

-- A trigger fills the column of the kind and empties the others; the key of the surface knows the kinds.
alter table app_public.files drop constraint if exists files_has_one_owner;
alter table app_public.files drop constraint if exists files_owner_kind_is_known;
-- A clinic's own files are of the clinic that they are at.
alter table app_public.files drop constraint if exists files_clinic_is_its_own_owner;
-- squawk-ignore constraint-missing-not-valid
alter table app_public.files add constraint files_clinic_is_its_own_owner check (owner_organization_id = organization_id);
-- squawk-ignore require-concurrent-index-creation
create index if not exists files_owner_idx on app_public.files (organization_id, owner_id, surface);

--! split: 900-sources.sql
-- Written by npm run db:stage from db/functions, db/policies and db/reference: change those, not this file.

-- source: functions/appointments/file_owner_appointment.sql
-- Files of an appointment: findings, letters and pictures. FND-13, FND-04.

create or replace function app_private.file_owner_appointment(id uuid) returns app_private.owner_of_file
language sql stable
set search_path = ''
begin atomic
  select appointments.organization_id,
         appointments.patient_profile_id = any (app_hidden.current_human_patient_profile_ids())
           and appointments.organization_id = any (app_hidden.current_patient_organization_ids()),
         appointments.deleted_at is not null
  from app_public.appointments
  where appointments.id = file_owner_appointment.id;
end;

comment on function app_private.file_owner_appointment is
  'An appointment as the owner of files; the own of its patient and of those who care for the patient.';
grant execute on function app_private.file_owner_appointment to app_engine;
-- end of source: functions/appointments/file_owner_appointment.sql

-- source: functions/appointments/messages_about_appointment.sql
-- Who hears of an appointment: its patient; and the clinic, of what its own people did not cancel. APT-09, FND-15.
-- An appointment that grew out of a request keeps the request's calendar entry, so the guest's calendar
-- turns the tentative entry into the confirmed one instead of showing two.

create or replace function app_private.messages_about_appointment(event app_private.events) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_clinic app_public.organizations;
  v_appointment app_public.appointments;
begin
  select appointments.* into strict v_appointment
  from app_public.appointments
  where appointments.organization_id = event.organization_id
    and appointments.id = event.subject_id;

  -- The guest was told with the answer to the request.
  if event.name = 'appointment.booked' and v_appointment.booking_request_id is not null then
    return;
  end if;

  perform app_private.notify(
    event.organization_id,
    replace(event.name, '.', '_'),
    app_private.appointment_facts(
      event.organization_id, v_appointment.calendar_id, v_appointment.service_id, v_appointment.specialist_id,
      v_appointment.starts_at, v_appointment.ends_at, v_appointment.modality, v_appointment.locale)
    || case event.name
      when 'appointment.cancelled' then jsonb_build_object('reason', v_appointment.cancellation_reason)
      else '{}'
    end,
    patient_profile_id => v_appointment.patient_profile_id,
    name => v_appointment.contact_name,
    email => v_appointment.contact_email,
    phone => v_appointment.contact_phone,
    locale => v_appointment.locale,
    event_id => event.id,
    calendar_uid => coalesce(v_appointment.booking_request_id, v_appointment.id));

  select organizations.* into strict v_clinic
  from app_public.organizations
  where organizations.id = event.organization_id;
  -- The clinic knows what its own people cancelled; of a patient it hears here that a time is free again.
  if event.name = 'appointment.cancelled' and v_clinic.contact_email is not null and not exists (
    select
    from app_public.appointment_moves
    join app_public.memberships
      on memberships.organization_id = appointment_moves.organization_id
      and memberships.human_id = appointment_moves.moved_by
      and memberships.ended_at is null
    where appointment_moves.organization_id = event.organization_id
      and appointment_moves.appointment_id = v_appointment.id
      and appointment_moves.to_status = 'cancelled'
  ) then
    perform app_private.notify(
      event.organization_id,
      'appointment_cancelled_by_patient',
      app_private.appointment_facts(
        event.organization_id, v_appointment.calendar_id, v_appointment.service_id, v_appointment.specialist_id,
        v_appointment.starts_at, v_appointment.ends_at, v_appointment.modality, v_clinic.locale)
      || jsonb_build_object('patientName', v_appointment.contact_name, 'reason', v_appointment.cancellation_reason),
      name => v_clinic.name,
      email => v_clinic.contact_email,
      locale => v_clinic.locale,
      event_id => event.id);
  end if;
end;
$$;

comment on function app_private.messages_about_appointment is
  'Queues what the events of an appointment call for: to the patient, and to the clinic.';
grant execute on function app_private.messages_about_appointment to app_engine;
-- end of source: functions/appointments/messages_about_appointment.sql

-- source: functions/appointments/messages_about_booking_request.sql
-- Who hears of a booking request: the guest who made it, of everything; the clinic, of what it has to answer and of what
-- was taken back. APT-08, FND-15.

create or replace function app_private.messages_about_booking_request(event app_private.events) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_clinic app_public.organizations;
  v_request app_public.booking_requests;
begin
  select organizations.* into strict v_clinic
  from app_public.organizations
  where organizations.id = event.organization_id;
  select booking_requests.* into strict v_request
  from app_public.booking_requests
  where booking_requests.organization_id = event.organization_id
    and booking_requests.id = event.subject_id;

  perform app_private.notify(
    event.organization_id,
    replace(event.name, '.', '_'),
    app_private.appointment_facts(
      event.organization_id, v_request.calendar_id, v_request.service_id, v_request.specialist_id,
      v_request.starts_at, v_request.ends_at, null, v_request.locale)
    || case event.name
      when 'booking_request.received' then jsonb_build_object(
        'respondBy', case when app_private.promises_answer(v_request) then v_request.respond_by end)
      when 'booking_request.rejected' then jsonb_build_object('reason', v_request.rejection_reason)
      else '{}'
    end,
    name => v_request.given_name || ' ' || v_request.family_name,
    email => v_request.email,
    phone => v_request.phone,
    locale => v_request.locale,
    event_id => event.id,
    calendar_uid => v_request.id);

  if event.name in ('booking_request.received', 'booking_request.withdrawn') and v_clinic.contact_email is not null then
    perform app_private.notify(
      event.organization_id,
      case event.name
        when 'booking_request.received' then 'booking_request_to_review'
        else 'booking_request_withdrawn_by_guest'
      end,
      app_private.appointment_facts(
        event.organization_id, v_request.calendar_id, v_request.service_id, v_request.specialist_id,
        v_request.starts_at, v_request.ends_at, null, v_clinic.locale)
      || jsonb_build_object('guestName', v_request.given_name || ' ' || v_request.family_name)
      || case event.name
        when 'booking_request.received' then jsonb_build_object('respondBy', v_request.respond_by)
        else '{}'
      end,
      name => v_clinic.name,
      email => v_clinic.contact_email,
      locale => v_clinic.locale,
      event_id => event.id);
  end if;
end;
$$;

comment on function app_private.messages_about_booking_request is
  'Queues what the events of a booking request call for: to the guest, and to the clinic.';
grant execute on function app_private.messages_about_booking_request to app_engine;
-- end of source: functions/appointments/messages_about_booking_request.sql

-- source: functions/appointments/messages_about_changed_patient.sql
-- An appointment was on the wrong chart. Whoever was told of it by mistake is told once that it is not theirs, as a
-- cancellation, so that nobody comes in vain; the right patient is told as of any booking. Guests were told at the
-- address they gave, which stays with the appointment. Of what is over nobody is told. FND-34, FND-15.

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

comment on function app_private.knows_of_appointment is
  'Whether the last message to this patient about the appointment says that it takes place.';
grant execute on function app_private.knows_of_appointment to app_engine;

create or replace function app_private.messages_about_changed_patient(event app_private.events) returns void
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

comment on function app_private.messages_about_changed_patient is
  'Queues what appointment.patient_changed calls for: a cancellation to the wrong person, a booking to the right one.';
grant execute on function app_private.messages_about_changed_patient to app_engine;
-- end of source: functions/appointments/messages_about_changed_patient.sql

-- source: functions/catalog/file_owner_service.sql
-- Files of a service: leaflets and pictures. FND-13.

create or replace function app_private.file_owner_service(id uuid) returns app_private.owner_of_file
language sql stable
set search_path = ''
begin atomic
  select services.organization_id, false, services.deleted_at is not null
  from app_public.services
  where services.id = file_owner_service.id;
end;

comment on function app_private.file_owner_service is 'A service as the owner of files; nobody''s own.';
grant execute on function app_private.file_owner_service to app_engine;
-- end of source: functions/catalog/file_owner_service.sql

-- source: functions/catalog/file_owner_specialist.sql
-- Files of a specialist: the signature. FND-13.

create or replace function app_private.file_owner_specialist(id uuid) returns app_private.owner_of_file
language sql stable
set search_path = ''
begin atomic
  select specialists.organization_id,
         specialists.id = any (app_hidden.current_specialist_ids()),
         specialists.deleted_at is not null
  from app_public.specialists
  where specialists.id = file_owner_specialist.id;
end;

comment on function app_private.file_owner_specialist is 'A specialist as the owner of files; the specialist''s own.';
grant execute on function app_private.file_owner_specialist to app_engine;
-- end of source: functions/catalog/file_owner_specialist.sql

-- source: functions/core/tg_guard_function.sql
-- A row that names a function names one that is there: of app_private, with these arguments and this result, granted to
-- the engine, and with no rights beside the caller's. So whoever calls by the name calls what the engine may call anyway.
-- FND-14, FND-13.
--   0 the column with the name   1 the types of the arguments   2 the type of the result

create or replace function app_private.is_engine_function(name text, arguments text, result text) returns boolean
language sql stable parallel safe
set search_path = ''
begin atomic
  select exists (
    select
    from pg_catalog.pg_proc
    where pg_proc.oid = to_regprocedure(format('app_private.%I(%s)', is_engine_function.name, is_engine_function.arguments))
      and pg_proc.prorettype = to_regtype(is_engine_function.result)
      and pg_proc.prokind = 'f' and not pg_proc.proretset and not pg_proc.prosecdef
      and pg_proc.proowner = to_regrole('app_owner')
      and has_function_privilege('app_engine', pg_proc.oid, 'execute')
  );
end;

comment on function app_private.is_engine_function is
  'Whether app_private has such a function that the engine may call and that brings no rights of its own.';
grant execute on function app_private.is_engine_function to app_engine;

create or replace function app_private.tg_guard_function() returns trigger
language plpgsql stable
set search_path = ''
as $$
declare
  v_name constant text := to_jsonb(new) ->> tg_argv[0];
begin
  if v_name is not null and not app_private.is_engine_function(v_name, tg_argv[1], tg_argv[2]) then
    raise exception 'there is no function app_private.%(%) returns % that app_engine may call', v_name, tg_argv[1], tg_argv[2]
      using errcode = 'check_violation',
            hint = 'Write the function, and grant it to app_engine.';
  end if;
  return new;
end;
$$;

comment on function app_private.tg_guard_function is
  'Refuses a row that names a function which is not there (arguments: the column, types of the arguments, type of the result).';
-- end of source: functions/core/tg_guard_function.sql

-- source: functions/files/admit_file_owners.sql
-- What follows from a kind of owner: the policies that make files readable where their owner is, and right and class of
-- the column that refers to it. Run by migrations only, whenever the kinds or the rights to files are written. FND-13, FND-12.
-- Of what a clinic has few, the readable ones are read once per query. Of what it has many (patient_column says so), staff
-- look theirs up by key, one look-up a row, and a patient's own are few again.

create or replace function app_private.admit_file_owners() returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_kind record;
  v_policy name;
begin
  for v_policy in
    select pg_policy.polname
    from pg_catalog.pg_policy
    where pg_policy.polrelid = 'app_public.files'::regclass and pg_policy.polname ~ '^files_select_of_'
  loop
    execute format('drop policy %I on app_public.files', v_policy);
  end loop;

  for v_kind in
    select file_owner_kinds.*, pg_constraint.confrelid::regclass as owners
    from app_private.file_owner_kinds
    left join pg_catalog.pg_attribute
      on pg_attribute.attrelid = 'app_public.files'::regclass and pg_attribute.attname = file_owner_kinds.column_name
    left join pg_catalog.pg_constraint
      on pg_constraint.conrelid = pg_attribute.attrelid and pg_constraint.contype = 'f'
      and pg_attribute.attnum = any (pg_constraint.conkey)
    order by file_owner_kinds.key
  loop
    if v_kind.owners is null then
      raise exception 'files of the kind % need a column % with a foreign key to their owner', v_kind.key, v_kind.column_name;
    end if;

    if v_kind.patient_column is null then
      execute format(
        'create policy %I on app_public.files for select to app_member using (
           status = ''confirmed'' and deleted_at is null and %I in (select owner.id from %s as owner))',
        'files_select_of_' || v_kind.key, v_kind.column_name, v_kind.owners);
    else
      execute format(
        'create policy %I on app_public.files for select to app_member using (
           status = ''confirmed'' and deleted_at is null and %I in (
             select owner.id from %s as owner
             where owner.%I = any ((select app_hidden.current_human_patient_profile_ids())::uuid[])))',
        'files_select_of_' || v_kind.key || '_of_patient', v_kind.column_name, v_kind.owners, v_kind.patient_column);
      execute format(
        'create policy %I on app_public.files for select to app_member using (
           status = ''confirmed'' and deleted_at is null and %I is not null
           and organization_id = any ((select app_hidden.current_staff_organization_ids())::uuid[])
           and exists (
             select from %s as owner where owner.organization_id = files.organization_id and owner.id = files.%I))',
        'files_select_of_' || v_kind.key, v_kind.column_name, v_kind.owners, v_kind.column_name);
    end if;

    execute format('grant select (%I) on app_public.files to app_member', v_kind.column_name);
    insert into app_private.classified_columns (table_name, column_name, class, retention)
    select classified_tables.table_name, v_kind.column_name, 'operational', classified_tables.retention
    from app_private.classified_tables
    where classified_tables.table_name = 'app_public.files'
    on conflict do nothing;
  end loop;
end;
$$;

comment on function app_private.admit_file_owners is
  'Writes policies, grants and classes of app_public.files for every row of file_owner_kinds, and drops what no row asks for.';

create or replace function app_private.tg_file_owner_kinds__admit() returns trigger
language plpgsql volatile
set search_path = ''
as $$
begin
  perform app_private.admit_file_owners();
  return null;
end;
$$;

comment on function app_private.tg_file_owner_kinds__admit is 'Rights to files follow the kinds of their owners.';
-- end of source: functions/files/admit_file_owners.sql

-- source: functions/files/file_owner.sql
-- What a file belongs to, or is to belong to: the function of the kind tells. FND-13, FND-04.

create or replace function app_private.file_owner(kind text, id uuid) returns app_private.owner_of_file
language plpgsql stable
set search_path = ''
as $$
declare
  v_function text;
  v_owner app_private.owner_of_file;
begin
  select file_owner_kinds.owner_function into strict v_function
  from app_private.file_owner_kinds
  where file_owner_kinds.key = file_owner.kind;
  execute format('select * from app_private.%I($1)', v_function) into v_owner using file_owner.id;
  return v_owner;
end;
$$;

comment on function app_private.file_owner is 'The owner of files of this kind, as the caller stands to it; null when there is none.';
grant execute on function app_private.file_owner to app_engine;
-- end of source: functions/files/file_owner.sql

-- source: functions/files/require_upload_right.sql
-- Who may put a file to a row: staff by the surface's permission and, where the surface says so, the person the row is
-- about. A row that is not theirs to see and one that does not exist answer alike. FND-13, FND-04.

create or replace function app_private.require_upload_right(surface app_private.file_surfaces, owner_id uuid) returns uuid
language plpgsql stable
set search_path = ''
as $$
declare
  v_owner constant app_private.owner_of_file := app_private.file_owner(surface.owner_kind, owner_id);
begin
  if v_owner.organization_id is null or v_owner.is_deleted then
    perform app_hidden.refuse('NOT_FOUND', 'not_found', '{}', 'There is no such thing, or it is not yours to see.');
  end if;
  if not (surface.uploaded_by_owner and v_owner.is_own) then
    perform app_private.require_permission(v_owner.organization_id, surface.manage_permission);
  end if;
  return v_owner.organization_id;
end;
$$;

comment on function app_private.require_upload_right is
  'The clinic of the owner row, when the caller may upload to it; else FORBIDDEN for a colleague, NOT_FOUND for anyone else.';
grant execute on function app_private.require_upload_right to app_engine;
-- end of source: functions/files/require_upload_right.sql

-- source: functions/files/own_upload.sql
-- The uploader's business only, and only while they may still upload there. What was decided before is said again.
-- FND-13.

create or replace function app_private.own_upload(file_id uuid) returns app_public.files
language plpgsql volatile
set search_path = ''
as $$
declare
  v_file app_public.files;
  v_surface app_private.file_surfaces;
begin
  select files.* into v_file
  from app_public.files
  where files.id = file_id and files.uploaded_by = app_hidden.current_principal_id() and files.status <> 'deleted'
  for update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'file_not_found', '{}', 'There is no such file, or it is not yours to confirm.');
  end if;
  select file_surfaces.* into strict v_surface from app_private.file_surfaces where file_surfaces.key = v_file.surface;
  perform app_private.require_upload_right(v_surface, v_file.owner_id);

  if v_file.rejection = 'expired' or (v_file.status = 'pending' and v_file.expires_at <= app_hidden.now()) then
    perform app_hidden.refuse('GONE', 'upload_expired', '{}', 'The upload took longer than a day. Request another.');
  end if;
  if v_file.status = 'rejected' then
    perform app_hidden.refuse(
      'VALIDATION', 'file_rejected', jsonb_build_object('rejection', v_file.rejection),
      app_private.rejection_hint(v_file.rejection));
  end if;
  return v_file;
end;
$$;

comment on function app_private.own_upload is
  'Locks the caller''s upload, pending or confirmed; NOT_FOUND, GONE upload_expired, or VALIDATION file_rejected with the reason.';
grant execute on function app_private.own_upload to app_engine;
-- end of source: functions/files/own_upload.sql

-- source: functions/files/attach_upload.sql
-- The server has looked at every byte: the file counts. Only the login role of the API may say so, in the uploader's
-- name; whoever speaks GraphQL cannot reach this. Twice is once. FND-13.

set role app_engine;

create or replace function app_hidden.attach_upload(file_id uuid) returns void
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_file app_public.files := app_private.own_upload(file_id);
begin
  if v_file.status = 'confirmed' then
    return;
  end if;

  -- One at a time for the same owner, or two newest would stay.
  perform pg_advisory_xact_lock(hashtextextended('files of ' || v_file.surface || v_file.owner_id, 0));
  update app_public.files set status = 'deleted', deleted_at = app_hidden.now()
  from app_private.file_surfaces
  where file_surfaces.key = v_file.surface and file_surfaces.max_files = 1
    and files.organization_id = v_file.organization_id
    and files.surface = v_file.surface
    and files.status = 'confirmed'
    and files.owner_id = v_file.owner_id;

  update app_public.files set status = 'confirmed', confirmed_at = app_hidden.now(), expires_at = null
  where files.id = v_file.id;
end;
$$;

comment on function app_hidden.attach_upload is
  'Confirms the caller''s upload after its bytes were checked; where the newest replaces, the former file is deleted.';
grant execute on function app_hidden.attach_upload to app_authenticator;

reset role;
-- end of source: functions/files/attach_upload.sql

-- source: functions/files/require_upload_allowance.sql
-- How many uploads somebody may have open, and how many files a row may hold. The lock makes two at once count each
-- other. FND-13, FND-27.

create or replace function app_private.require_upload_allowance(
  surface app_private.file_surfaces, organization_id uuid, owner_id uuid
) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_open_most constant int := 50;
  v_principal_id uuid := app_hidden.current_principal_id();
begin
  perform pg_advisory_xact_lock(hashtextextended('uploads of ' || v_principal_id, 0));
  if (select count(*) from app_public.files
      where files.uploaded_by = v_principal_id and files.status = 'pending') >= v_open_most then
    perform app_hidden.refuse(
      'CONFLICT', 'too_many_open_uploads', jsonb_build_object('most', v_open_most),
      'Finish some of the uploads that were begun; those that are not end within a day.');
  end if;

  perform pg_advisory_xact_lock(hashtextextended('files of ' || surface.key || owner_id, 0));
  -- Where the newest replaces, there is always room for it.
  if surface.max_files > 1 and (
    select count(*) from app_public.files
    where files.organization_id = require_upload_allowance.organization_id
      and files.surface = (require_upload_allowance.surface).key
      and files.owner_id = require_upload_allowance.owner_id
      and files.status in ('pending', 'confirmed')
  ) >= surface.max_files then
    perform app_hidden.refuse(
      'CONFLICT', 'too_many_files', jsonb_build_object('most', surface.max_files), 'Remove a file first.');
  end if;
end;
$$;

comment on function app_private.require_upload_allowance is
  'Passes while the caller has few uploads open and the owner row few files; else CONFLICT too_many_open_uploads or too_many_files.';
grant execute on function app_private.require_upload_allowance to app_engine;
-- end of source: functions/files/require_upload_allowance.sql

-- source: functions/files/request_upload.sql
-- The first step of an upload: what will come, and where it belongs. The bytes go from the browser to the object store
-- by the URL in File.upload, and count after confirmUpload. FND-13.

set role app_engine;

create or replace function app_public.request_upload(
  surface text,
  owner_id uuid,
  filename text,
  content_type text,
  size_bytes bigint,
  sha256 text
) returns app_public.files
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_surface app_private.file_surfaces;
  v_organization_id uuid;
  v_id uuid := uuidv7();
  v_file app_public.files;
  v_content_type constant text := app_private.known_content_type(content_type);
  -- What a name has around it is a slip of whoever copied it, no part of it.
  v_filename constant text := normalize(btrim(filename, E' \t\u00A0\uFEFF'));
begin
  select file_surfaces.* into v_surface
  from app_private.file_surfaces
  where file_surfaces.key = request_upload.surface;
  if not found then
    perform app_hidden.refuse(
      'VALIDATION', 'surface_unknown',
      jsonb_build_object('field', 'surface', 'legal', (select jsonb_agg(file_surfaces.key order by file_surfaces.key) from app_private.file_surfaces)),
      'There is no such kind of file. Choose one of those in legal.');
  end if;
  v_organization_id := app_private.require_upload_right(v_surface, owner_id);
  perform app_private.require_file_facts(v_surface, v_filename, v_content_type, size_bytes, sha256);
  perform app_private.require_upload_allowance(v_surface, v_organization_id, owner_id);

  insert into app_public.files
    (id, organization_id, surface, audience, owner_kind, owner_id, filename, content_type, size_bytes, sha256, object_key,
     uploaded_by, expires_at)
  values
    (v_id, v_organization_id, v_surface.key, v_surface.audience, v_surface.owner_kind, owner_id,
     v_filename, v_content_type, size_bytes, sha256, concat_ws('/', v_organization_id, v_surface.prefix, v_id),
     app_hidden.current_principal_id(), app_hidden.now() + interval '1 day')
  returning * into v_file;
  return v_file;
end;
$$;

comment on function app_public.request_upload is
  'Announces a file: surface names the kind (organization_logo, service_attachments, specialist_signatures, '
  'appointment_files), ownerId the row it belongs to. Send the bytes with File.upload, then confirmUpload.';
grant execute on function app_public.request_upload to app_member;

reset role;
-- end of source: functions/files/request_upload.sql

-- source: functions/files/restore_file.sql
-- A deleted file comes back while its bytes are still there, by whoever may delete it. A day is left to the worker that
-- removes them, so that nothing comes back empty. FND-10, FND-13.

set role app_engine;

create or replace function app_public.restore_file(file_id uuid) returns app_public.files
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_file app_public.files;
  v_surface app_private.file_surfaces;
begin
  select files.* into v_file
  from app_public.files
  where files.id = file_id and files.deleted_at > app_hidden.now() - interval '29 days' and files.objects_removed_at is null
  for update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'not_found', '{}', 'There is no such thing, or it is not yours to see.');
  end if;
  select file_surfaces.* into strict v_surface from app_private.file_surfaces where file_surfaces.key = v_file.surface;
  perform app_private.require_permission(v_file.organization_id, v_surface.manage_permission);

  if (app_private.file_owner(v_file.owner_kind, v_file.owner_id)).is_deleted then
    perform app_hidden.refuse(
      'CONFLICT', 'belongs_to_something_deleted', jsonb_build_object('entity', v_file.owner_kind), 'Restore what it belongs to first.');
  end if;

  -- The lock of uploads to the same owner: two at once count each other.
  perform pg_advisory_xact_lock(hashtextextended('files of ' || v_file.surface || v_file.owner_id, 0));
  if (
    select count(*) from app_public.files
    where files.organization_id = v_file.organization_id
      and files.surface = v_file.surface
      and files.status in ('pending', 'confirmed')
      and files.owner_id = v_file.owner_id
  ) >= v_surface.max_files then
    perform app_hidden.refuse(
      'CONFLICT', 'too_many_files', jsonb_build_object('most', v_surface.max_files), 'Remove a file first.');
  end if;

  update app_public.files set status = 'confirmed', deleted_at = null
  where files.id = v_file.id
  returning * into v_file;
  return v_file;
end;
$$;

comment on function app_public.restore_file is
  'Brings a deleted file back, up to 29 days later. Needs the permission by which staff upload such files; CONFLICT '
  'too_many_files where others took its place, belongs_to_something_deleted while its owner is deleted itself.';
grant execute on function app_public.restore_file to app_member;

create or replace function app_public.deleted_files(organization_id uuid default null) returns setof app_public.deleted_row
language sql stable security definer
set search_path = ''
begin atomic
  select 'files', files.id, files.organization_id, files.filename, files.deleted_at
  from app_private.file_surfaces
  join app_public.files
    on files.surface = file_surfaces.key
   and files.organization_id = any (app_hidden.organization_ids_where(file_surfaces.manage_permission))
  where files.deleted_at > app_hidden.now() - interval '29 days'
    and files.objects_removed_at is null
    and (deleted_files.organization_id is null or files.organization_id = deleted_files.organization_id)
  order by files.deleted_at desc, files.id;
end;

comment on function app_public.deleted_files is
  'Files that were deleted and that the caller may bring back with restoreFile, newest first.';
grant execute on function app_public.deleted_files to app_member;

reset role;
-- end of source: functions/files/restore_file.sql

-- source: functions/files/tg_files__fill_owner.sql
-- A file names its owner by kind and id, and refers to it by the column of the kind, so that a key holds both to the same
-- clinic. The trigger fills that column and leaves the others empty, and nothing can be said against it later. FND-13, FND-06.

create or replace function app_private.tg_files__fill_owner() returns trigger
language plpgsql stable
set search_path = ''
as $$
declare
  v_columns jsonb;
begin
  select jsonb_object_agg(file_owner_kinds.column_name, case when file_owner_kinds.key = new.owner_kind then new.owner_id end)
  into v_columns
  from app_private.file_owner_kinds;

  if tg_op = 'INSERT' then
    return jsonb_populate_record(new, v_columns);
  elsif not to_jsonb(new) @> v_columns then
    raise exception 'a file has one owner: the row of owner_kind with owner_id' using errcode = 'check_violation';
  end if;
  return new;
end;
$$;

comment on function app_private.tg_files__fill_owner is
  'Fills the column that refers to the owner of a file, and refuses a change that names another one beside it.';
-- end of source: functions/files/tg_files__fill_owner.sql

-- source: functions/notify/consume_notifications.sql
-- The consumer "notifications": tells people about an event. FND-15.
-- Who is told what is the business of the event's own area: its subscription names the function.

set role app_engine;
create or replace function app_private.consume_notifications(event_id uuid) returns void
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_event app_private.events;
  v_function text;
begin
  select events.* into strict v_event
  from app_private.events
  where events.id = consume_notifications.event_id;

  select event_subscriptions.messages_function into v_function
  from app_private.event_subscriptions
  where event_subscriptions.consumer = 'notifications'
    and event_subscriptions.event_name = v_event.name;

  -- Nobody has to be told any more when the subscription ended after the event.
  if v_function is not null then
    execute format('select app_private.%I($1)', v_function) using v_event;
  end if;
end;
$$;

comment on function app_private.consume_notifications is
  'Queues the messages that an event calls for, by the function that its subscription names.';

grant execute on function app_private.consume_notifications to app_worker;
reset role;
-- end of source: functions/notify/consume_notifications.sql

-- source: functions/organizations/file_owner_organization.sql
-- Files of a clinic: its logo. FND-13.

create or replace function app_private.file_owner_organization(id uuid) returns app_private.owner_of_file
language sql stable
set search_path = ''
begin atomic
  select organizations.id, false, organizations.deleted_at is not null
  from app_public.organizations
  where organizations.id = file_owner_organization.id;
end;

comment on function app_private.file_owner_organization is 'A clinic as the owner of files; nobody''s own.';
grant execute on function app_private.file_owner_organization to app_engine;
-- end of source: functions/organizations/file_owner_organization.sql

-- source: functions/organizations/messages_about_organization.sql
-- A clinic opened to the public: its owners are welcomed. FND-01, FND-15.

create or replace function app_private.messages_about_organization(event app_private.events) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  perform app_private.notify(
    event.organization_id, 'organization_activated', jsonb_build_object('clinicSlug', organizations.slug),
    human_id => humans.principal_id, event_id => event.id)
  from app_public.organizations
  join app_public.memberships on memberships.organization_id = organizations.id
  join app_public.membership_roles
    on membership_roles.organization_id = memberships.organization_id and membership_roles.membership_id = memberships.id
  join app_public.roles
    on roles.organization_id = membership_roles.organization_id and roles.id = membership_roles.role_id
  join app_public.humans on humans.principal_id = memberships.human_id
  where organizations.id = event.organization_id
    and memberships.ended_at is null
    and roles.system_role_key = 'owner';
end;
$$;

comment on function app_private.messages_about_organization is
  'Queues what organization.activated calls for: a welcome to each owner.';
grant execute on function app_private.messages_about_organization to app_engine;
-- end of source: functions/organizations/messages_about_organization.sql

-- source: policies/events/event_subscriptions.sql
-- Read when an event is published; changed by migrations only. FND-14.

select app_private.classify('app_private.event_subscriptions', home => 'platform', retention => 'reference', classes =>
  '{"public": ["consumer", "event_name", "messages_function"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.event_subscriptions', engine => 'select');

create or replace trigger _200_guard_function before insert or update on app_private.event_subscriptions
  for each row execute function app_private.tg_guard_function('messages_function', 'app_private.events', 'void');
-- end of source: policies/events/event_subscriptions.sql

-- source: policies/files/file_owner_kinds.sql
-- What files may belong to; changed by migrations only. FND-13.

select app_private.classify('app_private.file_owner_kinds', home => 'platform', retention => 'reference', classes =>
  '{"public": ["key", "column_name", "patient_column", "owner_function"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.file_owner_kinds', engine => 'select');

create or replace trigger _200_guard_function before insert or update on app_private.file_owner_kinds
  for each row execute function app_private.tg_guard_function('owner_function', 'uuid', 'app_private.owner_of_file');

create or replace trigger _900_admit after insert or update or delete on app_private.file_owner_kinds
  for each statement execute function app_private.tg_file_owner_kinds__admit();
-- end of source: policies/files/file_owner_kinds.sql

-- source: policies/files/files.sql
-- A checked file is readable exactly where its owner row is: a policy for each kind of owner asks the owner's own, written
-- by admit_file_owners() from the rows of file_owner_kinds, with right and class of the column. Until then its uploader
-- sees the row, so that it can be uploaded and confirmed. Written by verbs only. FND-13.

select app_private.classify('app_public.files', home => 'clinic', retention => 'medical_record', classes =>
  '{"phi": ["filename", "sha256"],
    "operational": ["id", "organization_id", "surface", "audience", "owner_kind", "owner_id", "content_type", "size_bytes",
                    "object_key", "uploaded_key", "status", "rejection", "uploaded_by", "expires_at", "confirmed_at",
                    "created_at", "updated_at", "deleted_at", "objects_removed_at"]}');
select app_private.protect('app_public.files', engine => 'select, insert, update', guard => true);

grant select (id, organization_id, surface, filename, content_type, size_bytes, sha256, object_key,
              uploaded_key, status, rejection, uploaded_by, expires_at, confirmed_at, created_at, updated_at)
   on app_public.files to app_member;

create policy files_select_uploader on app_public.files for select to app_member
  using (
    uploaded_by = (select app_hidden.current_principal_id())
    and status in ('pending', 'rejected') and deleted_at is null
    and (organization_id = any ((select app_hidden.current_staff_organization_ids())::uuid[])
         or organization_id = any ((select app_hidden.current_patient_organization_ids())::uuid[]))
  );

create policy files_select_audience on app_public.files
  as restrictive for select to app_member
  using (
    audience = 'owner_readers'
    or organization_id = any ((select app_hidden.current_staff_organization_ids())::uuid[])
  );

create or replace trigger _050_fill_owner before insert or update on app_public.files
  for each row execute function app_private.tg_files__fill_owner();

select app_private.admit_file_owners();
-- end of source: policies/files/files.sql

-- source: reference/files/file_owner_kinds.sql
-- What files may belong to, and the function of app_private that tells of such an owner. FND-13.

select app_private.own_rows('app_private.file_owner_kinds', rows => '
  key          | column_name           | patient_column     | owner_function
  -------------+-----------------------+--------------------+------------------------
  appointment  | appointment_id        | patient_profile_id | file_owner_appointment
  organization | owner_organization_id |                    | file_owner_organization
  service      | service_id            |                    | file_owner_service
  specialist   | specialist_id         |                    | file_owner_specialist
');
-- end of source: reference/files/file_owner_kinds.sql

-- source: reference/notify/notifications.sql
-- Who consumes events to write to people, which it hears, and by which function of app_private each area says who is told. FND-14, FND-15.

select app_private.own_rows('app_private.event_consumers', rows => '
  name          | description
  --------------+-------------------------------------------------------------
  notifications | Writes to guests, patients and the clinic about requests and appointments.
');

select app_private.own_rows('app_private.event_subscriptions', scope => '{"consumer": "notifications"}', rows => '
  event_name                  | messages_function
  ----------------------------+-------------------------------
  appointment.booked          | messages_about_appointment
  appointment.cancelled       | messages_about_appointment
  appointment.patient_changed | messages_about_changed_patient
  booking_request.confirmed   | messages_about_booking_request
  booking_request.expired     | messages_about_booking_request
  booking_request.received    | messages_about_booking_request
  booking_request.rejected    | messages_about_booking_request
  booking_request.withdrawn   | messages_about_booking_request
  organization.activated      | messages_about_organization
');
-- end of source: reference/notify/notifications.sql

select app_private.write_owned_rows();
