-- The message booking_request_confirmed: what it needs, by which ways it goes, and its words on each. FND-15.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "booking_request_confirmed"}', rows => '
topic: appointments
calendar_status: CONFIRMED
urgent_within: 12:00:00
expires_with: startsAt
lasts: 2 days
variables: {serviceName,specialistName,startsAt,endsAt,timezone,modality,bookingRequestId}
sample: {"endsAt": "2027-03-08T08:00:00Z", "bookingRequestId": "0195f3c0-0000-7000-8000-000000000000", "modality": "in_person", "startsAt": "2027-03-08T07:00:00Z", "timezone": "Europe/Bucharest", "serviceName": "Ședință de kinetoterapie", "specialistName": "Dr. Ana Ionescu"}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "booking_request_confirmed"}', rows => '
  channel  | route  | rank | is_default
  ---------+--------+------+-----------
  email    | letter | 1    | true
  whatsapp | alert  | 1    | false
  sms      | alert  | 2    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "booking_request_confirmed"}', rows => '
channel: email
locale: ro
version: 2
title: Programare confirmată: {{when}}
body:
Bună ziua, {{recipientName}},

Programarea dumneavoastră este confirmată:

{{serviceName}}
{{specialistName}}
{{when}}
{{#inPerson}}{{clinicAddress}}{{/inPerson}}{{#video}}Consultație video{{/video}}{{#phone}}Consultație telefonică{{/phone}}

Dacă nu puteți ajunge, vă rugăm să ne anunțați din timp{{#clinicPhone}} la {{clinicPhone}}{{/clinicPhone}}.
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
title: Programare confirmată: {{when}}
body:
Bună ziua, {{recipientName}},

Programarea dumneavoastră este confirmată:

{{serviceName}}
{{specialistName}}
{{when}}
{{#inPerson}}{{clinicAddress}}{{/inPerson}}{{#video}}Consultație video{{/video}}{{#phone}}Consultație telefonică{{/phone}}

Dacă nu puteți ajunge, vă rugăm să ne anunțați din timp{{#clinicPhone}} la {{clinicPhone}}{{/clinicPhone}}.

Vă așteptăm cu drag,
{{clinicName}}

==========
channel: email
locale: en
version: 2
title: Appointment confirmed: {{when}}
body:
Hello {{recipientName}},

Your appointment is confirmed:

{{serviceName}}
{{specialistName}}
{{when}}
{{#inPerson}}{{clinicAddress}}{{/inPerson}}{{#video}}Video consultation{{/video}}{{#phone}}Phone consultation{{/phone}}

If you cannot make it, please let us know in good time{{#clinicPhone}} at {{clinicPhone}}{{/clinicPhone}}.
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
title: Appointment confirmed: {{when}}
body:
Hello {{recipientName}},

Your appointment is confirmed:

{{serviceName}}
{{specialistName}}
{{when}}
{{#inPerson}}{{clinicAddress}}{{/inPerson}}{{#video}}Video consultation{{/video}}{{#phone}}Phone consultation{{/phone}}

If you cannot make it, please let us know in good time{{#clinicPhone}} at {{clinicPhone}}{{/clinicPhone}}.

We look forward to seeing you,
{{clinicName}}

==========
channel: sms
locale: ro
version: 2
body: {{clinicName}}: programarea dumneavoastră este confirmată, {{when}}.{{#bookingUrl}} Mutați sau anulați aici: {{bookingUrl}}{{/bookingUrl}}{{#inPerson}}{{#clinicAddress}} Vă așteptăm la {{clinicAddress}}.{{/clinicAddress}}{{/inPerson}}{{#clinicPhone}} Întrebări: {{clinicPhone}}.{{/clinicPhone}}
==========
channel: sms
locale: ro
version: 1
body: {{clinicName}}: programarea dumneavoastră este confirmată, {{when}}.{{#inPerson}}{{#clinicAddress}} Vă așteptăm la {{clinicAddress}}.{{/clinicAddress}}{{/inPerson}}{{#clinicPhone}} Întrebări: {{clinicPhone}}.{{/clinicPhone}}
==========
channel: sms
locale: en
version: 2
body: {{clinicName}}: your appointment is confirmed, {{when}}.{{#bookingUrl}} Move or cancel here: {{bookingUrl}}{{/bookingUrl}}{{#inPerson}}{{#clinicAddress}} We are at {{clinicAddress}}.{{/clinicAddress}}{{/inPerson}}{{#clinicPhone}} Questions: {{clinicPhone}}.{{/clinicPhone}}
==========
channel: sms
locale: en
version: 1
body: {{clinicName}}: your appointment is confirmed, {{when}}.{{#inPerson}}{{#clinicAddress}} We are at {{clinicAddress}}.{{/clinicAddress}}{{/inPerson}}{{#clinicPhone}} Questions: {{clinicPhone}}.{{/clinicPhone}}
==========
channel: whatsapp
locale: ro
version: 2
body: {{clinicName}}: programarea dumneavoastră este confirmată, {{when}}.{{#bookingUrl}} Mutați sau anulați aici: {{bookingUrl}}{{/bookingUrl}}{{#inPerson}}{{#clinicAddress}} Vă așteptăm la {{clinicAddress}}.{{/clinicAddress}}{{/inPerson}}{{#clinicPhone}} Întrebări: {{clinicPhone}}.{{/clinicPhone}}
==========
channel: whatsapp
locale: ro
version: 1
body: {{clinicName}}: programarea dumneavoastră este confirmată, {{when}}.{{#inPerson}}{{#clinicAddress}} Vă așteptăm la {{clinicAddress}}.{{/clinicAddress}}{{/inPerson}}{{#clinicPhone}} Întrebări: {{clinicPhone}}.{{/clinicPhone}}
==========
channel: whatsapp
locale: en
version: 2
body: {{clinicName}}: your appointment is confirmed, {{when}}.{{#bookingUrl}} Move or cancel here: {{bookingUrl}}{{/bookingUrl}}{{#inPerson}}{{#clinicAddress}} We are at {{clinicAddress}}.{{/clinicAddress}}{{/inPerson}}{{#clinicPhone}} Questions: {{clinicPhone}}.{{/clinicPhone}}
==========
channel: whatsapp
locale: en
version: 1
body: {{clinicName}}: your appointment is confirmed, {{when}}.{{#inPerson}}{{#clinicAddress}} We are at {{clinicAddress}}.{{/clinicAddress}}{{/inPerson}}{{#clinicPhone}} Questions: {{clinicPhone}}.{{/clinicPhone}}
');
