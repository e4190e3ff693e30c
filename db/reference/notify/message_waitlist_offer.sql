-- The message waitlist_offer: what it needs, by which ways it goes, and its words on each. FND-15, SCH-10.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "waitlist_offer"}', rows => '
topic: appointments
visitor_limit: guest
expires_with: expiresAt
lasts: 3 days
variables: {serviceName,specialistName,startsAt,endsAt,timezone,modality,waitlistOfferId,expiresAt}
sample: {"endsAt": "2027-03-08T08:00:00Z", "modality": "in_person", "startsAt": "2027-03-08T07:00:00Z", "timezone": "Europe/Bucharest", "expiresAt": "2027-03-02T10:00:00Z", "serviceName": "Ședință de kinetoterapie", "specialistName": "Dr. Ana Ionescu", "waitlistOfferId": "0196f0a0-0000-7000-8000-000000000001"}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "waitlist_offer"}', rows => '
  channel  | route  | rank | is_default
  ---------+--------+------+-----------
  email    | letter | 1    | true
  in_app   | inbox  | 1    | true
  push     | alert  | 1    | true
  whatsapp | alert  | 2    | false
  sms      | alert  | 3    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "waitlist_offer"}', rows => '
channel: email
locale: ro
version: 1
title: S-a eliberat o oră: {{when}}
body:
Bună ziua, {{recipientName}},

S-a eliberat o oră, așa cum ați dorit:

{{serviceName}}
{{specialistName}}
{{when}}
{{#inPerson}}{{clinicAddress}}{{/inPerson}}{{#video}}Consultație video{{/video}}{{#phone}}Consultație telefonică{{/phone}}

O păstrăm pentru dumneavoastră până {{expiresWhen}}.
{{#offerUrl}}
O luați aici:

{{offerUrl}}
{{/offerUrl}}

Dacă nu vi se potrivește, nu trebuie să faceți nimic: ora trece la altcineva, iar dumneavoastră rămâneți pe lista de așteptare. La aceeași adresă puteți și ieși de pe listă.
{{#clinicPhone}}

Aveți o întrebare? Sunați la {{clinicPhone}}.
{{/clinicPhone}}

Cu drag,
{{clinicName}}

==========
channel: email
locale: en
version: 1
title: A time is free: {{when}}
body:
Hello {{recipientName}},

A time is free that suits what you are waiting for:

{{serviceName}}
{{specialistName}}
{{when}}
{{#inPerson}}{{clinicAddress}}{{/inPerson}}{{#video}}Video consultation{{/video}}{{#phone}}Phone consultation{{/phone}}

We keep it for you until {{expiresWhen}}.
{{#offerUrl}}
You take it here:

{{offerUrl}}
{{/offerUrl}}

If it does not suit you, you need not do anything: the time goes to somebody else, and you stay on the waiting list. At the same address you can leave the list, too.
{{#clinicPhone}}

Questions? Call {{clinicPhone}}.
{{/clinicPhone}}

Warm regards,
{{clinicName}}

==========
channel: in_app
locale: ro
version: 1
title: S-a eliberat o oră: {{when}}
body:
{{serviceName}}
{{specialistName}}
{{when}}

O păstrăm pentru dumneavoastră până {{expiresWhen}}.
==========
channel: in_app
locale: en
version: 1
title: A time is free: {{when}}
body:
{{serviceName}}
{{specialistName}}
{{when}}

We keep it for you until {{expiresWhen}}.
==========
channel: push
locale: ro
version: 1
title: {{clinicName}}
body: S-a eliberat o oră: {{when}}.
==========
channel: push
locale: en
version: 1
title: {{clinicName}}
body: A time is free: {{when}}.
==========
channel: sms
locale: ro
version: 1
body: {{#offerUrl}}{{offerUrl}} {{/offerUrl}}{{clinicName}}: s-a eliberat o oră, {{when}}. O păstrăm până {{expiresWhen}}.
==========
channel: sms
locale: en
version: 1
body: {{#offerUrl}}{{offerUrl}} {{/offerUrl}}{{clinicName}}: a time is free, {{when}}. We keep it until {{expiresWhen}}.
==========
channel: whatsapp
locale: ro
version: 1
body: {{clinicName}}: s-a eliberat o oră, {{when}}. O păstrăm până {{expiresWhen}}.{{#offerUrl}} {{offerUrl}}{{/offerUrl}}
==========
channel: whatsapp
locale: en
version: 1
body: {{clinicName}}: a time is free, {{when}}. We keep it until {{expiresWhen}}.{{#offerUrl}} {{offerUrl}}{{/offerUrl}}
');
