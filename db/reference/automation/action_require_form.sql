-- The action require_form: what its config may be. What it does stands in act_require_form.sql. AUT-02.

select app_private.own_rows('app_private.automation_actions', scope => '{"code": "require_form"}', rows => '
label_ro: Cere un formular
label_en: Require a form
description_ro: Pacientul nu se mai poate programa până nu completează un formular.
description_en: Books nothing for the patient until they completed a form.
needs: {patient}
is_marketing: false
act_function: act_require_form
check_function: check_require_form
config_schema:
{"type": "object", "additionalProperties": false, "required": ["templateId"],
 "properties": {
   "templateId": {"type": "string", "format": "uuid", "x-choices": "form_templates", "title": "Form", "x-title-ro": "Formular"}}}
');
