-- What is published about tries to take money. A version is never changed: a new one is added. FND-14, BIL-05.

select app_private.own_rows('app_private.event_types', scope => '{"subject_type": "payment_attempt"}', rows => '
name: payment_attempt.failed
version: 1
description: The vendor did not take the money.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["attemptId", "invoiceId"],
 "properties": {
   "attemptId": {"type": "string", "format": "uuid"},
   "invoiceId": {"type": "string", "format": "uuid"}}}
');
