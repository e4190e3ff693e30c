-- How a score of a patient went over time: the last completion of each form counts. Whoever may read the forms may read it.
-- Shown as information: it recommends nothing. FRM-09.

create or replace function app_public.score_trend(patient_id uuid, template_id uuid, key text)
returns setof app_public.score_point
language sql stable strict
set search_path = ''
begin atomic
  select points.form_id, points.completed_at, points.value, points.answered, points.fields, points.direction, points.version,
         points.value - first_value(points.value) over (
           order by points.value is null, points.completed_at, points.form_id)
  from (
    select distinct on (forms.id)
           forms.id as form_id, forms.completed_at, form_scores.value, form_scores.answered, form_scores.fields,
           form_scores.direction, form_scores.version
    from app_public.forms
    join app_public.form_scores
      on form_scores.organization_id = forms.organization_id and form_scores.form_id = forms.id
      and form_scores.completion = forms.completions
    where forms.patient_id = score_trend.patient_id and forms.template_id = score_trend.template_id
      and form_scores.key = score_trend.key and forms.completed_at is not null
    order by forms.id
  ) as points
  order by points.completed_at, points.form_id;
end;

comment on function app_public.score_trend is
  E'@arg templateId The template whose forms are scored.\n@arg key The score, by its key in the template.\n'
  'The scores of a patient, the oldest first, each with its change since the first. A value is null where too few fields were '
  'answered.';
grant execute on function app_public.score_trend to app_member;
