-- What is published about patients. A version is never changed: a new one is added. FND-14.

select app_private.own_rows('app_private.event_types', scope => '{"subject_type": "patient"}', rows => '
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
