-- The action require_consent: what its config may be. What it does stands in act_require_consent.sql. AUT-02.

select app_private.own_rows('app_private.automation_actions', scope => '{"code": "require_consent"}', rows => '
label_ro: Cere un consimțământ
label_en: Require a consent
description_ro: Pacientul nu se mai poate programa până nu acordă un consimțământ.
description_en: Books nothing for the patient until a consent stands.
needs: {patient}
is_marketing: false
act_function: act_require_consent
check_function: check_require_consent
config_schema:
{"type": "object", "additionalProperties": false, "required": ["purpose"],
 "properties": {
   "purpose": {"type": "string", "minLength": 1, "maxLength": 100, "x-choices": "consent_purposes",
     "title": "To what the patient consents", "x-title-ro": "Pentru ce este consimțământul"}}}
');
