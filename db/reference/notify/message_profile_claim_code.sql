-- The message profile_claim_code: what it needs, by which ways it goes, and its words on each. FND-15, FND-32.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "profile_claim_code"}', rows => '
topic: appointments
lasts: 15 minutes
carries_code: true
variables: {code}
sample: {"code": "483 920"}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "profile_claim_code"}', rows => '
  channel | route  | rank | is_default
  --------+--------+------+-----------
  email   | letter | 1    | true
  sms     | alert  | 1    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "profile_claim_code"}', rows => '
channel: email
locale: ro
version: 1
title: {{clinicName}}: codul dumneavoastră
body:
Bună ziua, {{recipientName}},

Cineva a cerut, dintr-un cont nou, accesul la fișa dumneavoastră de la {{clinicName}}.

Dacă sunteți dumneavoastră, scrieți acolo codul:

{{code}}

Codul este valabil 15 minute. Nu îl dați nimănui, nici personalului clinicii.

Dacă nu ați cerut nimic, nu trebuie să faceți nimic: fără cod nu are acces nimeni.
{{#clinicPhone}}

Aveți o întrebare? Sunați la {{clinicPhone}}.
{{/clinicPhone}}

{{clinicName}}

==========
channel: email
locale: en
version: 1
title: {{clinicName}}: your code
body:
Hello {{recipientName}},

Somebody asked, from a new account, for access to your record at {{clinicName}}.

If it was you, enter this code there:

{{code}}

The code is good for 15 minutes. Give it to nobody, not even to staff of the clinic.

If you did not ask for it, there is nothing to do: without the code nobody gets in.
{{#clinicPhone}}

Questions? Call {{clinicPhone}}.
{{/clinicPhone}}

{{clinicName}}

==========
channel: sms
locale: ro
version: 1
body: {{clinicName}}: codul este {{code}}, valabil 15 minute. Nu îl dați nimănui. Dacă nu l-ați cerut dumneavoastră, nu trebuie să faceți nimic.
==========
channel: sms
locale: en
version: 1
body: {{clinicName}}: your code is {{code}}, good for 15 minutes. Give it to nobody. If you did not ask for it, there is nothing to do.
');
