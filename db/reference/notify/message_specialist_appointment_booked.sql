-- The message specialist_appointment_booked: what it needs, by which ways it goes, and its words on each. APT-08, FND-15.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "specialist_appointment_booked"}', rows => '
topic: own_visits
calendar_status: CONFIRMED
expires_with: startsAt
lasts: 2 days
variables: {serviceName,specialistName,startsAt,endsAt,timezone,modality,patientName}
sample: {"endsAt": "2027-03-08T08:00:00Z", "modality": "in_person", "startsAt": "2027-03-08T07:00:00Z", "timezone": "Europe/Bucharest", "patientName": "Maria Ionescu", "serviceName": "Ședință de kinetoterapie", "specialistName": "Dr. Ana Ionescu"}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "specialist_appointment_booked"}', rows => '
  channel | route  | rank | is_default
  --------+--------+------+-----------
  email   | letter | 1    | true
  in_app  | inbox  | 1    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "specialist_appointment_booked"}', rows => '
channel: email
locale: ro
version: 1
title: Programare nouă: {{when}}
body:
Bună ziua, {{recipientName}},

Aveți o programare nouă:

{{serviceName}}
{{patientName}}
{{when}}
{{#video}}Consultație video{{/video}}{{#phone}}Consultație telefonică{{/phone}}

Fișierul de calendar este atașat.

{{clinicName}}

==========
channel: in_app
locale: ro
version: 1
title: Programare nouă: {{when}}
body:
{{serviceName}}
{{patientName}}
{{when}}
{{#video}}Consultație video{{/video}}{{#phone}}Consultație telefonică{{/phone}}
==========
channel: email
locale: en
version: 1
title: New appointment: {{when}}
body:
Hello {{recipientName}},

You have a new appointment:

{{serviceName}}
{{patientName}}
{{when}}
{{#video}}Video consultation{{/video}}{{#phone}}Phone consultation{{/phone}}

The calendar file is attached.

{{clinicName}}

==========
channel: in_app
locale: en
version: 1
title: New appointment: {{when}}
body:
{{serviceName}}
{{patientName}}
{{when}}
{{#video}}Video consultation{{/video}}{{#phone}}Phone consultation{{/phone}}
');
