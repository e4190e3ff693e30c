-- The message appointment_reminder: what it needs, by which ways it goes, and its words on each. FND-15.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "appointment_reminder"}', rows => '
topic: appointments
expires_with: startsAt
lasts: 15 days
variables: {serviceName,specialistName,startsAt,endsAt,timezone,modality,bookingRequestId}
sample: {"endsAt": "2027-03-08T08:00:00Z", "bookingRequestId": "0195f3c0-0000-7000-8000-000000000000", "modality": "in_person", "startsAt": "2027-03-08T07:00:00Z", "timezone": "Europe/Bucharest", "serviceName": "Ședință de kinetoterapie", "specialistName": "Dr. Ana Ionescu"}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "appointment_reminder"}', rows => '
  channel  | route  | rank | is_default
  ---------+--------+------+-----------
  email    | letter | 1    | true
  in_app   | inbox  | 1    | true
  push     | alert  | 1    | true
  whatsapp | alert  | 2    | false
  sms      | alert  | 3    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "appointment_reminder"}', rows => '
channel: email
locale: ro
version: 2
title: Vă așteptăm: {{when}}
body:
Bună ziua, {{recipientName}},

Vă reamintim de programarea dumneavoastră:

{{serviceName}}
{{specialistName}}
{{when}}
{{#inPerson}}{{clinicAddress}}{{/inPerson}}{{#video}}Consultație video{{/video}}{{#phone}}Consultație telefonică{{/phone}}

Dacă nu puteți ajunge, vă rugăm să ne anunțați din timp{{#clinicPhone}} la {{clinicPhone}}{{/clinicPhone}}, ca ora să fie liberă pentru altcineva.
{{#bookingUrl}}

Puteți vedea, muta sau anula programarea aici:
{{bookingUrl}}
{{/bookingUrl}}

Vă așteptăm cu drag,
{{clinicName}}

==========
channel: email
locale: ro
version: 1
title: Vă așteptăm: {{when}}
body:
Bună ziua, {{recipientName}},

Vă reamintim de programarea dumneavoastră:

{{serviceName}}
{{specialistName}}
{{when}}
{{#inPerson}}{{clinicAddress}}{{/inPerson}}{{#video}}Consultație video{{/video}}{{#phone}}Consultație telefonică{{/phone}}

Dacă nu puteți ajunge, vă rugăm să ne anunțați din timp{{#clinicPhone}} la {{clinicPhone}}{{/clinicPhone}}, ca ora să fie liberă pentru altcineva.

Vă așteptăm cu drag,
{{clinicName}}

==========
channel: email
locale: en
version: 2
title: See you: {{when}}
body:
Hello {{recipientName}},

This is a reminder of your appointment:

{{serviceName}}
{{specialistName}}
{{when}}
{{#inPerson}}{{clinicAddress}}{{/inPerson}}{{#video}}Video consultation{{/video}}{{#phone}}Phone consultation{{/phone}}

If you cannot make it, please let us know in good time{{#clinicPhone}} at {{clinicPhone}}{{/clinicPhone}}, so that somebody else can have the time.
{{#bookingUrl}}

You can see, move or cancel your appointment here:
{{bookingUrl}}
{{/bookingUrl}}

We look forward to seeing you,
{{clinicName}}

==========
channel: email
locale: en
version: 1
title: See you: {{when}}
body:
Hello {{recipientName}},

This is a reminder of your appointment:

{{serviceName}}
{{specialistName}}
{{when}}
{{#inPerson}}{{clinicAddress}}{{/inPerson}}{{#video}}Video consultation{{/video}}{{#phone}}Phone consultation{{/phone}}

If you cannot make it, please let us know in good time{{#clinicPhone}} at {{clinicPhone}}{{/clinicPhone}}, so that somebody else can have the time.

We look forward to seeing you,
{{clinicName}}

==========
channel: in_app
locale: ro
version: 1
title: Vă așteptăm: {{when}}
body:
{{serviceName}}
{{specialistName}}
{{when}}
{{#inPerson}}{{clinicAddress}}{{/inPerson}}{{#video}}Consultație video{{/video}}{{#phone}}Consultație telefonică{{/phone}}
==========
channel: in_app
locale: en
version: 1
title: See you: {{when}}
body:
{{serviceName}}
{{specialistName}}
{{when}}
{{#inPerson}}{{clinicAddress}}{{/inPerson}}{{#video}}Video consultation{{/video}}{{#phone}}Phone consultation{{/phone}}
==========
channel: push
locale: ro
version: 1
title: {{clinicName}}
body: Vă așteptăm {{when}}.
==========
channel: push
locale: en
version: 1
title: {{clinicName}}
body: Your appointment is on {{when}}.
==========
channel: sms
locale: ro
version: 2
body: {{clinicName}}: vă așteptăm {{when}}.{{#bookingUrl}} Mutați sau anulați aici: {{bookingUrl}}{{/bookingUrl}}{{#inPerson}}{{#clinicAddress}} Adresa: {{clinicAddress}}.{{/clinicAddress}}{{/inPerson}}{{#clinicPhone}} Nu puteți ajunge? Sunați la {{clinicPhone}}.{{/clinicPhone}}
==========
channel: sms
locale: ro
version: 1
body: {{clinicName}}: vă așteptăm {{when}}.{{#inPerson}}{{#clinicAddress}} Adresa: {{clinicAddress}}.{{/clinicAddress}}{{/inPerson}}{{#clinicPhone}} Nu puteți ajunge? Sunați la {{clinicPhone}}.{{/clinicPhone}}
==========
channel: sms
locale: en
version: 2
body: {{clinicName}}: your appointment is on {{when}}.{{#bookingUrl}} Move or cancel here: {{bookingUrl}}{{/bookingUrl}}{{#inPerson}}{{#clinicAddress}} We are at {{clinicAddress}}.{{/clinicAddress}}{{/inPerson}}{{#clinicPhone}} Cannot make it? Call {{clinicPhone}}.{{/clinicPhone}}
==========
channel: sms
locale: en
version: 1
body: {{clinicName}}: your appointment is on {{when}}.{{#inPerson}}{{#clinicAddress}} We are at {{clinicAddress}}.{{/clinicAddress}}{{/inPerson}}{{#clinicPhone}} Cannot make it? Call {{clinicPhone}}.{{/clinicPhone}}
==========
channel: whatsapp
locale: ro
version: 2
body: {{clinicName}}: vă așteptăm {{when}}.{{#bookingUrl}} Mutați sau anulați aici: {{bookingUrl}}{{/bookingUrl}}{{#inPerson}}{{#clinicAddress}} Adresa: {{clinicAddress}}.{{/clinicAddress}}{{/inPerson}}{{#clinicPhone}} Nu puteți ajunge? Sunați la {{clinicPhone}}.{{/clinicPhone}}
==========
channel: whatsapp
locale: ro
version: 1
body: {{clinicName}}: vă așteptăm {{when}}.{{#inPerson}}{{#clinicAddress}} Adresa: {{clinicAddress}}.{{/clinicAddress}}{{/inPerson}}{{#clinicPhone}} Nu puteți ajunge? Sunați la {{clinicPhone}}.{{/clinicPhone}}
==========
channel: whatsapp
locale: en
version: 2
body: {{clinicName}}: your appointment is on {{when}}.{{#bookingUrl}} Move or cancel here: {{bookingUrl}}{{/bookingUrl}}{{#inPerson}}{{#clinicAddress}} We are at {{clinicAddress}}.{{/clinicAddress}}{{/inPerson}}{{#clinicPhone}} Cannot make it? Call {{clinicPhone}}.{{/clinicPhone}}
==========
channel: whatsapp
locale: en
version: 1
body: {{clinicName}}: your appointment is on {{when}}.{{#inPerson}}{{#clinicAddress}} We are at {{clinicAddress}}.{{/clinicAddress}}{{/inPerson}}{{#clinicPhone}} Cannot make it? Call {{clinicPhone}}.{{/clinicPhone}}
');
