-- The message booking_request_received: what it needs, by which ways it goes, and its words on each. FND-15.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "booking_request_received"}', rows => '
topic: appointments
visitor_limit: guest
calendar_status: TENTATIVE
expires_with: startsAt
lasts: 2 days
variables: {serviceName,specialistName,startsAt,endsAt,timezone,modality,respondBy,bookingRequestId}
sample: {"endsAt": "2027-03-08T08:00:00Z", "bookingRequestId": "0195f3c0-0000-7000-8000-000000000000", "modality": "in_person", "startsAt": "2027-03-08T07:00:00Z", "timezone": "Europe/Bucharest", "respondBy": "2027-03-02T10:00:00Z", "serviceName": "Ședință de kinetoterapie", "specialistName": "Dr. Ana Ionescu"}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "booking_request_received"}', rows => '
  channel  | route  | rank | is_default
  ---------+--------+------+-----------
  email    | letter | 1    | true
  whatsapp | alert  | 1    | false
  sms      | alert  | 2    | false
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "booking_request_received"}', rows => '
channel: email
locale: ro
version: 3
title: Am primit cererea dumneavoastră pentru {{when}}
body:
Bună ziua, {{recipientName}},

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
{{#bookingUrl}}

Puteți vedea, muta sau retrage cererea aici:
{{bookingUrl}}
{{/bookingUrl}}
{{#clinicPhone}}

Aveți o întrebare? Sunați-ne la {{clinicPhone}}.
{{/clinicPhone}}

Cu drag,
{{clinicName}}

==========
channel: email
locale: ro
version: 2
title: Am primit cererea dumneavoastră pentru {{when}}
body:
Bună ziua, {{recipientName}},

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

==========
channel: email
locale: ro
version: 1
title: Am primit cererea dumneavoastră pentru {{when}}
body:
Bună ziua, {{recipientName}},

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

==========
channel: email
locale: en
version: 3
title: We have received your request for {{when}}
body:
Hello {{recipientName}},

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
{{#bookingUrl}}

You can see, move or withdraw your request here:
{{bookingUrl}}
{{/bookingUrl}}
{{#clinicPhone}}

Any questions? Call us at {{clinicPhone}}.
{{/clinicPhone}}

Warm regards,
{{clinicName}}

==========
channel: email
locale: en
version: 2
title: We have received your request for {{when}}
body:
Hello {{recipientName}},

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

==========
channel: email
locale: en
version: 1
title: We have received your request for {{when}}
body:
Hello {{recipientName}},

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

==========
channel: sms
locale: ro
version: 3
body: {{clinicName}}: am primit cererea dumneavoastră pentru {{when}}.{{#respondByWhen}} Vă răspundem cel târziu {{respondByWhen}}.{{/respondByWhen}}{{#bookingUrl}} Mutați sau retrageți aici: {{bookingUrl}}{{/bookingUrl}}{{#clinicPhone}} Întrebări: {{clinicPhone}}.{{/clinicPhone}}
==========
channel: sms
locale: ro
version: 2
body: {{clinicName}}: am primit cererea dumneavoastră pentru {{when}}.{{#respondByWhen}} Vă răspundem cel târziu {{respondByWhen}}.{{/respondByWhen}}{{#clinicPhone}} Întrebări: {{clinicPhone}}.{{/clinicPhone}}
==========
channel: sms
locale: ro
version: 1
body: {{clinicName}}: am primit cererea dumneavoastră pentru {{when}}. Vă răspundem cel târziu {{respondByWhen}}.{{#clinicPhone}} Întrebări: {{clinicPhone}}.{{/clinicPhone}}
==========
channel: sms
locale: en
version: 3
body: {{clinicName}}: we have received your request for {{when}}{{#respondByWhen}} and will answer by {{respondByWhen}}{{/respondByWhen}}.{{#bookingUrl}} Move or withdraw here: {{bookingUrl}}{{/bookingUrl}}{{#clinicPhone}} Questions: {{clinicPhone}}.{{/clinicPhone}}
==========
channel: sms
locale: en
version: 2
body: {{clinicName}}: we have received your request for {{when}}{{#respondByWhen}} and will answer by {{respondByWhen}}{{/respondByWhen}}.{{#clinicPhone}} Questions: {{clinicPhone}}.{{/clinicPhone}}
==========
channel: sms
locale: en
version: 1
body: {{clinicName}}: we have received your request for {{when}} and will answer by {{respondByWhen}}.{{#clinicPhone}} Questions: {{clinicPhone}}.{{/clinicPhone}}
==========
channel: whatsapp
locale: ro
version: 3
body: {{clinicName}}: am primit cererea dumneavoastră pentru {{when}}.{{#respondByWhen}} Vă răspundem cel târziu {{respondByWhen}}.{{/respondByWhen}}{{#bookingUrl}} Mutați sau retrageți aici: {{bookingUrl}}{{/bookingUrl}}{{#clinicPhone}} Întrebări: {{clinicPhone}}.{{/clinicPhone}}
==========
channel: whatsapp
locale: ro
version: 2
body: {{clinicName}}: am primit cererea dumneavoastră pentru {{when}}.{{#respondByWhen}} Vă răspundem cel târziu {{respondByWhen}}.{{/respondByWhen}}{{#clinicPhone}} Întrebări: {{clinicPhone}}.{{/clinicPhone}}
==========
channel: whatsapp
locale: ro
version: 1
body: {{clinicName}}: am primit cererea dumneavoastră pentru {{when}}. Vă răspundem cel târziu {{respondByWhen}}.{{#clinicPhone}} Întrebări: {{clinicPhone}}.{{/clinicPhone}}
==========
channel: whatsapp
locale: en
version: 3
body: {{clinicName}}: we have received your request for {{when}}{{#respondByWhen}} and will answer by {{respondByWhen}}{{/respondByWhen}}.{{#bookingUrl}} Move or withdraw here: {{bookingUrl}}{{/bookingUrl}}{{#clinicPhone}} Questions: {{clinicPhone}}.{{/clinicPhone}}
==========
channel: whatsapp
locale: en
version: 2
body: {{clinicName}}: we have received your request for {{when}}{{#respondByWhen}} and will answer by {{respondByWhen}}{{/respondByWhen}}.{{#clinicPhone}} Questions: {{clinicPhone}}.{{/clinicPhone}}
==========
channel: whatsapp
locale: en
version: 1
body: {{clinicName}}: we have received your request for {{when}} and will answer by {{respondByWhen}}.{{#clinicPhone}} Questions: {{clinicPhone}}.{{/clinicPhone}}
');
