-- What is published about consents. A version is never changed: a new one is added. FND-14, FND-16.

select app_private.own_rows('app_private.event_types', scope => '{"subject_type": "consent"}', rows => '
name: consent.granted
version: 1
description: A patient of a clinic, or the holder of an account, consented to a version of a purpose.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["consentId", "purposeVersionId"],
 "properties": {
   "consentId": {"type": "string", "format": "uuid"},
   "purposeVersionId": {"type": "string", "format": "uuid"},
   "patientId": {"type": "string", "format": "uuid"},
   "humanId": {"type": "string", "format": "uuid"}}}
==========
name: consent.refused
version: 1
description: A patient of a clinic refused a version of a purpose.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["consentId", "purposeVersionId"],
 "properties": {
   "consentId": {"type": "string", "format": "uuid"},
   "purposeVersionId": {"type": "string", "format": "uuid"},
   "patientId": {"type": "string", "format": "uuid"},
   "humanId": {"type": "string", "format": "uuid"}}}
==========
name: consent.withdrawn
version: 1
description: A consent was withdrawn. Whatever was done by it was done before withdrawnAt.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["consentId", "purposeVersionId", "withdrawnAt"],
 "properties": {
   "consentId": {"type": "string", "format": "uuid"},
   "purposeVersionId": {"type": "string", "format": "uuid"},
   "patientId": {"type": "string", "format": "uuid"},
   "humanId": {"type": "string", "format": "uuid"},
   "withdrawnAt": {"type": "string", "format": "date-time"}}}
');
