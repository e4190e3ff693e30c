-- Who reads the audit log, and what reading a chart answers with. FND-08.

insert into app_public.permissions (name, description) values
  ('audit.view', 'Read the clinic''s audit log')
on conflict (name) do nothing;
insert into app_public.system_role_permissions (role_key, permission) values
  ('owner', 'audit.view'),
  ('admin', 'audit.view')
on conflict (role_key, permission) do nothing;

-- Clinics that are open already: their owners and administrators get it, too. Row security is forced on the migrator,
-- so it is lifted for these lines (0003).
alter table app_public.roles no force row level security;
alter table app_public.role_permissions no force row level security;
insert into app_public.role_permissions (organization_id, role_id, permission)
select roles.organization_id, roles.id, 'audit.view'
from app_public.roles
where roles.system_role_key in ('owner', 'admin')
on conflict (organization_id, role_id, permission) do nothing;
alter table app_public.roles force row level security;
alter table app_public.role_permissions force row level security;

drop function if exists app_public.open_patient_chart(uuid);
drop function if exists app_public.my_chart_readings(uuid);
drop view if exists app_public.audit_entries cascade;
drop type if exists app_public.audit_values;
drop type if exists app_public.chart_reading;
drop type if exists app_public.patient_chart;
drop type if exists app_public.chart_caregiver;
drop type if exists app_public.chart_appointment;

create type app_public.audit_values as (old jsonb, new jsonb, ip text, user_agent text);
comment on type app_public.audit_values is
  'What an audit entry says beyond ids: changed columns before and after, and from where. Masked columns are not in it.';

create type app_public.chart_caregiver as (
  human_id uuid, name text, email text, relationship text, since timestamptz, ends_on date
);
comment on type app_public.chart_caregiver is 'Who acts for the patient, as the chart shows it.';
create type app_public.chart_appointment as (
  appointment_id uuid, status text, starts_at timestamptz, ends_at timestamptz, modality text,
  service_name text, specialist_name text, cancellation_reason text
);
comment on type app_public.chart_appointment is 'An appointment of the patient at this clinic, as the chart shows it.';
create type app_public.patient_chart as (
  patient_id uuid, organization_id uuid, patient_profile_id uuid, patient_since timestamptz,
  given_name text, family_name text, email text, phone text, birth_date date, locale text,
  caregivers app_public.chart_caregiver[], appointments app_public.chart_appointment[]
);
comment on type app_public.patient_chart is
  'A patient at a clinic: the person, those who act for them, and the newest 200 appointments, newest first.';

create type app_public.chart_reading as (
  read_at timestamptz, organization_id uuid, organization_name text, patient_profile_id uuid, reader_id uuid,
  reader_name text, what text
);
comment on type app_public.chart_reading is 'That somebody at a clinic looked at a patient''s record.';
comment on column app_public.chart_reading.what is '"chart", or the name of the export.';
