-- The action suggest_form: what its config may be. What it does stands in act_suggest_form.sql. AUT-02.

select app_private.own_rows('app_private.automation_actions', scope => '{"code": "suggest_form"}', rows => '
label_ro: Propune un formular
label_en: Suggest a form
description_ro: Face un formular pentru pacient și îl anunță; nimic nu depinde de el.
description_en: Makes a form for the patient and tells them; nothing waits for it.
needs: {patient}
is_marketing: false
act_function: act_suggest_form
check_function: check_require_form
config_schema:
{"type": "object", "additionalProperties": false, "required": ["templateId"],
 "properties": {
   "templateId": {"type": "string", "format": "uuid", "x-choices": "form_templates", "title": "Form", "x-title-ro": "Formular"}}}
');
