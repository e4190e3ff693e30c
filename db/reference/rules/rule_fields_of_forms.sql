-- The fields of what a patient has several of: forms. SEG-02, SEG-05. r is the row.

select app_private.own_rows('app_private.rule_fields', scope => '{"collection": "forms"}', rows => '
code: answered.template
position: 28
type: choice
label_en: Form
label_ro: Formular
source: forms
permission: forms.view
cost: 3
value_sql: r.template_id::text
choices_of: form_templates
==========
code: answered.status
position: 29
type: choice
label_en: State
label_ro: Stare
source: forms
permission: forms.view
cost: 3
value_sql: r.status
choices: [{"value": "pending", "ro": "neînceput", "en": "not begun"}, {"value": "in_progress", "ro": "în lucru", "en": "in progress"}, {"value": "completed", "ro": "completat", "en": "completed"}, {"value": "signed", "ro": "semnat", "en": "signed"}, {"value": "cancelled", "ro": "anulat", "en": "cancelled"}]
==========
code: answered.completed_at
position: 30
type: instant
label_en: Completed on
label_ro: Completat în
source: forms
permission: forms.view
cost: 3
value_sql: r.completed_at
==========
code: answered.created_at
position: 31
type: instant
label_en: Asked on
label_ro: Cerut în
source: forms
permission: forms.view
cost: 3
value_sql: r.created_at
');
