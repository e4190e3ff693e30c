-- What is written to people, and whom nobody writes to any more. FND-15, APT-08, APT-09.

create table app_private.message_templates (
  key text not null,
  locale text not null,
  version int not null,
  subject text not null,
  body text not null,
  variables text[] not null,
  calendar_status text,
  primary key (key, locale, version),
  constraint message_templates_key_is_a_slug check (key ~ '^[a-z]+(_[a-z]+)*$'),
  constraint message_templates_locale_is_supported check (locale in ('ro', 'en')),
  constraint message_templates_version_counts_from_one check (version >= 1),
  constraint message_templates_subject_is_one_line check (subject !~ '[\r\n]' and length(btrim(subject)) between 1 and 200),
  constraint message_templates_body_is_not_blank check (length(btrim(body)) between 1 and 20000),
  constraint message_templates_calendar_status_is_known check (calendar_status in ('TENTATIVE', 'CONFIRMED', 'CANCELLED'))
);
comment on table app_private.message_templates is
  'Texts in mustache, plain text; the HTML alternative is made from the text. The highest version is used.';
comment on column app_private.message_templates.variables is
  'What notify() must be given, no more and no less. The renderer adds when, respondByWhen, recipientName, '
  'inPerson, video, phone, clinicName, clinicPhone, clinicEmail and clinicAddress.';
comment on column app_private.message_templates.calendar_status is
  'The mail carries a calendar file with this status; null: none.';

create table app_private.messages (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references app_public.organizations on delete restrict,
  channel text not null default 'email',
  template_key text not null,
  template_version int not null,
  locale text not null,
  recipient_email text not null,
  recipient_name text not null,
  data jsonb not null,
  event_id uuid,
  calendar_uid uuid,
  calendar_sequence int,
  status text not null default 'queued',
  attempts int not null default 0,
  vendor_id text,
  sent_at timestamptz,
  failed_reason text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint messages_identity unique (organization_id, id),
  constraint messages_event_is_told_once unique (organization_id, event_id, template_key, recipient_email),
  foreign key (template_key, locale, template_version)
    references app_private.message_templates (key, locale, version) on delete restrict,
  foreign key (organization_id, event_id) references app_private.events (organization_id, id) on delete restrict,
  constraint messages_channel_is_built check (channel in ('email')),
  constraint messages_recipient_email_is_valid check (recipient_email ~ '^[A-Za-z0-9.!#$%&''*+/=?^_`{|}~-]+@[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)+$' and length(recipient_email) <= 254),
  constraint messages_recipient_name_is_one_line check (recipient_name !~ '[\r\n]' and length(recipient_name) <= 250),
  constraint messages_data_is_an_object check (jsonb_typeof(data) = 'object'),
  constraint messages_status_is_known check (status in ('queued', 'sent', 'failed')),
  constraint messages_sent_have_a_time check ((status = 'sent') = (sent_at is not null)),
  constraint messages_failed_have_a_reason check ((status = 'failed') = (failed_reason is not null)),
  constraint messages_calendar_has_uid_and_sequence check ((calendar_uid is null) = (calendar_sequence is null))
);
create index messages_status_idx on app_private.messages (organization_id, status, created_at);
create index messages_template_idx on app_private.messages (template_key, locale, template_version);
create index messages_calendar_idx on app_private.messages (organization_id, calendar_uid, recipient_email);
comment on table app_private.messages is
  'Every message to a person: queued in the transaction of its cause, rendered when it leaves.';
comment on column app_private.messages.calendar_sequence is
  'SEQUENCE of the calendar file: counts up per calendar_uid and recipient, so calendars replace the older entry.';

create table app_private.suppressed_addresses (
  address text primary key,
  reason text not null,
  since timestamptz not null default now(),
  constraint suppressed_addresses_address_is_lower_case check (address = lower(address)),
  constraint suppressed_addresses_reason_is_known check (reason in ('bounce', 'complaint', 'request'))
);
comment on table app_private.suppressed_addresses is
  'Addresses nobody writes to any more. Across clinics: the sending reputation is shared.';

-- Reference data --------------------------------------------------------------------------------

insert into app_private.message_templates (key, locale, version, subject, body, variables, calendar_status) values
  ('organization_activated', 'ro', 1,
   'Bine ați venit pe RestartiX, {{clinicName}}',
   $text$Bună ziua, {{recipientName}},

{{clinicName}} este acum publică: pacienții o găsesc la adresa „{{clinicSlug}}” și pot cere programări.

Ce urmează: adăugați specialiștii, serviciile și calendarele, apoi invitați-vă colegii.

Cu drag,
echipa RestartiX
$text$,
   '{clinicSlug}', null),
  ('organization_activated', 'en', 1,
   'Welcome to RestartiX, {{clinicName}}',
   $text$Hello {{recipientName}},

{{clinicName}} is public now: patients find it under "{{clinicSlug}}" and can ask for appointments.

What comes next: add your specialists, services and calendars, then invite your colleagues.

Warm regards,
the RestartiX team
$text$,
   '{clinicSlug}', null),

  ('booking_request_received', 'ro', 1,
   'Am primit cererea dumneavoastră pentru {{when}}',
   $text$Bună ziua, {{recipientName}},

Am primit cererea dumneavoastră:

{{serviceName}}
{{specialistName}}
{{when}}
{{#inPerson}}{{clinicAddress}}{{/inPerson}}{{#video}}Consultație video{{/video}}{{#phone}}Consultație telefonică{{/phone}}

Vă păstrăm ora și vă răspundem cel târziu {{respondByWhen}}.
{{#clinicPhone}}

Aveți o întrebare? Sunați-ne la {{clinicPhone}}.
{{/clinicPhone}}

Cu drag,
{{clinicName}}
$text$,
   '{serviceName,specialistName,startsAt,endsAt,timezone,modality,respondBy}', 'TENTATIVE'),
  ('booking_request_received', 'en', 1,
   'We have received your request for {{when}}',
   $text$Hello {{recipientName}},

We have received your request:

{{serviceName}}
{{specialistName}}
{{when}}
{{#inPerson}}{{clinicAddress}}{{/inPerson}}{{#video}}Video consultation{{/video}}{{#phone}}Phone consultation{{/phone}}

We are keeping this time for you and will answer by {{respondByWhen}}.
{{#clinicPhone}}

Any questions? Call us at {{clinicPhone}}.
{{/clinicPhone}}

Warm regards,
{{clinicName}}
$text$,
   '{serviceName,specialistName,startsAt,endsAt,timezone,modality,respondBy}', 'TENTATIVE'),

  ('booking_request_to_review', 'ro', 1,
   'Cerere nouă de programare: {{when}}',
   $text$Bună ziua,

{{guestName}} a cerut o programare:

{{serviceName}}
{{specialistName}}
{{when}}

Ora rămâne rezervată până {{respondByWhen}}. Dacă nu răspundeți până atunci, cererea expiră și ora se eliberează.
$text$,
   '{serviceName,specialistName,startsAt,endsAt,timezone,modality,respondBy,guestName}', null),
  ('booking_request_to_review', 'en', 1,
   'New booking request: {{when}}',
   $text$Hello,

{{guestName}} has asked for an appointment:

{{serviceName}}
{{specialistName}}
{{when}}

The time is kept until {{respondByWhen}}. If nobody answers by then, the request expires and the time becomes free.
$text$,
   '{serviceName,specialistName,startsAt,endsAt,timezone,modality,respondBy,guestName}', null),

  ('booking_request_confirmed', 'ro', 1,
   'Programare confirmată: {{when}}',
   $text$Bună ziua, {{recipientName}},

Programarea dumneavoastră este confirmată:

{{serviceName}}
{{specialistName}}
{{when}}
{{#inPerson}}{{clinicAddress}}{{/inPerson}}{{#video}}Consultație video{{/video}}{{#phone}}Consultație telefonică{{/phone}}

Dacă nu puteți ajunge, vă rugăm să ne anunțați din timp{{#clinicPhone}} la {{clinicPhone}}{{/clinicPhone}}.

Vă așteptăm cu drag,
{{clinicName}}
$text$,
   '{serviceName,specialistName,startsAt,endsAt,timezone,modality}', 'CONFIRMED'),
  ('booking_request_confirmed', 'en', 1,
   'Appointment confirmed: {{when}}',
   $text$Hello {{recipientName}},

Your appointment is confirmed:

{{serviceName}}
{{specialistName}}
{{when}}
{{#inPerson}}{{clinicAddress}}{{/inPerson}}{{#video}}Video consultation{{/video}}{{#phone}}Phone consultation{{/phone}}

If you cannot make it, please let us know in good time{{#clinicPhone}} at {{clinicPhone}}{{/clinicPhone}}.

We look forward to seeing you,
{{clinicName}}
$text$,
   '{serviceName,specialistName,startsAt,endsAt,timezone,modality}', 'CONFIRMED'),

  ('booking_request_rejected', 'ro', 1,
   'Nu putem confirma ora {{when}}',
   $text$Bună ziua, {{recipientName}},

Ne pare rău, nu putem confirma cererea dumneavoastră:

{{serviceName}}
{{specialistName}}
{{when}}
{{#reason}}

{{reason}}
{{/reason}}

Ne-ar bucura să găsim împreună o altă oră.{{#clinicPhone}} Ne găsiți la {{clinicPhone}}.{{/clinicPhone}}

Cu drag,
{{clinicName}}
$text$,
   '{serviceName,specialistName,startsAt,endsAt,timezone,modality,reason}', 'CANCELLED'),
  ('booking_request_rejected', 'en', 1,
   'We cannot confirm {{when}}',
   $text$Hello {{recipientName}},

We are sorry, we cannot confirm your request:

{{serviceName}}
{{specialistName}}
{{when}}
{{#reason}}

{{reason}}
{{/reason}}

We would be glad to find another time with you.{{#clinicPhone}} You can reach us at {{clinicPhone}}.{{/clinicPhone}}

Warm regards,
{{clinicName}}
$text$,
   '{serviceName,specialistName,startsAt,endsAt,timezone,modality,reason}', 'CANCELLED'),

  ('booking_request_expired', 'ro', 1,
   'Cererea pentru {{when}} a expirat',
   $text$Bună ziua, {{recipientName}},

Ne pare rău, nu am reușit să vă răspundem la timp și cererea dumneavoastră a expirat:

{{serviceName}}
{{specialistName}}
{{when}}

Vă rugăm să alegeți o altă oră.{{#clinicPhone}} Vă ajutăm și telefonic, la {{clinicPhone}}.{{/clinicPhone}}

Cu drag,
{{clinicName}}
$text$,
   '{serviceName,specialistName,startsAt,endsAt,timezone,modality}', 'CANCELLED'),
  ('booking_request_expired', 'en', 1,
   'Your request for {{when}} has expired',
   $text$Hello {{recipientName}},

We are sorry, we did not manage to answer in time and your request has expired:

{{serviceName}}
{{specialistName}}
{{when}}

Please choose another time.{{#clinicPhone}} We are glad to help by phone too, at {{clinicPhone}}.{{/clinicPhone}}

Warm regards,
{{clinicName}}
$text$,
   '{serviceName,specialistName,startsAt,endsAt,timezone,modality}', 'CANCELLED'),

  ('appointment_booked', 'ro', 1,
   'Programarea dumneavoastră: {{when}}',
   $text$Bună ziua, {{recipientName}},

V-am făcut o programare:

{{serviceName}}
{{specialistName}}
{{when}}
{{#inPerson}}{{clinicAddress}}{{/inPerson}}{{#video}}Consultație video{{/video}}{{#phone}}Consultație telefonică{{/phone}}

Dacă nu puteți ajunge, vă rugăm să ne anunțați din timp{{#clinicPhone}} la {{clinicPhone}}{{/clinicPhone}}.

Vă așteptăm cu drag,
{{clinicName}}
$text$,
   '{serviceName,specialistName,startsAt,endsAt,timezone,modality}', 'CONFIRMED'),
  ('appointment_booked', 'en', 1,
   'Your appointment: {{when}}',
   $text$Hello {{recipientName}},

Your appointment is booked:

{{serviceName}}
{{specialistName}}
{{when}}
{{#inPerson}}{{clinicAddress}}{{/inPerson}}{{#video}}Video consultation{{/video}}{{#phone}}Phone consultation{{/phone}}

If you cannot make it, please let us know in good time{{#clinicPhone}} at {{clinicPhone}}{{/clinicPhone}}.

We look forward to seeing you,
{{clinicName}}
$text$,
   '{serviceName,specialistName,startsAt,endsAt,timezone,modality}', 'CONFIRMED'),

  ('appointment_cancelled', 'ro', 1,
   'Programare anulată: {{when}}',
   $text$Bună ziua, {{recipientName}},

Programarea dumneavoastră a fost anulată:

{{serviceName}}
{{specialistName}}
{{when}}
{{#reason}}

{{reason}}
{{/reason}}

Dacă doriți o altă oră, vă stăm la dispoziție{{#clinicPhone}} la {{clinicPhone}}{{/clinicPhone}}.

Cu drag,
{{clinicName}}
$text$,
   '{serviceName,specialistName,startsAt,endsAt,timezone,modality,reason}', 'CANCELLED'),
  ('appointment_cancelled', 'en', 1,
   'Appointment cancelled: {{when}}',
   $text$Hello {{recipientName}},

Your appointment has been cancelled:

{{serviceName}}
{{specialistName}}
{{when}}
{{#reason}}

{{reason}}
{{/reason}}

If you would like another time, we are here for you{{#clinicPhone}} at {{clinicPhone}}{{/clinicPhone}}.

Warm regards,
{{clinicName}}
$text$,
   '{serviceName,specialistName,startsAt,endsAt,timezone,modality,reason}', 'CANCELLED')
on conflict (key, locale, version) do update
  set subject = excluded.subject,
      body = excluded.body,
      variables = excluded.variables,
      calendar_status = excluded.calendar_status;
