-- Everything that is asked is answered: looked at in full, what is hidden dropped, scores computed, profile fields written
-- back. The caller holds the form's lock and has asked who may. FRM-04, FRM-05, FRM-09.

create or replace function app_private.complete(form app_public.forms, answers jsonb default null) returns app_public.forms
language plpgsql volatile
set search_path = ''
as $$
declare
  v_form app_public.forms := form;
  v_problems jsonb;
  v_months int;
begin
  perform app_private.require_open_form(v_form, 'completed');
  select read.kept, read.problems into v_form.answers, v_problems
  from app_private.read_answers(v_form.snapshot, app_private.merged_answers(v_form, complete.answers), true) as read;
  perform app_private.refuse_problems('answers_not_valid', v_problems || (
    select coalesce(jsonb_agg(to_jsonb(problem)), '[]') from app_private.file_problems(v_form, v_form.answers) as problem));

  select versions.validity_months into strict v_months
  from app_public.form_template_versions as versions
  where versions.organization_id = v_form.organization_id and versions.id = v_form.version_id;
  update app_public.forms set
    answers = v_form.answers, status = 'completed', completions = forms.completions + 1,
    completed_at = app_hidden.now(), valid_until = app_hidden.now() + make_interval(months => v_months)
  where forms.id = v_form.id
  returning * into v_form;

  insert into app_public.form_scores
    (organization_id, form_id, completion, key, value, answered, fields, method, direction, version, scored_at)
  select v_form.organization_id, v_form.id, v_form.completions, scores.key, scores.value, scores.answered, scores.fields,
         scores.method, scores.direction, scores.version, app_hidden.now()
  from app_private.scores_of(v_form.snapshot, v_form.answers) as scores;
  perform app_private.write_back(v_form);
  return v_form;
end;
$$;

comment on function app_private.complete is
  'Completes a form, with the last answers where there are any; VALIDATION answers_not_valid with the path of each.';
grant execute on function app_private.complete to app_engine;

-- What answers come to, by the rules of the template. Fewer answers than a rule asks for come to nothing: null, never zero.
create or replace function app_private.scores_of(snapshot jsonb, answers jsonb)
returns table (key text, value numeric, answered int, fields int, method text, direction text, version int)
language sql immutable
set search_path = ''
begin atomic
  select score.rule ->> 'key',
         case when count(point.value) >= coalesce((score.rule ->> 'min_answered')::int, 1) then
           case score.rule ->> 'method'
             when 'sum' then sum(point.value) when 'mean' then round(avg(point.value), 6) when 'max' then max(point.value)
           end
         end,
         count(point.value)::int, count(*)::int, score.rule ->> 'method', score.rule ->> 'direction', (score.rule ->> 'version')::int
  from jsonb_array_elements(coalesce(snapshot -> 'scores', '[]')) with ordinality as score (rule, place)
  cross join lateral jsonb_array_elements_text(score.rule -> 'fields') as named (key)
  left join app_private.form_items(snapshot) as listed (item) on listed.item ->> 'key' = named.key
  cross join lateral (
    select case jsonb_typeof(answers -> named.key)
      when 'number' then (answers -> named.key)::numeric
      when 'string' then (
        select (option.value -> 'score')::numeric
        from jsonb_array_elements(listed.item -> 'options') as option
        where option.value -> 'value' = answers -> named.key)
    end as value
  ) as point
  group by score.place, score.rule
  order by score.place;
end;

comment on function app_private.scores_of is
  'Scores of answers: value (null where too few are answered), how many of how many fields were answered, and the rule''s version.';
grant execute on function app_private.scores_of to app_engine;
