-- Read by whoever reads the exercise; written by set_exercise_contraindications() and review_contraindications(). EXL-02.

select app_private.classify('app_public.exercise_contraindications', home => 'platform', retention => 'reference', classes =>
  '{"public": ["id", "exercise_id", "severity", "text", "reviewed_at"], "operational": ["reviewed_by"]}');
select app_private.protect('app_public.exercise_contraindications', engine => 'select, insert, update, delete');

grant select (id, exercise_id, severity, text, reviewed_at) on app_public.exercise_contraindications to app_member;

create policy exercise_contraindications_select_reader on app_public.exercise_contraindications for select to app_member
  using (exercise_id in (select exercises.id from app_public.exercises));

create or replace trigger _150_fixed_id before insert on app_public.exercise_contraindications
  for each row execute function app_private.tg_fixed_id('exercise_id', 'severity', 'text');
