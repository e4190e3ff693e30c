-- The action require_consent: what its config may be. What it does stands in act_require_consent.sql. AUT-02.

select app_private.own_rows('app_private.automation_actions', scope => '{"code": "require_consent"}', rows => '
label_ro: Cere un consimțământ
label_en: Require a consent
description: Asks for a consent, and books nothing for the patient until it stands.
needs: {patient}
is_marketing: false
act_function: act_require_consent
check_function: check_require_consent
config_schema:
{"type": "object", "additionalProperties": false, "required": ["purpose"],
 "properties": {
   "purpose": {"type": "string", "minLength": 1, "maxLength": 100},
   "isBlocking": {"type": "boolean", "title": "Book nothing until then", "x-title-ro": "Până atunci nu se programează nimic",
     "description": "Yes where nothing is said. What every booking needs is asked of everybody anyway.",
     "x-description-ro": "Da, dacă nu se spune nimic. Ce cere orice programare se cere oricum de la toți."}}}
');
