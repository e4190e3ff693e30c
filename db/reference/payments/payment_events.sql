-- What is published about money that arrived. A version is never changed: a new one is added. FND-14, BIL-05.

select app_private.own_rows('app_private.event_types', scope => '{"subject_type": "payment"}', rows => '
name: payment.contradicted
version: 1
description: What was said of a payment contradicts what is recorded: somebody has to look.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["invoiceId"],
 "properties": {
   "attemptId": {"type": "string", "format": "uuid"},
   "invoiceId": {"type": "string", "format": "uuid"},
   "paymentId": {"type": "string", "format": "uuid"}}}
==========
name: payment.received
version: 1
description: Money arrived.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["paymentId", "invoiceId"],
 "properties": {
   "invoiceId": {"type": "string", "format": "uuid"},
   "paymentId": {"type": "string", "format": "uuid"}}}
');
