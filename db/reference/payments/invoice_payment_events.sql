-- What is published about how an invoice is paid. A version is never changed: a new one is added. FND-14, BIL-05.

select app_private.own_rows('app_private.event_types', scope => '{"subject_type": "invoice_payment"}', rows => '
name: invoice.paid
version: 1
description: Nothing of it is due any more.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["invoiceId"],
 "properties": {
   "invoiceId": {"type": "string", "format": "uuid"}}}
==========
name: invoice.voided
version: 1
description: It was taken off as a whole before anything was paid.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["invoiceId"],
 "properties": {
   "invoiceId": {"type": "string", "format": "uuid"}}}
==========
name: invoice.uncollectible
version: 1
description: The platform gave it up.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["invoiceId"],
 "properties": {
   "invoiceId": {"type": "string", "format": "uuid"}}}
');
