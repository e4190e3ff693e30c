-- The message followup_not_booked: what it needs, by which ways it goes, and its words on each. FND-15, AUT-02.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "followup_not_booked"}', rows => '
topic: clinic
lasts: 7 days
variables: {patientName,serviceName}
sample: {"patientName": "Maria Popa", "serviceName": "Ședință de kinetoterapie"}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "followup_not_booked"}', rows => '
  channel | route  | rank | is_default
  --------+--------+------+-----------
  email   | letter | 1    | true
  in_app  | inbox  | 1    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "followup_not_booked"}', rows => '
channel: email
locale: ro
version: 1
title: De programat: {{patientName}}
body:
Bună ziua, {{recipientName}},

Următoarea vizită nu a putut fi programată automat:

{{patientName}}
{{serviceName}}

Vă rugăm să o programați dumneavoastră. Motivul este scris la automatizările clinicii.

{{clinicName}}

==========
channel: email
locale: en
version: 1
title: To book: {{patientName}}
body:
Hello {{recipientName}},

The next visit could not be booked automatically:

{{patientName}}
{{serviceName}}

Please book it yourself. Why it could not be is written with what the clinics automations did.

{{clinicName}}

==========
channel: in_app
locale: ro
version: 1
title: De programat: {{patientName}}
body: {{serviceName}}: vizita nu a putut fi programată automat.
==========
channel: in_app
locale: en
version: 1
title: To book: {{patientName}}
body: {{serviceName}}: the visit could not be booked automatically.
');
