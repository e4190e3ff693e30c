-- The message subscription_report_unclear: what it needs, by which ways it goes, and its words on each. BIL-09, FND-15.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "subscription_report_unclear"}', rows => '
topic: clinic
lasts: 7 days
variables: {externalReference}
sample: {"externalReference": "sub_1RtY2k"}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "subscription_report_unclear"}', rows => '
  channel | route  | rank | is_default
  --------+--------+------+-----------
  email   | letter | 1    | true
  in_app  | inbox  | 1    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "subscription_report_unclear"}', rows => '
channel: email
locale: ro
version: 1
title: De verificat: abonamentul {{externalReference}}
body:
Bună ziua, {{recipientName}},

Furnizorul de plăți al clinicii a transmis despre abonamentul {{externalReference}} ceva ce nu l-a schimbat la noi: fie o stare pe care nu o cunoaștem, fie una a unui abonament încheiat.

Deschideți abonamentul pacientului, vedeți ce s-a transmis și schimbați-i starea, dacă este nevoie.

{{clinicName}}

==========
channel: email
locale: en
version: 1
title: To be checked: subscription {{externalReference}}
body:
Hello {{recipientName}},

The clinic''s payment provider reported something about the subscription {{externalReference}} that changed nothing here: a status that we do not know, or one of a subscription that has ended.

Open the patient''s subscription, see what was reported, and change its status where needed.

{{clinicName}}

==========
channel: in_app
locale: ro
version: 1
title: De verificat: abonamentul {{externalReference}}
body:
Furnizorul de plăți a transmis o stare care nu l-a schimbat.
==========
channel: in_app
locale: en
version: 1
title: To be checked: subscription {{externalReference}}
body:
The payment provider reported a status that did not change it.
');
