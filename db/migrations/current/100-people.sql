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
