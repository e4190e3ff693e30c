-- The message booking_request_withdrawn: what it needs, by which ways it goes, and its words on each. FND-15.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "booking_request_withdrawn"}', rows => '
topic: appointments
visitor_limit: guest
calendar_status: CANCELLED
urgent_within: 12:00:00
lasts: 2 days
variables: {serviceName,specialistName,startsAt,endsAt,timezone,modality}
sample: {"endsAt": "2027-03-08T08:00:00Z", "modality": "in_person", "startsAt": "2027-03-08T07:00:00Z", "timezone": "Europe/Bucharest", "serviceName": "Ședință de kinetoterapie", "specialistName": "Dr. Ana Ionescu"}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "booking_request_withdrawn"}', rows => '
  channel | route  | rank | is_default
  --------+--------+------+-----------
  email   | letter | 1    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "booking_request_withdrawn"}', rows => '
channel: email
locale: ro
version: 1
title: Cererea dumneavoastră pentru {{when}} este retrasă
body:
Bună ziua, {{recipientName}},

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

==========
channel: email
locale: en
version: 1
title: Your request for {{when}} is withdrawn
body:
Hello {{recipientName}},

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

');
