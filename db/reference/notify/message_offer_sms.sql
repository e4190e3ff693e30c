-- The message offer_sms: what it needs, by which ways it goes, and its words on each. As automation_sms, for what advertises: it asks for the consent to that. AUT-04.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "offer_sms"}', rows => '
topic: news
lasts: 3 days
variables: {words,patientName,serviceName,specialistName,startsAt,endsAt,timezone,modality,bookingRequestId,asked}
sample: {"words": null, "endsAt": "2027-03-08T08:00:00Z", "modality": "in_person", "startsAt": "2027-03-08T07:00:00Z", "timezone": "Europe/Bucharest", "patientName": "Maria Popa", "serviceName": "Ședință de kinetoterapie", "specialistName": "Dr. Ana Ionescu", "bookingRequestId": "0195f3c0-0000-7000-8000-000000000000", "asked": "form:0195f3c0-0000-7000-8000-000000000000"}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "offer_sms"}', rows => '
  channel | route | rank | is_default
  --------+-------+------+-----------
  sms     | alert | 1    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "offer_sms"}', rows => '
channel: sms
locale: ro
version: 1
body: Aveți un mesaj de la {{clinicName}}.
==========
channel: sms
locale: en
version: 1
body: You have a message from {{clinicName}}.
');
