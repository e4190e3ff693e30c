-- The message booking_request_to_review: what it needs, by which ways it goes, and its words on each. FND-15.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "booking_request_to_review"}', rows => '
topic: clinic
visitor_limit: front_desk
expires_with: respondBy
lasts: 2 days
variables: {serviceName,specialistName,startsAt,endsAt,timezone,modality,respondBy,guestName}
sample: {"endsAt": "2027-03-08T08:00:00Z", "modality": "in_person", "startsAt": "2027-03-08T07:00:00Z", "timezone": "Europe/Bucharest", "guestName": "Maria Ionescu", "respondBy": "2027-03-02T10:00:00Z", "serviceName": "Ședință de kinetoterapie", "specialistName": "Dr. Ana Ionescu"}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "booking_request_to_review"}', rows => '
  channel | route  | rank | is_default
  --------+--------+------+-----------
  email   | letter | 1    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "booking_request_to_review"}', rows => '
channel: email
locale: ro
version: 2
title: Cerere nouă de programare: {{when}}
body:
Bună ziua,

Un vizitator al paginii de programări a cerut o programare:

{{serviceName}}
{{specialistName}}
{{when}}

Numele, așa cum l-a scris vizitatorul (neverificat): „{{guestName}}”

Ora rămâne rezervată până {{respondByWhen}}. Dacă nu răspundeți până atunci, cererea expiră și ora se eliberează.

==========
channel: email
locale: ro
version: 1
title: Cerere nouă de programare: {{when}}
body:
Bună ziua,

{{guestName}} a cerut o programare:

{{serviceName}}
{{specialistName}}
{{when}}

Ora rămâne rezervată până {{respondByWhen}}. Dacă nu răspundeți până atunci, cererea expiră și ora se eliberează.

==========
channel: email
locale: en
version: 2
title: New booking request: {{when}}
body:
Hello,

A visitor of the booking page has asked for an appointment:

{{serviceName}}
{{specialistName}}
{{when}}

The name, as the visitor typed it (not verified): "{{guestName}}"

The time is kept until {{respondByWhen}}. If nobody answers by then, the request expires and the time becomes free.

==========
channel: email
locale: en
version: 1
title: New booking request: {{when}}
body:
Hello,

{{guestName}} has asked for an appointment:

{{serviceName}}
{{specialistName}}
{{when}}

The time is kept until {{respondByWhen}}. If nobody answers by then, the request expires and the time becomes free.

');
