-- What is published about invoices. A version is never changed: a new one is added. FND-14, BIL-02, BIL-03.

select app_private.own_rows('app_private.event_types', scope => '{"subject_type": "invoice"}', rows => '
name: invoice.issued
version: 1
description: A clinic owes the platform: an invoice is numbered and final.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["invoiceId", "kind", "number", "netAmount"],
 "properties": {
   "invoiceId": {"type": "string", "format": "uuid"},
   "kind": {"enum": ["advance", "period"], "type": "string"},
   "number": {"type": "integer"},
   "netAmount": {"type": "integer"}}}
==========
name: invoice.document_failed
version: 1
description: The invoicing provider did not issue a document, or did not say whether it did.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["kind", "documentId", "state"],
 "properties": {
   "kind": {"enum": ["invoice", "credit_note"], "type": "string"},
   "documentId": {"type": "string", "format": "uuid"},
   "state": {"enum": ["failed", "unknown"], "type": "string"}}}
');
select app_private.own_rows('app_private.event_types', scope => '{"subject_type": "billing_period"}', rows => '
name: billing_period.usage_differs
version: 1
description: A counter of usage is not what its records come to. The bill was computed from the records.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["periodId", "meter", "counted", "recorded"],
 "properties": {
   "periodId": {"type": "string", "format": "uuid"},
   "meter": {"type": "string"},
   "counted": {"type": "number"},
   "recorded": {"type": "number"}}}
');
select app_private.own_rows('app_private.event_types', scope => '{"subject_type": "billing_check"}', rows => '
name: billing_check.differed
version: 1
description: What a clinic was billed is not what it comes to when it is computed again.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["differences"],
 "properties": {
   "differences": {"type": "integer"}}}
');
