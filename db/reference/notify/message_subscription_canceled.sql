-- The message subscription_canceled: what it needs, by which ways it goes, and its words on each. BIL-01, BIL-05, FND-15.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "subscription_canceled"}', rows => '
topic: clinic
lasts: 7 days
variables: {}
sample: {}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "subscription_canceled"}', rows => '
  channel | route  | rank | is_default
  --------+--------+------+-----------
  email   | letter | 1    | true
  in_app  | inbox  | 1    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "subscription_canceled"}', rows => '
channel: email
locale: ro
version: 1
title: {{clinicName}}: abonamentul s-a încheiat
body:
Bună ziua, {{recipientName}},

Abonamentul clinicii {{clinicName}} s-a încheiat. Clinica nu mai primește programări și planuri noi; ce este programat și tratamentele începute continuă, iar datele se pot citi și exporta.

Puteți alege oricând un plan nou, la Abonament și facturare.

Cu drag,
echipa RestartiX

==========
channel: email
locale: en
version: 1
title: {{clinicName}}: the subscription has ended
body:
Hello {{recipientName}},

The subscription of {{clinicName}} has ended. The clinic takes no new bookings and plans; what is booked and treatment under way go on, and the data can be read and exported.

You can choose a plan again at any time, under billing.

Warm regards,
the RestartiX team

==========
channel: in_app
locale: ro
version: 1
title: {{clinicName}}: abonamentul s-a încheiat
body:
Datele se pot citi și exporta. Puteți alege oricând un plan nou.
==========
channel: in_app
locale: en
version: 1
title: {{clinicName}}: the subscription has ended
body:
The data can be read and exported. You can choose a plan again at any time.
');
