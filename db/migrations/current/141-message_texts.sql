-- What is told today: its variables, its channels and its short texts. FND-15.
-- A short text stands on a locked screen: the clinic and the time, never what the treatment is.

insert into app_private.message_types (key, topic, variables, sample, calendar_status, urgent_within, expires_with) values
  ('organization_activated', 'clinic', '{clinicSlug}', '{"clinicSlug": "atlas-recuperare"}', null, null, null),
  ('booking_request_received', 'appointments', '{serviceName,specialistName,startsAt,endsAt,timezone,modality,respondBy}',
   '{"serviceName": "Ședință de kinetoterapie", "specialistName": "Dr. Ana Ionescu", "startsAt": "2027-03-08T07:00:00Z", "endsAt": "2027-03-08T08:00:00Z", "timezone": "Europe/Bucharest", "modality": "in_person", "respondBy": "2027-03-02T10:00:00Z"}',
   'TENTATIVE', null, 'startsAt'),
  ('booking_request_to_review', 'clinic', '{serviceName,specialistName,startsAt,endsAt,timezone,modality,respondBy,guestName}',
   '{"serviceName": "Ședință de kinetoterapie", "specialistName": "Dr. Ana Ionescu", "startsAt": "2027-03-08T07:00:00Z", "endsAt": "2027-03-08T08:00:00Z", "timezone": "Europe/Bucharest", "modality": "in_person", "respondBy": "2027-03-02T10:00:00Z", "guestName": "Maria Ionescu"}',
   null, null, 'respondBy'),
  ('booking_request_confirmed', 'appointments', '{serviceName,specialistName,startsAt,endsAt,timezone,modality}',
   '{"serviceName": "Ședință de kinetoterapie", "specialistName": "Dr. Ana Ionescu", "startsAt": "2027-03-08T07:00:00Z", "endsAt": "2027-03-08T08:00:00Z", "timezone": "Europe/Bucharest", "modality": "in_person"}',
   'CONFIRMED', '12 hours', 'startsAt'),
  ('booking_request_rejected', 'appointments', '{serviceName,specialistName,startsAt,endsAt,timezone,modality,reason}',
   '{"serviceName": "Ședință de kinetoterapie", "specialistName": "Dr. Ana Ionescu", "startsAt": "2027-03-08T07:00:00Z", "endsAt": "2027-03-08T08:00:00Z", "timezone": "Europe/Bucharest", "modality": "in_person", "reason": "Cabinetul este închis în acea zi."}',
   'CANCELLED', '12 hours', null),
  ('booking_request_expired', 'appointments', '{serviceName,specialistName,startsAt,endsAt,timezone,modality}',
   '{"serviceName": "Ședință de kinetoterapie", "specialistName": "Dr. Ana Ionescu", "startsAt": "2027-03-08T07:00:00Z", "endsAt": "2027-03-08T08:00:00Z", "timezone": "Europe/Bucharest", "modality": "in_person"}',
   'CANCELLED', '12 hours', null),
  ('appointment_booked', 'appointments', '{serviceName,specialistName,startsAt,endsAt,timezone,modality}',
   '{"serviceName": "Ședință de kinetoterapie", "specialistName": "Dr. Ana Ionescu", "startsAt": "2027-03-08T07:00:00Z", "endsAt": "2027-03-08T08:00:00Z", "timezone": "Europe/Bucharest", "modality": "in_person"}',
   'CONFIRMED', '12 hours', 'startsAt'),
  ('appointment_cancelled', 'appointments', '{serviceName,specialistName,startsAt,endsAt,timezone,modality,reason}',
   '{"serviceName": "Ședință de kinetoterapie", "specialistName": "Dr. Ana Ionescu", "startsAt": "2027-03-08T07:00:00Z", "endsAt": "2027-03-08T08:00:00Z", "timezone": "Europe/Bucharest", "modality": "in_person", "reason": "Specialistul este indisponibil."}',
   'CANCELLED', '12 hours', null)
on conflict (key) do update
  set topic = excluded.topic, variables = excluded.variables, sample = excluded.sample,
      calendar_status = excluded.calendar_status, urgent_within = excluded.urgent_within, expires_with = excluded.expires_with;

-- The mail comes with the calendar file. Beside it one alert: a notice of the app, which costs nothing; else WhatsApp
-- for who asked for it (its rules want an opt-in) at a clinic with an approved text; else an SMS.
insert into app_private.message_channels (template_key, channel, route, rank, is_default) values
  ('organization_activated', 'email', 'letter', 1, true),
  ('organization_activated', 'in_app', 'inbox', 1, true),
  ('booking_request_to_review', 'email', 'letter', 1, true),
  ('booking_request_received', 'email', 'letter', 1, true),
  ('booking_request_received', 'whatsapp', 'alert', 1, false),
  ('booking_request_received', 'sms', 'alert', 2, false),
  ('booking_request_confirmed', 'email', 'letter', 1, true),
  ('booking_request_confirmed', 'whatsapp', 'alert', 1, false),
  ('booking_request_confirmed', 'sms', 'alert', 2, true),
  ('booking_request_rejected', 'email', 'letter', 1, true),
  ('booking_request_rejected', 'whatsapp', 'alert', 1, false),
  ('booking_request_rejected', 'sms', 'alert', 2, true),
  ('booking_request_expired', 'email', 'letter', 1, true),
  ('booking_request_expired', 'whatsapp', 'alert', 1, false),
  ('booking_request_expired', 'sms', 'alert', 2, true),
  ('appointment_booked', 'email', 'letter', 1, true),
  ('appointment_booked', 'push', 'alert', 1, true),
  ('appointment_booked', 'whatsapp', 'alert', 2, false),
  ('appointment_booked', 'sms', 'alert', 3, true),
  ('appointment_booked', 'in_app', 'inbox', 1, true),
  ('appointment_cancelled', 'email', 'letter', 1, true),
  ('appointment_cancelled', 'push', 'alert', 1, true),
  ('appointment_cancelled', 'whatsapp', 'alert', 2, false),
  ('appointment_cancelled', 'sms', 'alert', 3, true),
  ('appointment_cancelled', 'in_app', 'inbox', 1, true)
on conflict (template_key, channel) do update
  set route = excluded.route, rank = excluded.rank, is_default = excluded.is_default;

insert into app_private.message_templates (template_key, channel, locale, version, title, body) values
  ('booking_request_received', 'sms', 'ro', 1, null,
   '{{clinicName}}: am primit cererea dumneavoastră pentru {{when}}. Vă răspundem cel târziu {{respondByWhen}}.{{#clinicPhone}} Întrebări: {{clinicPhone}}.{{/clinicPhone}}'),
  ('booking_request_received', 'sms', 'en', 1, null,
   '{{clinicName}}: we have received your request for {{when}} and will answer by {{respondByWhen}}.{{#clinicPhone}} Questions: {{clinicPhone}}.{{/clinicPhone}}'),
  ('booking_request_received', 'whatsapp', 'ro', 1, null,
   '{{clinicName}}: am primit cererea dumneavoastră pentru {{when}}. Vă răspundem cel târziu {{respondByWhen}}.{{#clinicPhone}} Întrebări: {{clinicPhone}}.{{/clinicPhone}}'),
  ('booking_request_received', 'whatsapp', 'en', 1, null,
   '{{clinicName}}: we have received your request for {{when}} and will answer by {{respondByWhen}}.{{#clinicPhone}} Questions: {{clinicPhone}}.{{/clinicPhone}}'),
  ('booking_request_confirmed', 'sms', 'ro', 1, null,
   '{{clinicName}}: programarea dumneavoastră este confirmată, {{when}}.{{#inPerson}}{{#clinicAddress}} Vă așteptăm la {{clinicAddress}}.{{/clinicAddress}}{{/inPerson}}{{#clinicPhone}} Întrebări: {{clinicPhone}}.{{/clinicPhone}}'),
  ('booking_request_confirmed', 'sms', 'en', 1, null,
   '{{clinicName}}: your appointment is confirmed, {{when}}.{{#inPerson}}{{#clinicAddress}} We are at {{clinicAddress}}.{{/clinicAddress}}{{/inPerson}}{{#clinicPhone}} Questions: {{clinicPhone}}.{{/clinicPhone}}'),
  ('booking_request_confirmed', 'whatsapp', 'ro', 1, null,
   '{{clinicName}}: programarea dumneavoastră este confirmată, {{when}}.{{#inPerson}}{{#clinicAddress}} Vă așteptăm la {{clinicAddress}}.{{/clinicAddress}}{{/inPerson}}{{#clinicPhone}} Întrebări: {{clinicPhone}}.{{/clinicPhone}}'),
  ('booking_request_confirmed', 'whatsapp', 'en', 1, null,
   '{{clinicName}}: your appointment is confirmed, {{when}}.{{#inPerson}}{{#clinicAddress}} We are at {{clinicAddress}}.{{/clinicAddress}}{{/inPerson}}{{#clinicPhone}} Questions: {{clinicPhone}}.{{/clinicPhone}}'),
  ('booking_request_rejected', 'sms', 'ro', 1, null,
   '{{clinicName}}: ne pare rău, nu putem confirma ora {{when}}. Vă rugăm să alegeți o altă oră.{{#clinicPhone}} Întrebări: {{clinicPhone}}.{{/clinicPhone}}'),
  ('booking_request_rejected', 'sms', 'en', 1, null,
   '{{clinicName}}: we are sorry, we cannot confirm {{when}}. Please choose another time.{{#clinicPhone}} Questions: {{clinicPhone}}.{{/clinicPhone}}'),
  ('booking_request_rejected', 'whatsapp', 'ro', 1, null,
   '{{clinicName}}: ne pare rău, nu putem confirma ora {{when}}. Vă rugăm să alegeți o altă oră.{{#clinicPhone}} Întrebări: {{clinicPhone}}.{{/clinicPhone}}'),
  ('booking_request_rejected', 'whatsapp', 'en', 1, null,
   '{{clinicName}}: we are sorry, we cannot confirm {{when}}. Please choose another time.{{#clinicPhone}} Questions: {{clinicPhone}}.{{/clinicPhone}}'),
  ('booking_request_expired', 'sms', 'ro', 1, null,
   '{{clinicName}}: ne pare rău, nu am reușit să vă răspundem la timp, iar cererea pentru {{when}} a expirat. Vă rugăm să alegeți o altă oră.{{#clinicPhone}} Întrebări: {{clinicPhone}}.{{/clinicPhone}}'),
  ('booking_request_expired', 'sms', 'en', 1, null,
   '{{clinicName}}: we are sorry, we did not answer in time and your request for {{when}} has expired. Please choose another time.{{#clinicPhone}} Questions: {{clinicPhone}}.{{/clinicPhone}}'),
  ('booking_request_expired', 'whatsapp', 'ro', 1, null,
   '{{clinicName}}: ne pare rău, nu am reușit să vă răspundem la timp, iar cererea pentru {{when}} a expirat. Vă rugăm să alegeți o altă oră.{{#clinicPhone}} Întrebări: {{clinicPhone}}.{{/clinicPhone}}'),
  ('booking_request_expired', 'whatsapp', 'en', 1, null,
   '{{clinicName}}: we are sorry, we did not answer in time and your request for {{when}} has expired. Please choose another time.{{#clinicPhone}} Questions: {{clinicPhone}}.{{/clinicPhone}}'),
  ('appointment_booked', 'sms', 'ro', 1, null,
   '{{clinicName}}: aveți o programare {{when}}.{{#inPerson}}{{#clinicAddress}} Vă așteptăm la {{clinicAddress}}.{{/clinicAddress}}{{/inPerson}}{{#clinicPhone}} Întrebări: {{clinicPhone}}.{{/clinicPhone}}'),
  ('appointment_booked', 'sms', 'en', 1, null,
   '{{clinicName}}: you have an appointment on {{when}}.{{#inPerson}}{{#clinicAddress}} We are at {{clinicAddress}}.{{/clinicAddress}}{{/inPerson}}{{#clinicPhone}} Questions: {{clinicPhone}}.{{/clinicPhone}}'),
  ('appointment_booked', 'whatsapp', 'ro', 1, null,
   '{{clinicName}}: aveți o programare {{when}}.{{#inPerson}}{{#clinicAddress}} Vă așteptăm la {{clinicAddress}}.{{/clinicAddress}}{{/inPerson}}{{#clinicPhone}} Întrebări: {{clinicPhone}}.{{/clinicPhone}}'),
  ('appointment_booked', 'whatsapp', 'en', 1, null,
   '{{clinicName}}: you have an appointment on {{when}}.{{#inPerson}}{{#clinicAddress}} We are at {{clinicAddress}}.{{/clinicAddress}}{{/inPerson}}{{#clinicPhone}} Questions: {{clinicPhone}}.{{/clinicPhone}}'),
  ('appointment_cancelled', 'sms', 'ro', 1, null,
   '{{clinicName}}: programarea de {{when}} a fost anulată.{{#clinicPhone}} Întrebări: {{clinicPhone}}.{{/clinicPhone}}'),
  ('appointment_cancelled', 'sms', 'en', 1, null,
   '{{clinicName}}: your appointment on {{when}} has been cancelled.{{#clinicPhone}} Questions: {{clinicPhone}}.{{/clinicPhone}}'),
  ('appointment_cancelled', 'whatsapp', 'ro', 1, null,
   '{{clinicName}}: programarea de {{when}} a fost anulată.{{#clinicPhone}} Întrebări: {{clinicPhone}}.{{/clinicPhone}}'),
  ('appointment_cancelled', 'whatsapp', 'en', 1, null,
   '{{clinicName}}: your appointment on {{when}} has been cancelled.{{#clinicPhone}} Questions: {{clinicPhone}}.{{/clinicPhone}}'),
  ('appointment_booked', 'push', 'ro', 1, '{{clinicName}}',
   'Aveți o programare {{when}}.'),
  ('appointment_booked', 'push', 'en', 1, '{{clinicName}}',
   'You have an appointment on {{when}}.'),
  ('appointment_cancelled', 'push', 'ro', 1, '{{clinicName}}',
   'Programarea de {{when}} a fost anulată.'),
  ('appointment_cancelled', 'push', 'en', 1, '{{clinicName}}',
   'Your appointment on {{when}} has been cancelled.'),
  ('organization_activated', 'in_app', 'ro', 1, '{{clinicName}} este publică',
   'Pacienții găsesc clinica la adresa „{{clinicSlug}}” și pot cere programări. Adăugați specialiștii, serviciile și calendarele, apoi invitați-vă colegii.'),
  ('organization_activated', 'in_app', 'en', 1, '{{clinicName}} is public',
   'Patients find the clinic under "{{clinicSlug}}" and can ask for appointments. Add your specialists, services and calendars, then invite your colleagues.'),
  ('appointment_booked', 'in_app', 'ro', 1, 'Programare: {{when}}',
   $text${{serviceName}}
{{specialistName}}
{{when}}
{{#inPerson}}{{clinicAddress}}{{/inPerson}}{{#video}}Consultație video{{/video}}{{#phone}}Consultație telefonică{{/phone}}$text$),
  ('appointment_booked', 'in_app', 'en', 1, 'Appointment: {{when}}',
   $text${{serviceName}}
{{specialistName}}
{{when}}
{{#inPerson}}{{clinicAddress}}{{/inPerson}}{{#video}}Video consultation{{/video}}{{#phone}}Phone consultation{{/phone}}$text$),
  ('appointment_cancelled', 'in_app', 'ro', 1, 'Programare anulată: {{when}}',
   $text${{serviceName}}
{{specialistName}}
{{when}}
{{#reason}}
{{reason}}
{{/reason}}$text$),
  ('appointment_cancelled', 'in_app', 'en', 1, 'Appointment cancelled: {{when}}',
   $text${{serviceName}}
{{specialistName}}
{{when}}
{{#reason}}
{{reason}}
{{/reason}}$text$)
on conflict (template_key, channel, locale, version) do update set title = excluded.title, body = excluded.body;

alter table app_private.message_templates drop constraint if exists message_templates_are_of_a_type;
alter table app_private.message_templates
  -- squawk-ignore constraint-missing-not-valid, adding-foreign-key-constraint
  add constraint message_templates_are_of_a_type foreign key (template_key, channel)
    references app_private.message_channels (template_key, channel) on delete restrict;
alter table app_private.message_templates force row level security;
