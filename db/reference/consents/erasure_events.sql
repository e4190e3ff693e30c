-- What is published about erasure. A version is never changed: a new one is added. FND-14, FND-18.

select app_private.own_rows('app_private.event_types', scope => '{"subject_type": "erasure"}', rows => '
name: erasure.requested
version: 1
description: The erasure of an account was asked for.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["erasureRequestId", "humanId"],
 "properties": {
   "erasureRequestId": {"type": "string", "format": "uuid"},
   "humanId": {"type": "string", "format": "uuid"}}}
');
