-- What is published about people who wait. A version is never changed: a new one is added. FND-14, SCH-10.

select app_private.own_rows('app_private.event_types', scope => '{"subject_type": "waitlist_entry"}', rows => '
name: waitlist_entry.offered
version: 1
description: A time is kept for somebody who waits.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["waitlistEntryId", "waitlistOfferId"],
 "properties": {
   "waitlistEntryId": {"type": "string", "format": "uuid"},
   "waitlistOfferId": {"type": "string", "format": "uuid"}}}
');
