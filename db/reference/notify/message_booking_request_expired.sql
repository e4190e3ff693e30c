-- The message booking_request_expired: what it needs, by which ways it goes, and its words on each. FND-15.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "booking_request_expired"}', rows => '
topic: appointments
visitor_limit: guest
calendar_status: CANCELLED
urgent_within: 12:00:00
lasts: 2 days
variables: {serviceName,specialistName,startsAt,endsAt,timezone,modality}
sample: {"endsAt": "2027-03-08T08:00:00Z", "modality": "in_person", "startsAt": "2027-03-08T07:00:00Z", "timezone": "Europe/Bucharest", "serviceName": "Ședință de kinetoterapie", "specialistName": "Dr. Ana Ionescu"}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "booking_request_expired"}', rows => '
  channel  | route  | rank | is_default
  ---------+--------+------+-----------
  email    | letter | 1    | true
  whatsapp | alert  | 1    | false
  sms      | alert  | 2    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "booking_request_expired"}', rows => '
channel: email
locale: ro
version: 1
title: Cererea pentru {{when}} a expirat
body:
Bună ziua, {{recipientName}},

Ne pare rău, nu am reușit să vă răspundem la timp și cererea dumneavoastră a expirat:

{{serviceName}}
{{specialistName}}
{{when}}

Vă rugăm să alegeți o altă oră.{{#clinicPhone}} Vă ajutăm și telefonic, la {{clinicPhone}}.{{/clinicPhone}}

Cu drag,
{{clinicName}}

==========
channel: email
locale: en
version: 1
title: Your request for {{when}} has expired
body:
Hello {{recipientName}},

We are sorry, we did not manage to answer in time and your request has expired:

{{serviceName}}
{{specialistName}}
{{when}}

Please choose another time.{{#clinicPhone}} We are glad to help by phone too, at {{clinicPhone}}.{{/clinicPhone}}

Warm regards,
{{clinicName}}

==========
channel: sms
locale: ro
version: 1
body: {{clinicName}}: ne pare rău, nu am reușit să vă răspundem la timp, iar cererea pentru {{when}} a expirat. Vă rugăm să alegeți o altă oră.{{#clinicPhone}} Întrebări: {{clinicPhone}}.{{/clinicPhone}}
==========
channel: sms
locale: en
version: 1
body: {{clinicName}}: we are sorry, we did not answer in time and your request for {{when}} has expired. Please choose another time.{{#clinicPhone}} Questions: {{clinicPhone}}.{{/clinicPhone}}
==========
channel: whatsapp
locale: ro
version: 1
body: {{clinicName}}: ne pare rău, nu am reușit să vă răspundem la timp, iar cererea pentru {{when}} a expirat. Vă rugăm să alegeți o altă oră.{{#clinicPhone}} Întrebări: {{clinicPhone}}.{{/clinicPhone}}
==========
channel: whatsapp
locale: en
version: 1
body: {{clinicName}}: we are sorry, we did not answer in time and your request for {{when}} has expired. Please choose another time.{{#clinicPhone}} Questions: {{clinicPhone}}.{{/clinicPhone}}
');
