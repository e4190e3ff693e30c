-- What is published about treatment plans of patients. A version is never changed: a new one is added. FND-14, EXE-03.

select app_private.own_rows('app_private.event_types', scope => '{"subject_type": "patient_treatment_plan"}', rows => '
name: treatment_plan.assigned
version: 1
description: A patient was assigned a treatment plan.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["patientTreatmentPlanId", "treatmentPlanId", "versionId", "patientProfileId"],
 "properties": {
   "versionId": {"type": "string", "format": "uuid"},
   "treatmentPlanId": {"type": "string", "format": "uuid"},
   "patientProfileId": {"type": "string", "format": "uuid"},
   "patientTreatmentPlanId": {"type": "string", "format": "uuid"}}}
==========
name: treatment_plan.completed
version: 1
description: No session of a patient''s treatment plan is left to do.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["patientTreatmentPlanId", "treatmentPlanId", "versionId", "patientProfileId"],
 "properties": {
   "versionId": {"type": "string", "format": "uuid"},
   "treatmentPlanId": {"type": "string", "format": "uuid"},
   "patientProfileId": {"type": "string", "format": "uuid"},
   "patientTreatmentPlanId": {"type": "string", "format": "uuid"}}}
==========
name: treatment_plan.expired
version: 1
description: The last day of a patient''s treatment plan has passed with sessions left.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["patientTreatmentPlanId", "treatmentPlanId", "versionId", "patientProfileId"],
 "properties": {
   "versionId": {"type": "string", "format": "uuid"},
   "treatmentPlanId": {"type": "string", "format": "uuid"},
   "patientProfileId": {"type": "string", "format": "uuid"},
   "patientTreatmentPlanId": {"type": "string", "format": "uuid"}}}
==========
name: treatment_plan.low_adherence
version: 1
description: A patient has done fewer of the sessions that were due than the clinic asks for.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["patientTreatmentPlanId", "treatmentPlanId", "versionId", "patientProfileId"],
 "properties": {
   "versionId": {"type": "string", "format": "uuid"},
   "treatmentPlanId": {"type": "string", "format": "uuid"},
   "patientProfileId": {"type": "string", "format": "uuid"},
   "patientTreatmentPlanId": {"type": "string", "format": "uuid"}}}
==========
name: treatment_plan.session_completed
version: 1
description: A session of a patient''s treatment plan was done.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["patientTreatmentPlanId", "treatmentPlanId", "versionId", "patientProfileId", "sessionId"],
 "properties": {
   "versionId": {"type": "string", "format": "uuid"},
   "sessionId": {"type": "string", "format": "uuid"},
   "treatmentPlanId": {"type": "string", "format": "uuid"},
   "patientProfileId": {"type": "string", "format": "uuid"},
   "patientTreatmentPlanId": {"type": "string", "format": "uuid"}}}
');
