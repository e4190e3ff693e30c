-- The message member_invited: what it needs, by which ways it goes, and its words on each. FND-15.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "member_invited"}', rows => '
topic: clinic
lasts: 14 days
variables: {invitedAddress}
sample: {"invitedAddress": "ana.ionescu@example.com"}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "member_invited"}', rows => '
  channel | route  | rank | is_default
  --------+--------+------+-----------
  email   | letter | 1    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "member_invited"}', rows => '
channel: email
locale: ro
version: 1
title: {{clinicName}} vă invită în echipă
body:
Bună ziua, {{recipientName}},

{{clinicName}} vă invită să lucrați împreună pe RestartiX.

Intrați în cont, sau faceți-vă unul, cu adresa {{invitedAddress}} și acceptați invitația. Ea este valabilă 14 zile și numai pentru această adresă.

Până când o acceptați, clinica nu află nimic despre dumneavoastră. Dacă nu cunoașteți clinica, puteți refuza invitația sau o puteți lăsa să expire.
{{#clinicPhone}}

Aveți o întrebare? Sunați la {{clinicPhone}}.
{{/clinicPhone}}

{{clinicName}}

==========
channel: email
locale: en
version: 1
title: {{clinicName}} invites you to its team
body:
Hello {{recipientName}},

{{clinicName}} invites you to work together on RestartiX.

Sign in, or make an account, with the address {{invitedAddress}} and accept the invitation. It is good for 14 days, and for this address only.

Until you accept it, the clinic learns nothing about you. If you do not know the clinic, you may decline the invitation or let it expire.
{{#clinicPhone}}

Questions? Call {{clinicPhone}}.
{{/clinicPhone}}

{{clinicName}}

');
