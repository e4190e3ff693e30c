-- What is published about reviews. A version is never changed: a new one is added. FND-14.

select app_private.own_rows('app_private.event_types', scope => '{"subject_type": "appointment_review"}', rows => '
name: review.low_rating
version: 1
description: A patient gave fewer stars than the clinic wants to hear of at once.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["appointmentId", "specialistId", "rating"],
 "properties": {
   "rating": {"type": "integer"},
   "specialistId": {"type": "string", "format": "uuid"},
   "appointmentId": {"type": "string", "format": "uuid"}}}
');
