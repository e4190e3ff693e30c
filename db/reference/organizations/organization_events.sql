-- What is published about clinics. A version is never changed: a new one is added. FND-14.

select app_private.own_rows('app_private.event_types', scope => '{"subject_type": "organization"}', rows => '
name: organization.activated
version: 1
description: A clinic opened to the public.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["slug"],
 "properties": {
   "slug": {"type": "string"}}}
==========
name: organization.created
version: 1
description: A clinic was registered, still a draft.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["slug"],
 "properties": {
   "slug": {"type": "string"}}}
');
