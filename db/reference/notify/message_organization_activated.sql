-- The message organization_activated: what it needs, by which ways it goes, and its words on each. FND-15.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "organization_activated"}', rows => '
topic: clinic
lasts: 2 days
variables: {clinicSlug}
sample: {"clinicSlug": "atlas-recuperare"}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "organization_activated"}', rows => '
  channel | route  | rank | is_default
  --------+--------+------+-----------
  email   | letter | 1    | true
  in_app  | inbox  | 1    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "organization_activated"}', rows => '
channel: email
locale: ro
version: 1
title: Bine ați venit pe RestartiX, {{clinicName}}
body:
Bună ziua, {{recipientName}},

{{clinicName}} este acum publică: pacienții o găsesc la adresa „{{clinicSlug}}” și pot cere programări.

Ce urmează: adăugați specialiștii, serviciile și calendarele, apoi invitați-vă colegii.

Cu drag,
echipa RestartiX

==========
channel: email
locale: en
version: 1
title: Welcome to RestartiX, {{clinicName}}
body:
Hello {{recipientName}},

{{clinicName}} is public now: patients find it under "{{clinicSlug}}" and can ask for appointments.

What comes next: add your specialists, services and calendars, then invite your colleagues.

Warm regards,
the RestartiX team

==========
channel: in_app
locale: ro
version: 1
title: {{clinicName}} este publică
body: Pacienții găsesc clinica la adresa „{{clinicSlug}}” și pot cere programări. Adăugați specialiștii, serviciile și calendarele, apoi invitați-vă colegii.
==========
channel: in_app
locale: en
version: 1
title: {{clinicName}} is public
body: Patients find the clinic under "{{clinicSlug}}" and can ask for appointments. Add your specialists, services and calendars, then invite your colleagues.
');
