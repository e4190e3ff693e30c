-- The message credit_notice: what it needs, by which ways it goes, and its words on each. BIL-08, FND-15.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "credit_notice"}', rows => '
topic: clinic
lasts: 7 days
variables: {creditNoteNumber,invoiceNumber,creditAmount,refundAmount,currency}
sample: {"creditNoteNumber": "RXC 17", "invoiceNumber": "RX 1042", "creditAmount": "11900", "refundAmount": "11900", "currency": "RON"}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "credit_notice"}', rows => '
  channel | route  | rank | is_default
  --------+--------+------+-----------
  email   | letter | 1    | true
  in_app  | inbox  | 1    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "credit_notice"}', rows => '
channel: email
locale: ro
version: 1
title: {{#creditNoteNumber}}Notă de credit {{creditNoteNumber}}{{/creditNoteNumber}}{{^creditNoteNumber}}Rambursare{{/creditNoteNumber}} pentru factura {{invoiceNumber}}
body:
Bună ziua, {{recipientName}},
{{#creditNoteNumber}}

Am emis nota de credit {{creditNoteNumber}} de {{creditAmount}} pentru factura {{invoiceNumber}} a clinicii {{clinicName}}.
{{/creditNoteNumber}}
{{#refundAmount}}

Vă restituim {{refundAmount}} din ce ați plătit pentru factura {{invoiceNumber}}. Banii ajung în câteva zile lucrătoare.
{{/refundAmount}}

Cu drag,
echipa RestartiX

==========
channel: email
locale: en
version: 1
title: {{#creditNoteNumber}}Credit note {{creditNoteNumber}}{{/creditNoteNumber}}{{^creditNoteNumber}}Refund{{/creditNoteNumber}} for invoice {{invoiceNumber}}
body:
Hello {{recipientName}},
{{#creditNoteNumber}}

We have issued credit note {{creditNoteNumber}} of {{creditAmount}} for invoice {{invoiceNumber}} of {{clinicName}}.
{{/creditNoteNumber}}
{{#refundAmount}}

We are giving back {{refundAmount}} of what you paid for invoice {{invoiceNumber}}. The money arrives within a few working days.
{{/refundAmount}}

Warm regards,
the RestartiX team

==========
channel: in_app
locale: ro
version: 1
title: {{#creditNoteNumber}}Notă de credit {{creditNoteNumber}}{{/creditNoteNumber}}{{^creditNoteNumber}}Rambursare{{/creditNoteNumber}}
body:
Pentru factura {{invoiceNumber}}.{{#refundAmount}} Vă restituim {{refundAmount}}.{{/refundAmount}}
==========
channel: in_app
locale: en
version: 1
title: {{#creditNoteNumber}}Credit note {{creditNoteNumber}}{{/creditNoteNumber}}{{^creditNoteNumber}}Refund{{/creditNoteNumber}}
body:
For invoice {{invoiceNumber}}.{{#refundAmount}} We are giving back {{refundAmount}}.{{/refundAmount}}
');
