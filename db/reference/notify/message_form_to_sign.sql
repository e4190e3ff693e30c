-- The message form_to_sign: what it needs, by which ways it goes, and its words on each. FND-15, CNS-06.
-- It says nothing of what the form is about: the link asks who opens it before it shows that. In an SMS the link stands before
-- the clinic's name, so that a long name cannot cut it off.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "form_to_sign"}', rows => '
topic: forms
lasts: 30 days
expires_with: expiresAt
variables: {signatureLinkId,expiresAt,timezone,byCode}
sample: {"signatureLinkId": "0195f3c0-0000-7000-8000-000000000000", "expiresAt": "2027-03-08T09:00:00+02:00", "timezone": "Europe/Bucharest", "byCode": null}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "form_to_sign"}', rows => '
  channel | route  | rank | is_default
  --------+--------+------+-----------
  email   | letter | 1    | true
  sms     | alert  | 1    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "form_to_sign"}', rows => '
channel: email
locale: ro
version: 1
title: {{clinicName}}: un formular de semnat
body:
Bună ziua, {{recipientName}},

{{clinicName}} vă roagă să completați și să semnați un formular. Îl găsiți aici:

{{signingUrl}}

Linkul este numai pentru dumneavoastră, poate fi folosit o singură dată și este valabil până {{expiresWhen}}. La deschidere vă cerem {{#byCode}}codul primit de la clinică{{/byCode}}{{^byCode}}data nașterii pacientului{{/byCode}}.

Dacă nu cunoașteți clinica, nu faceți nimic.
{{#clinicPhone}}

Aveți o întrebare? Sunați la {{clinicPhone}}.
{{/clinicPhone}}

{{clinicName}}

==========
channel: email
locale: en
version: 1
title: {{clinicName}}: a form to sign
body:
Hello {{recipientName}},

{{clinicName}} asks you to fill in and sign a form. You find it here:

{{signingUrl}}

The link is for you alone, works once, and is good until {{expiresWhen}}. When you open it we ask for {{#byCode}}the code that the clinic gave you{{/byCode}}{{^byCode}}the patient''s date of birth{{/byCode}}.

If you do not know the clinic, you need not do anything.
{{#clinicPhone}}

Questions? Call {{clinicPhone}}.
{{/clinicPhone}}

{{clinicName}}

==========
channel: sms
locale: ro
version: 1
body: Formular de semnat, valabil până {{expiresWhen}}: {{signingUrl}} {{clinicName}}
==========
channel: sms
locale: en
version: 1
body: A form to sign, good until {{expiresWhen}}: {{signingUrl}} {{clinicName}}
');
