-- The message booking_request_withdrawn_by_guest: what it needs, by which ways it goes, and its words on each. FND-15.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "booking_request_withdrawn_by_guest"}', rows => '
topic: clinic
visitor_limit: front_desk
expires_with: startsAt
lasts: 2 days
variables: {serviceName,specialistName,startsAt,endsAt,timezone,modality,guestName}
sample: {"endsAt": "2027-03-08T08:00:00Z", "modality": "in_person", "startsAt": "2027-03-08T07:00:00Z", "timezone": "Europe/Bucharest", "guestName": "Maria Ionescu", "serviceName": "Ședință de kinetoterapie", "specialistName": "Dr. Ana Ionescu"}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "booking_request_withdrawn_by_guest"}', rows => '
  channel | route  | rank | is_default
  --------+--------+------+-----------
  email   | letter | 1    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "booking_request_withdrawn_by_guest"}', rows => '
channel: email
locale: ro
version: 1
title: Cerere retrasă: {{when}}
body:
Bună ziua,

{{guestName}} și-a retras cererea de programare:

{{serviceName}}
{{specialistName}}
{{when}}

Ora este din nou liberă.

==========
channel: email
locale: en
version: 1
title: Request withdrawn: {{when}}
body:
Hello,

{{guestName}} has withdrawn the booking request:

{{serviceName}}
{{specialistName}}
{{when}}

The time is free again.

');
