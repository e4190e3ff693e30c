-- Read by approve_treatment_plan() alone. TPL-02.

select app_private.classify('app_private.treatment_plan_authors', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["scope_id", "version_id", "author_id"]}');
select app_private.protect('app_private.treatment_plan_authors', engine => 'select, insert');
