-- What is published about privacy notices. A version is never changed: a new one is added. FND-14, FND-19.

select app_private.own_rows('app_private.event_types', scope => '{"subject_type": "privacy_notice"}', rows => '
name: privacy_notice.published
version: 1
description: A clinic published new words of its privacy notice.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["purposeVersionId"],
 "properties": {
   "purposeVersionId": {"type": "string", "format": "uuid"}}}
');
