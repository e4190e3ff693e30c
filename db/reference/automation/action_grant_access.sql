-- The action grant_access: what its config may be. What it does stands in act_grant_access.sql. AUT-02.

select app_private.own_rows('app_private.automation_actions', scope => '{"code": "grant_access"}', rows => '
label_ro: Deschide accesul
label_en: Grant access
description_ro: Deschide pacientului biblioteca sau ședințele de acasă.
description_en: Opens the library or sessions from home for the patient.
needs: {patient}
is_marketing: false
act_function: act_grant_access
config_schema:
{"type": "object", "additionalProperties": false, "required": ["access", "reason"], "x-order": ["access", "reason", "days"],
 "properties": {
   "access": {"type": "string", "enum": ["library_access", "telerehab_access"], "title": "To what", "x-title-ro": "La ce",
     "x-labels": {"library_access": {"en": "The library", "ro": "Biblioteca"},
                  "telerehab_access": {"en": "Sessions from home", "ro": "Ședințele de acasă"}}},
   "reason": {"type": "string", "minLength": 3, "maxLength": 500,
     "title": "Reason", "x-title-ro": "Motivul",
     "description": "It stands in the patient''s file.", "x-description-ro": "Rămâne în fișa pacientului."},
   "days": {"type": "integer", "minimum": 1, "maximum": 3650,
     "title": "For how many days", "x-title-ro": "Pentru câte zile",
     "description": "Without a number: until somebody takes it back.", "x-description-ro": "Fără număr: până când cineva îl retrage."}}}
');
