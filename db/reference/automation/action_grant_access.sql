-- The action grant_access: what its config may be. What it does stands in act_grant_access.sql. AUT-02.

select app_private.own_rows('app_private.automation_actions', scope => '{"code": "grant_access"}', rows => '
label_ro: Deschide accesul
label_en: Grant access
description: Opens the library or sessions from home for the patient.
needs: {patient}
is_marketing: false
act_function: act_grant_access
config_schema:
{"type": "object", "additionalProperties": false, "required": ["access", "reason"],
 "properties": {
   "access": {"type": "string", "enum": ["library_access", "telerehab_access"]},
   "reason": {"type": "string", "minLength": 3, "maxLength": 500},
   "days": {"type": "integer", "minimum": 1, "maximum": 3650}}}
');
