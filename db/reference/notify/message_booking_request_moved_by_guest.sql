-- The message booking_request_moved_by_guest: what it needs, by which ways it goes, and its words on each. FND-15.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "booking_request_moved_by_guest"}', rows => '
topic: clinic
visitor_limit: front_desk
expires_with: respondBy
lasts: 2 days
variables: {serviceName,specialistName,startsAt,endsAt,timezone,modality,respondBy,guestName}
sample: {"endsAt": "2027-03-08T08:00:00Z", "modality": "in_person", "startsAt": "2027-03-08T07:00:00Z", "timezone": "Europe/Bucharest", "guestName": "Maria Ionescu", "respondBy": "2027-03-02T10:00:00Z", "serviceName": "Ședință de kinetoterapie", "specialistName": "Dr. Ana Ionescu"}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "booking_request_moved_by_guest"}', rows => '
  channel | route  | rank | is_default
  --------+--------+------+-----------
  email   | letter | 1    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "booking_request_moved_by_guest"}', rows => '
channel: email
locale: ro
version: 1
title: Cerere mutată: {{when}}
body:
Bună ziua,

O cerere de programare care așteaptă răspunsul dumneavoastră a fost mutată de cel care a făcut-o. Noua oră:

{{serviceName}}
{{specialistName}}
{{when}}

Numele, așa cum l-a scris vizitatorul (neverificat): „{{guestName}}”

Ora de dinainte este din nou liberă. Cea nouă rămâne rezervată până {{respondByWhen}}. Dacă nu răspundeți până atunci, cererea expiră și ora se eliberează.

==========
channel: email
locale: en
version: 1
title: Request moved: {{when}}
body:
Hello,

A booking request that waits for your answer was moved by whoever made it. The new time:

{{serviceName}}
{{specialistName}}
{{when}}

The name, as the visitor typed it (not verified): "{{guestName}}"

The time before is free again. The new one is kept until {{respondByWhen}}. If nobody answers by then, the request expires and the time becomes free.

');
