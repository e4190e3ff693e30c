-- The action update_segment: what its config may be. What it does stands in act_update_segment.sql. AUT-02.

select app_private.own_rows('app_private.automation_actions', scope => '{"code": "update_segment"}', rows => '
label_ro: Schimbă segmentul
label_en: Update a segment
description_ro: Pune pacientul pe o listă a clinicii sau îl scoate de pe ea.
description_en: Puts the patient into a list of the clinic, or takes them out.
needs: {patient}
is_marketing: false
act_function: act_update_segment
check_function: check_update_segment
config_schema:
{"type": "object", "additionalProperties": false, "required": ["segmentId"], "x-order": ["segmentId", "isIn"],
 "properties": {
   "segmentId": {"type": "string", "format": "uuid", "x-choices": "segment_lists", "title": "List", "x-title-ro": "Lista"},
   "isIn": {"type": "boolean", "default": true, "title": "The patient is in it", "x-title-ro": "Pacientul se află pe listă",
     "description": "Unticked, they are taken out.", "x-description-ro": "Nebifat, este scos de pe listă."}}}
');
