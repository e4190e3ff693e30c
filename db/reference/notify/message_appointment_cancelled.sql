-- The message appointment_cancelled: what it needs, by which ways it goes, and its words on each. FND-15.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "appointment_cancelled"}', rows => '
topic: appointments
calendar_status: CANCELLED
urgent_within: 12:00:00
lasts: 2 days
variables: {serviceName,specialistName,startsAt,endsAt,timezone,modality,reason}
sample: {"endsAt": "2027-03-08T08:00:00Z", "reason": "Specialistul este indisponibil.", "modality": "in_person", "startsAt": "2027-03-08T07:00:00Z", "timezone": "Europe/Bucharest", "serviceName": "Ședință de kinetoterapie", "specialistName": "Dr. Ana Ionescu"}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "appointment_cancelled"}', rows => '
  channel  | route  | rank | is_default
  ---------+--------+------+-----------
  email    | letter | 1    | true
  in_app   | inbox  | 1    | true
  push     | alert  | 1    | true
  whatsapp | alert  | 2    | false
  sms      | alert  | 3    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "appointment_cancelled"}', rows => '
channel: email
locale: ro
version: 1
title: Programare anulată: {{when}}
body:
Bună ziua, {{recipientName}},

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

==========
channel: email
locale: en
version: 1
title: Appointment cancelled: {{when}}
body:
Hello {{recipientName}},

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

==========
channel: in_app
locale: ro
version: 1
title: Programare anulată: {{when}}
body:
{{serviceName}}
{{specialistName}}
{{when}}
{{#reason}}
{{reason}}
{{/reason}}
==========
channel: in_app
locale: en
version: 1
title: Appointment cancelled: {{when}}
body:
{{serviceName}}
{{specialistName}}
{{when}}
{{#reason}}
{{reason}}
{{/reason}}
==========
channel: push
locale: ro
version: 1
title: {{clinicName}}
body: Programarea de {{when}} a fost anulată.
==========
channel: push
locale: en
version: 1
title: {{clinicName}}
body: Your appointment on {{when}} has been cancelled.
==========
channel: sms
locale: ro
version: 1
body: {{clinicName}}: programarea de {{when}} a fost anulată.{{#clinicPhone}} Întrebări: {{clinicPhone}}.{{/clinicPhone}}
==========
channel: sms
locale: en
version: 1
body: {{clinicName}}: your appointment on {{when}} has been cancelled.{{#clinicPhone}} Questions: {{clinicPhone}}.{{/clinicPhone}}
==========
channel: whatsapp
locale: ro
version: 1
body: {{clinicName}}: programarea de {{when}} a fost anulată.{{#clinicPhone}} Întrebări: {{clinicPhone}}.{{/clinicPhone}}
==========
channel: whatsapp
locale: en
version: 1
body: {{clinicName}}: your appointment on {{when}} has been cancelled.{{#clinicPhone}} Questions: {{clinicPhone}}.{{/clinicPhone}}
');
