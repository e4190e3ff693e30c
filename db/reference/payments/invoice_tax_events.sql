-- What is published about an invoice at the tax office. A version is never changed: a new one is added. FND-14, BIL-04.

select app_private.own_rows('app_private.event_types', scope => '{"subject_type": "invoice_tax"}', rows => '
name: invoice.tax_deadline_near
version: 1
description: Its legal deadline is near, and the tax office has not accepted it.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["invoiceId"],
 "properties": {
   "invoiceId": {"type": "string", "format": "uuid"}}}
==========
name: invoice.tax_rejected
version: 1
description: The tax office did not accept it.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["invoiceId"],
 "properties": {
   "invoiceId": {"type": "string", "format": "uuid"}}}
');
