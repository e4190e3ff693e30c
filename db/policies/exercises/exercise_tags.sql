-- Read by whoever reads the exercise, written by create_exercise() and edit_exercise(). EXL-02.

select app_private.classify('app_public.exercise_tags', home => 'platform', retention => 'reference', classes =>
  '{"public": ["exercise_id", "term_id"]}');
select app_private.protect('app_public.exercise_tags', engine => 'select, insert, delete');

grant select on app_public.exercise_tags to app_member;

create policy exercise_tags_select_reader on app_public.exercise_tags for select to app_member
  using (exercise_id in (select exercises.id from app_public.exercises));
