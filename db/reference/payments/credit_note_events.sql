-- What is published about credit notes. A version is never changed: a new one is added. FND-14, BIL-05, BIL-08.

select app_private.own_rows('app_private.event_types', scope => '{"subject_type": "credit_note"}', rows => '
name: credit_note.issued
version: 1
description: Something was taken off an invoice.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["creditNoteId", "invoiceId"],
 "properties": {
   "refundId": {"type": "string", "format": "uuid"},
   "invoiceId": {"type": "string", "format": "uuid"},
   "creditNoteId": {"type": "string", "format": "uuid"}}}
==========
name: credit_note.total_differs
version: 1
description: The invoicing provider returned another total than was taken off the invoice: somebody has to look.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["creditNoteId", "invoiceId"],
 "properties": {
   "invoiceId": {"type": "string", "format": "uuid"},
   "creditNoteId": {"type": "string", "format": "uuid"}}}
==========
name: credit_note.tax_deadline_near
version: 1
description: Its legal deadline is near, and the tax office has not accepted it.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["creditNoteId", "invoiceId"],
 "properties": {
   "invoiceId": {"type": "string", "format": "uuid"},
   "creditNoteId": {"type": "string", "format": "uuid"}}}
==========
name: credit_note.tax_rejected
version: 1
description: The tax office did not accept it.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["creditNoteId", "invoiceId"],
 "properties": {
   "invoiceId": {"type": "string", "format": "uuid"},
   "creditNoteId": {"type": "string", "format": "uuid"}}}
');
