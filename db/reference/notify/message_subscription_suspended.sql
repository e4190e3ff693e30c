-- The message subscription_suspended: what it needs, by which ways it goes, and its words on each. BIL-01, BIL-05, FND-15.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "subscription_suspended"}', rows => '
topic: clinic
lasts: 7 days
variables: {dueAmount,currency,accountHolder,accountIban,accountBank,accountBic,accountReference}
sample: {"dueAmount": "59381", "currency": "RON", "accountHolder": "RestartiX SRL", "accountIban": "RO49 AAAA 1B31 0075 9384 0000", "accountBank": "Banca Exemplu", "accountBic": null, "accountReference": "RX 1042"}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "subscription_suspended"}', rows => '
  channel | route  | rank | is_default
  --------+--------+------+-----------
  email   | letter | 1    | true
  in_app  | inbox  | 1    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "subscription_suspended"}', rows => '
channel: email
locale: ro
version: 1
title: {{clinicName}}: abonamentul este suspendat
body:
Bună ziua, {{recipientName}},

Abonamentul clinicii {{clinicName}} este suspendat, fiindcă o factură a rămas neplătită. Clinica nu mai primește programări și planuri noi și nu mai trimite mesaje noi.

Tot ce este înregistrat se poate citi și exporta, iar programările făcute și tratamentele începute continuă. După plată totul pornește din nou, fără alt pas.

Cu drag,
echipa RestartiX

==========
channel: email
locale: ro
version: 2
title: {{clinicName}}: abonamentul este suspendat
body:
Bună ziua, {{recipientName}},

Abonamentul clinicii {{clinicName}} este suspendat, fiindcă o factură a rămas neplătită. Clinica nu mai primește programări și planuri noi și nu mai trimite mesaje noi.

Tot ce este înregistrat se poate citi și exporta, iar programările făcute și tratamentele începute continuă. După plată totul pornește din nou, fără alt pas.
{{#accountIban}}

Pentru a plăti {{dueAmount}} prin transfer bancar:
Titular: {{accountHolder}}
IBAN: {{accountIban}}
Banca: {{accountBank}}{{#accountBic}}, BIC {{accountBic}}{{/accountBic}}
La detaliile plății: {{accountReference}}
{{/accountIban}}

Cu drag,
echipa RestartiX

==========
channel: email
locale: en
version: 1
title: {{clinicName}}: the subscription is suspended
body:
Hello {{recipientName}},

The subscription of {{clinicName}} is suspended, since a bill stayed unpaid. The clinic takes no new bookings and plans, and sends no new messages.

Everything can be read and exported, and what is booked and treatment under way go on. Once the bill is paid everything works again by itself.

Warm regards,
the RestartiX team

==========
channel: email
locale: en
version: 2
title: {{clinicName}}: the subscription is suspended
body:
Hello {{recipientName}},

The subscription of {{clinicName}} is suspended, since a bill stayed unpaid. The clinic takes no new bookings and plans, and sends no new messages.

Everything can be read and exported, and what is booked and treatment under way go on. Once the bill is paid everything works again by itself.
{{#accountIban}}

To pay {{dueAmount}} by bank transfer:
Account holder: {{accountHolder}}
IBAN: {{accountIban}}
Bank: {{accountBank}}{{#accountBic}}, BIC {{accountBic}}{{/accountBic}}
In the details of the payment: {{accountReference}}
{{/accountIban}}

Warm regards,
the RestartiX team

==========
channel: in_app
locale: ro
version: 1
title: {{clinicName}}: abonamentul este suspendat
body:
O factură a rămas neplătită. Clinica nu primește programări noi până la plată.
==========
channel: in_app
locale: en
version: 1
title: {{clinicName}}: the subscription is suspended
body:
A bill stayed unpaid. The clinic takes no new bookings until it is paid.
');
