-- The message payment_received: what it needs, by which ways it goes, and its words on each. BIL-08, FND-15.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "payment_received"}', rows => '
topic: clinic
lasts: 7 days
variables: {invoiceNumber,paidAmount,receivedOn,dueAmount,balanceAmount,currency,accountHolder,accountIban,accountBank,accountBic,accountReference}
sample: {"invoiceNumber": "RX 1042", "paidAmount": "11900", "receivedOn": "2027-03-01", "dueAmount": null, "balanceAmount": null, "currency": "RON", "accountHolder": null, "accountIban": null, "accountBank": null, "accountBic": null, "accountReference": null}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "payment_received"}', rows => '
  channel | route  | rank | is_default
  --------+--------+------+-----------
  email   | letter | 1    | true
  in_app  | inbox  | 1    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "payment_received"}', rows => '
channel: email
locale: ro
version: 1
title: Am primit plata facturii {{invoiceNumber}}
body:
Bună ziua, {{recipientName}},

Am primit {{paidAmount}} la {{receivedOn}} pentru factura {{invoiceNumber}} a clinicii {{clinicName}}.
{{#dueAmount}}

Mai sunt de plătit {{dueAmount}}.
{{/dueAmount}}
{{#balanceAmount}}

Suma de {{balanceAmount}} este în plus și rămâne în soldul clinicii: din ea se plătește factura următoare.
{{/balanceAmount}}

Vă mulțumim,
echipa RestartiX

==========
channel: email
locale: ro
version: 2
title: Am primit plata facturii {{invoiceNumber}}
body:
Bună ziua, {{recipientName}},

Am primit {{paidAmount}} la {{receivedOn}} pentru factura {{invoiceNumber}} a clinicii {{clinicName}}.
{{#dueAmount}}

Mai sunt de plătit {{dueAmount}}.
{{/dueAmount}}
{{#accountIban}}

Restul se plătește prin transfer bancar:
Titular: {{accountHolder}}
IBAN: {{accountIban}}
Banca: {{accountBank}}{{#accountBic}}, BIC {{accountBic}}{{/accountBic}}
La detaliile plății: {{accountReference}}
{{/accountIban}}
{{#balanceAmount}}

Suma de {{balanceAmount}} este în plus și rămâne în soldul clinicii: din ea se plătește factura următoare.
{{/balanceAmount}}

Vă mulțumim,
echipa RestartiX

==========
channel: email
locale: en
version: 1
title: We have received your payment of invoice {{invoiceNumber}}
body:
Hello {{recipientName}},

We received {{paidAmount}} on {{receivedOn}} for invoice {{invoiceNumber}} of {{clinicName}}.
{{#dueAmount}}

{{dueAmount}} is still to be paid.
{{/dueAmount}}
{{#balanceAmount}}

{{balanceAmount}} is more than was due. It stays in the balance of the clinic, which pays the next invoice.
{{/balanceAmount}}

Thank you,
the RestartiX team

==========
channel: email
locale: en
version: 2
title: We have received your payment of invoice {{invoiceNumber}}
body:
Hello {{recipientName}},

We received {{paidAmount}} on {{receivedOn}} for invoice {{invoiceNumber}} of {{clinicName}}.
{{#dueAmount}}

{{dueAmount}} is still to be paid.
{{/dueAmount}}
{{#accountIban}}

The rest is paid by bank transfer:
Account holder: {{accountHolder}}
IBAN: {{accountIban}}
Bank: {{accountBank}}{{#accountBic}}, BIC {{accountBic}}{{/accountBic}}
In the details of the payment: {{accountReference}}
{{/accountIban}}
{{#balanceAmount}}

{{balanceAmount}} is more than was due. It stays in the balance of the clinic, which pays the next invoice.
{{/balanceAmount}}

Thank you,
the RestartiX team

==========
channel: in_app
locale: ro
version: 1
title: Plată primită: {{paidAmount}}
body:
Pentru factura {{invoiceNumber}}, la {{receivedOn}}.{{#dueAmount}} Mai sunt de plătit {{dueAmount}}.{{/dueAmount}}
==========
channel: in_app
locale: en
version: 1
title: Payment received: {{paidAmount}}
body:
For invoice {{invoiceNumber}}, on {{receivedOn}}.{{#dueAmount}} {{dueAmount}} is still to be paid.{{/dueAmount}}
');
