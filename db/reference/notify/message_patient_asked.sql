-- The message patient_asked: what it needs, by which ways it goes, and its words on each. FND-15, AUT-02.
-- Where nothing is linked to, such as a child's form, it is filled in at the clinic, by its staff or on a kiosk.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "patient_asked"}', rows => '
topic: forms
lasts: 14 days
variables: {what,asked}
sample: {"what": "Chestionar despre durere", "asked": "form:0195f3c0-0000-7000-8000-000000000000"}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "patient_asked"}', rows => '
  channel | route  | rank | is_default
  --------+--------+------+-----------
  email   | letter | 1    | true
  in_app  | inbox  | 1    | true
  push    | alert  | 1    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "patient_asked"}', rows => '
channel: email
locale: ro
version: 1
title: {{clinicName}} vă roagă să completați ceva
body:
Bună ziua, {{recipientName}},

{{clinicName}} vă roagă să completați înainte de următoarea vizită:

{{what}}

{{#askedUrl}}
Îl găsiți aici: {{askedUrl}}
{{/askedUrl}}
{{^askedUrl}}
Îl găsiți în contul dumneavoastră.
{{/askedUrl}}
{{#clinicPhone}}

Aveți o întrebare? Sunați la {{clinicPhone}}.
{{/clinicPhone}}

{{clinicName}}

==========
channel: email
locale: ro
version: 2
title: {{clinicName}} vă roagă să completați ceva
body:
Bună ziua, {{recipientName}},

{{clinicName}} vă roagă să completați înainte de următoarea vizită:

{{what}}

{{#askedUrl}}
Îl găsiți aici: {{askedUrl}}
{{/askedUrl}}
{{^askedUrl}}
Îl completați la clinică: spuneți la recepție când veniți.
{{/askedUrl}}
{{#clinicPhone}}

Aveți o întrebare? Sunați la {{clinicPhone}}.
{{/clinicPhone}}

{{clinicName}}

==========
channel: email
locale: en
version: 1
title: {{clinicName}} asks you to fill something in
body:
Hello {{recipientName}},

{{clinicName}} asks you to fill this in before your next visit:

{{what}}

{{#askedUrl}}
You find it here: {{askedUrl}}
{{/askedUrl}}
{{^askedUrl}}
You find it in your account.
{{/askedUrl}}
{{#clinicPhone}}

Questions? Call {{clinicPhone}}.
{{/clinicPhone}}

{{clinicName}}

==========
channel: email
locale: en
version: 2
title: {{clinicName}} asks you to fill something in
body:
Hello {{recipientName}},

{{clinicName}} asks you to fill this in before your next visit:

{{what}}

{{#askedUrl}}
You find it here: {{askedUrl}}
{{/askedUrl}}
{{^askedUrl}}
You fill it in at the clinic: tell the reception when you come.
{{/askedUrl}}
{{#clinicPhone}}

Questions? Call {{clinicPhone}}.
{{/clinicPhone}}

{{clinicName}}

==========
channel: in_app
locale: ro
version: 1
title: De completat: {{what}}
body: {{clinicName}} vă roagă să completați: {{what}}
==========
channel: in_app
locale: en
version: 1
title: To fill in: {{what}}
body: {{clinicName}} asks you to fill in: {{what}}
==========
channel: push
locale: ro
version: 1
title: {{clinicName}}
body: Aveți ceva de completat.
==========
channel: push
locale: en
version: 1
title: {{clinicName}}
body: You have something to fill in.
');
