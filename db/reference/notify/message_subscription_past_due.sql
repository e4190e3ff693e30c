-- The message subscription_past_due: what it needs, by which ways it goes, and its words on each. BIL-01, BIL-05, FND-15.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "subscription_past_due"}', rows => '
topic: clinic
lasts: 7 days
variables: {expiresAt,timezone,dueAmount,currency,accountHolder,accountIban,accountBank,accountBic,accountReference}
sample: {"expiresAt": "2027-03-30T21:00:00Z", "timezone": "Europe/Bucharest", "dueAmount": "59381", "currency": "RON", "accountHolder": "RestartiX SRL", "accountIban": "RO49 AAAA 1B31 0075 9384 0000", "accountBank": "Banca Exemplu", "accountBic": null, "accountReference": "RX 1042"}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "subscription_past_due"}', rows => '
  channel | route  | rank | is_default
  --------+--------+------+-----------
  email   | letter | 1    | true
  in_app  | inbox  | 1    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "subscription_past_due"}', rows => '
channel: email
locale: ro
version: 1
title: {{clinicName}}: o factură nu este plătită
body:
Bună ziua, {{recipientName}},

O factură a clinicii {{clinicName}} a trecut de scadență și nu este plătită. O găsiți la Abonament și facturare, de unde o puteți plăti.
{{#expiresWhen}}

Dacă rămâne neplătită, din {{expiresWhen}} clinica nu mai primește programări noi. Ce este programat și tratamentele începute continuă.
{{/expiresWhen}}

Cu drag,
echipa RestartiX

==========
channel: email
locale: ro
version: 2
title: {{clinicName}}: o factură nu este plătită
body:
Bună ziua, {{recipientName}},

O factură a clinicii {{clinicName}} a trecut de scadență și nu este plătită. O găsiți la Abonament și facturare, de unde o puteți plăti.
{{#accountIban}}

Pentru a plăti {{dueAmount}} prin transfer bancar:
Titular: {{accountHolder}}
IBAN: {{accountIban}}
Banca: {{accountBank}}{{#accountBic}}, BIC {{accountBic}}{{/accountBic}}
La detaliile plății: {{accountReference}}
{{/accountIban}}
{{#expiresWhen}}

Dacă rămâne neplătită, din {{expiresWhen}} clinica nu mai primește programări noi. Ce este programat și tratamentele începute continuă.
{{/expiresWhen}}

Cu drag,
echipa RestartiX

==========
channel: email
locale: en
version: 1
title: {{clinicName}}: a bill is not paid
body:
Hello {{recipientName}},

A bill of {{clinicName}} is overdue. You find it under billing, where you can pay it.
{{#expiresWhen}}

If it stays unpaid, the clinic takes no new bookings from {{expiresWhen}} on. What is booked and treatment under way go on.
{{/expiresWhen}}

Warm regards,
the RestartiX team

==========
channel: email
locale: en
version: 2
title: {{clinicName}}: a bill is not paid
body:
Hello {{recipientName}},

A bill of {{clinicName}} is overdue. You find it under billing, where you can pay it.
{{#accountIban}}

To pay {{dueAmount}} by bank transfer:
Account holder: {{accountHolder}}
IBAN: {{accountIban}}
Bank: {{accountBank}}{{#accountBic}}, BIC {{accountBic}}{{/accountBic}}
In the details of the payment: {{accountReference}}
{{/accountIban}}
{{#expiresWhen}}

If it stays unpaid, the clinic takes no new bookings from {{expiresWhen}} on. What is booked and treatment under way go on.
{{/expiresWhen}}

Warm regards,
the RestartiX team

==========
channel: in_app
locale: ro
version: 1
title: {{clinicName}}: o factură nu este plătită
body:
O găsiți la Abonament și facturare.
==========
channel: in_app
locale: en
version: 1
title: {{clinicName}}: a bill is not paid
body:
You find it under billing.
');
