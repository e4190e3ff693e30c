-- Scores of completed forms: the patient, and staff with forms.view. Written once, by complete(). FRM-09.

select app_private.classify('app_public.form_scores', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["organization_id", "completion", "key", "method", "direction", "version", "fields", "scored_at"],
    "phi": ["form_id", "value", "answered"]}');
select app_private.protect('app_public.form_scores', engine => 'select, insert');

grant select on app_public.form_scores to app_member;

create policy form_scores_select_staff on app_public.form_scores for select to app_member
  using (
    organization_id = any ((select app_hidden.rights('forms.view'))::uuid[])
    -- One look-up a row, and the form's own policies hide what was deleted.
    and exists (select from app_public.forms where forms.id = form_scores.form_id)
  );

create policy form_scores_select_patient on app_public.form_scores for select to app_member
  using (
    form_id in (
      select forms.id from app_public.forms
      where forms.patient_profile_id = any ((select app_hidden.rights('people'))::uuid[]))
  );

create or replace trigger _200_frozen before update or delete or truncate on app_public.form_scores
  for each statement execute function app_private.tg_frozen();
