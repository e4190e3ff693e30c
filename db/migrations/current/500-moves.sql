-- What a move needs and whom it tells. A session is not begun days ahead, a clinic answers while there is time to
-- come, a calendar entry keeps its organizer, and every move tells somebody or says why not. APT-01, APT-08, APT-09.

alter table app_public.organizations drop column if exists start_lead_minutes, drop column if exists response_lead_hours;
alter table app_public.organizations
  add column start_lead_minutes int not null default 60,
  add column response_lead_hours int not null default 2,
  -- squawk-ignore constraint-missing-not-valid
  add constraint organizations_start_lead_minutes_is_sensible check (start_lead_minutes between 0 and 1440),
  -- squawk-ignore constraint-missing-not-valid
  add constraint organizations_response_lead_hours_is_sensible check (response_lead_hours between 0 and 168);
comment on column app_public.organizations.start_lead_minutes is
  'How long before its time a session may be started.';
comment on column app_public.organizations.response_lead_hours is
  'A booking request is answered at the latest this long before the time it asks for, so that the guest can still come.';

alter table app_public.booking_requests drop column if exists organizer_email;
alter table app_public.booking_requests add column organizer_email text;
comment on column app_public.booking_requests.organizer_email is
  'The organizer of the guest''s calendar entry, kept from the first invitation: calendars take changes from nobody else.';
alter table app_public.appointments drop column if exists organizer_email;
alter table app_public.appointments add column organizer_email text;
comment on column app_public.appointments.organizer_email is
  'The organizer of the patient''s calendar entry, kept from the first invitation; that of the request where there was one.';

-- Entries that are in calendars already came from the address that the clinic had.
alter table app_public.booking_requests no force row level security;
alter table app_public.appointments no force row level security;
alter table app_public.booking_requests disable trigger user;
alter table app_public.appointments disable trigger user;
set role app_engine;
update app_public.booking_requests set organizer_email = organizations.contact_email
from app_public.organizations
where organizations.id = booking_requests.organization_id and organizations.contact_email is not null;
update app_public.appointments set organizer_email = organizations.contact_email
from app_public.organizations
where organizations.id = appointments.organization_id and organizations.contact_email is not null;
reset role;
alter table app_public.booking_requests enable trigger user;
alter table app_public.appointments enable trigger user;
alter table app_public.booking_requests force row level security;
alter table app_public.appointments force row level security;

-- How long before the time of not_before a move is possible, and why nobody is told of a move that tells nobody.
alter table app_private.state_transitions drop column if exists lead_minutes, drop column if exists quiet_because;
alter table app_private.state_transitions
  add column lead_minutes text,
  add column quiet_because text,
  -- squawk-ignore constraint-missing-not-valid
  add constraint state_transitions_lead_minutes_is_a_column check (lead_minutes is null or (lead_minutes ~ '^[a-z_]+$' and not_before is not null)),
  -- squawk-ignore constraint-missing-not-valid
  add constraint state_transitions_quiet_because_is_not_blank check (quiet_because ~ '\S');
comment on table app_private.state_transitions is
  'Legal moves: entity is the table, from_state "" is creation; actor and permission say who, not_before names the '
  'column whose time must have come, lead_minutes the column of the organization that says how much earlier it may be, '
  'event what is published, quiet_because why nobody is told of it.';

update app_private.state_transitions set not_before = 'starts_at', lead_minutes = 'start_lead_minutes'
where entity = 'appointments' and to_state = 'inprogress';
update app_private.state_transitions set not_before = 'starts_at'
where entity = 'appointments' and to_state = 'done';

update app_private.state_transitions set quiet_because = reasons.why
from (values
  ('appointments', 'upcoming', 'Only time has passed: neither hour nor place has changed.'),
  ('appointments', 'confirmed', 'The invitation that the patient has stays as it is.'),
  ('appointments', 'inprogress', 'Patient and specialist are together.'),
  ('appointments', 'done', 'Patient and specialist were together.'),
  ('appointments', 'noshow', 'What to say to somebody who did not come is for a person to decide.'),
  ('organization_integrations', 'active', 'The clinic''s own staff did it.'),
  ('organization_integrations', 'disabled', 'The list of integrations shows it with its reason.')
) as reasons (entity, to_state, why)
where reasons.entity = state_transitions.entity and reasons.to_state = state_transitions.to_state;

alter table app_private.event_subscriptions no force row level security;
insert into app_private.event_subscriptions (consumer, event_name) values ('notifications', 'booking_request.withdrawn')
on conflict do nothing;
alter table app_private.event_subscriptions force row level security;

insert into app_private.message_types (key, topic, variables, sample, calendar_status, urgent_within, expires_with) values
  ('booking_request_withdrawn', 'appointments', '{serviceName,specialistName,startsAt,endsAt,timezone,modality}',
   '{"serviceName": "Ședință de kinetoterapie", "specialistName": "Dr. Ana Ionescu", "startsAt": "2027-03-08T07:00:00Z", "endsAt": "2027-03-08T08:00:00Z", "timezone": "Europe/Bucharest", "modality": "in_person"}',
   'CANCELLED', '12 hours', null),
  ('booking_request_withdrawn_by_guest', 'clinic', '{serviceName,specialistName,startsAt,endsAt,timezone,modality,guestName}',
   '{"serviceName": "Ședință de kinetoterapie", "specialistName": "Dr. Ana Ionescu", "startsAt": "2027-03-08T07:00:00Z", "endsAt": "2027-03-08T08:00:00Z", "timezone": "Europe/Bucharest", "modality": "in_person", "guestName": "Maria Ionescu"}',
   null, null, 'startsAt'),
  ('appointment_cancelled_by_patient', 'clinic', '{serviceName,specialistName,startsAt,endsAt,timezone,modality,patientName,reason}',
   '{"serviceName": "Ședință de kinetoterapie", "specialistName": "Dr. Ana Ionescu", "startsAt": "2027-03-08T07:00:00Z", "endsAt": "2027-03-08T08:00:00Z", "timezone": "Europe/Bucharest", "modality": "in_person", "patientName": "Maria Ionescu", "reason": "Sunt răcită."}',
   null, null, 'startsAt')
on conflict (key) do update
  set topic = excluded.topic, variables = excluded.variables, sample = excluded.sample,
      calendar_status = excluded.calendar_status, urgent_within = excluded.urgent_within, expires_with = excluded.expires_with;

insert into app_private.message_channels (template_key, channel, route, rank, is_default) values
  ('booking_request_withdrawn', 'email', 'letter', 1, true),
  ('booking_request_withdrawn_by_guest', 'email', 'letter', 1, true),
  ('appointment_cancelled_by_patient', 'email', 'letter', 1, true)
on conflict (template_key, channel) do update
  set route = excluded.route, rank = excluded.rank, is_default = excluded.is_default;

-- Texts are never changed, a version is added. The request's first text promised an answer even where the time is too
-- near for one.
alter table app_private.message_templates no force row level security;
insert into app_private.message_templates (template_key, channel, locale, version, title, body) values
  ('booking_request_received', 'email', 'ro', 2,
   'Am primit cererea dumneavoastră pentru {{when}}',
   $text$Bună ziua, {{recipientName}},

Am primit cererea dumneavoastră:

{{serviceName}}
{{specialistName}}
{{when}}
{{#inPerson}}{{clinicAddress}}{{/inPerson}}{{#video}}Consultație video{{/video}}{{#phone}}Consultație telefonică{{/phone}}

{{#respondByWhen}}
Vă păstrăm ora și vă răspundem cel târziu {{respondByWhen}}.
{{/respondByWhen}}
{{^respondByWhen}}
Vă păstrăm ora. Este aproape, așa că vă rugăm să veniți numai după ce v-am confirmat-o.
{{/respondByWhen}}
{{#clinicPhone}}

Aveți o întrebare? Sunați-ne la {{clinicPhone}}.
{{/clinicPhone}}

Cu drag,
{{clinicName}}
$text$),
  ('booking_request_received', 'email', 'en', 2,
   'We have received your request for {{when}}',
   $text$Hello {{recipientName}},

We have received your request:

{{serviceName}}
{{specialistName}}
{{when}}
{{#inPerson}}{{clinicAddress}}{{/inPerson}}{{#video}}Video consultation{{/video}}{{#phone}}Phone consultation{{/phone}}

{{#respondByWhen}}
We are keeping this time for you and will answer by {{respondByWhen}}.
{{/respondByWhen}}
{{^respondByWhen}}
We are keeping this time for you. It is soon, so please come only once we have confirmed it.
{{/respondByWhen}}
{{#clinicPhone}}

Any questions? Call us at {{clinicPhone}}.
{{/clinicPhone}}

Warm regards,
{{clinicName}}
$text$),
  ('booking_request_received', 'sms', 'ro', 2, null,
   '{{clinicName}}: am primit cererea dumneavoastră pentru {{when}}.{{#respondByWhen}} Vă răspundem cel târziu {{respondByWhen}}.{{/respondByWhen}}{{#clinicPhone}} Întrebări: {{clinicPhone}}.{{/clinicPhone}}'),
  ('booking_request_received', 'sms', 'en', 2, null,
   '{{clinicName}}: we have received your request for {{when}}{{#respondByWhen}} and will answer by {{respondByWhen}}{{/respondByWhen}}.{{#clinicPhone}} Questions: {{clinicPhone}}.{{/clinicPhone}}'),
  ('booking_request_received', 'whatsapp', 'ro', 2, null,
   '{{clinicName}}: am primit cererea dumneavoastră pentru {{when}}.{{#respondByWhen}} Vă răspundem cel târziu {{respondByWhen}}.{{/respondByWhen}}{{#clinicPhone}} Întrebări: {{clinicPhone}}.{{/clinicPhone}}'),
  ('booking_request_received', 'whatsapp', 'en', 2, null,
   '{{clinicName}}: we have received your request for {{when}}{{#respondByWhen}} and will answer by {{respondByWhen}}{{/respondByWhen}}.{{#clinicPhone}} Questions: {{clinicPhone}}.{{/clinicPhone}}'),
  ('booking_request_withdrawn', 'email', 'ro', 1,
   'Cererea dumneavoastră pentru {{when}} este retrasă',
   $text$Bună ziua, {{recipientName}},

Ați retras cererea de programare:

{{serviceName}}
{{specialistName}}
{{when}}

Ora este din nou liberă. Nu mai aveți nimic de făcut.
{{#clinicPhone}}

Aveți o întrebare? Sunați-ne la {{clinicPhone}}.
{{/clinicPhone}}

Cu drag,
{{clinicName}}
$text$),
  ('booking_request_withdrawn', 'email', 'en', 1,
   'Your request for {{when}} is withdrawn',
   $text$Hello {{recipientName}},

You have withdrawn your booking request:

{{serviceName}}
{{specialistName}}
{{when}}

The time is free again. There is nothing more for you to do.
{{#clinicPhone}}

Any questions? Call us at {{clinicPhone}}.
{{/clinicPhone}}

Warm regards,
{{clinicName}}
$text$),
  ('booking_request_withdrawn_by_guest', 'email', 'ro', 1,
   'Cerere retrasă: {{when}}',
   $text$Bună ziua,

{{guestName}} și-a retras cererea de programare:

{{serviceName}}
{{specialistName}}
{{when}}

Ora este din nou liberă.
$text$),
  ('booking_request_withdrawn_by_guest', 'email', 'en', 1,
   'Request withdrawn: {{when}}',
   $text$Hello,

{{guestName}} has withdrawn the booking request:

{{serviceName}}
{{specialistName}}
{{when}}

The time is free again.
$text$),
  ('appointment_cancelled_by_patient', 'email', 'ro', 1,
   'Programare anulată de pacient: {{when}}',
   $text$Bună ziua,

Programarea pacientului {{patientName}} a fost anulată din contul de pacient:

{{serviceName}}
{{specialistName}}
{{when}}
{{#reason}}

{{reason}}
{{/reason}}

Ora este din nou liberă.
$text$),
  ('appointment_cancelled_by_patient', 'email', 'en', 1,
   'Appointment cancelled by the patient: {{when}}',
   $text$Hello,

The appointment of {{patientName}} was cancelled from the patient's account:

{{serviceName}}
{{specialistName}}
{{when}}
{{#reason}}

{{reason}}
{{/reason}}

The time is free again.
$text$)
on conflict (template_key, channel, locale, version) do update set title = excluded.title, body = excluded.body;
alter table app_private.message_templates force row level security;
