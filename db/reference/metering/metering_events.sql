-- What is published about usage. A version is never changed: a new one is added. FND-14, FND-24.

select app_private.own_rows('app_private.event_types', scope => '{"subject_type": "usage_record"}', rows => '
name: ai_call.price_missing
version: 1
description: A call of an AI model has no cost, since nobody entered what a unit of it costs: a superadmin does, and it is priced.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["organizationId", "usageRecordId"],
 "properties": {
   "organizationId": {"type": "string", "format": "uuid"},
   "usageRecordId": {"type": "string", "format": "uuid"}}}
==========
name: usage.conflict
version: 1
description: Something was told under the key of another use, and differs from it. It is kept and not counted.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["usageRecordId", "usageConflictId"],
 "properties": {
   "usageRecordId": {"type": "string", "format": "uuid"},
   "usageConflictId": {"type": "string", "format": "uuid"}}}
');
