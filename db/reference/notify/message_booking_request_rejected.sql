-- The message booking_request_rejected: what it needs, by which ways it goes, and its words on each. FND-15.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "booking_request_rejected"}', rows => '
topic: appointments
calendar_status: CANCELLED
urgent_within: 12:00:00
lasts: 2 days
variables: {serviceName,specialistName,startsAt,endsAt,timezone,modality,reason}
sample: {"endsAt": "2027-03-08T08:00:00Z", "reason": "Cabinetul este închis în acea zi.", "modality": "in_person", "startsAt": "2027-03-08T07:00:00Z", "timezone": "Europe/Bucharest", "serviceName": "Ședință de kinetoterapie", "specialistName": "Dr. Ana Ionescu"}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "booking_request_rejected"}', rows => '
  channel  | route  | rank | is_default
  ---------+--------+------+-----------
  email    | letter | 1    | true
  whatsapp | alert  | 1    | false
  sms      | alert  | 2    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "booking_request_rejected"}', rows => '
channel: email
locale: ro
version: 1
title: Nu putem confirma ora {{when}}
body:
Bună ziua, {{recipientName}},

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

==========
channel: email
locale: en
version: 1
title: We cannot confirm {{when}}
body:
Hello {{recipientName}},

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

==========
channel: sms
locale: ro
version: 1
body: {{clinicName}}: ne pare rău, nu putem confirma ora {{when}}. Vă rugăm să alegeți o altă oră.{{#clinicPhone}} Întrebări: {{clinicPhone}}.{{/clinicPhone}}
==========
channel: sms
locale: en
version: 1
body: {{clinicName}}: we are sorry, we cannot confirm {{when}}. Please choose another time.{{#clinicPhone}} Questions: {{clinicPhone}}.{{/clinicPhone}}
==========
channel: whatsapp
locale: ro
version: 1
body: {{clinicName}}: ne pare rău, nu putem confirma ora {{when}}. Vă rugăm să alegeți o altă oră.{{#clinicPhone}} Întrebări: {{clinicPhone}}.{{/clinicPhone}}
==========
channel: whatsapp
locale: en
version: 1
body: {{clinicName}}: we are sorry, we cannot confirm {{when}}. Please choose another time.{{#clinicPhone}} Questions: {{clinicPhone}}.{{/clinicPhone}}
');
