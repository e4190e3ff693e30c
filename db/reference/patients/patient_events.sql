-- What is published about patients. A version is never changed: a new one is added. FND-14.

select app_private.own_rows('app_private.event_types', scope => '{"subject_type": "patient"}', rows => '
name: patient.booking_block_contested
version: 1
description: A patient asked for another person to look at why they may not book by themselves.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["patientId", "bookingBlockId"],
 "properties": {
   "patientId": {"type": "string", "format": "uuid"},
   "bookingBlockId": {"type": "string", "format": "uuid"}}}
==========
name: patient.booking_block_lifted
version: 1
description: A patient may book by themselves again.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["patientId", "bookingBlockId"],
 "properties": {
   "patientId": {"type": "string", "format": "uuid"},
   "bookingBlockId": {"type": "string", "format": "uuid"}}}
==========
name: patient.booking_block_upheld
version: 1
description: Somebody else looked at it, and the patient still may not book by themselves.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["patientId", "bookingBlockId"],
 "properties": {
   "patientId": {"type": "string", "format": "uuid"},
   "bookingBlockId": {"type": "string", "format": "uuid"}}}
==========
name: patient.booking_blocked
version: 1
description: A clinic keeps a patient from booking by themselves.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["patientId", "bookingBlockId"],
 "properties": {
   "patientId": {"type": "string", "format": "uuid"},
   "bookingBlockId": {"type": "string", "format": "uuid"}}}
==========
name: patient.merge_undone
version: 1
description: Two patients who were merged are two again.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["patientId", "mergedPatientId"],
 "properties": {
   "patientId": {"type": "string", "format": "uuid"},
   "mergedPatientId": {"type": "string", "format": "uuid"}}}
==========
name: patient.merged
version: 1
description: Two patients of a clinic were one person, and are one patient now.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["patientId", "mergedPatientId"],
 "properties": {
   "patientId": {"type": "string", "format": "uuid"},
   "mergedPatientId": {"type": "string", "format": "uuid"}}}
==========
name: patient.onboarded
version: 1
description: A person became a patient of a clinic.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["patientId", "patientProfileId"],
 "properties": {
   "patientId": {"type": "string", "format": "uuid"},
   "patientProfileId": {"type": "string", "format": "uuid"}}}
==========
name: patient.profile_completed
version: 1
description: A clinic has every fact of a patient that it asks for, for the first time.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["patientId", "patientProfileId"],
 "properties": {
   "patientId": {"type": "string", "format": "uuid"},
   "patientProfileId": {"type": "string", "format": "uuid"}}}
');
