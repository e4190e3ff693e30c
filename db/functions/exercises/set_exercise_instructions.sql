-- How an exercise is done, all of it, in order. Rows that say the same as before are not touched, so that the audit shows what
-- changed. EXL-02, EXL-06.

set role app_engine;

create or replace function app_public.set_exercise_instructions(exercise_id uuid, instructions jsonb) returns app_public.exercises
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_exercise constant app_public.exercises := app_private.exercise_to_write(exercise_id);
  v_lines constant jsonb := app_private.require_lines('instructions', instructions, 'kind', '{setup,step,breathing,caution,end}');
begin
  delete from app_public.exercise_instructions as known
  where known.exercise_id = v_exercise.id and known.position > jsonb_array_length(v_lines);
  insert into app_public.exercise_instructions as known (exercise_id, position, kind, text)
  select v_exercise.id, given.place, given.line ->> 'kind', given.line -> 'text'
  from jsonb_array_elements(v_lines) with ordinality as given (line, place)
  on conflict on constraint exercise_instructions_pkey do update set kind = excluded.kind, text = excluded.text
  where (known.kind, known.text) is distinct from (excluded.kind, excluded.text);
  perform app_private.require_still_complete(v_exercise);
  return v_exercise;
end;
$$;

comment on function app_public.set_exercise_instructions is
  E'@arg instructions All of them, in order: [{"kind": "setup", "text": {"ro": "…", "en": "…"}}]; kind is setup, step, breathing, caution '
  'or end.\nSets how an exercise is done. Superadmin only. VALIDATION exercise_lines_malformed, exercise_texts_malformed; STATE '
  'exercise_incomplete where it is published and would lack something.';
grant execute on function app_public.set_exercise_instructions to app_member;

reset role;

create or replace function app_private.require_lines(field text, lines jsonb, word text, words text[]) returns jsonb
language plpgsql immutable
set search_path = ''
as $$
begin
  if jsonb_typeof(lines) <> 'array' or jsonb_array_length(lines) > 60 or exists (
    select from jsonb_array_elements(lines) as given (line)
    where jsonb_typeof(given.line) <> 'object'
      or given.line - array[word, 'text'] <> '{}'
      or given.line ->> word is null
      or given.line ->> word <> all (words)
  ) then
    perform app_hidden.refuse('VALIDATION', 'exercise_lines_malformed', jsonb_build_object('field', field, 'word', word, 'words', words));
  end if;
  return (
    select coalesce(jsonb_agg(jsonb_set(given.line, '{text}',
      app_private.require_texts(format('%s.%s.text', field, given.place - 1), given.line -> 'text', 1000)) order by given.place), '[]')
    from jsonb_array_elements(lines) with ordinality as given (line, place));
end;
$$;

comment on function app_private.require_lines is
  'Lines of texts, each with a word out of a list; VALIDATION exercise_lines_malformed or exercise_texts_malformed otherwise.';
grant execute on function app_private.require_lines to app_engine;
