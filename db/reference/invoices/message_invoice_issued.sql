-- The message invoice_issued: what it needs, by which ways it goes, and its words on each. BIL-02, FND-15.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "invoice_issued"}', rows => '
topic: clinic
lasts: 30 days
variables: {invoiceNumber,netAmount,currency,dueOn,accountHolder,accountIban,accountBank,accountBic,accountReference}
sample: {"invoiceNumber": "RX 1042", "netAmount": "49900", "currency": "RON", "dueOn": "2027-04-15", "accountHolder": "RestartiX SRL", "accountIban": "RO49 AAAA 1B31 0075 9384 0000", "accountBank": "Banca Exemplu", "accountBic": null, "accountReference": "RX 1042"}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "invoice_issued"}', rows => '
  channel | route  | rank | is_default
  --------+--------+------+-----------
  email   | letter | 1    | true
  in_app  | inbox  | 1    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "invoice_issued"}', rows => '
channel: email
locale: ro
version: 1
title: Factura {{invoiceNumber}}
body:
Bună ziua, {{recipientName}},

Am emis factura {{invoiceNumber}} către {{clinicName}}: {{netAmount}} fără TVA, cu scadența la {{dueOn}}.

O găsiți, cu tot ce cuprinde, în pagina de facturare a clinicii.

==========
channel: email
locale: ro
version: 2
title: Factura {{invoiceNumber}}
body:
Bună ziua, {{recipientName}},

Am emis factura {{invoiceNumber}} către {{clinicName}}: {{netAmount}} fără TVA, cu scadența la {{dueOn}}.
{{#accountIban}}

Se plătește prin transfer bancar:
Titular: {{accountHolder}}
IBAN: {{accountIban}}
Banca: {{accountBank}}{{#accountBic}}, BIC {{accountBic}}{{/accountBic}}
La detaliile plății: {{accountReference}}
{{/accountIban}}

O găsiți, cu tot ce cuprinde, în pagina de facturare a clinicii.

==========
channel: email
locale: en
version: 1
title: Invoice {{invoiceNumber}}
body:
Hello {{recipientName}},

We have issued invoice {{invoiceNumber}} to {{clinicName}}: {{netAmount}} without VAT, due on {{dueOn}}.

You find it, with all that it is made of, on the billing page of the clinic.

==========
channel: email
locale: en
version: 2
title: Invoice {{invoiceNumber}}
body:
Hello {{recipientName}},

We have issued invoice {{invoiceNumber}} to {{clinicName}}: {{netAmount}} without VAT, due on {{dueOn}}.
{{#accountIban}}

It is paid by bank transfer:
Account holder: {{accountHolder}}
IBAN: {{accountIban}}
Bank: {{accountBank}}{{#accountBic}}, BIC {{accountBic}}{{/accountBic}}
In the details of the payment: {{accountReference}}
{{/accountIban}}

You find it, with all that it is made of, on the billing page of the clinic.

==========
channel: in_app
locale: ro
version: 1
title: Factura {{invoiceNumber}}
body:
{{netAmount}} fără TVA, cu scadența la {{dueOn}}.
==========
channel: in_app
locale: en
version: 1
title: Invoice {{invoiceNumber}}
body:
{{netAmount}} without VAT, due on {{dueOn}}.
');
