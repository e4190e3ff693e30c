-- The action require_consent: what its config may be. What it does stands in act_require_consent.sql. AUT-02.

select app_private.own_rows('app_private.automation_actions', scope => '{"code": "require_consent"}', rows => '
label_ro: Cere un consimțământ
label_en: Require a consent
description_ro: Cere un consimțământ; până îl acordă, pacientul nu se poate programa, dacă nu se spune altfel.
description_en: Asks for a consent; the patient is not booked until it stands, unless it is said otherwise.
needs: {patient}
is_marketing: false
act_function: act_require_consent
check_function: check_require_consent
config_schema:
{"type": "object", "additionalProperties": false, "required": ["purpose"], "x-order": ["purpose", "isBlocking"],
 "properties": {
   "purpose": {"type": "string", "minLength": 1, "maxLength": 100, "x-choices": "consent_purposes",
     "title": "To what the patient consents", "x-title-ro": "Pentru ce este consimțământul"},
   "isBlocking": {"type": "boolean", "default": true, "title": "Book nothing until then", "x-title-ro": "Până atunci nu se programează nimic",
     "description": "What every booking needs is asked of everybody anyway.",
     "x-description-ro": "Ce cere orice programare se cere oricum de la toți."}}}
');
