-- What is published about money that goes back. A version is never changed: a new one is added. FND-14, BIL-05, BIL-08.

select app_private.own_rows('app_private.event_types', scope => '{"subject_type": "refund"}', rows => '
name: refund.failed
version: 1
description: The vendor did not give the money back: it is a balance of the clinic.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["refundId", "paymentId"],
 "properties": {
   "refundId": {"type": "string", "format": "uuid"},
   "paymentId": {"type": "string", "format": "uuid"}}}
==========
name: refund.requested
version: 1
description: Money goes back that had paid no invoice, without a credit note.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["refundId", "paymentId"],
 "properties": {
   "refundId": {"type": "string", "format": "uuid"},
   "paymentId": {"type": "string", "format": "uuid"}}}
==========
name: refund.succeeded
version: 1
description: The money went back.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["refundId", "paymentId"],
 "properties": {
   "refundId": {"type": "string", "format": "uuid"},
   "paymentId": {"type": "string", "format": "uuid"}}}
');
