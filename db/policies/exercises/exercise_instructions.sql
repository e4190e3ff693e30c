-- Read by whoever reads the exercise, written by set_exercise_instructions(). EXL-02.

select app_private.classify('app_public.exercise_instructions', home => 'platform', retention => 'reference', classes =>
  '{"public": ["exercise_id", "position", "kind", "text"]}');
select app_private.protect('app_public.exercise_instructions', engine => 'select, insert, update, delete');

grant select on app_public.exercise_instructions to app_member;

create policy exercise_instructions_select_reader on app_public.exercise_instructions for select to app_member
  using (exercise_id in (select exercises.id from app_public.exercises));
