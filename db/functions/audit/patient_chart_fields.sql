-- What a patient's card shows beyond the person: each field is a step of the one query that opens the chart, costs nothing where it is
-- not asked for, and reads its rows with the reader's own rights, so that whoever may not see them finds none here. SCH-12, FND-08,
-- CAT-04, APT-06, docs/decisions/0134.

-- Null where the reader sees no appointments: none would read as never.
create or replace function app_public.patient_chart_attendance(chart app_public.patient_chart) returns app_public.chart_attendance
language sql stable
set search_path = ''
begin atomic
  select (
    count(*) filter (where appointments.status = 'done'),
    count(*) filter (where appointments.status = 'noshow' and appointments.excuse_reason is null),
    count(*) filter (where appointments.status = 'cancelled' and appointments.is_late_cancellation and appointments.excuse_reason is null)
  )::app_public.chart_attendance
  from app_public.appointments
  where appointments.organization_id = (chart).organization_id
    and appointments.patient_profile_id = (chart).patient_profile_id
  having app_hidden.has_permission((chart).organization_id, 'appointments.view');
end;

comment on function app_public.patient_chart_attendance is
  E'@nullable\n@behavior -queryField\nHow often the patient came, and how often not. Needs appointments.view.';
grant execute on function app_public.patient_chart_attendance to app_member;

create or replace function app_public.patient_chart_next_appointments(chart app_public.patient_chart) returns app_public.chart_appointment[]
language sql stable
set search_path = ''
return array(
  select (appointments.id, appointments.status, appointments.starts_at, appointments.ends_at, appointments.modality, services.name,
          concat_ws(' ', specialists.title, specialists.given_name, specialists.family_name), null)::app_public.chart_appointment
  from app_public.appointments
  join app_public.services on services.organization_id = appointments.organization_id and services.id = appointments.service_id
  join app_public.specialists
    on specialists.organization_id = appointments.organization_id and specialists.id = appointments.specialist_id
  where appointments.organization_id = (chart).organization_id
    and appointments.patient_profile_id = (chart).patient_profile_id
    and appointments.status in ('booked', 'upcoming', 'confirmed', 'inprogress')
    and appointments.starts_at >= app_hidden.now() - interval '24 hours'
    and appointments.ends_at > app_hidden.now()
  order by appointments.starts_at, appointments.id
  limit 10);

comment on function app_public.patient_chart_next_appointments is
  E'@behavior -queryField\nThe next ten appointments that are to take place, the one of now among them, the nearest first.';
grant execute on function app_public.patient_chart_next_appointments to app_member;

create or replace function app_public.patient_chart_last_appointments(chart app_public.patient_chart) returns app_public.chart_appointment[]
language sql stable
set search_path = ''
return array(
  select (appointments.id, appointments.status, appointments.starts_at, appointments.ends_at, appointments.modality, services.name,
          concat_ws(' ', specialists.title, specialists.given_name, specialists.family_name),
          appointments.cancellation_reason)::app_public.chart_appointment
  from app_public.appointments
  join app_public.services on services.organization_id = appointments.organization_id and services.id = appointments.service_id
  join app_public.specialists
    on specialists.organization_id = appointments.organization_id and specialists.id = appointments.specialist_id
  where appointments.organization_id = (chart).organization_id
    and appointments.patient_profile_id = (chart).patient_profile_id
    and appointments.ends_at <= app_hidden.now()
  order by appointments.starts_at desc, appointments.id
  limit 10);

comment on function app_public.patient_chart_last_appointments is
  E'@behavior -queryField\nThe last ten appointments whose time is over, however they ended, the newest first.';
grant execute on function app_public.patient_chart_last_appointments to app_member;

-- Asked of the nearest appointment by the one list of the gate, which shows it to whoever may see the appointment.
create or replace function app_public.patient_chart_missing(chart app_public.patient_chart) returns app_public.missing_requirement[]
language sql stable
set search_path = ''
return coalesce((
  select app_public.missing_of_appointment(appointments.id)
  from app_public.appointments
  where appointments.organization_id = (chart).organization_id
    and appointments.patient_profile_id = (chart).patient_profile_id
    and appointments.status in ('booked', 'upcoming', 'confirmed')
    and appointments.starts_at > app_hidden.now()
  order by appointments.starts_at, appointments.id
  limit 1), '{}');

comment on function app_public.patient_chart_missing is
  E'@behavior -queryField\nConsents and forms that the next appointment asks for and that are not there yet, each with what resolves it.';
grant execute on function app_public.patient_chart_missing to app_member;

create or replace function app_public.patient_chart_plans(chart app_public.patient_chart) returns app_public.chart_plan[]
language sql stable
set search_path = ''
return array(
  select (plans.id, service_plans.name, app_public.patient_service_plans_is_open(plans), plans.valid_until,
          case when sessions.id is not null then app_public.patient_entitlements_balance(sessions) end, sessions.per_period)::app_public.chart_plan
  from app_public.patient_service_plans as plans
  join app_public.service_plans
    on service_plans.organization_id = plans.organization_id and service_plans.id = plans.service_plan_id
  left join app_public.patient_entitlements as sessions
    on sessions.organization_id = plans.organization_id and sessions.patient_service_plan_id = plans.id and sessions.kind = 'sessions'
  where plans.organization_id = (chart).organization_id
    and plans.patient_profile_id = (chart).patient_profile_id
    and plans.ended_at is null
    and coalesce(plans.valid_until > app_hidden.now(), true)
  order by plans.valid_until, plans.id
  limit 50);

comment on function app_public.patient_chart_plans is
  E'@behavior -queryField\nPlans that have not ended, with what is left of each, the one that ends first before. Needs patient_plans.view.';
grant execute on function app_public.patient_chart_plans to app_member;

create or replace function app_public.patient_chart_booking_blocks(chart app_public.patient_chart) returns app_public.chart_block[]
language sql stable
set search_path = ''
return array(
  select (blocks.id, blocks.reason, blocks.until, blocks.created_at,
          blocks.contested_at is not null and blocks.decision is null)::app_public.chart_block
  from app_public.booking_blocks as blocks
  where blocks.organization_id = (chart).organization_id
    and blocks.patient_profile_id = (chart).patient_profile_id
    and blocks.decision is distinct from 'lifted'
    and coalesce(blocks.until > app_hidden.now(), true)
  order by blocks.created_at desc, blocks.id
  limit 10);

comment on function app_public.patient_chart_booking_blocks is
  E'@behavior -queryField\nBlocks that stand: the clinic keeps the patient from booking by themselves.';
grant execute on function app_public.patient_chart_booking_blocks to app_member;

create or replace function app_public.patient_chart_requests(chart app_public.patient_chart) returns app_public.chart_request[]
language sql stable
set search_path = ''
return array(
  select (requests.id, requests.starts_at, requests.ends_at, services.name,
          concat_ws(' ', specialists.title, specialists.given_name, specialists.family_name), requests.respond_by)::app_public.chart_request
  from app_public.booking_requests as requests
  join app_public.services on services.organization_id = requests.organization_id and services.id = requests.service_id
  join app_public.specialists
    on specialists.organization_id = requests.organization_id and specialists.id = requests.specialist_id
  where requests.organization_id = (chart).organization_id
    and requests.patient_profile_id = (chart).patient_profile_id
    and requests.status = 'requested'
  order by requests.starts_at, requests.id
  limit 50);

comment on function app_public.patient_chart_requests is
  E'@behavior -queryField\nBooking requests for which the patient was taken in and that wait for an answer. Needs appointments.view.';
grant execute on function app_public.patient_chart_requests to app_member;

create or replace function app_public.patient_chart_signature_links(chart app_public.patient_chart) returns app_public.chart_link[]
language sql stable
set search_path = ''
return array(
  select (links.id, links.form_id, links.kind, links.expires_at, links.created_at)::app_public.chart_link
  from app_public.forms
  join app_public.signature_links as links on links.organization_id = forms.organization_id and links.form_id = forms.id
  where forms.organization_id = (chart).organization_id
    and forms.patient_id = (chart).patient_id
    and forms.patient_profile_id = (chart).patient_profile_id
    and links.status = 'open'
    and links.expires_at > app_hidden.now()
  order by links.created_at desc, links.id
  limit 50);

comment on function app_public.patient_chart_signature_links is
  E'@behavior -queryField\nLinks and kiosks at which a form of the patient can be signed now. Needs forms.view.';
grant execute on function app_public.patient_chart_signature_links to app_member;
